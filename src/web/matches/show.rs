//! The page of a match, and the brief for a meeting.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};

use super::parts::Parts;
use super::side_by_side::{PointAnswer, Sentence, side_by_side};
use crate::engine::{
    CoverageRequest, EngineError, Filters, MatchQuestion, MatchRequest, PointsRequest, Preferences,
};
use crate::http::{App, Caller, Problem, ProblemCode, views};
use crate::model::{Kind, Role};
use crate::web::marked::Piece;
use crate::web::needs::{institutions, marked};
use crate::web::page::{Page, page};
use crate::web::shell::{Frame, Shell};

/// How far down a match has a page; who stands lower is asked about by why-not.
const LABS: usize = 20;

#[derive(Template)]
#[template(path = "matches/show.html")]
struct MatchPage {
    frame: Frame,
    pair: Pair,
    may_lead: bool,
    may_dismiss: bool,
}

#[derive(Template)]
#[template(path = "matches/brief.html")]
struct BriefPage {
    frame: Frame,
    pair: Pair,
    today: String,
}

/// 匹配: a need and a lab with all that is known of their match.
struct Pair {
    need: views::Need,
    title: Vec<Piece>,
    body: Vec<Piece>,
    questions: Vec<views::Question>,
    lab: views::Lab,
    institutions: String,
    rank: usize,
    band: &'static str,
    label: &'static str,
    /// In percent of what the need could score.
    share: f64,
    parts: Parts,
    points: Vec<PointAnswer>,
    /// Sentences that earned the score.
    evidence: Vec<Sentence>,
    /// Other labs of the match, to compare with.
    others: Vec<(usize, String, String)>,
}

impl Pair {
    fn covered(&self) -> usize {
        self.points.iter().filter(|point| point.cell.level == "covered").count()
    }
}

/// The page of a match. Whoever is not among the first is led to the question why.
pub(in crate::web) async fn show(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path((need, lab)): Path<(String, String)>,
) -> Page {
    let Some(pair) = pair(&app, shell.caller, &need, &lab).await? else {
        let address = format!("/needs/{need}/why-not?lab={lab}");
        return Ok(Redirect::to(&address).into_response());
    };
    let role = shell.role();
    let may_lead = matches!(
        role,
        Some(Role::Office | Role::Commissioner | Role::Enterprise | Role::Institution)
    );
    page(&MatchPage { frame: shell.frame, pair, may_lead, may_dismiss: role.is_some() })
}

/// The same for a meeting, on paper.
pub(in crate::web) async fn brief(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path((need, lab)): Path<(String, String)>,
) -> Page {
    let pair = pair(&app, shell.caller, &need, &lab).await?.ok_or_else(|| {
        let detail =
            format!("该实验室不在前 {LABS} 名，没有对接简报；可在需求页查看“为什么没有它”");
        Problem::new(ProblemCode::NotFound, detail)
    })?;
    let today = crate::model::Timestamp::now().day_in_china().to_string();
    page(&BriefPage { frame: shell.frame, pair, today })
}

/// All that is known of a match; `None` if the lab is not among the first.
async fn pair(app: &App, caller: Caller, need: &str, lab: &str) -> Result<Option<Pair>, Problem> {
    let viewer = caller.viewer;
    let need = app.engine.find_record(viewer, Kind::Need, need).await?;
    let lab = app.engine.find_record(viewer, Kind::Lab, lab).await?;
    let (Some(views::Record::Need(need)), Some(views::Record::Lab(lab))) =
        (views::record(&need), views::record(&lab))
    else {
        return Err(Problem::new(ProblemCode::NotFound, "没有这条需求或这个实验室，请核对编号"));
    };
    let (engine, question) = (app.engine.clone(), MatchQuestion::Need(need.common.id.clone()));
    let told = app.gate.run(async move {
        let request = MatchRequest {
            question: question.clone(),
            limit: LABS,
            filters: Filters::default(),
            preferences: Preferences::default(),
        };
        let answer = engine.match_labs(viewer, request).await?;
        let request = CoverageRequest {
            question: question.clone(),
            points: None,
            limit: LABS,
            team_size: 1,
            filters: Filters::default(),
        };
        let coverage = engine.coverage(viewer, request).await?;
        let points = engine.points(viewer, PointsRequest { question, points: None }).await?;
        Ok::<_, EngineError>((answer, coverage, points))
    });
    let (answer, coverage, points) = told.await??;
    app.metrics.match_served();
    let answer = views::match_answer(&answer);
    let coverage = views::coverage_answer(&coverage);
    let points = views::points_answer(&points);
    let found = answer.matches.iter().find(|found| found.lab.id == lab.common.id);
    let covering = coverage.labs.iter().find(|found| found.lab.id == lab.common.id);
    let (Some(found), Some(covering)) = (found, covering) else { return Ok(None) };
    let others = answer.matches.iter().filter(|other| other.lab.id != lab.common.id);
    Ok(Some(Pair {
        title: marked(&need.title, "title", &points.points),
        body: marked(&need.body, "body", &points.points),
        questions: points.questions,
        institutions: institutions(&found.lab),
        rank: found.rank,
        band: found.band,
        label: found.label,
        share: 100.0 * found.share,
        parts: Parts::of(found),
        points: side_by_side(&coverage.points, &covering.cells),
        evidence: found.evidence.iter().map(|sentence| Sentence::of(sentence, 0)).collect(),
        others: others.map(|o| (o.rank, o.lab.id.clone(), o.lab.name.clone())).collect(),
        need,
        lab,
    }))
}
