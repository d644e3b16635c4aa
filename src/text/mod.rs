//! Chinese prose → terms. Knows no need, no lab and no index.
//!
//! A text is [normalised](normalize), then read in two fused views: **words** (the best
//! path of the dictionary, with the words that a compound is built from) for precision,
//! and **parts** (pairs of characters and single characters) for recall. Index and query go through the same [`Analyzer`].

mod analyzer;
mod dictionary;
mod normalize;
mod quantity;
mod segment;
mod sentence;
mod stop_words;
mod synonyms;

pub use analyzer::{Analysis, Analyzer, Token, TokenKind, View};
pub use dictionary::{Dictionary, DictionaryError, DictionaryFiles};
pub use normalize::{Normalized, normalize};
pub use quantity::{
    Dimension, Direction, Interval, Quantity, Statement, Verdict, compare, quantities,
};
pub use segment::{ChineseSegmenter, WordClass};
pub use sentence::{Sentence, sentences};
