//! A plan while it is made: how far, and what came of it.
//!
//! Without scripts the page asks for itself again and again; with them `work.js` listens to its
//! events. Once there is a plan, either is led to it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};

use super::words::rule_name;
use crate::http::{App, Problem, ProblemCode, job_events, views};
use crate::model::Kind;
use crate::web::page::{Page, page};
use crate::web::shell::{Frame, Shell};

#[derive(Template)]
#[template(path = "plans/job.html")]
struct JobPage {
    frame: Frame,
    job: views::Job,
    is_open: bool,
    /// In percent.
    progress: u64,
    refusal: Option<Refusal>,
}

/// 无可行方案 as pages tell it.
pub struct Refusal {
    /// Rule and sentence of what collides.
    pub conflict: Vec<(String, String)>,
    /// The cheapest way out, in sentences; empty if none was found.
    pub relaxation: Vec<String>,
}

impl Refusal {
    /// In words.
    pub fn of(refusal: &views::PlanRefusal) -> Self {
        let conflict = refusal.conflict.iter();
        let conflict = conflict.map(|own| (rule_name(own.rule).to_owned(), own.text.clone()));
        let relaxation = refusal.relaxation.as_ref().map(|own| own.texts.clone());
        Self { conflict: conflict.collect(), relaxation: relaxation.unwrap_or_default() }
    }
}

/// The page.
pub(in crate::web) async fn job(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(id): Path<String>,
) -> Page {
    let status = app.engine.watch_job(shell.caller.viewer, &id)?.borrow().clone();
    if status.kind != Kind::Plan {
        return Err(Problem::new(ProblemCode::NotFound, "这不是编制计划的任务，请核对编号"));
    }
    let job = views::job(&status);
    if let Some(plan) = &job.plan {
        return Ok(Redirect::to(&format!("/plans/{}", plan.id)).into_response());
    }
    page(&JobPage {
        frame: shell.frame,
        is_open: !status.state.has_ended(),
        progress: 100 * job.done / job.total.max(1),
        refusal: job.refusal.as_ref().map(Refusal::of),
        job,
    })
}

/// The same as events, for the script.
pub(in crate::web) async fn watch(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(id): Path<String>,
) -> Page {
    let status = app.engine.watch_job(shell.caller.viewer, &id)?;
    Ok(job_events(&app, status)?.into_response())
}
