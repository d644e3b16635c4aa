//! From a template to an answer.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::http::Problem;

/// What a handler of a page returns.
pub(super) type Page = Result<Response, Problem>;

/// The rendered page.
///
/// # Errors
/// If the template fails, which is our own fault.
pub(super) fn page(template: &impl Template) -> Page {
    page_of(StatusCode::OK, template)
}

/// The rendered page with another status.
///
/// # Errors
/// As [`page`].
pub(super) fn page_of(status: StatusCode, template: &impl Template) -> Page {
    let html = template.render().map_err(|error| Problem::internal(&error))?;
    Ok((status, Html(html)).into_response())
}
