//! A clause as words, and as the runs of words that a phrase may be read from.
//!
//! Function words, verbs of wishing and other talk stand between the runs. What a run says is
//! left to `phrases`.

use super::phrases::Reader;
use super::words::Role;
use crate::model::Span;
use crate::text::{Analysis, TokenKind, View, WordClass};

/// What an effect begins with that has no head: 耐高温蒸汽.
pub(super) const RESISTS: [char; 4] = ['耐', '抗', '防', '阻'];

/// A word of a clause.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    /// As written, normalised.
    pub text: &'a str,
    /// Where it stands, in characters of the clause.
    pub span: Span,
    /// It is a character of a function word.
    pub is_function: bool,
}

/// Words that stand together, with what stands right before and behind them.
#[derive(Debug, Default)]
pub(super) struct Chunk<'a> {
    pub words: Vec<Word<'a>>,
    pub before: Option<Word<'a>>,
    pub behind: Option<Word<'a>>,
}

impl Reader<'_> {
    /// Runs of words between those that no phrase goes over.
    pub(super) fn chunks<'t>(self, analysis: &'t Analysis) -> Vec<Chunk<'t>> {
        let mut chunks = Vec::new();
        let mut chunk = Chunk::default();
        let mut words = self.all_words(analysis).peekable();
        while let Some((word, stays)) = words.next() {
            if stays {
                chunk.words.push(word);
                let apart = words.peek().is_none_or(|(next, _)| next.span.start != word.span.end);
                if apart {
                    chunks.push(std::mem::take(&mut chunk));
                }
            } else {
                if !chunk.words.is_empty() {
                    chunk.behind = Some(word);
                    chunks.push(std::mem::take(&mut chunk));
                }
                let joined = words.peek().is_some_and(|(next, _)| next.span.start == word.span.end);
                chunk.before = joined.then_some(word);
            }
        }
        chunks
    }

    /// The words of a clause, function words included, and whether a phrase may have them.
    pub(super) fn all_words<'t>(
        self,
        analysis: &'t Analysis,
    ) -> impl Iterator<Item = (Word<'t>, bool)> {
        let mut words: Vec<(Word<'t>, bool)> = Vec::new();
        let mut end = 0;
        for token in analysis.view(View::Words) {
            let span = analysis.span(token);
            if token.kind == TokenKind::Constituent || span.start < end {
                continue;
            }
            let text = analysis.surface(token);
            let stays = token.kind != TokenKind::Quantity && self.stays(text);
            words.push((Word { text, span, is_function: false }, stays));
            end = span.end;
        }
        // Function words are no tokens; what is left of their characters stands between words.
        let mut between: Vec<(Word<'t>, bool)> = Vec::new();
        let known = |span: Span| {
            let at = words.partition_point(|(word, _)| word.span.end <= span.start);
            words.get(at).is_some_and(|(word, _)| word.span.start < span.end)
        };
        for token in analysis.view(View::Parts).filter(|t| t.kind == TokenKind::Character) {
            let span = analysis.span(token);
            if !known(span) {
                let text = analysis.surface(token);
                // A letter such as C in 维生素C is no function word.
                let stays = text.bytes().all(|b| b.is_ascii_alphabetic());
                between.push((Word { text, span, is_function: !stays }, stays));
            }
        }
        words.extend(between);
        words.sort_by_key(|(word, _)| word.span);
        self.join(&mut words);
        words.into_iter()
    }

    /// Lets words stay that are parts of names only where they stand.
    pub(super) fn join(self, words: &mut [(Word<'_>, bool)]) {
        for idx in 1..words.len() {
            let ((before, _), (here, stays)) = (words[idx - 1], words[idx]);
            let adjacent = before.span.end == here.span.start;
            // A verb before a general name is a part of it: 剔除 in 异物剔除装置.
            let is_verb = before.text.chars().nth(1).is_some()
                && !self.words.is(before.text, Role::Cut)
                && self.analyzer.word_class(before.text) == WordClass::Verb;
            if adjacent && stays && is_verb && self.words.is(here.text, Role::Name) {
                words[idx - 1].1 = true;
            }
            // Two characters before 型 or 式 are one word with it: 本安型, 即热式.
            if adjacent && idx > 1 && matches!(here.text, "型" | "式") {
                let first = words[idx - 2].0;
                let one = |word: &Word<'_>| word.text.chars().nth(1).is_none();
                if one(&first) && one(&before) && first.span.end == before.span.start {
                    words[idx - 2].1 = true;
                    words[idx - 1].1 = true;
                    words[idx].1 = true;
                }
            }
        }
    }

    /// Whether a word is found in any need and has no place in a name.
    pub(super) fn is_talk(self, word: &str) -> bool {
        let roles = [Role::Plain, Role::Lead, Role::LeadVerb, Role::Tail, Role::VerbPart];
        let has_role = roles.into_iter().any(|role| self.words.is(word, role));
        self.analyzer.is_boilerplate(word) && !has_role && self.words.head(word).is_none()
    }

    pub(super) fn stays(self, word: &str) -> bool {
        if self.words.is(word, Role::Cut) || self.is_talk(word) {
            return false;
        }
        let is_part = self.words.head(word).is_some()
            || self.analyzer.dictionary().contains(word)
            || self.words.is(word, Role::Plain);
        is_part
            || word.starts_with(RESISTS)
            || self.words.is(word, Role::VerbPart)
            || match self.analyzer.word_class(word) {
                WordClass::Function | WordClass::Place => false,
                // What is done to something: 建造 …, 喷施 …; a single character is a rest of a word.
                WordClass::Verb => word.chars().nth(1).is_none(),
                _ => true,
            }
    }
}

/// The words joined.
pub(super) fn text(words: &[Word<'_>]) -> String {
    words.iter().map(|word| word.text).collect()
}

pub(super) fn chars(words: &[Word<'_>]) -> usize {
    words.iter().map(|word| word.text.chars().count()).sum()
}

/// The last words of a run that have at most `limit` characters together.
pub(super) fn last_chars<'w, 't>(mut words: &'w [Word<'t>], limit: usize) -> &'w [Word<'t>] {
    while chars(words) > limit {
        words = &words[1..];
    }
    words
}
