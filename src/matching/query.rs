//! A need as terms with weights.

use std::collections::HashMap;

use super::ranker::Weights;
use crate::index::{Bm25, SearchField, Statistics, WeightedTerm};
use crate::text::{Analyzer, TokenKind, View};

/// Most terms of a query; a longer need keeps those that are worth most.
const TERMS_MAX: usize = 600;
/// Terms in more than one document in this many are left out of the search for candidates …
const FREQUENT_DIVISOR: u64 = 10;
/// … unless they are in fewer than this: then they cost nothing.
const FREQUENT_MIN: u64 = 2_000;

/// Section of a need that a term stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// The title.
    Title,
    /// The body.
    Body,
}

/// A distinct term of a need.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryTerm {
    /// The indexed form.
    pub term: String,
    /// As the need writes it.
    pub name: String,
    /// What sort of term.
    pub kind: TokenKind,
    /// The better of the sections it stands in.
    pub section: Section,
}

impl QueryTerm {
    /// Whether it is a word of one character: often half of a word that is not known.
    pub fn is_single_character(&self) -> bool {
        self.term.chars().nth(1).is_none()
    }

    /// Whether it says something when it is shown alone: a word of at least two characters,
    /// or a number with a unit.
    pub fn is_telling(&self) -> bool {
        let bare_number = self.term.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        self.kind.view() == View::Words && !self.is_single_character() && !bare_number
    }
}

/// 查询: a need, ready to be matched.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    terms: Vec<QueryTerm>,
}

/// The terms of a query weighted by one snapshot's statistics.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedQuery {
    /// The terms by field, heaviest first.
    pub terms: Vec<WeightedTerm>,
    /// For each its place among the query's terms.
    pub sources: Vec<usize>,
    /// For each whether it is very frequent.
    frequent: Vec<bool>,
}

impl Query {
    /// Analyses a need. Linear in its length.
    pub fn new(analyzer: &Analyzer, title: &str, body: &str) -> Self {
        let mut terms: Vec<QueryTerm> = Vec::new();
        let mut known: HashMap<(View, String), usize> = HashMap::new();
        for (section, text) in [(Section::Title, title), (Section::Body, body)] {
            let analysis = analyzer.analyze(text);
            for token in analysis.tokens() {
                let term = analysis.term(token);
                if analyzer.is_boilerplate(term) {
                    continue;
                }
                let key = (token.kind.view(), term.to_owned());
                known.entry(key).or_insert_with(|| {
                    terms.push(QueryTerm {
                        term: term.to_owned(),
                        name: analysis.span(token).slice(text),
                        kind: token.kind,
                        section,
                    });
                    terms.len() - 1
                });
            }
        }
        Self { terms }
    }

    /// The distinct terms, in the order of their first occurrence.
    pub fn terms(&self) -> &[QueryTerm] {
        &self.terms
    }

    /// Whether a term counts as one that need and evidence share: a telling word, or any word
    /// if the need has no telling one (膜).
    pub fn counts(&self, term: &QueryTerm) -> bool {
        term.is_telling()
            || (term.kind.view() == View::Words && !self.terms.iter().any(QueryTerm::is_telling))
    }

    /// The terms with their weights in each field, heaviest first.
    pub fn weigh(&self, statistics: &Statistics, weights: &Weights) -> WeightedQuery {
        let mut weighted: Vec<(WeightedTerm, usize, bool)> = Vec::new();
        for (source, term) in self.terms.iter().enumerate() {
            let base = weights.of_term(term);
            for field in [
                SearchField::TitleWords,
                SearchField::TitleParts,
                SearchField::Words,
                SearchField::Parts,
            ] {
                let factor = weights.of_field(field, term.kind.view());
                if base * factor <= 0.0 {
                    continue;
                }
                let df = statistics.document_frequency(field, &term.term);
                if df == 0 {
                    continue;
                }
                let documents = statistics.documents(field);
                let weight = base * factor * Bm25::idf(documents, df);
                let frequent = df > FREQUENT_MIN && df > documents / FREQUENT_DIVISOR;
                let term = WeightedTerm { field, term: term.term.clone(), weight };
                weighted.push((term, source, frequent));
            }
        }
        weighted.sort_by(|a, b| b.0.weight.total_cmp(&a.0.weight).then(a.1.cmp(&b.1)));
        weighted.truncate(TERMS_MAX);
        let mut query = WeightedQuery { terms: vec![], sources: vec![], frequent: vec![] };
        for (term, source, frequent) in weighted {
            query.terms.push(term);
            query.sources.push(source);
            query.frequent.push(frequent);
        }
        query
    }
}

impl WeightedQuery {
    /// Whether candidates are looked for with a term, given by its place: very frequent ones
    /// cost most and decide least.
    pub fn is_selective(&self, idx: usize) -> bool {
        !self.frequent[idx]
    }
}
