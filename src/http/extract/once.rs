//! `Idempotency-Key`: what a client calls a request, so that sending it again does nothing again.

use axum::http::HeaderMap;
use sha2::{Digest, Sha256};

use crate::engine::Once;
use crate::http::error::Problem;

/// Longest idempotency key, in characters.
const IDEMPOTENCY_KEY_CHARS_MAX: usize = 200;
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// What a client calls the request, if it does: of this address, with this body.
pub(in crate::http) fn once(
    headers: &HeaderMap,
    address: &str,
    body: &str,
) -> Result<Option<Once>, Problem> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = value.to_str().unwrap_or_default().trim();
    let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
    if key.is_empty() || key.len() > IDEMPOTENCY_KEY_CHARS_MAX || !visible {
        let right = format!("1 到 {IDEMPOTENCY_KEY_CHARS_MAX} 个可见的 ASCII 字符");
        return Err(Problem::invalid("Idempotency-Key", "为空、过长或含其他字符", &right));
    }
    let digest = Sha256::digest(format!("{address}\n{body}"));
    let digest = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Some(Once { key: key.to_owned(), digest }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stands_for_one_address_and_one_body() {
        let named = |key: &str, address: &str, body: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(IDEMPOTENCY_KEY, key.parse().unwrap());
            once(&headers, address, body)
        };
        let first = named("k", "/a", "{}").unwrap();
        assert_eq!(first, named(" k ", "/a", "{}").unwrap());
        assert_ne!(first, named("k", "/b", "{}").unwrap());
        assert_ne!(first, named("k", "/a", "{ }").unwrap());
        assert_eq!(once(&HeaderMap::new(), "/a", "{}"), Ok(None));
        assert!(named("", "/a", "").is_err() && named(&"k".repeat(201), "/a", "").is_err());
        assert!(named("a b", "/a", "").is_err());
    }
}
