//! What SQLite's errors mean for people.

use crate::store::Obstacle;

/// Primary result codes, the low byte of every extended one.
const BUSY: u32 = 5;
const LOCKED: u32 = 6;
const READ_ONLY: u32 = 8;
const IO_ERROR: u32 = 10;
const FULL: u32 = 13;
const CANNOT_OPEN: u32 = 14;
/// The memory shared between processes cannot grow: its file is on the same full disk.
const IO_ERROR_SHARED_SIZE: u32 = IO_ERROR | (19 << 8);

/// What stands in the way, if it is something that people can put right.
pub(in crate::store) fn obstacle(error: &sqlx::Error) -> Option<Obstacle> {
    let code = code(error)?;
    if code == IO_ERROR_SHARED_SIZE {
        return Some(Obstacle::DiskFull);
    }
    match code & 0xFF {
        FULL => Some(Obstacle::DiskFull),
        READ_ONLY | CANNOT_OPEN => Some(Obstacle::ReadOnly),
        BUSY | LOCKED => Some(Obstacle::Locked),
        IO_ERROR => Some(Obstacle::Io),
        _ => None,
    }
}

/// Whether another connection holds the file's lock.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| code & 0xFF == BUSY)
}

/// The database's own words, without those of the driver.
pub(in crate::store) fn reason(error: &sqlx::Error) -> String {
    error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())
}

fn code(error: &sqlx::Error) -> Option<u32> {
    error.as_database_error()?.code()?.parse().ok()
}
