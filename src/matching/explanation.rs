//! Why a lab stands where it stands: parts of its score in plain words.

use std::sync::Arc;

use fnv::FnvHashMap;

use super::query::{Query, WeightedQuery};
use crate::index::{Contribution, Place, Score};

/// Name of the contribution of all pieces that belong to no telling word.
pub const REST_NAME: &str = "其他字词";

/// What sort of reason a contribution is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReasonKind {
    /// A word that need and evidence share.
    Text,
    /// Pieces of a word of the need that the evidence has.
    Part,
    /// What need and lab say of themselves beside their texts.
    Fit,
    /// Policy, never mixed into technical fit.
    Policy,
}

impl ReasonKind {
    /// The stable English name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Part => "part",
            Self::Fit => "fit",
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
    pub name: Arc<str>,
    /// The number of kind and name among all of the need.
    pub name_idx: usize,
    /// `title` or `text`: where the evidence has it; empty where that means nothing.
    pub field: &'static str,
    /// What it adds to the score.
    pub value: f64,
}

/// What the terms of a query are called as reasons; made once for all labs.
pub struct Reasons<'q> {
    sources: &'q [usize],
    /// Of each term of the query the number of its name.
    of_term: Vec<usize>,
    names: Vec<(ReasonKind, Arc<str>)>,
}

impl<'q> Reasons<'q> {
    /// Names the terms: words by themselves, pieces by the word that they are a part of.
    pub fn new(query: &Query, weighted: &'q WeightedQuery) -> Self {
        let rest: Arc<str> = REST_NAME.into();
        let mut numbers: FnvHashMap<(ReasonKind, &str), usize> = FnvHashMap::default();
        let mut names = Vec::new();
        let of_term = query.terms().iter().map(|term| {
            let (kind, name) = match term.within {
                _ if query.counts(term) => (ReasonKind::Text, &term.name),
                Some(word) => (ReasonKind::Part, &query.terms()[word].name),
                None => (ReasonKind::Part, &rest),
            };
            *numbers.entry((kind, name)).or_insert_with(|| {
                names.push((kind, name.clone()));
                names.len() - 1
            })
        });
        Self { of_term: of_term.collect(), sources: &weighted.sources, names }
    }

    /// The number of the name of a term of the query, given by its place.
    pub fn name_of(&self, source: usize) -> Option<usize> {
        self.of_term.get(source).copied()
    }

    /// The number of a name.
    pub fn number_of(&self, kind: ReasonKind, name: &str) -> Option<usize> {
        self.names.iter().position(|(known, own)| *known == kind && own.as_ref() == name)
    }

    /// The reasons of a lab's place, largest first, ties by name, out of the contributions to
    /// its documents; their values sum to its score. Linear in the number of contributions.
    pub fn of(&self, documents: &[Vec<Contribution>]) -> Vec<Reason> {
        let mut sums = vec![[Score::default(); PLACES.len()]; self.names.len()];
        for contribution in documents.iter().flatten() {
            let name_idx = self.of_term[self.sources[contribution.term_idx as usize]];
            sums[name_idx][contribution.place as usize] += contribution.score;
        }
        let mut reasons: Vec<Reason> = Vec::with_capacity(self.names.len());
        for (name_idx, sums) in sums.iter().enumerate() {
            let (kind, name) = &self.names[name_idx];
            for (field, sum) in PLACES.iter().zip(sums).filter(|(_, sum)| **sum > Score::default())
            {
                let (kind, name, value) = (*kind, name.clone(), sum.value());
                reasons.push(Reason { kind, name, name_idx, field, value });
            }
        }
        reasons.sort_unstable_by(|a, b| {
            let key = |r: &'_ Reason| (r.kind, r.field);
            b.value.total_cmp(&a.value).then_with(|| a.name.cmp(&b.name).then(key(a).cmp(&key(b))))
        });
        reasons
    }
}

/// Names of the places, by their numbers.
const PLACES: [&str; 2] = {
    let mut names = [""; 2];
    names[Place::Title as usize] = "title";
    names[Place::Text as usize] = "text";
    names
};
