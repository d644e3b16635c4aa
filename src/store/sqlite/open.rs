//! Making, finding and refusing the file.

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use uuid::Uuid;

use super::obstacle::{is_busy, obstacle, of_io, reason};
use super::writer::Writer;
use super::{SqliteOptions, SqliteStore, presence};
use crate::store::{Obstacle, StoreError};

/// Most connections that read at the same time.
const READERS_MAX: u32 = 4;
/// Bytes of a page, which SQLite has chosen for 64-bit machines since 2016.
const PAGE_BYTES: u64 = 4096;
/// Pages of the write-ahead log (of 4 KiB) from which on the writer folds it into the file, what
/// `fold` has left of it, and begins it anew. Until then the log only grows.
const LOG_PAGES: &str = "4000";
/// Longest wait of a reader for a connection, behind the other calls of this process.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(120);

/// Embedded in the binary. The compiler watches the files named here; after adding a *new*
/// migration, touch this file so that the folder is read again.
pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations/sqlite");

pub(super) async fn open(path: &Path, options: SqliteOptions) -> Result<SqliteStore, StoreError> {
    let unopenable = |obstacle: Option<Obstacle>, reason: String| StoreError::Unopenable {
        path: path.to_owned(),
        obstacle,
        reason,
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|err| {
            let reason = format!("the folder {} cannot be made: {err}", folder.display());
            unopenable(Some(of_io(&err)), reason)
        })?;
    }
    let presence = match presence::enter(path) {
        Ok(Some(presence)) => presence,
        Ok(None) => return Err(unopenable(None, "a backup is being restored into it".to_owned())),
        Err(err) => {
            let reason = format!("its lock file cannot be used: {err}");
            return Err(unopenable(Some(of_io(&err)), reason));
        }
    };
    let reading = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        // A commit is on the disk before it is answered, also through a loss of power.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(options.lock_timeout);
    let mut writing = reading
        .clone()
        .create_if_missing(true)
        .pragma("wal_autocheckpoint", LOG_PAGES)
        // Erased contacts are overwritten in the file, not only unlinked.
        .pragma("secure_delete", "ON");
    if let Some(bytes) = options.size_bytes_max {
        writing = writing.pragma("max_page_count", (bytes / PAGE_BYTES).max(1).to_string());
    }
    let mut writer =
        writing.connect().await.map_err(|err| unopenable(obstacle(&err), reason(&err)))?;
    let epoch = match prepare(&mut writer, options.lock_timeout).await {
        Ok(epoch) => epoch,
        Err(refused) => {
            // Its refusal is what is told, whatever else the file does.
            let _ = writer.close().await;
            return Err(match refused {
                Refused::Because(reason) => unopenable(None, reason),
                Refused::Database(err) => unopenable(obstacle(&err), reason(&err)),
                Refused::Migration(err) => StoreError::Migration(err.into()),
            });
        }
    };
    // Not SQLite's read-only mode, which cannot recover the log of a process that died.
    let reading = reading.pragma("query_only", "ON");
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS_MAX)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A connection to a file does not go stale, and keeps its prepared statements.
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_lazy_with(reading);
    // A file that has gone since is not replaced by an empty one.
    let writer = Writer::start(writer, writing.create_if_missing(false), options.clock);
    Ok(SqliteStore { readers, writer, epoch, _presence: presence })
}

/// Why a file is not opened.
enum Refused {
    Because(String),
    Database(sqlx::Error),
    Migration(MigrateError),
}

impl From<sqlx::Error> for Refused {
    fn from(err: sqlx::Error) -> Self {
        Self::Database(err)
    }
}

/// Brings the file up to date and returns the store's epoch.
async fn prepare(writer: &mut SqliteConnection, lock_timeout: Duration) -> Result<i64, Refused> {
    // Before anything is written: another program's file stays as it is.
    refuse_foreign(writer).await?;
    keep_a_log(writer, lock_timeout).await?;
    // One transaction for all of it: of two processes that open a new file at the same
    // time, the second waits and finds it made; a failure leaves the file as it was.
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
    MIGRATIONS.run_direct(None, &mut *tx, false).await.map_err(|err| match err {
        MigrateError::VersionMissing(version) => Refused::Because(format!(
            "it was written by a newer version of this program (migration {version})"
        )),
        MigrateError::Execute(err) => err.into(),
        err => Refused::Migration(err),
    })?;
    let epoch = epoch(&mut tx).await?;
    tx.commit().await?;
    Ok(epoch)
}

async fn refuse_foreign(conn: &mut SqliteConnection) -> Result<(), Refused> {
    let (tables, own): (i64, i64) = sqlx::query_as(
        "SELECT COUNT(*), COALESCE(SUM(name = '_sqlx_migrations'), 0)
         FROM sqlite_schema WHERE type = 'table'",
    )
    .fetch_one(conn)
    .await?;
    if tables > 0 && own == 0 {
        return Err(Refused::Because("it is another program's database".to_owned()));
    }
    Ok(())
}

/// Switches the file to write-ahead logging, in which readers and the writer do not wait for
/// each other. The switch needs the file alone and SQLite does not wait for that by itself.
async fn keep_a_log(conn: &mut SqliteConnection, lock_timeout: Duration) -> Result<(), Refused> {
    let start = Instant::now();
    loop {
        match sqlx::query_scalar::<_, String>("PRAGMA journal_mode = WAL")
            .fetch_one(&mut *conn)
            .await
        {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => {
                return Err(Refused::Because(format!(
                    "its file system does not allow a write-ahead log (journal mode {mode})"
                )));
            }
            Err(err) if is_busy(&err) && start.elapsed() < lock_timeout => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(err) => return Err(err.into()),
        }
    }
}

/// The store's epoch, drawn now if this is a new store.
async fn epoch(conn: &mut SqliteConnection) -> Result<i64, Refused> {
    sqlx::query(
        "INSERT INTO settings (name, value) VALUES ('epoch', $1) ON CONFLICT (name) DO NOTHING",
    )
    .bind(drawn_epoch())
    .execute(&mut *conn)
    .await?;
    let text: String = sqlx::query_scalar("SELECT value FROM settings WHERE name = 'epoch'")
        .fetch_one(conn)
        .await?;
    text.parse()
        .ok()
        .filter(|epoch| *epoch > 0)
        .ok_or_else(|| Refused::Because(format!("its epoch {text:?} is no positive number")))
}

/// Begins another life of the store, as after a restore: whoever followed the feed of the one
/// before starts anew.
pub(super) async fn renew_epoch(conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE settings SET value = $1 WHERE name = 'epoch'")
        .bind(drawn_epoch())
        .execute(conn)
        .await?;
    Ok(())
}

fn drawn_epoch() -> String {
    // The low 62 bits of a UUIDv7 are drawn at random.
    (Uuid::now_v7().as_u64_pair().1 & ((1 << 62) - 1)).max(1).to_string()
}
