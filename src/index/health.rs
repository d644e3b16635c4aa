//! What happens to the folder of the index while it is in use: noticed, told, and taken over
//! where another process has mended it.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use super::fault::{self, Examination, IndexFault};
use super::folder;
use super::generation::Generation;
use super::live::{Index, IndexError, lock};

/// How often all files of the index are read again to see whether the disk still has them.
const CHECK_EVERY: Duration = Duration::from_hours(24);
/// A folder that can be written, but not with a whole index (a full disk), is tried again
/// after this.
const RETRY_AFTER: Duration = Duration::from_mins(10);

/// What is known of the folder.
pub(super) struct Health {
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

impl Health {
    pub fn new() -> Self {
        let checked = Instant::now();
        Self { fault: None, refused: None, checked, retry_at: None, claim: None }
    }
}

impl Index {
    /// What is wrong with the folder, as far as it was noticed. Answers are right all the same.
    pub fn fault(&self) -> Option<IndexFault> {
        lock(&self.health).fault.clone()
    }

    /// Whether changes can be applied to the generation in use: its folder is as it should
    /// be, or it has none.
    pub fn is_writable(&self) -> bool {
        self.is_in_memory() || self.fault().is_none()
    }

    /// Whether a rebuild on disk would mend something and may succeed.
    pub fn wants_rebuild(&self) -> bool {
        let Some(folder) = self.folder() else { return false };
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
        let Some(folder) = self.folder() else { return };
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
            if let Err(error) = generation.refresh(self.analyzer()) {
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
    pub(super) fn adopt(&self, folder: &Path, name: &str, epoch: Option<i64>) {
        if lock(&self.health).refused.as_deref() == Some(name) {
            return;
        }
        let own = self.snapshot().cursor();
        let in_memory = self.is_in_memory();
        let fault = match Generation::open(folder, name, self.analyzer()) {
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
        let damaged = fault::damaged_files(folder, self.analyzer());
        generation.clone().save_lost_statistics();
        // Files that another process has merged away meanwhile are not damaged.
        if let (Some((file, reason)), false) = (damaged.first(), generation.is_outdated()) {
            self.note(IndexFault::Damaged { reason: format!("{file}: {reason}") });
        }
    }

    /// Looks at the folder as a doctor: reads everything, changes nothing. `None` for an index
    /// in memory.
    pub fn examine(&self) -> Option<Examination> {
        self.folder().map(|folder| fault::examine(folder, self.analyzer()))
    }

    /// Remembers that the folder cannot be written.
    pub fn note_unwritable(&self, error: &IndexError) {
        let Some(folder) = self.folder() else { return };
        let retry_at = folder::probe(folder).is_ok().then(|| Instant::now() + RETRY_AFTER);
        *lock(&self.writer) = None;
        self.note(IndexFault::Unwritable { reason: error.to_string() });
        lock(&self.health).retry_at = retry_at;
    }

    /// Removes the indexes of other versions that nobody has open.
    pub fn remove_other_versions(&self) {
        if let Some(folder) = self.folder() {
            folder::remove_unused(folder, true);
        }
    }

    /// An unwritable folder stays what it is until something was written there.
    pub(super) fn note(&self, fault: IndexFault) {
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
            folder::remove_leftovers(folder);
            folder::remove_unused(folder, false);
        }
    }
}
