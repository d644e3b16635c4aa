//! Labs for a need, and needs for a lab.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::{JsonText, Object};
use super::filters::body_problem;
use super::limits::MATCH_LIMIT_DEFAULT;
use super::views;
use crate::engine::{
    Filters, MatchQuestion, MatchRequest, NeedFilters, NeedsRequest, Preferences, Subject,
};
use crate::model::CivilDate;

/// The keys of a body and of its filters.
const KEYS: [&str; 6] = ["text", "need", "limit", "filters", "policy", "today"];
const FILTER_KEYS: [&str; 5] = ["region", "institution_class", "institution", "area", "kind"];
/// The same of a question for needs.
const NEEDS_KEYS: [&str; 6] = ["lab", "achievement", "limit", "filters", "policy", "today"];
const NEED_FILTER_KEYS: [&str; 5] = ["area", "industry", "region", "park", "enterprise"];

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
    caller: Caller,
    JsonText(text): JsonText,
) -> Result<Json<views::MatchAnswer>, Problem> {
    let request = request(&text)?;
    let (engine, viewer) = (app.engine.clone(), caller.viewer);
    let answer = app.gate.run(async move { engine.match_labs(viewer, request).await }).await?;
    let answer = answer.map_err(body_problem)?;
    app.metrics.match_served();
    Ok(Json(views::match_answer(&answer)))
}

fn request(text: &str) -> Result<MatchRequest, Problem> {
    let mut body = Object::parse(text, &KEYS)?;
    let question = question(&mut body)?;
    let limit = body.number("limit")?.unwrap_or(MATCH_LIMIT_DEFAULT);
    let filters = filters(&mut body)?;
    Ok(MatchRequest { question, limit, filters, preferences: preferences(&mut body)? })
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

/// Ranks the open needs that a lab or an achievement may answer and says why.
#[utoipa::path(
    post,
    path = "/api/v1/match/needs",
    tag = "matching",
    request_body = views::NeedsBody,
    responses((status = 200, description = "Needs, best first", body = views::NeedsAnswer))
)]
pub(super) async fn match_needs(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonText(text): JsonText,
) -> Result<Json<views::NeedsAnswer>, Problem> {
    let request = needs_request(&text)?;
    let (engine, viewer) = (app.engine.clone(), caller.viewer);
    let answer = app.gate.run(async move { engine.match_needs(viewer, request).await }).await?;
    let answer = answer.map_err(body_problem)?;
    app.metrics.match_served();
    Ok(Json(views::needs_answer(&answer)))
}

fn needs_request(text: &str) -> Result<NeedsRequest, Problem> {
    let mut body = Object::parse(text, &NEEDS_KEYS)?;
    let subject = match (body.text("lab")?, body.text("achievement")?) {
        (Some(lab), None) => Subject::Lab(lab),
        (None, Some(achievement)) => Subject::Achievement(achievement),
        (given, _) => {
            let right = "lab（实验室编号）与 achievement（成果编号）二选一";
            return Err(Problem::invalid("lab", found_of_two(given.is_some()), right));
        }
    };
    let limit = body.number("limit")?.unwrap_or(MATCH_LIMIT_DEFAULT);
    let filters = match body.object("filters", "filters.", &NEED_FILTER_KEYS)? {
        None => NeedFilters::default(),
        Some(mut given) => NeedFilters {
            area: given.text("area")?,
            industry: given.text("industry")?,
            region: given.text("region")?,
            park: given.text("park")?,
            enterprise: given.text("enterprise")?,
        },
    };
    Ok(NeedsRequest { subject, limit, filters, preferences: preferences(&mut body)? })
}

/// What a caller prefers beside the need; the engine knows the names.
fn preferences(body: &mut Object) -> Result<Preferences, Problem> {
    let policy = body.decimals("policy")?;
    let today = body.text("today")?;
    let today = today.map(|text| {
        text.parse::<CivilDate>()
            .map_err(|refusal| Problem::invalid("today", &refusal.reason, &refusal.expected))
    });
    Ok(Preferences { policy, today: today.transpose()? })
}

fn found_of_two(both: bool) -> &'static str {
    if both { "两个都给了" } else { "两个都没有给" }
}

/// The need of a request: its text or its name.
pub(super) fn question(body: &mut Object) -> Result<MatchQuestion, Problem> {
    match (body.text("text")?, body.text("need")?) {
        (Some(text), None) => Ok(MatchQuestion::Text(text)),
        (None, Some(need)) => Ok(MatchQuestion::Need(need)),
        (given, _) => {
            let found = found_of_two(given.is_some());
            Err(Problem::invalid("text", found, "text（需求文字）与 need（需求编号）二选一"))
        }
    }
}
