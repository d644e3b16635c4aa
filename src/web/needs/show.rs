//! One need: what it says, what it comes to, who answers it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};

use super::assist::{Assist, marked};
use crate::engine::{MatchQuestion, PointsRequest};
use crate::http::{App, Problem, ProblemCode, views};
use crate::model::{Kind, Role};
use crate::web::page::{Page, page};
use crate::web::shell::{Frame, Shell};

/// Labs that are shown.
const LABS: usize = 10;

#[derive(Template)]
#[template(path = "needs/show.html")]
struct NeedPage {
    frame: Frame,
    need: views::Need,
    /// The firm, if one may know it.
    firm: Option<(String, String)>,
    is_draft: bool,
    may_change: bool,
    assist: Assist,
}

/// The page.
pub(in crate::web) async fn show(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(name): Path<String>,
) -> Page {
    let viewer = shell.caller.viewer;
    let record = app.engine.find_record(viewer, Kind::Need, &name).await?;
    let Some(views::Record::Need(need)) = views::record(&record) else {
        return Err(Problem::new(ProblemCode::NotFound, "没有这条需求，请核对编号"));
    };
    let firm = match &need.enterprise_id {
        None => None,
        Some(id) => {
            let firm = app.engine.find_record(viewer, Kind::Enterprise, id).await;
            firm.ok().map(|firm| (format!("/enterprises/{id}"), firm.body.title().to_owned()))
        }
    };
    let question = MatchQuestion::Need(record.meta.id.to_string());
    let mut assist = Assist::of(&app, shell.caller, question.clone(), LABS).await?;
    let request = PointsRequest { question, points: None };
    let points = views::points_answer(&app.engine.points(viewer, request).await?);
    assist.title = marked(&need.title, "title", &points.points);
    assist.body = marked(&need.body, "body", &points.points);
    let may_change = match shell.role() {
        Some(Role::Enterprise) => {
            let own = shell.caller.grant.and_then(|grant| grant.identity.enterprise);
            own.is_some_and(|own| need.enterprise_id == Some(own.to_string()))
        }
        Some(Role::Office | Role::Commissioner) => !need.common.owner.is_empty() || firm.is_some(),
        _ => false,
    };
    page(&NeedPage {
        frame: shell.frame,
        is_draft: need.common.visibility == "private",
        need,
        firm,
        may_change,
        assist,
    })
}
