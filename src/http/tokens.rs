//! API tokens, and the sessions beside them.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::{JsonText, Object, Params};
use super::records::{page_of, page_params, viewed};
use super::sessions::required;
use super::views;
use crate::engine::{NewToken, TOKEN_DAYS_MAX};

const NEW_KEYS: [&str; 3] = ["label", "days", "user"];
/// Days that a token is good for if the caller does not say.
const DAYS_DEFAULT: u32 = 90;

/// The tokens and sessions that are good now: the caller's own; all of them for administrators
/// and auditors.
#[utoipa::path(
    get, path = "/api/v1/tokens", tag = "accounts",
    params(
        ("user" = Option<String>, Query, description = "Whose, by login or id; for administrators and auditors", example = "zhang.san"),
        ("limit" = Option<usize>, Query, description = "Tokens wanted, 1 to 200; 50 if absent", example = 50),
        ("after" = Option<String>, Query, description = "`next` of the page before", example = "01997f00-0000-7000-8000-000000000001"),
    ),
    responses((status = 200, description = "A page", body = views::Page<views::Token>))
)]
pub(super) async fn list_tokens(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<views::Page<views::Token>>, Problem> {
    let params = Params::read(query.as_deref(), &["user", "limit", "after"])?;
    let (after, limit) = page_params(&params)?;
    let user = params.one("user")?;
    let listed = app.engine.list_tokens(caller.viewer, user.as_deref(), after, limit).await?;
    page_of(listed, views::token)
}

/// Makes an API token. Its secret comes back here and never again.
#[utoipa::path(
    post, path = "/api/v1/tokens", tag = "accounts",
    request_body = views::NewToken,
    responses((status = 201, description = "The token with its secret", body = views::TokenWithSecret))
)]
pub(super) async fn create_token(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonText(text): JsonText,
) -> Result<Response, Problem> {
    let mut body = Object::parse(&text, &NEW_KEYS)?;
    let days = match body.number("days")? {
        None => DAYS_DEFAULT,
        Some(days) => u32::try_from(days)
            .map_err(|_| Problem::invalid("days", "过大", &format!("1 到 {TOKEN_DAYS_MAX}")))?,
    };
    let label = required(&mut body, "label", "令牌的用途")?;
    let new = NewToken { label, days, user: body.text("user")? };
    let (secret, record) = app.engine.create_token(caller.viewer, new).await?;
    let answer = views::TokenWithSecret {
        about: viewed(views::token(&record))?,
        token: secret.reveal().to_owned(),
    };
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// Revokes a token or a session; doing it twice changes nothing.
#[utoipa::path(
    delete, path = "/api/v1/tokens/{id}", tag = "accounts",
    params(("id" = String, Path, description = "Id of the token, not its secret", example = "01997f00-0000-7000-8000-000000000001")),
    responses((status = 204, description = "Revoked"))
)]
pub(super) async fn revoke_token(
    State(app): State<Arc<App>>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, Problem> {
    let Path(id) = id?;
    app.engine.revoke_token(caller.viewer, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
