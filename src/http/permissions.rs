//! Who may see and change what: told to everybody.

use axum::Json;

use super::caller::Caller;
use super::views;

/// The matrix of roles and kinds of record that every answer keeps to.
#[utoipa::path(
    get, path = "/api/v1/permissions", tag = "accounts",
    responses((status = 200, description = "The matrix", body = views::Permissions))
)]
pub(super) async fn list_permissions(_: Caller) -> Json<views::Permissions> {
    Json(views::permissions())
}
