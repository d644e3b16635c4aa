//! The objective: what is looked at first, and what only breaks ties.

use serde::{Deserialize, Serialize};

use super::case::Class;

/// 目标层级: an earlier one outweighs all later ones. All are numbers to be made small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// O1: institutions of a class that nothing covers at the deadline.
    Uncovered(Class),
    /// O2: richness of the institutions posted to, negated.
    Richness,
    /// O3: fit of the postings, negated.
    Fit,
    /// O4: institutions posted to that had no tie, negated.
    NewTies,
    /// O5: kilometres and duties, weighed.
    Balance,
    /// O6: postings kept from the published plan, negated; a change of batch adds one.
    Change,
    /// Sooner is better: the sum of the batches' numbers, the first being 0.
    Lateness,
    /// What is equal in all else is decided by the pairs' own names, so that nothing else in the
    /// case, such as its order, can decide it. Batches have no part in it: which of the pairs is
    /// in which, where all is equal, follows from the pairs (`assignment`), and numbers for each
    /// commissioner and batch would couple them for nothing.
    Name,
}

impl Level {
    /// The order of the document, with the choices of ours behind it.
    pub const ORDER: [Self; 10] = [
        Self::Uncovered(Class::C985),
        Self::Uncovered(Class::KeyDoubleFirstClass),
        Self::Uncovered(Class::MajorInstitute),
        Self::Richness,
        Self::Fit,
        Self::NewTies,
        Self::Balance,
        Self::Change,
        Self::Lateness,
        Self::Name,
    ];

    /// The order of a repair: to keep what was published comes first.
    pub const REPAIR_ORDER: [Self; 10] = [
        Self::Change,
        Self::Uncovered(Class::C985),
        Self::Uncovered(Class::KeyDoubleFirstClass),
        Self::Uncovered(Class::MajorInstitute),
        Self::Richness,
        Self::Fit,
        Self::NewTies,
        Self::Balance,
        Self::Lateness,
        Self::Name,
    ];

    /// Name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uncovered(Class::C985) => "uncovered_985",
            Self::Uncovered(Class::KeyDoubleFirstClass) => "uncovered_key_double_first_class",
            Self::Uncovered(Class::MajorInstitute) => "uncovered_major_institute",
            Self::Richness => "richness",
            Self::Fit => "fit",
            Self::NewTies => "new_ties",
            Self::Balance => "balance",
            Self::Change => "change",
            Self::Lateness => "lateness",
            Self::Name => "name",
        }
    }

    /// Name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Uncovered(Class::C985) => "未覆盖985高校",
            Self::Uncovered(Class::KeyDoubleFirstClass) => "未覆盖重点双一流",
            Self::Uncovered(Class::MajorInstitute) => "未覆盖大院大所",
            Self::Richness => "成果丰富度",
            Self::Fit => "匹配度",
            Self::NewTies => "新建联系",
            Self::Balance => "路程与负担",
            Self::Change => "与已发布计划的差异",
            Self::Lateness => "批次早晚",
            Self::Name => "编号次序",
        }
    }

    /// Whether the number is a gain, counted below zero so that it is made small.
    pub fn is_gain(self) -> bool {
        matches!(self, Self::Richness | Self::Fit | Self::NewTies)
    }
}

/// 目标值: one number a level, in the order of importance that it was made with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Objective(pub Vec<(Level, i64)>);

impl Objective {
    /// That of a level; 0 if it is not among them.
    pub fn of(&self, level: Level) -> i64 {
        self.0.iter().find(|(own, _)| *own == level).map_or(0, |(_, value)| *value)
    }

    /// Level by level, this less the other, in this one's order.
    #[must_use]
    pub fn less(&self, other: &Self) -> Self {
        Self(self.0.iter().map(|(level, value)| (*level, value - other.of(*level))).collect())
    }
}
