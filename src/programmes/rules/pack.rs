//! The nouns: packs, rules, parameters.

use crate::model::{CivilDate, Fen};

/// Unit of parameters that are money.
const FEN: &str = "人民币分";
/// Unit of parameters that are shares.
const BASIS_POINT: &str = "万分之一";

/// 约束力: how binding a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Modality {
    /// 必须: the text is categorical.
    Must,
    /// 应当: 引导, 支持, 原则上, 优先.
    Should,
    /// 可以: 鼓励, 允许.
    May,
}

impl Modality {
    /// All of them, the most binding first.
    pub const ALL: [Self; 3] = [Self::Must, Self::Should, Self::May];

    /// Name in files and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::May => "may",
        }
    }

    /// Name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Must => "必须",
            Self::Should => "应当",
            Self::May => "可以",
        }
    }

    /// What becomes of somebody who does otherwise, for people.
    pub fn effect(self) -> &'static str {
        match self {
            Self::Must => "不符合则拒绝",
            Self::Should => "不符合则提醒，并须写明理由",
            Self::May => "只作提示",
        }
    }
}

/// Where a pack's rules come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PackKind {
    /// The document that the programmes are described in.
    Seed,
    /// Other public sources.
    Outside,
}

impl PackKind {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Seed, Self::Outside];

    /// Name in files and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Seed => "seed",
            Self::Outside => "outside",
        }
    }

    /// Name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Seed => "原文",
            Self::Outside => "其他公开来源",
        }
    }
}

/// 规则包: the rules of one programme from one sort of source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Unique over all packs.
    pub id: String,
    /// For people.
    pub name: String,
    /// Of the pack as a whole.
    pub version: String,
    /// Where the rules come from.
    pub kind: PackKind,
    /// The sources, in a sentence.
    pub source: String,
    /// In the order of the file.
    pub rules: Vec<Rule>,
}

/// 规则.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Unique over all packs, such as `H1`.
    pub id: String,
    /// A few words for lists.
    pub title: String,
    /// What it says, in a sentence or two.
    pub text: String,
    /// Where it is from.
    pub source: String,
    /// From when on it holds, if that is said.
    pub from: Option<CivilDate>,
    /// Until when it holds (included), if that is said.
    pub until: Option<CivilDate>,
    /// Grows with every change of its wording.
    pub version: u32,
    /// How binding it is.
    pub modality: Modality,
    /// Whether it is a choice of ours and not in the source.
    pub ours: bool,
    /// Id of the rule whose place it takes.
    pub replaces: Option<String>,
    /// Id of the rule that it makes more precise.
    pub refines: Option<String>,
    /// In the order of the file.
    pub parameters: Vec<Parameter>,
}

/// 参数: a number of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Unique over all packs, such as `commissioners_max`.
    pub key: String,
    /// The value; money in fen, shares in basis points, switches 0 or 1.
    pub value: i64,
    /// Unit, in Chinese.
    pub unit: String,
    /// Smallest value that makes sense.
    pub min: i64,
    /// Largest value that makes sense.
    pub max: i64,
    /// What it is.
    pub text: String,
    /// Whether the value is a choice of ours and not in the source.
    pub ours: bool,
}

impl Parameter {
    /// The value with its unit, for people: money in yuan, shares in per cent.
    pub fn shown(&self) -> String {
        match (self.unit.as_str(), Fen::new(self.value)) {
            (FEN, Some(money)) => money.to_string(),
            (BASIS_POINT, Some(_)) => {
                let (whole, rest) = (self.value / 100, self.value % 100);
                let fraction = format!(".{rest:02}");
                format!("{whole}{}%", fraction.trim_end_matches('0').trim_end_matches('.'))
            }
            (unit, _) => format!("{} {unit}", self.value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_in_the_units_of_people() {
        let shown = |value: i64, unit: &str| {
            let (key, unit, text) = (String::new(), unit.to_owned(), String::new());
            Parameter { key, value, unit, min: 0, max: 0, text, ours: false }.shown()
        };
        assert_eq!(shown(50_000_000, "人民币分"), "50万元");
        assert_eq!(shown(9_000, "万分之一"), "90%");
        assert_eq!(shown(1_250, "万分之一"), "12.5%");
        assert_eq!(shown(1_205, "万分之一"), "12.05%");
        assert_eq!(shown(100, "人"), "100 人");
    }
}
