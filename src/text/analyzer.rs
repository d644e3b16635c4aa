//! The one analyser of index and query.

use std::collections::{HashMap, HashSet};

use super::dictionary::Dictionary;
use super::normalize::{Normalized, normalize};
use super::quantity::term as quantity;
use super::segment::{ChineseSegmenter, Inner, WordClass, is_chinese, is_ideograph};
use crate::model::Span;

/// Grows whenever the analyser gives other terms for the same text and dictionary.
const VERSION: &str = "3";
/// Longest Latin term, in characters; longer runs are noise and only their pieces are kept.
const LATIN_CHARS_MAX: usize = 40;
/// No canonical name.
const NO_GROUP: u32 = u32::MAX;

/// 视图: which of the two views of a text a term belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum View {
    /// Words: precise.
    Words,
    /// Parts of words: complete.
    Parts,
}

/// What sort of term a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    /// A word of the best path.
    Word,
    /// A word that a compound is built from.
    Constituent,
    /// A number with its unit.
    Quantity,
    /// A run of Latin letters, digits and connectors: PEEK, 4H-SiC.
    Latin,
    /// Two neighbouring characters.
    Pair,
    /// One character.
    Character,
}

impl TokenKind {
    /// The view that the token belongs to.
    pub fn view(self) -> View {
        match self {
            Self::Word | Self::Constituent | Self::Quantity | Self::Latin => View::Words,
            Self::Pair | Self::Character => View::Parts,
        }
    }
}

/// A term at its place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What sort of term.
    pub kind: TokenKind,
    /// Number of the smallest word it starts at; words only grow it, so that phrases are
    /// counted in words.
    pub position: u32,
    bytes: (u32, u32),
    chars: (u32, u32),
    name: u32,
}

/// A text taken apart.
#[derive(Debug, Clone)]
pub struct Analysis {
    normalized: Normalized,
    tokens: Vec<Token>,
    /// Terms that are not written in the text: canonical names and quantities.
    names: Vec<String>,
}

impl Analysis {
    /// All tokens, in the order of their starts within each run.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The tokens of one view.
    pub fn view(&self, view: View) -> impl Iterator<Item = &Token> {
        self.tokens.iter().filter(move |t| t.kind.view() == view)
    }

    /// The indexed form of a token.
    pub fn term(&self, token: &Token) -> &str {
        match token.name {
            NO_GROUP => &self.normalized.as_str()[token.bytes.0 as usize..token.bytes.1 as usize],
            name => &self.names[name as usize],
        }
    }

    /// A token as it is written in the text, normalised: not its canonical name.
    pub fn surface(&self, token: &Token) -> &str {
        &self.normalized.as_str()[token.bytes.0 as usize..token.bytes.1 as usize]
    }

    /// Where a token stands in the original text.
    pub fn span(&self, token: &Token) -> Span {
        self.normalized.original(token.chars.0, token.chars.1)
    }

    /// The runs of characters that pairs are made of, each cut off by the punctuation, the Latin
    /// word or the term before and behind it; the characters one by one, `None` behind each run.
    pub fn runs(&self) -> impl Iterator<Item = Option<char>> {
        let behind = self.tokens.iter().skip(1).map(Some).chain([None]);
        let characters =
            self.tokens.iter().zip(behind).filter(|(t, _)| t.kind == TokenKind::Character);
        characters.flat_map(|(token, next)| {
            // A pair stands right behind its first character.
            let goes_on = next.is_some_and(|next| next.kind == TokenKind::Pair);
            let c = self.term(token).chars().next();
            [c, None].into_iter().take(if goes_on { 1 } else { 2 })
        })
    }

    /// The normalised text.
    pub fn normalized(&self) -> &Normalized {
        &self.normalized
    }
}

/// 分析器: normalises a text and gives the terms of both views.
pub struct Analyzer {
    dictionary: Dictionary,
    segmenter: ChineseSegmenter,
    /// Terms of ideographs and other characters (ai芯片, t细胞) by their first two characters.
    mixed: HashMap<[char; 2], Vec<Vec<char>>>,
    fingerprint: String,
}

impl Analyzer {
    /// An analyser with this dictionary. Takes about 0.1 s.
    pub fn new(dictionary: Dictionary) -> Self {
        let segmenter = ChineseSegmenter::new(&dictionary);
        let mut mixed: HashMap<[char; 2], Vec<Vec<char>>> = HashMap::new();
        let names = dictionary.terms().iter().map(String::as_str);
        let names: HashSet<&str> = names.chain(dictionary.synonyms.names()).collect();
        for name in names {
            let chars: Vec<char> = name.chars().collect();
            if chars.iter().any(|c| is_ideograph(*c)) && !is_chinese(name) {
                mixed.entry([chars[0], chars[1]]).or_default().push(chars);
            }
        }
        for terms in mixed.values_mut() {
            terms.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        }
        let fingerprint = format!("{VERSION}-{}", dictionary.fingerprint());
        Self { dictionary, segmenter, mixed, fingerprint }
    }

    /// Names the analyser's version and dictionary: two analysers with the same fingerprint
    /// give the same terms for every text.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The dictionary it uses.
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// How often a word stands in ordinary text, on the dictionary's own scale (some 60 million
    /// words); `None` if it is no word of the dictionary.
    pub fn word_frequency(&self, word: &str) -> Option<usize> {
        self.segmenter.frequency(word)
    }

    /// What a normalised word mostly is.
    pub fn word_class(&self, word: &str) -> WordClass {
        self.segmenter.class(word)
    }

    /// Whether a term says nothing about what a need is about.
    pub fn is_boilerplate(&self, term: &str) -> bool {
        self.dictionary.stop_words.is_boilerplate(term)
    }

    /// Takes a text apart. Linear in its length.
    pub fn analyze(&self, text: &str) -> Analysis {
        let normalized = normalize(text);
        let mut chars = Vec::with_capacity(normalized.chars() as usize);
        let mut offsets = Vec::with_capacity(normalized.chars() as usize + 1);
        for (at, c) in normalized.as_str().char_indices() {
            chars.push(c);
            offsets.push(at as u32);
        }
        offsets.push(normalized.as_str().len() as u32);
        let mut scan = Scan {
            analyzer: self,
            text: normalized.as_str(),
            chars: &chars,
            offsets: &offsets,
            position: 0,
            tokens: Vec::with_capacity(chars.len() * 3),
            names: Vec::new(),
        };
        scan.run();
        let (tokens, names) = (scan.tokens, scan.names);
        Analysis { normalized, tokens, names }
    }
}

struct Scan<'a> {
    analyzer: &'a Analyzer,
    text: &'a str,
    chars: &'a [char],
    offsets: &'a [u32],
    position: u32,
    tokens: Vec<Token>,
    names: Vec<String>,
}

impl Scan<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while at < self.chars.len() {
            at = if let Some(end) = self.mixed_term_end(at) {
                self.mixed_term(TokenKind::Word, at, end);
                end
            } else if is_ideograph(self.chars[at]) {
                let end = self.chinese_run_end(at);
                self.chinese_run(at, end);
                end
            } else if let Some(quantity) = self.quantity(at) {
                let end = at + quantity.chars;
                let name = self.name(quantity.term);
                self.emit(TokenKind::Quantity, at, end, name);
                self.position += 1;
                end
            } else if is_latin(self.chars[at]) {
                let end = latin_end(self.chars, at);
                self.latin_run(at, end);
                end
            } else {
                // What separates runs separates phrases too.
                at + 1
            };
        }
    }

    fn slice(&self, start: usize, end: usize) -> &str {
        &self.text[self.offsets[start] as usize..self.offsets[end] as usize]
    }

    fn name(&mut self, term: String) -> u32 {
        self.names.push(term);
        self.names.len() as u32 - 1
    }

    fn emit(&mut self, kind: TokenKind, start: usize, end: usize, name: u32) {
        self.tokens.push(Token {
            kind,
            position: self.position,
            bytes: (self.offsets[start], self.offsets[end]),
            chars: (start as u32, end as u32),
            name,
        });
    }

    /// Emits a word under its canonical name, unless it is a function word.
    fn emit_word(&mut self, kind: TokenKind, start: usize, end: usize) {
        let dictionary = &self.analyzer.dictionary;
        let word = self.slice(start, end);
        if dictionary.stop_words.is_function_word(word) {
            return;
        }
        let group = dictionary.synonyms.group(word);
        let name = match group.map(|g| dictionary.synonyms.canonical(g)) {
            Some(canonical) if canonical != word => self.name(canonical.to_owned()),
            _ => NO_GROUP,
        };
        self.emit(kind, start, end, name);
    }

    fn mixed_term_end(&self, at: usize) -> Option<usize> {
        let key = [self.chars[at], *self.chars.get(at + 1)?];
        let terms = self.analyzer.mixed.get(&key)?;
        let starts_inside = at > 0 && is_latin(key[0]) && is_latin(self.chars[at - 1]);
        terms.iter().filter(|_| !starts_inside).map(|t| (at + t.len(), t)).find_map(|(end, t)| {
            let found = self.chars.get(at..end)? == t.as_slice();
            let runs_on =
                is_latin(self.chars[end - 1]) && self.chars.get(end).is_some_and(|c| is_latin(*c));
            (found && !runs_on).then_some(end)
        })
    }

    /// A term such as ai芯片: the whole, then its Latin and Chinese pieces, among which may
    /// be shorter terms of that sort.
    fn mixed_term(&mut self, kind: TokenKind, start: usize, end: usize) {
        self.emit_word(kind, start, end);
        let mut at = start;
        while at < end {
            let inner = self.mixed_term_end(at).filter(|inner| at > start && *inner <= end);
            at = if let Some(inner_end) = inner {
                self.mixed_term(TokenKind::Constituent, at, inner_end);
                inner_end
            } else if is_ideograph(self.chars[at]) {
                let piece_end = self.chinese_run_end(at).min(end);
                self.chinese_run(at, piece_end);
                piece_end
            } else {
                let piece_end = (at + 1..end).find(|i| is_ideograph(self.chars[*i])).unwrap_or(end);
                self.latin_run(at, piece_end);
                piece_end
            };
        }
    }

    fn chinese_run_end(&self, start: usize) -> usize {
        (start + 1..self.chars.len())
            .find(|i| !is_ideograph(self.chars[*i]) || self.mixed_term_end(*i).is_some())
            .unwrap_or(self.chars.len())
    }

    fn chinese_run(&mut self, start: usize, end: usize) {
        let mut words: Vec<(usize, usize)> = Vec::with_capacity(end - start);
        self.analyzer.segmenter.cut(self.slice(start, end), |_, at, len| {
            words.push((start + at as usize, start + (at + len) as usize));
        });
        for (word_start, word_end) in words {
            self.emit_word(TokenKind::Word, word_start, word_end);
            self.inside_of_word(word_start, word_end);
        }
        for at in start..end {
            self.emit(TokenKind::Character, at, at + 1, NO_GROUP);
            if at + 1 < end {
                self.emit(TokenKind::Pair, at, at + 2, NO_GROUP);
            }
        }
    }

    /// Emits what stands inside a word and moves the position behind it.
    fn inside_of_word(&mut self, start: usize, end: usize) {
        let length = (end - start) as u32;
        if length < 3 {
            self.position += 1;
            return;
        }
        let analyzer = self.analyzer;
        let inner = analyzer.segmenter.inner_words(self.slice(start, end), length);
        let pieces = analyzer
            .segmenter
            .constituents(self.slice(start, end), length, &inner, &analyzer.dictionary)
            .unwrap_or_default();
        let shown = self.constituents_shown(start, length, &pieces);
        if shown.is_empty() {
            self.position += 1;
            return;
        }
        for piece in pieces {
            let (from, to) = (start + piece.start as usize, start + piece.end as usize);
            if shown.contains(&piece) {
                self.emit_word(TokenKind::Constituent, from, to);
                self.inside_of_word(from, to);
            } else {
                self.position += 1;
            }
        }
    }

    /// Which constituents are words of their own: domain terms always; others only where a
    /// word of four and more characters falls into words with at most one character left over
    /// (人工|智能, 质子|交换|膜), since 半|导体 or 石墨|烯 are no words of that text.
    fn constituents_shown(&self, start: usize, length: u32, pieces: &[Inner]) -> Vec<Inner> {
        let left_over = pieces.iter().filter(|p| p.end - p.start == 1).count();
        let falls_apart = length >= 4 && left_over <= 1;
        pieces
            .iter()
            .copied()
            .filter(|p| p.end - p.start >= 2)
            .filter(|p| {
                let (from, to) = (start + p.start as usize, start + p.end as usize);
                falls_apart || self.analyzer.dictionary.contains(self.slice(from, to))
            })
            .collect()
    }

    fn quantity(&self, at: usize) -> Option<quantity::Quantity> {
        if !self.chars[at].is_ascii_digit() {
            return None;
        }
        quantity::scan(&self.chars[at..])
    }

    /// A run such as 4h-sic: the whole and the pieces between its connectors.
    fn latin_run(&mut self, start: usize, end: usize) {
        let pieces: Vec<(usize, usize)> = latin_pieces(self.chars, start, end);
        if end - start >= 2 && end - start <= LATIN_CHARS_MAX {
            self.emit_word(TokenKind::Latin, start, end);
        } else if end - start == 1 {
            self.emit(TokenKind::Character, start, end, NO_GROUP);
        }
        if pieces.len() < 2 {
            self.position += 1;
            return;
        }
        for (from, to) in pieces {
            if (2..=LATIN_CHARS_MAX).contains(&(to - from)) {
                self.emit_word(TokenKind::Constituent, from, to);
            }
            self.position += 1;
        }
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric() || (c.is_alphanumeric() && !is_ideograph(c))
}

fn is_connector(c: char) -> bool {
    matches!(c, '-' | '.' | '_' | '+' | '#' | '&' | '\'' | '·')
}

/// Where a run of letters, digits and connectors ends; a connector belongs to it only
/// between two of them (or as in c++, c#).
fn latin_end(chars: &[char], start: usize) -> usize {
    let mut at = start;
    while at < chars.len() {
        let inside = is_latin(chars[at])
            || (is_connector(chars[at])
                && (chars.get(at + 1).is_some_and(|c| is_latin(*c))
                    || matches!(chars[at], '+' | '#')));
        if !inside {
            break;
        }
        at += 1;
    }
    at
}

fn latin_pieces(chars: &[char], start: usize, end: usize) -> Vec<(usize, usize)> {
    let mut pieces = Vec::new();
    let mut from = start;
    let connectors = (start..end).filter(|at| is_connector(chars[*at]));
    for at in connectors.chain([end]) {
        if at > from {
            pieces.push((from, at));
        }
        from = at + 1;
    }
    pieces
}
