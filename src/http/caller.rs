//! Who sends a request: what the client shows, resolved once for every address.
//!
//! What is wrong, expired or revoked is told on every address and never taken for nothing: a
//! client that believes to be signed in would else see the public view and not know why.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::error::{Problem, ProblemCode};
use super::rate::Peer;
use crate::engine::{EngineError, Grant, Viewer};

/// 访问者: on whose behalf a request asks. Whoever has signed in has a password of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Caller {
    /// For the engine.
    pub viewer: Viewer,
    /// What they have shown, if anything.
    pub grant: Option<Grant>,
}

impl Caller {
    /// What logs and limits call them: an id, no name.
    pub fn name(&self) -> String {
        self.viewer.author()
    }
}

/// Somebody who has signed in, even if all they may do is to change their password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SignedIn(pub Grant);

/// The address that a request comes from, if it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ClientAddress(pub Option<IpAddr>);

/// What the log calls the caller of an answered request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CallerName(pub String);

/// Lets a request through with what its sender has shown, or turns it away.
pub(super) async fn identify(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let grant = match shown(request.headers()) {
        Shown::Nothing => None,
        Shown::Secret(secret) => match app.engine.grant_of(secret).await {
            Ok(Some(grant)) => Some(grant),
            Ok(None) => return bad_token().into_response(),
            Err(error) => return Problem::from(error).into_response(),
        },
        Shown::Nonsense => return bad_token().into_response(),
    };
    let caller = Caller { viewer: grant.map_or(app.viewer, |grant| grant.viewer()), grant };
    request.extensions_mut().insert(caller);
    let mut response = next.run(request).await;
    response.extensions_mut().insert(CallerName(caller.name()));
    response
}

/// What a client shows.
enum Shown<'a> {
    Nothing,
    Secret(&'a str),
    /// Something that is no secret of ours.
    Nonsense,
}

/// The one place where a request is searched for a secret. The cookie of the pages is to be read
/// here, for requests that come from the pages themselves.
fn shown(headers: &HeaderMap) -> Shown<'_> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Shown::Nothing };
    let value = value.to_str().unwrap_or_default();
    match (value.split_once(' '), values.next()) {
        (Some((scheme, secret)), None) if scheme.eq_ignore_ascii_case("bearer") => {
            Shown::Secret(secret.trim())
        }
        _ => Shown::Nonsense,
    }
}

fn bad_token() -> Problem {
    let detail =
        "令牌不正确、已过期或已撤销，请重新登录，或换用有效的令牌（Authorization: Bearer …）";
    Problem::new(ProblemCode::BadToken, detail)
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        // Requests that were not let through have no handler.
        let nobody = Self { viewer: app.viewer, grant: None };
        let caller = parts.extensions.get::<Self>().copied().unwrap_or(nobody);
        if caller.grant.is_some_and(|grant| grant.must_change_password) {
            let detail = "这是一次性密码，请先修改密码（PUT /api/v1/me/password），再进行其他操作";
            return Err(Problem::new(ProblemCode::PasswordChangeRequired, detail));
        }
        Ok(caller)
    }
}

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        let grant = parts.extensions.get::<Caller>().and_then(|caller| caller.grant);
        grant.map(Self).ok_or_else(|| EngineError::NotSignedIn.into())
    }
}

impl FromRequestParts<Arc<App>> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Peer>();
        Ok(Self(peer.map(|Peer(peer)| peer.ip().to_canonical())))
    }
}
