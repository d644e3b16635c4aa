//! Matches that somebody does not want to see again.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::{JsonText, Object, Params, once};
use super::leads::Named;
use super::records::{page_of, page_params, viewed};
use super::views;
use crate::engine::NewDismissal;

const KEYS: [&str; 3] = ["need", "lab", "reason"];

/// A page of the caller's dismissed matches.
#[utoipa::path(
    get, path = "/api/v1/dismissals", tag = "leads",
    params(
        ("limit" = Option<usize>, Query, description = "Dismissals wanted, 1 to 200; 50 if absent", example = 50),
        ("after" = Option<String>, Query, description = "`next` of the page before", example = "01997f00-0000-7000-8000-000000000001"),
    ),
    responses((status = 200, description = "A page", body = views::Page<views::Dismissal>))
)]
pub(super) async fn list_dismissals(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<views::Page<views::Dismissal>>, Problem> {
    let params = Params::read(query.as_deref(), &["limit", "after"])?;
    let (after, limit) = page_params(&params)?;
    page_of(app.engine.list_dismissals(caller.viewer, after, limit).await?, views::dismissal)
}

/// Leaves a match out of the caller's answers until one of its two texts changes.
#[utoipa::path(
    post, path = "/api/v1/dismissals", tag = "leads", summary = "Dismisses a match",
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request does nothing again; 200 characters at most")),
    request_body = views::DismissalBody,
    responses((status = 201, description = "The dismissal", body = views::Dismissal))
)]
pub(super) async fn create_dismissal(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    JsonText(text): JsonText,
) -> Result<(StatusCode, Json<views::Dismissal>), Problem> {
    let mut body = Object::parse(&text, &KEYS)?;
    let (need, lab) = (body.text("need")?, body.text("lab")?);
    let new = NewDismissal {
        need: body.given("need", need, "需求的编号")?,
        lab: body.given("lab", lab, "实验室的编号")?,
        reason: body.text("reason")?.unwrap_or_default(),
    };
    let once = once(&headers, "POST /api/v1/dismissals", &text)?;
    let record = app.engine.dismiss(caller.viewer, new, once).await?;
    Ok((StatusCode::CREATED, Json(viewed(views::dismissal(&record))?)))
}

/// Takes a dismissal back: the match comes up again.
#[utoipa::path(
    delete, path = "/api/v1/dismissals/{name}", tag = "leads", summary = "Takes a dismissal back",
    params(("name" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001")),
    responses((status = 204, description = "It is taken back"))
)]
pub(super) async fn delete_dismissal(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
) -> Result<StatusCode, Problem> {
    let Path(name) = name?;
    app.engine.undo_dismissal(caller.viewer, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
