//! The terms of a query, looked up once.

use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::{InvertedIndexReader, Searcher, SegmentReader};

use super::candidates::WeightedTerm;
use super::live::Snapshot;
use super::schema::{Fields, SearchField};

/// What is read of a text field in a segment; opened once, since opening costs more than
/// reading a short list of postings.
pub(super) struct FieldReader {
    /// Terms and postings.
    pub inverted: Arc<InvertedIndexReader>,
    /// Lengths.
    pub norms: FieldNormReader,
}

/// A segment with its text fields and columns opened.
pub(super) struct OpenSegment {
    /// The segment.
    pub reader: SegmentReader,
    /// Rows of the store.
    pub rows: Column<u64>,
    /// Revisions.
    pub revisions: Column<u64>,
    /// Kinds by their codes.
    pub kinds: Column<u64>,
    /// Rows of labs, several for a document.
    pub labs: Column<u64>,
    /// 1 for what everybody may see.
    pub public: Column<u64>,
    fields: [FieldReader; SearchField::ALL.len()],
}

impl OpenSegment {
    /// Opens the fields of all segments.
    pub fn open_all(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vec<Self>> {
        let open = |segment: &SegmentReader, field: SearchField| {
            let handle = fields.text(field);
            Ok::<_, tantivy::TantivyError>(FieldReader {
                inverted: segment.inverted_index(handle)?,
                norms: segment.get_fieldnorms_reader(handle)?,
            })
        };
        let segments = searcher.segment_readers().iter().map(|segment| {
            let [a, b, c, d, e, f] = SearchField::ALL.map(|field| open(segment, field));
            let columns = segment.fast_fields();
            Ok(Self {
                reader: segment.clone(),
                rows: columns.u64("row")?,
                revisions: columns.u64("revision")?,
                kinds: columns.u64("kind")?,
                labs: columns.u64("labs")?,
                public: columns.u64("public")?,
                fields: [a?, b?, c?, d?, e?, f?],
            })
        });
        segments.collect()
    }

    /// A field of the segment.
    pub fn field(&self, field: SearchField) -> &FieldReader {
        &self.fields[field.ordinal()]
    }
}

/// Where the postings of a query's terms are, by segment and term.
///
/// Looking a term up in the dictionary costs more than reading a short list of postings, and
/// finding candidates and scoring them both need it.
#[derive(Debug)]
pub struct Lookup<'q> {
    pub(super) terms: &'q [WeightedTerm],
    pub(super) segments: Vec<Vec<Option<TermInfo>>>,
}

impl Snapshot {
    /// Looks the terms up. Linear in their number, times the number of segments.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn look_up<'q>(&self, terms: &'q [WeightedTerm]) -> tantivy::Result<Lookup<'q>> {
        let mut segments = Vec::with_capacity(self.open_segments().len());
        for segment in self.open_segments() {
            let mut found = Vec::with_capacity(terms.len());
            for term in terms {
                found.push(segment.field(term.field).inverted.terms().get(&term.term)?);
            }
            segments.push(found);
        }
        Ok(Lookup { terms, segments })
    }
}
