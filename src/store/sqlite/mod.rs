//! The store in one SQLite file: the default, nothing to install.
//!
//! `open` makes or finds the file. `writer` gathers the writes and commits them in groups,
//! `put` and `delete` say what becomes of records, `request` does nothing twice, `write` puts that
//! into the tables, `fold` the log into the file. `read` and `row` answer from them, `check` looks for damage, `backup` and `restore` copy the file
//! out and in. All statements are plain SQL that other databases understand; what only SQLite
//! knows is in `open`, `check`, `backup`, `restore`, `obstacle` and the migrations.

mod backup;
mod check;
mod delete;
mod fold;
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

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::SqlitePool;

use self::delete::Deletion;
use self::put::checked;
use self::writer::{Task, Writer};
use super::{
    Change, Clock, Outcome, Position, RequestKey, RowId, Store, StoreError, Stored, Write,
};
use crate::model::{Kind, Record, RecordId, Timestamp};

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
    _presence: File,
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
