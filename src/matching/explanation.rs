//! Why a lab stands where it stands: parts of its score in plain words.

use std::collections::HashMap;

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

/// What the terms of a query are called as reasons; made once for all labs.
pub struct Reasons<'q> {
    /// Of each term the place of its name.
    of_term: Vec<usize>,
    names: Vec<(ReasonKind, &'q str)>,
}

impl<'q> Reasons<'q> {
    /// Names the terms: words by themselves, pieces by the word that they are a part of.
    pub fn new(query: &'q Query) -> Self {
        let mut places: HashMap<(ReasonKind, &str), usize> = HashMap::new();
        let mut names = Vec::new();
        let of_term = query.terms().iter().map(|term| {
            let name = match term.within {
                _ if query.counts(term) => (ReasonKind::Text, term.name.as_str()),
                Some(word) => (ReasonKind::Part, query.terms()[word].name.as_str()),
                None => (ReasonKind::Part, REST_NAME),
            };
            *places.entry(name).or_insert_with(|| {
                names.push(name);
                names.len() - 1
            })
        });
        Self { of_term: of_term.collect(), names }
    }

    /// The reasons of a lab's place, largest first, ties by name; their values sum to its score.
    /// Linear in the number of terms and contributions.
    pub fn of(&self, documents: &[ScoredDocument], lab: &RankedLab) -> Vec<Reason> {
        let mut sums = vec![[0.0; PLACES.len()]; self.names.len()];
        let mut has = vec![[false; PLACES.len()]; self.of_term.len()];
        for document_idx in &lab.documents {
            for contribution in &documents[*document_idx].contributions {
                let place = contribution.place as usize;
                sums[self.of_term[contribution.term_idx]][place] += contribution.value;
                has[contribution.term_idx][place] = true;
            }
        }
        // Names and places are put in order as numbers, before anything is built from them.
        let mut order: Vec<(usize, usize)> = Vec::new();
        let mut place_of = vec![[usize::MAX; PLACES.len()]; self.names.len()];
        for (term_idx, has) in has.iter().enumerate() {
            let name = self.of_term[term_idx];
            for place in (0..PLACES.len()).filter(|place| has[*place]) {
                if place_of[name][place] == usize::MAX {
                    place_of[name][place] = order.len();
                    order.push((name, place));
                }
            }
        }
        order.sort_unstable_by(|a, b| {
            let by_value = sums[b.0][b.1].total_cmp(&sums[a.0][a.1]);
            let key = |(name, place): (usize, usize)| {
                let (kind, text) = self.names[name];
                (text, kind, PLACES[place])
            };
            by_value.then_with(|| key(*a).cmp(&key(*b)))
        });
        let mut reasons: Vec<Reason> = Vec::with_capacity(order.len());
        for (name, place) in order {
            place_of[name][place] = reasons.len();
            let (kind, text) = self.names[name];
            let (field, value) = (PLACES[place], sums[name][place]);
            let name = text.to_owned();
            reasons.push(Reason { kind, name, field, value, term_idxs: Vec::new() });
        }
        for (term_idx, has) in has.iter().enumerate() {
            for place in (0..PLACES.len()).filter(|place| has[*place]) {
                reasons[place_of[self.of_term[term_idx]][place]].term_idxs.push(term_idx);
            }
        }
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
