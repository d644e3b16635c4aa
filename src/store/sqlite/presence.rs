//! Who has a database open: a lock file beside it, held shared by every process that does.
//!
//! SQLite's own locks say who is reading or writing at the moment, not who will go on to do
//! so: whoever replaces the file must know that nobody still has the old one in his hands.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::backup::beside;

/// A hold on the lock file, until it is dropped.
#[derive(Debug)]
pub(super) struct Presence(File);

impl Drop for Presence {
    /// Unlocks instead of only closing: a child process that is just being started has the file
    /// open too until it becomes another program, and would hold the lock that much longer.
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "a lock file is unlocked by closing it");
        }
    }
}

/// Tells that this process has the database open. `None` while another one is replacing it.
pub(super) fn enter(database: &Path) -> io::Result<Option<Presence>> {
    let file = lock_file(database)?;
    taken(file.try_lock_shared()).map(|is_free| is_free.then_some(Presence(file)))
}

/// Keeps every process out of the database. `None` while somebody has it open.
pub(super) fn alone(database: &Path) -> io::Result<Option<Presence>> {
    let file = lock_file(database)?;
    taken(file.try_lock()).map(|is_free| is_free.then_some(Presence(file)))
}

/// The lock file; it is never removed, since another process may just be waiting for it.
pub(super) fn path(database: &Path) -> PathBuf {
    beside(database, ".lock")
}

fn lock_file(database: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path(database))
}

fn taken(outcome: Result<(), TryLockError>) -> io::Result<bool> {
    match outcome {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
