//! What a run of words says: whether enough to stand alone, and how rare it is.

use super::PointKind;
use super::chunks::{Word, chars, text};
use super::phrases::Reader;
use super::words::Role;

/// A single word of fewer characters needs to be a term of the trade.
pub(super) const WORD_CHARS_MIN: usize = 3;

/// How much a phrase says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tale {
    /// How rare its rarest word is, 0 to 1.
    pub rarest: f64,
    /// The rarities of its words together.
    pub together: f64,
}

impl Reader<'_> {
    /// Without what says nothing at both ends.
    pub(super) fn trimmed<'w, 't>(self, words: &'w [Word<'t>]) -> &'w [Word<'t>] {
        let mut words = self.trimmed_front(words);
        while let [rest @ .., last] = words {
            if !self.words.is(last.text, Role::Tail) {
                break;
            }
            words = rest;
        }
        words
    }

    pub(super) fn trimmed_front<'w, 't>(self, mut words: &'w [Word<'t>]) -> &'w [Word<'t>] {
        while let [first, rest @ ..] = words {
            let says = rest.len() > 1 && self.tells(rest) || self.is_term(rest);
            let is_verb = self.words.is(first.text, Role::LeadVerb);
            if !(self.words.is(first.text, Role::Lead) || is_verb && says) {
                break;
            }
            words = rest;
        }
        words
    }

    /// Whether any word of a run tells something by itself.
    pub(super) fn tells(self, words: &[Word<'_>]) -> bool {
        let is_single = |word: &Word<'_>| word.text.chars().nth(1).is_none();
        let long = words.iter().filter(|word| !is_single(word));
        let long = long.filter(|word| self.is_telling(word.text)).count();
        // Single characters one behind the other are a word that no dictionary has: 固液.
        let single = words.windows(2).filter(|pair| pair.iter().all(is_single)).count();
        let whole = text(words);
        !self.is_general(&whole) && (long > 0 || single > 0 && chars(words) >= WORD_CHARS_MIN)
    }

    /// Whether a word says something: 开发技术 does not, being made of two that do not.
    pub(super) fn is_telling(self, word: &str) -> bool {
        let made_of_general = || {
            let (kind, length) = self.words.head(word)?;
            let rest = word.chars().count() - length;
            let at = word.char_indices().nth(rest).map_or(0, |(at, _)| at);
            let (front, head) = word.split_at(at);
            let names = kind == PointKind::Material || self.analyzer.dictionary().contains(word);
            Some(!names && !front.is_empty() && self.is_general(front) && self.is_general(head))
        };
        !self.is_general(word) && !made_of_general().unwrap_or(false)
    }

    pub(super) fn is_general(self, word: &str) -> bool {
        let roles = [Role::Plain, Role::Lead, Role::LeadVerb, Role::Tail, Role::Cut, Role::Never];
        roles.into_iter().any(|role| self.words.is(word, role))
            || self.analyzer.is_boilerplate(word)
    }

    /// Whether one word is a term that can stand alone.
    pub(super) fn is_term(self, words: &[Word<'_>]) -> bool {
        let [only] = words else { return false };
        let known = self.analyzer.dictionary().contains(only.text);
        let named = match self.words.head(only.text) {
            Some((PointKind::Method, _)) if chars(words) < WORD_CHARS_MIN => return false,
            // 成熟度 is of anything, 抗病性 is listed.
            Some((PointKind::Effect | PointKind::Application, length)) => length == chars(words),
            _ => true,
        };
        self.is_telling(only.text) && (known || named && chars(words) >= WORD_CHARS_MIN)
    }

    /// How much the words of a run say: each by how rare it is in ordinary text, 0 for 的, 1
    /// for what no dictionary has.
    pub(super) fn tale(self, words: &[Word<'_>]) -> Tale {
        const WORDS: f64 = 6e7;
        let telling = words.iter().filter(|word| self.is_telling(word.text));
        let rarities = telling.map(|word| {
            let frequency = self.analyzer.word_frequency(word.text).unwrap_or(0) as f64;
            1.0 - (1.0 + frequency).ln() / (1.0 + WORDS).ln()
        });
        let both = rarities.fold((0.0, 0.0), |(max, sum): (f64, f64), r| (max.max(r), sum + r));
        Tale { rarest: both.0, together: both.1 }
    }
}
