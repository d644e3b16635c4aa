//! What SQLite's errors mean for people.

use std::io::ErrorKind;

use crate::store::Obstacle;

/// Primary result codes, the low byte of every extended one.
const BUSY: u32 = 5;
const LOCKED: u32 = 6;
const READ_ONLY: u32 = 8;
const IO_ERROR: u32 = 10;
const CORRUPT: u32 = 11;
const FULL: u32 = 13;
const CANNOT_OPEN: u32 = 14;
const NOT_A_DATABASE: u32 = 26;
/// The memory shared between processes cannot grow: its file is on the same full disk.
const IO_ERROR_SHARED_SIZE: u32 = IO_ERROR | (19 << 8);
/// The file was moved or deleted while it was open.
const READ_ONLY_MOVED: u32 = READ_ONLY | (4 << 8);

/// What stands in the way, if it is something that people can put right.
pub(in crate::store) fn obstacle(error: &sqlx::Error) -> Option<Obstacle> {
    let code = code(error)?;
    match (code, code & 0xFF) {
        (IO_ERROR_SHARED_SIZE, _) | (_, FULL) => Some(Obstacle::DiskFull),
        (READ_ONLY_MOVED, _) | (_, IO_ERROR | CANNOT_OPEN) => Some(Obstacle::Io),
        (_, READ_ONLY) => Some(Obstacle::ReadOnly),
        (_, BUSY | LOCKED) => Some(Obstacle::Locked),
        _ => None,
    }
}

/// Whether another connection holds the file's lock.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| code & 0xFF == BUSY)
}

/// What stands in the way of a folder or file that the store makes itself.
pub(super) fn of_io(error: &std::io::Error) -> Obstacle {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Obstacle::DiskFull,
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => Obstacle::ReadOnly,
        _ => Obstacle::Io,
    }
}

/// Whether the file is damaged or no database.
pub(super) fn is_damage(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| matches!(code & 0xFF, CORRUPT | NOT_A_DATABASE))
}

/// The database's own words, without those of the driver.
pub(in crate::store) fn reason(error: &sqlx::Error) -> String {
    error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())
}

fn code(error: &sqlx::Error) -> Option<u32> {
    error.as_database_error()?.code()?.parse().ok()
}
