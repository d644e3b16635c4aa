//! What a need's text comes to: its points, what it leaves open, the labs that answer it.
//!
//! The same beside the form while one writes, and on the page of a need that is kept.

use askama::Template;

use crate::engine::{CoverageRequest, EngineError, Filters, MatchQuestion, PointsRequest};
use crate::http::{App, Caller, Problem, views};
use crate::web::marked::{Piece, pieces};

/// How many looks marks have; further points begin anew.
pub const MARKS: usize = 8;
/// Most labs of a team that is proposed.
const TEAM_SIZE: usize = 3;

/// 辅助: points, questions and first matches of a text.
#[derive(Template, Default)]
#[template(path = "needs/assist.html")]
pub struct Assist {
    pub points: Vec<PointRow>,
    pub questions: Vec<views::Question>,
    pub labs: Vec<LabRow>,
    pub team: Option<TeamTold>,
    /// Why there is nothing to be shown, if there is not.
    pub notice: Option<String>,
    /// Title and text with their points marked.
    pub title: Vec<Piece>,
    pub body: Vec<Piece>,
}

/// A point with the number and look it has everywhere on the page.
pub struct PointRow {
    pub number: usize,
    pub mark: usize,
    pub name: String,
    pub label: &'static str,
    pub sure: bool,
    /// The number that is asked for.
    pub quantity: Option<String>,
}

/// A lab with how far it covers each point.
pub struct LabRow {
    pub rank: usize,
    pub id: String,
    pub name: String,
    pub institutions: String,
    pub band: &'static str,
    pub label: &'static str,
    pub score: f64,
    pub cells: Vec<CellTold>,
}

/// A cell as a sign and as a word.
pub struct CellTold {
    pub sign: &'static str,
    pub level: &'static str,
    pub word: &'static str,
    /// With what is said of the number that is asked for.
    pub label: String,
}

/// Who covers the need together.
pub struct TeamTold {
    pub members: Vec<(String, String, bool)>,
    pub covered: usize,
    pub points: usize,
}

impl PointRow {
    /// The points of an answer, numbered.
    pub fn all(points: &[views::Point]) -> Vec<Self> {
        let row = |(idx, point): (usize, &views::Point)| Self {
            number: idx + 1,
            mark: mark_of(idx),
            name: point.name.clone(),
            label: point.label,
            sure: point.sure,
            quantity: point.requirement.as_ref().map(|required| required.quantity.clone()),
        };
        points.iter().enumerate().map(row).collect()
    }
}

/// The look of the point in that place.
pub fn mark_of(idx: usize) -> usize {
    idx % MARKS + 1
}

/// A section of the need with its points marked.
pub fn marked(text: &str, section: &str, points: &[views::Point]) -> Vec<Piece> {
    let own = points.iter().enumerate().filter(|(_, point)| point.section == Some(section));
    let marks: Vec<_> = own.filter_map(|(idx, p)| Some((p.span?, mark_of(idx)))).collect();
    pieces(text, &marks)
}

impl CellTold {
    pub fn of(cell: &views::Cell) -> Self {
        let sign = match cell.level {
            "covered" => "●",
            "partly" => "◐",
            _ => "○",
        };
        let word = cell.label;
        let number = cell.comparison.as_ref().map(|c| format!("，指标{}", c.label));
        Self {
            sign,
            level: cell.level,
            word,
            label: format!("{}{}", cell.label, number.unwrap_or_default()),
        }
    }
}

impl Assist {
    /// That of a question. What cannot be asked yet, since too little has been written, is a
    /// notice and no problem.
    ///
    /// # Errors
    /// As [`crate::engine::Engine::coverage`].
    pub async fn of(
        app: &App,
        caller: Caller,
        question: MatchQuestion,
        labs: usize,
    ) -> Result<Self, Problem> {
        let (engine, viewer) = (app.engine.clone(), caller.viewer);
        let asked = question.clone();
        let told = app.gate.run(async move {
            let request = PointsRequest { question: asked.clone(), points: None };
            let points = engine.points(viewer, request).await?;
            let request = CoverageRequest {
                question: asked,
                points: None,
                limit: labs,
                team_size: TEAM_SIZE,
                filters: Filters::default(),
            };
            Ok::<_, EngineError>((points, engine.coverage(viewer, request).await?))
        });
        let (points, coverage) = match told.await? {
            Ok(told) => told,
            Err(EngineError::BadRequest { reason, .. }) => {
                return Ok(Self { notice: Some(reason), ..Self::default() });
            }
            Err(error) => return Err(error.into()),
        };
        app.metrics.match_served();
        let points = views::points_answer(&points);
        let coverage = views::coverage_answer(&coverage);
        let title = marked(&coverage.need.title, "title", &points.points);
        Ok(Self {
            points: PointRow::all(&coverage.points),
            questions: points.questions,
            labs: lab_rows(&coverage),
            team: team_told(&coverage),
            notice: None,
            title,
            body: Vec::new(),
        })
    }
}

fn lab_rows(coverage: &views::CoverageAnswer) -> Vec<LabRow> {
    let row = |(idx, found): (usize, &views::LabCoverage)| LabRow {
        rank: found.rank.unwrap_or(idx + 1),
        id: found.lab.id.clone(),
        name: found.lab.name.clone(),
        institutions: institutions(&found.lab),
        band: found.band,
        label: found.label,
        score: found.score,
        cells: found.cells.iter().map(CellTold::of).collect(),
    };
    coverage.labs.iter().enumerate().map(row).collect()
}

/// The names of a lab's institutions.
pub fn institutions(lab: &views::LabName) -> String {
    let names: Vec<_> = lab.institutions.iter().map(|known| known.name.as_str()).collect();
    names.join("、")
}

fn team_told(coverage: &views::CoverageAnswer) -> Option<TeamTold> {
    let team = &coverage.team;
    let member = |member: &views::Member| {
        let lab = &coverage.labs[member.lab].lab;
        (lab.id.clone(), lab.name.clone(), member.lead)
    };
    (!team.members.is_empty()).then(|| TeamTold {
        members: team.members.iter().map(member).collect(),
        covered: coverage.points.len() - team.open.len(),
        points: coverage.points.len(),
    })
}
