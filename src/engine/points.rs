//! A need as technical points, with what it leaves open.

use super::matching::{MatchQuestion, NeedName, NeedText};
use super::{Engine, EngineError, Viewer, blocking};
use crate::matching::{
    GivenPoint, GivenPointError, POINT_NAME_CHARS_MAX, POINTS_MAX, Point, PointWords, Question,
    Topic, given_points, points, questions,
};
use crate::model::{Body, Kind};
use crate::text::Analyzer;

/// A question for points.
#[derive(Debug, Clone, PartialEq)]
pub struct PointsRequest {
    /// The need.
    pub question: MatchQuestion,
    /// The user's own points, which are used as they are; `None` to have them found.
    pub points: Option<Vec<GivenPoint>>,
}

/// The points of a need.
#[derive(Debug, Clone, PartialEq)]
pub struct PointsAnswer {
    /// The need.
    pub need: NeedName,
    /// By section and span; a user's in the user's order.
    pub points: Vec<Point>,
    /// What the need leaves open.
    pub questions: Vec<Question>,
}

impl Engine {
    /// Breaks a need into points, or takes those that the user has edited, and asks for what
    /// is missing.
    ///
    /// # Errors
    /// If the need is blank or too long or none that the viewer may see, or a given point
    /// cannot be used.
    pub async fn points(
        &self,
        viewer: Viewer,
        request: PointsRequest,
    ) -> Result<PointsAnswer, EngineError> {
        let (need, text, _) = self.asked_openly(viewer, &request.question).await?;
        let told = match &request.question {
            MatchQuestion::Need(name) => self.told_beside_the_text(viewer, name).await?,
            MatchQuestion::Text(_) => Vec::new(),
        };
        let (analyzer, words) = (self.analyzer.clone(), self.point_words.clone());
        let (points, questions) = blocking(move || {
            let points = points_of(&analyzer, &words, &text, request.points.as_deref())?;
            let mut questions = questions(&text.title, &text.body, &points);
            questions.retain(|question| !told.contains(&question.topic));
            Ok::<_, EngineError>((points, questions))
        })
        .await?;
        Ok(PointsAnswer { need, points, questions })
    }

    /// What the fields of a need tell that its text need not.
    async fn told_beside_the_text(
        &self,
        viewer: Viewer,
        name: &str,
    ) -> Result<Vec<Topic>, EngineError> {
        let need = self.named(viewer, Kind::Need, name).await?.record;
        let Body::Need(need) = self.shown(viewer, need).body else {
            return Ok(Vec::new());
        };
        let budget = need.budget.is_some().then_some(Topic::Budget);
        let time = need.deadline.is_some().then_some(Topic::Time);
        Ok(budget.into_iter().chain(time).collect())
    }
}

/// The points of a text, the user's own if there are any.
pub(super) fn points_of(
    analyzer: &Analyzer,
    words: &PointWords,
    text: &NeedText,
    given: Option<&[GivenPoint]>,
) -> Result<Vec<Point>, EngineError> {
    match given {
        None => Ok(points(analyzer, words, &text.title, &text.body)),
        Some(given) => given_points(given, &text.title, &text.body).map_err(refused),
    }
}

/// A user's points that cannot be used, told so that they can be put right.
fn refused(error: GivenPointError) -> EngineError {
    let reason = match error {
        GivenPointError::TooMany { found } => {
            return EngineError::TooLarge { field: "points", found, limit: POINTS_MAX };
        }
        GivenPointError::NoPoints => {
            "一个技术点也没有；请至少写一个，或不写此项，由系统分解".to_owned()
        }
        GivenPointError::BlankName { idx } => format!("第 {} 个没有名称，请写上或删去", idx + 1),
        GivenPointError::LongName { idx, found } => format!(
            "第 {} 个的名称有 {found} 个字，请缩短到 {POINT_NAME_CHARS_MAX} 个字以内",
            idx + 1
        ),
        GivenPointError::Repeated { idx } => {
            format!("第 {} 个与前面的重复，请删去一个", idx + 1)
        }
        GivenPointError::BadWeight { idx } => {
            format!("第 {} 个的权重应为大于 0 的数，且与其他权重不要相差太大", idx + 1)
        }
    };
    EngineError::BadRequest { field: "points", reason }
}
