//! Copies of the database: made while it is written, and looked through without a change.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{ConnectOptions, Connection};
use tempfile::NamedTempFile;

use super::obstacle::is_damage;
use super::open::MIGRATIONS;
use super::seal::{self, SEAL_BYTES};
use super::{check, read};
use crate::model::Kind;
use crate::store::{BackupContents, BackupError, StoreError};

/// First bytes of every SQLite database.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// Bytes of the header of which sizes are read.
const HEADER_BYTES: usize = 100;

/// Writes the store, as it is at this moment, into a file that is missing or empty. Others
/// write meanwhile; what was deleted or erased is not in the copy's unused parts either.
pub(super) async fn backup_to(options: &SqliteConnectOptions, to: &Path) -> Result<(), StoreError> {
    // A connection of its own: it reads for long, and the others that read may write no file.
    // What it does is slow by nature and not worth a warning.
    let options = options.clone().pragma("query_only", "OFF").disable_statement_logging();
    let mut conn = options.connect().await?;
    let copied = sqlx::query("VACUUM INTO $1").bind(to.to_string_lossy()).execute(&mut conn).await;
    conn.close().await?;
    copied?;
    Ok(())
}

/// 待完成的备份: a backup under a passing name beside its own, removed unless it is finished.
/// Only its owner can read it: contacts are inside.
#[derive(Debug)]
pub struct StagedBackup {
    file: PathBuf,
    partial: NamedTempFile,
}

/// A backup that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinishedBackup {
    /// What it holds.
    pub contents: BackupContents,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
}

impl StagedBackup {
    /// Begins a backup that shall be `file`: makes an empty file for [`Store::backup_to`].
    ///
    /// [`Store::backup_to`]: crate::store::Store::backup_to
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn begin(file: &Path) -> Result<Self, BackupError> {
        let folder = folder_of(file);
        let partial = tempfile::Builder::new()
            .prefix(".duijie-backup-")
            .suffix(".partial")
            .tempfile_in(folder)
            .map_err(|source| file_error(folder, source))?;
        Ok(Self { file: file.to_owned(), partial })
    }

    /// The file to be filled.
    pub fn path(&self) -> &Path {
        self.partial.path()
    }

    /// Seals what was written, makes it durable, looks through all of it as a restore would,
    /// and gives it its name; a file of that name is replaced if `overwrite` says so.
    ///
    /// # Errors
    /// [`BackupError::Exists`]; otherwise if the copy is not sound or the disk fails. There is
    /// no file of that name then, or the one that was there.
    pub async fn finish(self, overwrite: bool) -> Result<FinishedBackup, BackupError> {
        let sealed = self.path().to_owned();
        let sha256 = off_runtime(&self.file, move || seal::seal(&sealed)).await?;
        let bytes = database_bytes(self.path()).await? + SEAL_BYTES;
        let pool = open_unchanged(self.path());
        let contents = looked_through(&pool).await;
        pool.close().await;
        let contents = contents?;
        let Self { file, partial } = self;
        let placed =
            if overwrite { partial.persist(&file) } else { partial.persist_noclobber(&file) };
        placed.map_err(|refused| match refused.error.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists { path: file.clone() },
            _ => file_error(&file, refused.error),
        })?;
        sync_folder_of(&file).map_err(|source| file_error(&file, source))?;
        Ok(FinishedBackup { contents, bytes, sha256 })
    }
}

/// How much of the file at `path` is a database of this program, in bytes.
///
/// # Errors
/// Why it is none that this version can restore, as far as its outside tells.
pub(super) async fn database_bytes(path: &Path) -> Result<u64, BackupError> {
    let bytes = whole_pages(path)?;
    let pool = open_unchanged(path);
    let fit = refuse_unfit(path, &pool).await;
    pool.close().await;
    fit.map(|()| bytes)
}

/// Looks through all of a store and says what it holds.
///
/// # Errors
/// [`BackupError::Damaged`] if it is not in order.
pub(super) async fn looked_through(pool: &SqlitePool) -> Result<BackupContents, BackupError> {
    let findings = match check::check(pool).await {
        Err(StoreError::Database(error)) if is_damage(&error) => vec![error.to_string()],
        checked => checked?,
    };
    if !findings.is_empty() {
        return Err(damaged(findings));
    }
    let mut counts = Vec::with_capacity(Kind::ALL.len());
    for kind in Kind::ALL {
        counts.push((*kind, read::count(pool, *kind).await?));
    }
    Ok(BackupContents { counts, seq: read::last_seq(pool).await? })
}

/// What damage is said of a file that SQLite cannot read.
pub(super) fn damaged(findings: Vec<String>) -> BackupError {
    BackupError::Damaged { findings }
}

/// Runs work on a file outside the runtime's threads.
pub(super) async fn off_runtime<T: Send + 'static>(
    path: &Path,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, BackupError> {
    let done = tokio::task::spawn_blocking(work).await.map_err(io::Error::other);
    done.and_then(|outcome| outcome).map_err(|source| file_error(path, source))
}

pub(super) fn file_error(path: &Path, source: io::Error) -> BackupError {
    BackupError::File { path: path.to_owned(), source }
}

/// The name of a file that belongs to a database: its log, its lock.
pub(super) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The folder that a file stands in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the names in a file's folder durable.
pub(super) fn sync_folder_of(path: &Path) -> io::Result<()> {
    File::open(folder_of(path))?.sync_all()
}

/// Opens a file that nobody writes, and leaves it and its folder as they are.
fn open_unchanged(path: &Path) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(path).read_only(true).immutable(true);
    let options = options.disable_statement_logging();
    SqlitePoolOptions::new().max_connections(1).connect_lazy_with(options)
}

/// The bytes that the header promises, if the file has them and nothing but a seal behind.
fn whole_pages(path: &Path) -> Result<u64, BackupError> {
    let read = || -> io::Result<(Vec<u8>, u64)> {
        let mut header = Vec::with_capacity(HEADER_BYTES);
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        file.take(HEADER_BYTES as u64).read_to_end(&mut header)?;
        Ok((header, length))
    };
    let (header, found) = read().map_err(|source| file_error(path, source))?;
    if header.len() < HEADER_BYTES || !header.starts_with(MAGIC) {
        return Err(BackupError::NoDatabase);
    }
    let page_bytes = match u64::from(u16::from_be_bytes([header[16], header[17]])) {
        1 => 65_536,
        bytes => bytes,
    };
    let pages = u32::from_be_bytes([header[28], header[29], header[30], header[31]]);
    let expected = page_bytes * u64::from(pages);
    if found != expected && found != expected + SEAL_BYTES {
        return Err(BackupError::WrongSize { found, expected });
    }
    for suffix in ["-wal", "-journal"] {
        let log = beside(path, suffix);
        if log.metadata().is_ok_and(|log| log.len() > 0) {
            return Err(BackupError::Unfolded { log });
        }
    }
    Ok(expected)
}

/// Refuses other programs' databases and those of newer versions.
async fn refuse_unfit(path: &Path, pool: &SqlitePool) -> Result<(), BackupError> {
    let own: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM sqlite_schema
         WHERE type = 'table' AND name IN ('_sqlx_migrations', 'records', 'changes', 'settings')",
    )
    .fetch_one(pool)
    .await
    .map_err(|error| unreadable(path, error))?;
    if own < 4 {
        return Err(BackupError::Foreign);
    }
    let versions: Vec<i64> =
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations ORDER BY version")
            .fetch_all(pool)
            .await
            .map_err(|error| unreadable(path, error))?;
    match versions.into_iter().find(|version| !MIGRATIONS.version_exists(*version)) {
        Some(migration) => Err(BackupError::Newer { migration }),
        None => Ok(()),
    }
}

/// A database whose first pages cannot be read is damaged; other failures are their own.
fn unreadable(path: &Path, error: sqlx::Error) -> BackupError {
    match error {
        sqlx::Error::Database(of_sqlite) => damaged(vec![of_sqlite.message().to_owned()]),
        sqlx::Error::Io(source) => file_error(path, source),
        other => StoreError::from(other).into(),
    }
}
