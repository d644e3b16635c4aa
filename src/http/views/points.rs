//! The technical points of a need.

use serde::Serialize;
use utoipa::ToSchema;

use super::NeedName;
use crate::engine;
use crate::matching::{self, Section};
use crate::model::Span;
use crate::text::Statement;

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
    /// Whether it is a point beyond doubt, or the user's own; else it is to be confirmed.
    pub sure: bool,
    /// The number that is asked for; null where the name has none that is understood.
    pub requirement: Option<Requirement>,
}

/// 指标要求: a number with what is measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Requirement {
    /// What is measured, as the name says it; null if it does not.
    pub subject: Option<String>,
    /// The number with comparator and unit, as the name says it.
    pub quantity: String,
    /// `absolute`, `approximate`, `reached` (up or down to here), `relative` (to something
    /// else) or `unclear`.
    pub statement: &'static str,
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

/// A point as it is told.
pub(super) fn point(point: &matching::Point) -> Point {
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
        sure: point.sure,
        requirement: point.requirement.as_ref().map(|quantity| Requirement {
            subject: quantity.subject.map(|subject| subject.slice(&point.name)),
            quantity: quantity.span.slice(&point.name),
            statement: statement(quantity.statement),
        }),
    }
}

fn statement(statement: Statement) -> &'static str {
    match statement {
        Statement::Absolute => "absolute",
        Statement::Approximate => "approximate",
        Statement::Reached(_) => "reached",
        Statement::Relative => "relative",
        Statement::Unclear => "unclear",
    }
}

/// A span as a pair.
pub(super) fn pair(span: Span) -> [u32; 2] {
    [span.start, span.end]
}

fn question(question: &matching::Question) -> Question {
    Question {
        topic: question.topic.as_str(),
        label: question.topic.label(),
        text: question.text.clone(),
    }
}
