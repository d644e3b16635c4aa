//! What is new for the caller.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::{JsonText, Object, Params};
use super::views;
use crate::engine::{InboxGrouping, InboxRequest};

/// New matches of the caller's park, university, firm or institution since the last visit: day
/// by day, the best first, at most `per_day` a day; the rest is counted. Reading marks nothing as
/// seen. What changes or is deleted takes its notices along; they are kept for 30 days.
#[utoipa::path(
    get, path = "/api/v1/inbox", tag = "inbox",
    params(
        ("since" = Option<i64>, Query, description = "What is behind this notice; behind the last one seen if absent", example = 0),
        ("limit" = Option<usize>, Query, description = "Notices on a page, 1 to 100; 100 if absent", example = 50),
        ("after" = Option<i64>, Query, description = "`next` of the page before", example = 7),
        ("per_day" = Option<usize>, Query, description = "Notices a day, 1 to 100; 20 if absent", example = 20),
        ("by" = Option<String>, Query, description = "What stands together: `need` (if absent) or `lab`", example = "need"),
    ),
    responses((status = 200, description = "What is new", body = views::Inbox))
)]
pub(super) async fn read_inbox(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<views::Inbox>, Problem> {
    let params = Params::read(query.as_deref(), &["since", "limit", "after", "per_day", "by"])?;
    let usual = InboxRequest::default();
    let by = match params.one("by")?.as_deref() {
        None => usual.by,
        Some("need") => InboxGrouping::Need,
        Some("lab") => InboxGrouping::Lab,
        Some(other) => {
            return Err(Problem::invalid("by", &format!("是“{other}”"), "need 或 lab"));
        }
    };
    let request = InboxRequest {
        since: notice(&params, "since")?,
        per_day: params.number("per_day")?.unwrap_or(usual.per_day),
        by,
        limit: params.number("limit")?.unwrap_or(usual.limit),
        after: notice(&params, "after")?,
    };
    let answer = app.engine.inbox(caller.viewer, request).await?;
    Ok(Json(views::inbox(&answer)))
}

/// Marks what is new up to `until`, by default everything, as seen by the caller. What was seen
/// stays seen.
#[utoipa::path(
    post, path = "/api/v1/inbox/seen", tag = "inbox",
    request_body = views::InboxSeenBody,
    responses((status = 200, description = "Up to where it is seen", body = views::InboxSeen))
)]
pub(super) async fn mark_inbox_seen(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonText(text): JsonText,
) -> Result<Json<views::InboxSeen>, Problem> {
    let mut body = Object::parse(&text, &["until"])?;
    let until = body.number("until")?.map(|number| checked("until", number)).transpose()?;
    let seen = app.engine.mark_inbox_seen(caller.viewer, until).await?;
    Ok(Json(views::InboxSeen { seen }))
}

/// How much is new, by park, institution and kind, without the daily limit.
#[utoipa::path(
    get, path = "/api/v1/inbox/summary", tag = "inbox",
    params(
        ("since" = Option<i64>, Query, description = "What is behind this notice; behind the last one seen if absent", example = 0),
    ),
    responses((status = 200, description = "How much is new", body = views::InboxSummary))
)]
pub(super) async fn read_inbox_summary(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<views::InboxSummary>, Problem> {
    let params = Params::read(query.as_deref(), &["since"])?;
    let since = notice(&params, "since")?;
    let summary = app.engine.inbox_summary(caller.viewer, since).await?;
    Ok(Json(views::inbox_summary(&summary)))
}

/// The number of a notice.
fn notice(params: &Params, name: &str) -> Result<Option<i64>, Problem> {
    params.number(name)?.map(|number| checked(name, number)).transpose()
}

fn checked(name: &str, number: usize) -> Result<i64, Problem> {
    i64::try_from(number).map_err(|_| Problem::invalid(name, "过大", "提醒的编号"))
}
