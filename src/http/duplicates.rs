//! Records that may be one: found, merged, parted again.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::{JsonText, Object, Params};
use super::records::{page_params, viewed};
use super::sessions::required;
use super::views;
use crate::model::{Kind, Refusal};

const KEYS: [&str; 3] = ["kind", "kept", "merged"];

/// A page of pairs of records that may be one, with what they have in common and what not. For
/// offices and administrators, who may merge them.
#[utoipa::path(
    get, path = "/api/v1/duplicates", tag = "duplicates", summary = "Pairs of records that may be one",
    params(
        ("kind" = String, Query, description = "`need`, `lab` or `achievement`", example = "need"),
        ("limit" = Option<usize>, Query, description = "Pairs wanted, 1 to 200; 50 if absent. A page may have some more, or none and still a `next`", example = 50),
        ("after" = Option<String>, Query, description = "`next` of the page before", example = "01997f00-0000-7000-8000-000000000001"),
    ),
    responses((status = 200, description = "A page", body = views::Duplicates))
)]
pub(super) async fn list_duplicates(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<views::Duplicates>, Problem> {
    let params = Params::read(query.as_deref(), &["kind", "limit", "after"])?;
    let (after, limit) = page_params(&params)?;
    let kind = match params.one("kind")? {
        Some(kind) => kind_of(&kind)?,
        None => return Err(Problem::invalid("kind", "没有给出", "need、lab 或 achievement")),
    };
    let engine = app.engine.clone();
    let page =
        app.gate.run(async move { engine.duplicates(caller.viewer, kind, after, limit).await });
    Ok(Json(views::duplicates(&page.await??)))
}

/// Merges two records of a kind: what named the merged one names the kept one, and whoever looks
/// for the merged one finds the kept one.
#[utoipa::path(
    post, path = "/api/v1/merges", tag = "duplicates", summary = "Merges two records",
    request_body = views::MergeBody,
    responses((status = 201, description = "The merge", body = views::Merge))
)]
pub(super) async fn merge_records(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonText(text): JsonText,
) -> Result<(StatusCode, Json<views::Merge>), Problem> {
    let mut body = Object::parse(&text, &KEYS)?;
    let kind = kind_of(&required(&mut body, "kind", "need、lab 或 achievement")?)?;
    let kept = required(&mut body, "kept", "保留的记录的编号")?;
    let merged = required(&mut body, "merged", "并入的记录的编号")?;
    let merge = app.engine.merge_records(caller.viewer, kind, &kept, &merged).await?;
    Ok((StatusCode::CREATED, Json(viewed(views::merge(&merge))?)))
}

/// Takes a merge back. What others have changed of the records since stays.
#[utoipa::path(
    post, path = "/api/v1/merges/{name}/undo", tag = "duplicates", summary = "Takes a merge back",
    params(("name" = String, Path, description = "The merge's id", example = "01997f00-0000-7000-8000-000000000001")),
    responses((status = 200, description = "The merge", body = views::Merge))
)]
pub(super) async fn undo_merge(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Result<Path<String>, PathRejection>,
) -> Result<Json<views::Merge>, Problem> {
    let Path(name) = name?;
    let merge = app.engine.undo_merge(caller.viewer, &name).await?;
    Ok(Json(viewed(views::merge(&merge))?))
}

fn kind_of(text: &str) -> Result<Kind, Problem> {
    text.parse()
        .map_err(|refusal: Refusal| Problem::invalid("kind", &refusal.reason, &refusal.expected))
}
