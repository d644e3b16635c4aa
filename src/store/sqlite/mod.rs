//! The store in one SQLite file: the default, nothing to install.
//!
//! `open` makes or finds the file, `write` changes records, `read` and `row` answer from
//! them, `check` looks for damage. All statements are plain SQL that other databases
//! understand; what only SQLite knows is in `open`, `check` and the migrations.

mod check;
mod open;
mod read;
mod row;
mod write;

use std::path::Path;

use async_trait::async_trait;
use sqlx::SqlitePool;

use super::{Change, Outcome, Position, RowId, Store, StoreError, Stored};
use crate::model::{Draft, Kind, Record, RecordId};

/// 嵌入式存储: a [`Store`] in a SQLite file.
///
/// Several processes may have the same file open; their writes wait for each other, 10
/// seconds at most. Erased contacts are overwritten in the file; a copy of them can stay in
/// the log beside it until the log is folded into the file, at the latest by [`Self::close`].
#[derive(Debug)]
pub struct SqliteStore {
    readers: SqlitePool,
    /// A single connection: SQLite has one writer at a time, and those who wait here are
    /// served in turn, which those who wait for the file's lock are not.
    writer: SqlitePool,
    epoch: i64,
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
        open::open(path).await
    }

    /// Waits for what is under way and closes the file; calls after this fail.
    pub async fn close(&self) {
        // The writer goes last: whoever closes last folds the log into the file.
        self.readers.close().await;
        self.writer.close().await;
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn put(
        &self,
        drafts: &[Draft],
        by: &str,
    ) -> Result<Vec<(RecordId, Outcome)>, StoreError> {
        write::put(&self.writer, drafts, by).await
    }

    async fn delete(
        &self,
        kind: Kind,
        id: RecordId,
        expected: Option<u64>,
        by: &str,
    ) -> Result<(), StoreError> {
        write::delete(&self.writer, kind, id, expected, by).await
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

    async fn check(&self) -> Result<Vec<String>, StoreError> {
        check::check(&self.readers).await
    }
}
