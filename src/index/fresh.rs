//! Records that have moved on since they were indexed, as a small index of their own.
//!
//! The index is always a little behind the store. Whoever finds that a record's text is not
//! the one that was indexed asks here instead: the same fields, the same terms, the same
//! statistics, so that a record scores as it will once the index has caught up.

use tantivy::directory::RamDirectory;
use tantivy::{IndexReader, ReloadPolicy};

use super::entry::Entry;
use super::live::Snapshot;
use super::schema;
use crate::text::Analyzer;

/// Memory of the writer: what it holds before it writes its only segment.
const WRITER_BYTES: usize = 16 << 20;

impl Snapshot {
    /// A snapshot in memory of nothing but `entries`, with the statistics of this one. Linear
    /// in their length.
    ///
    /// # Errors
    /// If tantivy refuses them.
    pub fn of_fresh(&self, entries: &[Entry], analyzer: &Analyzer) -> tantivy::Result<Self> {
        let (schema, fields) = schema::schema();
        let builder = tantivy::Index::builder().schema(schema);
        let mut writer = builder
            .tokenizers(schema::tokenizers())
            .single_segment_index_writer(RamDirectory::create(), WRITER_BYTES)?;
        for entry in entries {
            writer.add_document(entry.document(analyzer, &fields))?;
        }
        let reader: IndexReader =
            writer.finalize()?.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Self::with(reader.searcher(), self.statistics().clone(), self.cursor(), fields, None)
    }
}
