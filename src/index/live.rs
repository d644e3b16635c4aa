//! The index in use: opened, read through snapshots, kept up to date, rebuilt.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rayon::prelude::*;
use serde_json::{Value, json};
use tantivy::directory::error::LockError;
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyError, Term};

use super::entry::Entry;
use super::generation;
use super::lookup::OpenSegment;
use super::schema::{self, Fields};
use super::statistics::Statistics;
use crate::text::Analyzer;

/// Memory of the writer before it writes a segment, per thread.
const WRITER_BYTES: usize = 64 << 20;
/// Documents analysed at once before they are handed to the writer.
const BATCH_DOCUMENTS: usize = 2_000;
/// Statistics are counted anew when the number of documents has moved by more than one in
/// this many since they were pinned …
const DRIFT_DIVISOR: u64 = 20;
/// … and after every commit while there are fewer documents than this.
const PINNED_DOCUMENTS_MIN: u64 = 5_000;
/// Name of a generation that has no folder.
const IN_MEMORY: &str = "memory";
const STATISTICS_FILE: &str = "duijie-statistics.bin";

/// Why the index did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Another process writes this index.
    #[error("another process is writing the index")]
    Busy,
    /// Another version or dictionary has put its index into use in the same folder.
    #[error("the index in the folder belongs to another version or dictionary")]
    TakenOver,
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
    /// `None` for an index in memory.
    root: Option<PathBuf>,
    analyzer: Arc<Analyzer>,
    current: RwLock<Generation>,
    writer: Mutex<Option<IndexWriter>>,
    /// The generation in use on disk is one that this process cannot read.
    taken_over: AtomicBool,
}

#[derive(Clone)]
struct Generation {
    name: String,
    /// Number of the commit that the snapshot shows.
    opstamp: u64,
    index: tantivy::Index,
    reader: IndexReader,
    snapshot: Arc<Snapshot>,
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
    pub(super) fn with(
        searcher: Searcher,
        statistics: Arc<Statistics>,
        cursor: Option<Cursor>,
        fields: Fields,
    ) -> tantivy::Result<Self> {
        let segments = OpenSegment::open_all(&searcher, &fields)?;
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
    /// Opens the index in `root`. If there is none, it is damaged, or it was built with
    /// another layout or dictionary, the index is empty and without a cursor until it is
    /// rebuilt; what is on disk stays until then.
    ///
    /// # Errors
    /// If tantivy refuses the schema.
    pub fn open(root: &Path, analyzer: Arc<Analyzer>) -> Result<Self, IndexError> {
        let current = match open_current(root, &analyzer) {
            Some(generation) => generation,
            None => Generation::empty()?,
        };
        Ok(Self::with(Some(root.to_owned()), analyzer, current))
    }

    /// An empty index in memory, for evaluation and tests.
    ///
    /// # Errors
    /// If tantivy refuses the schema.
    pub fn in_memory(analyzer: Arc<Analyzer>) -> Result<Self, IndexError> {
        Ok(Self::with(None, analyzer, Generation::empty()?))
    }

    fn with(root: Option<PathBuf>, analyzer: Arc<Analyzer>, current: Generation) -> Self {
        Self {
            root,
            analyzer,
            current: RwLock::new(current),
            writer: Mutex::new(None),
            taken_over: AtomicBool::new(false),
        }
    }

    /// The analyser of index and query.
    pub fn analyzer(&self) -> &Arc<Analyzer> {
        &self.analyzer
    }

    /// The index as it is now.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.generation().snapshot
    }

    /// Bytes on disk; 0 in memory.
    pub fn size_bytes(&self) -> u64 {
        self.root
            .as_ref()
            .map(|root| generation::size_bytes(&root.join(self.generation().name)))
            .unwrap_or_default()
    }

    /// Whether another process, with another dictionary or version, has put an index into use
    /// that this one cannot read. Answers go on from the old snapshot, which follows no more.
    pub fn is_taken_over(&self) -> bool {
        self.taken_over.load(Ordering::Relaxed)
    }

    /// Takes over the generation that another process has built, if there is a new one, and
    /// what another process has committed.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn refresh(&self) -> Result<(), IndexError> {
        let Some(root) = &self.root else { return Ok(()) };
        let mut generation = self.generation();
        if generation::current(root).is_some_and(|name| name != generation.name) {
            let newer = open_current(root, &self.analyzer);
            let lost = newer.is_none() && generation.snapshot.cursor.is_some();
            if lost && !self.taken_over.swap(true, Ordering::Relaxed) {
                tracing::error!("another version or dictionary has put its index into use here");
            }
            let Some(newer) = newer else { return Ok(()) };
            *lock(&self.writer) = None;
            self.taken_over.store(false, Ordering::Relaxed);
            generation = newer;
        }
        generation.refresh(self.statistics_path(&generation.name).as_deref(), &self.analyzer)?;
        self.set_generation(generation);
        Ok(())
    }

    /// Replaces the documents of `entries`, removes those of the rows `removed`, and commits
    /// all of it together with `cursor`. Snapshots taken later see it.
    ///
    /// # Errors
    /// [`IndexError::Busy`] if another process writes; otherwise if writing fails, and then
    /// nothing is changed.
    pub fn apply(
        &self,
        entries: &[Entry],
        removed: &[i64],
        cursor: Cursor,
    ) -> Result<(), IndexError> {
        if self.is_taken_over() {
            return Err(IndexError::TakenOver);
        }
        let mut writer = lock(&self.writer);
        let mut generation = self.generation();
        let writer = match &mut *writer {
            Some(writer) => writer,
            none => none.insert(open_writer(&generation.index)?),
        };
        let fields = &generation.snapshot.fields;
        let outcome = (|| {
            for row in removed.iter().copied().chain(entries.iter().map(|e| e.row)) {
                writer.delete_term(Term::from_field_u64(fields.row, row as u64));
            }
            add(writer, entries, &self.analyzer, fields)?;
            commit(writer, cursor, &self.analyzer)
        })();
        if let Err(error) = outcome {
            writer.rollback()?;
            return Err(error.into());
        }
        generation.refresh(self.statistics_path(&generation.name).as_deref(), &self.analyzer)?;
        self.set_generation(generation);
        Ok(())
    }

    /// Begins a new generation, to be filled with all entries and then put into use. Waits
    /// while another process does the same.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn start_rebuild(self: Arc<Self>) -> Result<Rebuild, IndexError> {
        let (alone, begun) = match &self.root {
            Some(root) => {
                let alone = generation::lock(root).map_err(|e| folder_error(root, e))?;
                (Some(alone), Generation::create(root)?)
            }
            None => (None, Generation::empty()?),
        };
        let writer = open_writer(&begun.index)?;
        Ok(Rebuild { index: self, begun, writer, _alone: alone })
    }

    fn generation(&self) -> Generation {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_generation(&self, generation: Generation) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = generation;
    }

    fn statistics_path(&self, generation: &str) -> Option<PathBuf> {
        let root = self.root.as_ref().filter(|_| generation != IN_MEMORY);
        root.map(|root| root.join(generation).join(STATISTICS_FILE))
    }
}

/// A generation being built.
pub struct Rebuild {
    index: Arc<Index>,
    begun: Generation,
    writer: IndexWriter,
    /// Keeps other processes from building or switching meanwhile.
    _alone: Option<File>,
}

impl Rebuild {
    /// Adds entries whose rows were not added before.
    ///
    /// # Errors
    /// If writing fails.
    pub fn add(&mut self, entries: &[Entry]) -> Result<(), IndexError> {
        let fields = &self.begun.snapshot.fields;
        Ok(add(&mut self.writer, entries, &self.index.analyzer, fields)?)
    }

    /// Commits what was added and puts it into use in place of the generation before.
    ///
    /// # Errors
    /// If writing fails; the generation before stays in use then.
    pub fn finish(mut self, cursor: Cursor) -> Result<(), IndexError> {
        commit(&mut self.writer, cursor, &self.index.analyzer)?;
        let mut begun = self.begun;
        let index = &self.index;
        begun.refresh(index.statistics_path(&begun.name).as_deref(), &index.analyzer)?;
        if let Some(root) = &index.root {
            generation::switch(root, &begun.name).map_err(|e| folder_error(root, e))?;
        }
        *lock(&index.writer) = Some(self.writer);
        index.taken_over.store(false, Ordering::Relaxed);
        index.set_generation(begun);
        Ok(())
    }
}

impl Generation {
    fn create(root: &Path) -> Result<Self, IndexError> {
        let (name, folder) = generation::create(root).map_err(|e| folder_error(root, e))?;
        let (schema, _) = schema::schema();
        let index = tantivy::Index::create_in_dir(&folder, schema)?;
        Self::load(name, index, None)
    }

    /// Nothing, in memory.
    fn empty() -> Result<Self, IndexError> {
        let (schema, _) = schema::schema();
        Self::load(IN_MEMORY.to_owned(), tantivy::Index::create_in_ram(schema), None)
    }

    /// Opens the last commit, with saved statistics if there are any.
    fn load(
        name: String,
        index: tantivy::Index,
        statistics: Option<Statistics>,
    ) -> Result<Self, IndexError> {
        let index = schema::prepare(index);
        let reader: IndexReader =
            index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let (_, fields) = schema::schema();
        let searcher = reader.searcher();
        let statistics = match statistics {
            Some(statistics) => statistics,
            None => Statistics::count(&searcher, &fields)?,
        };
        let statistics = Arc::new(statistics);
        let snapshot = Arc::new(Snapshot::with(searcher, statistics, None, fields)?);
        Ok(Self { name, opstamp: u64::MAX, index, reader, snapshot })
    }

    /// Takes a snapshot of the last commit; pins new statistics if the documents have
    /// changed too much for the old ones.
    fn refresh(
        &mut self,
        statistics_path: Option<&Path>,
        analyzer: &Analyzer,
    ) -> Result<(), IndexError> {
        let meta = self.index.load_metas()?;
        if meta.opstamp == self.opstamp {
            return Ok(());
        }
        self.opstamp = meta.opstamp;
        self.reader.reload()?;
        let searcher = self.reader.searcher();
        let fields = self.snapshot.fields.clone();
        let pinned = &self.snapshot.statistics;
        let documents = searcher.num_docs();
        let counted = super::SearchField::ALL.map(|field| pinned.documents(field));
        let counted = counted[super::SearchField::Words.ordinal()]
            + counted[super::SearchField::NeedWords.ordinal()];
        let drifted = documents.abs_diff(counted) > counted / DRIFT_DIVISOR;
        let statistics = if drifted || documents < PINNED_DOCUMENTS_MIN {
            let statistics = Statistics::count(&searcher, &fields)?;
            if let Some(path) = statistics_path {
                // Without the file the statistics are counted again at the next start.
                if let Err(error) = statistics.save(path) {
                    tracing::warn!(%error, path = %path.display(), "statistics not saved");
                }
            }
            Arc::new(statistics)
        } else {
            pinned.clone()
        };
        let cursor = meta.payload.as_deref().and_then(|payload| parse_payload(payload, analyzer));
        self.snapshot = Arc::new(Snapshot::with(searcher, statistics, cursor, fields)?);
        Ok(())
    }
}

/// The generation in use, if it can be opened and fits this binary and dictionary.
fn open_current(root: &Path, analyzer: &Analyzer) -> Option<Generation> {
    let name = generation::current(root)?;
    let folder = root.join(&name);
    let opened = (|| {
        let index = tantivy::Index::open_in_dir(&folder)?;
        let payload = index.load_metas()?.payload.unwrap_or_default();
        if parse_payload(&payload, analyzer).is_none() {
            return Ok(None);
        }
        let path = folder.join(STATISTICS_FILE);
        let mut generation = Generation::load(name.clone(), index, Statistics::load(&path))?;
        generation.refresh(Some(&path), analyzer)?;
        Ok::<_, IndexError>(Some(generation))
    })();
    match opened {
        Ok(found) => found,
        Err(error) => {
            tracing::warn!(%error, generation = name, "index unusable, it will be rebuilt");
            None
        }
    }
}

fn open_writer(index: &tantivy::Index) -> Result<IndexWriter, IndexError> {
    match index.writer_with_num_threads(1, WRITER_BYTES) {
        Ok(writer) => Ok(writer),
        Err(TantivyError::LockFailure(LockError::LockBusy, _)) => Err(IndexError::Busy),
        Err(error) => Err(error.into()),
    }
}

fn add(
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

fn commit(writer: &mut IndexWriter, cursor: Cursor, analyzer: &Analyzer) -> tantivy::Result<()> {
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

/// The cursor of a commit that was made with this layout and dictionary.
fn parse_payload(payload: &str, analyzer: &Analyzer) -> Option<Cursor> {
    let payload: Value = serde_json::from_str(payload).ok()?;
    let fits =
        payload["schema"] == schema::fingerprint() && payload["analyzer"] == analyzer.fingerprint();
    fits.then_some(())?;
    Some(Cursor { epoch: payload["feed_epoch"].as_i64()?, seq: payload["seq"].as_i64()? })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn folder_error(path: &Path, source: io::Error) -> IndexError {
    IndexError::Folder { path: path.to_owned(), source }
}
