//! The audit log: a page of it, and how far it is sealed.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::Params;
use super::limits::LIST_LIMIT_DEFAULT;
use super::views;
use crate::engine::AuditRequest;
use crate::model::Refusal;

/// A page of the audit log, the newest entry first: every change of a record and every event, with
/// who and when. For auditors and administrators. Contacts are never part of it.
#[utoipa::path(
    get, path = "/api/v1/audit", tag = "audit", summary = "A page of the audit log, newest first",
    params(
        ("limit" = Option<usize>, Query, description = "Entries wanted, 1 to 1000; 50 if absent", example = 50),
        ("before" = Option<String>, Query, description = "`next` of the page before", example = "120"),
        ("kind" = Option<String>, Query, description = "With `record`: its kind", example = "need"),
        ("record" = Option<String>, Query, description = "Entries about this record: id, external id or `source:external_id`; deleted ones by id", example = "import:rec-01"),
        ("by" = Option<String>, Query, description = "Done by this user (id or login) or door (`local`, `import`)", example = "local"),
        ("action" = Option<String>, Query, description = "`create`, `update`, `delete`, `revive`, `contact_read`, `signed_in` …", example = "update"),
        ("since" = Option<String>, Query, description = "From the beginning of this day in China", example = "2026-01-01"),
        ("until" = Option<String>, Query, description = "To the end of this day in China", example = "2026-12-31"),
    ),
    responses((status = 200, description = "A page", body = views::Page<views::AuditEntry>))
)]
pub(super) async fn list_audit(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<views::Page<views::AuditEntry>>, Problem> {
    let request = request(query.as_deref())?;
    let page = app.engine.audit_log(caller.viewer, request).await?;
    let items = page.lines.iter().map(views::audit_entry).collect();
    Ok(Json(views::Page { items, next: page.next.map(|seq| seq.to_string()) }))
}

/// How far the audit log is sealed. The hash, kept elsewhere, shows whether the log was cut or
/// written anew since.
#[utoipa::path(
    get, path = "/api/v1/audit/seal", tag = "audit", summary = "The newest seal of the audit log",
    responses((status = 200, description = "The newest seal", body = views::SealedLog))
)]
pub(super) async fn audit_seal(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<views::SealedLog>, Problem> {
    Ok(Json(views::sealed_log(&app.engine.sealed_log(caller.viewer).await?)))
}

fn request(query: Option<&str>) -> Result<AuditRequest, Problem> {
    const KNOWN: [&str; 8] =
        ["limit", "before", "kind", "record", "by", "action", "since", "until"];
    let params = Params::read(query, &KNOWN)?;
    let record = match (params.one("kind")?, params.one("record")?) {
        (Some(kind), Some(name)) => Some((parsed(&kind, "kind")?, name)),
        (None, None) => None,
        (Some(_), None) => return Err(Problem::invalid("record", "没有给出", "与 kind 同时给出")),
        (None, Some(_)) => return Err(Problem::invalid("kind", "没有给出", "与 record 同时给出")),
    };
    let read = |name| params.one(name).map(|text| text.map(|text| (text, name)));
    let date = |name| read(name)?.map(|(text, name)| parsed(&text, name)).transpose();
    let before = match params.number("before")?.map(i64::try_from) {
        None => None,
        Some(Ok(seq)) => Some(seq),
        Some(Err(_)) => return Err(Problem::invalid("before", "过大", "上一页的 next")),
    };
    let action = read("action")?.map(|(text, name)| parsed(&text, name)).transpose()?;
    Ok(AuditRequest {
        record,
        by: params.one("by")?,
        action,
        since: date("since")?,
        until: date("until")?,
        before,
        limit: params.number("limit")?.unwrap_or(LIST_LIMIT_DEFAULT),
    })
}

/// A value of a parameter as the model reads it.
fn parsed<T: std::str::FromStr<Err = Refusal>>(text: &str, name: &str) -> Result<T, Problem> {
    text.parse()
        .map_err(|refusal: Refusal| Problem::invalid(name, &refusal.reason, &refusal.expected))
}
