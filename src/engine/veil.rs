//! What is not told of a need whose text is not for the caller.
//!
//! Matching goes by the whole text; the caller sees the public summary. So reasons that are words
//! of the body go under one name, and sentences are chosen and marked by the title's words alone.

use std::sync::Arc;

use super::ranking::{Found, Question};
use super::{Engine, EngineError};
use crate::index::Snapshot;
use crate::matching::{Marks, Reason, ReasonKind, Reasons, Weights};
use crate::text::Analyzer;

/// Name of the reason that stands for all words of a text that is not shown.
pub(super) const VEILED_NAME: &str = "未公开的正文";

/// 遮蔽: the question as it may be explained, if that is not as it was asked.
pub(super) struct Veil(Question);

impl Veil {
    /// For a need of which nothing but the title may be shown.
    pub fn new(
        analyzer: &Analyzer,
        snapshot: &Snapshot,
        weights: &Weights,
        title: &str,
    ) -> Result<Self, EngineError> {
        let text = super::matching::NeedText { title: title.to_owned(), body: String::new() };
        Question::new(analyzer, snapshot, weights, &text).map(Self)
    }

    /// Marks and names that come from the title alone.
    pub fn shown(&self) -> (Marks<'_>, Reasons<'_>) {
        let Question { query, weighted, .. } = &self.0;
        (Marks::new(query, weighted), Reasons::new(query, weighted))
    }

    /// The place of a lab with reasons that are words of the title, or stand for all the others.
    /// They sum to the same.
    pub fn over(mut found: Found, shown: &Reasons<'_>) -> Found {
        let (mut told, mut veiled) = (Vec::new(), 0.0);
        for reason in found.reasons {
            match shown.number_of(reason.kind, &reason.name) {
                Some(name_idx) => told.push(Reason { name_idx, ..reason }),
                None => veiled += reason.value,
            }
        }
        if veiled > 0.0 {
            told.push(Reason {
                kind: ReasonKind::Part,
                name: Arc::from(VEILED_NAME),
                name_idx: usize::MAX,
                field: "text",
                value: veiled,
            });
        }
        found.reasons = told;
        found
    }
}

impl Engine {
    /// The veil of a question, if it needs one.
    pub(super) fn veil(
        &self,
        veiled: bool,
        snapshot: &Snapshot,
        title: &str,
    ) -> Result<Option<Veil>, EngineError> {
        let veil = || Veil::new(&self.analyzer, snapshot, &self.weights, title);
        veiled.then(veil).transpose()
    }
}
