//! Jobs: how they stand, as they go on, and an end to them. Everybody has their own.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::Instant;

use super::app::App;
use super::caller::Caller;
use super::error::{Problem, ProblemCode};
use super::limits::{HEARTBEAT_EVERY, STREAM_TIME_MAX, STREAMS_MAX};
use super::views;
use crate::engine::JobStatus;

type Id = Result<Path<String>, PathRejection>;

/// Your jobs since the service began, the newest first. The oldest that have ended are forgotten.
#[utoipa::path(
    get, path = "/api/v1/jobs", tag = "jobs",
    responses((status = 200, description = "The jobs, without their reports", body = views::Jobs))
)]
pub(super) async fn list_jobs(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<views::Jobs>, Problem> {
    let jobs = app.engine.list_jobs(caller.viewer)?;
    Ok(Json(views::Jobs { items: jobs.iter().map(views::job_without_report).collect() }))
}

/// One of your jobs, with its report once it has ended.
#[utoipa::path(
    get, path = "/api/v1/jobs/{id}", tag = "jobs",
    params(("id" = String, Path, description = "Its id", example = "01997f00-0000-7000-8000-000000000001")),
    responses((status = 200, description = "The job", body = views::Job))
)]
pub(super) async fn find_job(
    State(app): State<Arc<App>>,
    caller: Caller,
    id: Id,
) -> Result<Json<views::Job>, Problem> {
    let Path(id) = id?;
    let status = app.engine.watch_job(caller.viewer, &id)?;
    let job = views::job(&status.borrow());
    Ok(Json(job))
}

/// Stops one of your jobs at its next batch of rows; what was written stays. One that has ended
/// stays as it is.
#[utoipa::path(
    delete, path = "/api/v1/jobs/{id}", tag = "jobs",
    params(("id" = String, Path, description = "Its id", example = "01997f00-0000-7000-8000-000000000001")),
    responses((status = 200, description = "The job as it stood", body = views::Job))
)]
pub(super) async fn cancel_job(
    State(app): State<Arc<App>>,
    caller: Caller,
    id: Id,
) -> Result<Json<views::Job>, Problem> {
    let Path(id) = id?;
    Ok(Json(views::job(&app.engine.cancel_job(caller.viewer, &id)?)))
}

/// One of your jobs as it goes on, as server-sent events: `progress` with the job, as often as it
/// moves, and at last `end` with the job and its report. Quiet streams send a comment now and
/// then; a stream that is not over after ten minutes ends, and is to be asked for again.
#[utoipa::path(
    get, path = "/api/v1/jobs/{id}/events", tag = "jobs",
    params(("id" = String, Path, description = "Its id", example = "01997f00-0000-7000-8000-000000000001")),
    responses((status = 200, description = "Events", body = views::JobEvent, content_type = "text/event-stream"))
)]
pub(super) async fn watch_job(
    State(app): State<Arc<App>>,
    caller: Caller,
    id: Id,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    let Path(id) = id?;
    events(&app, app.engine.watch_job(caller.viewer, &id)?)
}

/// The events of a job.
///
/// # Errors
/// If there are too many streams already.
pub(crate) fn events(
    app: &App,
    mut status: watch::Receiver<JobStatus>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>, Problem> {
    status.mark_changed();
    let place = app.streams.clone().try_acquire_owned().map_err(|_| {
        let detail = format!("同时打开的事件流已满（上限 {STREAMS_MAX}），请稍后重试");
        Problem::new(ProblemCode::Busy, detail).limit(STREAMS_MAX)
    })?;
    let watching = Watching { status, until: Instant::now() + STREAM_TIME_MAX, _place: place };
    let events = unfold(Some(watching), |watching| async move { watching?.next().await });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT_EVERY)))
}

/// Somebody who watches a job.
struct Watching {
    status: watch::Receiver<JobStatus>,
    until: Instant,
    _place: OwnedSemaphorePermit,
}

impl Watching {
    /// The next event, and whether there may be others.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Option<Self>)> {
        tokio::time::timeout_at(self.until, self.status.changed()).await.ok()?.ok()?;
        let status = self.status.borrow_and_update().clone();
        let ended = status.state.has_ended();
        let event = Event::default().event(if ended { "end" } else { "progress" });
        // A struct of texts and numbers always becomes JSON.
        let event = event.json_data(views::job(&status)).unwrap_or_default();
        Some((Ok(event), (!ended).then_some(self)))
    }
}
