//! What a secret stands for: the user, and until when.

use super::secret::token_digest;
use crate::engine::{Engine, EngineError, Identity, Viewer};
use crate::model::{Body, Kind, Record, RecordId, Timestamp};

/// 凭据: somebody who has shown a valid secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Who.
    pub identity: Identity,
    /// By which token.
    pub token: RecordId,
    /// Good until then.
    pub expires_at: Timestamp,
    /// Nothing is allowed before the password has been changed.
    pub must_change_password: bool,
}

impl Grant {
    /// On whose behalf the engine is asked.
    pub fn viewer(&self) -> Viewer {
        Viewer::User(self.identity)
    }
}

impl Engine {
    /// What a session's or API token's secret stands for; `None` if it is wrong, expired or
    /// revoked, or its user is disabled. What has changed since is seen at once if this process
    /// has changed it, else within half a second.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn grant_of(&self, secret: &str) -> Result<Option<Grant>, EngineError> {
        let Some(digest) = token_digest(secret) else { return Ok(None) };
        let now = Timestamp::now();
        let cache = &self.accounts.cache;
        let (known, position) = cache.find(self.store.as_ref(), &digest).await?;
        if let Some(grant) = known {
            return Ok(Some(grant).filter(|grant| now < grant.expires_at));
        }
        let Some(token) = self.store.find(Kind::Token, None, &digest).await?.pop() else {
            return Ok(None);
        };
        let Body::Token(body) = &token.record.body else { return Ok(None) };
        let user = self.store.get(Kind::User, body.user_id).await?;
        let grant = user.and_then(|user| granted(&token.record, &user.record, now));
        if let Some(grant) = grant {
            cache.keep(digest, grant, position);
        }
        Ok(grant)
    }
}

/// What a token grants its user at that instant.
fn granted(token: &Record, user: &Record, now: Timestamp) -> Option<Grant> {
    let (Body::Token(body), Body::User(owner)) = (&token.body, &user.body) else { return None };
    let gone = token.meta.deleted_at.is_some() || user.meta.deleted_at.is_some();
    let valid = body.user_id == user.meta.id && body.is_live(now);
    (valid && !gone && !owner.disabled).then_some(Grant {
        identity: Identity {
            user: user.meta.id,
            role: owner.role,
            office: owner.office_id,
            institution: owner.institution_id,
            enterprise: owner.enterprise_id,
        },
        token: token.meta.id,
        expires_at: body.expires_at,
        must_change_password: owner.must_change_password,
    })
}
