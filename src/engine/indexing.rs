//! The index brought up to date with the store: taken over, rebuilt, or told how far it is behind.
//! How it takes over changes, and at what pace, is in `following`.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::following::Pace;
use super::rebuilding::{Reason, RebuildProgress};
use super::{Engine, EngineError, blocking};
use crate::index::{Cursor, Entry, EntryKind, Facts, IndexError, IndexFault, Snapshot};
use crate::model::{Body, Kind, RecordId, Visibility};
use crate::store::{Position, StoreError, Stored};

/// The kinds that can be found.
pub(super) const INDEXED_KINDS: [Kind; 3] = [Kind::Lab, Kind::Achievement, Kind::Need];

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
    /// How long the oldest change that is not indexed has been waiting, as far as this process
    /// has noticed.
    pub waiting: Duration,
    /// What is wrong with the folder; answers are right all the same.
    pub fault: Option<IndexFault>,
    /// The index is kept in memory only, for want of a folder that can be written.
    pub in_memory: bool,
    /// How far a rebuild has come, if one is under way.
    pub rebuild: Option<RebuildProgress>,
}

/// How the index is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexState {
    /// As it should be, apart from its lag.
    Sound,
    /// There is none of this store yet, so nothing can be answered.
    Building,
    /// Its folder is not what it should be. Answers come from memory and are right; a new one
    /// is being built.
    Damaged,
    /// Its folder cannot be written. Answers come from memory and are right, but the next
    /// start has to build the index anew.
    InMemory,
}

impl IndexState {
    /// Stable English name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Building => "building",
            Self::Damaged => "damaged",
            Self::InMemory => "in_memory",
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Sound => "正常",
            Self::Building => "正在建立",
            Self::Damaged => "目录损坏，正在修复",
            Self::InMemory => "只在内存中",
        }
    }
}

impl IndexStatus {
    /// How it is.
    pub fn state(&self) -> IndexState {
        if self.indexed_seq.is_none() && self.store_seq > 0 {
            IndexState::Building
        } else if self.in_memory || matches!(self.fault, Some(IndexFault::Unwritable { .. })) {
            IndexState::InMemory
        } else if self.fault.is_some() {
            IndexState::Damaged
        } else {
            IndexState::Sound
        }
    }

    /// Changes that are not indexed yet.
    pub fn lag(&self) -> i64 {
        self.store_seq - self.indexed_seq.unwrap_or(0)
    }
}

impl Engine {
    /// State of the index against the store.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn index_status(&self) -> Result<IndexStatus, EngineError> {
        let position = self.store.position().await?;
        let snapshot = self.index.snapshot();
        let cursor = snapshot.cursor().filter(|c| c.epoch == position.epoch);
        let indexed_seq = cursor.map(|c| c.seq);
        let waiting =
            self.lag.waiting(indexed_seq.unwrap_or_default(), position.seq, Instant::now());
        Ok(IndexStatus {
            documents: snapshot.documents(),
            segments: snapshot.segments(),
            size_bytes: self.index.size_bytes(),
            statistics: snapshot.statistics().id().to_owned(),
            analyzer: self.analyzer.fingerprint().to_owned(),
            indexed_seq,
            store_seq: position.seq,
            waiting,
            fault: self.index.fault(),
            in_memory: indexed_seq.is_some() && self.index.is_in_memory(),
            rebuild: self.rebuild_progress(),
        })
    }

    /// The snapshot to answer from.
    ///
    /// # Errors
    /// [`EngineError::NoIndex`] if there is none of this store yet.
    pub(super) fn snapshot(&self) -> Result<Arc<Snapshot>, EngineError> {
        let snapshot = self.index.snapshot();
        let epoch = self.directory().position.map(|position| position.epoch);
        let fits = match snapshot.cursor() {
            Some(cursor) => Some(cursor.epoch) == epoch,
            // What was written since is a matter of moments.
            None => self.began_empty,
        };
        let progress = self.rebuild_progress();
        if fits { Ok(snapshot) } else { Err(EngineError::NoIndex { progress }) }
    }

    /// [`Engine::catch_up`], but another process that is writing the index is let go on: it
    /// will take the changes over, and this one sees them with the next refresh.
    ///
    /// # Errors
    /// As [`Engine::catch_up`], without [`IndexError::Busy`].
    pub async fn catch_up_if_free(&self) -> Result<(), EngineError> {
        self.keep_up(Pace::Full).await
    }

    /// [`Engine::catch_up_if_free`] at that pace.
    pub(super) async fn keep_up(&self, pace: Pace) -> Result<(), EngineError> {
        match self.catch_up_at(pace).await {
            Err(EngineError::Index(IndexError::Busy)) => {
                tracing::info!("another process writes the index and will take the changes over");
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Brings index and directory up to date with the store. Linear in the number of changes;
    /// an index of another store, or one that is damaged or gone, is rebuilt. Where the folder
    /// cannot be written the index goes on in memory.
    ///
    /// # Errors
    /// If store or index fails; what was committed stays.
    pub async fn catch_up(&self) -> Result<(), EngineError> {
        self.catch_up_at(Pace::Full).await
    }

    async fn catch_up_at(&self, pace: Pace) -> Result<(), EngineError> {
        let _one_at_a_time = self.indexing.lock().await;
        self.directory.catch_up(self.store.as_ref()).await?;
        let position = self.looked_position().await?;
        let snapshot = self.index.snapshot();
        if position.seq == 0 && snapshot.documents() == 0 {
            return Ok(());
        }
        if self.cursor(position).is_none() || self.index.wants_rebuild() {
            match self.rebuild_on_disk(Reason::Unfit, |_| {}).await {
                Err(EngineError::Index(error)) => self.note_unwritable(error).await?,
                outcome => outcome?,
            }
        }
        // A rebuild ends behind the position that was read before it.
        let position = self.store.position().await?;
        match self.cursor(position) {
            None => self.rebuild_in_memory().await,
            Some(cursor) if cursor.seq >= position.seq => Ok(()),
            Some(_) if !self.index.is_writable() => self.rebuild_in_memory().await,
            Some(cursor) => match self.follow_changes(cursor, position, pace).await {
                Err(EngineError::Index(error))
                    if !matches!(error, IndexError::Busy) && !self.index.is_in_memory() =>
                {
                    self.note_unwritable(error).await?;
                    self.rebuild_in_memory().await
                }
                outcome => outcome,
            },
        }
    }

    /// The index's cursor, if it is one of this store that can be followed from.
    pub(super) fn cursor(&self, position: Position) -> Option<Cursor> {
        let cursor = self.index.snapshot().cursor();
        cursor.filter(|c| c.epoch == position.epoch && c.seq <= position.seq)
    }

    /// Lets the index look at its folder, and the store's position behind that: read before, it
    /// might be behind the cursor that another process has just committed.
    pub(super) async fn looked_position(&self) -> Result<Position, EngineError> {
        let position = self.store.position().await?;
        self.look(position).await?;
        Ok(self.store.position().await?)
    }

    /// Lets the index look at its folder; once a day all of it, beside everything else.
    async fn look(&self, position: Position) -> Result<(), EngineError> {
        let index = self.index.clone();
        blocking(move || {
            index.look(position.epoch);
            Ok::<_, EngineError>(())
        })
        .await?;
        if self.index.is_check_due() {
            let index = self.index.clone();
            tokio::task::spawn_blocking(move || index.check_files());
        }
        Ok(())
    }

    /// Reads all files of the index as they are on disk; what is found wrong is mended by the
    /// next [`Engine::catch_up`]. Linear in their size; done once a day without being asked.
    ///
    /// # Errors
    /// If the work is broken off.
    pub async fn check_index_files(&self) -> Result<(), EngineError> {
        let index = self.index.clone();
        blocking(move || {
            index.check_files();
            Ok::<_, EngineError>(())
        })
        .await
    }

    async fn note_unwritable(&self, error: IndexError) -> Result<(), EngineError> {
        let index = self.index.clone();
        blocking(move || {
            index.note_unwritable(&error);
            Ok::<_, EngineError>(())
        })
        .await
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
        facts: Facts::default(),
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
            facts: Facts::of(achievement),
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
        _ => None,
    }
}
