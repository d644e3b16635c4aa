//! Labs for a need.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::app::App;
use super::error::Problem;
use super::extract::{JsonText, Object};
use super::filters::filter_problem;
use super::limits::MATCH_LIMIT_DEFAULT;
use super::views;
use crate::engine::{Filters, MatchQuestion, MatchRequest};

/// The keys of a body and of its filters.
const KEYS: [&str; 4] = ["text", "need", "limit", "filters"];
const FILTER_KEYS: [&str; 5] = ["region", "institution_class", "institution", "area", "kind"];

/// Ranks the labs for a need and says why.
#[utoipa::path(
    post,
    path = "/api/v1/match",
    tag = "matching",
    request_body = views::MatchBody,
    responses((status = 200, description = "Labs, best first", body = views::MatchAnswer))
)]
pub(super) async fn match_labs(
    State(app): State<Arc<App>>,
    JsonText(text): JsonText,
) -> Result<Json<views::MatchAnswer>, Problem> {
    let request = request(&text)?;
    let (engine, viewer) = (app.engine.clone(), app.viewer);
    let answer = app.gate.run(async move { engine.match_labs(viewer, request).await }).await?;
    let answer = answer.map_err(|error| filter_problem(error, |name| format!("filters.{name}")))?;
    app.metrics.match_served();
    Ok(Json(views::match_answer(&answer)))
}

fn request(text: &str) -> Result<MatchRequest, Problem> {
    let mut body = Object::parse(text, &KEYS)?;
    let question = question(&mut body)?;
    let limit = body.number("limit")?.unwrap_or(MATCH_LIMIT_DEFAULT);
    Ok(MatchRequest { question, limit, filters: filters(&mut body)? })
}

/// The filters of a request.
pub(super) fn filters(body: &mut Object) -> Result<Filters, Problem> {
    let Some(mut given) = body.object("filters", "filters.", &FILTER_KEYS)? else {
        return Ok(Filters::default());
    };
    Ok(Filters {
        region: given.text("region")?,
        institution_class: given.text("institution_class")?,
        institution: given.text("institution")?,
        area: given.text("area")?,
        kind: given.text("kind")?,
    })
}

/// The need of a request: its text or its name.
pub(super) fn question(body: &mut Object) -> Result<MatchQuestion, Problem> {
    match (body.text("text")?, body.text("need")?) {
        (Some(text), None) => Ok(MatchQuestion::Text(text)),
        (None, Some(need)) => Ok(MatchQuestion::Need(need)),
        (given, _) => {
            let found = if given.is_some() { "两个都给了" } else { "两个都没有给" };
            Err(Problem::invalid("text", found, "text（需求文字）与 need（需求编号）二选一"))
        }
    }
}
