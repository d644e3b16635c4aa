//! What is said of the audit log: its entries, the seals over them, and what does not fit.
//!
//! The log is the history: one entry for each change, written with it. A seal chains entries by
//! hash, in the order of the feed. What an entry says can be erased, its digest cannot: seals
//! cover digests only.

use std::fmt;
use std::str::FromStr;

use super::Change;
use crate::model::{Action, Body, Kind, Operation, RecordId, Timestamp};

/// Most changes under one seal.
pub const SEAL_ROWS_MAX: usize = 5_000;

/// 链值: a SHA-256 that stands for the log up to a seal. Kept elsewhere, it shows whether the log
/// was cut or written anew since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LogHash(pub [u8; 32]);

impl fmt::Display for LogHash {
    /// 64 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("应为 64 位十六进制数字")]
pub struct NoLogHash;

impl FromStr for LogHash {
    type Err = NoLogHash;

    /// Reads 64 hexadecimal digits.
    ///
    /// # Errors
    /// If the text is anything else.
    fn from_str(text: &str) -> Result<Self, NoLogHash> {
        let text = text.trim();
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NoLogHash);
        }
        let mut hash = [0; 32];
        for (byte, digits) in hash.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| NoLogHash)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| NoLogHash)?;
        }
        Ok(Self(hash))
    }
}

/// 封存: the changes behind the seal before, chained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal {
    /// 1 for the first, larger by 1 for each further one.
    pub number: u64,
    /// Number of its first change.
    pub first_seq: i64,
    /// Number of its last change.
    pub last_seq: i64,
    /// How many changes it covers.
    pub rows: u64,
    /// When it was made.
    pub at: Timestamp,
    /// Stands for the log up to here.
    pub hash: LogHash,
}

/// How far the log is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// The newest seal, `None` before the first.
    pub newest: Option<Seal>,
    /// Changes behind it.
    pub waiting: u64,
}

/// 不符: the first thing in the log that is not what was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mismatch {
    /// The entry of that number says something else.
    Changed(i64),
    /// The entry of that number is gone.
    Missing(i64),
    /// There was no entry of that number.
    Inserted(i64),
    /// An entry stands in another's place.
    Moved {
        /// Where it stands.
        seq: i64,
        /// Where it stood.
        from: i64,
    },
    /// The seal of that number is gone, though there are later ones.
    SealMissing(u64),
    /// The seal of that number says something else.
    SealChanged(u64),
}

/// What came of holding some seals against the entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// The last seal that is right; the one given if none behind it is.
    pub last: Option<Seal>,
    /// Seals that were found right.
    pub seals: u64,
    /// Entries under these.
    pub rows: u64,
    /// Those among them that say nothing any more, by erasure or age.
    pub erased: u64,
    /// What is behind `last` and is not what was sealed.
    pub mismatch: Option<Mismatch>,
}

/// Which entries of the log are asked for; all that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// Changes of that record, and events that are about it.
    pub record: Option<(Kind, RecordId)>,
    /// Who did it.
    pub by: Option<String>,
    /// What was done to a record.
    pub operation: Option<Operation>,
    /// What else happened.
    pub action: Option<Action>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

/// 审计条目: one entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// The change.
    pub change: Change,
    /// What was done.
    pub operation: Operation,
    /// When.
    pub at: Timestamp,
    /// By whom: a user's id, or the name of a door.
    pub by: String,
    /// What the record said then, without what stands beside it; `None` once that was erased.
    pub body: Option<Body>,
}
