//! The directory in use, followed by the feed and ahead of it by what this process has written.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

use super::Directory;
use crate::store::{RowId, Store, StoreError, Stored};

/// 现行名录: whoever has written something is answered accordingly at once, before the feed has
/// brought it.
pub(in crate::engine) struct KnownDirectory(RwLock<Known>);

struct Known {
    directory: Arc<Directory>,
    /// What this process has written since the feed was last followed.
    written: Vec<Stored>,
}

impl KnownDirectory {
    /// Begins with what was read.
    pub fn new(directory: Directory) -> Self {
        Self(RwLock::new(Known { directory: Arc::new(directory), written: Vec::new() }))
    }

    /// The directory as it is now.
    pub fn get(&self) -> Arc<Directory> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).directory.clone()
    }

    /// Takes over a record that this process has just written.
    pub fn wrote(&self, stored: &Stored) {
        if !Directory::lists(stored.record.body.kind()) {
            return;
        }
        let mut known = self.write();
        // Of two writes that were answered together, the later may come here first.
        let later = |known: &Stored| {
            known.row == stored.row && known.record.meta.revision > stored.record.meta.revision
        };
        if known.written.iter().any(later) {
            return;
        }
        Arc::make_mut(&mut known.directory).update(stored);
        known.written.push(stored.clone());
    }

    /// Follows the feed, one caller at a time. What this process writes meanwhile is kept.
    pub async fn catch_up(&self, store: &dyn Store) -> Result<(), StoreError> {
        let (base, before) = {
            let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
            (known.directory.clone(), known.written.len())
        };
        let caught_up = base.caught_up(store).await?;
        let mut known = self.write();
        // These are in what the feed was followed from, and in the feed.
        known.written.drain(..before);
        if let Some((mut directory, revisions)) = caught_up {
            for stored in &known.written {
                if is_newer(stored, &revisions) {
                    directory.update(stored);
                }
            }
            known.directory = Arc::new(directory);
        }
        Ok(())
    }

    fn write(&self) -> RwLockWriteGuard<'_, Known> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a record is newer than what the feed has brought of it.
fn is_newer(stored: &Stored, revisions: &HashMap<RowId, u64>) -> bool {
    revisions.get(&stored.row).is_none_or(|known| *known < stored.record.meta.revision)
}
