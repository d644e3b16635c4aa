//! How sure a match is, in four words.

use super::level::Strength;
use super::query::{Query, Section, WeightedQuery};
use crate::index::{Contribution, Score};

/// 匹配强度: how probable it is that a person would call the best evidence of a lab relevant
/// (level ≥ 3 of 4). A lab never has a higher band than one before it.
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

/// Least probability of 强, 较强 and 弱, falling.
pub type BandLimits = [f64; 3];

/// The usual limits.
pub const BAND_LIMITS: BandLimits = [0.5, 0.3, 0.1];

/// The share of what the need could score that good labs have, about.
const GOOD_SHARE: f64 = 0.45;
/// A single shared word is a coincidence unless the score is nearly all of what the need could
/// have.
const SINGLE_WORD_SHARE_MIN: f64 = 0.60;

impl Band {
    /// The band of a match that is relevant with that probability. `words_of_need` is the
    /// number of telling words of the need: a need of one word is never matched better than 弱,
    /// of two never better than 较强, since so short a text says too little.
    pub fn of(limits: BandLimits, relevant: f64, shared: Shared, words_of_need: usize) -> Self {
        let [strong, fair, weak] = limits;
        let probable = match relevant {
            _ if shared.words <= 1 && shared.share < SINGLE_WORD_SHARE_MIN => Self::None,
            p if p >= strong => Self::Strong,
            p if p >= fair => Self::Fair,
            p if p >= weak => Self::Weak,
            _ => Self::None,
        };
        let best = match words_of_need {
            0 | 1 => Self::Weak,
            2 => Self::Fair,
            _ => Self::Strong,
        };
        probable.max(best)
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
    /// Whether it stands in the need's title.
    in_title: Vec<bool>,
    words: usize,
    rarest_idf: f64,
    total: f64,
    title_total: f64,
}

impl Potential {
    /// Adds up the weights of the terms of a need. Parts that no document has are no loss.
    pub fn new(query: &Query, weighted: &WeightedQuery) -> Self {
        let terms = query.terms();
        let mut potential = Self {
            counts: weighted.sources.iter().map(|idx| query.counts(&terms[*idx])).collect(),
            in_title: weighted
                .sources
                .iter()
                .map(|s| terms[*s].section == Section::Title)
                .collect(),
            words: terms.iter().filter(|term| query.counts(term)).count(),
            rarest_idf: weighted.rarest_idf,
            total: 0.0,
            title_total: 0.0,
        };
        for (idx, term) in weighted.terms.iter().enumerate() {
            if potential.counts[idx] || weighted.is_known(idx) {
                let worth = term.weight + term.title_weight;
                potential.total += worth;
                potential.title_total += if potential.in_title[idx] { worth } else { 0.0 };
            }
        }
        potential
    }

    /// What a document with these contributions has of it.
    pub fn strength(&self, contributions: &[Contribution]) -> Strength {
        let (mut score, mut title_score) = (Score::default(), Score::default());
        for contribution in contributions {
            score += contribution.score;
            if self.in_title[contribution.term_idx as usize] {
                title_score += contribution.score;
            }
        }
        let share = |score: f64, total: f64| if total > 0.0 { score / total } else { 0.0 };
        Strength {
            matched: share(score.value(), self.rarest_idf),
            share: share(score.value(), self.total),
            title_share: share(title_score.value(), self.title_total),
        }
    }

    /// Number of words of the need that count.
    pub fn words(&self) -> usize {
        self.words
    }

    /// A score that counts as good. What is not learned from judgements is measured in it.
    pub fn good_score(&self) -> f64 {
        GOOD_SHARE * self.total
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
        assert_eq!(Band::of(BAND_LIMITS, 0.9, shared(5, 0.9), 9), Band::Strong);
        assert_eq!(Band::of(BAND_LIMITS, 0.35, shared(5, 0.9), 9), Band::Fair);
        assert_eq!(Band::of(BAND_LIMITS, 0.09, shared(5, 0.9), 9), Band::None);
        assert_eq!(Band::of(BAND_LIMITS, 0.9, shared(1, 0.5), 9), Band::None);
        assert_eq!(Band::of(BAND_LIMITS, 0.9, shared(1, 2.0), 1), Band::Weak);
        assert_eq!(Band::of(BAND_LIMITS, 0.9, shared(2, 2.0), 2), Band::Fair);
    }
}
