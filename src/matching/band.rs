//! How sure a match is, in four words.

use super::query::{Query, WeightedQuery};
use super::ranker::Weights;
use crate::index::{Contribution, SearchField, WeightedTerm};

/// 匹配强度: how likely a person would call the match relevant. Provisional until it is
/// calibrated on judgements: by the score's share of what a document with all words of the need
/// would score. A lab never has a higher band than one before it.
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
const STRONG_MIN: f64 = 0.45;
const FAIR_MIN: f64 = 0.30;
const WEAK_MIN: f64 = 0.20;
/// A single shared word is a coincidence unless it is nearly all of the need.
const SINGLE_WORD_MIN: f64 = 0.60;

impl Band {
    /// The band of a lab. `words_of_need` is the number of telling words of the need: a need of
    /// one word is never matched better than 弱, of two never better than 较强, since so short
    /// a text says too little.
    pub fn of(shared: Shared, words_of_need: usize) -> Self {
        let by_share = match shared.share {
            share if shared.words <= 1 && share < SINGLE_WORD_MIN => Self::None,
            share if share >= STRONG_MIN => Self::Strong,
            share if share >= FAIR_MIN => Self::Fair,
            share if share >= WEAK_MIN => Self::Weak,
            _ => Self::None,
        };
        let best = match words_of_need {
            0 | 1 => Self::Weak,
            2 => Self::Fair,
            _ => Self::Strong,
        };
        by_share.max(best)
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
    /// The score's share of the need's potential; may exceed 1.
    pub share: f64,
}

/// What a need could score at most, about: each term once in one document of average length;
/// words that no document has count too, since a lab cannot have them.
#[derive(Debug, Clone)]
pub struct Potential {
    /// Whether each weighted term of the need counts as a word that is shared.
    counts: Vec<bool>,
    words: usize,
    total: f64,
}

impl Potential {
    /// Adds up the weights of the terms of a need. Parts that no document has are no loss.
    pub fn new(query: &Query, weighted: &WeightedQuery, weights: &Weights) -> Self {
        let counted = query.terms().iter().filter(|term| query.counts(term)).count();
        let counts: Vec<bool> =
            weighted.sources.iter().map(|idx| query.counts(&query.terms()[*idx])).collect();
        let terms = weighted.terms.iter().enumerate();
        let reachable = terms.filter(|(idx, _)| counts[*idx] || weighted.is_known(*idx));
        let worth = |term: &WeightedTerm| match term.field {
            Some(SearchField::Words) => term.weight,
            _ => term.weight * (1.0 + weights.scoring.part_in_title),
        };
        let total = reachable.map(|(_, term)| worth(term)).sum();
        Self { counts, words: counted, total }
    }

    /// Number of words of the need that count.
    pub fn words(&self) -> usize {
        self.words
    }

    /// What a lab shares whose best documents have these contributions and sum to `score`.
    pub fn shared(&self, documents: &[Vec<Contribution>], score: f64) -> Shared {
        let mut covered = vec![false; self.counts.len()];
        for contribution in documents.iter().flatten() {
            covered[contribution.term_idx as usize] = true;
        }
        let words =
            self.counts.iter().zip(covered).filter(|(counts, has)| **counts && *has).count();
        Shared { words, share: if self.total > 0.0 { score / self.total } else { 0.0 } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_needs_and_single_words_are_never_strong() {
        let shared = |words, share| Shared { words, share };
        assert_eq!(Band::of(shared(5, 0.9), 9), Band::Strong);
        assert_eq!(Band::of(shared(5, 0.35), 9), Band::Fair);
        assert_eq!(Band::of(shared(5, 0.1), 9), Band::None);
        assert_eq!(Band::of(shared(1, 0.5), 9), Band::None);
        assert_eq!(Band::of(shared(1, 2.0), 1), Band::Weak);
        assert_eq!(Band::of(shared(2, 2.0), 2), Band::Fair);
    }
}
