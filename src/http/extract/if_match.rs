//! `If-Match`: which revision a client means to change; `If-None-Match`: which it has; and
//! `ETag`, which tells it.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{IF_MATCH, IF_NONE_MATCH};
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

/// The same, where a client must say it; `*` means any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) struct MustMatch(pub Option<u64>);

/// What a client has already, as its `If-None-Match` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::http) struct Known(Vec<String>);

impl Known {
    /// Whether the client has that revision.
    pub fn has(&self, revision: u64) -> bool {
        let current = etag(revision);
        self.0.iter().any(|tag| tag == "*" || *tag == current)
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

impl FromRequestParts<Arc<App>> for MustMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        if !parts.headers.contains_key(IF_MATCH) {
            IfMatch(None).required()?;
        }
        IfMatch::from_request_parts(parts, app).await.map(|IfMatch(revision)| Self(revision))
    }
}

impl FromRequestParts<Arc<App>> for Known {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Self::Rejection> {
        Ok(Self(known(&parts.headers)))
    }
}

/// The tags of a client; a weak one counts like a strong one, as RFC 9110 has it for this header.
fn known(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let tags = values.flat_map(|value| value.split(','));
    tags.map(|tag| tag.trim().trim_start_matches("W/").to_owned()).collect()
}
