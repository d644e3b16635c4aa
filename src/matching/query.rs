//! A need as terms with weights.

use std::sync::Arc;

use fnv::FnvHashMap;

use super::weights::Weights;
use crate::index::{Bm25, Place, SearchField, Statistics, WeightedTerm};
use crate::model::Span;
use crate::text::{Analyzer, TokenKind, View};

/// Most terms of a query; a longer need keeps those that are worth most.
const TERMS_MAX: usize = 600;
/// Terms in more than one document in this many are left out of the search for candidates …
const FREQUENT_DIVISOR: u64 = 10;
/// … unless they are in fewer than this: then they cost nothing.
const FREQUENT_MIN: u64 = 2_000;
/// A need of fewer words than this is looked for by its characters too: 膜 in 隔膜.
const FEW_WORDS: usize = 6;

/// Words that are looked at for one that covers a part: more never start so close together.
const COVERING_WORDS: usize = 8;

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
    pub term: Arc<str>,
    /// A word as the need writes it; a part as it is indexed.
    pub name: Arc<str>,
    /// What sort of term.
    pub kind: TokenKind,
    /// The better of the sections it stands in.
    pub section: Section,
    /// Of a part, the place of the telling word that it is a part of.
    pub within: Option<usize>,
}

impl QueryTerm {
    /// Whether it is a word of one character: often half of a word that is not known.
    pub fn is_single_character(&self) -> bool {
        self.term.chars().nth(1).is_none()
    }

    /// In how many documents it stands, as far as the statistics tell, and whether in more than
    /// one of those that were counted.
    pub(super) fn frequency(&self, statistics: &Statistics) -> (u64, bool) {
        let (df, least) = match self.kind {
            TokenKind::Pair => {
                (statistics.pair_frequency(&self.term), statistics.least_pair_frequency())
            }
            TokenKind::Character => {
                (statistics.document_frequency(SearchField::Characters, &self.term), 1)
            }
            _ => (statistics.document_frequency(SearchField::Words, &self.term), 1),
        };
        (df.unwrap_or(least), df.is_some())
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
    /// Whether any of them is a telling word.
    tells: bool,
}

/// The terms of a query weighted by one snapshot's statistics.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedQuery {
    /// The terms, heaviest first.
    pub terms: Arc<[WeightedTerm]>,
    /// For each its place among the query's terms.
    pub sources: Vec<usize>,
    /// Inverse document frequency of a term that one document has.
    pub rarest_idf: f64,
    uses: Vec<Use>,
}

/// What a term is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Use {
    /// Candidates are looked for with it.
    selective: bool,
    /// More than one document has it.
    known: bool,
}

impl Query {
    /// Analyses a need. Linear in its length, times the number of words of a run.
    pub fn new(analyzer: &Analyzer, title: &str, body: &str) -> Self {
        let mut query = Self { terms: Vec::new(), tells: false };
        let analyses = [title, body].map(|text| analyzer.analyze(text));
        let mut known: FnvHashMap<(View, &str), usize> = FnvHashMap::default();
        for ((section, text), analysis) in
            [(Section::Title, title), (Section::Body, body)].into_iter().zip(&analyses)
        {
            let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let byte = |at: u32| starts.get(at as usize).copied().unwrap_or(text.len());
            // Where the telling words stand, in their order, for the parts that they cover.
            let mut words: Vec<(Span, usize)> = Vec::new();
            for view in [View::Words, View::Parts] {
                for token in analysis.view(view) {
                    let term = analysis.term(token);
                    if analyzer.is_boilerplate(term) {
                        continue;
                    }
                    let span = analysis.span(token);
                    let idx = *known.entry((view, term)).or_insert_with(|| {
                        let indexed: Arc<str> = term.into();
                        let (name, within) = match view {
                            View::Words => (text[byte(span.start)..byte(span.end)].into(), None),
                            View::Parts => (indexed.clone(), covering(&words, span)),
                        };
                        let kind = token.kind;
                        query.terms.push(QueryTerm { term: indexed, name, kind, section, within });
                        query.terms.len() - 1
                    });
                    if view == View::Words && query.terms[idx].is_telling() {
                        words.push((span, idx));
                    }
                }
            }
        }
        query.tells = query.terms.iter().any(QueryTerm::is_telling);
        query
    }

    /// The distinct terms, those of the title first, words before parts.
    pub fn terms(&self) -> &[QueryTerm] {
        &self.terms
    }

    /// Whether a term counts as one that need and evidence share: a telling word, or any word
    /// if the need has no telling one (膜).
    pub fn counts(&self, term: &QueryTerm) -> bool {
        term.is_telling() || (term.kind.view() == View::Words && !self.tells)
    }

    /// The terms with their weights, heaviest first.
    pub fn weigh(&self, statistics: &Statistics, weights: &Weights) -> WeightedQuery {
        let words = self.terms.iter().filter(|term| term.kind.view() == View::Words).count();
        let documents = statistics.documents(SearchField::Words);
        let in_body = |term: &&QueryTerm| term.section == Section::Body;
        let body_terms = self.terms.iter().filter(in_body).count();
        let damping =
            [Section::Title, Section::Body].map(|section| Weights::damping(section, body_terms));
        let mut weighed: Vec<(f64, usize, Use)> = Vec::with_capacity(self.terms.len());
        for (source, term) in self.terms.iter().enumerate() {
            let (df, known) = term.frequency(statistics);
            let weight = damping[term.section as usize] * Bm25::idf(documents, df);
            let frequent = df > FREQUENT_MIN && df > documents / FREQUENT_DIVISOR;
            weighed.push((weight, source, Use { selective: !frequent, known }));
        }
        let worth = |(weight, source, _): &(f64, usize, Use)| {
            let term = &self.terms[*source];
            weight * weights.factor(term, Place::Text).max(weights.factor(term, Place::Title))
        };
        weighed.sort_unstable_by(|a, b| worth(b).total_cmp(&worth(a)).then(a.1.cmp(&b.1)));
        weighed.truncate(TERMS_MAX);
        let field = |kind| match kind {
            TokenKind::Pair => None,
            TokenKind::Character => Some(SearchField::Characters).filter(|_| words < FEW_WORDS),
            _ => Some(SearchField::Words),
        };
        let terms = weighed.iter().map(|(weight, source, _)| {
            let term = &self.terms[*source];
            let is_part = term.kind.view() == View::Parts;
            WeightedTerm {
                field: field(term.kind),
                term: term.term.clone(),
                weight: weight * weights.factor(term, Place::Text),
                title_weight: Some(Place::Title)
                    .filter(|_| is_part)
                    .map_or(0.0, |place| weight * weights.factor(term, place)),
            }
        });
        WeightedQuery {
            terms: terms.collect(),
            sources: weighed.iter().map(|(_, source, _)| *source).collect(),
            rarest_idf: Bm25::idf(documents, 1),
            uses: weighed.iter().map(|(_, _, used)| *used).collect(),
        }
    }
}

/// The first word, in the order of the text, that covers a span.
fn covering(words: &[(Span, usize)], span: Span) -> Option<usize> {
    // Words stand in the order of their starts: those that start behind the span cannot cover it.
    let end = words.partition_point(|(word, _)| word.start <= span.start);
    let covers = |(word, _): &&(Span, usize)| word.end >= span.end;
    words[..end].iter().rev().take(COVERING_WORDS).find(covers).map(|(_, idx)| *idx)
}

impl WeightedQuery {
    /// Whether candidates are looked for with a term, given by its place: words that are not
    /// very frequent, and in a short need characters too.
    pub fn is_selective(&self, idx: usize) -> bool {
        self.uses[idx].selective
    }

    /// Whether more than one document has the term, given by its place.
    pub fn is_known(&self, idx: usize) -> bool {
        self.uses[idx].known
    }
}
