//! Work that outlasts a request: imports and plans, one after the other, watched and cancelled by whoever
//! has begun them. Kept in memory: after a restart nobody knows of them, what they wrote stays.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::import::{ImportReport, Importer};
use super::{Engine, EngineError, Measuring, Once, PlanOrder, PlanOutcome, Viewer};
use crate::intake::Options;
use crate::model::{Kind, RecordId, Timestamp};
use crate::store::StoreError;

/// Jobs that are waiting, running or receiving their data; one more is turned away. Each holds
/// its data in memory.
pub const JOBS_OPEN_MAX: usize = 4;
/// The same for one caller.
pub const JOBS_OPEN_PER_CALLER_MAX: usize = 2;
/// Jobs that are remembered; the oldest that has ended is forgotten first.
pub const JOBS_KEPT_MAX: usize = 64;
/// Bad cells that a job's report tells; the others are counted.
pub const JOB_REFUSED_MAX: usize = 10_000;
/// The files of imports that are kept in memory, in bytes together; a larger one is not kept.
pub const FILES_KEPT_BYTES_MAX: usize = 64 << 20;

/// 任务状态
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    /// It waits for its turn.
    Queued,
    /// It is under way.
    Running,
    /// It is done; its report says what became of each row.
    Done,
    /// It was broken off; what was written stays.
    Failed,
    /// Its owner has stopped it; what was written stays.
    Cancelled,
}

impl JobState {
    /// Whether nothing more will come of it.
    pub fn has_ended(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// 任务: an import or a plan as it stands.
#[derive(Debug, Clone)]
pub struct JobStatus {
    /// Its id.
    pub id: RecordId,
    /// Of which kind the rows of an import are; plan, for one that is made.
    pub kind: Kind,
    /// Nothing is written; the report says what would be.
    pub dry_run: bool,
    /// How it stands.
    pub state: JobState,
    /// Rows read; of a plan, needs matched and then achievements counted.
    pub done: u64,
    /// Of so many, at most; exact once it is done.
    pub total: u64,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it began to run.
    pub began: Option<Instant>,
    /// When it ended.
    pub ended: Option<Instant>,
    /// What became of its rows, as far as it came.
    pub report: Option<Arc<ImportReport>>,
    /// What came of a plan.
    pub plan: Option<Arc<PlanOutcome>>,
    /// Why it failed, a Chinese sentence.
    pub failure: Option<String>,
}

/// A job and whose it is.
struct Job {
    owner: String,
    /// What its owner calls the request that has begun it.
    once: Option<Once>,
    status: watch::Sender<JobStatus>,
    cancelled: watch::Sender<bool>,
}

/// 任务簿
pub(super) struct Jobs {
    known: Mutex<VecDeque<Arc<Job>>>,
    places: Mutex<Vec<String>>,
    running: Arc<Semaphore>,
    /// Files of imports, the oldest first: what was looked at can be imported without being sent
    /// again, and bad rows given back. No more than [`FILES_KEPT_BYTES_MAX`] together.
    files: Mutex<VecDeque<(RecordId, Arc<ImportOrder>)>>,
}

impl Default for Jobs {
    fn default() -> Self {
        let running = Arc::new(Semaphore::new(1));
        let (known, places, files) = Default::default();
        Self { known, places, running, files }
    }
}

/// 席位: room for one job, taken before its data is received and given back when it has ended.
pub struct JobPlace {
    engine: Arc<Engine>,
    viewer: Viewer,
}

impl Drop for JobPlace {
    fn drop(&mut self) {
        let mut places = lock(&self.engine.jobs.places);
        let owner = self.viewer.author();
        if let Some(idx) = places.iter().position(|place| *place == owner) {
            places.swap_remove(idx);
        }
    }
}

/// What is to be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportOrder {
    /// Kind of its records.
    pub kind: Kind,
    /// The file.
    pub bytes: Vec<u8>,
    /// How to read it.
    pub options: Options,
    /// Write nothing, and say what would be written.
    pub dry_run: bool,
}

impl Engine {
    /// Room for a job of the viewer's.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`] for those who change nothing; [`EngineError::TooManyJobs`] if
    /// the viewer has enough, [`EngineError::Busy`] if everybody together has.
    pub fn job_place(self: &Arc<Self>, viewer: Viewer) -> Result<JobPlace, EngineError> {
        if viewer == Viewer::Anonymous {
            return Err(EngineError::Forbidden { action: "import" });
        }
        let owner = viewer.author();
        let mut places = lock(&self.jobs.places);
        let own = places.iter().filter(|place| **place == owner).count();
        if own >= JOBS_OPEN_PER_CALLER_MAX {
            return Err(EngineError::TooManyJobs { limit: JOBS_OPEN_PER_CALLER_MAX });
        }
        if places.len() >= JOBS_OPEN_MAX {
            return Err(EngineError::Busy { limit: JOBS_OPEN_MAX });
        }
        places.push(owner);
        Ok(JobPlace { engine: self.clone(), viewer })
    }

    /// The job that a request has begun which its viewer calls the same.
    ///
    /// # Errors
    /// [`StoreError::RequestReused`] if that was another request.
    pub(super) fn job_of(
        &self,
        viewer: Viewer,
        once: &Once,
    ) -> Result<Option<JobStatus>, EngineError> {
        let owner = viewer.author();
        let known = lock(&self.jobs.known);
        let mut own = known.iter().filter(|job| job.owner == owner);
        let same =
            own.find_map(|job| job.once.as_ref().filter(|own| own.key == once.key).zip(Some(job)));
        match same {
            None => Ok(None),
            Some((own, job)) if own.digest == once.digest => Ok(Some(job.status.borrow().clone())),
            Some(_) => Err(StoreError::RequestReused { key: once.key.clone() }.into()),
        }
    }

    /// The viewer's jobs, the newest first.
    ///
    /// # Errors
    /// [`EngineError::NotSignedIn`] if they are nobody.
    pub fn list_jobs(&self, viewer: Viewer) -> Result<Vec<JobStatus>, EngineError> {
        if viewer == Viewer::Anonymous {
            return Err(EngineError::NotSignedIn);
        }
        let owner = viewer.author();
        let known = lock(&self.jobs.known);
        let own = known.iter().rev().filter(|job| job.owner == owner);
        Ok(own.map(|job| job.status.borrow().clone()).collect())
    }

    /// One of the viewer's jobs; what is received is how it stands from now on.
    ///
    /// # Errors
    /// [`EngineError::NoSuchJob`] if they have none of that id.
    pub fn watch_job(
        &self,
        viewer: Viewer,
        id: &str,
    ) -> Result<watch::Receiver<JobStatus>, EngineError> {
        Ok(self.job(viewer, id)?.status.subscribe())
    }

    /// Stops one of the viewer's jobs at its next batch. One that has ended stays as it is.
    ///
    /// # Errors
    /// As [`Engine::watch_job`].
    pub fn cancel_job(&self, viewer: Viewer, id: &str) -> Result<JobStatus, EngineError> {
        let job = self.job(viewer, id)?;
        job.cancelled.send_replace(true);
        let status = job.status.borrow().clone();
        Ok(status)
    }

    /// The file of one of the viewer's imports; `None` if it is kept no more.
    ///
    /// # Errors
    /// As [`Engine::watch_job`].
    pub fn file_of_job(
        &self,
        viewer: Viewer,
        id: &str,
    ) -> Result<Option<Arc<ImportOrder>>, EngineError> {
        let id = self.job(viewer, id)?.status.borrow().id;
        let files = lock(&self.jobs.files);
        Ok(files.iter().find(|(job, _)| *job == id).map(|(_, order)| order.clone()))
    }

    fn job(&self, viewer: Viewer, id: &str) -> Result<Arc<Job>, EngineError> {
        let missing = || EngineError::NoSuchJob { id: id.to_owned() };
        let wanted: RecordId = id.parse().map_err(|_| missing())?;
        let owner = viewer.author();
        let known = lock(&self.jobs.known);
        let found = known.iter().find(|job| job.owner == owner && job.status.borrow().id == wanted);
        found.filter(|_| viewer != Viewer::Anonymous).cloned().ok_or_else(missing)
    }
}

impl Jobs {
    fn keep_file(&self, job: RecordId, order: Arc<ImportOrder>) {
        let mut files = lock(&self.files);
        files.push_back((job, order));
        let bytes = |files: &VecDeque<(RecordId, Arc<ImportOrder>)>| {
            files.iter().map(|(_, order)| order.bytes.len()).sum::<usize>()
        };
        while bytes(&files) > FILES_KEPT_BYTES_MAX || files.len() > JOBS_KEPT_MAX {
            files.pop_front();
        }
    }
}

/// What a job is to do.
enum Work {
    Import(Arc<ImportOrder>),
    Plan(PlanOrder),
}

/// What a job has done.
enum Done {
    Import(ImportReport),
    Plan(PlanOutcome),
}

impl JobPlace {
    /// Begins an import in its place.
    pub fn import(self, order: ImportOrder) -> JobStatus {
        let lines = order.bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let total = lines.count() as u64;
        let (order, engine) = (Arc::new(order), self.engine.clone());
        let work = Work::Import(order.clone());
        let status = self.begin(order.kind, order.dry_run, total, work, None);
        engine.jobs.keep_file(status.id, order);
        status
    }

    /// Begins to make a plan in its place.
    pub fn plan(self, order: PlanOrder, once: Option<Once>) -> JobStatus {
        self.begin(Kind::Plan, false, 0, Work::Plan(order), once)
    }

    fn begin(
        self,
        kind: Kind,
        dry_run: bool,
        total: u64,
        work: Work,
        once: Option<Once>,
    ) -> JobStatus {
        let status = JobStatus {
            id: RecordId::generate(),
            kind,
            dry_run,
            state: JobState::Queued,
            done: 0,
            total,
            created_at: Timestamp::now(),
            began: None,
            ended: None,
            report: None,
            plan: None,
            failure: None,
        };
        let job = Arc::new(Job {
            owner: self.viewer.author(),
            once,
            status: watch::Sender::new(status.clone()),
            cancelled: watch::Sender::new(false),
        });
        {
            let mut known = lock(&self.engine.jobs.known);
            if known.len() >= JOBS_KEPT_MAX
                && let Some(idx) =
                    known.iter().position(|old| old.status.borrow().state.has_ended())
            {
                known.remove(idx);
            }
            known.push_back(job.clone());
        }
        tokio::spawn(run(self, job, work));
        status
    }
}

/// Does a job when its turn comes.
async fn run(place: JobPlace, job: Arc<Job>, work: Work) {
    let Some(_turn) = turn(&place.engine.jobs, &job).await else {
        job.status.send_modify(|status| {
            status.state = JobState::Cancelled;
            status.ended = Some(Instant::now());
        });
        return;
    };
    job.status.send_modify(|status| {
        status.state = JobState::Running;
        status.began = Some(Instant::now());
    });
    // In a task of its own: a panic is a failure of the job.
    let doing = tokio::spawn(work.done(place.engine.clone(), place.viewer, job.clone()));
    let outcome = doing.await.unwrap_or_else(|failed| {
        tracing::error!("a job panicked");
        Err(EngineError::Interrupted(failed.to_string()))
    });
    if let Err(error) = place.engine.directory.catch_up(place.engine.store.as_ref()).await {
        tracing::warn!(%error, "the directory does not follow");
    }
    let cancelled = *job.cancelled.borrow();
    job.status.send_modify(|status| {
        status.ended = Some(Instant::now());
        match outcome {
            Ok(Done::Import(report)) => {
                let all = !cancelled || report.read >= status.total;
                status.state = if all { JobState::Done } else { JobState::Cancelled };
                status.done = report.read;
                if all {
                    status.total = report.read;
                }
                status.report = Some(Arc::new(report));
            }
            Ok(Done::Plan(outcome)) => {
                status.state = JobState::Done;
                status.done = status.total;
                status.plan = Some(Arc::new(outcome));
            }
            Err(EngineError::Cancelled) => status.state = JobState::Cancelled,
            Err(error) => {
                if !error.is_callers() {
                    tracing::error!(%error, "a job failed");
                }
                status.state = JobState::Failed;
                status.failure = Some(error.job_message());
            }
        }
    });
}

impl Work {
    /// Does it, telling how far it has come; stops where it is told to.
    async fn done(
        self,
        engine: Arc<Engine>,
        viewer: Viewer,
        job: Arc<Job>,
    ) -> Result<Done, EngineError> {
        let go_on = move |done: u64, total: u64| {
            job.status.send_modify(|status| (status.done, status.total) = (done, total));
            !*job.cancelled.borrow()
        };
        match self {
            Self::Import(order) => {
                let ImportOrder { kind, bytes, options, dry_run } = &*order;
                let importer = Importer { viewer, dry_run: *dry_run, refused_max: JOB_REFUSED_MAX };
                let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
                let total = lines.count() as u64;
                let go_on = move |progress: super::ImportProgress| {
                    go_on(progress.done, total.max(progress.done))
                };
                let report = engine.import_for(importer, *kind, bytes, options, go_on).await?;
                Ok(Done::Import(report))
            }
            Self::Plan(order) => {
                let go_on = move |Measuring { done, total }| go_on(done as u64, total as u64);
                Ok(Done::Plan(engine.make_plan(viewer, order, &go_on).await?))
            }
        }
    }
}

/// Waits for the turn; `None` if the job is cancelled before.
async fn turn(jobs: &Jobs, job: &Job) -> Option<OwnedSemaphorePermit> {
    let mut cancelled = job.cancelled.subscribe();
    tokio::select! {
        biased;
        _ = cancelled.wait_for(|cancelled| *cancelled) => None,
        turn = jobs.running.clone().acquire_owned() => turn.ok(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
