//! Which documents are worth a closer look.
//!
//! An exhaustive union, one term after the other, into an array of scores: no pruning, no
//! heap inside the loop, and the filter is asked only about documents that would be kept.
//! Block-max WAND is slower here beyond some eight terms, and a need has dozens.

use std::cell::{OnceCell, RefCell};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED, Term};

use super::bm25::Bm25;
use super::entry::EntryKind;
use super::live::Snapshot;
use super::lookup::{FieldReader, Lookup, OpenSegment, WeightedList};
use super::schema::SearchField;
use super::statistics::Statistics;

/// A term with the weight of its occurrence in a field.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedTerm {
    /// The field that has its list of postings; `None` for a part that is only read off the
    /// documents: a pair of characters, or a character in a need of many words.
    pub field: Option<SearchField>,
    /// The indexed form.
    pub term: String,
    /// What an occurrence is worth, inverse document frequency included.
    pub weight: f64,
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
    /// Approximate score.
    pub score: f32,
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
    static SCORES: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
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
        lookup: &Lookup<'_>,
        used: impl Fn(usize) -> bool,
        bm25: Bm25,
        scope: Scope<'_>,
        limit: usize,
    ) -> tantivy::Result<Vec<Candidate>> {
        let mut best = Best { heap: BinaryHeap::with_capacity(limit + 1), limit };
        let saturations = Saturations::new(self.statistics(), bm25);
        for (ord, segment) in self.open_segments().iter().enumerate() {
            let lists = lookup.lists(ord, &used);
            let mut lists = lists
                .map(|list| TermPostings::open(segment, &list))
                .collect::<tantivy::Result<Vec<_>>>()?;
            SCORES.with_borrow_mut(|scores| {
                let documents = segment.reader.max_doc();
                for start in (0..documents).step_by(WINDOW as usize) {
                    let end = documents.min(start + WINDOW);
                    scores.clear();
                    scores.resize((end - start) as usize, 0.0);
                    for list in &mut lists {
                        list.add(start, end, &saturations, scores);
                    }
                    best.take(segment, ord as u32, start, scores, scope);
                }
            });
        }
        let mut kept: Vec<(Ranked, DocAddress)> =
            best.heap.into_iter().map(|Reverse(entry)| entry).collect();
        kept.sort_unstable_by(|a, b| b.cmp(a));
        Ok(kept
            .into_iter()
            .map(|(ranked, address)| self.candidate(address, ranked.score))
            .collect())
    }

    /// The documents of these rows that are there, in the order given, with score 0.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn documents_of_rows(&self, rows: &[i64]) -> tantivy::Result<Vec<Candidate>> {
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
                    found.push(self.candidate(DocAddress::new(ord as u32, postings.doc()), 0.0));
                }
            }
        }
        Ok(found)
    }

    fn candidate(&self, address: DocAddress, score: f32) -> Candidate {
        let segment = &self.open_segments()[address.segment_ord as usize];
        let doc = address.doc_id;
        let kind = segment.kinds.first(doc).and_then(EntryKind::from_code);
        Candidate {
            address,
            row: segment.rows.first(doc).unwrap_or_default() as i64,
            revision: segment.revisions.first(doc).unwrap_or_default(),
            kind: kind.unwrap_or(EntryKind::Need),
            labs: segment.labs.values_for_doc(doc).map(|row| row as i64).collect(),
            score,
        }
    }
}

/// Largest frequency whose saturation is kept; larger ones are computed.
const KEPT_TF: usize = 4;

/// What an occurrence in a field is worth by frequency and length code: lengths are stored as
/// one of 256.
struct Saturation {
    bm25: Bm25,
    damping: [f64; 256],
    kept: [[f32; 256]; KEPT_TF],
}

impl Saturation {
    fn of(&self, tf: u32, length_code: u8) -> f32 {
        match self.kept.get((tf as usize).wrapping_sub(1)) {
            Some(kept) => kept[usize::from(length_code)],
            None => self.bm25.saturation(tf, self.damping[usize::from(length_code)]) as f32,
        }
    }
}

/// The [`Saturation`] of each field, computed when it is first needed.
pub(super) struct Saturations<'a> {
    statistics: &'a Statistics,
    bm25: Bm25,
    fields: [OnceCell<Saturation>; SearchField::ALL.len()],
}

impl<'a> Saturations<'a> {
    pub fn new(statistics: &'a Statistics, bm25: Bm25) -> Self {
        Self { statistics, bm25, fields: Default::default() }
    }

    fn of(&self, field: SearchField) -> &Saturation {
        let bm25 = self.bm25;
        self.fields[field.ordinal()].get_or_init(|| {
            let average = self.statistics.average_length(field);
            let damping = std::array::from_fn(|code| {
                bm25.damping(FieldNormReader::id_to_fieldnorm(code as u8), average)
            });
            // Only one of them is needed of a field that does not tell frequencies.
            let needed = if field.has_frequencies() { KEPT_TF } else { 1 };
            let mut kept = [[0.0; 256]; KEPT_TF];
            for (tf, kept) in (1u32..).zip(&mut kept[..needed]) {
                *kept = damping.map(|damping| bm25.saturation(tf, damping) as f32);
            }
            Saturation { bm25, damping, kept }
        })
    }
}

/// The postings of a term, read window by window.
pub(super) struct TermPostings<'a> {
    field: SearchField,
    weight: f32,
    norms: &'a FieldNormReader,
    block: BlockSegmentPostings,
    /// Postings of the block at hand that have been read.
    read: usize,
}

impl<'a> TermPostings<'a> {
    pub fn open(segment: &'a OpenSegment, list: &WeightedList<'_>) -> tantivy::Result<Self> {
        let FieldReader { inverted, norms } = segment.field(list.field);
        let with_tf = IndexRecordOption::WithFreqs;
        let block = inverted.read_block_postings_from_terminfo(list.info, with_tf)?;
        Ok(Self { field: list.field, weight: list.weight as f32, norms, block, read: 0 })
    }

    /// Adds what the term is worth to the score of each document from `start` to before `end`
    /// that has it. Windows are to be asked for in their order.
    pub fn add(&mut self, start: u32, end: u32, saturations: &Saturations<'_>, scores: &mut [f32]) {
        let saturation = saturations.of(self.field);
        while self.block.block_len() > 0 {
            let docs = &self.block.docs()[self.read..];
            let inside = match docs.last() {
                Some(last) if *last >= end => docs.partition_point(|doc| *doc < end),
                _ => docs.len(),
            };
            let mut add = |doc: u32, tf: u32| {
                let code = self.norms.fieldnorm_id(doc);
                scores[(doc - start) as usize] += self.weight * saturation.of(tf, code);
            };
            if self.field.has_frequencies() {
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

/// Larger score first; among equals the smaller row.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ranked {
    score: f32,
    row: u64,
}

impl Eq for Ranked {}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.score.total_cmp(&other.score).then(other.row.cmp(&self.row))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

struct Best {
    heap: BinaryHeap<Reverse<(Ranked, DocAddress)>>,
    limit: usize,
}

impl Best {
    fn take(
        &mut self,
        segment: &OpenSegment,
        segment_ord: u32,
        start: u32,
        scores: &[f32],
        scope: Scope<'_>,
    ) {
        let mut threshold = self.threshold();
        let (lanes, rest) = scores.as_chunks::<LANES>();
        let rest_start = start + (scores.len() - rest.len()) as u32;
        let mut offer = |first: u32, scores: &[f32], threshold: &mut f32| {
            for (doc, score) in (first..).zip(scores) {
                if *score >= *threshold {
                    self.offer(segment, DocAddress::new(segment_ord, doc), *score, scope);
                    *threshold = self.threshold();
                }
            }
        };
        for (first, lanes) in (start..).step_by(LANES).zip(lanes) {
            // Most documents are not good enough, and the processor compares many at once.
            if lanes.iter().fold(false, |any, score| any | (*score >= threshold)) {
                offer(first, lanes, &mut threshold);
            }
        }
        offer(rest_start, rest, &mut threshold);
    }

    fn offer(&mut self, segment: &OpenSegment, address: DocAddress, score: f32, scope: Scope<'_>) {
        let doc = address.doc_id;
        let hidden = scope.public_only && segment.public.first(doc) != Some(1);
        let in_scope = segment.labs.values_for_doc(doc).any(|row| scope.has_lab(row as i64));
        if hidden || !in_scope || segment.reader.is_deleted(doc) {
            return;
        }
        let ranked = Ranked { score, row: segment.rows.first(doc).unwrap_or_default() };
        self.heap.push(Reverse((ranked, address)));
        if self.heap.len() > self.limit {
            self.heap.pop();
        }
    }

    /// A document below it cannot be kept any more.
    fn threshold(&self) -> f32 {
        match self.heap.peek() {
            Some(Reverse((ranked, _))) if self.heap.len() >= self.limit => ranked.score,
            _ => f32::MIN_POSITIVE,
        }
    }
}
