//! Matches that somebody does not want to see again, and how to have them back.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect};

use super::making::{given, to};
use crate::engine::{DismissedMatch, EngineError, NewDismissal, Viewer};
use crate::http::{App, Params, Problem, ProblemCode};
use crate::model::Body;
use crate::web::form::Form;
use crate::web::page::{Page, page};
use crate::web::shell::{Frame, Shell};

/// Dismissals on a page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "leads/dismissals.html")]
struct DismissalsPage {
    frame: Frame,
    dismissed: Vec<DismissedMatch>,
    next: Option<String>,
}

/// The list of one's own.
pub(in crate::web) async fn dismissals(
    State(app): State<Arc<App>>,
    shell: Shell,
    RawQuery(query): RawQuery,
) -> Page {
    let viewer = shell.caller.viewer;
    if viewer == Viewer::Anonymous {
        return Err(EngineError::NotSignedIn.into());
    }
    let after = Params::read(query.as_deref(), &["after"])?.after()?;
    let (dismissed, more) = app.engine.dismissed_matches(viewer, after, PAGE).await?;
    let next = dismissed.last().filter(|_| more).map(|own| own.id.to_string());
    page(&DismissalsPage { frame: shell.frame, dismissed, next })
}

/// Has a match come up again.
pub(in crate::web) async fn undo(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(name): Path<String>,
) -> Page {
    app.engine.undo_dismissal(shell.caller.viewer, &name).await?;
    Ok(Redirect::to("/dismissals").into_response())
}

/// Leaves a match out of what one is shown.
pub(in crate::web) async fn dismiss(State(app): State<Arc<App>>, shell: Shell, form: Form) -> Page {
    let form = form.read(&["need", "lab", "reason"])?;
    if shell.role().is_none() {
        return Err(EngineError::NotSignedIn.into());
    }
    let reason = form.one("reason")?.unwrap_or_default();
    if reason.trim().is_empty() {
        let detail = "没有写原因：请返回上一页，写明为什么不再推荐这个实验室";
        return Err(Problem::new(ProblemCode::InvalidValue, detail));
    }
    let new = NewDismissal { need: given(&form, "need")?, lab: given(&form, "lab")?, reason };
    let record = app.engine.dismiss(shell.caller.viewer, new, None).await?;
    match record.body {
        Body::Dismissal(body) => Ok(to(&format!("/needs/{}", body.need_id))),
        _ => Ok(to("/needs")),
    }
}
