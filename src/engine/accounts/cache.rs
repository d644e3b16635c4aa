//! Grants in memory, so that most requests need not ask the store who sends them.
//!
//! The feed of changes tells what no longer holds. A change by this process is looked for before
//! the next answer, one by another process within [`LOOK_EVERY`].

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::grant::Grant;
use crate::model::{Kind, RecordId};
use crate::store::{Position, Store, StoreError};

/// Most grants that are kept; some 300 bytes each. One more and all are read anew.
const GRANTS_MAX: usize = 10_000;
/// How long a change by another process may go unseen.
const LOOK_EVERY: Duration = Duration::from_millis(400);
/// Behind so many changes it is quicker to forget everything.
const CHANGES_MAX: usize = 1_000;

/// 凭据缓存: grants by the digest of their secret.
#[derive(Default)]
pub(super) struct Cache(Mutex<Grants>);

#[derive(Default)]
struct Grants {
    by_digest: HashMap<String, Grant>,
    /// Up to which change all of them hold.
    position: Option<Position>,
    /// When that was last looked for; `None` if there is something to be seen.
    looked: Option<Instant>,
    /// How often this process has written: a look that began before does not count.
    writes: u64,
}

impl Cache {
    /// What this process has written must be seen by the next who asks.
    pub fn written(&self) {
        let mut grants = self.lock();
        grants.writes += 1;
        grants.looked = None;
    }

    /// The grant of a digest if it is known, and up to which change that holds.
    ///
    /// # Errors
    /// If the store fails: who cannot be told apart is not let in.
    pub async fn find(
        &self,
        store: &dyn Store,
        digest: &str,
    ) -> Result<(Option<Grant>, Position), StoreError> {
        loop {
            let (known, writes) = {
                let grants = self.lock();
                let fresh = grants.looked.is_some_and(|at| at.elapsed() < LOOK_EVERY);
                if let Some(position) = grants.position.filter(|_| fresh) {
                    return Ok((grants.by_digest.get(digest).cloned(), position));
                }
                (grants.position, grants.writes)
            };
            let began = Instant::now();
            let (changed, position) = changes_since(store, known).await?;
            let mut grants = self.lock();
            // Somebody else may have looked meanwhile, or written.
            if grants.position == known && grants.writes == writes {
                grants.forget(changed);
                grants.position = Some(position);
                grants.looked = Some(began);
                return Ok((grants.by_digest.get(digest).cloned(), position));
            }
        }
    }

    /// Keeps a grant that was read when all changes up to `position` had been seen, and maybe
    /// more.
    pub fn keep(&self, digest: String, grant: Grant, position: Position) {
        let mut grants = self.lock();
        // Else a change seen meanwhile may be of this very grant.
        if grants.position != Some(position) {
            return;
        }
        if grants.by_digest.len() >= GRANTS_MAX {
            grants.by_digest.clear();
        }
        grants.by_digest.insert(digest, grant);
    }

    fn lock(&self) -> MutexGuard<'_, Grants> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Grants {
    /// Forgets the grants of these users and tokens, or all.
    fn forget(&mut self, changed: Option<HashSet<RecordId>>) {
        match changed {
            None => self.by_digest.clear(),
            Some(changed) if changed.is_empty() => {}
            Some(changed) => self.by_digest.retain(|_, grant| {
                !changed.contains(&grant.identity.user) && !changed.contains(&grant.token)
            }),
        }
    }
}

/// The users and tokens that have changed since a position, `None` if that is not to be told or
/// not worth it, and up to which change.
async fn changes_since(
    store: &dyn Store,
    known: Option<Position>,
) -> Result<(Option<HashSet<RecordId>>, Position), StoreError> {
    let position = store.position().await?;
    let Some(known) = known.filter(|known| known.epoch == position.epoch) else {
        return Ok((None, position));
    };
    if known.seq == position.seq {
        return Ok((Some(HashSet::new()), position));
    }
    let changes = store.changes(known.seq, CHANGES_MAX).await?;
    if changes.last().is_none_or(|last| last.seq < position.seq) {
        return Ok((None, position));
    }
    let accounts = changes.iter().filter(|c| matches!(c.kind, Kind::User | Kind::Token));
    Ok((Some(accounts.map(|change| change.id).collect()), position))
}
