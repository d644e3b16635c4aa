//! How often the terms of a query stand in given documents.

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Term};

use super::candidates::{Candidate, WeightedTerm};
use super::live::Snapshot;
use tantivy::postings::Postings;

/// Occurrences of one term of a query in one field of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frequency {
    /// Place of the term in the query.
    pub term_idx: u32,
    /// How often it occurs.
    pub tf: u32,
    /// Number of terms in the field, as the index rounds it.
    pub length: u32,
}

impl Snapshot {
    /// For each candidate, in the order given, the terms that it has, in the order of the terms.
    ///
    /// Seeks each term's postings: linear in terms × candidates in the worst case.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn frequencies(
        &self,
        candidates: &[Candidate],
        terms: &[WeightedTerm],
    ) -> tantivy::Result<Vec<Vec<Frequency>>> {
        let mut found = vec![Vec::new(); candidates.len()];
        let mut by_address: Vec<usize> = (0..candidates.len()).collect();
        by_address.sort_by_key(|idx| candidates[*idx].address);
        let of_segment = |a: &usize, b: &usize| {
            candidates[*a].address.segment_ord == candidates[*b].address.segment_ord
        };
        for group in by_address.chunk_by(of_segment) {
            let segment_ord = candidates[group[0]].address.segment_ord;
            let segment = self.searcher().segment_reader(segment_ord);
            for (term_idx, term) in terms.iter().enumerate() {
                let field = self.fields().text(term.field);
                let inverted = segment.inverted_index(field)?;
                let wanted = Term::from_field_text(field, &term.term);
                let postings = inverted.read_postings(&wanted, IndexRecordOption::WithFreqs)?;
                let Some(mut postings) = postings else { continue };
                let norms = segment.get_fieldnorms_reader(field)?;
                for idx in group {
                    let doc = candidates[*idx].address.doc_id;
                    if postings.doc() < doc {
                        postings.seek(doc);
                    }
                    if postings.doc() == doc {
                        found[*idx].push(Frequency {
                            term_idx: term_idx as u32,
                            tf: postings.term_freq(),
                            length: norms.fieldnorm(doc),
                        });
                    }
                }
            }
        }
        Ok(found)
    }
}
