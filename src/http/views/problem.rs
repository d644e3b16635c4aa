//! The shape of every error.

use serde::Serialize;
use utoipa::ToSchema;

/// 错误: RFC 9457 problem details, `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// A relative URI that names the sort of problem.
    #[serde(rename = "type")]
    #[schema(example = "/problems/not_found")]
    pub type_uri: String,
    /// The sort of problem in Chinese, always the same for one `code`.
    #[schema(example = "没有这条记录")]
    pub title: &'static str,
    /// The HTTP status.
    #[schema(example = 404)]
    pub status: u16,
    /// The stable English name to program against.
    #[schema(example = "not_found")]
    pub code: &'static str,
    /// What is wrong and what to do about it, a Chinese sentence.
    pub detail: String,
    /// The parameter or key at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Id of the record that is in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existing: Option<String>,
    /// The limit that was passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}
