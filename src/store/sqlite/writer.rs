//! The one writer: calls wait in a queue, and those that wait together are committed together.
//!
//! A commit costs a sync of the disk, whatever is in it. So the job takes what is waiting, runs
//! all of it in one transaction, and answers when the transaction is on the disk: a hundred
//! callers share a sync instead of queueing for a hundred. Calls with one draft each that follow
//! one another share their statements as well. A refused call of several records is undone alone,
//! by a savepoint of its own. What the calls do is in `put` and `delete`.

use std::sync::{PoisonError, RwLock};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::audit::{Erasure, NewSeal, Pruning};
use super::delete::Deletion;
use super::fold::{Folding, fold};
use super::merge::{Merging, Unmerging};
use super::notices::NoticeTask;
use super::put::{self, Asked};
use super::request;
use crate::model::{RecordId, RecordIds, Timestamp};
use crate::store::{Clock, Outcome, RequestKey, StoreError, Stored};

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
    /// Create or update, unless the request was done before.
    Write { asked: Vec<Asked>, request: Option<RequestKey> },
    /// Delete.
    Delete(Deletion),
    /// Put one record in the place of another.
    Merge(Merging),
    /// Take that back.
    Unmerge(Unmerging),
    /// Erase what a record and its history say.
    Erase(Erasure),
    /// Erase what old events say.
    Prune(Pruning),
    /// Add a seal to the log.
    Seal(NewSeal),
    /// What the inbox tells.
    Notices(NoticeTask),
}

impl Task {
    fn records(&self) -> usize {
        match self {
            Self::Write { asked, .. } => asked.len(),
            Self::Delete(_) | Self::Erase(_) | Self::Merge(_) | Self::Unmerge(_) => 1,
            Self::Prune(pruning) => pruning.len(),
            Self::Seal(_) => 0,
            Self::Notices(task) => task.records(),
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// If the database fails; within, if it is refused: it is to be undone then.
    async fn write(
        self,
        writing: &mut Writing<'_>,
    ) -> Result<Result<Written, StoreError>, StoreError> {
        let written = match self {
            Self::Write { asked, request: Some(request) } => {
                request::write(writing, asked, &request).await?
            }
            Self::Write { asked, request: None } => {
                put::write(writing, asked).await?.into_iter().collect()
            }
            Self::Delete(deletion) => deletion.write(writing).await,
            Self::Merge(merging) => merging.write(writing).await,
            Self::Unmerge(unmerging) => unmerging.write(writing).await,
            Self::Erase(erasure) => erasure.write(writing).await,
            Self::Prune(pruning) => pruning.write(writing).await,
            Self::Seal(seal) => seal.write(writing).await.map(|()| Vec::new()),
            Self::Notices(task) => task.write(writing).await.map(|()| Vec::new()),
        };
        match written {
            Err(fault) if fault.is_fault() => Err(fault),
            written => Ok(written),
        }
    }

    fn writes_one(&self) -> bool {
        matches!(self, Self::Write { asked, request: None } if asked.len() == 1)
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
        let folding = Folding::start(options.clone());
        let job = Job { conn: Some(conn), options, clock, ids: RecordIds::default() };
        let job = tokio::spawn(job.work(queue, folding));
        Self { queue: RwLock::new(Some(sender)), job: Mutex::new(Some(job)) }
    }

    /// Has the task done and returns when it is on the disk. It is done even if the caller
    /// goes away meanwhile.
    pub(super) async fn write(&self, task: Task) -> Result<Written, StoreError> {
        let queue = self.queue.read().unwrap_or_else(PoisonError::into_inner).clone();
        let (answer, answered) = oneshot::channel();
        let call = Call { task, answer };
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
    async fn work(mut self, mut queue: mpsc::Receiver<Call>, mut folding: Folding) {
        while let Some(first) = queue.recv().await {
            let group = gather(first, &mut queue);
            let records = group.iter().map(|call| call.task.records()).sum();
            self.write(group).await;
            folding.committed(records);
        }
        // Whoever closes last folds all of the log.
        folding.close().await;
        self.disconnect().await;
    }

    /// Writes a group and answers its callers. Who has gone away needs no answer.
    async fn write(&mut self, group: Vec<Call>) {
        let (callers, tasks): (Vec<_>, Vec<_>) =
            group.into_iter().map(|Call { task, answer }| (answer, task)).unzip();
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
        tasks: Vec<Task>,
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
        let ids = &mut self.ids;
        let mut tasks = tasks.into_iter().peekable();
        while let Some(task) = tasks.next() {
            // What is refused of one record is refused before anything is written.
            let one = task.writes_one();
            match task {
                Task::Write { mut asked, .. } if one => {
                    while let Some(Task::Write { asked: next, .. }) =
                        tasks.next_if(Task::writes_one)
                    {
                        asked.extend(next);
                    }
                    let mut writing = Writing { conn: &mut group, at, ids, last_id };
                    let written = put::write(&mut writing, asked).await?;
                    outcomes.extend(written.into_iter().map(|one| one.map(|one| vec![one])));
                }
                task => {
                    let mut part = group.begin().await?;
                    let mut writing = Writing { conn: &mut part, at, ids, last_id };
                    let written = task.write(&mut writing).await?;
                    match &written {
                        Ok(_) => part.commit().await?,
                        Err(_) => part.rollback().await?,
                    }
                    outcomes.push(written);
                }
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
    if let Err(error) = fold(&mut conn).await {
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
