//! Terms on their way into tantivy, as one string.
//!
//! A document is analysed once for both views. Handing tantivy a list of owned tokens costs
//! more than the analysis; here the terms of a view become one string, which a trivial
//! tokenizer takes apart again without allocating: each term behind its position's distance
//! from the one before (a character of the private use area) and before a separator.

use fnv::FnvHashSet;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::text::{Analysis, View};

/// Name of the tokenizer in the schema.
pub(super) const TOKENIZER: &str = "encoded";
/// Ends a term; normalised texts have no control characters.
const SEPARATOR: char = '\u{1f}';
/// Stands for a distance of 0; larger ones follow it.
const DISTANCE_0: u32 = 0xe000;
/// Largest distance that is kept; larger ones are cut, which only brings far words nearer.
const DISTANCE_MAX: u32 = 0xff;
/// A gap between two texts, so that no phrase runs across.
const GAP: u32 = 10;
/// Longest term that tantivy takes, in bytes; longer ones are left out.
const TERM_BYTES_MAX: usize = 255;

/// The words of several texts, one text behind the other.
pub(super) fn encode_words(analyses: &[&Analysis]) -> String {
    let bytes = analyses.iter().map(|a| a.normalized().as_str().len() * 2).sum();
    let mut encoded = String::with_capacity(bytes);
    let mut base = 0;
    let mut last = 0;
    for analysis in analyses {
        let mut end = base;
        for token in analysis.view(View::Words) {
            let position = base + token.position;
            if write(&mut encoded, position - last, analysis.term(token)) {
                last = position;
                end = position;
            }
        }
        base = end + GAP;
    }
    encoded
}

/// The distinct characters of several texts. Where they stand is not kept.
pub(super) fn encode_characters(analyses: &[&Analysis]) -> String {
    let mut known: FnvHashSet<char> = FnvHashSet::default();
    let mut encoded = String::new();
    for c in analyses.iter().flat_map(|analysis| analysis.runs()).flatten() {
        if known.insert(c) {
            write(&mut encoded, 0, c.encode_utf8(&mut [0; 4]));
        }
    }
    encoded
}

/// Appends a term, unless the index cannot have it.
fn write(encoded: &mut String, distance: u32, term: &str) -> bool {
    if term.len() > TERM_BYTES_MAX || term.contains(SEPARATOR) {
        return false;
    }
    let distance = DISTANCE_0 + distance.min(DISTANCE_MAX);
    encoded.push(char::from_u32(distance).unwrap_or('\u{e000}'));
    encoded.push_str(term);
    encoded.push(SEPARATOR);
    true
}

/// Takes apart what [`encode`] put together.
#[derive(Debug, Clone, Default)]
pub(super) struct EncodedTokenizer {
    token: Token,
}

/// The tokens of one string.
pub(super) struct EncodedTokens<'a> {
    rest: &'a str,
    /// Position of the token at hand; -1 before the first.
    position: usize,
    token: &'a mut Token,
}

impl Tokenizer for EncodedTokenizer {
    type TokenStream<'a> = EncodedTokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> EncodedTokens<'a> {
        self.token.reset();
        EncodedTokens { rest: text, position: 0, token: &mut self.token }
    }
}

impl TokenStream for EncodedTokens<'_> {
    fn advance(&mut self) -> bool {
        let mut chars = self.rest.chars();
        let Some(distance) = chars.next() else { return false };
        let behind = chars.as_str();
        let Some((term, rest)) = behind.split_once(SEPARATOR) else { return false };
        self.position += (distance as u32).saturating_sub(DISTANCE_0) as usize;
        self.token.position = self.position;
        self.token.text.clear();
        self.token.text.push_str(term);
        self.rest = rest;
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Analyzer, Dictionary, DictionaryFiles};

    #[test]
    fn terms_and_positions_come_back() {
        let files = DictionaryFiles {
            terms: "term\tindustry\n膜电极\t储能与氢能\n",
            synonyms: "canonical\tvariants\n",
            stop_words: "",
            boilerplate: "",
        };
        let analyzer = Analyzer::new(Dictionary::parse(files).unwrap());
        let texts = ["膜电极的寿命，≥200℃", "4H-SiC 外延\u{e005}"].map(|t| analyzer.analyze(t));
        let encoded = encode_words(&[&texts[0], &texts[1]]);
        let mut tokenizer = EncodedTokenizer::default();
        let mut stream = tokenizer.token_stream(&encoded);
        let mut found = Vec::new();
        while stream.advance() {
            found.push((stream.token().text.clone(), stream.token().position));
        }
        let first = texts[0].view(View::Words).map(|t| (texts[0].term(t), t.position as usize));
        let base = found.iter().find(|(term, _)| term == "4h-sic").unwrap().1;
        let second =
            texts[1].view(View::Words).map(|t| (texts[1].term(t), base + t.position as usize));
        let wanted: Vec<(String, usize)> =
            first.chain(second).map(|(term, position)| (term.to_owned(), position)).collect();
        assert_eq!(found, wanted);
    }

    #[test]
    fn characters_are_told_once() {
        let files = DictionaryFiles { terms: "", synonyms: "", stop_words: "", boilerplate: "" };
        let analyzer = Analyzer::new(Dictionary::parse(files).unwrap());
        let texts = ["电池", "电池，电阻 x"].map(|t| analyzer.analyze(t));
        let encoded = encode_characters(&[&texts[0], &texts[1]]);
        let mut tokenizer = EncodedTokenizer::default();
        let mut stream = tokenizer.token_stream(&encoded);
        let mut found = Vec::new();
        while stream.advance() {
            found.push(stream.token().text.clone());
        }
        assert_eq!(found, ["电", "池", "阻", "x"]);
    }
}
