//! Work that outlasts a request.

use std::time::Instant;

use serde::Serialize;
use utoipa::ToSchema;

use super::imports::{ImportReport, import_report};
use super::plans::{PlanHead, PlanRefusal, plan_head, plan_refusal};
use crate::engine::{JobState, JobStatus, PlanOutcome};

/// 任务: an import or a plan as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// Of which kind its rows are: `labs`, `needs` …; `plans` for a plan that is made.
    pub kind: &'static str,
    /// The kind in Chinese.
    pub kind_label: &'static str,
    /// Nothing is written; the report says what would be.
    pub dry_run: bool,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    pub state: &'static str,
    /// The state in Chinese.
    pub label: &'static str,
    /// Rows read; of a plan, needs matched and then achievements counted.
    pub done: u64,
    /// Rows there are, at most; exact once it is done.
    pub total: u64,
    /// Rows read in a second; null before it runs.
    pub rows_per_s: Option<f64>,
    /// When it was asked for, RFC 3339 in UTC.
    pub created_at: String,
    /// How long it has run, in seconds; null before it runs.
    pub seconds: Option<f64>,
    /// What became of its rows; null before it has ended, and in lists.
    pub report: Option<ImportReport>,
    /// The plan that it has made, as it was then; null if none was.
    pub plan: Option<PlanHead>,
    /// Why no plan is possible: the job is done, and this is what it says. Null in lists.
    pub refusal: Option<PlanRefusal>,
    /// Why it failed, a Chinese sentence.
    pub failure: Option<String>,
}

/// 任务列表: the newest first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Jobs {
    /// The jobs, without their reports and refusals.
    pub items: Vec<Job>,
}

/// 任务事件: a server-sent event of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct JobEvent {
    /// `progress`, or `end` for the last.
    pub event: &'static str,
    /// The job as JSON.
    pub data: String,
}

/// A job as it is told, with its report.
pub fn job(status: &JobStatus) -> Job {
    let refusal = match status.plan.as_deref() {
        Some(PlanOutcome::Impossible(refusal)) => Some(plan_refusal(refusal)),
        _ => None,
    };
    let report = status.report.as_deref().map(import_report);
    Job { report, refusal, ..job_without_report(status) }
}

/// A job as a list tells it.
pub fn job_without_report(status: &JobStatus) -> Job {
    let (state, label) = match status.state {
        JobState::Queued => ("queued", "排队中"),
        JobState::Running => ("running", "进行中"),
        JobState::Done => ("done", "已完成"),
        JobState::Failed => ("failed", "失败"),
        JobState::Cancelled => ("cancelled", "已取消"),
    };
    let until = status.ended.unwrap_or_else(Instant::now);
    let seconds = status.began.map(|began| until.duration_since(began).as_secs_f64());
    let rate = seconds.filter(|seconds| *seconds > 0.0);
    #[expect(clippy::cast_precision_loss, reason = "rows are far fewer than 2^52")]
    let rows_per_s = rate.map(|seconds| status.done as f64 / seconds);
    Job {
        id: status.id.to_string(),
        kind: status.kind.plural(),
        kind_label: status.kind.label(),
        dry_run: status.dry_run,
        state,
        label,
        done: status.done,
        total: status.total,
        rows_per_s,
        created_at: status.created_at.to_string(),
        seconds,
        report: None,
        plan: match status.plan.as_deref() {
            Some(PlanOutcome::Kept(head)) => Some(plan_head(head)),
            _ => None,
        },
        refusal: None,
        failure: status.failure.clone(),
    }
}
