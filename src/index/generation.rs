//! One generation, opened: its last commit as a snapshot, and whether its files still are what
//! was opened.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use std::{fs, io};

use rayon::prelude::*;
use serde_json::Value;
use tantivy::directory::{Directory, FileHandle};
use tantivy::index::SegmentId;
use tantivy::{IndexMeta, IndexReader, Opstamp, ReloadPolicy, Searcher, TantivyError};

use super::live::{Cursor, IndexError, Snapshot};
use super::resident::{self, ResidentDirectory};
use super::schema;
use super::statistics::Statistics;
use super::{SearchField, folder};
use crate::text::Analyzer;

/// Statistics are counted anew when the number of documents has moved by more than one in
/// this many since they were pinned …
const DRIFT_DIVISOR: u64 = 10;
/// … and after every commit while there are fewer documents than this.
const PINNED_DOCUMENTS_MIN: u64 = 1_000;
/// Name of the file with the pinned statistics.
pub(super) const STATISTICS_FILE: &str = "duijie-statistics.bin";
/// Endings of the files that every segment has.
const SEGMENT_FILES: [&str; 6] = ["idx", "pos", "term", "store", "fast", "fieldnorm"];

/// An opened generation, on disk or in memory.
#[derive(Clone)]
pub(super) struct Generation {
    index: tantivy::Index,
    snapshot: Arc<Snapshot>,
    /// The commit that the snapshot shows.
    commit: Commit,
    /// `None` in memory.
    disk: Option<OnDisk>,
}

/// What tells one state of `meta.json` from another: merges change the segments without a
/// commit.
#[derive(Clone, PartialEq, Eq)]
struct Commit {
    opstamp: Opstamp,
    payload: Option<String>,
    segments: Vec<(SegmentId, Option<Opstamp>)>,
}

#[derive(Clone)]
struct OnDisk {
    name: String,
    folder: PathBuf,
    directory: ResidentDirectory,
    files: Vec<KnownFile>,
    statistics_saved: bool,
}

/// A file as it was when it was opened.
#[derive(Clone)]
struct KnownFile {
    path: PathBuf,
    size_bytes: u64,
    modified: Option<SystemTime>,
}

impl Generation {
    /// Nothing, in memory.
    pub fn empty() -> Result<Self, IndexError> {
        let (schema, _) = schema::schema();
        Self::load(tantivy::Index::create_in_ram(schema), None, None, None)
    }

    /// An empty generation in a new folder of `version`.
    pub fn create(version: &Path) -> Result<Self, IndexError> {
        let (name, folder) = folder::create(version)
            .map_err(|source| IndexError::Folder { path: version.to_owned(), source })?;
        let (schema, _) = schema::schema();
        let directory = ResidentDirectory::open(&folder).map_err(TantivyError::from)?;
        let index =
            tantivy::Index::create(directory.clone(), schema, tantivy::IndexSettings::default())?;
        let disk = OnDisk { name, folder, directory, files: Vec::new(), statistics_saved: false };
        Self::load(index, Some(disk), None, None)
    }

    /// Opens the last commit of a generation of `version`, with every file checked.
    ///
    /// # Errors
    /// If anything about it is not as it was written.
    pub fn open(version: &Path, name: &str, analyzer: &Analyzer) -> Result<Self, IndexError> {
        guarded(|| {
            let folder = version.join(name);
            let directory = ResidentDirectory::open(&folder).map_err(TantivyError::from)?;
            let index = tantivy::Index::open(directory.clone())?;
            // Held until the reader has them.
            let _read = read_all(&index, &directory)?;
            let statistics = Statistics::load(&folder.join(STATISTICS_FILE));
            let statistics_saved = statistics.is_some();
            let name = name.to_owned();
            let disk = OnDisk { name, folder, directory, files: Vec::new(), statistics_saved };
            let opened = Self::load(index, Some(disk), statistics.map(Arc::new), Some(analyzer))?;
            if opened.snapshot.cursor().is_none() {
                let unfit = "meta.json names no position of the store";
                return Err(TantivyError::InternalError(unfit.to_owned()).into());
            }
            Ok(opened)
        })
    }

    fn load(
        index: tantivy::Index,
        disk: Option<OnDisk>,
        pinned: Option<Arc<Statistics>>,
        analyzer: Option<&Analyzer>,
    ) -> Result<Self, IndexError> {
        let (index, mut disk) = (schema::prepare(index), disk);
        let metas = index.load_metas()?;
        let (commit, snapshot) = show(&index, &metas, disk.as_mut(), pinned, None, analyzer)?;
        Ok(Self { index, snapshot, commit, disk })
    }

    /// Takes a snapshot of the last commit, and pins new statistics if the documents have
    /// changed too much for the old ones; nothing if it is the commit at hand.
    ///
    /// # Errors
    /// If the commit is not as it was written.
    pub fn refresh(&mut self, analyzer: &Analyzer) -> Result<(), IndexError> {
        guarded(|| {
            let metas = self.index.load_metas()?;
            if Commit::of(&metas) == self.commit {
                return Ok(());
            }
            let before = self.snapshot.clone();
            let (pinned, disk) = (Some(before.statistics().clone()), self.disk.as_mut());
            (self.commit, self.snapshot) =
                show(&self.index, &metas, disk, pinned, Some(&before), Some(analyzer))?;
            Ok(())
        })
    }

    /// The index, to be written.
    pub fn index(&self) -> &tantivy::Index {
        &self.index
    }

    /// Its last commit.
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    /// Its folder; `None` in memory.
    pub fn folder(&self) -> Option<&Path> {
        self.disk.as_ref().map(|disk| disk.folder.as_path())
    }

    /// The name of its folder; `None` in memory.
    pub fn name(&self) -> Option<&str> {
        self.disk.as_ref().map(|disk| disk.name.as_str())
    }

    /// Whether the files on disk still are what was opened; looks at sizes and times only,
    /// and reads a file whose time has changed.
    ///
    /// # Errors
    /// What is wrong, in English.
    pub fn check_files(&mut self) -> Result<(), String> {
        let Some(disk) = &mut self.disk else { return Ok(()) };
        if let Some(damaged) = disk.directory.damaged() {
            return Err(format!("{} has changed since it was opened", damaged.display()));
        }
        for file in &mut disk.files {
            let wrong = |error: io::Error| format!("{}: {error}", file.path.display());
            let found = fs::metadata(&file.path).map_err(wrong)?;
            if found.len() != file.size_bytes {
                let (is, was) = (found.len(), file.size_bytes);
                return Err(format!("{} has {is} bytes, not {was}", file.path.display()));
            }
            if found.modified().ok() != file.modified {
                resident::check_on_disk(&file.path).map_err(wrong)?;
                file.modified = found.modified().ok();
            }
        }
        Ok(())
    }

    /// Whether another process has changed `meta.json` since the snapshot was taken.
    pub fn is_outdated(&self) -> bool {
        self.index.load_metas().is_ok_and(|metas| Commit::of(&metas) != self.commit)
    }

    /// Saves the statistics for the next start, if they are not saved yet.
    pub fn save_statistics(&mut self) {
        let Some(disk) = self.disk.as_mut().filter(|disk| !disk.statistics_saved) else { return };
        let path = disk.folder.join(STATISTICS_FILE);
        // Without the file the statistics are counted again at the next start.
        match self.snapshot.statistics().save(&path) {
            Ok(()) => disk.statistics_saved = true,
            Err(error) => {
                tracing::warn!(%error, path = %path.display(), "statistics not saved");
            }
        }
    }

    /// Saves the statistics again if the file cannot be read any more.
    pub fn save_lost_statistics(&mut self) {
        if let Some(disk) = &mut self.disk {
            disk.statistics_saved = Statistics::load(&disk.folder.join(STATISTICS_FILE)).is_some();
        }
        self.save_statistics();
    }
}

impl Commit {
    fn of(metas: &IndexMeta) -> Self {
        let segments = metas.segments.iter().map(|s| (s.id(), s.delete_opstamp()));
        Self::sorted(metas, segments.collect())
    }

    fn shown_by(searcher: &Searcher, metas: &IndexMeta) -> Self {
        let segments = searcher.segment_readers().iter();
        Self::sorted(metas, segments.map(|s| (s.segment_id(), s.delete_opstamp())).collect())
    }

    fn sorted(metas: &IndexMeta, mut segments: Vec<(SegmentId, Option<Opstamp>)>) -> Self {
        segments.sort_unstable();
        Self { opstamp: metas.opstamp, payload: metas.payload.clone(), segments }
    }
}

/// The last commit as a snapshot. `metas` were read before: what is newer than their cursor is
/// taken over once more, which changes nothing.
fn show(
    index: &tantivy::Index,
    metas: &IndexMeta,
    mut disk: Option<&mut OnDisk>,
    pinned: Option<Arc<Statistics>>,
    before: Option<&Snapshot>,
    analyzer: Option<&Analyzer>,
) -> Result<(Commit, Arc<Snapshot>), IndexError> {
    let reader: IndexReader =
        index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let searcher = reader.searcher();
    let (_, fields) = schema::schema();
    if let Some(disk) = &mut disk {
        disk.files = known_files(disk, &searcher)?;
    }
    let statistics = match pinned {
        Some(pinned) if !has_drifted(&pinned, searcher.num_docs()) => pinned,
        _ => {
            if let Some(disk) = disk {
                disk.statistics_saved = false;
            }
            Arc::new(Statistics::count(&searcher, &fields)?)
        }
    };
    let payload = metas.payload.as_deref();
    let cursor = payload.zip(analyzer).and_then(|(payload, a)| parse_payload(payload, a));
    let commit = Commit::shown_by(&searcher, metas);
    Ok((commit, Arc::new(Snapshot::with(searcher, statistics, cursor, fields, before)?)))
}

fn has_drifted(pinned: &Statistics, documents: u64) -> bool {
    let counted = pinned.documents(SearchField::Words) + pinned.documents(SearchField::NeedWords);
    documents < PINNED_DOCUMENTS_MIN || documents.abs_diff(counted) > counted / DRIFT_DIVISOR
}

/// Reads all files of the last commit at once, before the reader asks for them one by one.
/// What fails fails again when the reader asks, who also keeps others from removing files.
fn read_all(
    index: &tantivy::Index,
    directory: &ResidentDirectory,
) -> tantivy::Result<Vec<Arc<dyn FileHandle>>> {
    let segments = index.searchable_segment_metas()?;
    let files: Vec<PathBuf> =
        segments.iter().flat_map(|s| files_of(s.id(), s.delete_opstamp())).collect();
    Ok(files.par_iter().filter_map(|file| directory.get_file_handle(file).ok()).collect())
}

/// The files of the segments of a searcher. tantivy takes missing positions for none at all,
/// so they are asked for once more.
fn known_files(disk: &OnDisk, searcher: &Searcher) -> Result<Vec<KnownFile>, IndexError> {
    let mut known = Vec::new();
    for segment in searcher.segment_readers() {
        for file in files_of(segment.segment_id(), segment.delete_opstamp()) {
            disk.directory.get_file_handle(&file).map_err(TantivyError::from)?;
            let path = disk.folder.join(&file);
            let metadata = fs::metadata(&path);
            let modified = metadata.as_ref().ok().and_then(|m| m.modified().ok());
            // What is gone already is found by the next look.
            let size_bytes = metadata.map_or(0, |m| m.len());
            known.push(KnownFile { path, size_bytes, modified });
        }
    }
    Ok(known)
}

/// Names of the files of a segment.
pub(super) fn files_of(id: SegmentId, deleted: Option<Opstamp>) -> Vec<PathBuf> {
    let id = id.uuid_string();
    let always = SEGMENT_FILES.iter().map(|ending| format!("{id}.{ending}"));
    let deleted = deleted.map(|opstamp| format!("{id}.{opstamp}.del"));
    always.chain(deleted).map(PathBuf::from).collect()
}

/// Runs what reads the disk; a panic of tantivy on bytes that it did not expect is an error
/// like any other.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, IndexError>) -> Result<T, IndexError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let panicked = "tantivy panicked while it read the index";
        Err(TantivyError::InternalError(panicked.to_owned()).into())
    })
}

/// The cursor of a commit that was made with this layout and dictionary.
pub(super) fn parse_payload(payload: &str, analyzer: &Analyzer) -> Option<Cursor> {
    let payload: Value = serde_json::from_str(payload).ok()?;
    let fits =
        payload["schema"] == schema::fingerprint() && payload["analyzer"] == analyzer.fingerprint();
    fits.then_some(())?;
    Some(Cursor { epoch: payload["feed_epoch"].as_i64()?, seq: payload["seq"].as_i64()? })
}
