//! Two labs beside each other: by what one has more.

use super::explanation::Reason;
use super::team::OPEN_BELOW;

/// One has so much more of a point than the other that the other lacks it.
const LACK_MIN: f64 = 0.2;
/// Values that are closer are equal.
const SAME: f64 = 1e-9;

/// 对比: what a word of the need adds to the score of each of two labs.
#[derive(Debug, Clone, PartialEq)]
pub struct Contrast {
    /// The need's word, or what else the reason is called.
    pub name: String,
    /// What it adds to the score of either, all kinds and places together.
    pub values: [f64; 2],
}

impl Contrast {
    /// How much more the second has.
    pub fn gap(&self) -> f64 {
        self.values[1] - self.values[0]
    }
}

/// The reasons of two labs by name, largest difference first, ties by name. The values of each
/// lab sum to its score.
pub fn contrasts(first: &[Reason], second: &[Reason]) -> Vec<Contrast> {
    let mut found: Vec<Contrast> = Vec::new();
    for (place, reason) in first.iter().map(|r| (0, r)).chain(second.iter().map(|r| (1, r))) {
        let known = found.iter().position(|contrast| *contrast.name == *reason.name);
        let idx = known.unwrap_or_else(|| {
            found.push(Contrast { name: reason.name.to_string(), values: [0.0; 2] });
            found.len() - 1
        });
        found[idx].values[place] += reason.value;
    }
    found.sort_by(|a, b| {
        let by_size = b.gap().abs().total_cmp(&a.gap().abs());
        by_size.then_with(|| a.name.cmp(&b.name))
    });
    found
}

/// The points, by their places, that the second lab covers at least partly and the first lacks,
/// most missed first: by weight × difference, ties by place.
pub fn lacking(weights: &[f64], first: &[f64], second: &[f64]) -> Vec<usize> {
    let mut found: Vec<(f64, usize)> = weights
        .iter()
        .zip(first.iter().zip(second))
        .enumerate()
        .filter(|(_, (_, (first, second)))| {
            **second >= OPEN_BELOW && *second - *first >= LACK_MIN - SAME
        })
        .map(|(point, (weight, (first, second)))| (weight * (second - first), point))
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    found.into_iter().map(|(_, point)| point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::ReasonKind;

    fn reason(kind: ReasonKind, name: &str, field: &'static str, value: f64) -> Reason {
        Reason { kind, name: name.into(), name_idx: 0, field, value }
    }

    #[test]
    fn reasons_meet_by_name_and_sum_to_the_scores() {
        let first =
            [reason(ReasonKind::Text, "膜", "text", 1.0), reason(ReasonKind::Part, "胶", "", 3.0)];
        let second = [
            reason(ReasonKind::Text, "膜", "title", 2.0),
            reason(ReasonKind::Part, "膜", "text", 0.5),
        ];
        let found = contrasts(&first, &second);
        let told: Vec<_> = found.iter().map(|c| (c.name.as_str(), c.values, c.gap())).collect();
        assert_eq!(told, [("胶", [3.0, 0.0], -3.0), ("膜", [1.0, 2.5], 1.5)]);
    }

    #[test]
    fn what_is_missed_most_comes_first() {
        let weights = [0.2, 0.5, 0.1, 0.1, 0.1];
        let lacks = lacking(&weights, &[0.0, 0.5, 0.9, 0.8, 0.0], &[0.9, 0.9, 0.9, 0.9, 0.3]);
        assert_eq!(lacks, [1, 0]);
    }
}
