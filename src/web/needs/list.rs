//! The needs that somebody may see: a firm's own first.

use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};

use crate::http::{App, Params};
use crate::model::{Body, Kind, Role, Visibility};
use crate::web::page::{Page, page};
use crate::web::shell::{Frame, Shell};

/// Needs on one page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "needs/list.html")]
struct ListPage {
    frame: Frame,
    rows: Vec<Row>,
    next: Option<String>,
    /// These are the firm's own.
    own: bool,
    may_write: bool,
}

struct Row {
    id: String,
    title: String,
    industry: String,
    modes: String,
    budget: String,
    deadline: String,
    visibility: &'static str,
    is_draft: bool,
    updated: String,
}

/// The list.
pub(in crate::web) async fn list(
    State(app): State<Arc<App>>,
    shell: Shell,
    RawQuery(query): RawQuery,
) -> Page {
    let params = Params::read(query.as_deref(), &["after", "all"])?;
    let after = params.after()?;
    let firm = shell.caller.grant.and_then(|grant| grant.identity.enterprise);
    let firm = firm.filter(|_| params.all("all").next().is_none());
    let (engine, viewer) = (&app.engine, shell.caller.viewer);
    let (records, more) = match firm {
        Some(firm) => {
            engine.list_naming(viewer, Kind::Need, (Kind::Enterprise, firm), after, PAGE).await?
        }
        None => engine.list_records(viewer, Kind::Need, after, PAGE).await?,
    };
    let next = records.last().filter(|_| more).map(|record| record.meta.id.to_string());
    let rows = records.iter().filter_map(|record| {
        let Body::Need(need) = &record.body else { return None };
        let modes: Vec<_> = need.modes.iter().map(|mode| mode.label()).collect();
        Some(Row {
            id: record.meta.id.to_string(),
            title: need.title.clone(),
            industry: need.industry.as_ref().map(|i| i.name.clone()).unwrap_or_default(),
            modes: modes.join("、"),
            budget: need.budget.map(|amount| amount.to_string()).unwrap_or_default(),
            deadline: need.deadline.map(|date| date.to_string()).unwrap_or_default(),
            visibility: record.meta.visibility.label(),
            is_draft: record.meta.visibility == Visibility::Private,
            updated: record.meta.updated_at.day_in_china().to_string(),
        })
    });
    let may_write =
        matches!(shell.role(), Some(Role::Enterprise | Role::Office | Role::Commissioner));
    page(&ListPage {
        rows: rows.collect(),
        next,
        own: firm.is_some(),
        may_write,
        frame: shell.frame,
    })
}
