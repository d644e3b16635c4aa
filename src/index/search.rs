//! Free search: a few words or a quoted phrase.
//!
//! Every word of the query must stand in a hit, as a word or at least by its parts. Hits
//! that have all words as words come first. User text never meets tantivy's query parser.

use std::collections::HashSet;
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, EmptyQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, SegmentOrdinal, SegmentReader, Term};

use super::bm25::Bm25;
use super::candidates::{LabSet, WeightedTerm};
use super::entry::EntryKind;
use super::live::{IndexError, Snapshot};
use super::pairs_query::PairsQuery;
use super::schema::SearchField;
use super::score::Score;
use super::worth::Worths;
use crate::text::{Analysis, Analyzer, Token, TokenKind, View};

/// Largest distance of a phrase (`"…"~n`).
const SLOP_MAX: u32 = 20;

/// A search as it is asked.
#[derive(Debug, Clone)]
pub struct TextQuery<'a> {
    /// Words and quoted phrases as the user typed them.
    pub text: &'a str,
    /// Kinds of entry wanted; all if empty.
    pub kinds: &'a [EntryKind],
    /// The labs whose documents are wanted; all, and needs, if `None`.
    pub labs: Option<&'a LabSet>,
    /// Rows that are no hits whatever the index says.
    pub without: &'a HashSet<i64>,
    /// Hits to return.
    pub limit: usize,
}

/// A document that has the query's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// The store's row.
    pub row: i64,
    /// What it is.
    pub kind: EntryKind,
    /// Whether everybody may see it.
    pub public: bool,
    /// Any of the words is enough, as nothing has all.
    pub any_word: bool,
}

/// How a hit has the query's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HitMatch {
    /// All as words.
    Word,
    /// Some only by their parts.
    Part,
}

/// A hit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// The store's row.
    pub row: i64,
    /// The revision that is indexed.
    pub revision: u64,
    /// What it is.
    pub kind: EntryKind,
    /// How it has the words.
    pub matched: HitMatch,
    /// Comparable among hits with the same `matched`.
    pub score: Score,
}

impl Hit {
    /// The order of hits: word hits first, then by score, ties by row.
    pub fn best_first(a: &Self, b: &Self) -> std::cmp::Ordering {
        a.matched.cmp(&b.matched).then(b.score.cmp(&a.score)).then(a.row.cmp(&b.row))
    }
}

/// Hits and their number.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchResult {
    /// The best, word hits first, then by score, ties by row.
    pub hits: Vec<Hit>,
    /// How many there are in all.
    pub total: usize,
    /// No hit had all words, so hits with any of them are given.
    pub relaxed: bool,
}

impl Snapshot {
    /// Finds what has the words of `query`. `sees` is asked whether a document may be a hit;
    /// `each` is called for every hit with its kind and the rows of its labs, for facets.
    ///
    /// Linear in the number of postings of the query's terms.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn search(
        &self,
        analyzer: &Analyzer,
        query: &TextQuery<'_>,
        sees: impl Fn(&Promise) -> bool,
        mut each: impl FnMut(EntryKind, &[i64]),
    ) -> Result<SearchResult, IndexError> {
        let clauses = Clauses::parse(self, analyzer, query.text);
        let mut found = self.find(query, &clauses, Occur::Must, &sees)?;
        let relaxed = found.is_empty() && clauses.any.len() > 1;
        if relaxed {
            found = self.find(query, &clauses, Occur::Should, &sees)?;
        }
        for (_, doc) in &found {
            each(doc.kind, &doc.labs);
        }
        let mut hits: Vec<Hit> = found.into_iter().map(|(hit, _)| hit).collect();
        hits.sort_by(Hit::best_first);
        let total = hits.len();
        hits.truncate(query.limit);
        Ok(SearchResult { hits, total, relaxed })
    }

    fn find(
        &self,
        query: &TextQuery<'_>,
        clauses: &Clauses,
        occur: Occur,
        sees: &impl Fn(&Promise) -> bool,
    ) -> Result<Vec<(Hit, FoundDocument)>, IndexError> {
        let collect = |wanted: Box<dyn Query>| {
            self.searcher().search(&wanted, &AllDocuments { labs: query.labs.cloned() })
        };
        let all = collect(joined(&clauses.any, occur))?;
        let as_words = collect(joined(&clauses.word, Occur::Must))?;
        let scores = self.scores_of(&all, &clauses.terms)?;
        let mut found = Vec::with_capacity(all.len());
        for (doc, score) in all.into_iter().zip(scores) {
            let wanted = (query.kinds.is_empty() || query.kinds.contains(&doc.kind))
                && !query.without.contains(&doc.row)
                && sees(&Promise {
                    row: doc.row,
                    kind: doc.kind,
                    public: doc.public,
                    any_word: occur == Occur::Should,
                });
            if wanted {
                let word = as_words.binary_search_by_key(&doc.address, |d| d.address).is_ok();
                let matched = if word { HitMatch::Word } else { HitMatch::Part };
                let (row, revision, kind) = (doc.row, doc.revision, doc.kind);
                found.push((Hit { row, revision, kind, matched, score }, doc));
            }
        }
        Ok(found)
    }

    /// Scores of documents (sorted by address), by the same sums as those of candidates.
    fn scores_of(
        &self,
        documents: &[FoundDocument],
        terms: &[WeightedTerm],
    ) -> tantivy::Result<Vec<Score>> {
        let worths = Worths::new(self.statistics(), Bm25::default());
        let terms: Arc<[WeightedTerm]> = terms.into();
        let lookup = self.look_up(&terms)?;
        let mut found = Vec::with_capacity(documents.len());
        for group in documents.chunk_by(|a, b| a.address.segment_ord == b.address.segment_ord) {
            let segment_ord = group[0].address.segment_ord as usize;
            let scores = self.scores_in_segment(segment_ord, &lookup, &worths)?;
            found.extend(group.iter().map(|d| scores[d.address.doc_id as usize]));
        }
        Ok(found)
    }
}

/// A query taken apart: one clause for each word or phrase.
struct Clauses {
    /// The word stands as a word.
    word: Vec<Box<dyn Query>>,
    /// The word stands as a word or by its parts.
    any: Vec<Box<dyn Query>>,
    /// What is worth how much.
    terms: Vec<WeightedTerm>,
}

impl Clauses {
    fn parse(snapshot: &Snapshot, analyzer: &Analyzer, text: &str) -> Self {
        let mut clauses = Self { word: Vec::new(), any: Vec::new(), terms: Vec::new() };
        for piece in pieces(text) {
            let analysis = analyzer.analyze(piece.text);
            match piece.slop {
                Some(slop) => clauses.phrase(snapshot, &analysis, slop),
                None => clauses.words(snapshot, &analysis),
            }
        }
        clauses
    }

    fn words(&mut self, snapshot: &Snapshot, analysis: &Analysis) {
        let words: Vec<&Token> =
            analysis.view(View::Words).filter(|t| t.kind != TokenKind::Constituent).collect();
        for word in &words {
            let term = analysis.term(word);
            let as_word = either(snapshot, &[SearchField::Words, SearchField::NeedWords], term);
            let mut any: Vec<Box<dyn Query>> = vec![as_word.box_clone()];
            any.extend(by_parts(snapshot, analysis, word));
            any.extend(by_constituents(snapshot, analysis, word));
            self.word.push(as_word);
            self.any.push(joined(&any, Occur::Should));
            self.weigh(snapshot, term, View::Words);
        }
        for part in analysis.view(View::Parts).filter(|t| t.kind == TokenKind::Character) {
            self.weigh(snapshot, analysis.term(part), View::Parts);
        }
    }

    fn phrase(&mut self, snapshot: &Snapshot, analysis: &Analysis, slop: u32) {
        // The smallest words at their positions; compounds above them would repeat a position.
        let mut leaves: Vec<&Token> = Vec::new();
        for token in analysis.view(View::Words) {
            match leaves.last_mut() {
                Some(last) if last.position == token.position => *last = token,
                _ => leaves.push(token),
            }
            self.weigh(snapshot, analysis.term(token), View::Words);
        }
        let in_field = |field: SearchField| -> Box<dyn Query> {
            let handle = snapshot.fields().text(field);
            let terms: Vec<(usize, Term)> = leaves
                .iter()
                .map(|t| (t.position as usize, Term::from_field_text(handle, analysis.term(t))))
                .collect();
            match terms.as_slice() {
                [] => Box::new(EmptyQuery),
                [(_, only)] => Box::new(TermQuery::new(only.clone(), IndexRecordOption::Basic)),
                _ => Box::new(PhraseQuery::new_with_offset_and_slop(terms, slop)),
            }
        };
        let phrase = joined(
            &[in_field(SearchField::Words), in_field(SearchField::NeedWords)],
            Occur::Should,
        );
        self.word.push(phrase.box_clone());
        self.any.push(phrase);
    }

    /// Words weigh more than characters, titles more than text.
    fn weigh(&mut self, snapshot: &Snapshot, term: &str, view: View) {
        use SearchField::{Characters, NeedCharacters, NeedWords, TitleWords, Words};
        let fields: &[(SearchField, f64)] = match view {
            View::Words => &[(TitleWords, 1.0), (Words, 1.0), (NeedWords, 1.5)],
            View::Parts => &[(Characters, 0.03), (NeedCharacters, 0.03)],
        };
        let statistics = snapshot.statistics();
        for (field, weight) in fields {
            self.terms.push(WeightedTerm {
                field: Some(*field),
                term: term.into(),
                weight: weight * statistics.idf(*field, term),
                title_weight: 0.0,
            });
        }
    }
}

/// All pairs of characters of a word, or its only character.
fn by_parts(snapshot: &Snapshot, analysis: &Analysis, word: &Token) -> Option<Box<dyn Query>> {
    let span = analysis.span(word);
    let inside = |kind: TokenKind| {
        let parts = analysis.view(View::Parts).filter(move |t| {
            let of = analysis.span(t);
            t.kind == kind && of.start >= span.start && of.end <= span.end
        });
        parts.map(|t| analysis.term(t))
    };
    let characters: Vec<&str> = inside(TokenKind::Character).collect();
    let pairs: Vec<(char, char)> = inside(TokenKind::Pair)
        .filter_map(|pair| pair.chars().next().zip(pair.chars().nth(1)))
        .collect();
    let clauses = [SearchField::Characters, SearchField::NeedCharacters].map(|field| {
        let handle = snapshot.fields().text(field);
        let all: Vec<Box<dyn Query>> = characters.iter().map(|t| term_query(handle, t)).collect();
        let all = joined(&all, Occur::Must);
        if pairs.is_empty() { all } else { Box::new(PairsQuery::new(all, pairs.iter().copied())) }
    });
    (!characters.is_empty()).then(|| joined(&clauses, Occur::Should))
}

/// All words that a compound is built from, wherever they stand.
fn by_constituents(
    snapshot: &Snapshot,
    analysis: &Analysis,
    word: &Token,
) -> Option<Box<dyn Query>> {
    let span = analysis.span(word);
    let inside = analysis.view(View::Words).filter(|t| {
        let of = analysis.span(t);
        t.kind == TokenKind::Constituent && of.start >= span.start && of.end <= span.end
    });
    let fields = [SearchField::Words, SearchField::NeedWords];
    let clauses: Vec<Box<dyn Query>> =
        inside.map(|t| either(snapshot, &fields, analysis.term(t))).collect();
    (!clauses.is_empty()).then(|| joined(&clauses, Occur::Must))
}

fn either(snapshot: &Snapshot, fields: &[SearchField], term: &str) -> Box<dyn Query> {
    let clauses: Vec<Box<dyn Query>> =
        fields.iter().map(|f| term_query(snapshot.fields().text(*f), term)).collect();
    joined(&clauses, Occur::Should)
}

fn term_query(field: Field, term: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::Basic))
}

fn joined(clauses: &[Box<dyn Query>], occur: Occur) -> Box<dyn Query> {
    match clauses {
        [] => Box::new(EmptyQuery),
        [only] => only.box_clone(),
        _ => Box::new(BooleanQuery::new(
            clauses.iter().map(|clause| (occur, clause.box_clone())).collect(),
        )),
    }
}

struct Piece<'t> {
    text: &'t str,
    /// `Some` for a quoted phrase.
    slop: Option<u32>,
}

/// Splits a query into plain text and phrases (`"…"`, `“…”`, with `~n` behind for a distance).
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find(['"', '“', '”']) {
        let (before, quoted) = rest.split_at(open);
        let quoted = &quoted[quoted.chars().next().map_or(0, char::len_utf8)..];
        let Some(close) = quoted.find(['"', '“', '”']) else { break };
        let (phrase, behind) = quoted.split_at(close);
        let behind = &behind[behind.chars().next().map_or(0, char::len_utf8)..];
        let digits = behind
            .strip_prefix('~')
            .map(|d| &d[..d.find(|c: char| !c.is_ascii_digit()).unwrap_or(d.len())]);
        let slop = digits.and_then(|d| d.parse().ok()).unwrap_or(0).min(SLOP_MAX);
        pieces.push(Piece { text: before, slop: None });
        pieces.push(Piece { text: phrase, slop: Some(slop) });
        rest = &behind[digits.map_or(0, |d| d.len() + 1)..];
    }
    pieces.push(Piece { text: rest, slop: None });
    pieces.retain(|piece| !piece.text.trim().is_empty());
    pieces
}

/// A matching document, before it is scored.
#[derive(Debug, Clone)]
struct FoundDocument {
    address: DocAddress,
    row: i64,
    revision: u64,
    kind: EntryKind,
    public: bool,
    labs: Vec<i64>,
}

/// Collects all matching documents, sorted by address.
struct AllDocuments {
    labs: Option<LabSet>,
}

struct AllOfSegment {
    segment: SegmentOrdinal,
    rows: Column<u64>,
    revisions: Column<u64>,
    kinds: Column<u64>,
    public: Column<u64>,
    labs: Column<u64>,
    allowed: Option<LabSet>,
    found: Vec<FoundDocument>,
}

impl Collector for AllDocuments {
    type Fruit = Vec<FoundDocument>;
    type Child = AllOfSegment;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<AllOfSegment> {
        let fast = reader.fast_fields();
        Ok(AllOfSegment {
            segment,
            rows: fast.u64("row")?,
            revisions: fast.u64("revision")?,
            kinds: fast.u64("kind")?,
            public: fast.u64("public")?,
            labs: fast.u64("labs")?,
            allowed: self.labs.clone(),
            found: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Vec<FoundDocument>>) -> tantivy::Result<Self::Fruit> {
        let mut all: Vec<FoundDocument> = fruits.into_iter().flatten().collect();
        all.sort_by_key(|d| d.address);
        Ok(all)
    }
}

impl SegmentCollector for AllOfSegment {
    type Fruit = Vec<FoundDocument>;

    fn collect(&mut self, doc: DocId, _score: f32) {
        let labs: Vec<i64> = self.labs.values_for_doc(doc).map(|row| row as i64).collect();
        let passes = self.allowed.as_ref().is_none_or(|set| labs.iter().any(|l| set.contains(*l)));
        let kind = self.kinds.first(doc).and_then(EntryKind::from_code);
        if let (true, Some(kind)) = (passes, kind) {
            self.found.push(FoundDocument {
                address: DocAddress::new(self.segment, doc),
                row: self.rows.first(doc).unwrap_or_default() as i64,
                revision: self.revisions.first(doc).unwrap_or_default(),
                kind,
                public: self.public.first(doc) == Some(1),
                labs,
            });
        }
    }

    fn harvest(self) -> Vec<FoundDocument> {
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_told_from_words() {
        let found: Vec<(&str, Option<u32>)> = pieces("膜 “进了 技术”~1 \"a b\"尾 \"没有右引号")
            .iter()
            .map(|p| (p.text.trim(), p.slop))
            .collect();
        assert_eq!(
            found,
            [("膜", None), ("进了 技术", Some(1)), ("a b", Some(0)), ("尾 \"没有右引号", None)]
        );
    }
}
