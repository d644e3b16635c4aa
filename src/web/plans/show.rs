//! A plan: how good it is, what it covers and what not, who goes where.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;

use super::coverage::Coverage;
use super::map::Map;
use super::matrix::Matrix;
use super::postings::{BatchRows, Filter, address_of, by_batch};
use super::words::difference;
use crate::engine::PlanDocument;
use crate::http::{App, Params, views};
use crate::model::PlanState;
use crate::programmes::hundred::{Class, Level, Sent};
use crate::web::page::{Page, page};
use crate::web::shell::{Frame, Shell};

#[derive(Template)]
#[template(path = "plans/show.html")]
struct PlanPage {
    frame: Frame,
    plan: views::Plan,
    made: String,
    is_draft: bool,
    may_plan: bool,
    summary: Summary,
    levels: Vec<views::PlanLevel>,
    /// With a plan that is not known to be the best: how much better another could be.
    gap: Option<String>,
    coverage: Coverage,
    map: Map,
    matrix: Matrix,
    batches: Vec<BatchRows>,
    batch_names: Vec<(String, String)>,
    filter: Filter,
    classes: [Class; 3],
}

/// 结论: what a plan comes to, and what is still to be done about it.
struct Summary {
    /// Institutions with a posting.
    institutions: usize,
    /// Those who stay: name and where it is said why.
    idle: Vec<(String, String)>,
    /// Institutions of which it is not known whether they had sent members.
    unknown: Vec<String>,
    /// Those of them that are in the first batch.
    early: Vec<String>,
}

impl PlanPage {
    /// Listed postings.
    fn listed(&self) -> usize {
        self.batches.iter().map(|batch| batch.rows.len()).sum()
    }
}

/// The page.
pub(in crate::web) async fn show(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Page {
    let params = Params::read(query.as_deref(), &["batch", "class"])?;
    let filter = Filter::read(&params)?;
    let viewer = shell.caller.viewer;
    let (plan, coverage) = app.engine.plan_coverage(viewer, &name).await?;
    let (basis, made) = (&plan.document.basis, &plan.document.plan);
    let told = views::plan(&plan, &coverage, app.engine.rules());
    let id = told.plan.id.clone();
    let is_first = basis.case.published.is_empty();
    let levels = told.result.objective.iter();
    let levels = levels.filter(|own| !is_first || own.level != Level::Change.as_str());
    let batches = basis.case.batches.iter();
    page(&PlanPage {
        made: plan.head.created_at.in_china(),
        is_draft: plan.head.state == PlanState::Draft,
        may_plan: viewer.may_plan(),
        summary: summary(&plan),
        levels: levels.cloned().collect(),
        gap: told.result.gap.as_deref().map(difference),
        coverage: Coverage::of(basis, &coverage)?,
        map: Map::of(basis, &made.postings),
        matrix: Matrix::of(&id, basis, &made.postings),
        batches: by_batch(&id, basis, &made.postings, &filter),
        batch_names: batches.map(|own| (own.id.clone(), own.name.clone())).collect(),
        filter,
        classes: Class::ALL,
        plan: told,
        frame: shell.frame,
    })
}

fn summary(plan: &PlanDocument) -> Summary {
    let (basis, postings) = (&plan.document.basis, &plan.document.plan.postings);
    let id = plan.head.id.to_string();
    let hosts: BTreeSet<&str> = postings.iter().map(|own| own.institution.as_str()).collect();
    let posted: BTreeSet<&str> = postings.iter().map(|own| own.commissioner.as_str()).collect();
    let idle = basis.case.commissioners.iter().filter(|own| !posted.contains(own.id.as_str()));
    let unknown = basis.case.institutions.iter().filter(|own| own.sent == Sent::Unknown);
    let unknown: Vec<String> = unknown.map(|own| own.id.clone()).collect();
    let first = basis.case.batches.first().map_or("", |batch| batch.id.as_str());
    let early = postings.iter().filter(|own| own.batch == first);
    let early = early.filter(|own| unknown.contains(&own.institution));
    Summary {
        institutions: hosts.len(),
        idle: idle.map(|own| (own.id.clone(), address_of(&id, &own.id))).collect(),
        early: early.map(|own| own.institution.clone()).collect(),
        unknown,
    }
}

/// The postings for a spreadsheet.
pub(in crate::web) async fn export(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(name): Path<String>,
) -> Page {
    let plan = app.engine.plan(shell.caller.viewer, &name).await?;
    let file = format!("attachment; filename=\"plan-{}.csv\"", plan.head.id);
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, &file)];
    Ok((headers, views::plan_csv(&plan)).into_response())
}
