//! Points × labs, the team, and labs side by side.

use serde::Serialize;
use utoipa::ToSchema;

use super::matching::{evidence, lab_name, need_name};
use super::points::{pair, point};
use super::{Evidence, LabName, NeedName, Point};
use crate::engine;
use crate::matching;
use crate::text::Verdict;

/// 覆盖表: which lab covers which point, and the team that covers most.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CoverageAnswer {
    /// The need.
    pub need: NeedName,
    /// Statistics snapshot that the scores come from.
    pub statistics: String,
    /// Feed position of the index.
    pub position: i64,
    /// By section and span; a user's own in the user's order.
    pub points: Vec<Point>,
    /// Best first.
    pub labs: Vec<LabCoverage>,
    /// Who covers the need together.
    pub team: Team,
}

/// 覆盖: a lab with its place and a cell for each point.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LabCoverage {
    /// Its place in the match, from 1; null if it is not among the candidates.
    pub rank: Option<usize>,
    /// Sum of the contributions' values.
    pub score: f64,
    /// `strong`, `fair`, `weak` or `none`.
    pub band: &'static str,
    /// The band in Chinese.
    pub label: &'static str,
    /// The lab.
    pub lab: LabName,
    /// What the score is the sum of, largest first.
    pub contributions: Vec<ScorePart>,
    /// One for each point, in their order.
    pub cells: Vec<Cell>,
}

/// 得分项: a named part of a score.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ScorePart {
    /// As in a match.
    pub kind: &'static str,
    /// The need's word, or what else it is called.
    pub name: String,
    /// `title` or `text`; absent where that means nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
    /// What it adds to the score.
    pub value: f64,
}

/// 覆盖格: how far a lab covers a point.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Cell {
    /// From 0 to 1.
    pub strength: f64,
    /// `covered`, `partly` or `open`.
    pub level: &'static str,
    /// The level in Chinese.
    pub label: &'static str,
    /// Of a number that is asked for; null if the lab says nothing about what is measured.
    pub comparison: Option<Comparison>,
    /// The sentence that earns it, or that a number is violated by.
    pub evidence: Option<Evidence>,
}

/// 指标对照: a number that is asked for beside one that is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Comparison {
    /// `satisfied`, `violated` or `unknown`.
    pub verdict: &'static str,
    /// The verdict in Chinese.
    pub label: &'static str,
    /// Where the point's name asks for it: `[start, end)` in Unicode scalar values.
    pub required: [u32; 2],
    /// Where the sentence of the evidence says it; null if there is no number to compare.
    pub found: Option<[u32; 2]>,
}

/// 团队: labs that cover the need together.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Team {
    /// The one who leads first, then by what they add.
    pub members: Vec<Member>,
    /// The share of the need that they cover together, by the points' weights.
    pub value: f64,
    /// Whether no other team of that size covers more; else the value is at least 1 − 1/e (0.63)
    /// of the best.
    pub exact: bool,
    /// Places of the points that nobody of them covers, from 0.
    pub open: Vec<usize>,
}

/// 团队成员: what a lab does in a team.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Member {
    /// Its place in `labs`, from 0.
    pub lab: usize,
    /// Whether it leads.
    pub lead: bool,
    /// The share of the need that it covers alone.
    pub own: f64,
    /// What it adds to those before it.
    pub adds: f64,
    /// Places of the points that it covers best of all members, from 0.
    pub points: Vec<usize>,
}

/// 差距说明: a lab against the one in a certain place.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct WhyNotAnswer {
    /// The need.
    pub need: NeedName,
    /// Statistics snapshot that the scores come from.
    pub statistics: String,
    /// Feed position of the index.
    pub position: i64,
    /// By section and span; a user's own in the user's order.
    pub points: Vec<Point>,
    /// The lab.
    pub lab: LabCoverage,
    /// Whether the lab passes the filters.
    pub passes_filters: bool,
    /// The lab in the place asked for, or the last one; null if there is none.
    pub reference: Option<LabCoverage>,
    /// What both scores are made of, largest difference first; the lab's value, then the
    /// reference's.
    pub differences: Vec<Difference>,
    /// Places of the points that the lab lacks beside the reference, most missed first.
    pub lacks: Vec<usize>,
    /// The same in Chinese sentences.
    pub sentences: Vec<String>,
}

/// 对比结果: two labs side by side.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CompareAnswer {
    /// The need.
    pub need: NeedName,
    /// Statistics snapshot that the scores come from.
    pub statistics: String,
    /// Feed position of the index.
    pub position: i64,
    /// By section and span; a user's own in the user's order.
    pub points: Vec<Point>,
    /// In the order asked.
    pub labs: Vec<LabCoverage>,
    /// What both scores are made of, largest difference first.
    pub differences: Vec<Difference>,
}

/// 得分差: what a word adds to the score of each of two labs.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Difference {
    /// The need's word, or what else it is called.
    pub name: String,
    /// What it adds to the first, and to the second.
    pub values: [f64; 2],
}

/// The table as it is told.
pub fn coverage_answer(answer: &engine::CoverageAnswer) -> CoverageAnswer {
    CoverageAnswer {
        need: need_name(&answer.need),
        statistics: answer.statistics.clone(),
        position: answer.position,
        points: answer.points.iter().map(point).collect(),
        labs: answer.labs.iter().map(lab_coverage).collect(),
        team: team(&answer.team),
    }
}

/// The answer as it is told.
pub fn why_not_answer(answer: &engine::WhyNotAnswer) -> WhyNotAnswer {
    WhyNotAnswer {
        need: need_name(&answer.need),
        statistics: answer.statistics.clone(),
        position: answer.position,
        points: answer.points.iter().map(point).collect(),
        lab: lab_coverage(&answer.lab),
        passes_filters: answer.passes_filters,
        reference: answer.reference.as_ref().map(lab_coverage),
        differences: answer.contrasts.iter().map(difference).collect(),
        lacks: answer.lacks.clone(),
        sentences: answer.sentences.clone(),
    }
}

/// Two labs as they are told.
pub fn compare_answer(answer: &engine::CompareAnswer) -> CompareAnswer {
    CompareAnswer {
        need: need_name(&answer.need),
        statistics: answer.statistics.clone(),
        position: answer.position,
        points: answer.points.iter().map(point).collect(),
        labs: answer.labs.iter().map(lab_coverage).collect(),
        differences: answer.contrasts.iter().map(difference).collect(),
    }
}

fn lab_coverage(found: &engine::LabCoverage) -> LabCoverage {
    let parts = found.reasons.iter().map(|reason| ScorePart {
        kind: reason.kind.as_str(),
        name: reason.name.to_string(),
        field: (!reason.field.is_empty()).then_some(reason.field),
        value: reason.value,
    });
    LabCoverage {
        rank: found.rank,
        score: found.score,
        band: found.band.as_str(),
        label: found.band.label(),
        lab: lab_name(&found.lab, &found.institutions),
        contributions: parts.collect(),
        cells: found.cells.iter().map(cell).collect(),
    }
}

fn cell(found: &engine::LabCell) -> Cell {
    let comparison = found.comparison.map(|comparison| {
        let (verdict, label) = verdict(comparison.verdict);
        let found = comparison.found.map(pair);
        Comparison { verdict, label, required: pair(comparison.required), found }
    });
    Cell {
        strength: found.strength,
        level: found.level.as_str(),
        label: found.level.label(),
        comparison,
        evidence: found.evidence.as_ref().map(evidence),
    }
}

/// A verdict in English and in Chinese.
pub fn verdict(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Satisfied => ("satisfied", "达到"),
        Verdict::Violated => ("violated", "未达到"),
        Verdict::Unknown => ("unknown", "未说明"),
    }
}

fn team(found: &matching::Team) -> Team {
    let members = found.members.iter().enumerate().map(|(idx, member)| {
        let points = found.covered_by.iter().enumerate();
        let own = points.filter(|(_, by)| **by == Some(member.lab)).map(|(point, _)| point);
        Member {
            lab: member.lab,
            lead: idx == 0,
            own: member.own,
            adds: member.adds,
            points: own.collect(),
        }
    });
    Team {
        members: members.collect(),
        value: found.value,
        exact: found.exact,
        open: found.open().collect(),
    }
}

fn difference(contrast: &matching::Contrast) -> Difference {
    Difference { name: contrast.name.clone(), values: contrast.values }
}
