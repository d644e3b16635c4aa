//! 请求编号: the name of a request, in its answer, in its lines of the log and in what its user
//! is told of our faults, so that all three are found together.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

/// The header that carries it, there and back.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// Longest id taken over from a client, in bytes.
const BYTES_MAX: usize = 64;

tokio::task_local! {
    static CURRENT: RequestId;
}

/// An id of letters, digits, `-`, `_` and `.`: it can stand in a log and a header as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RequestId(String);

impl RequestId {
    /// The client's own if it is short and harmless, else a new one.
    pub fn of(headers: &HeaderMap) -> Self {
        let given = headers.get(HEADER).and_then(|value| value.to_str().ok());
        match given.filter(|id| is_harmless(id)) {
            Some(id) => Self(id.to_owned()),
            None => Self(Uuid::now_v7().simple().to_string()),
        }
    }

    /// As it stands in the log.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the value of [`HEADER`].
    pub fn header_value(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }

    /// Does `work` as part of this request: [`current`] tells the id there.
    pub async fn scope<F: Future>(self, work: F) -> F::Output {
        CURRENT.scope(self, work).await
    }
}

/// The id of the request that this task answers.
pub(super) fn current() -> Option<String> {
    CURRENT.try_with(|id| id.0.clone()).ok()
}

fn is_harmless(id: &str) -> bool {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=BYTES_MAX).contains(&id.len()) && id.bytes().all(harmless)
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;
    use crate::http::error::{Problem, ProblemCode};

    #[test]
    fn only_short_and_harmless_ids_are_taken_over() {
        let of = |id: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(HEADER, HeaderValue::from_bytes(id).unwrap());
            RequestId::of(&headers).0
        };
        for good in ["a", "4bf92f35-77b3_4da6.01", &"x".repeat(BYTES_MAX)] {
            assert_eq!(of(good.as_bytes()), good);
        }
        for bad in ["", "a b", "a\"b", "膜电极", "a;b", &"x".repeat(BYTES_MAX + 1)] {
            let made = of(bad.as_bytes());
            assert!(made != bad && is_harmless(&made), "{bad}: {made}");
        }
        assert_ne!(RequestId::of(&HeaderMap::new()), RequestId::of(&HeaderMap::new()));
    }

    #[tokio::test]
    async fn our_own_faults_are_told_with_the_id_and_others_without() {
        let id = RequestId("abc-123".to_owned());
        for (problem, told) in [
            (Problem::internal_logged(), true),
            (Problem::new(ProblemCode::NotFound, "没有"), false),
        ] {
            let response = id.clone().scope(async { problem.into_response() }).await;
            let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
            let detail = String::from_utf8(body.to_vec()).unwrap();
            assert_eq!(detail.contains("请求编号 abc-123"), told, "{detail}");
        }
        assert_eq!(current(), None);
    }
}
