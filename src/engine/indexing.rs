//! The index follows the store.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::{Engine, EngineError, blocking};
use crate::index::{Cursor, Entry, EntryKind, Index, IndexError};
use crate::model::{Body, Kind, RecordId, Visibility};
use crate::store::{Change, RowId, StoreError, Stored};

/// Changes taken over with one commit.
const CHANGES_PER_COMMIT: usize = 5_000;
/// Records read at once.
const PAGE: usize = 1_000;
/// Pause of [`follow`] behind each look, in which writes gather for the next commit.
const COMMITS_APART: Duration = Duration::from_millis(200);
/// The kinds that can be found.
const INDEXED_KINDS: [Kind; 3] = [Kind::Lab, Kind::Achievement, Kind::Need];

/// 索引状态: for people and for readiness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexStatus {
    /// Documents in the index.
    pub documents: u64,
    /// Segments it is in.
    pub segments: usize,
    /// Bytes on disk.
    pub size_bytes: u64,
    /// Statistics snapshot in use.
    pub statistics: String,
    /// Version of analyser and dictionary.
    pub analyzer: String,
    /// Last change that is indexed; `None` if the index is not this store's.
    pub indexed_seq: Option<i64>,
    /// Last change of the store.
    pub store_seq: i64,
}

impl IndexStatus {
    /// Changes that are not indexed yet.
    pub fn lag(&self) -> i64 {
        self.store_seq - self.indexed_seq.unwrap_or(0)
    }
}

/// How far a rebuild has come: records done and in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RebuildProgress {
    /// Records indexed.
    pub done: u64,
    /// Records to index.
    pub total: u64,
}

impl Engine {
    /// State of the index against the store.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn index_status(&self) -> Result<IndexStatus, EngineError> {
        let position = self.store.position().await?;
        let snapshot = self.index.snapshot();
        let followed = !self.index.is_taken_over();
        let cursor = snapshot.cursor().filter(|c| c.epoch == position.epoch && followed);
        Ok(IndexStatus {
            documents: snapshot.documents(),
            segments: snapshot.segments(),
            size_bytes: self.index.size_bytes(),
            statistics: snapshot.statistics().id().to_owned(),
            analyzer: self.analyzer.fingerprint().to_owned(),
            indexed_seq: cursor.map(|c| c.seq),
            store_seq: position.seq,
        })
    }

    /// [`Engine::catch_up`], but another process that is writing the index is let go on: it
    /// will take the changes over, and this one sees them with the next refresh.
    ///
    /// # Errors
    /// As [`Engine::catch_up`], without [`IndexError::Busy`].
    pub async fn catch_up_if_free(&self) -> Result<(), EngineError> {
        match self.catch_up().await {
            Err(EngineError::Index(IndexError::Busy)) => {
                tracing::info!("another process writes the index and will take the changes over");
                Ok(())
            }
            // Said once, when it was found out, and told by the index's status.
            Err(EngineError::Index(IndexError::TakenOver)) => Ok(()),
            outcome => outcome,
        }
    }

    /// Brings index and directory up to date with the store. Linear in the number of changes;
    /// an index of another store, layout or dictionary is rebuilt.
    ///
    /// # Errors
    /// If store or index fails; what was committed stays.
    pub async fn catch_up(&self) -> Result<(), EngineError> {
        let _one_at_a_time = self.indexing.lock().await;
        if let Some(directory) = self.directory().caught_up(self.store.as_ref()).await? {
            self.set_directory(directory);
        }
        let index = self.index.clone();
        blocking(move || index.refresh()).await?;
        let position = self.store.position().await?;
        let snapshot = self.index.snapshot();
        let cursor =
            snapshot.cursor().filter(|c| c.epoch == position.epoch && c.seq <= position.seq);
        let Some(mut cursor) = cursor else {
            if position.seq == 0 && snapshot.documents() == 0 {
                return Ok(());
            }
            return self.rebuild_locked(false, |_| {}).await;
        };
        while cursor.seq < position.seq {
            let changes = self.store.changes(cursor.seq, CHANGES_PER_COMMIT).await?;
            let Some(last) = changes.last() else { break };
            cursor.seq = last.seq;
            self.take_over(&changes, cursor).await?;
        }
        Ok(())
    }

    async fn take_over(&self, changes: &[Change], cursor: Cursor) -> Result<(), EngineError> {
        let mut rows: Vec<RowId> = changes.iter().map(|c| c.row).collect();
        rows.sort_unstable();
        rows.dedup();
        let stored = self.store.rows(&rows).await?;
        let entries = self.entries(&stored).await?;
        let removed: Vec<i64> =
            stored.iter().filter(|s| s.record.meta.deleted_at.is_some()).map(|s| s.row.0).collect();
        let index = self.index.clone();
        blocking(move || index.apply(&entries, &removed, cursor)).await
    }

    /// Builds the index anew from the store and puts it into use. Linear in the store's size.
    ///
    /// # Errors
    /// If store or index fails; the old index stays in use then.
    pub async fn rebuild_index(
        &self,
        progress: impl FnMut(RebuildProgress),
    ) -> Result<(), EngineError> {
        let _one_at_a_time = self.indexing.lock().await;
        self.rebuild_locked(true, progress).await
    }

    /// Rebuilds; unless it is `forced`, only if no other process has done so while this one
    /// waited for its turn.
    async fn rebuild_locked(
        &self,
        forced: bool,
        mut progress: impl FnMut(RebuildProgress),
    ) -> Result<(), EngineError> {
        // Changes that come in meanwhile are behind this position and taken over next.
        let position = self.store.position().await?;
        let mut total = 0;
        for kind in INDEXED_KINDS {
            total += self.store.count(kind).await?;
        }
        let mut done = 0;
        let mut rebuild = Some({
            let index = self.index.clone();
            blocking(move || Index::start_rebuild(index)).await?
        });
        if !forced {
            let index = self.index.clone();
            blocking(move || index.refresh()).await?;
            let done =
                |cursor: Cursor| cursor.epoch == position.epoch && cursor.seq <= position.seq;
            if self.index.snapshot().cursor().is_some_and(done) {
                return Ok(());
            }
        }
        for kind in INDEXED_KINDS {
            let mut after: Option<RecordId> = None;
            loop {
                let page = self.store.list(kind, after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.record.meta.id);
                let entries = self.entries(&page).await?;
                if let Some(mut started) = rebuild.take() {
                    rebuild =
                        Some(blocking(move || started.add(&entries).map(|()| started)).await?);
                }
                done += page.len() as u64;
                progress(RebuildProgress { done, total });
            }
        }
        let cursor = Cursor { epoch: position.epoch, seq: position.seq };
        if let Some(started) = rebuild {
            blocking(move || started.finish(cursor)).await?;
        }
        Ok(())
    }

    /// The records as the index sees them; tombstones and kinds that are not indexed left out.
    pub(super) async fn entries(&self, stored: &[Stored]) -> Result<Vec<Entry>, EngineError> {
        let lab_rows = self.lab_rows(stored).await?;
        let live = stored.iter().filter(|s| s.record.meta.deleted_at.is_none());
        Ok(live.filter_map(|s| entry(s, &lab_rows)).collect())
    }

    /// Rows of the labs that achievements name.
    async fn lab_rows(&self, stored: &[Stored]) -> Result<HashMap<RecordId, i64>, StoreError> {
        let directory = self.directory();
        let mut rows = HashMap::new();
        for record in stored {
            let Body::Achievement(body) = &record.record.body else { continue };
            for id in &body.lab_ids {
                if let Some(row) = directory.lab_row(*id) {
                    rows.insert(*id, row);
                } else if let Some(lab) = self.store.get(Kind::Lab, *id).await? {
                    rows.insert(*id, lab.row.0);
                }
            }
        }
        Ok(rows)
    }
}

/// A live record as the index sees it. Areas are no text: a lab of 材料科学 is no evidence for
/// every need that says 材料.
fn entry(stored: &Stored, lab_rows: &HashMap<RecordId, i64>) -> Option<Entry> {
    let meta = &stored.record.meta;
    let blank = |kind| Entry {
        row: stored.row.0,
        revision: meta.revision,
        kind,
        labs: Vec::new(),
        public: meta.visibility == Visibility::Public,
        title: String::new(),
        keywords: Vec::new(),
        body: String::new(),
    };
    match &stored.record.body {
        Body::Lab(lab) => Some(Entry {
            labs: vec![stored.row.0],
            title: lab.name.clone(),
            body: lab.profile.clone(),
            ..blank(EntryKind::Lab)
        }),
        Body::Achievement(achievement) => Some(Entry {
            labs: achievement.lab_ids.iter().filter_map(|id| lab_rows.get(id).copied()).collect(),
            title: achievement.title.clone(),
            keywords: achievement.keywords.clone(),
            body: achievement.summary.clone(),
            ..blank(EntryKind::Achievement)
        }),
        Body::Need(need) => Some(Entry {
            title: need.title.clone(),
            body: need.body.clone(),
            ..blank(EntryKind::Need)
        }),
        Body::Institution(_) | Body::Enterprise(_) => None,
    }
}

/// Keeps the index up to date until the engine is dropped: after each write of this process,
/// and by looking for the writes of others at least `every` so long. A stream of writes gives
/// some commits a second, not one for each write.
pub async fn follow(engine: Arc<Engine>, every: Duration) {
    let written = engine.written.clone();
    let engine = Arc::downgrade(&engine);
    loop {
        // Nobody who is woken up early, or late, has to be told apart.
        let _ = tokio::time::timeout(every.saturating_sub(COMMITS_APART), written.notified()).await;
        let Some(engine) = engine.upgrade() else { return };
        if let Err(error) = engine.catch_up_if_free().await {
            tracing::error!(%error, "the index did not follow the store");
        }
        drop(engine);
        tokio::time::sleep(COMMITS_APART).await;
    }
}
