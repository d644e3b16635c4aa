//! A backup on its way into the place of a database.
//!
//! It is copied beside the database, looked through there and given a new epoch; only then
//! one rename puts it into place. Whatever is cut off before leaves the old database, whatever
//! is cut off behind it the new one.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::backup::{self, beside, damaged, file_error, off_runtime, sync_folder_of};
use super::obstacle::{is_busy, is_damage};
use super::{SqliteStore, open, presence, seal};
use crate::store::{BackupContents, BackupError, Store, StoreError};

/// What a database can have beside it while it is open.
const LOGS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Longest wait for a connection to the old database that is about to be closed.
const LEAVING_MAX: Duration = Duration::from_secs(1);

/// 待恢复的备份: a complete copy of a backup beside the database that it shall replace. While
/// it exists no process can open that database; dropped, it leaves nothing behind.
#[derive(Debug)]
pub struct StagedRestore {
    database: PathBuf,
    staged: Staged,
    contents: BackupContents,
    sha256: String,
    _alone: presence::Presence,
}

/// The copy, removed unless it was put into place.
#[derive(Debug)]
struct Staged(PathBuf);

impl Drop for Staged {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

impl StagedRestore {
    /// Where the copy of a restore into `database` grows, for those who show progress.
    pub fn staging_path(database: &Path) -> PathBuf {
        beside(database, ".restoring")
    }

    /// Copies the backup in `file` beside `database`, looks through all of it, and gives it a
    /// new epoch. An older version's is brought up to date. Linear in its size.
    ///
    /// # Errors
    /// [`BackupError`]: why the file is not to be restored, or [`BackupError::InUse`] while a
    /// process has the database open. The database is as it was then.
    pub async fn prepare(file: &Path, database: &Path) -> Result<Self, BackupError> {
        let bytes = backup::database_bytes(file).await?;
        if let Some(folder) = database.parent() {
            fs::create_dir_all(folder).map_err(|source| file_error(folder, source))?;
        }
        let in_use = || BackupError::InUse { database: database.to_owned() };
        let alone = presence::alone(database)
            .map_err(|source| file_error(&presence::path(database), source))?
            .ok_or_else(in_use)?;
        let staged = Staged(Self::staging_path(database));
        // One that was cut off before; nobody else can be at work here now.
        remove(&staged.0);
        let mut copy = private(&staged.0).map_err(|source| file_error(&staged.0, source))?;
        let from = file.to_owned();
        let copied = off_runtime(file, move || seal::copy(&from, &mut copy, bytes)).await?;
        if !copied.is_intact {
            return Err(BackupError::Altered);
        }
        let contents = renewed(&staged.0).await?;
        let (database, sha256) = (database.to_owned(), copied.sha256);
        Ok(Self { database, staged, contents, sha256, _alone: alone })
    }

    /// What is about to be restored.
    pub fn contents(&self) -> &BackupContents {
        &self.contents
    }

    /// SHA-256 of the backup's file, in hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Puts the copy into place. The database that was there, if any, is kept under its name
    /// followed by `.replaced-` and `instant`, and returned.
    ///
    /// # Errors
    /// [`BackupError::InUse`] if another program has the database open; otherwise if a file
    /// cannot be written. The database is as it was then.
    pub async fn put_into_place(self, instant: &str) -> Result<Option<PathBuf>, BackupError> {
        let database = self.database.clone();
        let had_one = database.exists();
        let folded = had_one && fold(&database).await?;
        let kept = beside(&database, &format!(".replaced-{instant}"));
        off_runtime(&database.clone(), move || {
            // Everybody stays locked out even if nobody waits for this any more.
            let this = self;
            let staged = &this.staged.0;
            if had_one {
                // The log of the old database must never meet the new one. Folded, there is
                // none; that of a damaged one goes with it, under its new name.
                if !folded {
                    for suffix in LOGS {
                        move_if_there(&beside(&database, suffix), &beside(&kept, suffix))?;
                    }
                }
                keep(&database, &kept)?;
                fs::set_permissions(staged, fs::metadata(&database)?.permissions())?;
            }
            File::open(staged)?.sync_all()?;
            fs::rename(staged, &database)?;
            sync_folder_of(&database)?;
            Ok(had_one.then_some(kept))
        })
        .await
    }
}

/// Brings a copy up to date, looks through all of it, and gives it a new epoch.
async fn renewed(staged: &Path) -> Result<BackupContents, BackupError> {
    let store = match SqliteStore::open(staged).await {
        Ok(store) => store,
        Err(StoreError::Unopenable { reason, .. }) => return Err(damaged(vec![reason])),
        Err(error) => return Err(error.into()),
    };
    let looked = backup::looked_through(&store.readers).await;
    store.close().await;
    let contents = looked?;
    let mut conn = alone_in(staged).await.map_err(StoreError::from)?;
    let drawn = open::renew_epoch(&mut conn).await;
    conn.close().await.map_err(StoreError::from)?;
    drawn.map_err(StoreError::from)?;
    Ok(contents)
}

/// Opens a database without any log beside it, which works only for the only one.
async fn alone_in(database: &Path) -> Result<SqliteConnection, sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(database).busy_timeout(Duration::ZERO);
    let mut conn = options.connect().await?;
    sqlx::query("PRAGMA journal_mode = DELETE").execute(&mut conn).await?;
    Ok(conn)
}

/// Folds the log of a database into it. `false` if it is too damaged for that.
async fn fold(database: &Path) -> Result<bool, BackupError> {
    let start = Instant::now();
    loop {
        match alone_in(database).await {
            Ok(conn) => {
                conn.close().await.map_err(StoreError::from)?;
                return Ok(true);
            }
            // Somebody who is just leaving.
            Err(error) if is_busy(&error) && start.elapsed() < LEAVING_MAX => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            // Some program that knows nothing of the lock file, such as sqlite3.
            Err(error) if is_busy(&error) => {
                return Err(BackupError::InUse { database: database.to_owned() });
            }
            Err(error) if is_damage(&error) => return Ok(false),
            Err(error) => return Err(StoreError::from(error).into()),
        }
    }
}

/// A new file that only its owner can read.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Removes a database with what it has beside it; what is not there is no matter.
fn remove(database: &Path) {
    for suffix in LOGS {
        let _ = fs::remove_file(beside(database, suffix));
    }
    let _ = fs::remove_file(presence::path(database));
    let _ = fs::remove_file(database);
}

/// Gives the old database a second name, so that there is never none under the first.
fn keep(database: &Path, kept: &Path) -> io::Result<()> {
    if fs::hard_link(database, kept).is_err() {
        // A file system without links.
        fs::copy(database, kept)?;
        File::open(kept)?.sync_all()?;
    }
    Ok(())
}

fn move_if_there(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    }
}
