//! What has come of needs and leads in a period.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::Params;
use super::views;
use crate::engine::ReportQuery;

const PARAMS: [&str; 4] = ["period", "commissioner", "today", "format"];

/// A form in which a report is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Csv,
    Text,
}

/// Counts what has come of needs and leads in a period, of what the caller may see. Every figure
/// comes with what it is a part of.
#[utoipa::path(
    get, path = "/api/v1/reports", tag = "leads",
    params(
        ("period" = Option<String>, Query, description = "`week`, `month`, `year`, `2026-W19`, `2026-05`, `2026`, `2026-05-06` or `2026-05-01..2026-06-15`; this week if absent", example = "month"),
        ("commissioner" = Option<String>, Query, description = "Only the work of this commissioner (述职): id or login; `me`"),
        ("today" = Option<String>, Query, description = "The day that `week`, `month` and `year` are meant of; today in China if absent"),
        ("format" = Option<String>, Query, description = "`json`, `csv` or `text`; by `Accept` if absent, else `json`"),
    ),
    responses((status = 200, description = "The report", content(
        (views::Report = "application/json"),
        (String = "text/csv"),
        (String = "text/plain"),
    )))
)]
pub(super) async fn report(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::read(query.as_deref(), &PARAMS)?;
    let form = form(params.one("format")?.as_deref(), &headers)?;
    let query = ReportQuery {
        period: params.one("period")?,
        commissioner: params.one("commissioner")?,
        today: params.parsed("today")?,
    };
    let report = views::report(&app.engine.report(caller.viewer, query).await?);
    Ok(match form {
        Form::Json => Json(report).into_response(),
        Form::Csv => {
            let name = format!("attachment; filename=\"report-{}.csv\"", report.from);
            let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, &name)];
            (headers, views::report_csv(&report)).into_response()
        }
        Form::Text => ([(CONTENT_TYPE, "text/plain; charset=utf-8")], views::report_text(&report))
            .into_response(),
    })
}

fn form(named: Option<&str>, headers: &HeaderMap) -> Result<Form, Problem> {
    match named {
        Some("json") => Ok(Form::Json),
        Some("csv") => Ok(Form::Csv),
        Some("text") => Ok(Form::Text),
        Some(other) => {
            Err(Problem::invalid("format", &format!("是“{other}”"), "json、csv 或 text"))
        }
        None => {
            let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
            let first = accept.unwrap_or_default().split([',', ';']).next().unwrap_or_default();
            Ok(match first.trim() {
                "text/csv" => Form::Csv,
                "text/plain" => Form::Text,
                _ => Form::Json,
            })
        }
    }
}
