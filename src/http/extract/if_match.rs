//! `If-Match`: which revision a client means to change; and `ETag`, which tells it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;

use crate::http::app::App;
use crate::http::error::{Problem, ProblemCode};

/// The revision that must still be there; any if the client does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) struct IfMatch(pub Option<u64>);

impl IfMatch {
    /// The revision that was read, of records that several people change at the same time.
    pub fn required(self) -> Result<u64, Problem> {
        self.0.ok_or_else(|| {
            let detail =
                "请先读取记录，并把响应头 ETag 的值原样放入请求头 If-Match，如 If-Match: \"3\"";
            Problem::new(ProblemCode::PreconditionRequired, detail).field("If-Match")
        })
    }
}

/// A revision as `ETag` tells it.
pub(in crate::http) fn etag(revision: u64) -> String {
    format!("\"{revision}\"")
}

impl FromRequestParts<Arc<App>> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(IF_MATCH).iter();
        let Some(value) = values.next() else { return Ok(Self(None)) };
        let text = value.to_str().unwrap_or_default().trim();
        let wrong = || {
            let right = "读取时响应头 ETag 的值，如 \"3\"；或 *";
            Problem::invalid("If-Match", &format!("是“{text}”"), right)
        };
        if values.next().is_some() {
            return Err(wrong());
        }
        if text == "*" {
            return Ok(Self(None));
        }
        let digits = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let revision = digits.and_then(|digits| digits.parse().ok());
        revision.map(|revision| Self(Some(revision))).ok_or_else(wrong)
    }
}
