//! Two labs for a need, side by side.

use super::coverage::LabCoverage;
use super::matching::{MatchQuestion, NeedName};
use super::standing::{Asked, Standings};
use super::{Engine, EngineError, Filters, Viewer};
use crate::matching::{Contrast, GivenPoint, Point, contrasts};

/// A question for two labs.
#[derive(Debug, Clone, PartialEq)]
pub struct CompareRequest {
    /// The need.
    pub question: MatchQuestion,
    /// The user's own points; `None` to have them found.
    pub points: Option<Vec<GivenPoint>>,
    /// Two labs by id, external id or `source:external_id`.
    pub labs: [String; 2],
    /// Of which match their places are.
    pub filters: Filters,
}

/// Two labs side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct CompareAnswer {
    /// The need.
    pub need: NeedName,
    /// Statistics snapshot that the scores come from.
    pub statistics: String,
    /// Feed position of the index.
    pub position: i64,
    /// By section and span; a user's in the user's order.
    pub points: Vec<Point>,
    /// In the order asked.
    pub labs: Vec<LabCoverage>,
    /// What their scores are made of, largest difference first.
    pub contrasts: Vec<Contrast>,
}

impl Engine {
    /// Holds two labs against the points of a need, and their scores against each other.
    ///
    /// # Errors
    /// As [`Engine::match_labs`] and [`Engine::points`]; if there is no such lab, or both are
    /// the same.
    pub async fn compare(
        &self,
        viewer: Viewer,
        request: CompareRequest,
    ) -> Result<CompareAnswer, EngineError> {
        let asked = Asked {
            question: &request.question,
            points: request.points.as_deref(),
            filters: &request.filters,
            labs: request.labs.iter().map(String::as_str).collect(),
            rank: None,
        };
        let Standings { need, statistics, position, points, labs, .. } =
            self.standings(viewer, asked).await?;
        let same = labs.windows(2).any(|pair| pair[0].lab.id == pair[1].lab.id);
        if same {
            let reason = "两个编号是同一个实验室，请换一个".to_owned();
            return Err(EngineError::BadRequest { field: "labs", reason });
        }
        let reasons = |idx: usize| labs.get(idx).map_or(&[][..], |lab| &lab.reasons);
        let contrasts = contrasts(reasons(0), reasons(1));
        Ok(CompareAnswer { need, statistics, position, points, labs, contrasts })
    }
}
