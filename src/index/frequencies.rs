//! How often the terms of a query stand in given documents.

use tantivy::DocSet;
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;

use super::candidates::Candidate;
use super::live::Snapshot;
use super::lookup::{FieldReader, Lookup};

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

/// A list of postings is read through if it has fewer than this many for each candidate;
/// longer ones are skipped through.
const POSTINGS_PER_CANDIDATE: u32 = 64;
/// No candidate.
const NOWHERE: u32 = u32::MAX;

impl Snapshot {
    /// For each candidate, in the order given, the terms that it has, in the order of the terms.
    ///
    /// Reads short lists of postings through and skips through long ones: linear in the
    /// number of postings, or in terms × candidates, whichever is less.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn frequencies(
        &self,
        candidates: &[Candidate],
        lookup: &Lookup<'_>,
    ) -> tantivy::Result<Vec<Vec<Frequency>>> {
        let mut found = vec![Vec::new(); candidates.len()];
        let mut by_address: Vec<usize> = (0..candidates.len()).collect();
        by_address.sort_by_key(|idx| candidates[*idx].address);
        let of_segment = |a: &usize, b: &usize| {
            candidates[*a].address.segment_ord == candidates[*b].address.segment_ord
        };
        for group in by_address.chunk_by(of_segment) {
            let segment_ord = candidates[group[0]].address.segment_ord;
            let segment = &self.open_segments()[segment_ord as usize];
            // Place among the candidates of each document of the segment.
            let mut places = vec![NOWHERE; segment.reader.max_doc() as usize];
            for idx in group {
                places[candidates[*idx].address.doc_id as usize] = *idx as u32;
            }
            let infos = &lookup.segments[segment_ord as usize];
            for (term_idx, (term, info)) in lookup.terms.iter().zip(infos).enumerate() {
                let Some(info) = info else { continue };
                let FieldReader { inverted, norms } = segment.field(term.field);
                let mut push = |place: u32, doc: u32, tf: u32| {
                    let length = norms.fieldnorm(doc);
                    let term_idx = term_idx as u32;
                    found[place as usize].push(Frequency { term_idx, tf, length });
                };
                let with_tf = IndexRecordOption::WithFreqs;
                if info.doc_freq / POSTINGS_PER_CANDIDATE < group.len() as u32 {
                    let mut block = inverted.read_block_postings_from_terminfo(info, with_tf)?;
                    while block.block_len() > 0 {
                        for (doc, tf) in block.docs().iter().zip(block.freqs()) {
                            if places[*doc as usize] != NOWHERE {
                                push(places[*doc as usize], *doc, *tf);
                            }
                        }
                        block.advance();
                    }
                } else {
                    let mut postings = inverted.read_postings_from_terminfo(info, with_tf)?;
                    for idx in group {
                        let doc = candidates[*idx].address.doc_id;
                        if postings.doc() < doc {
                            postings.seek(doc);
                        }
                        if postings.doc() == doc {
                            push(*idx as u32, doc, postings.term_freq());
                        }
                    }
                }
            }
        }
        Ok(found)
    }
}
