//! Signing in and out, and who one is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::caller::{ClientAddress, SignedIn};
use super::error::Problem;
use super::extract::{JsonText, Object};
use super::records::viewed;
use super::views;
use crate::engine;

const SIGN_IN_KEYS: [&str; 2] = ["login", "password"];
const PASSWORD_KEYS: [&str; 2] = ["current_password", "new_password"];

/// Signs in. What comes back is to be sent as `Authorization: Bearer …` with each request.
#[utoipa::path(
    post, path = "/api/v1/sessions", tag = "accounts",
    request_body = views::SignIn,
    responses((status = 201, description = "The session", body = views::Session))
)]
pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    ClientAddress(address): ClientAddress,
    JsonText(text): JsonText,
) -> Result<Response, Problem> {
    let mut body = Object::parse(&text, &SIGN_IN_KEYS)?;
    let login = required(&mut body, "login", "用户名")?;
    let password = required(&mut body, "password", "密码")?;
    let session = app.engine.sign_in(&login, password, address).await?;
    begun(StatusCode::CREATED, &session)
}

/// Signs out: the session, or the API token, that is shown is good no longer.
#[utoipa::path(
    delete, path = "/api/v1/sessions/current", tag = "accounts",
    responses((status = 204, description = "Signed out")),
    security(("bearer" = []))
)]
pub(super) async fn sign_out(
    State(app): State<Arc<App>>,
    SignedIn(grant): SignedIn,
) -> Result<StatusCode, Problem> {
    app.engine.sign_out(&grant).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all sessions of the caller, on every machine. API tokens stay.
#[utoipa::path(
    delete, path = "/api/v1/sessions", tag = "accounts",
    responses((status = 200, description = "How many ended", body = views::SessionsEnded)),
    security(("bearer" = []))
)]
pub(super) async fn sign_out_everywhere(
    State(app): State<Arc<App>>,
    SignedIn(grant): SignedIn,
) -> Result<Json<views::SessionsEnded>, Problem> {
    let ended = app.engine.sign_out_everywhere(&grant).await?;
    Ok(Json(views::SessionsEnded { ended }))
}

/// Who has signed in, by which token, and until when.
#[utoipa::path(
    get, path = "/api/v1/me", tag = "accounts",
    responses((status = 200, description = "The caller", body = views::Me)),
    security(("bearer" = []))
)]
pub(super) async fn who_am_i(
    State(app): State<Arc<App>>,
    SignedIn(grant): SignedIn,
) -> Result<Json<views::Me>, Problem> {
    let id = grant.identity.user.to_string();
    let user = app.engine.find_user(grant.viewer(), &id).await?;
    Ok(Json(views::Me {
        user: viewed(views::user(&user))?,
        token_id: grant.token.to_string(),
        expires_at: grant.expires_at.to_string(),
    }))
}

/// Changes the caller's password. All their sessions end; a new one comes back.
#[utoipa::path(
    put, path = "/api/v1/me/password", tag = "accounts",
    request_body = views::PasswordChange,
    responses((status = 200, description = "A new session", body = views::Session)),
    security(("bearer" = []))
)]
pub(super) async fn change_password(
    State(app): State<Arc<App>>,
    SignedIn(grant): SignedIn,
    ClientAddress(address): ClientAddress,
    JsonText(text): JsonText,
) -> Result<Response, Problem> {
    let mut body = Object::parse(&text, &PASSWORD_KEYS)?;
    let current = required(&mut body, "current_password", "现在的密码")?;
    let new = required(&mut body, "new_password", "新密码")?;
    let session = app.engine.change_own_password(&grant, current, new, address).await?;
    begun(StatusCode::OK, &session)
}

/// A session as it is told, once: nobody on the way keeps it.
fn begun(status: StatusCode, session: &engine::Session) -> Result<Response, Problem> {
    let session = Json(viewed(views::session(session))?);
    Ok((status, [(CACHE_CONTROL, "no-store")], session).into_response())
}

/// A text that must be given and not blank.
pub(super) fn required(body: &mut Object, key: &str, what: &str) -> Result<String, Problem> {
    let given = body.text(key)?.filter(|text| !text.trim().is_empty());
    given.ok_or_else(|| Problem::invalid(key, "没有给出", what))
}
