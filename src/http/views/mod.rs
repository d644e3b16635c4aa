//! The shapes of all JSON that leaves or enters: model and engine know none.
//!
//! The command line prints the same shapes: [`match_answer`], [`needs_answer`], [`points_answer`], [`search_answer`], [`record`],
//! [`index_status`]. Enumerations are in English with a Chinese `label` beside them.

pub mod examples;
mod matching;
mod points;
mod problem;
mod records;
mod requests;
mod search;
mod status;

pub use matching::{
    Contribution, Evidence, InstitutionName, LabMatch, LabName, MatchAnswer, NeedMatch, NeedName,
    NeedsAnswer, SubjectName, match_answer, needs_answer,
};
pub use points::{Point, PointsAnswer, Question, Requirement, points_answer};
pub use problem::Problem;
pub use records::{
    Achievement, Alias, Common, Enterprise, Institution, Lab, Need, Page, Record, record,
};
pub use requests::{
    GivenPoint, MatchBody, MatchFilters, NeedFilters, NeedsBody, NewAchievement, NewCommon,
    NewEnterprise, NewInstitution, NewLab, NewNeed, PointsBody,
};
pub use search::{FacetValue, Hit, SearchAnswer, Snippet, search_answer};
pub use status::{Health, IndexStatus, index_status};
