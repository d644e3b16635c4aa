//! The one writer: calls wait in a queue, and those that wait together are committed together.
//!
//! A commit costs a sync of the disk, whatever is in it. So the job takes what is waiting, runs
//! all of it in one transaction, and answers when the transaction is on the disk: a hundred
//! callers share a sync instead of queueing for a hundred. A refused call is undone alone, by a
//! savepoint of its own. What the calls do is in `put` and `delete`.

use std::sync::{PoisonError, RwLock};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::delete::Deletion;
use super::put::{Drafts, Existing};
use crate::model::{RecordId, RecordIds, Timestamp};
use crate::store::{Clock, Outcome, StoreError, Stored};

/// Calls that wait in the queue; further callers wait to get in.
const QUEUE_CALLS_MAX: usize = 1_024;
/// Most calls in one transaction.
const GROUP_CALLS_MAX: usize = 256;
/// A transaction with so many records takes no further call, so that a small call does not wait
/// for many large ones. One call may have more by itself.
const GROUP_RECORDS_MAX: usize = 2_000;
/// Takes the write lock at once: a transaction that read first and asked for the lock later
/// would fail if another process had written in between.
const BEGIN: &str = "BEGIN IMMEDIATE";

/// What a call is to do.
pub(super) enum Task {
    /// Create or update.
    Put(Drafts),
    /// Create only.
    Create(Drafts),
    /// Delete.
    Delete(Deletion),
}

impl Task {
    fn records(&self) -> usize {
        match self {
            Self::Put(drafts) | Self::Create(drafts) => drafts.len(),
            Self::Delete(_) => 1,
        }
    }

    async fn run(self, writing: &mut Writing<'_>, by: &str) -> Result<Written, StoreError> {
        match self {
            Self::Put(drafts) => drafts.write(writing, by, Existing::Updated).await,
            Self::Create(drafts) => drafts.write(writing, by, Existing::Refused).await,
            Self::Delete(deletion) => deletion.write(writing, by).await,
        }
    }
}

/// The records that a call has left behind, in its order, and what became of each.
pub(super) type Written = Vec<(Stored, Outcome)>;

/// A transaction, as the calls in it see it.
pub(super) struct Writing<'a> {
    pub(super) conn: &'a mut SqliteConnection,
    /// The instant of the whole group.
    pub(super) at: Timestamp,
    ids: &'a mut RecordIds,
    /// Largest id before the group.
    last_id: Option<RecordId>,
}

impl Writing<'_> {
    /// An id larger than those of all records there are.
    pub(super) fn next_id(&mut self) -> RecordId {
        self.ids.next(self.at, self.last_id)
    }
}

struct Call {
    task: Task,
    by: String,
    answer: oneshot::Sender<Result<Written, StoreError>>,
}

/// 写入队列: the way to the job that writes.
#[derive(Debug)]
pub(super) struct Writer {
    /// `None` once it is closed.
    queue: RwLock<Option<mpsc::Sender<Call>>>,
    job: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the job, which owns `conn` and replaces it by a new one with `options` when it
    /// has failed. Without [`Writer::close`] it ends with this value, once the queue is empty.
    pub(super) fn start(
        conn: SqliteConnection,
        options: SqliteConnectOptions,
        clock: Clock,
    ) -> Self {
        let (sender, queue) = mpsc::channel(QUEUE_CALLS_MAX);
        let job = Job { conn: Some(conn), options, clock, ids: RecordIds::default() };
        let job = tokio::spawn(job.work(queue));
        Self { queue: RwLock::new(Some(sender)), job: Mutex::new(Some(job)) }
    }

    /// Has the task done and returns when it is on the disk. It is done even if the caller
    /// goes away meanwhile.
    pub(super) async fn write(&self, task: Task, by: &str) -> Result<Written, StoreError> {
        let queue = self.queue.read().unwrap_or_else(PoisonError::into_inner).clone();
        let (answer, answered) = oneshot::channel();
        let call = Call { task, by: by.to_owned(), answer };
        queue.ok_or(StoreError::Closed)?.send(call).await.map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    /// Waits until what is in the queue is written, and closes the file.
    pub(super) async fn close(&self) {
        self.queue.write().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(job) = self.job.lock().await.take()
            && let Err(error) = job.await
        {
            tracing::error!(%error, "the store's writer broke off");
        }
    }
}

struct Job {
    /// `None` after a failure, until the next group.
    conn: Option<SqliteConnection>,
    options: SqliteConnectOptions,
    clock: Clock,
    ids: RecordIds,
}

impl Job {
    async fn work(mut self, mut queue: mpsc::Receiver<Call>) {
        while let Some(first) = queue.recv().await {
            self.write(gather(first, &mut queue)).await;
        }
        self.disconnect().await;
    }

    /// Writes a group and answers its callers. Who has gone away needs no answer.
    async fn write(&mut self, group: Vec<Call>) {
        let mut callers = Vec::with_capacity(group.len());
        let mut tasks = Vec::with_capacity(group.len());
        for Call { task, by, answer } in group {
            callers.push(answer);
            tasks.push((task, by));
        }
        match self.commit(tasks).await {
            Ok(outcomes) => {
                for (caller, outcome) in callers.into_iter().zip(outcomes) {
                    let _ = caller.send(outcome);
                }
            }
            Err(fault) => {
                // Whatever state it was left in: the next group gets a fresh connection.
                self.disconnect().await;
                for caller in callers {
                    let _ = caller.send(Err(fault.clone()));
                }
            }
        }
    }

    /// The outcome of each task once all of them are committed.
    ///
    /// # Errors
    /// If the transaction failed as a whole; nothing is written then.
    async fn commit(
        &mut self,
        tasks: Vec<(Task, String)>,
    ) -> Result<Vec<Result<Written, StoreError>>, StoreError> {
        let conn = match &mut self.conn {
            Some(conn) => conn,
            none => none.insert(reconnect(&self.options).await?),
        };
        let mut group = conn.begin_with(BEGIN).await?;
        let last_id: Option<String> =
            sqlx::query_scalar("SELECT MAX(id) FROM records").fetch_one(&mut *group).await?;
        let last_id = last_id.and_then(|id| id.parse().ok());
        let at = (self.clock)();
        let mut outcomes = Vec::with_capacity(tasks.len());
        for (task, by) in tasks {
            let (ids, by) = (&mut self.ids, by.as_str());
            let outcome = if task.records() == 1 {
                // What is refused of one record is refused before anything is written.
                task.run(&mut Writing { conn: &mut group, at, ids, last_id }, by).await
            } else {
                let mut part = group.begin().await?;
                let outcome =
                    task.run(&mut Writing { conn: &mut part, at, ids, last_id }, by).await;
                match &outcome {
                    Ok(_) => part.commit().await?,
                    Err(fault) if fault.is_fault() => {}
                    Err(_) => part.rollback().await?,
                }
                outcome
            };
            match outcome {
                Err(fault) if fault.is_fault() => return Err(fault),
                outcome => outcomes.push(outcome),
            }
        }
        group.commit().await?;
        Ok(outcomes)
    }

    async fn disconnect(&mut self) {
        if let Some(conn) = self.conn.take()
            && let Err(error) = conn.close().await
        {
            tracing::warn!(%error, "the writing connection did not close well");
        }
    }
}

/// A new connection after a failure. Where the log could not grow, there may be room in it once
/// it is folded into the file; where that fails too, the next transaction says why.
async fn reconnect(options: &SqliteConnectOptions) -> Result<SqliteConnection, sqlx::Error> {
    let mut conn = options.connect().await?;
    if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&mut conn).await {
        tracing::warn!(%error, "the log was not folded into the database");
    }
    Ok(conn)
}

/// The first call with those that wait behind it, as many as go into one transaction.
fn gather(first: Call, queue: &mut mpsc::Receiver<Call>) -> Vec<Call> {
    let mut records = first.task.records();
    let mut group = vec![first];
    while group.len() < GROUP_CALLS_MAX && records < GROUP_RECORDS_MAX {
        let Ok(next) = queue.try_recv() else { break };
        records += next.task.records();
        group.push(next);
    }
    group
}
