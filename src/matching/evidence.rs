//! The sentence that earned a match.

use fnv::FnvHashMap;

use super::query::{Query, QueryTerm, WeightedQuery};
use crate::index::SearchField;
use crate::model::Span;
use crate::text::{Analysis, Analyzer, Sentence, TokenKind, View, normalize, sentences};

/// Sentences of a field that are analysed.
const SENTENCES_ANALYSED: usize = 3;

/// 依据: a sentence of a record with what it shares with the need.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Name of the field it stands in, as the record's import column is called.
    pub field: &'static str,
    /// The sentence.
    pub text: String,
    /// Where it starts in the field, in characters.
    pub offset: u32,
    /// What is shared, in characters of the sentence; sorted, apart from each other.
    pub spans: Vec<Span>,
}

/// What each term of a query is worth as a mark in a sentence.
#[derive(Debug, Clone)]
pub struct Marks<'q> {
    worth: FnvHashMap<(View, &'q str), f64>,
    /// The pairs of neighbouring characters of all terms, with the worth of the best.
    pairs: FnvHashMap<[char; 2], f64>,
    /// Whether single characters are shown where nothing better is shared.
    marks_characters: bool,
}

impl<'q> Marks<'q> {
    /// The terms of `query` with their weights in whole texts.
    pub fn new(query: &'q Query, weighted: &WeightedQuery) -> Self {
        let mut worth = FnvHashMap::default();
        for (term, source) in weighted.terms.iter().zip(&weighted.sources) {
            if matches!(term.field, SearchField::Words | SearchField::Parts) {
                let source = &query.terms()[*source];
                worth.insert((source.kind.view(), source.term.as_str()), term.weight);
            }
        }
        Self::of(worth, false)
    }

    /// The terms of a free search, words before parts, whatever the statistics.
    pub fn plain(query: &'q Query) -> Self {
        let worth = query.terms().iter().map(|term| {
            let worth = match term.kind {
                TokenKind::Constituent => 0.5,
                TokenKind::Pair | TokenKind::Inner => 0.1,
                TokenKind::Character => 0.01,
                TokenKind::Word | TokenKind::Quantity | TokenKind::Latin => 1.0,
            };
            ((term.kind.view(), term.term.as_str()), worth)
        });
        let marks_characters = !query.terms().iter().any(QueryTerm::is_telling);
        Self::of(worth.collect(), marks_characters)
    }

    /// The sentence of the fields (name and text) that shares most with the need; among
    /// equals the first. `None` if none shares anything.
    ///
    /// Only the most promising sentences of a field are analysed, by the pairs of characters
    /// that they share. Linear in the length of the texts.
    pub fn best_sentence(
        &self,
        analyzer: &Analyzer,
        fields: &[(&'static str, &str)],
    ) -> Option<Evidence> {
        let mut best: Option<(f64, Evidence)> = None;
        for (field, text) in fields {
            for sentence in self.most_promising(sentences(text)) {
                let analysis = analyzer.analyze(&sentence.text);
                let (worth, spans) = self.in_sentence(&analysis);
                if worth > 0.0 && best.as_ref().is_none_or(|(most, _)| worth > *most) {
                    let evidence =
                        Evidence { field, text: sentence.text, offset: sentence.span.start, spans };
                    best = Some((worth, evidence));
                }
            }
        }
        best.map(|(_, evidence)| evidence)
    }

    /// The sentences worth analysing, in their order; all, if none promises anything.
    fn most_promising(&self, sentences: Vec<Sentence>) -> Vec<Sentence> {
        if sentences.len() <= SENTENCES_ANALYSED {
            return sentences;
        }
        let mut order: Vec<(f64, usize)> =
            sentences.iter().enumerate().map(|(idx, s)| (self.promise(&s.text), idx)).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        if order.first().is_none_or(|(promise, _)| *promise <= 0.0) {
            return sentences;
        }
        order.truncate(SENTENCES_ANALYSED);
        let kept = |idx: usize| order.iter().any(|(_, kept)| *kept == idx);
        sentences.into_iter().enumerate().filter(|(idx, _)| kept(*idx)).map(|(_, s)| s).collect()
    }

    /// What the pairs of characters that a sentence shares are worth, each counted once.
    fn promise(&self, sentence: &str) -> f64 {
        let normalized = normalize(sentence);
        let mut shared: Vec<[char; 2]> = Vec::new();
        let mut chars = normalized.as_str().chars();
        let Some(mut last) = chars.next() else { return 0.0 };
        for c in chars {
            let pair = [last, c];
            if self.pairs.contains_key(&pair) && !shared.contains(&pair) {
                shared.push(pair);
            }
            last = c;
        }
        shared.iter().map(|pair| self.pairs[pair]).sum()
    }

    /// Marks for terms with their worth.
    fn of(worth: FnvHashMap<(View, &'q str), f64>, marks_characters: bool) -> Self {
        let mut pairs: FnvHashMap<[char; 2], f64> = FnvHashMap::default();
        for ((_, term), worth) in &worth {
            for (a, b) in term.chars().zip(term.chars().skip(1)) {
                let most = pairs.entry([a, b]).or_default();
                *most = most.max(*worth);
            }
        }
        Self { worth, pairs, marks_characters }
    }

    /// What a sentence shares: its worth, each term counted once, and where it stands. Words
    /// are marked; pairs of characters only where no word is shared.
    fn in_sentence(&self, analysis: &Analysis) -> (f64, Vec<Span>) {
        let mut seen = FnvHashMap::default();
        let mut words = Vec::new();
        let mut pairs = Vec::new();
        let mut characters = Vec::new();
        for token in analysis.tokens() {
            let key = (token.kind.view(), analysis.term(token));
            let Some(worth) = self.worth.get(&key) else { continue };
            seen.insert(key, *worth);
            match token.kind {
                TokenKind::Pair | TokenKind::Inner => pairs.push(analysis.span(token)),
                TokenKind::Character => characters.push(analysis.span(token)),
                TokenKind::Word if key.1.chars().nth(1).is_none() => {
                    characters.push(analysis.span(token));
                }
                _ => words.push(analysis.span(token)),
            }
        }
        // Summed in a fixed order, so that the same sentence is always worth the same.
        let mut worths: Vec<f64> = seen.into_values().collect();
        worths.sort_by(f64::total_cmp);
        let marked = [words, pairs, if self.marks_characters { characters } else { vec![] }]
            .into_iter()
            .find(|spans| !spans.is_empty())
            .unwrap_or_default();
        (worths.iter().sum(), Span::join(marked))
    }
}
