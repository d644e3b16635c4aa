//! Why a lab stands where it stands: parts of its score in plain words.

use std::collections::BTreeMap;

use super::query::Query;
use super::ranker::{RankedLab, ScoredDocument};
use crate::index::Place;

/// Name of the contribution of all pieces that belong to no telling word.
pub const REST_NAME: &str = "其他字词";

/// What sort of reason a contribution is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReasonKind {
    /// A word that need and evidence share.
    Text,
    /// Pieces of a word of the need that the evidence has.
    Part,
    /// Policy, never mixed into technical fit.
    Policy,
}

impl ReasonKind {
    /// The stable English name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Part => "part",
            Self::Policy => "policy",
        }
    }
}

/// 得分理由: a named part of a lab's score.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// What sort of reason.
    pub kind: ReasonKind,
    /// The need's word, or what else it is called.
    pub name: String,
    /// `title` or `text`: where the evidence has it; empty where that means nothing.
    pub field: &'static str,
    /// What it adds to the score.
    pub value: f64,
    /// The terms of the query that it is made of, ascending.
    pub term_idxs: Vec<usize>,
}

/// The reasons of a lab's place, largest first, ties by name; their values sum to its score.
pub fn reasons(query: &Query, documents: &[ScoredDocument], lab: &RankedLab) -> Vec<Reason> {
    let counts: Vec<bool> = query.terms().iter().map(|term| query.counts(term)).collect();
    let mut by_name: BTreeMap<(ReasonKind, &'static str, &str), Reason> = BTreeMap::new();
    for document_idx in &lab.documents {
        for contribution in &documents[*document_idx].contributions {
            let idx = contribution.term_idx;
            let term = &query.terms()[idx];
            let (kind, name) = match term.within {
                _ if counts[idx] => (ReasonKind::Text, term.name.as_str()),
                Some(word) => (ReasonKind::Part, query.terms()[word].name.as_str()),
                None => (ReasonKind::Part, REST_NAME),
            };
            let field = match contribution.place {
                Place::Title => "title",
                Place::Text => "text",
            };
            let reason = by_name.entry((kind, field, name)).or_insert_with(|| Reason {
                kind,
                name: name.to_owned(),
                field,
                value: 0.0,
                term_idxs: Vec::new(),
            });
            reason.value += contribution.value;
            if let Err(place) = reason.term_idxs.binary_search(&idx) {
                reason.term_idxs.insert(place, idx);
            }
        }
    }
    let mut reasons: Vec<Reason> = by_name.into_values().collect();
    reasons.sort_by(|a, b| b.value.total_cmp(&a.value).then_with(|| a.name.cmp(&b.name)));
    reasons
}
