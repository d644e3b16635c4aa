//! Which lab covers which point of a need, and which few labs cover it together.

use std::sync::Arc;

use rayon::prelude::*;

use super::directory::{InstitutionEntry, LabEntry};
use super::evidence::text_of;
use super::extras::Extra;
use super::freshness::{Judged, Texts};
use super::matching::{MatchEvidence, MatchQuestion, NeedName};
use super::points::points_of;
use super::ranking::{Found, Ranking};
use super::records::check_limit;
use super::{Engine, EngineError, Filters, Preferences, Viewer, blocking};
use crate::index::Snapshot;
use crate::matching::{
    Band, Cell, CellEvidence, CellLevel, Comparison, GivenPoint, LabText, Point, PointWords,
    Probes, Reason, TEAM_MAX, Team, team,
};
use crate::store::Stored;
use crate::text::Analyzer;

/// Most labs in a table.
pub const LABS_MAX: usize = 20;

/// A question for a table of points and labs.
#[derive(Debug, Clone, PartialEq)]
pub struct CoverageRequest {
    /// The need.
    pub question: MatchQuestion,
    /// The user's own points; `None` to have them found.
    pub points: Option<Vec<GivenPoint>>,
    /// Labs wanted, the best of the match, 1 to [`LABS_MAX`].
    pub limit: usize,
    /// Largest team, 1 to [`TEAM_MAX`].
    pub team_size: usize,
    /// Which labs.
    pub filters: Filters,
}

/// How far a lab covers a point.
#[derive(Debug, Clone, PartialEq)]
pub struct LabCell {
    /// From 0 to 1.
    pub strength: f64,
    /// The same in one word.
    pub level: CellLevel,
    /// Of a number that is asked for, how the lab's numbers stand to it.
    pub comparison: Option<Comparison>,
    /// The sentence that earns it.
    pub evidence: Option<MatchEvidence>,
}

/// A lab with its place and a cell for each point.
#[derive(Debug, Clone, PartialEq)]
pub struct LabCoverage {
    /// Its place in the match, from 1; `None` if it is not among the candidates.
    pub rank: Option<usize>,
    /// The lab.
    pub lab: LabEntry,
    /// Its institutions.
    pub institutions: Vec<InstitutionEntry>,
    /// Sum of the reasons' values.
    pub score: f64,
    /// How sure.
    pub band: Band,
    /// What the score is made of, largest first.
    pub reasons: Vec<Reason>,
    /// By point.
    pub cells: Vec<LabCell>,
}

/// Points × labs, and the team.
#[derive(Debug, Clone, PartialEq)]
pub struct CoverageAnswer {
    /// The need.
    pub need: NeedName,
    /// Statistics snapshot that the scores come from.
    pub statistics: String,
    /// Feed position of the index.
    pub position: i64,
    /// By section and span; a user's in the user's order.
    pub points: Vec<Point>,
    /// Best first.
    pub labs: Vec<LabCoverage>,
    /// Who covers the need together; its labs are places in `labs`, its points in `points`.
    pub team: Team,
}

impl Engine {
    /// Ranks the labs for a need, holds the best against its points, and finds the team.
    ///
    /// # Errors
    /// As [`Engine::match_labs`] and [`Engine::points`].
    pub async fn coverage(
        &self,
        viewer: Viewer,
        request: CoverageRequest,
    ) -> Result<CoverageAnswer, EngineError> {
        check_limit(request.limit, LABS_MAX)?;
        check_team(request.team_size)?;
        let (name, need, wish) = self.asked_openly(viewer, &request.question).await?;
        let extras = self.extras(wish, &Preferences::default());
        let labs = self.labs_that_pass(viewer, &request.filters).await?;
        let (labs, _) = self.without_dismissed(viewer, &name, &need, labs).await?;
        let snapshot = self.snapshot()?;
        let judged = self.judged(viewer, &snapshot, &need, labs, extras, request.limit).await?;
        let holder = self.holder(snapshot.clone());
        let (points, labs, team) = blocking(move || {
            let points = holder.points(&need, request.points.as_deref())?;
            let Judged { ranking, found, texts, .. } = judged;
            let labs = holder.hold(&ranking, (1..).zip(found).collect(), &texts, &points);
            let weights: Vec<f64> = points.iter().map(|point| point.weight).collect();
            let strengths: Vec<Vec<f64>> = labs.iter().map(LabCoverage::strengths).collect();
            let team = team(&weights, &strengths, request.team_size);
            Ok::<_, EngineError>((points, labs, team))
        })
        .await?;
        Ok(CoverageAnswer {
            need: name,
            statistics: snapshot.statistics().id().to_owned(),
            position: snapshot.cursor().map_or(0, |cursor| cursor.seq),
            points,
            labs,
            team,
        })
    }

    /// What holds labs against points, in one snapshot.
    pub(super) fn holder(&self, snapshot: Arc<Snapshot>) -> Holder {
        Holder { analyzer: self.analyzer.clone(), words: self.point_words.clone(), snapshot }
    }
}

/// A team has at least one lab and not more than people can lead.
fn check_team(size: usize) -> Result<(), EngineError> {
    match size {
        0 => Err(EngineError::BadRequest {
            field: "team_size",
            reason: format!("至少为 1，至多 {TEAM_MAX}"),
        }),
        1..=TEAM_MAX => Ok(()),
        found => Err(EngineError::TooLarge { field: "team_size", found, limit: TEAM_MAX }),
    }
}

/// Holds labs against points.
pub(super) struct Holder {
    analyzer: Arc<Analyzer>,
    words: Arc<PointWords>,
    snapshot: Arc<Snapshot>,
}

impl Holder {
    /// The points of a need, the user's own if there are any.
    pub fn points(
        &self,
        need: &super::matching::NeedText,
        given: Option<&[GivenPoint]>,
    ) -> Result<Vec<Point>, EngineError> {
        points_of(&self.analyzer, &self.words, need, given)
    }

    /// Labs of a ranking, each with its place, and with a cell for each point.
    pub fn hold(
        &self,
        ranking: &Ranking,
        found: Vec<(usize, Found)>,
        texts: &Texts,
        points: &[Point],
    ) -> Vec<LabCoverage> {
        let probes = self.probes(points);
        let held = found.into_par_iter();
        held.map(|(rank, found)| of_lab(found, rank, ranking, texts, &probes)).collect()
    }

    /// A lab that shares no word with the need, by its own record alone.
    pub fn hold_apart(&self, lab: LabEntry, stored: &Stored, points: &[Point]) -> LabCoverage {
        let cells = cells(&self.probes(points), [stored].into_iter());
        let (institutions, reasons) = (Vec::new(), Vec::new());
        LabCoverage { rank: None, lab, institutions, score: 0.0, band: Band::None, reasons, cells }
    }

    fn probes<'p>(&'p self, points: &'p [Point]) -> Probes<'p> {
        Probes::new(&self.analyzer, self.snapshot.statistics(), points)
    }
}

impl LabCoverage {
    /// The strengths of its cells.
    pub(super) fn strengths(&self) -> Vec<f64> {
        self.cells.iter().map(|cell| cell.strength).collect()
    }
}

fn of_lab(
    found: Found,
    rank: usize,
    ranking: &Ranking,
    texts: &Texts,
    probes: &Probes<'_>,
) -> LabCoverage {
    let documents = found.ranked.documents.iter().map(|idx| &ranking.documents[*idx]);
    let cells = cells(probes, documents.filter_map(|document| texts.get(document.row)));
    let mut reasons = found.reasons;
    reasons.extend(found.extras.iter().filter(|extra| extra.value > 0.0).map(Extra::reason));
    reasons.sort_by(|a, b| b.value.total_cmp(&a.value).then_with(|| a.name.cmp(&b.name)));
    LabCoverage {
        rank: Some(rank),
        score: reasons.iter().map(|reason| reason.value).sum(),
        band: found.band,
        lab: found.lab,
        institutions: found.institutions,
        reasons,
        cells,
    }
}

/// What records of one lab cover.
fn cells<'t>(probes: &Probes<'_>, records: impl Iterator<Item = &'t Stored>) -> Vec<LabCell> {
    let held: Vec<(&Stored, LabText<'_>)> =
        records.filter_map(|stored| Some((stored, text_of(stored)?))).collect();
    let texts: Vec<LabText<'_>> = held.iter().map(|(_, text)| text.clone()).collect();
    let cells = probes.cells(&texts).into_iter();
    cells.map(|cell| lab_cell(cell, |document| held[document].0)).collect()
}

fn lab_cell<'t>(cell: Cell, record: impl Fn(usize) -> &'t Stored) -> LabCell {
    let level = cell.level();
    let told = |found: CellEvidence| MatchEvidence::of(record(found.document), found.sentence);
    let (strength, comparison) = (cell.strength, cell.comparison);
    LabCell { strength, level, comparison, evidence: cell.evidence.map(told) }
}
