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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::accounts::change::private_draft;
    use crate::model::{Meta, Provenance, Role, Token, TokenKind, User, Visibility};

    const NOW: Timestamp = Timestamp(1_000);

    fn record(body: Body) -> Record {
        let draft = private_draft("x", body);
        let meta = Meta {
            id: RecordId::generate(),
            source: draft.source,
            external_id: draft.external_id,
            owner: String::new(),
            visibility: Visibility::Private,
            revision: 1,
            created_at: NOW,
            created_by: String::new(),
            updated_at: NOW,
            updated_by: String::new(),
            deleted_at: None,
            merged_into: None,
            provenance: Provenance::default(),
        };
        Record { meta, body: draft.body }
    }

    fn user() -> Record {
        record(Body::User(User {
            name: "甲".to_owned(),
            role: Role::Auditor,
            office_id: None,
            institution_id: None,
            enterprise_id: None,
            disabled: false,
            must_change_password: false,
            password_hash: String::new(),
        }))
    }

    fn token(user_id: RecordId) -> Record {
        record(Body::Token(Token {
            user_id,
            kind: TokenKind::Api,
            label: "甲".to_owned(),
            expires_at: Timestamp(NOW.0 + 1),
            revoked_at: None,
        }))
    }

    /// Each fault alone keeps the door shut.
    #[test]
    fn a_token_opens_only_while_everything_about_it_and_its_user_is_right() {
        let user = user();
        let token = token(user.meta.id);
        let grant = granted(&token, &user, NOW).expect("all is right");
        assert_eq!((grant.identity.user, grant.token), (user.meta.id, token.meta.id));
        let with_token = |change: &dyn Fn(&mut Token)| {
            let mut token = token.clone();
            if let Body::Token(body) = &mut token.body {
                change(body);
            }
            granted(&token, &user, NOW)
        };
        assert_eq!(with_token(&|token| token.expires_at = NOW), None, "expired");
        assert_eq!(with_token(&|token| token.revoked_at = Some(NOW)), None, "revoked");
        let other = RecordId::generate();
        assert_eq!(with_token(&|token| token.user_id = other), None, "another user's");
        let mut disabled = user.clone();
        if let Body::User(body) = &mut disabled.body {
            body.disabled = true;
        }
        assert_eq!(granted(&token, &disabled, NOW), None, "disabled");
        let deleted = |record: &Record| Record {
            meta: Meta { deleted_at: Some(NOW), ..record.meta.clone() },
            ..record.clone()
        };
        assert_eq!(granted(&deleted(&token), &user, NOW), None, "deleted token");
        assert_eq!(granted(&token, &deleted(&user), NOW), None, "deleted user");
        assert_eq!(granted(&user, &token, NOW), None, "no token at all");
    }
}
