//! Tokens: of programs, and the sessions of people.

use super::change::private_draft;
use super::secret::{Secret, sha256};
use super::sign_in::revoked;
use crate::engine::records::{LIST_LIMIT_MAX, check_limit};
use crate::engine::{Engine, EngineError, RecordView, Viewer};
use crate::model::{Body, Kind, Record, RecordId, Timestamp, Token, TokenKind};
use crate::store::{BATCH_MAX, Existing, Write};

/// Longest life of an API token, in days.
pub const TOKEN_DAYS_MAX: u32 = 365;
const DAY_MS: i64 = 24 * 3_600_000;

/// 新的接口令牌
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// What it is for.
    pub label: String,
    /// Good for so many days, 1 to [`TOKEN_DAYS_MAX`].
    pub days: u32,
    /// Whose, by login or id; the viewer's own if `None`.
    pub user: Option<String>,
}

impl Engine {
    /// Makes an API token; the secret is told here and never again.
    ///
    /// # Errors
    /// [`EngineError::NotSignedIn`] if it is nobody's; [`EngineError::Forbidden`] if it is
    /// another user's and the viewer is no administrator; [`EngineError::BadRequest`].
    pub async fn create_token(
        &self,
        viewer: Viewer,
        new: NewToken,
    ) -> Result<(Secret, RecordView), EngineError> {
        let user = new.user.as_deref();
        let user_id = self.owner_of_tokens(viewer, user, viewer.administers()).await?;
        if !(1..=TOKEN_DAYS_MAX).contains(&new.days) {
            let reason = format!("为 {}；应为 1 到 {TOKEN_DAYS_MAX} 天", new.days);
            return Err(EngineError::BadRequest { field: "days", reason });
        }
        let token = Token {
            user_id,
            kind: TokenKind::Api,
            label: new.label,
            expires_at: Timestamp(Timestamp::now().0 + i64::from(new.days) * DAY_MS),
            revoked_at: None,
        };
        let secret = Secret::of_token(TokenKind::Api)?;
        let draft = private_draft(&sha256(secret.reveal()), Body::Token(token.checked()?));
        let write = Write { draft, existing: Existing::Refused };
        let mut written = self.write_accounts(&[write], &viewer.author()).await?;
        Ok((secret, written.swap_remove(0)))
    }

    /// A page of live tokens and sessions: those of `user`, else the viewer's own, or all for
    /// those who see all accounts; and whether there are more.
    ///
    /// # Errors
    /// As [`Engine::create_token`]; [`EngineError::TooLarge`] if `limit` is over
    /// [`LIST_LIMIT_MAX`].
    pub async fn list_tokens(
        &self,
        viewer: Viewer,
        user: Option<&str>,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<(Vec<RecordView>, bool), EngineError> {
        check_limit(limit, LIST_LIMIT_MAX)?;
        let owner = match user {
            None if viewer.sees_accounts() => None,
            user => Some(self.owner_of_tokens(viewer, user, viewer.sees_accounts()).await?),
        };
        let mut live = self.live_tokens(owner).await?;
        live.retain(|token| after.is_none_or(|after| token.meta.id > after));
        let more = live.len() > limit;
        live.truncate(limit);
        Ok((live, more))
    }

    /// Revokes a token or session; doing it twice changes nothing.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if there is none of that id that the viewer may revoke.
    pub async fn revoke_token(&self, viewer: Viewer, id: &str) -> Result<(), EngineError> {
        let missing = || EngineError::NotFound { kind: Kind::Token, name: id.to_owned() };
        let parsed: RecordId = id.parse().map_err(|_| missing())?;
        let token = self.store.get(Kind::Token, parsed).await?.ok_or_else(missing)?.record;
        let own = viewer.identity().map(|identity| identity.user);
        let theirs = matches!(&token.body, Body::Token(body) if Some(body.user_id) == own);
        if !viewer.administers() && !theirs {
            return Err(missing());
        }
        match revoked(&token) {
            None => Ok(()),
            Some(write) => self.write_accounts(&[write], &viewer.author()).await.map(drop),
        }
    }

    /// Whose tokens are meant. `all`: whether the viewer's business are those of everybody.
    async fn owner_of_tokens(
        &self,
        viewer: Viewer,
        user: Option<&str>,
        all: bool,
    ) -> Result<RecordId, EngineError> {
        let own = viewer.identity().map(|identity| identity.user);
        match (user, own) {
            (Some(name), _) if all => Ok(self.user_named(name).await?.meta.id),
            // Whether there is such a user is not for everybody.
            (Some(_), Some(_)) => Err(EngineError::Forbidden { action: "tokens of others" }),
            (None, Some(own)) => Ok(own),
            (None, None) if viewer == Viewer::Local => {
                let reason = "没有给出；请写明是哪位用户的".to_owned();
                Err(EngineError::BadRequest { field: "user", reason })
            }
            (_, None) => Err(EngineError::NotSignedIn),
        }
    }

    /// The live tokens of a user, or of all, in the order of their making.
    pub(super) async fn live_tokens(
        &self,
        user: Option<RecordId>,
    ) -> Result<Vec<Record>, EngineError> {
        let now = Timestamp::now();
        let (mut live, mut after) = (Vec::new(), None);
        loop {
            let page = match user {
                None => self.store.list(Kind::Token, after, BATCH_MAX).await?,
                Some(user) => {
                    let to = (Kind::User, user);
                    self.store.referring(Kind::Token, to, after, BATCH_MAX).await?
                }
            };
            let last = page.len() < BATCH_MAX;
            after = page.last().map(|stored| stored.record.meta.id);
            let records = page.into_iter().map(|stored| stored.record);
            live.extend(
                records.filter(
                    |record| matches!(&record.body, Body::Token(body) if body.is_live(now)),
                ),
            );
            if last {
                return Ok(live);
            }
        }
    }
}
