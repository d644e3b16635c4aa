//! A new generation beside the one in use: built, then swapped.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::indexer::NoMergePolicy;
use tantivy::{IndexWriter, TantivyError};

use super::entry::Entry;
use super::folder;
use super::generation::Generation;
use super::live::{Cursor, Index, IndexError, add, commit, open_writer};

/// Memory of the writer before it writes a segment: far more than in daily work, since fewer
/// segments are found faster and are merged less.
const WRITER_BYTES: usize = 256 << 20;
/// Segments that a new generation has at most: each costs every query its look-ups.
const SEGMENTS_MAX: usize = 4;

/// The turn to rebuild: until it is dropped, other processes wait for theirs.
pub struct Turn {
    index: Arc<Index>,
    alone: Option<File>,
}

/// A generation being built.
pub struct Rebuild {
    index: Arc<Index>,
    begun: Generation,
    writer: IndexWriter,
    /// Behind the writer, which is dropped first.
    unfinished: Unfinished,
    /// Keeps other processes from building or switching meanwhile.
    _alone: Option<File>,
}

/// The folder of a generation that is not in use yet; removed if it never will be.
struct Unfinished(Option<PathBuf>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(folder) = self.0.take() {
            // What cannot be removed now is removed by the next switch.
            let _ = fs::remove_dir_all(folder);
        }
    }
}

impl Index {
    /// Takes the turn to rebuild. Whoever had to wait should look whether the work is done.
    ///
    /// # Errors
    /// [`IndexError::Busy`] while another process has it; [`IndexError::Folder`] if nothing
    /// can be written there.
    pub fn try_turn(self: Arc<Self>) -> Result<Turn, IndexError> {
        let alone = match self.folder() {
            None => None,
            Some(folder) => {
                let locked = folder::try_lock(folder).map_err(|e| folder_error(folder, e))?;
                Some(locked.ok_or(IndexError::Busy)?)
            }
        };
        Ok(Turn { index: self, alone })
    }

    /// Begins a new generation without a folder, for want of one that can be written.
    ///
    /// # Errors
    /// If tantivy refuses.
    pub fn rebuild_in_memory(self: Arc<Self>) -> Result<Rebuild, IndexError> {
        Rebuild::begin(self, Generation::empty()?, None)
    }
}

impl Turn {
    /// Begins a new generation, to be filled with all entries and then put into use.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn begin(self) -> Result<Rebuild, IndexError> {
        let begun = match self.index.folder() {
            Some(folder) => Generation::create(folder)?,
            None => Generation::empty()?,
        };
        Rebuild::begin(self.index, begun, self.alone)
    }
}

impl Rebuild {
    fn begin(
        index: Arc<Index>,
        begun: Generation,
        alone: Option<File>,
    ) -> Result<Self, IndexError> {
        let unfinished = Unfinished(begun.folder().map(Path::to_owned));
        let writer = open_writer(begun.index(), WRITER_BYTES)?;
        // Merging is left to the end: what is merged on the way is merged again later.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Self { index, begun, writer, unfinished, _alone: alone })
    }

    /// Adds entries whose rows were not added before.
    ///
    /// # Errors
    /// If writing fails.
    pub fn add(&mut self, entries: &[Entry]) -> Result<(), IndexError> {
        let fields = self.begun.snapshot().fields();
        Ok(add(&mut self.writer, entries, self.index.analyzer(), fields)?)
    }

    /// Commits what was added and puts it into use in place of the generation before.
    ///
    /// # Errors
    /// If writing fails; the generation before stays in use then.
    pub fn finish(mut self, cursor: Cursor) -> Result<(), IndexError> {
        commit(&mut self.writer, cursor, self.index.analyzer())?;
        merge_down(&mut self.writer, self.begun.index())?;
        self.writer.wait_merging_threads()?;
        self.begun.refresh(self.index.analyzer())?;
        self.begun.save_statistics();
        if let (Some(folder), Some(name)) = (self.index.folder(), self.begun.name()) {
            folder::switch(folder, name).map_err(|e| folder_error(folder, e))?;
            self.index.mend();
        }
        self.unfinished.0 = None;
        self.index.put_into_use(self.begun);
        Ok(())
    }
}

fn folder_error(path: &Path, source: io::Error) -> IndexError {
    IndexError::Folder { path: path.to_owned(), source }
}

/// Merges the segments to at most [`SEGMENTS_MAX`] of about the same size.
fn merge_down(writer: &mut IndexWriter, index: &tantivy::Index) -> Result<(), TantivyError> {
    let mut segments = index.searchable_segment_metas()?;
    if segments.len() <= SEGMENTS_MAX {
        return Ok(());
    }
    segments.sort_by_key(|segment| std::cmp::Reverse(segment.num_docs()));
    let mut groups: [(u32, Vec<SegmentId>); SEGMENTS_MAX] = Default::default();
    for segment in segments {
        // The largest first, each to the group that has least.
        if let Some((documents, ids)) = groups.iter_mut().min_by_key(|(documents, _)| *documents) {
            *documents += segment.num_docs();
            ids.push(segment.id());
        }
    }
    for (_, ids) in groups.iter().filter(|(_, ids)| ids.len() > 1) {
        writer.merge(ids).wait()?;
    }
    Ok(())
}
