//! What was done, for a lead or for none in particular.

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
use crate::engine::{ActivityQuery, NewActivity};
use crate::model::ActivityKind;

const KEYS: [&str; 7] = ["lead", "posting", "kind", "role", "on", "place", "text"];
const PARAMS: [&str; 7] = ["limit", "after", "kind", "role", "posting", "from", "until"];

type Created = (StatusCode, Json<views::Activity>);
type Page = Json<views::Page<views::Activity>>;

/// A page of activities in the order in which they were written down.
#[utoipa::path(
    get, path = "/api/v1/activities", tag = "leads",
    params(
        ("limit" = Option<usize>, Query, description = "Activities wanted, 1 to 200; 50 if absent", example = 50),
        ("after" = Option<String>, Query, description = "`next` of the page before", example = "01997f00-0000-7000-8000-000000000001"),
        ("kind" = Option<String>, Query, description = "`note`, `visit`, `call`, `meeting` or `promotion`"),
        ("role" = Option<String>, Query, description = "`publicist`, `sower` or `adviser`"),
        ("posting" = Option<String>, Query, description = "Done on this posting, by id"),
        ("from" = Option<String>, Query, description = "On this day or later"),
        ("until" = Option<String>, Query, description = "On this day or earlier"),
    ),
    responses((status = 200, description = "A page", body = views::Page<views::Activity>))
)]
pub(super) async fn list_activities(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Page, Problem> {
    list(&app, caller, None, query.as_deref()).await
}

/// A page of what was done for a lead, in the order in which it was written down.
#[utoipa::path(
    get, path = "/api/v1/leads/{name}/activities", tag = "leads",
    params(
        ("name" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001"),
        ("limit" = Option<usize>, Query, description = "Activities wanted, 1 to 200; 50 if absent", example = 50),
        ("after" = Option<String>, Query, description = "`next` of the page before", example = "01997f00-0000-7000-8000-000000000001"),
        ("kind" = Option<String>, Query, description = "`note`, `visit`, `call`, `meeting` or `promotion`"),
        ("role" = Option<String>, Query, description = "`publicist`, `sower` or `adviser`"),
        ("posting" = Option<String>, Query, description = "Done on this posting, by id"),
        ("from" = Option<String>, Query, description = "On this day or later"),
        ("until" = Option<String>, Query, description = "On this day or earlier"),
    ),
    responses((status = 200, description = "A page", body = views::Page<views::Activity>))
)]
pub(super) async fn list_lead_activities(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
    RawQuery(query): RawQuery,
) -> Result<Page, Problem> {
    let Path(name) = name?;
    list(&app, caller, Some(name), query.as_deref()).await
}

/// Writes down what was done.
#[utoipa::path(
    post, path = "/api/v1/activities", tag = "leads", summary = "Writes down an activity",
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request does nothing again; 200 characters at most")),
    request_body = views::ActivityBody,
    responses((status = 201, description = "The new activity", body = views::Activity))
)]
pub(super) async fn create_activity(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    JsonText(text): JsonText,
) -> Result<Created, Problem> {
    create(&app, caller, None, &headers, &text).await
}

/// Writes down what was done for a lead.
#[utoipa::path(
    post, path = "/api/v1/leads/{name}/activities", tag = "leads", summary = "Writes down an activity",
    params(
        ("name" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001"),
        ("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request does nothing again; 200 characters at most"),
    ),
    request_body = views::ActivityBody,
    responses((status = 201, description = "The new activity", body = views::Activity))
)]
pub(super) async fn create_lead_activity(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
    headers: HeaderMap,
    JsonText(text): JsonText,
) -> Result<Created, Problem> {
    let Path(name) = name?;
    create(&app, caller, Some(name), &headers, &text).await
}

async fn list(
    app: &App,
    caller: Caller,
    lead: Option<String>,
    query: Option<&str>,
) -> Result<Page, Problem> {
    let params = Params::read(query, &PARAMS)?;
    let (after, limit) = page_params(&params)?;
    let query = ActivityQuery {
        lead,
        kind: params.parsed("kind")?,
        role: params.parsed("role")?,
        posting: params.one("posting")?,
        from: params.parsed("from")?,
        until: params.parsed("until")?,
    };
    let page = app.engine.list_activities(caller.viewer, query, after, limit).await?;
    page_of(page, views::activity)
}

async fn create(
    app: &App,
    caller: Caller,
    lead: Option<String>,
    headers: &HeaderMap,
    text: &str,
) -> Result<Created, Problem> {
    // Whose address it is, its lead is named.
    let keys = if lead.is_some() { &KEYS[1..] } else { &KEYS };
    let mut body = Object::parse(text, keys)?;
    let address = format!("POST activities of {}", lead.as_deref().unwrap_or_default());
    let kind = body.parsed::<ActivityKind>("kind")?;
    let new = NewActivity {
        lead: match lead {
            Some(name) => Some(name),
            None => body.text("lead")?,
        },
        kind: body.given("kind", kind, "note、visit、call、meeting 或 promotion")?,
        role: body.parsed("role")?,
        posting: body.text("posting")?,
        on: body.parsed("on")?,
        place: body.text("place")?.unwrap_or_default(),
        text: body.text("text")?.unwrap_or_default(),
    };
    let once = once(headers, &address, text)?;
    let record = app.engine.create_activity(caller.viewer, new, once).await?;
    Ok((StatusCode::CREATED, Json(viewed(views::activity(&record))?)))
}
