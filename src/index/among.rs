//! The other direction: documents that are given instead of found, and needs that share words
//! with them.

use std::sync::Arc;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, postings::Postings};

use super::bm25::Bm25;
use super::candidates::{Candidate, Candidates, ListedTerm, Scope, WeightedTerm, best_first};
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

    /// Whether everybody may see a document of this snapshot.
    pub fn is_public(&self, document: &Candidate) -> bool {
        let DocAddress { segment_ord, doc_id } = document.address;
        self.open_segments()[segment_ord as usize].is_public(doc_id)
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
        let terms = lookup.listed(&worths, used);
        for ListedTerm { idx, field, worth } in &terms {
            for group in scored.chunk_by_mut(|a, b| a.1.segment_ord == b.1.segment_ord) {
                let ord = group[0].1.segment_ord as usize;
                let Some(info) = &lookup.segments[ord][*idx] else { continue };
                let FieldReader { inverted, norms } = self.open_segments()[ord].field(*field);
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
        Ok(self.candidates_of(scored, lookup, &terms))
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
        let field = SearchField::NeedWords;
        let statistics = self.statistics();
        let worths = Worths::new(statistics, Bm25::default());
        let terms: Arc<[WeightedTerm]> = words
            .iter()
            .map(|word| WeightedTerm {
                field: Some(field),
                term: word.clone(),
                weight: statistics.idf(field, word),
                title_weight: 0.0,
            })
            .collect();
        let lookup = self.look_up(&terms)?;
        let mut found: Vec<(Score, i64)> = Vec::new();
        for (ord, segment) in self.open_segments().iter().enumerate() {
            let scores = self.scores_in_segment(ord, &lookup, &worths)?;
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
