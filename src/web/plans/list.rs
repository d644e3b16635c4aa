//! The plans that somebody may see, and the order for the one of the built-in case.

use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect};
use sha2::{Digest, Sha256};

use crate::data::Data;
use crate::engine::{LIST_LIMIT_MAX, Once, PlanOrder, PlanSource};
use crate::http::{App, Params, Problem};
use crate::model::RecordId;
use crate::programmes::hundred::sample_case;
use crate::web::form::Form;
use crate::web::page::{Page, page};
use crate::web::shell::{Frame, Shell};

#[derive(Template)]
#[template(path = "plans/list.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Row>,
    next: Option<String>,
    may_plan: bool,
    /// A number of this form's own, so that sending it twice makes one plan.
    once: String,
}

struct Row {
    id: String,
    name: String,
    state: &'static str,
    label: &'static str,
    made: String,
    digest: String,
}

/// The list, the newest of a page first.
pub(in crate::web) async fn list(
    State(app): State<Arc<App>>,
    shell: Shell,
    RawQuery(query): RawQuery,
) -> Page {
    let after = Params::read(query.as_deref(), &["after"])?.after()?;
    let viewer = shell.caller.viewer;
    let (heads, more) = app.engine.list_plans(viewer, None, after, LIST_LIMIT_MAX)?;
    let next = heads.last().filter(|_| more).map(|head| head.id.to_string());
    let rows = heads.iter().rev().map(|head| Row {
        id: head.id.to_string(),
        name: head.name.clone(),
        state: head.state.as_str(),
        label: head.state.label(),
        made: head.created_at.in_china(),
        digest: head.digest.chars().take(12).collect(),
    });
    page(&ListPage {
        frame: shell.frame,
        rows: rows.collect(),
        next,
        may_plan: viewer.may_plan(),
        once: RecordId::generate().to_string(),
    })
}

/// Has the plan of the built-in case made.
pub(in crate::web) async fn order(State(app): State<Arc<App>>, shell: Shell, form: Form) -> Page {
    let fields = form.read(&["name", "once"])?;
    let name = fields.one("name")?;
    let once = once(&fields, name.as_deref().unwrap_or_default())?;
    let case = sample_case(&Data::embedded()).map_err(|error| Problem::internal(&error))?;
    let order = PlanOrder { name, source: PlanSource::Case(Box::new(case)) };
    let job = app.engine.begin_plan(shell.caller.viewer, order, once).await?;
    Ok(Redirect::to(&format!("/plans/jobs/{}", job.id)).into_response())
}

/// The number of a form, so that what it asks for is done once, however often it is sent.
pub fn once(fields: &Params, asked: &str) -> Result<Option<Once>, Problem> {
    let id = fields.one("once")?.and_then(|text| text.parse::<RecordId>().ok());
    let digest = format!("{:x}", Sha256::digest(asked));
    Ok(id.map(|id| Once { key: format!("page {id}"), digest }))
}
