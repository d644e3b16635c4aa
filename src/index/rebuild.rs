//! A new generation beside the one in use: built, then swapped.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::IndexWriter;

use super::entry::Entry;
use super::folder;
use super::generation::Generation;
use super::live::{Cursor, Index, IndexError, add, commit, open_writer};

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
        let writer = open_writer(begun.index())?;
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
        self.begun.refresh(self.index.analyzer())?;
        self.begun.save_statistics();
        if let (Some(folder), Some(name)) = (self.index.folder(), self.begun.name()) {
            folder::switch(folder, name).map_err(|e| folder_error(folder, e))?;
            self.index.mend();
        }
        self.unfinished.0 = None;
        self.index.put_into_use(self.begun, self.writer);
        Ok(())
    }
}

fn folder_error(path: &Path, source: io::Error) -> IndexError {
    IndexError::Folder { path: path.to_owned(), source }
}
