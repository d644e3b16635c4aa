//! The store in one SQLite file: the default, nothing to install.
//!
//! `open` makes or finds the file. `writer` gathers the writes and commits them in groups, `put`,
//! `delete` and `merge` say what becomes of records, `request` does nothing twice, `notices` keeps
//! what the inbox tells, `write` puts that into the tables, `fold` the log into the file. `read`
//! and `row` answer from them, `audit` is what is done with the history as a log that can be
//! proved, `check` looks for damage, `backup` and `restore` copy the file out and in. All
//! statements are plain SQL that other databases understand; what only SQLite knows is in `open`,
//! `check`, `backup`, `restore`, `obstacle` and the migrations, besides `randomblob` in `write`
//! and `json_extract` in `audit`.

mod audit;
mod backup;
mod check;
mod delete;
mod fold;
mod merge;
mod notices;
mod obstacle;
mod open;
mod presence;
mod put;
mod read;
mod request;
mod restore;
mod row;
mod seal;
mod write;
mod writer;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::SqlitePool;

use self::audit::Erasure;
use self::delete::Deletion;
use self::merge::{Merging, Unmerging};
use self::notices::NoticeTask;
use self::put::checked;
use self::writer::{Task, Writer};
use super::{
    AuditEntry, AuditFilter, Change, Clock, Existing, Followed, LogHash, Met, Notice, NoticeReason,
    Notices, Outcome, Position, RequestKey, RowId, Seal, Sealed, Store, StoreError, Stored,
    Verified, Write,
};
use crate::model::{Draft, Kind, Record, RecordId, Timestamp};

pub use self::backup::{FinishedBackup, StagedBackup};
pub(super) use self::obstacle::{obstacle, reason};
pub use self::restore::StagedRestore;

/// What a [`SqliteStore`] is opened with.
#[derive(Clone)]
pub struct SqliteOptions {
    /// What it takes for the present instant.
    pub clock: Clock,
    /// Longest wait for another process that holds the file's lock.
    pub lock_timeout: Duration,
    /// Size that the file may grow to, in bytes; beyond it the disk counts as full. `None`: as
    /// far as the disk goes.
    pub size_bytes_max: Option<u64>,
}

impl Default for SqliteOptions {
    /// The machine's clock, 10 seconds, no limit.
    fn default() -> Self {
        Self {
            clock: Arc::new(Timestamp::now),
            lock_timeout: Duration::from_secs(10),
            size_bytes_max: None,
        }
    }
}

/// 嵌入式存储: a [`Store`] in a SQLite file.
///
/// Several processes may have the same file open; their writes wait for each other, as long as
/// [`SqliteOptions::lock_timeout`]. Erased contacts are overwritten in the file; a copy of them can stay in
/// the log beside it until the log is folded into the file, at the latest by [`Store::close`].
#[derive(Debug)]
pub struct SqliteStore {
    readers: SqlitePool,
    /// SQLite has one writer at a time, and those who wait here are served in turn, which
    /// those who wait for the file's lock are not.
    writer: Writer,
    epoch: i64,
    /// Keeps the file from being replaced while it is open.
    _presence: presence::Presence,
}

impl SqliteStore {
    /// Opens the store in the file `path`; makes the file and its folder if they are missing
    /// and brings an older version's file up to date.
    ///
    /// # Errors
    /// [`StoreError::Unopenable`] if the file is no database, another program's, written by
    /// a newer version, or cannot be read or written; [`StoreError::Migration`] if bringing
    /// it up to date failed, which leaves it as it was.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, SqliteOptions::default()).await
    }

    /// [`Self::open`] with other options than the default ones.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_with(path: &Path, options: SqliteOptions) -> Result<Self, StoreError> {
        open::open(path, options).await
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn write(
        &self,
        writes: &[Write],
        request: Option<&RequestKey>,
        by: &str,
    ) -> Result<Vec<(Stored, Outcome)>, StoreError> {
        let asked = checked(writes, by)?;
        self.writer.write(Task::Write { asked, request: request.cloned() }).await
    }

    async fn delete(
        &self,
        kind: Kind,
        id: RecordId,
        expected: Option<u64>,
        by: &str,
    ) -> Result<(), StoreError> {
        let deletion = Deletion { kind, id, expected, by: by.to_owned() };
        self.writer.write(Task::Delete(deletion)).await.map(drop)
    }

    async fn get(&self, kind: Kind, id: RecordId) -> Result<Option<Stored>, StoreError> {
        read::get(&self.readers, kind, id).await
    }

    async fn find(
        &self,
        kind: Kind,
        source: Option<&str>,
        external_id: &str,
    ) -> Result<Vec<Stored>, StoreError> {
        read::find(&self.readers, kind, source, external_id).await
    }

    async fn rows(&self, rows: &[RowId]) -> Result<Vec<Stored>, StoreError> {
        read::rows(&self.readers, rows).await
    }

    async fn list(
        &self,
        kind: Kind,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<Stored>, StoreError> {
        read::list(&self.readers, kind, after, limit).await
    }

    async fn referring(
        &self,
        kind: Kind,
        to: (Kind, RecordId),
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<Stored>, StoreError> {
        read::referring(&self.readers, kind, to, after, limit).await
    }

    async fn count(&self, kind: Kind) -> Result<u64, StoreError> {
        read::count(&self.readers, kind).await
    }

    async fn revision(
        &self,
        kind: Kind,
        id: RecordId,
        revision: u64,
    ) -> Result<Option<Record>, StoreError> {
        read::revision(&self.readers, kind, id, revision).await
    }

    async fn changes(&self, seq: i64, limit: usize) -> Result<Vec<Change>, StoreError> {
        read::changes(&self.readers, seq, limit).await
    }

    async fn position(&self) -> Result<Position, StoreError> {
        Ok(Position { epoch: self.epoch, seq: read::last_seq(&self.readers).await? })
    }

    async fn last_change(&self) -> Result<Option<(i64, Timestamp)>, StoreError> {
        read::last_change(&self.readers).await
    }

    async fn merge(
        &self,
        kind: Kind,
        kept: RecordId,
        merged: RecordId,
        by: &str,
    ) -> Result<Stored, StoreError> {
        let merging = Merging { kind, kept, merged, by: by.to_owned() };
        let written = self.writer.write(Task::Merge(merging)).await?;
        written.into_iter().next().map(|(stored, _)| stored).ok_or(StoreError::Closed)
    }

    async fn unmerge(&self, id: RecordId, by: &str) -> Result<(Stored, Outcome), StoreError> {
        let unmerging = Unmerging { id, by: by.to_owned() };
        let written = self.writer.write(Task::Unmerge(unmerging)).await?;
        written.into_iter().next().ok_or(StoreError::Closed)
    }

    async fn seal(&self) -> Result<Option<Seal>, StoreError> {
        let Some(seal) = audit::next_seal(&self.readers).await? else { return Ok(None) };
        self.writer.write(Task::Seal(seal)).await?;
        audit::newest_seal(&self.readers).await
    }

    async fn sealed(&self) -> Result<Sealed, StoreError> {
        audit::sealed(&self.readers).await
    }

    async fn seal_of_hash(&self, hash: LogHash) -> Result<Option<Seal>, StoreError> {
        audit::seal_of_hash(&self.readers, hash).await
    }

    async fn verify_seals(
        &self,
        after: Option<&Seal>,
        limit: usize,
    ) -> Result<Verified, StoreError> {
        audit::verify(&self.readers, after, limit).await
    }

    async fn audit(
        &self,
        filter: &AuditFilter,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        audit::audit(&self.readers, filter, before, limit).await
    }

    async fn erase(
        &self,
        kind: Kind,
        id: RecordId,
        note: &Draft,
        by: &str,
    ) -> Result<Outcome, StoreError> {
        let note = checked(&[Write { draft: note.clone(), existing: Existing::Refused }], by)?;
        let erasure = Erasure { kind, id, by: by.to_owned(), note };
        let erased = self.writer.write(Task::Erase(erasure)).await?;
        Ok(erased.first().map_or(Outcome::Unchanged, |(_, outcome)| *outcome))
    }

    async fn prune_events(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let aged = audit::aged_events(&self.readers, before, limit).await?;
        if aged.len() == 0 {
            return Ok(0);
        }
        Ok(self.writer.write(Task::Prune(aged)).await?.len())
    }

    async fn check(&self) -> Result<Vec<String>, StoreError> {
        check::check(&self.readers).await
    }

    async fn backup_to(&self, path: &Path) -> Result<(), StoreError> {
        backup::backup_to(&self.readers.connect_options(), path).await
    }

    async fn close(&self) {
        // The writer goes last: whoever closes last folds the log into the file.
        self.readers.close().await;
        self.writer.close().await;
    }
}

#[async_trait]
impl Notices for SqliteStore {
    async fn followed(&self) -> Result<Followed, StoreError> {
        notices::followed(&self.readers).await
    }

    async fn take_notices(
        &self,
        from: &Followed,
        to: &Followed,
        met: Vec<Met>,
    ) -> Result<(), StoreError> {
        let task = NoticeTask::Take { from: from.clone(), to: to.clone(), met };
        self.writer.write(Task::Notices(task)).await.map(drop)
    }

    async fn notices(&self, after: i64, limit: usize) -> Result<Vec<Notice>, StoreError> {
        notices::notices(&self.readers, after, limit).await
    }

    async fn notice_reasons(
        &self,
        ids: &[i64],
    ) -> Result<BTreeMap<i64, Vec<NoticeReason>>, StoreError> {
        notices::reasons(&self.readers, ids).await
    }

    async fn last_notice(&self) -> Result<i64, StoreError> {
        notices::last(&self.readers).await
    }

    async fn seen_notice(&self, visitor: &str) -> Result<i64, StoreError> {
        notices::seen(&self.readers, visitor).await
    }

    async fn see_notices(&self, visitor: &str, until: i64) -> Result<(), StoreError> {
        let task = NoticeTask::See { visitor: visitor.to_owned(), until };
        self.writer.write(Task::Notices(task)).await.map(drop)
    }
}
