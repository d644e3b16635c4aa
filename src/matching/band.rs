//! How sure a match is, in four words.

use super::query::Query;
use super::ranker::{ScoredDocument, Weights};
use crate::index::{Bm25, SearchField, Statistics};
use crate::text::View;

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

/// Least coverage of each band, the highest first.
const STRONG_MIN: f64 = 0.40;
const FAIR_MIN: f64 = 0.25;
const WEAK_MIN: f64 = 0.12;

impl Band {
    /// The band of a coverage.
    pub fn of_coverage(coverage: f64) -> Self {
        match coverage {
            c if c >= STRONG_MIN => Self::Strong,
            c if c >= FAIR_MIN => Self::Fair,
            c if c >= WEAK_MIN => Self::Weak,
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
                if term.kind.view() == View::Parts {
                    return 0.0;
                }
                let df = statistics.document_frequency(SearchField::Words, &term.term);
                weights.of_term(term) * Bm25::idf(documents, df)
            })
            .collect();
        let total = worth.iter().sum();
        Self { worth, total }
    }

    /// The weighted share of the need's words that stand in any of the documents, 0-1.
    pub fn of(&self, documents: &[&ScoredDocument]) -> f64 {
        let mut covered = vec![false; self.worth.len()];
        for document in documents {
            for contribution in &document.contributions {
                covered[contribution.term_idx] = true;
            }
        }
        let sum: f64 =
            self.worth.iter().zip(covered).filter(|(_, covered)| *covered).map(|(w, _)| w).sum();
        if self.total > 0.0 { sum / self.total } else { 0.0 }
    }
}
