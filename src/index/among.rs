//! The other direction: documents that are given instead of found, and needs that share words
//! with them.

use std::sync::Arc;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, postings::Postings};

use super::bm25::Bm25;
use super::candidates::{Candidate, Candidates, Scope, TermPostings, best_first};
use super::entry::EntryKind;
use super::live::Snapshot;
use super::lookup::{FieldReader, Lookup};
use super::schema::SearchField;
use super::score::Score;
use super::worth::Worths;

/// 给定文档: documents of one snapshot, chosen by something else than their texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given(Vec<DocAddress>);

impl Snapshot {
    /// The documents of these rows that are there.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn given_rows(&self, rows: &[i64]) -> tantivy::Result<Given> {
        let found = self.documents_of_rows(rows)?.documents;
        Ok(Given(found.into_iter().map(|document| document.address).collect()))
    }

    /// What is known of them, with score 0.
    pub fn described(&self, given: &Given) -> Vec<Candidate> {
        given.0.iter().map(|address| self.candidate(*address, Score::default())).collect()
    }

    /// The evidence that lies in a scope, in the order of the index. Linear in the number of
    /// documents.
    pub fn given_in(&self, scope: Scope<'_>) -> Given {
        let mut found = Vec::new();
        for (ord, segment) in (0u32..).zip(self.open_segments()) {
            let inside = (0..segment.reader.max_doc()).filter(|doc| segment.is_in(*doc, scope));
            found.extend(inside.map(|doc| DocAddress::new(ord, doc)));
        }
        Given(found)
    }

    /// What [`Snapshot::candidates`] finds when nothing but `given` is in its scope: the
    /// same documents in the same order.
    ///
    /// Costs a step through the lists of postings for each of the documents and terms, instead
    /// of all that is in the lists.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn candidates_among(
        &self,
        given: &Given,
        lookup: &Lookup,
        used: impl Fn(usize) -> bool,
        bm25: Bm25,
        limit: usize,
    ) -> tantivy::Result<Candidates> {
        let worths = Worths::new(self.statistics(), bm25);
        let mut sorted = given.0.clone();
        sorted.sort_unstable();
        sorted.dedup();
        let mut scored: Vec<(Score, DocAddress)> =
            sorted.into_iter().map(|address| (Score::default(), address)).collect();
        let mut counted = vec![false; lookup.terms.len()];
        let mut exact = true;
        for (idx, term) in lookup.terms.iter().enumerate().filter(|(idx, _)| used(*idx)) {
            let Some(field) = term.field else { continue };
            counted[idx] = true;
            exact &= field == SearchField::Words;
            let worth = worths.of_word(field, term.weight);
            for group in scored.chunk_by_mut(|a, b| a.1.segment_ord == b.1.segment_ord) {
                let ord = group[0].1.segment_ord as usize;
                let Some(info) = &lookup.segments[ord][idx] else { continue };
                let FieldReader { inverted, norms } = self.open_segments()[ord].field(field);
                let with_tf = IndexRecordOption::WithFreqs;
                let mut postings = inverted.read_postings_from_terminfo(info, with_tf)?;
                for (score, DocAddress { doc_id, .. }) in group {
                    if postings.doc() < *doc_id {
                        postings.seek(*doc_id);
                    }
                    if postings.doc() == *doc_id {
                        let tf = if field.has_frequencies() { postings.term_freq() } else { 1 };
                        *score += worth.score(tf, norms.fieldnorm_id(*doc_id));
                    }
                }
            }
        }
        scored.retain(|(score, _)| *score >= Score::STEP);
        scored.sort_unstable_by(|a, b| best_first(self.open_segments(), a, b));
        scored.truncate(limit);
        if !exact {
            counted.fill(false);
        }
        let kept = scored.into_iter();
        let documents = kept
            .map(|(score, address)| {
                self.candidate(address, if exact { score } else { Score::default() })
            })
            .collect();
        Ok(Candidates { documents, counted })
    }

    /// The rows of the `limit` needs with the largest sums of BM25 over `words`, each given
    /// once, larger first, ties by row.
    ///
    /// Linear in the number of postings of the words among needs and in the number of
    /// documents.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn needs_with_words(
        &self,
        words: &[Arc<str>],
        public_only: bool,
        limit: usize,
    ) -> tantivy::Result<Vec<i64>> {
        const FIELD: SearchField = SearchField::NeedWords;
        let statistics = self.statistics();
        let worths = Worths::new(statistics, Bm25::default());
        let mut found: Vec<(Score, i64)> = Vec::new();
        for segment in self.open_segments() {
            let documents = segment.reader.max_doc();
            let mut scores = vec![Score::default(); documents as usize];
            let terms = segment.field(FIELD).inverted.terms();
            for word in words {
                let Some(info) = terms.get(&**word)? else { continue };
                let df = statistics.document_frequency(FIELD, word).unwrap_or(1);
                let worth = worths.of_word(FIELD, Bm25::idf(statistics.documents(FIELD), df));
                TermPostings::open(segment, FIELD, &info, &worth)?.add(0, documents, &mut scores);
            }
            let shares = segment.reader.doc_ids_alive().filter_map(|doc| {
                let score = scores[doc as usize];
                let is_need = || segment.kinds.first(doc) == Some(EntryKind::Need.code());
                let may = || !public_only || segment.is_public(doc);
                let row = || segment.rows.first(doc).unwrap_or_default() as i64;
                (score >= Score::STEP && is_need() && may()).then(|| (score, row()))
            });
            found.extend(shares);
        }
        found.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        found.truncate(limit);
        Ok(found.into_iter().map(|(_, row)| row).collect())
    }
}
