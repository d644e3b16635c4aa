//! Scores as sums of named contributions.

use std::collections::BTreeMap;

use super::query::{QueryTerm, Section, WeightedQuery};
use crate::index::{Bm25, Candidate, Frequency, Place, Scope, SearchField, Statistics};
use crate::text::TokenKind;

/// 权重: what counts how much. Data, not code, once they are learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// The scoring function.
    pub bm25: Bm25,
    /// Factor of a term of the need's title.
    pub title: f64,
    /// Factor of a term that stands only in its body.
    pub body: f64,
    /// Factor of a word of one character.
    pub single_word: f64,
    /// Factor of a word inside a compound.
    pub constituent: f64,
    /// Factor of a number with its unit.
    pub quantity: f64,
    /// Factor of a pair of characters.
    pub pair: f64,
    /// Factor of a single character.
    pub character: f64,
    /// What a part is worth that stands in an achievement's title, beside the same in its
    /// whole text, which is worth 1.
    pub place_title: f64,
    /// How many documents of a lab count.
    pub documents_of_lab: usize,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            bm25: Bm25::default(),
            title: 1.0,
            body: 0.4,
            single_word: 0.5,
            constituent: 0.5,
            quantity: 0.3,
            pair: 0.7,
            character: 0.4,
            place_title: 0.5,
            documents_of_lab: 3,
        }
    }
}

impl Weights {
    /// Factor of a term of a need.
    pub fn of_term(&self, term: &QueryTerm) -> f64 {
        let section = match term.section {
            Section::Title => self.title,
            Section::Body => self.body,
        };
        let kind = match term.kind {
            TokenKind::Word if term.is_single_character() => self.single_word,
            TokenKind::Word | TokenKind::Latin => 1.0,
            TokenKind::Constituent => self.constituent,
            TokenKind::Quantity => self.quantity,
            TokenKind::Pair => self.pair,
            TokenKind::Character => self.character,
        };
        section * kind
    }
}

/// 得分项: a named part of a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// Place of the term among the query's.
    pub term_idx: usize,
    /// Where the evidence has it.
    pub place: Place,
    /// What it adds; positive.
    pub value: f64,
}

/// A document with its exact score.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredDocument {
    /// The document.
    pub candidate: Candidate,
    /// Sum of the contributions.
    pub score: f64,
    /// What the score is made of.
    pub contributions: Vec<Contribution>,
}

/// A lab with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedLab {
    /// The store's row of the lab.
    pub lab: i64,
    /// Sum of its documents' scores.
    pub score: f64,
    /// Places of its best documents in the list given, best first.
    pub documents: Vec<usize>,
}

/// Scores each candidate exactly: the sum over its terms of weight × saturation, in f64, in
/// the order of `frequencies`.
pub fn score_documents(
    query: &WeightedQuery,
    statistics: &Statistics,
    weights: &Weights,
    candidates: Vec<Candidate>,
    frequencies: &[Vec<Frequency>],
) -> Vec<ScoredDocument> {
    let average_words = statistics.average_length(SearchField::Words);
    let average_parts = statistics.average_parts();
    let average_title = statistics.average_title_parts();
    let worth = |frequency: &Frequency, is_word: bool| {
        let (factor, average) = match frequency.place {
            Place::Title => (weights.place_title, average_title),
            Place::Text if is_word => (1.0, average_words),
            Place::Text => (1.0, average_parts),
        };
        let damping = weights.bm25.damping(frequency.length, average);
        factor * weights.bm25.saturation(frequency.tf, damping)
    };
    candidates
        .into_iter()
        .zip(frequencies)
        .map(|(candidate, frequencies)| {
            // All parts in one place of a document are worth the same beside their weights.
            let mut of_place: [Option<f64>; 2] = [None; 2];
            let contribution = |frequency: &Frequency| {
                let term = &query.terms[frequency.term_idx as usize];
                let worth = if term.field == Some(SearchField::Words) {
                    worth(frequency, true)
                } else {
                    let of_place = &mut of_place[frequency.place as usize];
                    *of_place.get_or_insert_with(|| worth(frequency, false))
                };
                Contribution {
                    term_idx: query.sources[frequency.term_idx as usize],
                    place: frequency.place,
                    value: term.weight * worth,
                }
            };
            let contributions: Vec<Contribution> = frequencies.iter().map(contribution).collect();
            let score = contributions.iter().map(|c| c.value).sum();
            ScoredDocument { candidate, score, contributions }
        })
        .collect()
}

/// Ranks the labs that the documents belong to by the sum of their best documents, larger
/// first, ties by row. Only labs in `scope`.
pub fn rank_labs(
    documents: &[ScoredDocument],
    weights: &Weights,
    scope: Scope<'_>,
) -> Vec<RankedLab> {
    let mut by_lab: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (idx, document) in documents.iter().enumerate() {
        for lab in &document.candidate.labs {
            if document.score > 0.0 && scope.has_lab(*lab) {
                by_lab.entry(*lab).or_default().push(idx);
            }
        }
    }
    let mut ranked: Vec<RankedLab> = by_lab
        .into_iter()
        .map(|(lab, mut of_lab)| {
            of_lab.sort_unstable_by(|a, b| {
                let (a, b) = (&documents[*a], &documents[*b]);
                b.score.total_cmp(&a.score).then(a.candidate.row.cmp(&b.candidate.row))
            });
            of_lab.truncate(weights.documents_of_lab);
            let score = of_lab.iter().map(|idx| documents[*idx].score).sum();
            RankedLab { lab, score, documents: of_lab }
        })
        .collect();
    ranked.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.lab.cmp(&b.lab)));
    ranked
}
