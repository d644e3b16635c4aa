//! Which documents are worth a closer look.
//!
//! An exhaustive union, one term after the other, into an array of scores: no pruning, no
//! heap inside the loop, and the filter is asked only about documents that would be kept.
//! Block-max WAND is slower here beyond some eight terms, and a need has dozens.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED, Term};

use super::bm25::Bm25;
use super::entry::EntryKind;
use super::facts::Facts;
use super::live::Snapshot;
use super::lookup::{FieldReader, Lookup, OpenSegment};
use super::schema::SearchField;
use super::score::Score;
use super::worth::{WordWorth, Worths};

/// A term with the weight of its occurrence in a field.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedTerm {
    /// The field that has its list of postings; `None` for a part that is only read off the
    /// documents: a pair of characters, or a character in a need of many words.
    pub field: Option<SearchField>,
    /// The indexed form.
    pub term: Arc<str>,
    /// What an occurrence is worth, inverse document frequency included.
    pub weight: f64,
    /// What it is worth beside that if a part stands in the title; words are worth no more there.
    pub title_weight: f64,
}

/// A document that may be evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Where it is, in the snapshot that found it.
    pub address: DocAddress,
    /// The store's row.
    pub row: i64,
    /// The revision that is indexed.
    pub revision: u64,
    /// What it is.
    pub kind: EntryKind,
    /// Rows of its labs.
    pub labs: Vec<i64>,
    /// Its date, maturity and modes.
    pub facts: Facts,
    /// What is known of its score.
    pub score: Score,
}

/// 候选成果: documents that are not scored exactly yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidates {
    /// The documents.
    pub documents: Vec<Candidate>,
    /// Whether their scores have what the terms are worth, by the terms' places.
    pub(super) counted: Vec<bool>,
}

/// 候选实验室范围: the rows of the labs that a filter lets pass.
#[derive(Debug, Clone, Default)]
pub struct LabSet(HashSet<i64>);

impl FromIterator<i64> for LabSet {
    fn from_iter<T: IntoIterator<Item = i64>>(rows: T) -> Self {
        Self(rows.into_iter().collect())
    }
}

impl LabSet {
    /// Whether a lab passes.
    pub fn contains(&self, row: i64) -> bool {
        self.0.contains(&row)
    }
}

/// 范围: which documents may be found at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scope<'a> {
    /// Only evidence of these labs; of all if `None`.
    pub labs: Option<&'a LabSet>,
    /// Only what everybody may see.
    pub public_only: bool,
}

impl Scope<'_> {
    /// Whether a lab lies in the scope.
    pub fn has_lab(&self, row: i64) -> bool {
        self.labs.is_none_or(|labs| labs.contains(row))
    }
}

/// Documents whose scores are added up at a time: their scores stay in the processor's cache.
const WINDOW: u32 = 1 << 16;
/// Scores that are looked at together.
const LANES: usize = 16;

thread_local! {
    /// Scores by document of the window at hand; kept between calls.
    static SCORES: RefCell<Vec<Score>> = const { RefCell::new(Vec::new()) };
}

impl Snapshot {
    /// The `limit` documents of labs with the largest sums of BM25 over the terms that `used`
    /// says yes to, larger first, ties by row. Documents outside `scope` are left out.
    ///
    /// Linear in the number of postings of the terms and in the number of documents.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn candidates(
        &self,
        lookup: &Lookup,
        used: impl Fn(usize) -> bool,
        bm25: Bm25,
        scope: Scope<'_>,
        limit: usize,
    ) -> tantivy::Result<Candidates> {
        let mut best = Best::new(self.open_segments(), limit);
        let worths = Worths::new(self.statistics(), bm25);
        let words = lookup.listed(&worths, used);
        for (ord, segment) in self.open_segments().iter().enumerate() {
            let infos = &lookup.segments[ord];
            let with_postings = words.iter().filter_map(|ListedTerm { idx, field, worth }| {
                Some(TermPostings::open(segment, *field, infos[*idx].as_ref()?, worth))
            });
            let mut lists = with_postings.collect::<tantivy::Result<Vec<_>>>()?;
            SCORES.with_borrow_mut(|scores| {
                let documents = segment.reader.max_doc();
                for start in (0..documents).step_by(WINDOW as usize) {
                    let end = documents.min(start + WINDOW);
                    scores.clear();
                    scores.resize((end - start) as usize, Score::default());
                    for list in &mut lists {
                        list.add(start, end, scores);
                    }
                    best.take(ord as u32, start, scores, scope);
                }
            });
        }
        Ok(self.candidates_of(best.into_sorted(), lookup, &words))
    }

    /// What the lists of `terms` have found.
    pub(super) fn candidates_of(
        &self,
        kept: Vec<(Score, DocAddress)>,
        lookup: &Lookup,
        terms: &[ListedTerm<'_>],
    ) -> Candidates {
        // Found by its list of postings, a character is not worth what it is worth as a part.
        let exact = terms.iter().all(|term| term.field == SearchField::Words);
        let mut counted = vec![false; lookup.terms.len()];
        terms.iter().for_each(|term| counted[term.idx] = exact);
        let score = |found: Score| if exact { found } else { Score::default() };
        let kept = kept.into_iter();
        let documents = kept.map(|(found, address)| self.candidate(address, score(found)));
        Candidates { documents: documents.collect(), counted }
    }

    /// What each document of a segment scores by the lists of all terms.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn scores_in_segment(
        &self,
        segment_ord: usize,
        lookup: &Lookup,
        worths: &Worths<'_>,
    ) -> tantivy::Result<Vec<Score>> {
        let segment = &self.open_segments()[segment_ord];
        let documents = segment.reader.max_doc();
        let mut scores = vec![Score::default(); documents as usize];
        for ListedTerm { idx, field, worth } in &lookup.listed(worths, |_| true) {
            if let Some(info) = &lookup.segments[segment_ord][*idx] {
                TermPostings::open(segment, *field, info, worth)?.add(0, documents, &mut scores);
            }
        }
        Ok(scores)
    }

    /// The documents of these rows that are there, in the order given, with score 0.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn documents_of_rows(&self, rows: &[i64]) -> tantivy::Result<Candidates> {
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let term = Term::from_field_u64(self.fields().row, *row as u64);
            for (ord, segment) in self.searcher().segment_readers().iter().enumerate() {
                let inverted = segment.inverted_index(self.fields().row)?;
                let postings = inverted.read_postings(&term, IndexRecordOption::Basic)?;
                let Some(mut postings) = postings else { continue };
                while postings.doc() != TERMINATED && segment.is_deleted(postings.doc()) {
                    postings.advance();
                }
                if postings.doc() != TERMINATED {
                    let address = DocAddress::new(ord as u32, postings.doc());
                    found.push(self.candidate(address, Score::default()));
                }
            }
        }
        Ok(Candidates { documents: found, counted: Vec::new() })
    }

    pub(super) fn candidate(&self, address: DocAddress, score: Score) -> Candidate {
        let segment = &self.open_segments()[address.segment_ord as usize];
        let doc = address.doc_id;
        let kind = segment.kinds.first(doc).and_then(EntryKind::from_code);
        Candidate {
            address,
            row: segment.rows.first(doc).unwrap_or_default() as i64,
            revision: segment.revisions.first(doc).unwrap_or_default(),
            kind: kind.unwrap_or(EntryKind::Need),
            labs: segment.labs.values_for_doc(doc).map(|row| row as i64).collect(),
            facts: Facts::unpacked(segment.facts.first(doc).unwrap_or_default()),
            score,
        }
    }
}

/// A term that has lists of postings, with what its occurrences are worth.
pub(super) struct ListedTerm<'w> {
    /// Place of the term in what was looked up.
    pub idx: usize,
    pub field: SearchField,
    pub worth: WordWorth<'w>,
}

impl Lookup {
    /// The terms with lists that `used` says yes to.
    pub(super) fn listed<'w>(
        &self,
        worths: &'w Worths<'_>,
        used: impl Fn(usize) -> bool,
    ) -> Vec<ListedTerm<'w>> {
        let terms = self.terms.iter().enumerate().filter(|(idx, _)| used(*idx));
        let listed = terms.filter_map(|(idx, term)| {
            let field = term.field?;
            Some(ListedTerm { idx, field, worth: worths.of_word(field, term.weight) })
        });
        listed.collect()
    }
}

/// The postings of a term, read window by window.
pub(super) struct TermPostings<'a> {
    worth: &'a WordWorth<'a>,
    has_frequencies: bool,
    norms: &'a FieldNormReader,
    block: BlockSegmentPostings,
    /// Postings of the block at hand that have been read.
    read: usize,
}

impl<'a> TermPostings<'a> {
    pub fn open(
        segment: &'a OpenSegment,
        field: SearchField,
        info: &TermInfo,
        worth: &'a WordWorth<'a>,
    ) -> tantivy::Result<Self> {
        let FieldReader { inverted, norms } = segment.field(field);
        let with_tf = IndexRecordOption::WithFreqs;
        let block = inverted.read_block_postings_from_terminfo(info, with_tf)?;
        Ok(Self { worth, has_frequencies: field.has_frequencies(), norms, block, read: 0 })
    }

    /// Adds what the term is worth to the score of each document from `start` to before `end`
    /// that has it. Windows are to be asked for in their order.
    pub fn add(&mut self, start: u32, end: u32, scores: &mut [Score]) {
        while self.block.block_len() > 0 {
            let docs = &self.block.docs()[self.read..];
            let inside = match docs.last() {
                Some(last) if *last >= end => docs.partition_point(|doc| *doc < end),
                _ => docs.len(),
            };
            let mut add = |doc: u32, tf: u32| {
                let code = self.norms.fieldnorm_id(doc);
                scores[(doc - start) as usize] += self.worth.score(tf, code);
            };
            if self.has_frequencies {
                let freqs = &self.block.freqs()[self.read..];
                docs[..inside].iter().zip(freqs).for_each(|(doc, tf)| add(*doc, *tf));
            } else {
                docs[..inside].iter().for_each(|doc| add(*doc, 1));
            }
            if inside < docs.len() {
                self.read += inside;
                return;
            }
            self.block.advance();
            self.read = 0;
        }
    }
}

/// How many times more than are wanted are gathered before the rest is thrown away.
const GATHERED: usize = 4;

/// The best so far, and some more.
struct Best<'a> {
    segments: &'a [Arc<OpenSegment>],
    kept: Vec<(Score, DocAddress)>,
    limit: usize,
    /// A document below it cannot be among the best any more.
    threshold: Score,
}

impl<'a> Best<'a> {
    fn new(segments: &'a [Arc<OpenSegment>], limit: usize) -> Self {
        let kept = Vec::with_capacity(limit.saturating_mul(GATHERED).min(1 << 16));
        Self { segments, kept, limit, threshold: Score::STEP }
    }

    fn take(&mut self, segment_ord: u32, start: u32, scores: &[Score], scope: Scope<'_>) {
        let (lanes, rest) = scores.as_chunks::<LANES>();
        let mut offer_all = |first: u32, scores: &[Score]| {
            for (doc, score) in (first..).zip(scores) {
                if *score >= self.threshold {
                    self.offer(DocAddress::new(segment_ord, doc), *score, scope);
                }
            }
            self.threshold
        };
        let mut threshold = offer_all(start, &[]);
        for (first, lanes) in (start..).step_by(LANES).zip(lanes) {
            // Most documents are not good enough, and the processor compares many at once.
            if lanes.iter().fold(false, |any, score| any | (*score >= threshold)) {
                threshold = offer_all(first, lanes);
            }
        }
        offer_all(start + (scores.len() - rest.len()) as u32, rest);
    }

    fn offer(&mut self, address: DocAddress, score: Score, scope: Scope<'_>) {
        if self.segments[address.segment_ord as usize].is_in(address.doc_id, scope) {
            self.kept.push((score, address));
            if self.kept.len() >= self.limit.saturating_mul(GATHERED).max(1) {
                self.cut();
            }
        }
    }

    /// Throws away what is not among the best.
    fn cut(&mut self) {
        if self.limit == 0 {
            self.kept.clear();
        } else if self.kept.len() > self.limit {
            let (last, segments) = (self.limit - 1, self.segments);
            let order = |a: &_, b: &_| best_first(segments, a, b);
            let (_, (worst, _), _) = self.kept.select_nth_unstable_by(last, order);
            self.threshold = *worst;
            self.kept.truncate(self.limit);
        }
    }

    fn into_sorted(mut self) -> Vec<(Score, DocAddress)> {
        self.cut();
        let segments = self.segments;
        self.kept.sort_unstable_by(|a, b| best_first(segments, a, b));
        self.kept
    }
}

/// Larger score first; among equals the smaller row, which is only read of those.
pub(super) fn best_first(
    segments: &[Arc<OpenSegment>],
    a: &(Score, DocAddress),
    b: &(Score, DocAddress),
) -> Ordering {
    let row =
        |address: DocAddress| segments[address.segment_ord as usize].rows.first(address.doc_id);
    b.0.cmp(&a.0).then_with(|| row(a.1).cmp(&row(b.1)))
}
