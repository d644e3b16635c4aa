//! The desk of the commissioner who asks.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::Params;
use super::views;

/// My university, my park, my postings, the newest needs of my park with labs of my university, my
/// leads by state, what is new, and what I did in which role this year.
#[utoipa::path(
    get, path = "/api/v1/desk", tag = "plans", summary = "A commissioner's desk",
    responses((status = 200, description = "The desk", body = views::Desk))
)]
pub(super) async fn read_desk(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<views::Desk>, Problem> {
    Params::read(query.as_deref(), &[])?;
    let (engine, viewer) = (app.engine.clone(), caller.viewer);
    let desk = app.gate.run(async move { engine.desk(viewer).await }).await??;
    Ok(Json(views::desk(&desk)))
}
