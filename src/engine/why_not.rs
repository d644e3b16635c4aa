//! Why a lab does not stand among the best for a need: what it lacks against one that does.

use super::coverage::LabCoverage;
use super::matching::{LIMIT_MAX, MatchQuestion, NeedName};
use super::standing::{Asked, Standings};
use super::{Engine, EngineError, Filters, Viewer};
use crate::matching::{Contrast, GivenPoint, Point, REST_NAME, contrasts, lacking};
use crate::text::Verdict;

/// Words and points that a sentence names.
const NAMED: usize = 5;
/// A smaller difference is not worth a word.
const GAP_MIN: f64 = 0.05;

/// A question why a lab stands where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct WhyNotRequest {
    /// The need.
    pub question: MatchQuestion,
    /// The user's own points; `None` to have them found.
    pub points: Option<Vec<GivenPoint>>,
    /// The lab by id, external id or `source:external_id`.
    pub lab: String,
    /// Place of the lab that it is held against, 1 to 100.
    pub rank: usize,
    /// Of which match.
    pub filters: Filters,
}

/// What a lab lacks.
#[derive(Debug, Clone, PartialEq)]
pub struct WhyNotAnswer {
    /// The need.
    pub need: NeedName,
    /// Statistics snapshot that the scores come from.
    pub statistics: String,
    /// Feed position of the index.
    pub position: i64,
    /// By section and span; a user's in the user's order.
    pub points: Vec<Point>,
    /// The lab.
    pub lab: LabCoverage,
    /// Whether the lab passes the filters.
    pub passes_filters: bool,
    /// The lab in the place asked for, or the last one if there are fewer; `None` if there is
    /// none.
    pub reference: Option<LabCoverage>,
    /// What the scores of both are made of, largest difference first; the lab's values first.
    pub contrasts: Vec<Contrast>,
    /// Places of the points that the lab lacks beside the other, most missed first.
    pub lacks: Vec<usize>,
    /// The same in Chinese sentences.
    pub sentences: Vec<String>,
}

impl Engine {
    /// Holds a lab against the one in a certain place of the match.
    ///
    /// # Errors
    /// As [`Engine::match_labs`] and [`Engine::points`]; if there is no such lab, or the place
    /// is not from 1 to 100.
    pub async fn why_not(
        &self,
        viewer: Viewer,
        request: WhyNotRequest,
    ) -> Result<WhyNotAnswer, EngineError> {
        match request.rank {
            0 => {
                let reason = "名次从 1 起".to_owned();
                return Err(EngineError::BadRequest { field: "rank", reason });
            }
            1..=LIMIT_MAX => {}
            found => return Err(EngineError::TooLarge { field: "rank", found, limit: LIMIT_MAX }),
        }
        let asked = Asked {
            question: &request.question,
            points: request.points.as_deref(),
            filters: &request.filters,
            labs: vec![&request.lab],
            rank: Some(request.rank),
        };
        let Standings { need, statistics, position, points, mut labs, passing, at_rank } =
            self.standings(viewer, asked).await?;
        let missing =
            || EngineError::Interrupted("a lab that was asked about is missing".to_owned());
        let lab = labs.pop().ok_or_else(missing)?;
        let passes_filters = passing.iter().all(|passes| *passes);
        let (mut found, mut lacks) = (Vec::new(), Vec::new());
        if let Some(reference) = &at_rank {
            found = contrasts(&lab.reasons, &reference.reasons);
            let weights: Vec<f64> = points.iter().map(|point| point.weight).collect();
            let [of_lab, of_other] = [&lab, reference].map(LabCoverage::strengths);
            lacks = lacking(&weights, &of_lab, &of_other);
        }
        let mut answer = WhyNotAnswer {
            need,
            statistics,
            position,
            points,
            lab,
            passes_filters,
            reference: at_rank,
            contrasts: found,
            lacks,
            sentences: Vec::new(),
        };
        answer.sentences = sentences(&answer);
        Ok(answer)
    }
}

/// A point by name, and whether it is to be confirmed.
fn called(point: &Point) -> String {
    format!("“{}”{}", point.name, if point.sure { "" } else { "（待确认）" })
}

/// Where the lab stands, what the difference is made of, what it lacks, what to do.
fn sentences(answer: &WhyNotAnswer) -> Vec<String> {
    let WhyNotAnswer { lab, reference, points, .. } = answer;
    let mut told = vec![standing(answer)];
    let Some(reference) = reference.as_ref().filter(|other| other.lab.id != lab.lab.id) else {
        return told;
    };
    let behind = reference.score > lab.score;
    let gaps = answer.contrasts.iter().filter(|c| c.gap() >= GAP_MIN && c.name != REST_NAME);
    let gaps: Vec<String> =
        gaps.take(NAMED).map(|c| format!("{}（少 {:.1}）", c.name, c.gap())).collect();
    if behind && !gaps.is_empty() {
        told.push(format!("得分差距主要在：{}。", gaps.join("、")));
    }
    let name = |point: &usize| called(&points[*point]);
    let lacks: Vec<String> = answer.lacks.iter().take(NAMED).map(name).collect();
    if !lacks.is_empty() {
        let other = &reference.lab.name;
        told.push(format!("“{other}”有依据而它缺少的技术点：{}。", lacks.join("、")));
    }
    for (point, cell) in points.iter().zip(&lab.cells) {
        let violated = cell.comparison.filter(|c| c.verdict == Verdict::Violated);
        if let (Some(comparison), Some(evidence)) = (violated, &cell.evidence) {
            let found = comparison.found.map(|found| found.slice(&evidence.sentence.text));
            told.push(format!(
                "指标{}未达到：其资料写的是“{}”。",
                called(point),
                found.unwrap_or_default()
            ));
        }
    }
    if behind {
        told.push(match lacks.is_empty() {
            true => "补充与需求更接近的成果或简介后，名次会随之变化。".to_owned(),
            false => "若它确有这些方面的工作，请补充相应的成果或简介，再行匹配。".to_owned(),
        });
    }
    told
}

/// Where it stands, and where the other.
fn standing(answer: &WhyNotAnswer) -> String {
    let WhyNotAnswer { lab, reference, passes_filters, .. } = answer;
    let name = &lab.lab.name;
    let place = match lab.rank {
        Some(rank) => format!("“{name}”排在第 {rank} 位，得分 {:.1}", lab.score),
        None if !passes_filters => format!("“{name}”不符合筛选条件，未参加排序"),
        None if lab.reasons.is_empty() => {
            format!("“{name}”的资料与这条需求没有相同的词，未进入候选")
        }
        None => format!("“{name}”未进入候选，单独计算得分 {:.1}", lab.score),
    };
    match reference {
        Some(other) if other.lab.id == lab.lab.id => format!("{place}，就是所比的这一位。"),
        Some(other) => {
            let rank = other.rank.unwrap_or_default();
            let gap = other.score - lab.score;
            let apart = if gap >= 0.0 { "高" } else { "低" };
            format!(
                "{place}；第 {rank} 位“{}”得分 {:.1}，比它{apart} {:.1}。",
                other.lab.name,
                other.score,
                gap.abs()
            )
        }
        None => format!("{place}；没有其他实验室可比。"),
    }
}
