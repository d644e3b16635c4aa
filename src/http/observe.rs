//! Around every request: its time limit, its line in the log, its place in the metrics.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use super::app::App;
use super::caller::CallerName;
use super::error::{Problem, ProblemCode};
use super::limits::UPLOAD_TIMEOUT;
use super::request_id::{self, RequestId};

/// Route of requests that match none: paths of strangers are no labels.
const NO_ROUTE: &str = "unmatched";

/// How addresses end that take files.
const UPLOADS: [&str; 2] = ["/bulk", "/import"];

/// Lets a request through, within its time and under its id. The log has the route and not the
/// path, neither bodies nor queries nor headers: needs may be confidential. Of the caller it has
/// the id.
pub(super) async fn observe(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = method_name(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let id = RequestId::of(request.headers());
    // Of the highest level, so that it is there whenever a line within is.
    let span = tracing::error_span!("request", id = id.as_str());
    let handled = id.clone().scope(next.run(request)).instrument(span.clone());
    let longest = longest(&app, route.as_ref());
    let mut response = match tokio::time::timeout(longest, handled).await {
        Ok(response) => response,
        Err(_) => {
            let limit_ms = longest.as_millis();
            let detail = format!("处理超过 {limit_ms} 毫秒，已中止，请缩短内容或稍后重试");
            Problem::new(ProblemCode::Timeout, detail).into_response()
        }
    };
    let (took, status) = (began.elapsed(), response.status().as_u16());
    let route = route.as_ref().map_or(NO_ROUTE, MatchedPath::as_str);
    app.metrics.request(method, route, status, took);
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let caller = response.extensions().get::<CallerName>().map(|CallerName(name)| name.as_str());
    span.in_scope(|| tracing::info!(method, route, status, ms, caller, "answered"));
    if let Some(id) = id.header_value() {
        response.headers_mut().insert(request_id::HEADER, id);
    }
    response
}

/// How long a request may take: one that brings a file has the time to bring it.
fn longest(app: &App, route: Option<&MatchedPath>) -> Duration {
    let brings_file =
        route.is_some_and(|route| UPLOADS.iter().any(|end| route.as_str().ends_with(end)));
    app.timeouts.request + if brings_file { UPLOAD_TIMEOUT } else { Duration::ZERO }
}

/// The name of a method; what clients invent is one of all others.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// What becomes of a panic in a handler.
pub(super) fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    // The payload may quote a need; where it happened stands on stderr.
    tracing::error!("a handler panicked");
    Problem::internal_logged().into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_problem_like_others() {
        let response = panicked(Box::new("膜电极"));
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
    }
}
