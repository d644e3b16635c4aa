//! What is not told of a need whose text is not for the caller.
//!
//! Matching goes by the whole text; the caller sees the public summary. So reasons that are words
//! of the body go under one name, and sentences are chosen and marked by the title's words alone.

use std::sync::Arc;

use super::EngineError;
use super::matching::NeedText;
use super::ranking::Question;
use crate::index::Snapshot;
use crate::matching::{Marks, Reason, ReasonKind, Reasons, Weights};
use crate::text::Analyzer;

/// Name of the reason that stands for all words of a text that is not shown.
pub(super) const VEILED_NAME: &str = "未公开的正文";

/// 遮蔽: the question as it may be explained, where that is not as it was asked.
pub(super) struct Veil(Option<Question>);

impl Veil {
    /// If `veiled`, nothing of the need but its title may be shown.
    pub fn new(
        veiled: bool,
        analyzer: &Analyzer,
        snapshot: &Snapshot,
        weights: &Weights,
        title: &str,
    ) -> Result<Self, EngineError> {
        let text = || NeedText { title: title.to_owned(), body: String::new() };
        let question = || Question::new(analyzer, snapshot, weights, &text());
        Ok(Self(veiled.then(question).transpose()?))
    }

    /// What a question is explained by: all of it, or its title alone.
    pub fn over<'q>(&'q self, asked: &'q Question) -> Explained<'q> {
        let Question { query, weighted, .. } = self.0.as_ref().unwrap_or(asked);
        Explained {
            marks: Marks::new(query, weighted),
            reasons: Reasons::new(query, weighted),
            veiled: self.0.is_some(),
        }
    }
}

/// 解释: what chooses sentences, and what reasons are called by.
pub(super) struct Explained<'q> {
    /// Which sentences share most with the question.
    pub marks: Marks<'q>,
    /// Names of its words.
    pub reasons: Reasons<'q>,
    veiled: bool,
}

impl Explained<'_> {
    /// The reasons of a lab's place that may be told; one stands for all the others, so that they
    /// sum to the same.
    pub fn told(&self, reasons: Vec<Reason>) -> Vec<Reason> {
        if !self.veiled {
            return reasons;
        }
        let (mut told, mut hidden) = (Vec::new(), 0.0);
        for reason in reasons {
            match self.reasons.number_of(reason.kind, &reason.name) {
                Some(name_idx) => told.push(Reason { name_idx, ..reason }),
                None => hidden += reason.value,
            }
        }
        if hidden > 0.0 {
            told.push(Reason {
                kind: ReasonKind::Part,
                name: Arc::from(VEILED_NAME),
                name_idx: usize::MAX,
                field: "text",
                value: hidden,
            });
        }
        told
    }
}
