//! A server that trusts everybody on this machine answers to this machine's names only.
//!
//! A page on the internet can have its own name resolved to 127.0.0.1 and then read, as the
//! page's own origin, whatever a browser on this machine can. It cannot change the `Host`.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::error::{Problem, ProblemCode};
use crate::engine::Viewer;

/// Turns away requests for other hosts, if the viewer is [`Viewer::Local`].
pub(super) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let header = request.headers().get(HOST).map(|value| value.to_str().unwrap_or_default());
    let authority = request.uri().authority().map(axum::http::uri::Authority::as_str);
    if app.viewer == Viewer::Local && header.or(authority).is_some_and(|host| !is_local(host)) {
        let detail = "此服务只供本机使用，请用 http://127.0.0.1 或 http://localhost 访问";
        return Problem::new(ProblemCode::ForeignHost, detail).into_response();
    }
    next.run(request).await
}

/// Whether a host, with or without port, is this machine.
fn is_local(host: &str) -> bool {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn only_this_machines_names_are_local() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:8080", "[::1]:9", "127.1.2.3"] {
            assert!(is_local(host), "{host}");
        }
        for host in ["", "evil.example", "localhost.evil.example:80", "192.168.0.1", "[::2]:1"] {
            assert!(!is_local(host), "{host}");
        }
    }
}
