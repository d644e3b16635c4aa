//! The index in use: opened, read through snapshots, kept up to date. What happens to its folder
//! is left to `health`, building it anew to `rebuild`.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use rayon::prelude::*;
use serde_json::json;
use tantivy::directory::error::LockError;
use tantivy::{IndexWriter, Searcher, TantivyError, Term};

use super::entry::Entry;
use super::fault::IndexFault;
use super::folder;
use super::generation::Generation;
use super::health::Health;
use super::lookup::OpenSegment;
use super::schema::{self, Fields};
use super::statistics::Statistics;
use crate::text::Analyzer;

/// Memory of the writer of daily changes before it writes a segment.
const WRITER_BYTES: usize = 64 << 20;
/// Documents analysed at once, on all cores, before they are handed to the writer.
const BATCH_DOCUMENTS: usize = 1_000;

/// Why the index did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Another process writes this index.
    #[error("another process is writing the index")]
    Busy,
    /// The folder or a file of the index cannot be read or written.
    #[error("index folder {path}: {source}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What happened.
        #[source]
        source: io::Error,
    },
    /// tantivy failed.
    #[error("the index failed: {0}")]
    Tantivy(#[from] TantivyError),
}

/// 索引位置: up to which change of which store the index is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Life of the store.
    pub epoch: i64,
    /// Last change that is indexed.
    pub seq: i64,
}

/// 索引: labs, achievements and needs by their terms.
///
/// One process writes at a time; any number of threads read snapshots meanwhile.
pub struct Index {
    /// Folder of this version; `None` for an index in memory.
    folder: Option<PathBuf>,
    analyzer: Arc<Analyzer>,
    current: RwLock<Generation>,
    pub(super) writer: Mutex<Option<IndexWriter>>,
    pub(super) health: Mutex<Health>,
}

/// 快照: the index as it was at one commit, with pinned statistics.
pub struct Snapshot {
    searcher: Searcher,
    statistics: Arc<Statistics>,
    cursor: Option<Cursor>,
    fields: Fields,
    segments: Vec<Arc<OpenSegment>>,
}

impl Snapshot {
    /// `before` is an earlier one of the same index, of which much may be taken over.
    pub(super) fn with(
        searcher: Searcher,
        statistics: Arc<Statistics>,
        cursor: Option<Cursor>,
        fields: Fields,
        before: Option<&Self>,
    ) -> tantivy::Result<Self> {
        let known = before.map_or(&[][..], Self::open_segments);
        let segments = OpenSegment::open_all(&searcher, &fields, known)?;
        Ok(Self { searcher, statistics, cursor, fields, segments })
    }

    /// The statistics that scores are computed from.
    pub fn statistics(&self) -> &Arc<Statistics> {
        &self.statistics
    }

    /// Up to which change it is; `None` if it was never brought up to date.
    pub fn cursor(&self) -> Option<Cursor> {
        self.cursor
    }

    /// Number of documents.
    pub fn documents(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Number of segments.
    pub fn segments(&self) -> usize {
        self.searcher.segment_readers().len()
    }

    /// Row and revision of every document, in the order of the rows. Linear in their number.
    pub fn rows(&self) -> Vec<(i64, u64)> {
        let of_segment = |segment: &Arc<OpenSegment>| -> Vec<(i64, u64)> {
            let alive = segment.reader.doc_ids_alive();
            let row = |doc| segment.rows.first(doc).unwrap_or_default() as i64;
            let revision = |doc| segment.revisions.first(doc).unwrap_or_default();
            alive.map(|doc| (row(doc), revision(doc))).collect()
        };
        let mut rows: Vec<(i64, u64)> = self.segments.iter().flat_map(of_segment).collect();
        rows.sort_unstable();
        rows
    }

    pub(super) fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    pub(super) fn open_segments(&self) -> &[Arc<OpenSegment>] {
        &self.segments
    }

    pub(super) fn fields(&self) -> &Fields {
        &self.fields
    }
}

impl Index {
    /// Opens the index of this layout and dictionary below the folder `root`, with every file
    /// checked. If there is none, or anything about it is not as it was written, the index is
    /// empty and without a cursor until it is rebuilt. Nothing on disk is changed.
    ///
    /// # Errors
    /// If tantivy refuses the schema.
    pub fn open(root: &Path, analyzer: Arc<Analyzer>) -> Result<Self, IndexError> {
        // Another tantivy writes files that this one takes for damaged.
        let tantivy = crc32fast::hash(tantivy::version_string().as_bytes());
        let (layout, analysis) = (schema::fingerprint(), analyzer.fingerprint());
        let fingerprint = format!("{layout}-{tantivy:08x}-{analysis}");
        let folder = folder::of_version(root, &fingerprint);
        let index = Self::with(Some(folder.clone()), analyzer, Generation::empty()?);
        if let Some(name) = folder::current(&folder) {
            index.adopt(&folder, &name, None);
        } else if folder::has_current(&folder) {
            let reason = "CURRENT names no generation".to_owned();
            index.note(IndexFault::Damaged { reason });
        }
        Ok(index)
    }

    /// An empty index in memory, for evaluation and tests.
    ///
    /// # Errors
    /// If tantivy refuses the schema.
    pub fn in_memory(analyzer: Arc<Analyzer>) -> Result<Self, IndexError> {
        Ok(Self::with(None, analyzer, Generation::empty()?))
    }

    fn with(folder: Option<PathBuf>, analyzer: Arc<Analyzer>, current: Generation) -> Self {
        Self {
            folder,
            analyzer,
            current: RwLock::new(current),
            writer: Mutex::new(None),
            health: Mutex::new(Health::new()),
        }
    }

    /// The analyser of index and query.
    pub fn analyzer(&self) -> &Arc<Analyzer> {
        &self.analyzer
    }

    /// The index as it is now.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.generation().snapshot().clone()
    }

    /// Bytes on disk; 0 in memory.
    pub fn size_bytes(&self) -> u64 {
        self.generation().folder().map(folder::size_bytes).unwrap_or_default()
    }

    /// Whether the generation in use has no folder.
    pub fn is_in_memory(&self) -> bool {
        self.generation().folder().is_none()
    }

    /// Replaces the documents of `entries`, removes those of the rows `removed`, and commits
    /// all of it together with `cursor`. Snapshots taken later see it.
    ///
    /// # Errors
    /// [`IndexError::Busy`] if another process writes; otherwise if writing fails, and then
    /// nothing is changed and the next call begins anew.
    pub fn apply(
        &self,
        entries: &[Entry],
        removed: &[i64],
        cursor: Cursor,
    ) -> Result<(), IndexError> {
        let mut place = lock(&self.writer);
        let mut generation = self.generation();
        let mut writer = match place.take() {
            Some(writer) => writer,
            None => open_writer(generation.index(), WRITER_BYTES)?,
        };
        // A writer that has failed once may be dead; it is put back only if it has not.
        let fields = generation.snapshot().fields().clone();
        for row in removed.iter().copied().chain(entries.iter().map(|e| e.row)) {
            writer.delete_term(Term::from_field_u64(fields.row, row as u64));
        }
        add(&mut writer, entries, &self.analyzer, &fields)?;
        commit(&mut writer, cursor, &self.analyzer)?;
        *place = Some(writer);
        generation.refresh(&self.analyzer)?;
        generation.save_statistics();
        self.set_generation(generation);
        Ok(())
    }

    pub(super) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    pub(super) fn generation(&self) -> Generation {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_generation(&self, generation: Generation) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = generation;
    }

    /// Puts another generation into use; its writer is opened when it is needed.
    pub(super) fn put_into_use(&self, generation: Generation) {
        *lock(&self.writer) = None;
        self.set_generation(generation);
    }
}

/// Opens the only writer of an index, with that much memory before it writes a segment.
pub(super) fn open_writer(
    index: &tantivy::Index,
    memory_bytes: usize,
) -> Result<IndexWriter, IndexError> {
    match index.writer_with_num_threads(1, memory_bytes) {
        Ok(writer) => Ok(writer),
        Err(TantivyError::LockFailure(LockError::LockBusy, _)) => Err(IndexError::Busy),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn add(
    writer: &mut IndexWriter,
    entries: &[Entry],
    analyzer: &Analyzer,
    fields: &Fields,
) -> tantivy::Result<()> {
    for batch in entries.chunks(BATCH_DOCUMENTS) {
        if batch.len() < BATCH_DOCUMENTS {
            // Daily changes leave the other cores to those who are waiting for answers.
            for entry in batch {
                writer.add_document(entry.document(analyzer, fields))?;
            }
            continue;
        }
        let documents: Vec<_> =
            batch.par_iter().map(|entry| entry.document(analyzer, fields)).collect();
        for document in documents {
            writer.add_document(document)?;
        }
    }
    Ok(())
}

pub(super) fn commit(
    writer: &mut IndexWriter,
    cursor: Cursor,
    analyzer: &Analyzer,
) -> tantivy::Result<()> {
    let payload = json!({
        "feed_epoch": cursor.epoch,
        "seq": cursor.seq,
        "schema": schema::fingerprint(),
        "analyzer": analyzer.fingerprint(),
    });
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&payload.to_string());
    prepared.commit()?;
    Ok(())
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
