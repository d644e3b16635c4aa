//! How sure a match is, in four words.

use super::query::Query;
use super::ranker::{ScoredDocument, Weights};
use crate::index::{Bm25, SearchField, Statistics};

/// 匹配强度: how likely a person would call the match relevant. Provisional until it is
/// calibrated on judgements: by the weighted share of the need's words that the evidence has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// 强
    Strong,
    /// 较强
    Fair,
    /// 弱
    Weak,
    /// 无
    None,
}

/// Least share of each band, the highest first.
const STRONG_MIN: f64 = 0.20;
const FAIR_MIN: f64 = 0.12;
const WEAK_MIN: f64 = 0.06;
/// A single shared word is a coincidence unless it is most of the need.
const SINGLE_WORD_MIN: f64 = 0.40;

impl Band {
    /// The band of what is shared.
    pub fn of(shared: Shared) -> Self {
        match shared {
            Shared { words: 0 | 1, share } if share < SINGLE_WORD_MIN => Self::None,
            Shared { share, .. } if share >= STRONG_MIN => Self::Strong,
            Shared { share, .. } if share >= FAIR_MIN => Self::Fair,
            Shared { share, .. } if share >= WEAK_MIN => Self::Weak,
            _ => Self::None,
        }
    }

    /// The stable English name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Fair => "fair",
            Self::Weak => "weak",
            Self::None => "none",
        }
    }

    /// The Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Strong => "强",
            Self::Fair => "较强",
            Self::Weak => "弱",
            Self::None => "无",
        }
    }
}

/// What a need and the evidence of a lab share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shared {
    /// Number of the need's words that the evidence has.
    pub words: usize,
    /// Their weighted share of all words of the need, 0-1.
    pub share: f64,
}

/// What the words of a need are worth in all, and each of them; words that no document has
/// count too, since a lab cannot cover them.
#[derive(Debug, Clone)]
pub struct Coverage {
    worth: Vec<f64>,
    total: f64,
}

impl Coverage {
    /// Weighs the words of `query` by how rare they are.
    pub fn new(query: &Query, statistics: &Statistics, weights: &Weights) -> Self {
        let documents = statistics.documents(SearchField::Words);
        let worth: Vec<f64> = query
            .terms()
            .iter()
            .map(|term| {
                if !query.counts(term) {
                    return 0.0;
                }
                let df = statistics.document_frequency(SearchField::Words, &term.term);
                weights.of_term(term) * Bm25::idf(documents, df)
            })
            .collect();
        let total = worth.iter().sum();
        Self { worth, total }
    }

    /// What of the need's words stands in any of the documents.
    pub fn of(&self, documents: &[&ScoredDocument]) -> Shared {
        let mut covered = vec![false; self.worth.len()];
        for document in documents {
            for contribution in &document.contributions {
                covered[contribution.term_idx] = true;
            }
        }
        let of_words = self.worth.iter().zip(covered).filter(|(w, covered)| *covered && **w > 0.0);
        let (mut words, mut sum) = (0, 0.0);
        for (worth, _) in of_words {
            words += 1;
            sum += worth;
        }
        Shared { words, share: if self.total > 0.0 { sum / self.total } else { 0.0 } }
    }
}
