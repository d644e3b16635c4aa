//! What is said of backups: what they hold, and why a file is not taken for one.

use std::io;
use std::path::PathBuf;

use super::StoreError;
use crate::model::Kind;

/// 备份内容: what a backup holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupContents {
    /// Live records by kind.
    pub counts: Vec<(Kind, u64)>,
    /// Number of the last change in its feed; 0 if it is empty.
    pub seq: i64,
}

/// Why there is no backup, or why one is not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file is no database at all.
    #[error("it is no database")]
    NoDatabase,
    /// The file is another program's database.
    #[error("it is another program's database")]
    Foreign,
    /// The file was written by a newer version of this program.
    #[error("it was written by a newer version (migration {migration})")]
    Newer {
        /// The first migration that this version does not know.
        migration: i64,
    },
    /// The file was cut off, or something was written behind its end.
    #[error("it has {found} bytes instead of {expected}")]
    WrongSize {
        /// Its size.
        found: u64,
        /// The size that its header promises, without a seal.
        expected: u64,
    },
    /// The file is not what was sealed: at least one bit of it has changed.
    #[error("it is not what was sealed")]
    Altered,
    /// The file is a database in use, whose last changes are in a log beside it.
    #[error("its last changes are in {}", log.display())]
    Unfolded {
        /// The log.
        log: PathBuf,
    },
    /// The file is damaged inside.
    #[error("it is damaged: {}", findings.join("; "))]
    Damaged {
        /// What was found, one English sentence each.
        findings: Vec<String>,
    },
    /// A file of that name exists and shall not be replaced.
    #[error("{} exists", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The database that is to be replaced is open.
    #[error("{} is open in another process", database.display())]
    InUse {
        /// The database.
        database: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What happened.
        #[source]
        source: io::Error,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
