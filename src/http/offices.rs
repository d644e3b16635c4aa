//! The tree of offices: everybody who has signed in sees it, administrators change it.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{ETAG, LOCATION};
use axum::http::{HeaderName, StatusCode};

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::{IfMatch, JsonText, Object, Params, etag};
use super::records::{page_of, page_params, viewed};
use super::sessions::required;
use super::views;
use crate::engine::{NewOffice, OfficeChange};
use crate::model::{OfficeLevel, Record};

const NEW_KEYS: [&str; 5] = ["external_id", "name", "level", "parent", "aliases"];
const CHANGE_KEYS: [&str; 3] = ["name", "parent", "aliases"];

type Named = Result<Path<String>, PathRejection>;
type Found = ([(HeaderName, String); 1], Json<views::Office>);
type Created = (StatusCode, [(HeaderName, String); 1], Json<views::Office>);

/// A page of offices in the order of their creation.
#[utoipa::path(
    get, path = "/api/v1/offices", tag = "accounts",
    params(
        ("limit" = Option<usize>, Query, description = "Offices wanted, 1 to 200; 50 if absent", example = 50),
        ("after" = Option<String>, Query, description = "`next` of the page before", example = "01997f00-0000-7000-8000-000000000001"),
    ),
    responses((status = 200, description = "A page", body = views::Page<views::Office>))
)]
pub(super) async fn list_offices(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<views::Page<views::Office>>, Problem> {
    let params = Params::read(query.as_deref(), &["limit", "after"])?;
    let (after, limit) = page_params(&params)?;
    page_of(app.engine.list_offices(caller.viewer, after, limit).await?, views::office)
}

/// Creates an office.
#[utoipa::path(
    post, path = "/api/v1/offices", tag = "accounts",
    request_body = views::NewOffice,
    responses((
        status = 201, description = "The new office", body = views::Office,
        headers(("Location" = String, description = "Its address")),
    ))
)]
pub(super) async fn create_office(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonText(text): JsonText,
) -> Result<Created, Problem> {
    let mut body = Object::parse(&text, &NEW_KEYS)?;
    let level = required(&mut body, "level", "city、district 或 park")?;
    let level = level
        .parse::<OfficeLevel>()
        .map_err(|refusal| Problem::invalid("level", &refusal.reason, &refusal.expected))?;
    let external_id = body.text("external_id")?;
    let new = NewOffice { external_id, level, to: change(&mut body)? };
    let record = app.engine.create_office(caller.viewer, new).await?;
    let location = format!("/api/v1/offices/{}", record.meta.id);
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(viewed(views::office(&record))?)))
}

/// One office by id, external id or `source:external_id`.
#[utoipa::path(
    get, path = "/api/v1/offices/{name}", tag = "accounts",
    params(("name" = String, Path, description = "Id, external id or `source:external_id`", example = "nanjing")),
    responses((
        status = 200, description = "The office", body = views::Office,
        headers(("ETag" = String, description = "The revision, for `If-Match`")),
    ))
)]
pub(super) async fn find_office(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
) -> Result<Found, Problem> {
    let Path(name) = name?;
    found(&app.engine.find_office(caller.viewer, &name).await?)
}

/// Changes an office: what is not given is empty. Its level stays.
#[utoipa::path(
    put, path = "/api/v1/offices/{name}", tag = "accounts",
    params(
        ("name" = String, Path, description = "Id, external id or `source:external_id`", example = "nanjing"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that was read; any revision if absent", example = "\"1\""),
    ),
    request_body = views::OfficeChange,
    responses((
        status = 200, description = "The office", body = views::Office,
        headers(("ETag" = String, description = "The revision, for `If-Match`")),
    ))
)]
pub(super) async fn change_office(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
    IfMatch(revision): IfMatch,
    JsonText(text): JsonText,
) -> Result<Found, Problem> {
    let Path(name) = name?;
    let to = change(&mut Object::parse(&text, &CHANGE_KEYS)?)?;
    found(&app.engine.change_office(caller.viewer, &name, to, revision).await?)
}

fn change(body: &mut Object) -> Result<OfficeChange, Problem> {
    Ok(OfficeChange {
        name: required(body, "name", "机构名称")?,
        parent: body.text("parent")?,
        aliases: body.texts("aliases")?.unwrap_or_default(),
    })
}

fn found(record: &Record) -> Result<Found, Problem> {
    Ok(([(ETAG, etag(record.meta.revision))], Json(viewed(views::office(record))?)))
}
