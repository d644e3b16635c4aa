//! The technical points of a need.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::{JsonText, Object};
use super::matching::question;
use super::views;
use crate::engine::PointsRequest;
use crate::matching::{GivenPoint, PointKind};

/// The keys of a body and of a point in it.
const KEYS: [&str; 3] = ["text", "need", "points"];
const POINT_KEYS: [&str; 3] = ["kind", "name", "weight"];

/// Breaks a need into technical points and asks for what is missing.
#[utoipa::path(
    post,
    path = "/api/v1/points",
    tag = "matching",
    request_body = views::PointsBody,
    responses((status = 200, description = "Points by their places, and questions", body = views::PointsAnswer))
)]
pub(super) async fn points_of_need(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonText(text): JsonText,
) -> Result<Json<views::PointsAnswer>, Problem> {
    let request = request(&text)?;
    let (engine, viewer) = (app.engine.clone(), caller.viewer);
    let answer = app.gate.run(async move { engine.points(viewer, request).await }).await??;
    Ok(Json(views::points_answer(&answer)))
}

fn request(text: &str) -> Result<PointsRequest, Problem> {
    let mut body = Object::parse(text, &KEYS)?;
    let question = question(&mut body)?;
    Ok(PointsRequest { question, points: given_points(&mut body)? })
}

/// The user's own points, if a request has any.
pub(super) fn given_points(body: &mut Object) -> Result<Option<Vec<GivenPoint>>, Problem> {
    let given = body.objects("points", "points.", &POINT_KEYS)?;
    given.map(|given| given.into_iter().map(point).collect()).transpose()
}

fn point(mut given: Object) -> Result<GivenPoint, Problem> {
    let kind = given.text("kind")?.unwrap_or_default();
    let kind = PointKind::from_name(&kind).ok_or_else(|| {
        let known = PointKind::ALL.map(PointKind::as_str).join("、");
        let found =
            if kind.is_empty() { "没有给出".to_owned() } else { format!("“{kind}”") };
        Problem::invalid("points.kind", &found, &known)
    })?;
    let name = given.text("name")?.unwrap_or_default();
    Ok(GivenPoint { kind, name, weight: given.decimal("weight")? })
}
