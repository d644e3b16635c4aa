//! Which lab covers which point; why not this lab; two labs side by side.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::{JsonText, Object};
use super::filters::body_problem;
use super::limits::{COVERAGE_LIMIT_DEFAULT, TEAM_SIZE_DEFAULT, WHY_NOT_RANK_DEFAULT};
use super::matching::{filters, question};
use super::points::given_points;
use super::views;
use crate::engine::{CompareRequest, CoverageRequest, WhyNotRequest};

/// The keys of the bodies.
const COVERAGE_KEYS: [&str; 6] = ["text", "need", "points", "limit", "team_size", "filters"];
const WHY_NOT_KEYS: [&str; 6] = ["text", "need", "points", "lab", "rank", "filters"];
const COMPARE_KEYS: [&str; 5] = ["text", "need", "points", "labs", "filters"];

/// Holds the best labs for a need against its technical points and finds the best team.
#[utoipa::path(
    post,
    path = "/api/v1/coverage",
    tag = "matching",
    request_body = views::CoverageBody,
    responses((status = 200, description = "Points × labs, and the team", body = views::CoverageAnswer))
)]
pub(super) async fn coverage_of_need(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonText(text): JsonText,
) -> Result<Json<views::CoverageAnswer>, Problem> {
    let mut body = Object::parse(&text, &COVERAGE_KEYS)?;
    let request = CoverageRequest {
        question: question(&mut body)?,
        points: given_points(&mut body)?,
        limit: body.number("limit")?.unwrap_or(COVERAGE_LIMIT_DEFAULT),
        team_size: body.number("team_size")?.unwrap_or(TEAM_SIZE_DEFAULT),
        filters: filters(&mut body)?,
    };
    let (engine, viewer) = (app.engine.clone(), caller.viewer);
    let answer = app.gate.run(async move { engine.coverage(viewer, request).await }).await?;
    Ok(Json(views::coverage_answer(&answer.map_err(body_problem)?)))
}

/// Tells what a lab lacks for a need against the lab in a certain place.
#[utoipa::path(
    post,
    path = "/api/v1/why-not",
    tag = "matching",
    request_body = views::WhyNotBody,
    responses((status = 200, description = "What the lab lacks", body = views::WhyNotAnswer))
)]
pub(super) async fn why_not(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonText(text): JsonText,
) -> Result<Json<views::WhyNotAnswer>, Problem> {
    let mut body = Object::parse(&text, &WHY_NOT_KEYS)?;
    let missing = || Problem::invalid("lab", "没有给出", "实验室的编号");
    let request = WhyNotRequest {
        question: question(&mut body)?,
        points: given_points(&mut body)?,
        lab: body.text("lab")?.filter(|lab| !lab.trim().is_empty()).ok_or_else(missing)?,
        rank: body.number("rank")?.unwrap_or(WHY_NOT_RANK_DEFAULT),
        filters: filters(&mut body)?,
    };
    let (engine, viewer) = (app.engine.clone(), caller.viewer);
    let answer = app.gate.run(async move { engine.why_not(viewer, request).await }).await?;
    Ok(Json(views::why_not_answer(&answer.map_err(body_problem)?)))
}

/// Holds two labs against the points of a need, side by side.
#[utoipa::path(
    post,
    path = "/api/v1/compare",
    tag = "matching",
    request_body = views::CompareBody,
    responses((status = 200, description = "Two labs side by side", body = views::CompareAnswer))
)]
pub(super) async fn compare_labs(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonText(text): JsonText,
) -> Result<Json<views::CompareAnswer>, Problem> {
    let mut body = Object::parse(&text, &COMPARE_KEYS)?;
    let labs = body.texts("labs")?.unwrap_or_default();
    let labs = labs.try_into().map_err(|labs: Vec<String>| {
        Problem::invalid("labs", &format!("有 {} 个", labs.len()), "两个实验室的编号")
    })?;
    let request = CompareRequest {
        question: question(&mut body)?,
        points: given_points(&mut body)?,
        labs,
        filters: filters(&mut body)?,
    };
    let (engine, viewer) = (app.engine.clone(), caller.viewer);
    let answer = app.gate.run(async move { engine.compare(viewer, request).await }).await?;
    Ok(Json(views::compare_answer(&answer.map_err(body_problem)?)))
}
