//! Forms of other sites are not taken: a browser sends the cookie with them too.
//!
//! Browsers say where a request comes from (`Sec-Fetch-Site`; older ones `Origin`), and a site
//! cannot change either. So forms need no secret of their own, and pages stay the same for all.
//! What says neither is refused: programs have the API. Source: W3C Fetch Metadata Request
//! Headers, section 2; RFC 6454, section 7.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::http::{Problem, ProblemCode};

/// Lets changes through that come from our own pages, and whatever changes nothing.
pub(super) async fn ours_only(request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_ours(request.headers()) {
        return next.run(request).await;
    }
    let detail = "这次提交不是从本系统的页面发出的，未作任何更改；请从本系统的页面重新操作";
    Problem::new(ProblemCode::Forbidden, detail).into_response()
}

fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        // `none`: by the user's own hand, as when a page is sent again.
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text(HOST.as_str())
        }
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|&(name, value)| {
            (axum::http::HeaderName::from_static(name), axum::http::HeaderValue::from_static(value))
        });
        pairs.collect()
    }

    #[test]
    fn only_what_our_own_pages_send_is_ours() {
        for ours in [
            &[("sec-fetch-site", "same-origin")][..],
            &[("sec-fetch-site", "none")],
            // A proxy that gives the host another name does not matter to newer browsers.
            &[("sec-fetch-site", "same-origin"), ("origin", "https://desk"), ("host", "10.0.0.1")],
            &[("origin", "http://desk:8080"), ("host", "desk:8080")],
        ] {
            assert!(is_ours(&headers(ours)), "{ours:?}");
        }
        for others in [
            &[][..],
            &[("host", "desk")],
            &[("origin", "null"), ("host", "desk")],
            &[("origin", "http://evil.example"), ("host", "desk")],
            &[("origin", "http://desk.evil.example"), ("host", "desk")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", "http://desk"), ("host", "desk")],
        ] {
            assert!(!is_ours(&headers(others)), "{others:?}");
        }
    }
}
