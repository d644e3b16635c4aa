//! A draft comes into force: what that means is said first.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

use crate::engine::LIST_LIMIT_MAX;
use crate::http::{App, Problem, ProblemCode, views};
use crate::model::PlanState;
use crate::web::form::Form;
use crate::web::page::{Page, page_of};
use crate::web::shell::{Frame, Shell};

#[derive(Template)]
#[template(path = "plans/publish.html")]
struct PublishPage {
    frame: Frame,
    plan: views::PlanHead,
    is_draft: bool,
    postings: usize,
    /// The plan in force that steps back: id and name.
    replaces: Option<(String, String)>,
    /// Other plans in force, which stay.
    in_force: usize,
    /// Findings that pass, and that cannot be told.
    passed: usize,
    unknown: usize,
    problem: Option<String>,
}

/// What publishing means, and whether to.
pub(in crate::web) async fn ask(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(name): Path<String>,
) -> Page {
    told(&app, shell, &name, None).await
}

/// Publishes.
pub(in crate::web) async fn publish(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(name): Path<String>,
    form: Form,
) -> Page {
    let revision = form.read(&["revision"])?.number("revision")?;
    // Whoever publishes has read it: a form without its revision is none of ours.
    let revision = revision
        .ok_or_else(|| Problem::invalid("revision", "没有给出", "计划的修订号，请从发布页提交"))?;
    match app.engine.publish_plan(shell.caller.viewer, &name, Some(revision as u64)).await {
        Ok(plan) => Ok(Redirect::to(&format!("/plans/{}", plan.head.id)).into_response()),
        Err(error) => told(&app, shell, &name, Some(error.into())).await,
    }
}

async fn told(app: &App, shell: Shell, name: &str, problem: Option<Problem>) -> Page {
    let viewer = shell.caller.viewer;
    if !viewer.may_plan() {
        let detail = "只有主管部门可以发布计划";
        return Err(Problem::new(ProblemCode::Forbidden, detail));
    }
    let (plan, findings) = app.engine.check_plan(viewer, name).await?;
    let replaces = match plan.head.replaces {
        None => None,
        Some(id) => {
            let other = app.engine.plan(viewer, &id.to_string()).await.ok();
            other.map(|other| (id.to_string(), other.head.name))
        }
    };
    let in_force =
        app.engine.list_plans(viewer, Some(PlanState::Published), None, LIST_LIMIT_MAX)?;
    let in_force = in_force.0.iter().filter(|other| other.id != plan.head.id).count();
    let checked = views::plan_check(&plan.head, &findings);
    let status = problem.as_ref().map_or(StatusCode::OK, |problem| problem.code().status());
    let page = PublishPage {
        frame: shell.frame,
        is_draft: plan.head.state == PlanState::Draft,
        postings: plan.document.plan.postings.len(),
        replaces,
        in_force,
        passed: checked.rules.iter().map(|own| own.pass).sum(),
        unknown: checked.rules.iter().map(|own| own.unknown).sum(),
        problem: problem.map(|problem| problem.view().detail),
        plan: checked.plan,
    };
    page_of(status, &page)
}
