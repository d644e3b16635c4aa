//! A need as technical points: what the coverage of labs is told by.
//!
//! `clauses` tells where something is asked for, `phrases` finds the technical phrases of a clause (`chunks` its runs of
//! words, `telling` what they say, `doubt` what tells against a phrase), `requirements` its numbers; `finding` chooses
//! among those of a whole need, without `repetition`. `given` takes the list that a user has edited; `words` holds the words
//! that all go by.

mod chunks;
mod clauses;
mod doubt;
mod finding;
mod given;
mod phrases;
mod repetition;
mod requirements;
mod telling;
mod words;

use super::query::Section;
use crate::model::Span;
use crate::text::Quantity;

pub use finding::points;
pub use given::{GivenPoint, GivenPointError, given_points};
pub use words::{PointWords, PointWordsError};

/// Most points of a need; of more the best are kept.
pub const POINTS_MAX: usize = 15;
/// Longest name of a point, in characters.
pub const POINT_NAME_CHARS_MAX: usize = 40;

/// 技术点类别: what a point is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PointKind {
    /// 材料: what is used or treated.
    Material,
    /// 方法: how it is done.
    Method,
    /// 效果: what is to become better, or by what it is measured.
    Effect,
    /// 产品: what is built.
    Product,
    /// 应用: where it is used.
    Application,
    /// 指标: a number that is asked for.
    Requirement,
}

impl PointKind {
    /// All kinds, in the order that people are shown.
    pub const ALL: [Self; 6] = [
        Self::Material,
        Self::Method,
        Self::Effect,
        Self::Product,
        Self::Application,
        Self::Requirement,
    ];

    /// The stable English name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Material => "material",
            Self::Method => "method",
            Self::Effect => "effect",
            Self::Product => "product",
            Self::Application => "application",
            Self::Requirement => "requirement",
        }
    }

    /// The Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Material => "材料",
            Self::Method => "方法",
            Self::Effect => "效果",
            Self::Product => "产品",
            Self::Application => "应用",
            Self::Requirement => "指标",
        }
    }

    /// Whether it names something that is made, treated or worked in.
    fn is_thing(self) -> bool {
        matches!(self, Self::Product | Self::Material | Self::Application)
    }

    /// The kind of a stable English name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Where a point stands in its need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// In which section.
    pub section: Section,
    /// Where in the section's text.
    pub span: Span,
}

/// 技术点: something that a lab can be held against.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// What it is about.
    pub kind: PointKind,
    /// The need's own words, or the user's.
    pub name: String,
    /// Where the need says so; `None` if a user has put it otherwise.
    pub place: Option<Place>,
    /// Its share of the need: positive, the weights of all points sum to 1.
    pub weight: f64,
    /// What a number must be to meet the point, with what is measured; its places are in
    /// characters of the name. `None` where the name has no number that is understood.
    pub requirement: Option<Quantity>,
    /// Whether it is a point beyond doubt, or a user's own; else it is 待确认, to be confirmed.
    pub sure: bool,
}

impl Point {
    /// What to look for in the texts of a lab.
    pub fn text(&self) -> &str {
        &self.name
    }
}

/// Divides weights by their sum.
fn normalise(points: &mut [Point]) {
    let sum: f64 = points.iter().map(|point| point.weight).sum();
    for point in points {
        point.weight /= sum;
    }
}
