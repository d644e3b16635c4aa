//! The technical points of a need.

use serde::Serialize;
use utoipa::ToSchema;

use super::NeedName;
use crate::engine;
use crate::matching::{self, Section};
use crate::model::Span;

/// 技术点分解: the points of a need, and what it leaves open.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PointsAnswer {
    /// The need.
    pub need: NeedName,
    /// By section and span; a user's own in the user's order.
    pub points: Vec<Point>,
    /// Questions to the firm.
    pub questions: Vec<Question>,
}

/// 技术点: something that a lab can be held against.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Point {
    /// `material`, `method`, `effect`, `product`, `application` or `requirement`.
    pub kind: &'static str,
    /// The kind in Chinese.
    pub label: &'static str,
    /// In the need's words, or the user's.
    pub name: String,
    /// `title` or `body`; null if the need does not have these words.
    pub section: Option<&'static str>,
    /// Where in the section: a half-open range `[start, end)` of Unicode scalar values.
    pub span: Option<[u32; 2]>,
    /// Share of the need: positive, the weights of all points sum to 1.
    pub weight: f64,
}

/// 追问: something that the need leaves open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Question {
    /// `indicator`, `current_state`, `scene`, `material`, `quantity`, `constraint`, `budget` or
    /// `time`.
    pub topic: &'static str,
    /// The topic in Chinese.
    pub label: &'static str,
    /// A sentence that can be sent to the firm.
    pub text: String,
}

/// The answer as it is told.
pub fn points_answer(answer: &engine::PointsAnswer) -> PointsAnswer {
    PointsAnswer {
        need: super::matching::need_name(&answer.need),
        points: answer.points.iter().map(point).collect(),
        questions: answer.questions.iter().map(question).collect(),
    }
}

fn point(point: &matching::Point) -> Point {
    Point {
        kind: point.kind.as_str(),
        label: point.kind.label(),
        name: point.name.clone(),
        section: point.place.map(|place| match place.section {
            Section::Title => "title",
            Section::Body => "body",
        }),
        span: point.place.map(|place| pair(place.span)),
        weight: point.weight,
    }
}

fn pair(span: Span) -> [u32; 2] {
    [span.start, span.end]
}

fn question(question: &matching::Question) -> Question {
    Question {
        topic: question.topic.as_str(),
        label: question.topic.label(),
        text: question.text.clone(),
    }
}
