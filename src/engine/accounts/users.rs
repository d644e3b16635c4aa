//! Users: created, found, changed, disabled, given a new password. None is ever deleted, so that
//! a login means the same person for good.

use super::change::{LOCAL, change, draft};
use super::password;
use super::secret::Secret;
use crate::engine::naming::resolve;
use crate::engine::records::{LIST_LIMIT_MAX, check_limit};
use crate::engine::{Engine, EngineError, RecordView, Viewer};
use crate::intake::Unresolved;
use crate::model::{Body, Kind, Record, RecordId, Role, User, Visibility};
use crate::store::{BATCH_MAX, Existing, Write};

/// Fewest and most characters of a login.
const LOGIN_CHARS: std::ops::RangeInclusive<usize> = 2..=64;

/// What is said of a user, their login and password apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserFields {
    /// What people call them.
    pub name: String,
    /// What they are here.
    pub role: Role,
    /// Office by id, external id or `source:external_id`.
    pub office: Option<String>,
    /// Institution, likewise.
    pub institution: Option<String>,
    /// Firm, likewise.
    pub enterprise: Option<String>,
}

/// 新用户
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// What they sign in as: small letters, digits, `.`, `_`, `-`, `@`.
    pub login: String,
    /// The rest.
    pub fields: UserFields,
}

/// What becomes of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserChange {
    /// What is said of them.
    pub fields: UserFields,
    /// Whether they cannot sign in any more.
    pub disabled: bool,
}

impl Engine {
    /// Creates a user with a one-time password, which is told here and never again.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`]; [`EngineError::Exists`]; [`EngineError::BadRequest`] and
    /// [`EngineError::Refused`] for what cannot be used.
    pub async fn create_user(
        &self,
        viewer: Viewer,
        new: NewUser,
    ) -> Result<(RecordView, Secret), EngineError> {
        may_administer(viewer)?;
        let secret = Secret::one_time_password()?;
        let password = Some(secret.reveal().to_owned());
        let user = self.user_from(new.fields, password, true).await?;
        let record = self.add_user(LOCAL, &new.login, user, &viewer.author()).await?;
        Ok((record, secret))
    }

    /// The user of that login or id.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`] unless it is the viewer or they see all accounts;
    /// [`EngineError::NotFound`].
    pub async fn find_user(&self, viewer: Viewer, name: &str) -> Result<RecordView, EngineError> {
        if viewer.sees_accounts() {
            return self.user_named(name).await.map(shown);
        }
        let forbidden = || EngineError::Forbidden { action: "see other users" };
        let own = viewer.identity().ok_or_else(forbidden)?.user;
        let own = self.store.get(Kind::User, own).await?.ok_or_else(forbidden)?.record;
        let theirs = own.meta.external_id == name || own.meta.id.to_string() == name;
        theirs.then(|| shown(own)).ok_or_else(forbidden)
    }

    /// A page of users behind `after`, in the order of their ids, and whether there are more.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`]; [`EngineError::TooLarge`] if `limit` is over
    /// [`LIST_LIMIT_MAX`].
    pub async fn list_users(
        &self,
        viewer: Viewer,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<(Vec<RecordView>, bool), EngineError> {
        if !viewer.sees_accounts() {
            return Err(EngineError::Forbidden { action: "list users" });
        }
        check_limit(limit, LIST_LIMIT_MAX)?;
        let mut page = self.store.list(Kind::User, after, limit + 1).await?;
        let more = page.len() > limit;
        page.truncate(limit);
        Ok((page.into_iter().map(|stored| shown(stored.record)).collect(), more))
    }

    /// Changes a user, if they are still at `revision`. Who is disabled is out at once.
    ///
    /// # Errors
    /// As [`Engine::create_user`]; [`EngineError::NotFound`]; [`EngineError::Store`] with
    /// `RevisionConflict`; [`EngineError::BadRequest`] if no administrator would be left.
    pub async fn change_user(
        &self,
        viewer: Viewer,
        name: &str,
        to: UserChange,
        revision: Option<u64>,
    ) -> Result<RecordView, EngineError> {
        may_administer(viewer)?;
        let record = self.user_named(name).await?;
        let before = user_of(&record).ok_or_else(|| missing(name))?;
        let User { must_change_password, ref password_hash, .. } = *before;
        let mut user = self.user_from(to.fields, None, must_change_password).await?;
        user.password_hash.clone_from(password_hash);
        user.disabled = to.disabled;
        let admin = |user: &User| user.role == Role::Admin && !user.disabled;
        if admin(before) && !admin(&user) {
            self.check_other_admin(record.meta.id).await?;
        }
        let write = change(&record, Body::User(user), revision);
        let mut written = self.write_accounts(&[write], &viewer.author()).await?;
        Ok(shown(written.swap_remove(0)))
    }

    /// Disables a user, or lets them in again.
    ///
    /// # Errors
    /// As [`Engine::change_user`].
    pub async fn disable_user(
        &self,
        viewer: Viewer,
        name: &str,
        disabled: bool,
    ) -> Result<RecordView, EngineError> {
        may_administer(viewer)?;
        let record = self.user_named(name).await?;
        let before = user_of(&record).ok_or_else(|| missing(name))?;
        if before.role == Role::Admin && disabled && !before.disabled {
            self.check_other_admin(record.meta.id).await?;
        }
        let write = change(&record, Body::User(User { disabled, ..before.clone() }), None);
        let mut written = self.write_accounts(&[write], &viewer.author()).await?;
        Ok(shown(written.swap_remove(0)))
    }

    /// Gives a user a one-time password, which is told here and never again. Their sessions end;
    /// their API tokens wait until they have changed it.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`]; [`EngineError::NotFound`].
    pub async fn reset_password(&self, viewer: Viewer, name: &str) -> Result<Secret, EngineError> {
        let secret = Secret::one_time_password()?;
        self.give_password(viewer, name, secret.reveal().to_owned(), true).await?;
        Ok(secret)
    }

    /// Gives a user that password; whether they must change it before anything else. Their
    /// sessions end.
    ///
    /// # Errors
    /// As [`Engine::reset_password`]; [`EngineError::BadRequest`] if it is too weak.
    pub async fn give_password(
        &self,
        viewer: Viewer,
        name: &str,
        password: String,
        must_change_password: bool,
    ) -> Result<(), EngineError> {
        may_administer(viewer)?;
        let record = self.user_named(name).await?;
        let before = user_of(&record).ok_or_else(|| missing(name))?;
        password::check("password", &record.meta.external_id, &password)?;
        let password_hash = self.accounts.passwords.hash(password).await?;
        let user = User { password_hash, must_change_password, ..before.clone() };
        let mut writes = vec![change(&record, Body::User(user), Some(record.meta.revision))];
        writes.extend(self.sessions_ended(record.meta.id).await?);
        self.write_accounts(&writes, &viewer.author()).await.map(drop)
    }

    /// Adds a user of that source; the login must be nobody's in any source.
    pub(super) async fn add_user(
        &self,
        source: &str,
        login: &str,
        user: User,
        by: &str,
    ) -> Result<RecordView, EngineError> {
        check_login(login)?;
        if let Some(other) = self.user_of_login(login).await? {
            let source_name = other.meta.source;
            let external_id = login.to_owned();
            return Err(EngineError::Exists { kind: Kind::User, source_name, external_id });
        }
        let draft = draft(source, login, Visibility::Private, Body::User(user));
        let write = Write { draft, existing: Existing::Refused };
        let mut written = self.write_accounts(&[write], by).await?;
        Ok(shown(written.swap_remove(0)))
    }

    /// The user whose login that is.
    pub(super) async fn user_of_login(&self, login: &str) -> Result<Option<Record>, EngineError> {
        let found = self.store.find(Kind::User, None, login).await?;
        Ok(found.into_iter().next().map(|stored| stored.record))
    }

    /// The user of that login or id.
    pub(super) async fn user_named(&self, name: &str) -> Result<Record, EngineError> {
        if let Some(user) = self.user_of_login(name).await? {
            return Ok(user);
        }
        let id = name.parse().map_err(|_| missing(name))?;
        let found = self.store.get(Kind::User, id).await?;
        found.map(|stored| stored.record).ok_or_else(|| missing(name))
    }

    /// A user of these fields; without a password nobody can sign in as them.
    pub(super) async fn user_from(
        &self,
        fields: UserFields,
        password: Option<String>,
        must_change_password: bool,
    ) -> Result<User, EngineError> {
        let office_id = self.bound_to("office", Kind::Office, fields.office).await?;
        let institution = fields.institution;
        let institution_id = self.bound_to("institution", Kind::Institution, institution).await?;
        let enterprise_id =
            self.bound_to("enterprise", Kind::Enterprise, fields.enterprise).await?;
        let user = User {
            name: fields.name,
            role: fields.role,
            office_id,
            institution_id,
            enterprise_id,
            disabled: false,
            must_change_password,
            password_hash: String::new(),
        };
        // Before the hash, which takes long.
        let user = user.checked()?;
        let password_hash = match password {
            None => String::new(),
            Some(password) => self.accounts.passwords.hash(password).await?,
        };
        Ok(User { password_hash, ..user })
    }

    /// The id of what a user is to be bound to.
    pub(super) async fn bound_to(
        &self,
        field: &'static str,
        kind: Kind,
        name: Option<String>,
    ) -> Result<Option<RecordId>, EngineError> {
        let Some(name) = name else { return Ok(None) };
        let reason = match resolve(self.store.as_ref(), kind, &name).await? {
            Ok(stored) => return Ok(Some(stored.record.meta.id)),
            Err(Unresolved::Missing) => format!("没有编号为“{name}”的{}，请核对编号", kind.label()),
            Err(Unresolved::Ambiguous(sources)) => {
                format!("“{name}”在几个来源里都有（{}），请写成 来源:编号", sources.join("、"))
            }
        };
        Err(EngineError::BadRequest { field, reason })
    }

    /// Refuses to leave the house without anybody who can let others in.
    async fn check_other_admin(&self, leaving: RecordId) -> Result<(), EngineError> {
        let mut after = None;
        loop {
            let page = self.store.list(Kind::User, after, BATCH_MAX).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.record.meta.id);
            let other = page.iter().any(|stored| {
                let admin = |user: &User| user.role == Role::Admin && !user.disabled;
                stored.record.meta.id != leaving && user_of(&stored.record).is_some_and(admin)
            });
            if other {
                return Ok(());
            }
        }
        let reason = "这是最后一名可用的管理员，请先指定另一名管理员".to_owned();
        Err(EngineError::BadRequest { field: "role", reason })
    }

    /// [`Engine::write_and_tell`], for those who want the records.
    pub(super) async fn write_accounts(
        &self,
        writes: &[Write],
        by: &str,
    ) -> Result<Vec<Record>, EngineError> {
        let written = self.write_and_tell(writes, by).await?;
        Ok(written.into_iter().map(|(stored, _)| stored.record).collect())
    }
}

pub(super) fn may_administer(viewer: Viewer) -> Result<(), EngineError> {
    let forbidden = EngineError::Forbidden { action: "administer accounts" };
    viewer.administers().then_some(()).ok_or(forbidden)
}

/// A login is no text of which two look the same, and no id.
fn check_login(login: &str) -> Result<(), EngineError> {
    let allowed = |c: char| {
        c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '@')
    };
    let good = LOGIN_CHARS.contains(&login.len())
        && login.chars().all(allowed)
        && login.starts_with(|c: char| c.is_ascii_alphanumeric())
        && login.parse::<RecordId>().is_err();
    if good {
        return Ok(());
    }
    let reason = format!(
        "用户名只能用小写字母、数字和 . _ - @，以字母或数字开头，{} 到 {} 个字符",
        LOGIN_CHARS.start(),
        LOGIN_CHARS.end()
    );
    Err(EngineError::BadRequest { field: "login", reason })
}

/// The user in a record.
pub(super) fn user_of(record: &Record) -> Option<&User> {
    match &record.body {
        Body::User(user) => Some(user),
        _ => None,
    }
}

/// A user as anybody may see them: nobody sees the hash of a password.
pub(super) fn shown(mut record: Record) -> RecordView {
    if let Body::User(user) = &mut record.body {
        user.password_hash.clear();
    }
    record
}

fn missing(name: &str) -> EngineError {
    EngineError::NotFound { kind: Kind::User, name: name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_are_plain() {
        for good in ["zhang.san", "a1", "0x-y_z@park"] {
            assert!(check_login(good).is_ok(), "{good}");
        }
        let id = RecordId::generate().to_string();
        for bad in ["", "a", "Zhang", "张三", "-a", "a b", "a:b", "a/b", &"a".repeat(65), &id] {
            assert!(check_login(bad).is_err(), "{bad}");
        }
    }
}
