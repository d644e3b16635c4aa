//! Secrets that are drawn here: those of tokens, and one-time passwords.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::engine::EngineError;
use crate::model::TokenKind;

/// Random bytes of a token: 256 bits, so that none is ever guessed.
const TOKEN_BYTES: usize = 32;
/// The same in base64url without padding.
const TOKEN_TEXT_LEN: usize = 43;
/// Characters of a one-time password: 100 bits, to be typed once.
const PASSWORD_CHARS: usize = 20;
/// After so many of them a hyphen makes it easier to read.
const PASSWORD_GROUP: usize = 5;
/// 32 digits and letters that are not taken for each other (Crockford's base 32).
const PASSWORD_ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// 密钥: what is told once, to the one it is for. It does not show itself in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A token's.
    ///
    /// # Errors
    /// If the system gives no random numbers.
    pub(super) fn of_token(kind: TokenKind) -> Result<Self, EngineError> {
        let random = URL_SAFE_NO_PAD.encode(random::<TOKEN_BYTES>()?);
        Ok(Self(format!("{}{random}", prefix(kind))))
    }

    /// A password that is to be replaced at its first use.
    ///
    /// # Errors
    /// If the system gives no random numbers.
    pub(super) fn one_time_password() -> Result<Self, EngineError> {
        let mut text = String::with_capacity(PASSWORD_CHARS + PASSWORD_CHARS / PASSWORD_GROUP);
        for (idx, byte) in random::<PASSWORD_CHARS>()?.into_iter().enumerate() {
            if idx > 0 && idx % PASSWORD_GROUP == 0 {
                text.push('-');
            }
            text.push(char::from(PASSWORD_ALPHABET[usize::from(byte % 32)]));
        }
        Ok(Self(text))
    }

    /// The secret itself, to be shown and then forgotten.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What a token's secret begins with, so that a leaked one is recognised in logs and code.
fn prefix(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Session => "djs_",
        TokenKind::Api => "djt_",
    }
}

/// Under which a token is stored: SHA-256 in hexadecimal. A secret of 256 random bits needs no
/// slower hash, and whoever knows part of a digest knows nothing of the secret. `None` if
/// `text` does not look like a secret of ours.
pub(super) fn token_digest(text: &str) -> Option<String> {
    let random = TokenKind::ALL.iter().find_map(|kind| text.strip_prefix(prefix(*kind)))?;
    let ours = random.len() == TOKEN_TEXT_LEN
        && random.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    ours.then(|| sha256(text))
}

/// SHA-256 in hexadecimal.
pub(super) fn sha256(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}

fn random<const LEN: usize>() -> Result<[u8; LEN], EngineError> {
    let mut bytes = [0; LEN];
    getrandom::fill(&mut bytes)
        .map_err(|error| EngineError::Interrupted(format!("no random numbers: {error}")))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_recognisable_different_and_not_shown() {
        for (kind, prefix) in [(TokenKind::Session, "djs_"), (TokenKind::Api, "djt_")] {
            let (one, other) = (Secret::of_token(kind).unwrap(), Secret::of_token(kind).unwrap());
            assert!(one.reveal().starts_with(prefix) && one != other);
            assert_eq!(token_digest(one.reveal()).unwrap().len(), 64);
            assert!(!format!("{one:?}").contains(&one.reveal()[4..]));
        }
        let (one, other) =
            (Secret::one_time_password().unwrap(), Secret::one_time_password().unwrap());
        assert!(one != other);
        assert_eq!(one.reveal().len(), 23);
    }

    #[test]
    fn what_is_no_secret_of_ours_has_no_digest() {
        let good = Secret::of_token(TokenKind::Api).unwrap();
        let good = good.reveal();
        let bad = ["", "djt_", &good[1..], &good[..good.len() - 1], &format!("{good}A")];
        for text in bad {
            assert_eq!(token_digest(text), None, "{text}");
        }
        assert_eq!(token_digest(&good.replace("djt_", "djx_")), None);
        assert_eq!(token_digest(&format!("{}膜", &good[..good.len() - 3])), None);
    }
}
