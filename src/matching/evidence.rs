//! The sentence that earned a match.

use fnv::FnvHashMap;

use super::query::{Query, QueryTerm, WeightedQuery};
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
    /// The terms of the query that it has, ascending.
    pub term_idxs: Vec<usize>,
}

/// What each term of a query is worth as a mark in a sentence.
#[derive(Debug, Clone)]
pub struct Marks<'q> {
    /// What each term is worth, and its place in the query.
    worth: FnvHashMap<(View, &'q str), (f64, usize)>,
    /// The same by the place in the query.
    by_term: FnvHashMap<usize, f64>,
    /// Whether a term of the query is a telling word.
    telling: Vec<bool>,
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
            let of = &query.terms()[*source];
            worth.insert((of.kind.view(), &*of.term), (term.weight, *source));
        }
        Self::of(query, worth, false)
    }

    /// The terms of a free search, words before parts, whatever the statistics.
    pub fn plain(query: &'q Query) -> Self {
        let worth = query.terms().iter().enumerate().map(|(idx, term)| {
            let worth = match term.kind {
                TokenKind::Constituent => 0.5,
                TokenKind::Pair => 0.1,
                TokenKind::Character => 0.01,
                TokenKind::Word | TokenKind::Quantity | TokenKind::Latin => 1.0,
            };
            ((term.kind.view(), &*term.term), (worth, idx))
        });
        let marks_characters = !query.terms().iter().any(QueryTerm::is_telling);
        Self::of(query, worth.collect(), marks_characters)
    }

    /// The sentence of a text that shares most with the need; among equals the first. `None`
    /// if none shares anything.
    pub fn best_sentence(
        &self,
        analyzer: &Analyzer,
        field: &'static str,
        text: &str,
    ) -> Option<Evidence> {
        self.best_sentences(analyzer, field, text, 1).pop()
    }

    /// Up to `limit` sentences of a text, best first: after the first, each shares a telling
    /// word that those before do not.
    ///
    /// Only the most promising sentences are analysed, by the pairs of characters that they
    /// share. Linear in the length of the text.
    pub fn best_sentences(
        &self,
        analyzer: &Analyzer,
        field: &'static str,
        text: &str,
        limit: usize,
    ) -> Vec<Evidence> {
        let mut open: Vec<Evidence> = self
            .most_promising(sentences(text))
            .into_iter()
            .map(|sentence| {
                let analysis = analyzer.analyze(&sentence.text);
                let (spans, term_idxs) = self.in_sentence(&analysis);
                let offset = sentence.span.start;
                Evidence { field, text: sentence.text, offset, spans, term_idxs }
            })
            .collect();
        let mut shown: Vec<Evidence> = Vec::new();
        while shown.len() < limit {
            let is_new = |idx: usize| shown.iter().all(|e| !e.term_idxs.contains(&idx));
            let worth = |evidence: &Evidence| -> f64 {
                let new = evidence.term_idxs.iter().copied().filter(|idx| is_new(*idx));
                let (mut sum, mut tells) = (0.0, shown.is_empty());
                for idx in new {
                    sum += self.by_term.get(&idx).copied().unwrap_or_default();
                    tells |= self.telling[idx];
                }
                if tells { sum } else { 0.0 }
            };
            let mut best: Option<(f64, usize)> = None;
            for (place, evidence) in open.iter().enumerate() {
                let worth = worth(evidence);
                if worth > 0.0 && best.is_none_or(|(most, _)| worth > most) {
                    best = Some((worth, place));
                }
            }
            let Some((_, place)) = best else { break };
            shown.push(open.remove(place));
        }
        shown
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
    fn of(
        query: &Query,
        worth: FnvHashMap<(View, &'q str), (f64, usize)>,
        marks_characters: bool,
    ) -> Self {
        let mut pairs: FnvHashMap<[char; 2], f64> = FnvHashMap::default();
        for ((_, term), (worth, _)) in &worth {
            for (a, b) in term.chars().zip(term.chars().skip(1)) {
                let most = pairs.entry([a, b]).or_default();
                *most = most.max(*worth);
            }
        }
        let by_term = worth.values().map(|(worth, idx)| (*idx, *worth)).collect();
        let telling = query.terms().iter().map(QueryTerm::is_telling).collect();
        Self { worth, by_term, telling, pairs, marks_characters }
    }

    /// What a sentence shares: where it stands, and the terms, ascending. Words are marked;
    /// pairs of characters only where no word is shared.
    fn in_sentence(&self, analysis: &Analysis) -> (Vec<Span>, Vec<usize>) {
        let mut term_idxs = Vec::new();
        let mut words = Vec::new();
        let mut pairs = Vec::new();
        let mut characters = Vec::new();
        for token in analysis.tokens() {
            let key = (token.kind.view(), analysis.term(token));
            let Some((_, idx)) = self.worth.get(&key) else { continue };
            term_idxs.push(*idx);
            match token.kind {
                TokenKind::Pair => pairs.push(analysis.span(token)),
                TokenKind::Character => characters.push(analysis.span(token)),
                TokenKind::Word if key.1.chars().nth(1).is_none() => {
                    characters.push(analysis.span(token));
                }
                _ => words.push(analysis.span(token)),
            }
        }
        term_idxs.sort_unstable();
        term_idxs.dedup();
        let marked = [words, pairs, if self.marks_characters { characters } else { vec![] }]
            .into_iter()
            .find(|spans| !spans.is_empty())
            .unwrap_or_default();
        (Span::join(marked), term_idxs)
    }
}
