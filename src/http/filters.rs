//! Problems with filters: unknown values are the caller's, under the name that the caller used.

use super::error::{Problem, ProblemCode};
use crate::engine::EngineError;
use crate::model::Kind;

/// The filters as the engine names them.
const FILTERS: [&str; 7] =
    ["region", "institution_class", "institution", "area", "kind", "industry", "park"];

/// The problem of a body whose filters stand under `filters`.
pub(super) fn body_problem(error: EngineError) -> Problem {
    filter_problem(error, |name| format!("filters.{name}"))
}

/// The problem of a question with filters; `rename` gives a filter's name in the request. An
/// institution or firm that does not exist is an unknown value here, no missing page.
pub(super) fn filter_problem(error: EngineError, rename: impl Fn(&str) -> String) -> Problem {
    let unknown = |field: &str, reason: &str| {
        let field = rename(field);
        Problem::new(ProblemCode::InvalidValue, format!("{field}：{reason}")).field(field)
    };
    match error {
        EngineError::NotFound { kind: Kind::Institution, .. }
        | EngineError::Ambiguous { kind: Kind::Institution, .. } => {
            unknown("institution", &error.message())
        }
        EngineError::NotFound { kind: Kind::Enterprise, .. }
        | EngineError::Ambiguous { kind: Kind::Enterprise, .. } => {
            unknown("enterprise", &error.message())
        }
        EngineError::BadRequest { field, reason } if FILTERS.contains(&field) => {
            unknown(field, &reason)
        }
        other => other.into(),
    }
}
