//! Two labs for one need, beside each other.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, State};

use super::side_by_side::{PointAnswer, side_by_side};
use crate::engine::{CompareRequest, Filters, MatchQuestion};
use crate::http::{App, Params, Problem, views};
use crate::web::needs::institutions;
use crate::web::page::{Page, page};
use crate::web::shell::{Frame, Shell};

/// Differences that are shown.
const DIFFERENCES_MAX: usize = 15;

#[derive(Template)]
#[template(path = "matches/compare.html")]
struct ComparePage {
    frame: Frame,
    need: (String, String),
    labs: Vec<Side>,
    /// By point: its name and what each lab has.
    rows: Vec<(usize, String, Vec<PointAnswer>)>,
    differences: Vec<Difference>,
}

struct Side {
    id: String,
    name: String,
    institutions: String,
    band: &'static str,
    label: &'static str,
    score: f64,
    rank: Option<usize>,
}

struct Difference {
    name: String,
    values: [f64; 2],
    /// Of the longest bar, in percent.
    widths: [f64; 2],
}

/// The page.
pub(in crate::web) async fn compare(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(need): Path<String>,
    RawQuery(query): RawQuery,
) -> Page {
    let params = Params::read(query.as_deref(), &["lab", "with"])?;
    let (Some(lab), Some(other)) = (params.one("lab")?, params.one("with")?) else {
        return Err(Problem::invalid("with", "不足两个实验室", "在匹配页选择要对比的另一个实验室"));
    };
    let (engine, viewer) = (app.engine.clone(), shell.caller.viewer);
    let request = CompareRequest {
        question: MatchQuestion::Need(need.clone()),
        labs: [lab, other],
        points: None,
        filters: Filters::default(),
    };
    let answer = app.gate.run(async move { engine.compare(viewer, request).await }).await??;
    let answer = views::compare_answer(&answer);
    let sides = answer.labs.iter().map(|lab| Side {
        id: lab.lab.id.clone(),
        name: lab.lab.name.clone(),
        institutions: institutions(&lab.lab),
        band: lab.band,
        label: lab.label,
        score: lab.score,
        rank: lab.rank,
    });
    let mut columns: Vec<_> = answer
        .labs
        .iter()
        .map(|lab| side_by_side(&answer.points, &lab.cells).into_iter())
        .collect();
    let rows = answer.points.iter().enumerate().map(|(idx, point)| {
        let cells = columns.iter_mut().filter_map(Iterator::next).collect();
        (idx + 1, point.name.clone(), cells)
    });
    let rows = rows.collect();
    let shown = answer.differences.iter().take(DIFFERENCES_MAX);
    let longest = shown.clone().flat_map(|d| d.values).fold(0.0, f64::max);
    let width = |value: f64| if longest > 0.0 { 100.0 * value / longest } else { 0.0 };
    let differences = shown.map(|d| Difference {
        name: d.name.clone(),
        values: d.values,
        widths: d.values.map(width),
    });
    page(&ComparePage {
        frame: shell.frame,
        need: (need, answer.need.title.clone()),
        labs: sides.collect(),
        rows,
        differences: differences.collect(),
    })
}
