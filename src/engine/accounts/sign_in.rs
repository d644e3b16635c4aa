//! Signing in and out, and changing one's own password.

use std::net::IpAddr;
use std::sync::PoisonError;
use std::time::Instant;

use super::change::{change, private_draft};
use super::event::event;
use super::grant::Grant;
use super::password::{self, PASSWORD_CHARS_MAX};
use super::secret::{Secret, sha256};
use super::users::{shown, user_of};
use crate::engine::{Engine, EngineError, RecordView, Viewer};
use crate::model::{Action, Body, Kind, Record, RecordId, Timestamp, Token, TokenKind, User};
use crate::store::{Existing, StoreError, Write};

/// How long a session lasts: a working day, in hours.
pub const SESSION_HOURS: i64 = 12;
/// What sessions are called among tokens.
const SESSION_LABEL: &str = "登录";
/// Characters of a login's digest that events keep where there is no such user: enough to see
/// that it is the same again.
const LOGIN_DIGEST_CHARS: usize = 16;

/// 会话: what comes of signing in.
#[derive(Debug, Clone)]
pub struct Session {
    /// To be shown with each request from now on.
    pub secret: Secret,
    /// Good until then.
    pub expires_at: Timestamp,
    /// Who has signed in.
    pub user: RecordView,
}

impl Engine {
    /// Signs in; the attempt is counted against the login and the client's address.
    ///
    /// # Errors
    /// [`EngineError::WrongLogin`], whatever is wrong; [`EngineError::LockedOut`] after too many
    /// failures; [`EngineError::Busy`].
    pub async fn sign_in(
        &self,
        login: &str,
        password: String,
        address: Option<IpAddr>,
    ) -> Result<Session, EngineError> {
        let login = login.trim().to_lowercase();
        let user = self.user_of_login(&login).await?;
        let right = self.check_password(&login, user.as_ref(), password, address).await?;
        let admitted = user
            .as_ref()
            .filter(|record| right && user_of(record).is_some_and(|user| !user.disabled));
        let Some(user) = admitted else {
            let detail = match &user {
                Some(_) => String::new(),
                None => format!("login sha256:{}", &sha256(&login)[..LOGIN_DIGEST_CHARS]),
            };
            let id = user.as_ref().map(|user| user.meta.id);
            let failure = event(Action::SignInFailed, id, &detail)?;
            self.write_accounts(&[failure], &Viewer::Anonymous.author()).await?;
            return Err(EngineError::WrongLogin);
        };
        // The user as it was read, so that a password that was changed meanwhile opens nothing.
        let unchanged = change(user, user.body.clone(), Some(user.meta.revision));
        let (secret, expires_at, session) = new_session(user.meta.id)?;
        let signed_in = event(Action::SignedIn, Some(user.meta.id), "")?;
        let by = user.meta.id.to_string();
        match self.write_accounts(&[unchanged, session, signed_in], &by).await {
            Err(EngineError::Store(StoreError::RevisionConflict { .. })) => {
                Err(EngineError::WrongLogin)
            }
            written => written.map(|_| Session { secret, expires_at, user: shown(user.clone()) }),
        }
    }

    /// Ends the session, or revokes the token, that the caller came with.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn sign_out(&self, grant: &Grant) -> Result<(), EngineError> {
        let Some(token) = self.store.get(Kind::Token, grant.token).await? else { return Ok(()) };
        let mut writes: Vec<Write> = revoked(&token.record).into_iter().collect();
        writes.push(event(Action::SignedOut, Some(grant.identity.user), "")?);
        self.write_accounts(&writes, &grant.viewer().author()).await.map(drop)
    }

    /// Ends all sessions of the caller and says how many. API tokens stay.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn sign_out_everywhere(&self, grant: &Grant) -> Result<usize, EngineError> {
        let mut writes = self.sessions_ended(grant.identity.user).await?;
        let ended = writes.len();
        writes.push(event(Action::SignedOut, Some(grant.identity.user), "everywhere")?);
        self.write_accounts(&writes, &grant.viewer().author()).await?;
        Ok(ended)
    }

    /// Changes the caller's own password. All their sessions end, and a new one begins.
    ///
    /// # Errors
    /// [`EngineError::BadRequest`] if the current password is wrong, or the new one too weak or
    /// the same; [`EngineError::LockedOut`]; [`EngineError::Busy`].
    pub async fn change_own_password(
        &self,
        grant: &Grant,
        current: String,
        new: String,
        address: Option<IpAddr>,
    ) -> Result<Session, EngineError> {
        let id = grant.identity.user;
        let missing = || EngineError::NotFound { kind: Kind::User, name: id.to_string() };
        let user = self.store.get(Kind::User, id).await?.ok_or_else(missing)?.record;
        let before = user_of(&user).ok_or_else(missing)?;
        let login = user.meta.external_id.clone();
        password::check("new_password", &login, &new)?;
        if new == current {
            let reason = "与原密码相同，请换一个".to_owned();
            return Err(EngineError::BadRequest { field: "new_password", reason });
        }
        if !self.check_password(&login, Some(&user), current, address).await? {
            let failure = event(Action::SignInFailed, Some(id), "password change")?;
            self.write_accounts(&[failure], &grant.viewer().author()).await?;
            let reason = "不正确，请重新输入；忘记时请联系管理员重置".to_owned();
            return Err(EngineError::BadRequest { field: "current_password", reason });
        }
        let password_hash = self.accounts.passwords.hash(new).await?;
        let changed = User { password_hash, must_change_password: false, ..before.clone() };
        let revision = Some(user.meta.revision);
        let mut writes = vec![change(&user, Body::User(changed), revision)];
        writes.extend(self.sessions_ended(id).await?);
        let (secret, expires_at, session) = new_session(id)?;
        writes.push(session);
        let mut written = self.write_accounts(&writes, &grant.viewer().author()).await?;
        Ok(Session { secret, expires_at, user: shown(written.swap_remove(0)) })
    }

    /// Whether it is the user's password. Takes as long if there is no user.
    async fn check_password(
        &self,
        login: &str,
        user: Option<&Record>,
        password: String,
        address: Option<IpAddr>,
    ) -> Result<bool, EngineError> {
        if password.chars().count() > PASSWORD_CHARS_MAX {
            let reason = format!("超过 {PASSWORD_CHARS_MAX} 个字符，请核对");
            return Err(EngineError::BadRequest { field: "password", reason });
        }
        // As long as any other, however long what was sent is.
        let key = sha256(login);
        let lockout = || self.accounts.lockout.lock().unwrap_or_else(PoisonError::into_inner);
        lockout()
            .begin(&key, address, Instant::now())
            .map_err(|wait| EngineError::LockedOut { wait })?;
        let hash = user.and_then(user_of).map(|user| user.password_hash.clone());
        let right = self.accounts.passwords.verify(hash, password).await?;
        if right {
            lockout().succeeded(&key, address);
        }
        Ok(right)
    }

    /// The writes that end all sessions of a user.
    pub(super) async fn sessions_ended(&self, user: RecordId) -> Result<Vec<Write>, EngineError> {
        let tokens = self.live_tokens(Some(user)).await?;
        let sessions = tokens.iter().filter(
            |token| matches!(&token.body, Body::Token(body) if body.kind == TokenKind::Session),
        );
        Ok(sessions.filter_map(revoked).collect())
    }
}

/// A new session's secret, its end, and the write that makes it.
fn new_session(user_id: RecordId) -> Result<(Secret, Timestamp, Write), EngineError> {
    let expires_at = Timestamp(Timestamp::now().0 + SESSION_HOURS * 3_600_000);
    let kind = TokenKind::Session;
    let token =
        Token { user_id, kind, label: SESSION_LABEL.to_owned(), expires_at, revoked_at: None };
    let secret = Secret::of_token(kind)?;
    let draft = private_draft(&sha256(secret.reveal()), Body::Token(token));
    Ok((secret, expires_at, Write { draft, existing: Existing::Refused }))
}

/// The write that revokes a token, if it is not revoked yet.
pub(super) fn revoked(token: &Record) -> Option<Write> {
    let Body::Token(body) = &token.body else { return None };
    let revoked = Token { revoked_at: Some(Timestamp::now()), ..body.clone() };
    body.revoked_at.is_none().then(|| change(token, Body::Token(revoked), None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::engine::{Home, NewUser, UserFields};
    use crate::model::Role;

    /// Time must not tell whether a login exists: on each way a password is held against a hash.
    #[tokio::test]
    async fn a_password_is_verified_whoever_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::start(&Home::new(folder.path()), &Data::embedded()).await.unwrap();
        for login in ["known", "disabled"] {
            let fields = UserFields {
                name: "甲".to_owned(),
                role: Role::Auditor,
                office: None,
                institution: None,
                enterprise: None,
            };
            let new = NewUser { login: login.to_owned(), fields };
            engine.create_user(Viewer::Local, new).await.unwrap();
            engine
                .give_password(Viewer::Local, login, "right password".to_owned(), false)
                .await
                .unwrap();
        }
        engine.disable_user(Viewer::Local, "disabled", true).await.unwrap();
        for (login, password) in [
            ("unknown", "right password"),
            ("known", "wrong password"),
            ("disabled", "wrong password"),
            ("disabled", "right password"),
        ] {
            let before = engine.accounts.passwords.verified();
            let told = engine.sign_in(login, password.to_owned(), None).await.unwrap_err();
            assert!(matches!(told, EngineError::WrongLogin), "{login}: {told}");
            assert_eq!(engine.accounts.passwords.verified(), before + 1, "{login}");
        }
        let session = engine.sign_in(" KNOWN ", "right password".to_owned(), None).await.unwrap();
        assert!(engine.grant_of(session.secret.reveal()).await.unwrap().is_some());
        engine.close().await;
    }
}
