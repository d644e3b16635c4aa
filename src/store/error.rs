//! Why the store did not do what was asked.

use std::path::PathBuf;
use std::sync::Arc;

use super::{BATCH_MAX, RowId};
use crate::model::{Kind, RecordId, Refusal};

/// Why the store did not do what was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The record was changed since the caller read it.
    #[error("record {id} is at revision {found}, not {expected}")]
    RevisionConflict {
        /// The record.
        id: RecordId,
        /// The revision the caller meant to change.
        expected: u64,
        /// The revision it has.
        found: u64,
    },
    /// A draft names a record that does not exist, is deleted or is of another kind.
    #[error("the {kind:?} {id} does not exist")]
    DanglingReference {
        /// The kind the reference must be of.
        kind: Kind,
        /// The id that names nothing.
        id: RecordId,
    },
    /// There is such a record already.
    #[error("the {kind:?} {external_id} of source {source_name} exists")]
    Exists {
        /// Its kind.
        kind: Kind,
        /// Its source.
        source_name: String,
        /// Its external id.
        external_id: String,
    },
    /// No such record.
    #[error("there is no {kind:?} {id}")]
    NotFound {
        /// The kind asked for.
        kind: Kind,
        /// The id asked for.
        id: RecordId,
    },
    /// Records of that kind hold no personal data, or account for others.
    #[error("what a {kind:?} says is not erased")]
    NotErasable {
        /// The kind.
        kind: Kind,
    },
    /// The key of another request is used again.
    #[error("the key {key:?} belongs to another request")]
    RequestReused {
        /// The key.
        key: String,
    },
    /// Another process has met the changes that these notices are about.
    #[error("another process has met these changes")]
    Overtaken,
    /// More records than one call may carry.
    #[error("{count} records in one call, at most {BATCH_MAX}")]
    BatchTooLarge {
        /// How many were given.
        count: usize,
    },
    /// What is stored cannot be read as a record: damage, or a newer version's data.
    #[error("row {row:?} cannot be read: {reason}")]
    Unreadable {
        /// The row.
        row: RowId,
        /// What is wrong with it.
        reason: String,
    },
    /// A draft holds a value that the model refuses. Nothing is stored that could not be
    /// read back.
    #[error("draft {draft_idx} is not legal: {refusal}")]
    IllegalDraft {
        /// Position of the draft in the call, from 0.
        draft_idx: usize,
        /// What is wrong with it.
        refusal: Refusal,
    },
    /// The file cannot be used as a store: it is no database, another program's, written by
    /// a newer version of this program, or not to be read or written.
    #[error("the database {} cannot be opened: {reason}", path.display())]
    Unopenable {
        /// The file.
        path: PathBuf,
        /// What the machine denies, if it is that.
        obstacle: Option<Obstacle>,
        /// What stands in the way.
        reason: String,
    },
    /// Bringing the database up to this version of the program failed.
    #[error("the database cannot be brought up to date: {0}")]
    Migration(#[source] Arc<sqlx::migrate::MigrateError>),
    /// The machine does not let the database work. What was answered before stays; of this
    /// call nothing is written.
    #[error("{obstacle}: {reason}")]
    Obstacle {
        /// What stands in the way.
        obstacle: Obstacle,
        /// The database's own words.
        reason: String,
    },
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[source] Arc<sqlx::Error>),
    /// The store was closed, or its runtime ended, before the call was answered.
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    /// Whether the database failed, as opposed to refusing what was asked.
    pub(super) fn is_fault(&self) -> bool {
        matches!(self, Self::Obstacle { .. } | Self::Database(_))
    }
}

/// 障碍: what the machine may deny a database, and people can put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Obstacle {
    /// No room is left on the disk, or within the size that the database may have.
    DiskFull,
    /// File, folder or file system may not be written.
    ReadOnly,
    /// Another process has kept the file to itself for too long.
    Locked,
    /// The file cannot be opened, read or written: a fault of the disk, a folder that is gone,
    /// a limit on the size or number of files.
    Io,
}

impl std::fmt::Display for Obstacle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::DiskFull => "the disk is full",
            Self::ReadOnly => "the database may not be written",
            Self::Locked => "another process holds the database",
            Self::Io => "the database file cannot be read or written",
        })
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match super::sqlite::obstacle(&error) {
            Some(obstacle) => Self::Obstacle { obstacle, reason: super::sqlite::reason(&error) },
            None => Self::Database(Arc::new(error)),
        }
    }
}
