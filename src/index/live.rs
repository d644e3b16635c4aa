//! The index in use: opened, read through snapshots, kept up to date, rebuilt.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use serde_json::json;
use tantivy::directory::error::LockError;
use tantivy::{IndexWriter, Searcher, TantivyError, Term};

use super::entry::Entry;
use super::fault::{self, Examination, IndexFault};
use super::folder;
use super::generation::Generation;
use super::lookup::OpenSegment;
use super::schema::{self, Fields};
use super::statistics::Statistics;
use crate::text::Analyzer;

/// Memory of the writer before it writes a segment, per thread.
const WRITER_BYTES: usize = 64 << 20;
/// Documents analysed at once before they are handed to the writer.
const BATCH_DOCUMENTS: usize = 2_000;
/// How often all files of the index are read again to see whether the disk still has them.
const CHECK_EVERY: Duration = Duration::from_hours(24);
/// A folder that can be written, but not with a whole index (a full disk), is tried again
/// after this.
const RETRY_AFTER: Duration = Duration::from_mins(10);

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
    writer: Mutex<Option<IndexWriter>>,
    health: Mutex<Health>,
}

/// What is known of the folder.
struct Health {
    fault: Option<IndexFault>,
    /// A generation that cannot be used, not to be opened again.
    refused: Option<String>,
    /// When all files were last read.
    checked: Instant,
    /// Not to be written before this.
    retry_at: Option<Instant>,
    /// Keeps other versions from removing the folder.
    claim: Option<File>,
}

/// 快照: the index as it was at one commit, with pinned statistics.
pub struct Snapshot {
    searcher: Searcher,
    statistics: Arc<Statistics>,
    cursor: Option<Cursor>,
    fields: Fields,
    segments: Vec<OpenSegment>,
}

impl Snapshot {
    pub(super) fn new(
        searcher: Searcher,
        statistics: Arc<Statistics>,
        cursor: Option<Cursor>,
        fields: Fields,
        segments: Vec<OpenSegment>,
    ) -> Self {
        Self { searcher, statistics, cursor, fields, segments }
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
        let of_segment = |segment: &OpenSegment| -> Vec<(i64, u64)> {
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

    pub(super) fn open_segments(&self) -> &[OpenSegment] {
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
        let checked = Instant::now();
        let health = Health { fault: None, refused: None, checked, retry_at: None, claim: None };
        Self {
            folder,
            analyzer,
            current: RwLock::new(current),
            writer: Mutex::new(None),
            health: Mutex::new(health),
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

    /// What is wrong with the folder, as far as it was noticed. Answers are right all the same.
    pub fn fault(&self) -> Option<IndexFault> {
        lock(&self.health).fault.clone()
    }

    /// Whether the generation in use has no folder.
    pub fn is_in_memory(&self) -> bool {
        self.generation().folder().is_none()
    }

    /// Whether changes can be applied to the generation in use: its folder is as it should
    /// be, or it has none.
    pub fn is_writable(&self) -> bool {
        self.is_in_memory() || self.fault().is_none()
    }

    /// Whether a rebuild on disk would mend something and may succeed.
    pub fn wants_rebuild(&self) -> bool {
        let Some(folder) = &self.folder else { return false };
        let (fault, retry_at) = {
            let health = lock(&self.health);
            (health.fault.clone(), health.retry_at)
        };
        match fault {
            None => false,
            Some(IndexFault::Unwritable { .. }) => {
                retry_at.is_none_or(|time| Instant::now() >= time) && folder::probe(folder).is_ok()
            }
            Some(_) => true,
        }
    }

    /// Looks at the folder: takes over what another process has built or committed, and
    /// notices what is no longer as it was written. Only an index of the store's life `epoch`
    /// is taken over. Cheap: names, sizes and times.
    pub fn look(&self, epoch: i64) {
        let Some(folder) = &self.folder else { return };
        self.claim(folder);
        let own = self.generation().name().map(str::to_owned);
        match folder::current(folder) {
            Some(name) if own.as_ref() != Some(&name) => self.adopt(folder, &name, Some(epoch)),
            None if own.is_some() => self.note(IndexFault::Missing),
            _ => {}
        }
        let mut generation = self.generation();
        if generation.folder().is_none() {
            return;
        }
        // A file may go because another process has merged it away meanwhile; then the second
        // round sees the merged one.
        for _ in 0..2 {
            if let Err(error) = generation.refresh(&self.analyzer) {
                return self.note(IndexFault::Damaged { reason: error.to_string() });
            }
            if generation.snapshot().cursor().is_none_or(|cursor| cursor.epoch != epoch) {
                return self.note(IndexFault::Foreign);
            }
            match generation.check_files() {
                Ok(()) => {
                    generation.save_statistics();
                    break;
                }
                Err(_) if generation.is_outdated() => {}
                Err(reason) => {
                    self.note(IndexFault::Damaged { reason });
                    break;
                }
            }
        }
        self.set_generation(generation);
    }

    /// Puts the generation `name` into use, if it is sound, of the store's life `epoch` (if
    /// that is known), and not behind one that is kept in memory.
    fn adopt(&self, folder: &Path, name: &str, epoch: Option<i64>) {
        if lock(&self.health).refused.as_deref() == Some(name) {
            return;
        }
        let own = self.snapshot().cursor();
        let in_memory = self.is_in_memory();
        let fault = match Generation::open(folder, name, &self.analyzer) {
            Ok(opened) => {
                let theirs = opened.snapshot().cursor();
                let known = epoch.is_none_or(|epoch| theirs.is_some_and(|c| c.epoch == epoch));
                let behind = in_memory
                    && own.zip(theirs).is_some_and(|(own, theirs)| {
                        own.epoch == theirs.epoch && theirs.seq < own.seq
                    });
                if known && !behind {
                    *lock(&self.writer) = None;
                    self.set_generation(opened);
                    return self.mend();
                }
                IndexFault::Foreign
            }
            Err(error) => IndexFault::Damaged { reason: format!("{name}: {error}") },
        };
        lock(&self.health).refused = Some(name.to_owned());
        self.note(fault);
    }

    /// Whether all files were not read for a day.
    pub fn is_check_due(&self) -> bool {
        lock(&self.health).checked.elapsed() >= CHECK_EVERY
    }

    /// Reads all files of the generation in use as they are on disk. What is found wrong is
    /// to be mended after the next look.
    pub fn check_files(&self) {
        lock(&self.health).checked = Instant::now();
        let generation = self.generation();
        let Some(folder) = generation.folder() else { return };
        let damaged = fault::damaged_files(folder, &self.analyzer);
        generation.clone().save_lost_statistics();
        // Files that another process has merged away meanwhile are not damaged.
        if let (Some((file, reason)), false) = (damaged.first(), generation.is_outdated()) {
            self.note(IndexFault::Damaged { reason: format!("{file}: {reason}") });
        }
    }

    /// Looks at the folder as a doctor: reads everything, changes nothing. `None` for an index
    /// in memory.
    pub fn examine(&self) -> Option<Examination> {
        self.folder.as_ref().map(|folder| fault::examine(folder, &self.analyzer))
    }

    /// Remembers that the folder cannot be written.
    pub fn note_unwritable(&self, error: &IndexError) {
        let Some(folder) = &self.folder else { return };
        let retry_at = folder::probe(folder).is_ok().then(|| Instant::now() + RETRY_AFTER);
        *lock(&self.writer) = None;
        self.note(IndexFault::Unwritable { reason: error.to_string() });
        lock(&self.health).retry_at = retry_at;
    }

    /// Removes the indexes of other versions that nobody has open.
    pub fn remove_other_versions(&self) {
        if let Some(folder) = &self.folder {
            folder::remove_unused(folder, true);
        }
    }

    /// An unwritable folder stays what it is until something was written there.
    fn note(&self, fault: IndexFault) {
        let mut health = lock(&self.health);
        let unwritable = matches!(health.fault, Some(IndexFault::Unwritable { .. }));
        let replaces = !unwritable || matches!(fault, IndexFault::Unwritable { .. });
        if replaces && health.fault.as_ref() != Some(&fault) {
            tracing::error!(%fault, "something is wrong with the folder of the index");
            health.fault = Some(fault);
        }
    }

    pub(super) fn mend(&self) {
        let mut health = lock(&self.health);
        if health.fault.take().is_some() {
            tracing::info!("the index on disk is right again");
        }
        (health.refused, health.retry_at) = (None, None);
        health.checked = Instant::now();
    }

    fn claim(&self, folder: &Path) {
        let mut health = lock(&self.health);
        if health.claim.is_none() && folder.is_dir() {
            // Where nothing can be written nobody removes anything either.
            health.claim = folder::claim(folder).ok();
            folder::remove_unused(folder, false);
        }
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
            None => open_writer(generation.index())?,
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

    fn generation(&self) -> Generation {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_generation(&self, generation: Generation) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = generation;
    }

    /// Puts a generation into use with the writer that has filled it.
    pub(super) fn put_into_use(&self, generation: Generation, writer: IndexWriter) {
        *lock(&self.writer) = Some(writer);
        self.set_generation(generation);
    }
}

pub(super) fn open_writer(index: &tantivy::Index) -> Result<IndexWriter, IndexError> {
    match index.writer_with_num_threads(1, WRITER_BYTES) {
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
