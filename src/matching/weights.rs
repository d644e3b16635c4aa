//! What counts how much: data, not code.

use super::band::{BAND_LIMITS, BandLimits};
use super::level::LevelModel;
use super::query::{QueryTerm, Section};
use crate::index::{Bm25, Place};
use crate::text::TokenKind;

/// 特征: a sort of contribution to a document's score; each has one factor.
///
/// By the section of the need that the term stands in, the sort of term, and, for parts, the
/// place in the achievement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Feature(usize);

/// Number of features.
pub const FEATURES: usize = 16;

/// Their names, by number.
const NAMES: [&str; FEATURES] = [
    "title.word",
    "title.single_word",
    "title.constituent",
    "title.quantity",
    "title.pair",
    "title.pair_in_title",
    "title.character",
    "title.character_in_title",
    "body.word",
    "body.single_word",
    "body.constituent",
    "body.quantity",
    "body.pair",
    "body.pair_in_title",
    "body.character",
    "body.character_in_title",
];

impl Feature {
    /// All features, in the order of their numbers.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..FEATURES).map(Self)
    }

    /// The feature of a term of a need that is found in that place.
    pub fn of(term: &QueryTerm, place: Place) -> Self {
        let in_title = usize::from(place == Place::Title);
        let kind = match term.kind {
            TokenKind::Word if term.is_single_character() => 1,
            TokenKind::Word | TokenKind::Latin => 0,
            TokenKind::Constituent => 2,
            TokenKind::Quantity => 3,
            TokenKind::Pair => 4 + in_title,
            TokenKind::Character => 6 + in_title,
        };
        match term.section {
            Section::Title => Self(kind),
            Section::Body => Self(kind + FEATURES / 2),
        }
    }

    /// The number, from 0.
    pub fn idx(self) -> usize {
        self.0
    }

    /// The stable name: section of the need, sort of term, and `_in_title` for what a part is
    /// worth in an achievement's title beside the same in its whole text.
    pub fn name(self) -> &'static str {
        NAMES[self.0]
    }
}

/// Body terms of a need from which on the body counts less.
const BODY_TERMS: f64 = 200.0;

/// 权重: what counts how much.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// The scoring function.
    pub bm25: Bm25,
    /// A factor for each feature, none negative, so that more evidence never lowers a score.
    pub factors: [f64; FEATURES],
    /// How many documents of a lab count.
    pub documents_of_lab: usize,
    /// How probable a level is at a score.
    pub levels: LevelModel,
    /// Which probabilities are called what.
    pub bands: BandLimits,
    /// What they were trained on, for people.
    pub trained_on: String,
}

impl Weights {
    /// Weights that nobody has learned: round numbers chosen by hand, which learning begins at.
    pub fn by_hand() -> Self {
        let kinds = [1.0, 0.5, 0.5, 0.3, 0.7, 0.35, 0.4, 0.2];
        let body = 0.4;
        Self {
            bm25: Bm25::default(),
            factors: std::array::from_fn(|idx| match idx.checked_sub(kinds.len()) {
                None => kinds[idx],
                Some(idx) => body * kinds[idx],
            }),
            documents_of_lab: 3,
            levels: LevelModel::by_hand(),
            bands: BAND_LIMITS,
            trained_on: "nothing: round numbers chosen by hand on the dev judgements".to_owned(),
        }
    }

    /// The factor of a term in a place, without the damping of its section.
    pub fn factor(&self, term: &QueryTerm, place: Place) -> f64 {
        self.factors[Feature::of(term, place).idx()]
    }

    /// What the terms of a section count in a need with that many terms in its body: a long
    /// body tells what is wanted in more words, not more of it. By the square root, beyond 200.
    pub fn damping(section: Section, body_terms: usize) -> f64 {
        match section {
            Section::Title => 1.0,
            Section::Body => (BODY_TERMS / (body_terms as f64).max(BODY_TERMS)).sqrt(),
        }
    }
}
