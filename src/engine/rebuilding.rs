//! The index built anew from the store, beside the one that answers meanwhile.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use super::indexing::INDEXED_KINDS;
use super::{Engine, EngineError, blocking};
use crate::index::{Cursor, Index, IndexError, Rebuild, Turn};
use crate::model::RecordId;
use crate::store::Position;

/// Records read at once.
const PAGE: usize = 1_000;
/// How often to ask whether another process has ended its rebuild.
const TURN_EVERY: Duration = Duration::from_millis(100);

/// How far a rebuild has come: records done and in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RebuildProgress {
    /// Records indexed.
    pub done: u64,
    /// Records to index.
    pub total: u64,
}

/// Why it is rebuilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// Somebody asked for it.
    Asked,
    /// The index does not fit; perhaps another process is mending it already.
    Unfit,
}

impl Engine {
    /// Builds the index anew from the store and puts it into use, and removes the indexes of
    /// other versions that nobody has open. Linear in the store's size.
    ///
    /// # Errors
    /// If store or index fails; the old index stays in use then.
    pub async fn rebuild_index(
        &self,
        progress: impl FnMut(RebuildProgress),
    ) -> Result<(), EngineError> {
        let _one_at_a_time = self.indexing.lock().await;
        self.rebuild_on_disk(Reason::Asked, progress).await?;
        let index = self.index.clone();
        blocking(move || {
            index.remove_other_versions();
            Ok::<_, EngineError>(())
        })
        .await
    }

    /// How far the rebuild has come that is under way.
    pub fn rebuild_progress(&self) -> Option<RebuildProgress> {
        *self.rebuilding.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Rebuilds in a new folder when it is this process's turn; if the index is
    /// [`Reason::Unfit`], only if no other process has mended it meanwhile.
    pub(super) async fn rebuild_on_disk(
        &self,
        reason: Reason,
        progress: impl FnMut(RebuildProgress),
    ) -> Result<(), EngineError> {
        let _said = self.say_rebuilding();
        let turn = self.take_turn().await?;
        if reason == Reason::Unfit {
            let position = self.looked_position().await?;
            if self.cursor(position).is_some() && !self.index.wants_rebuild() {
                return Ok(());
            }
        }
        // Changes that come in meanwhile are behind this position and taken over next.
        let position = self.store.position().await?;
        let rebuild = blocking(move || turn.begin()).await?;
        self.fill(rebuild, position, progress).await
    }

    /// Waits while another process rebuilds. Whoever waits can be stopped at any time.
    async fn take_turn(&self) -> Result<Turn, EngineError> {
        loop {
            let index = self.index.clone();
            match blocking(move || Index::try_turn(index)).await {
                Err(EngineError::Index(IndexError::Busy)) => tokio::time::sleep(TURN_EVERY).await,
                outcome => return outcome,
            }
        }
    }

    /// Rebuilds without a folder.
    pub(super) async fn rebuild_in_memory(&self) -> Result<(), EngineError> {
        tracing::warn!("the index goes on in memory, since its folder cannot be written");
        let _said = self.say_rebuilding();
        let position = self.store.position().await?;
        let index = self.index.clone();
        let rebuild = blocking(move || Index::rebuild_in_memory(index)).await?;
        self.fill(rebuild, position, |_| {}).await
    }

    async fn fill(
        &self,
        mut rebuild: Rebuild,
        position: Position,
        mut progress: impl FnMut(RebuildProgress),
    ) -> Result<(), EngineError> {
        let mut total = 0;
        for kind in INDEXED_KINDS {
            total += self.store.count(kind).await?;
        }
        let mut done = 0;
        for kind in INDEXED_KINDS {
            let mut after: Option<RecordId> = None;
            loop {
                let now = RebuildProgress { done, total };
                *self.rebuilding.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
                progress(now);
                let page = self.store.list(kind, after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.record.meta.id);
                let entries = self.entries(&page).await?;
                rebuild = blocking(move || rebuild.add(&entries).map(|()| rebuild)).await?;
                done += page.len() as u64;
            }
        }
        let cursor = Cursor { epoch: position.epoch, seq: position.seq };
        blocking(move || rebuild.finish(cursor)).await
    }

    /// Says that the index is being rebuilt until what it returns is dropped.
    fn say_rebuilding(&self) -> impl Drop + use<> {
        struct Said(Arc<std::sync::Mutex<Option<RebuildProgress>>>);
        impl Drop for Said {
            fn drop(&mut self) {
                *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
            }
        }
        let rebuilding = self.rebuilding.clone();
        let begun = RebuildProgress { done: 0, total: 0 };
        *rebuilding.lock().unwrap_or_else(PoisonError::into_inner) = Some(begun);
        Said(rebuilding)
    }
}
