//! Users: for administrators; auditors look at them.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CACHE_CONTROL, ETAG, LOCATION};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::{IfMatch, JsonText, Object, Params, etag};
use super::records::{page_of, page_params, viewed};
use super::sessions::required;
use super::views;
use crate::engine::{NewUser, UserChange, UserFields};
use crate::model::{Record, Role};

const NEW_KEYS: [&str; 6] = ["login", "name", "role", "office", "institution", "enterprise"];
const CHANGE_KEYS: [&str; 6] = ["name", "role", "office", "institution", "enterprise", "disabled"];

type Named = Result<Path<String>, PathRejection>;
type Found = ([(HeaderName, String); 1], Json<views::User>);

/// A page of users in the order of their creation.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "accounts",
    params(
        ("limit" = Option<usize>, Query, description = "Users wanted, 1 to 200; 50 if absent", example = 50),
        ("after" = Option<String>, Query, description = "`next` of the page before", example = "01997f00-0000-7000-8000-000000000001"),
    ),
    responses((status = 200, description = "A page", body = views::Page<views::User>))
)]
pub(super) async fn list_users(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<views::Page<views::User>>, Problem> {
    let params = Params::read(query.as_deref(), &["limit", "after"])?;
    let (after, limit) = page_params(&params)?;
    page_of(app.engine.list_users(caller.viewer, after, limit).await?, views::user)
}

/// Creates a user. The one-time password comes back here and never again; nothing else is
/// allowed before it has been changed.
#[utoipa::path(
    post, path = "/api/v1/users", tag = "accounts",
    request_body = views::NewUser,
    responses((
        status = 201, description = "The user and the one-time password", body = views::UserWithPassword,
        headers(("Location" = String, description = "Their address")),
    ))
)]
pub(super) async fn create_user(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonText(text): JsonText,
) -> Result<Response, Problem> {
    let mut body = Object::parse(&text, &NEW_KEYS)?;
    let login = required(&mut body, "login", "用户名")?;
    let new = NewUser { login, fields: fields(&mut body)? };
    let (record, secret) = app.engine.create_user(caller.viewer, new).await?;
    let answer = views::UserWithPassword {
        user: viewed(views::user(&record))?,
        one_time_password: secret.reveal().to_owned(),
    };
    let location = format!("/api/v1/users/{}", answer.user.login);
    let headers = [(LOCATION, location), (CACHE_CONTROL, "no-store".to_owned())];
    Ok((StatusCode::CREATED, headers, Json(answer)).into_response())
}

/// One user by login or id.
#[utoipa::path(
    get, path = "/api/v1/users/{name}", tag = "accounts",
    params(("name" = String, Path, description = "Login or id", example = "zhang.san")),
    responses((
        status = 200, description = "The user", body = views::User,
        headers(("ETag" = String, description = "The revision, for `If-Match`")),
    ))
)]
pub(super) async fn find_user(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
) -> Result<Found, Problem> {
    let Path(name) = name?;
    found(&app.engine.find_user(caller.viewer, &name).await?)
}

/// Changes a user: what is not given is empty. Who is disabled is out at once.
#[utoipa::path(
    put, path = "/api/v1/users/{name}", tag = "accounts",
    params(
        ("name" = String, Path, description = "Login or id", example = "zhang.san"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that was read; any revision if absent", example = "\"1\""),
    ),
    request_body = views::UserChange,
    responses((
        status = 200, description = "The user", body = views::User,
        headers(("ETag" = String, description = "The revision, for `If-Match`")),
    ))
)]
pub(super) async fn change_user(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
    IfMatch(revision): IfMatch,
    JsonText(text): JsonText,
) -> Result<Found, Problem> {
    let Path(name) = name?;
    let mut body = Object::parse(&text, &CHANGE_KEYS)?;
    let disabled = body.boolean("disabled")?.unwrap_or(false);
    let change = UserChange { fields: fields(&mut body)?, disabled };
    found(&app.engine.change_user(caller.viewer, &name, change, revision).await?)
}

/// Gives a user a one-time password, which comes back here and never again. Their sessions end.
#[utoipa::path(
    post, path = "/api/v1/users/{name}/password", tag = "accounts",
    params(("name" = String, Path, description = "Login or id", example = "zhang.san")),
    responses((status = 200, description = "The password", body = views::OneTimePassword))
)]
pub(super) async fn reset_password(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
) -> Result<Response, Problem> {
    let Path(name) = name?;
    let secret = app.engine.reset_password(caller.viewer, &name).await?;
    let answer = views::OneTimePassword { one_time_password: secret.reveal().to_owned() };
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

fn fields(body: &mut Object) -> Result<UserFields, Problem> {
    let role = required(body, "role", "角色")?;
    let role = role
        .parse::<Role>()
        .map_err(|refusal| Problem::invalid("role", &refusal.reason, &refusal.expected))?;
    Ok(UserFields {
        name: required(body, "name", "姓名或称呼")?,
        role,
        office: body.text("office")?,
        institution: body.text("institution")?,
        enterprise: body.text("enterprise")?,
    })
}

fn found(record: &Record) -> Result<Found, Problem> {
    Ok(([(ETAG, etag(record.meta.revision))], Json(viewed(views::user(record))?)))
}
