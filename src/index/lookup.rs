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
    /// Lengths of the texts, in words.
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
    /// The runs of characters of titles and texts.
    pub forward: Column<u64>,
    fields: [FieldReader; SearchField::ALL.len()],
}

impl OpenSegment {
    /// Opens the fields of all segments.
    pub fn open_all(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vec<Self>> {
        let open = |segment: &SegmentReader, field: SearchField| {
            let handle = fields.text(field);
            Ok::<_, tantivy::TantivyError>(FieldReader {
                inverted: segment.inverted_index(handle)?,
                norms: segment.get_fieldnorms_reader(fields.text(field.of_length()))?,
            })
        };
        let segments = searcher.segment_readers().iter().map(|segment| {
            let [a, b, c, d, e] = SearchField::ALL.map(|field| open(segment, field));
            let columns = segment.fast_fields();
            Ok(Self {
                reader: segment.clone(),
                rows: columns.u64("row")?,
                revisions: columns.u64("revision")?,
                kinds: columns.u64("kind")?,
                labs: columns.u64("labs")?,
                public: columns.u64("public")?,
                forward: columns.u64("forward")?,
                fields: [a?, b?, c?, d?, e?],
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

/// A list of postings with what each is worth.
pub(super) struct WeightedList<'a> {
    pub field: SearchField,
    pub weight: f64,
    pub info: &'a TermInfo,
}

impl Lookup<'_> {
    /// The lists of postings in a segment of the terms that `used` says yes to.
    pub(super) fn lists(
        &self,
        segment_ord: usize,
        used: impl Fn(usize) -> bool,
    ) -> impl Iterator<Item = WeightedList<'_>> {
        let found = self.terms.iter().zip(&self.segments[segment_ord]).enumerate();
        let found = found.filter(move |(idx, _)| used(*idx));
        found.filter_map(|(_, (term, info))| {
            Some(WeightedList { field: term.field?, weight: term.weight, info: info.as_ref()? })
        })
    }
}

impl Snapshot {
    /// Looks up the terms that have lists. Linear in their number, times the number of segments.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn look_up<'q>(&self, terms: &'q [WeightedTerm]) -> tantivy::Result<Lookup<'q>> {
        let mut segments = Vec::with_capacity(self.open_segments().len());
        for segment in self.open_segments() {
            let mut found = Vec::with_capacity(terms.len());
            for term in terms {
                found.push(match term.field {
                    Some(field) => segment.field(field).inverted.terms().get(&term.term)?,
                    None => None,
                });
            }
            segments.push(found);
        }
        Ok(Lookup { terms, segments })
    }
}
