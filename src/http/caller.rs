//! Who sends a request: what the client shows, resolved once for every address.
//!
//! What is wrong, expired or revoked is told on every address and never taken for nothing: a
//! client that believes to be signed in would else see the public view and not know why.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::error::{Problem, ProblemCode};
use super::pages::API;
use super::rate::Peer;
use crate::engine::{EngineError, Grant, Viewer};

/// The cookie in which a browser shows the secret of a session. It counts for pages only: a
/// browser sends it with whatever another site makes it ask for, and programs have no such thing.
pub(crate) const SESSION_COOKIE: &str = "duijie_session";

/// 访问者: on whose behalf a request asks. Whoever has signed in has a password of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Caller {
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
pub(crate) struct SignedIn(pub Grant);

/// The address that a request comes from, if it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub Option<IpAddr>);

/// What the log calls the caller of an answered request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallerName(pub String);

/// Lets a request through with what its sender has shown, or turns it away.
pub(super) async fn identify(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let (secret, in_cookie) = match shown(request.headers()) {
        Shown::Nothing if request.uri().path().starts_with(API) => (None, false),
        Shown::Nothing => (session_cookie(request.headers()), true),
        Shown::Secret(secret) => (Some(secret), false),
        Shown::Nonsense => return bad_token().into_response(),
    };
    let grant = match secret {
        None => None,
        Some(secret) => match app.engine.grant_of(secret).await {
            Ok(None) if !in_cookie => return bad_token().into_response(),
            Ok(grant) => grant,
            Err(error) => return Problem::from(error).into_response(),
        },
    };
    if in_cookie && secret.is_some() && grant.is_none() {
        request.extensions_mut().insert(SessionOver);
    }
    let caller = Caller { viewer: grant.map_or(app.viewer, |grant| grant.viewer()), grant };
    request.extensions_mut().insert(caller);
    let mut response = next.run(request).await;
    response.extensions_mut().insert(CallerName(caller.name()));
    response
}

/// The session that a browser shows is over. Who asks for a caller is told so; the page to sign
/// in again, and what it looks like, ask for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SessionOver;

/// What a client shows.
enum Shown<'a> {
    Nothing,
    Secret(&'a str),
    /// Something that is no secret of ours.
    Nonsense,
}

/// Where programs show a secret.
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

/// Where browsers do.
fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).map(str::trim);
    pairs.find_map(|pair| pair.strip_prefix(SESSION_COOKIE)?.strip_prefix('='))
}

fn session_over(parts: &Parts) -> Result<(), Problem> {
    match parts.extensions.get::<SessionOver>() {
        None => Ok(()),
        Some(SessionOver) => {
            let detail = "登录已过期或已在别处退出，请重新登录";
            Err(Problem::new(ProblemCode::BadToken, detail))
        }
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
        session_over(parts)?;
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
        session_over(parts)?;
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
