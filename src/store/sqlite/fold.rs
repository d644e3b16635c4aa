//! The log, folded into the file beside the writer, so that writes need not wait for that.
//!
//! Only the writer can begin the log anew, which it does by itself when the log is long. By then
//! most of the log is in the file.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Records after which the log is folded: some hundred pages.
const RECORDS_APART: usize = 500;

/// 日志折叠: the job that folds, as its writer sees it.
pub(super) struct Folding {
    wake: mpsc::Sender<()>,
    /// Records since it was woken.
    records: usize,
    job: JoinHandle<()>,
}

impl Folding {
    /// Starts the job, which connects with `options` when there is something to do.
    pub fn start(options: SqliteConnectOptions) -> Self {
        let (wake, woken) = mpsc::channel(1);
        Self { wake, records: 0, job: tokio::spawn(work(options, woken)) }
    }

    /// So many records were committed.
    pub fn committed(&mut self, records: usize) {
        self.records += records;
        if self.records >= RECORDS_APART {
            self.records = 0;
            // If it has not yet taken up the last call, it will fold these records as well.
            let _ = self.wake.try_send(());
        }
    }

    /// Waits until it has closed the file.
    pub async fn close(self) {
        drop(self.wake);
        if let Err(error) = self.job.await {
            tracing::error!(%error, "the folding of the log broke off");
        }
    }
}

async fn work(options: SqliteConnectOptions, mut woken: mpsc::Receiver<()>) {
    let mut conn: Option<SqliteConnection> = None;
    while woken.recv().await.is_some() {
        let folded = match &mut conn {
            Some(conn) => fold(conn).await,
            none => match options.connect().await {
                Ok(opened) => fold(none.insert(opened)).await,
                Err(error) => Err(error),
            },
        };
        // The writer folds what is left, and says what is wrong if it cannot.
        if let Err(error) = folded {
            tracing::warn!(%error, "the log was not folded into the database");
            conn = None;
        }
    }
    if let Some(conn) = conn
        && let Err(error) = conn.close().await
    {
        tracing::warn!(%error, "the folding connection did not close well");
    }
}

/// Folds as much of the log as nobody reads, without keeping anybody waiting.
pub(super) async fn fold(conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(conn).await?;
    Ok(())
}
