//! What is remembered: records with all their revisions, and the feed of changes.
//!
//! [`Store`] is the contract; every backend keeps it and is run through the same
//! conformance tests (`tests/it/store_contract.rs`). SQL is written nowhere else.

mod audit;
mod backup;
mod error;
mod notices;
mod shape;
mod sqlite;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;

use crate::model::{Draft, Kind, Record, RecordId, Timestamp};

pub use audit::{
    AuditEntry, AuditFilter, LogHash, Mismatch, NoLogHash, SEAL_ROWS_MAX, Seal, Sealed, Verified,
};
pub use backup::{BackupContents, BackupError};
pub use error::{Obstacle, StoreError};
pub use notices::{
    Audience, Followed, Met, NOTICES_KEPT_MS, NOTICES_MAX, NewNotice, Notice, NoticeReason, Notices,
};
pub use sqlite::{FinishedBackup, SqliteOptions, SqliteStore, StagedBackup, StagedRestore};

/// 时钟: what a store takes for the present instant. Nothing is ordered by it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Most records that one call may write or return.
pub const BATCH_MAX: usize = 10_000;

/// 行号: the store's own number of a record: small, never reused, never shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub i64);

/// 变更位置: a position in the feed of changes.
///
/// `epoch` names the store's life: it is drawn when a store is created, so that an
/// index built from another store is never taken for this one's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Position {
    /// Drawn at random when the store was created; always positive.
    pub epoch: i64,
    /// Number of the last change; 0 before the first.
    pub seq: i64,
}

/// A record with its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The store's number of it.
    pub row: RowId,
    /// The record.
    pub record: Record,
}

/// What became of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// There was no such record; it has revision 1 now.
    Created,
    /// The record said something else; its revision grew by 1.
    Updated,
    /// The record says that already; nothing was written.
    Unchanged,
    /// The request had been done before; nothing was written.
    Repeated,
    /// Another record has taken the place of this one, which comes back; nothing was written.
    Merged,
}

/// What becomes of a live record that a draft names by kind, source and external id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It says what the draft says. One that is missing is created.
    Updated,
    /// It stays as it is, and the draft is refused. One that is missing is created.
    Refused,
    /// It is the record of that id, at that revision if one is given, and says what the draft
    /// says; else the draft is refused. It may go on naming records that were deleted since.
    Expected {
        /// Its id.
        id: RecordId,
        /// The revision that the caller has read.
        revision: Option<u64>,
    },
}

/// A draft, and what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// What is to be written.
    pub draft: Draft,
    /// What becomes of a record that is there.
    pub existing: Existing,
}

/// 请求标识: what a caller calls a request, so that sending it again does nothing again. It is
/// remembered for [`REQUESTS_KEPT_MS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey {
    /// Who asks; keys of different callers are different.
    pub caller: String,
    /// The caller's name of the request.
    pub key: String,
    /// Digest of what is asked for.
    pub digest: String,
}

/// How long a request's key is remembered: a day, in milliseconds.
pub const REQUESTS_KEPT_MS: i64 = 24 * 3_600_000;

/// One entry of the feed: ids only, whoever consumes it reads the record anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Number of the change; grows in the order of the commits, gaps are possible.
    pub seq: i64,
    /// The record that changed.
    pub row: RowId,
    /// Its kind.
    pub kind: Kind,
    /// Its public id.
    pub id: RecordId,
    /// Its revision after the change.
    pub revision: u64,
}

/// The contract of every store.
///
/// A write is there as a whole or not at all, its entries in the feed exactly when it is, and
/// for good once the call has returned. A call that is dropped before it has returned may
/// still be done. A deleted record stays as a tombstone that [`Store::get`] returns with
/// `deleted_at` set and that lists leave out.
///
/// Order never comes from a clock: the feed's is that of the commits, a record's history that
/// of its revisions, and a new id is larger than those of all records there are. Instants are
/// what the clock said, though a record is never changed before it was created.
#[async_trait]
pub trait Store: Notices + Send + Sync {
    /// Writes drafts in one transaction and says what became of each, in the order given.
    ///
    /// A draft that says what the record says already writes nothing. A draft for a deleted
    /// record revives it; one for a record that was merged into another writes nothing
    /// ([`Outcome::Merged`]), so that no duplicate comes back unnoticed. The same record twice in one call is written in turn. If `request` was
    /// written before, nothing is done and the first of its records comes back as it is now,
    /// [`Outcome::Repeated`].
    ///
    /// # Errors
    /// [`StoreError::BatchTooLarge`]; [`StoreError::IllegalDraft`];
    /// [`StoreError::DanglingReference`] if a body names a record that does not exist, is
    /// deleted or is of another kind, even if the draft would change nothing; what
    /// [`Existing`] asks for: [`StoreError::Exists`], [`StoreError::NotFound`],
    /// [`StoreError::RevisionConflict`]; [`StoreError::RequestReused`] if `request` was written
    /// before with another digest. Nothing is written then.
    async fn write(
        &self,
        writes: &[Write],
        request: Option<&RequestKey>,
        by: &str,
    ) -> Result<Vec<(Stored, Outcome)>, StoreError>;

    /// [`Store::write`] with [`Existing::Updated`] for every draft.
    ///
    /// # Errors
    /// As [`Store::write`].
    async fn put(
        &self,
        drafts: &[Draft],
        by: &str,
    ) -> Result<Vec<(RecordId, Outcome)>, StoreError> {
        let write = |draft: &Draft| Write { draft: draft.clone(), existing: Existing::Updated };
        let writes: Vec<Write> = drafts.iter().map(write).collect();
        let written = self.write(&writes, None, by).await?;
        Ok(written.into_iter().map(|(stored, outcome)| (stored.record.meta.id, outcome)).collect())
    }

    /// [`Store::write`] of one record that is not there yet, which comes back.
    ///
    /// # Errors
    /// As [`Store::write`].
    async fn create(&self, draft: &Draft, by: &str) -> Result<Stored, StoreError> {
        let write = Write { draft: draft.clone(), existing: Existing::Refused };
        let mut written = self.write(&[write], None, by).await?;
        // A call is answered with as many records as it has drafts.
        written.pop().map(|(stored, _)| stored).ok_or(StoreError::Closed)
    }

    /// Deletes a record, leaving its tombstone; deleting a tombstone changes nothing. The
    /// contact is erased; records that name the deleted one stay as they are.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::RevisionConflict`] if `expected` is given and
    /// is not its revision.
    async fn delete(
        &self,
        kind: Kind,
        id: RecordId,
        expected: Option<u64>,
        by: &str,
    ) -> Result<(), StoreError>;

    /// The record of that id, tombstones included.
    async fn get(&self, kind: Kind, id: RecordId) -> Result<Option<Stored>, StoreError>;

    /// The records that have this external id, of any source or of `source`, tombstones
    /// left out, in the order of their ids; in the place of a record that was merged into another,
    /// that one.
    async fn find(
        &self,
        kind: Kind,
        source: Option<&str>,
        external_id: &str,
    ) -> Result<Vec<Stored>, StoreError>;

    /// The records in these rows, tombstones included, in the order of the rows given;
    /// rows that do not exist are left out.
    ///
    /// # Errors
    /// [`StoreError::BatchTooLarge`].
    async fn rows(&self, rows: &[RowId]) -> Result<Vec<Stored>, StoreError>;

    /// The live records of a kind behind `after`, in the order of their ids, `limit` at most
    /// (never more than [`BATCH_MAX`]).
    async fn list(
        &self,
        kind: Kind,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<Stored>, StoreError>;

    /// The live records of a kind that name the record `to`, as [`Store::list`] gives all.
    async fn referring(
        &self,
        kind: Kind,
        to: (Kind, RecordId),
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<Vec<Stored>, StoreError>;

    /// How many live records of a kind there are.
    async fn count(&self, kind: Kind) -> Result<u64, StoreError>;

    /// The record as it was at an earlier revision, with the contact left empty; `None` if
    /// it never had that revision, or what that said was erased.
    async fn revision(
        &self,
        kind: Kind,
        id: RecordId,
        revision: u64,
    ) -> Result<Option<Record>, StoreError>;

    /// The changes behind `seq`, in their order, `limit` at most (never more than [`BATCH_MAX`]).
    async fn changes(&self, seq: i64, limit: usize) -> Result<Vec<Change>, StoreError>;

    /// The position behind the last change.
    async fn position(&self) -> Result<Position, StoreError>;

    /// Number and instant of the last change, `None` before the first. An instant in the
    /// future means that the clock was wrong then, or is now.
    async fn last_change(&self) -> Result<Option<(i64, Timestamp)>, StoreError>;

    /// Puts the live record `kept` in the place of the live record `merged` of the same kind, and
    /// returns the record of that ([`Kind::Merge`]): those that named the merged one name the
    /// kept one, the merged one is a tombstone with `merged_into`, its contact beside it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::BatchTooLarge`] if too many name it;
    /// [`StoreError::IllegalDraft`] if the two are one. Nothing is written then.
    async fn merge(
        &self,
        kind: Kind,
        kept: RecordId,
        merged: RecordId,
        by: &str,
    ) -> Result<Stored, StoreError>;

    /// Takes a merge back: the merged record says again what it said, and so do those that named
    /// it, but for what was changed of them since. Taking it back again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is no such merge, or one of its records is not as the
    /// merge left it: deleted, merged on, erased. Nothing is written then.
    async fn unmerge(&self, id: RecordId, by: &str) -> Result<(Stored, Outcome), StoreError>;

    /// Seals the changes behind the newest seal, [`SEAL_ROWS_MAX`] at most, and returns the newest
    /// seal, whoever made it; `None` if all was sealed. Whoever writes need not wait for that.
    async fn seal(&self) -> Result<Option<Seal>, StoreError>;

    /// How far the log is sealed.
    async fn sealed(&self) -> Result<Sealed, StoreError>;

    /// The seal of that hash.
    async fn seal_of_hash(&self, hash: LogHash) -> Result<Option<Seal>, StoreError>;

    /// Recomputes the seals behind `after`, or behind the beginning, some at a time and `limit` at
    /// most, up to the first that does not fit. All is right if there is no mismatch and nothing
    /// behind the last one.
    async fn verify_seals(
        &self,
        after: Option<&Seal>,
        limit: usize,
    ) -> Result<Verified, StoreError>;

    /// The entries of the log that pass the filter, the newest first, those before the entry
    /// `before` if it is given, `limit` at most (never more than [`BATCH_MAX`]).
    async fn audit(
        &self,
        filter: &AuditFilter,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<AuditEntry>, StoreError>;

    /// Erases for good what a record says and ever said of persons, its external id included, and
    /// writes `note` with it. Digests stay in the history, so that seals stay right; the record
    /// becomes a tombstone of [`Body::redacted`](crate::model::Body::redacted). Erasing it again
    /// changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::NotErasable`]; those of [`Store::write`] for `note`.
    async fn erase(
        &self,
        kind: Kind,
        id: RecordId,
        note: &Draft,
        by: &str,
    ) -> Result<Outcome, StoreError>;

    /// Erases what the oldest events from before an instant say, `limit` at most; that they
    /// happened, when, and who did it stays. Returns of how many.
    async fn prune_events(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError>;

    /// Findings of the store's own check, one English sentence each; empty if all is well.
    async fn check(&self) -> Result<Vec<String>, StoreError>;

    /// Writes the store as it is at one moment into a file that is missing or empty, while
    /// others read and write. The file is not durable yet.
    async fn backup_to(&self, path: &Path) -> Result<(), StoreError>;

    /// Waits for what is under way and puts the files in order; calls after this fail with
    /// [`StoreError::Closed`] or as if the database had failed.
    async fn close(&self);
}
