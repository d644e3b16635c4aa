//! What a plan answers: why it is so, whether it keeps the rules, what it covers and ties, and what
//! if it were otherwise.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};

use super::app::App;
use super::caller::Caller;
use super::case_body::changes_of;
use super::error::Problem;
use super::extract::{JsonText, Object, Params};
use super::leads::Named;
use super::views;
use crate::programmes::hundred::Change;

/// Why everybody goes where they go: rules met, parts of fit and richness, the next best
/// institutions and what each would cost; and why somebody stays.
#[utoipa::path(
    get, path = "/api/v1/plans/{id}/explanations", tag = "plans", summary = "Why a plan is so",
    params(
        ("id" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001"),
        ("commissioner" = Option<String>, Query, description = "Only of this commissioner, as the case names them", example = "c-001"),
    ),
    responses((status = 200, description = "The explanations", body = views::PlanExplanations))
)]
pub(super) async fn find_plan_explanations(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
    RawQuery(query): RawQuery,
) -> Result<Json<views::PlanExplanations>, Problem> {
    let Path(name) = name?;
    let commissioner = Params::read(query.as_deref(), &["commissioner"])?.one("commissioner")?;
    let (engine, viewer) = (app.engine.clone(), caller.viewer);
    let account = app.gate.run(async move { engine.explain_plan(viewer, &name).await }).await??;
    let known = &account.plan.document.basis.case.commissioners;
    if let Some(id) = &commissioner
        && !known.iter().any(|own| own.id == *id)
    {
        let found = format!("案例中没有专员“{id}”");
        return Err(Problem::invalid("commissioner", &found, "案例中专员的编号"));
    }
    Ok(Json(views::plan_explanations(&account, commissioner.as_deref())))
}

/// A plan held against every rule, by a checker that shares nothing with the solver.
#[utoipa::path(
    get, path = "/api/v1/plans/{id}/check", tag = "plans", summary = "Whether a plan keeps the rules",
    params(("id" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001")),
    responses((status = 200, description = "The findings", body = views::PlanCheck))
)]
pub(super) async fn find_plan_check(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
) -> Result<Json<views::PlanCheck>, Problem> {
    let Path(name) = name?;
    let (plan, findings) = app.engine.check_plan(caller.viewer, &name).await?;
    Ok(Json(views::plan_check(&plan.head, &findings)))
}

/// Which institutions of each class a plan covers, by what, and when; which it does not.
#[utoipa::path(
    get, path = "/api/v1/plans/{id}/coverage", tag = "plans", summary = "What a plan covers",
    params(("id" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001")),
    responses((status = 200, description = "The coverage", body = views::PlanCoverage))
)]
pub(super) async fn find_plan_coverage(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
) -> Result<Json<views::PlanCoverage>, Problem> {
    let Path(name) = name?;
    let (plan, classes) = app.engine.plan_coverage(caller.viewer, &name).await?;
    Ok(Json(views::plan_coverage(&plan.head, &classes)))
}

/// The institutions that a plan ties to Nanjing and what each tie rests on: ties of the case,
/// postings, and signed leads that the caller may see.
#[utoipa::path(
    get, path = "/api/v1/plans/{id}/relationships", tag = "plans", summary = "What a plan ties",
    params(("id" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001")),
    responses((status = 200, description = "The register", body = views::PlanRelationships))
)]
pub(super) async fn find_plan_relationships(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
) -> Result<Json<views::PlanRelationships>, Problem> {
    let Path(name) = name?;
    let register = app.engine.relationships(caller.viewer, &name).await?;
    Ok(Json(views::plan_relationships(&register)))
}

/// What a plan would be if: each list of changes by itself, side by side. Nothing is kept.
#[utoipa::path(
    post, path = "/api/v1/plans/{id}/what-if", tag = "plans", summary = "What if it were otherwise",
    params(("id" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001")),
    request_body = views::WhatIfBody,
    responses((status = 200, description = "The forks", body = views::PlanForks))
)]
pub(super) async fn what_if_plan(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
    JsonText(text): JsonText,
) -> Result<Json<views::PlanForks>, Problem> {
    let Path(name) = name?;
    let forks = forks(&text)?;
    let (engine, viewer) = (app.engine.clone(), caller.viewer);
    let made = app.gate.run(async move { engine.what_if(viewer, &name, forks).await }).await??;
    Ok(Json(views::plan_forks(&made.0, &made.1)))
}

/// What another plan has otherwise: level by level, and posting by posting.
#[utoipa::path(
    get, path = "/api/v1/plans/{id}/difference", tag = "plans", summary = "Two plans side by side",
    params(
        ("id" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001"),
        ("with" = String, Query, description = "Id of the other plan", example = "01997f00-0000-7000-8000-000000000002"),
    ),
    responses((status = 200, description = "The difference", body = views::PlanDifference))
)]
pub(super) async fn find_plan_difference(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
    RawQuery(query): RawQuery,
) -> Result<Json<views::PlanDifference>, Problem> {
    let Path(name) = name?;
    let with = Params::read(query.as_deref(), &["with"])?.one("with")?;
    let with = with.ok_or_else(|| Problem::invalid("with", "没有给出", "另一份计划的编号"))?;
    let found = app.engine.compare_plans(caller.viewer, &name, &with).await?;
    Ok(Json(views::plan_difference(&found)))
}

fn forks(text: &str) -> Result<Vec<Vec<Change>>, Problem> {
    const RIGHT: &str = "假设的列表，如 [{\"changes\": []}]";
    let mut body = Object::parse(text, &["forks"])?;
    let forks = body.rows("forks", &["changes"])?;
    if forks.is_empty() {
        return Err(Problem::invalid("forks", "没有给出", RIGHT));
    }
    let changes = |mut fork: Object| match fork.names("changes") {
        true => changes_of(&mut fork),
        false => Err(fork.invalid("changes", "没有给出", "改动的列表；没有改动时写 []")),
    };
    forks.into_iter().map(changes).collect()
}
