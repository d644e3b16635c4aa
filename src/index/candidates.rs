//! Which documents are worth a closer look.
//!
//! An exhaustive union, one term after the other, into an array of scores: no pruning, no
//! heap inside the loop, and the filter is asked only about documents that would be kept.
//! Block-max WAND is slower here beyond some eight terms, and a need has dozens.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, TERMINATED, Term};

use super::bm25::Bm25;
use super::entry::EntryKind;
use super::live::Snapshot;
use super::lookup::{FieldReader, Lookup, OpenSegment};
use super::schema::SearchField;

/// A term with the weight of its occurrence in a field.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedTerm {
    /// Where it is looked for.
    pub field: SearchField,
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

thread_local! {
    /// Scores by document of the segment at hand; kept between calls, always zeroed behind them.
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
        let damping = self.damping(bm25);
        for (ord, segment) in self.open_segments().iter().enumerate() {
            SCORES.with_borrow_mut(|scores| {
                scores.clear();
                scores.resize(segment.reader.max_doc() as usize, 0.0);
                let found = lookup.terms.iter().zip(&lookup.segments[ord]).enumerate();
                for (idx, (term, info)) in found {
                    if let (Some(info), true) = (info, used(idx)) {
                        add_term(segment, term, info, bm25, &damping, scores)?;
                    }
                }
                best.take(segment, ord as u32, scores, scope);
                tantivy::Result::Ok(())
            })?;
        }
        let mut kept: Vec<(Ranked, DocAddress)> =
            best.heap.into_iter().map(|Reverse(entry)| entry).collect();
        kept.sort_by(|a, b| b.cmp(a));
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

/// Damping by field and length code: lengths are stored as one of 256.
pub(super) type Damping = [[f32; 256]; SearchField::ALL.len()];

impl Snapshot {
    pub(super) fn damping(&self, bm25: Bm25) -> Damping {
        SearchField::ALL.map(|field| {
            let average = self.statistics().average_length(field);
            std::array::from_fn(|code| {
                let length = FieldNormReader::id_to_fieldnorm(code as u8);
                bm25.damping(length, average) as f32
            })
        })
    }
}

/// Adds what a term is worth to the score of each document that has it.
pub(super) fn add_term(
    segment: &OpenSegment,
    term: &WeightedTerm,
    info: &TermInfo,
    bm25: Bm25,
    damping: &Damping,
    scores: &mut [f32],
) -> tantivy::Result<()> {
    let FieldReader { inverted, norms } = segment.field(term.field);
    let mut block =
        inverted.read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)?;
    let damping = &damping[term.field.ordinal()];
    let weight = (term.weight * (bm25.k1 + 1.0)) as f32;
    while block.block_len() > 0 {
        for (doc, tf) in block.docs().iter().zip(block.freqs()) {
            let tf = *tf as f32;
            let damping = damping[norms.fieldnorm_id(*doc) as usize];
            scores[*doc as usize] += weight * tf / (tf + damping);
        }
        block.advance();
    }
    Ok(())
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
    fn take(&mut self, segment: &OpenSegment, segment_ord: u32, scores: &[f32], scope: Scope<'_>) {
        let mut threshold = self.threshold();
        for (doc, score) in scores.iter().enumerate() {
            if *score < threshold || *score <= 0.0 {
                continue;
            }
            let doc = doc as u32;
            let hidden = scope.public_only && segment.public.first(doc) != Some(1);
            let in_scope = segment.labs.values_for_doc(doc).any(|row| scope.has_lab(row as i64));
            if hidden || !in_scope || segment.reader.is_deleted(doc) {
                continue;
            }
            let ranked = Ranked { score: *score, row: segment.rows.first(doc).unwrap_or_default() };
            self.heap.push(Reverse((ranked, DocAddress::new(segment_ord, doc))));
            if self.heap.len() > self.limit {
                self.heap.pop();
            }
            threshold = self.threshold();
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
