//! What is served to people beside JSON: pages come from whoever has them, and pass through the
//! same limits, the same search for a caller and the same log as the API.
//!
//! What goes wrong on the way to a page becomes a page too, here and nowhere else: handlers of
//! pages return a [`Problem`] as those of the API do.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;

use super::app::App;
use super::error::{Problem, ProblemCode};

/// 页面: addresses for people, and how they are told what went wrong.
pub struct Pages {
    /// The addresses; none of them begins with [`API`].
    pub routes: Router<Arc<App>>,
    /// The page of a problem.
    pub problem: fn(&Problem, &Asked) -> Response,
}

/// A request for a page, as far as a problem's page needs it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What was to be done.
    pub method: Method,
    /// With what.
    pub uri: Uri,
}

/// Beginning of the addresses that are for programs.
pub const API: &str = "/api/";

/// Whether a request is for a page: a browser asks for HTML, and never at the API.
pub(super) fn is_for_page(uri: &Uri, headers: &HeaderMap) -> bool {
    let wants_html = |value: &axum::http::HeaderValue| {
        value.to_str().is_ok_and(|accepted| accepted.contains("text/html"))
    };
    !uri.path().starts_with(API) && headers.get_all(ACCEPT).iter().any(wants_html)
}

/// Turns problems on the way to a page into pages.
pub(super) async fn show_problems(
    State(show): State<fn(&Problem, &Asked) -> Response>,
    request: Request,
    next: Next,
) -> Response {
    if !is_for_page(request.uri(), request.headers()) {
        return next.run(request).await;
    }
    let asked = Asked { method: request.method().clone(), uri: request.uri().clone() };
    let mut response = next.run(request).await;
    let known = response.extensions_mut().remove::<Problem>();
    let Some(problem) = known.or_else(|| undecodable(&response)) else { return response };
    let mut page = show(&problem, &asked);
    // What a client is to know beside the page: when to come back, which methods there are.
    for (name, value) in response.headers() {
        if !page.headers().contains_key(name) && name != CONTENT_LENGTH {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page.extensions_mut().extend(std::mem::take(response.extensions_mut()));
    page
}

/// The problem of an address that a page's handler was never asked about, since it cannot be
/// decoded: the router says so by itself, in plain text.
fn undecodable(response: &Response) -> Option<Problem> {
    let sort = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let plain = sort.is_some_and(|sort| sort.starts_with("text/plain"));
    (response.status() == StatusCode::BAD_REQUEST && plain).then(|| {
        let detail = "网址不是合法的 UTF-8，请从本系统的页面或搜索结果进入";
        Problem::new(ProblemCode::BadUrl, detail)
    })
}
