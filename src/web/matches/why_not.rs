//! Why a lab is not among the first for a need.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, State};

use super::parts::Parts;
use super::side_by_side::{PointAnswer, side_by_side};
use crate::engine::{EngineError, Filters, MatchQuestion, WhyNotRequest};
use crate::http::{App, Params, Problem, views};
use crate::model::Kind;
use crate::web::page::{Page, page, page_of};
use crate::web::shell::{Frame, Shell};

#[derive(Template)]
#[template(path = "matches/why_not.html")]
struct WhyNotPage {
    frame: Frame,
    need: (String, String),
    asked: String,
    problem: Option<String>,
    told: Option<Told>,
}

struct Told {
    lab: (String, String),
    rank: Option<usize>,
    label: &'static str,
    band: &'static str,
    sentences: Vec<String>,
    points: Vec<PointAnswer>,
    parts: Parts,
    reference: Option<(String, String, f64)>,
}

/// The page, with the question or with its answer.
pub(in crate::web) async fn why_not(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Page {
    let params = Params::read(query.as_deref(), &["lab"])?;
    let lab = params.one("lab")?;
    let (engine, viewer) = (app.engine.clone(), shell.caller.viewer);
    let need = engine.find_record(viewer, Kind::Need, &name).await?;
    let mut told = WhyNotPage {
        frame: shell.frame,
        need: (need.meta.id.to_string(), need.body.title().to_owned()),
        asked: lab.clone().unwrap_or_default(),
        problem: None,
        told: None,
    };
    let Some(lab) = lab else { return page(&told) };
    let request = WhyNotRequest {
        question: MatchQuestion::Need(told.need.0.clone()),
        lab: lab.trim().to_owned(),
        points: None,
        rank: 1,
        filters: Filters::default(),
    };
    match app.gate.run(async move { engine.why_not(viewer, request).await }).await? {
        Ok(answer) => {
            let answer = views::why_not_answer(&answer);
            let reference = answer.reference.as_ref();
            told.told = Some(Told {
                lab: (answer.lab.lab.id.clone(), answer.lab.lab.name.clone()),
                rank: answer.lab.rank,
                label: answer.lab.label,
                band: answer.lab.band,
                sentences: answer.sentences.clone(),
                points: side_by_side(&answer.points, &answer.lab.cells),
                parts: Parts::of_covering(&answer.lab),
                reference: reference.map(|r| (r.lab.id.clone(), r.lab.name.clone(), r.score)),
            });
            page(&told)
        }
        Err(error @ (EngineError::NotFound { .. } | EngineError::Ambiguous { .. })) => {
            let problem = Problem::from(error);
            told.problem = Some(problem.view().detail);
            page_of(problem.code().status(), &told)
        }
        Err(error) => Err(error.into()),
    }
}
