//! A phrase as what a sentence is searched for: its words, and their pieces where a word is not
//! there.
//!
//! A sentence is first read letter by letter ([`Lexicon::read`]), which finds all words that it
//! can have and some that it has not (校对 in 百校对接); only what is worth it is taken apart by the
//! analyser and [confirmed](Lexicon::confirmed).

use std::sync::Arc;

use fnv::FnvHashMap;

use super::query::{Query, QueryTerm};
use crate::index::{Bm25, SearchField, Statistics};
use crate::model::Span;
use crate::text::{Analysis, Analyzer, TokenKind, View};

/// All pieces of a word are worth so much of the word.
const PIECES: f64 = 0.6;

/// What a word inside a compound is worth beside the compound, and a word of one character, which
/// often is half of a word that is not known.
const CONSTITUENT: f64 = 0.5;
const SINGLE: f64 = 0.5;

/// What is looked for, of all probes together.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    /// Numbers of the words by their indexed forms.
    words: FnvHashMap<Arc<str>, usize>,
    /// Numbers of the pieces: characters and pairs of them.
    pieces: FnvHashMap<Arc<str>, usize>,
    /// Words and pieces by their first two characters.
    by_pair: FnvHashMap<[char; 2], Vec<Item>>,
    /// The same by their only character.
    by_character: FnvHashMap<char, Vec<Item>>,
    /// Words that are numbers with units, which are spelled in many ways.
    numbers: Vec<usize>,
}

#[derive(Debug)]
enum Item {
    Piece(usize),
    Word { word: usize, name: String },
}

/// Which words and pieces a sentence has, by their numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    words: Vec<bool>,
    pieces: Vec<bool>,
}

impl Lexicon {
    fn word(&mut self, analyzer: &Analyzer, term: &Arc<str>, kind: TokenKind) -> usize {
        if let Some(known) = self.words.get(term) {
            return *known;
        }
        let word = self.words.len();
        self.words.insert(term.clone(), word);
        if kind == TokenKind::Quantity {
            self.numbers.push(word);
            return word;
        }
        let names = analyzer.dictionary().names_of(term);
        let only = [term.to_string()];
        for name in if names.is_empty() { &only } else { names } {
            self.add(name, Item::Word { word, name: name.clone() });
        }
        word
    }

    fn piece(&mut self, term: &Arc<str>) -> usize {
        if let Some(known) = self.pieces.get(term) {
            return *known;
        }
        let piece = self.pieces.len();
        self.pieces.insert(term.clone(), piece);
        self.add(term, Item::Piece(piece));
        piece
    }

    fn add(&mut self, name: &str, item: Item) {
        let mut chars = name.chars();
        match (chars.next(), chars.next()) {
            (Some(first), Some(second)) => {
                self.by_pair.entry([first, second]).or_default().push(item);
            }
            (Some(only), None) => self.by_character.entry(only).or_default().push(item),
            (None, _) => {}
        }
    }

    /// What a normalised sentence may have: all pieces, and all words that are written in it.
    pub fn read(&self, text: &str) -> Seen {
        let mut seen =
            Seen { words: vec![false; self.words.len()], pieces: vec![false; self.pieces.len()] };
        let mut digit = false;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            digit |= c.is_ascii_digit();
            let next = chars.peek().map(|(_, next)| *next);
            let of_pair = next.and_then(|next| self.by_pair.get(&[c, next]));
            for item in of_pair.into_iter().chain(self.by_character.get(&c)).flatten() {
                match item {
                    Item::Piece(piece) => seen.pieces[*piece] = true,
                    Item::Word { word, name } => {
                        seen.words[*word] |= text[at..].starts_with(name.as_str());
                    }
                }
            }
        }
        for word in self.numbers.iter().filter(|_| digit) {
            seen.words[*word] = true;
        }
        seen
    }

    /// The same with only those words that the analyser finds.
    pub fn confirmed<'t>(&self, seen: &Seen, terms: impl Iterator<Item = &'t str>) -> Seen {
        let mut words = vec![false; self.words.len()];
        for term in terms {
            if let Some(word) = self.words.get(term) {
                words[*word] = true;
            }
        }
        Seen { words, pieces: seen.pieces.clone() }
    }
}

/// What one phrase is looked for by.
#[derive(Debug)]
pub(super) struct Probe {
    query: Query,
    wanted: Vec<Wanted>,
    /// What all words are worth; positive unless nothing is wanted.
    total: f64,
}

/// A word that is wanted.
#[derive(Debug)]
struct Wanted {
    /// Its number; `None` for pieces without a word.
    word: Option<usize>,
    weight: f64,
    /// Numbers of its pieces, with what they weigh against each other.
    pieces: Vec<(usize, f64)>,
    pieces_total: f64,
}

impl Wanted {
    fn new(word: Option<usize>, weight: f64, pieces: Vec<(usize, f64)>) -> Self {
        let pieces_total = pieces.iter().map(|(_, weight)| weight).sum();
        Self { word, weight, pieces, pieces_total }
    }

    /// From 0 to 1: how far a sentence has the word.
    fn credit(&self, seen: &Seen) -> f64 {
        if self.word.is_some_and(|word| seen.words[word]) {
            return 1.0;
        }
        if self.pieces_total <= 0.0 {
            return 0.0;
        }
        let found = self.pieces.iter().filter(|(piece, _)| seen.pieces[*piece]);
        PIECES * found.map(|(_, weight)| weight).sum::<f64>() / self.pieces_total
    }
}

impl Probe {
    /// The terms of a phrase, weighed by how rare they are. What is learned for ranking is no
    /// measure of what a phrase says.
    pub fn new(
        analyzer: &Analyzer,
        statistics: &Statistics,
        phrase: &str,
        lexicon: &mut Lexicon,
    ) -> Self {
        let query = Query::new(analyzer, phrase, "");
        let weight_of: Vec<f64> =
            query.terms().iter().map(|term| weight(statistics, term)).collect();
        let terms = || query.terms().iter().enumerate();
        let mut pieces = |kind: TokenKind, inside: &dyn Fn(Option<usize>, &str) -> bool| {
            let pieces = terms().filter(|(_, t)| t.kind == kind && inside(t.within, &t.term));
            pieces.map(|(idx, t)| (lexicon.piece(&t.term), weight_of[idx])).collect::<Vec<_>>()
        };
        let mut found = Vec::new();
        for (idx, term) in terms().filter(|(_, term)| term.kind.view() == View::Words) {
            let of_word = if term.is_single_character() {
                pieces(TokenKind::Character, &|_, piece| *piece == *term.term)
            } else {
                pieces(TokenKind::Pair, &|within, _| within == Some(idx))
            };
            found.push((Some(idx), of_word));
        }
        if found.is_empty() {
            let pairs = pieces(TokenKind::Pair, &|_, _| true);
            let all = match pairs.is_empty() {
                true => pieces(TokenKind::Character, &|_, _| true),
                false => pairs,
            };
            found.push((None, all));
        }
        let wanted: Vec<Wanted> = found
            .into_iter()
            .map(|(idx, pieces)| match idx {
                Some(idx) => {
                    let term = &query.terms()[idx];
                    let word = lexicon.word(analyzer, &term.term, term.kind);
                    Wanted::new(Some(word), weight_of[idx], pieces)
                }
                None => {
                    let weight = pieces.iter().map(|(_, weight)| weight).sum();
                    Wanted::new(None, weight, pieces)
                }
            })
            .collect();
        let total = wanted.iter().map(|wanted| wanted.weight).sum();
        Self { query, wanted, total }
    }

    /// From 0 to 1: how much of the phrase a sentence has, by weight; what only stands beside it
    /// counts less. 0 if the sentence itself has nothing.
    pub fn share(&self, seen: &Seen, beside: Option<(&Seen, f64)>) -> f64 {
        let (mut sum, mut has) = (0.0, false);
        for wanted in &self.wanted {
            let own = wanted.credit(seen);
            has |= own > 0.0;
            let other = beside.map_or(0.0, |(seen, factor)| factor * wanted.credit(seen));
            sum += wanted.weight * own.max(other);
        }
        if has && self.total > 0.0 { sum / self.total } else { 0.0 }
    }

    /// Where a sentence has the phrase, and the terms, ascending: words, or pieces where it has
    /// no word.
    pub fn marks(&self, analysis: &Analysis, seen: &Seen) -> (Vec<Span>, Vec<usize>) {
        let has_word = self.wanted.iter().any(|w| w.word.is_some_and(|word| seen.words[word]));
        let view = if has_word { View::Words } else { View::Parts };
        let (mut spans, mut terms) = (Vec::new(), Vec::new());
        let singles = self.query.terms().iter().all(|t| t.is_single_character());
        for token in analysis.view(view) {
            if token.kind == TokenKind::Character && !singles {
                continue;
            }
            let term = analysis.term(token);
            let known =
                self.query.terms().iter().position(|t| t.kind.view() == view && *t.term == *term);
            if let Some(idx) = known {
                spans.push(analysis.span(token));
                terms.push(idx);
            }
        }
        terms.sort_unstable();
        terms.dedup();
        (spans, terms)
    }
}

/// What a term is worth: more the rarer it is.
fn weight(statistics: &Statistics, term: &QueryTerm) -> f64 {
    let (df, _) = term.frequency(statistics);
    let idf = Bm25::idf(statistics.documents(SearchField::Words), df);
    let factor = match term.kind {
        TokenKind::Constituent => CONSTITUENT,
        TokenKind::Word if term.is_single_character() => SINGLE,
        _ => 1.0,
    };
    idf * factor
}
