//! What a score is made of, as bars that add up.

use crate::http::views;

/// Parts that are shown one by one; the rest is one bar.
const PARTS_MAX: usize = 10;

/// 得分构成: bars whose values sum to the score.
pub struct Parts {
    /// Largest first, the rest last.
    pub bars: Vec<Bar>,
    pub score: f64,
    /// What was asked for beside technical fit, with its value.
    pub policy: Vec<Bar>,
}

/// Kind, name, value, note.
type Part = (&'static str, String, f64, &'static str);

/// A part.
pub struct Bar {
    pub name: String,
    pub kind: &'static str,
    pub value: f64,
    /// Of the longest bar, in percent.
    pub width: f64,
    /// What is said of it beside its value.
    pub note: &'static str,
    /// It stands for all that are not shown.
    pub is_rest: bool,
}

impl Parts {
    /// Those of a lab in a match.
    pub fn of(found: &views::LabMatch) -> Self {
        let parts = found.contributions.iter().map(|part| {
            let name = part.label.map_or_else(|| part.name.clone(), str::to_owned);
            let note = if part.known == Some(false) { "没有资料，不计分" } else { "" };
            (part.kind, name, part.value, note)
        });
        Self::sum(parts.collect(), found.score)
    }

    /// Those of a lab that is held against points.
    pub fn of_covering(found: &views::LabCoverage) -> Self {
        let parts = found.contributions.iter();
        let parts = parts.map(|part| (part.kind, part.name.clone(), part.value, ""));
        Self::sum(parts.collect(), found.score)
    }

    fn sum(parts: Vec<Part>, score: f64) -> Self {
        let (policy, own): (Vec<_>, Vec<_>) = parts.into_iter().partition(|p| p.0 == "policy");
        let own = by_name(own);
        let longest = own.iter().map(|part| part.2).fold(0.0, f64::max);
        let rest: f64 = own.iter().skip(PARTS_MAX).map(|part| part.2).sum();
        let longest = longest.max(rest);
        let width = |value: f64| if longest > 0.0 { 100.0 * value / longest } else { 0.0 };
        let bar = |(kind, name, value, note): Part| Bar {
            name,
            kind: kind_label(kind),
            value,
            width: width(value),
            note,
            is_rest: false,
        };
        let count = own.len();
        let mut bars: Vec<Bar> = own.into_iter().take(PARTS_MAX).map(bar).collect();
        if count > PARTS_MAX {
            bars.push(Bar {
                name: format!("其余 {} 项", count - PARTS_MAX),
                kind: "合计",
                value: rest,
                width: width(rest),
                note: "",
                is_rest: true,
            });
        }
        Self { bars, score, policy: policy.into_iter().map(bar).collect() }
    }
}

/// What the same word adds in titles and in texts, as one part; largest first.
fn by_name(parts: Vec<Part>) -> Vec<Part> {
    let mut sums: Vec<Part> = Vec::with_capacity(parts.len());
    for part in parts {
        match sums.iter_mut().find(|known| (known.0, &known.1) == (part.0, &part.1)) {
            Some(known) => known.2 += part.2,
            None => sums.push(part),
        }
    }
    sums.sort_by(|a, b| b.2.total_cmp(&a.2));
    sums
}

fn kind_label(kind: &str) -> &'static str {
    match kind {
        "text" => "相同的词",
        "part" => "相近的词",
        "fit" => "条件",
        _ => "政策",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bars_sum_to_the_score_and_policy_stands_apart() {
        let part = |kind, value: f64| (kind, format!("{value}"), value, "");
        let own = (1..=14).rev().map(|value| part("text", f64::from(value)));
        let parts = Parts::sum(own.chain([part("policy", 0.0)]).collect(), 105.0);
        assert_eq!(parts.bars.len(), PARTS_MAX + 1);
        assert_eq!(parts.bars.iter().map(|bar| bar.value).sum::<f64>(), parts.score);
        assert_eq!(parts.policy.len(), 1);
        assert!(parts.bars.iter().all(|bar| (0.0..=100.0).contains(&bar.width)));
    }
}
