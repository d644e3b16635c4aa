//! The terms of a query, looked up once.

use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::{DocId, InvertedIndexReader, Searcher, SegmentReader};

use super::candidates::{Scope, WeightedTerm};
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
    public: Column<u64>,
    /// Dates, maturities and modes, packed.
    pub facts: Column<u64>,
    /// A bit for each document that is there and is evidence of a lab …
    evidence: Vec<u64>,
    /// … and that everybody may see.
    public_evidence: Vec<u64>,
    /// The runs of characters of titles and texts.
    pub forward: Column<u64>,
    fields: [FieldReader; SearchField::ALL.len()],
}

impl OpenSegment {
    /// Opens the fields of all segments, and takes over those that are `known` and have lost no
    /// document since. Linear in the documents of the others.
    pub fn open_all(
        searcher: &Searcher,
        fields: &Fields,
        known: &[Arc<Self>],
    ) -> tantivy::Result<Vec<Arc<Self>>> {
        let open = |segment: &SegmentReader, field: SearchField| {
            let handle = fields.text(field);
            Ok::<_, tantivy::TantivyError>(FieldReader {
                inverted: segment.inverted_index(handle)?,
                norms: segment.get_fieldnorms_reader(fields.text(field.of_length()))?,
            })
        };
        let segments = searcher.segment_readers().iter().map(|segment| {
            let is_same = |known: &&Arc<Self>| {
                known.reader.segment_id() == segment.segment_id()
                    && known.reader.num_docs() == segment.num_docs()
            };
            if let Some(known) = known.iter().find(is_same) {
                return Ok(known.clone());
            }
            let [a, b, c, d, e] = SearchField::ALL.map(|field| open(segment, field));
            let columns = segment.fast_fields();
            let (labs, public) = (columns.u64("labs")?, columns.u64("public")?);
            let mut evidence = vec![0; segment.max_doc() as usize / 64 + 1];
            let mut public_evidence = evidence.clone();
            for doc in
                segment.doc_ids_alive().filter(|doc| !labs.index.value_row_ids(*doc).is_empty())
            {
                let (at, bit) = (doc as usize / 64, 1 << (doc % 64));
                evidence[at] |= bit;
                if public.first(doc) == Some(1) {
                    public_evidence[at] |= bit;
                }
            }
            Ok(Arc::new(Self {
                evidence,
                public_evidence,
                reader: segment.clone(),
                rows: columns.u64("row")?,
                revisions: columns.u64("revision")?,
                kinds: columns.u64("kind")?,
                labs,
                public,
                facts: columns.u64("facts")?,
                forward: columns.u64("forward")?,
                fields: [a?, b?, c?, d?, e?],
            }))
        });
        segments.collect()
    }

    /// Whether everybody may see a document.
    pub fn is_public(&self, doc: DocId) -> bool {
        self.public.first(doc) == Some(1)
    }

    /// Whether a document is evidence of a lab in the scope.
    pub fn is_in(&self, doc: DocId, scope: Scope<'_>) -> bool {
        let bits = if scope.public_only { &self.public_evidence } else { &self.evidence };
        let may = bits[doc as usize / 64] >> (doc % 64) & 1 == 1;
        let mut labs = self.labs.values_for_doc(doc);
        may && (scope.labs.is_none() || labs.any(|row| scope.has_lab(row as i64)))
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
pub struct Lookup {
    pub(super) terms: Arc<[WeightedTerm]>,
    pub(super) segments: Vec<Vec<Option<TermInfo>>>,
}

impl Snapshot {
    /// Looks up the terms that have lists. Linear in their number, times the number of segments.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn look_up(&self, terms: &Arc<[WeightedTerm]>) -> tantivy::Result<Lookup> {
        let mut segments = Vec::with_capacity(self.open_segments().len());
        for segment in self.open_segments() {
            let mut found = Vec::with_capacity(terms.len());
            for term in terms.iter() {
                found.push(match term.field {
                    Some(field) => segment.field(field).inverted.terms().get(&*term.term)?,
                    None => None,
                });
            }
            segments.push(found);
        }
        Ok(Lookup { terms: terms.clone(), segments })
    }
}
