//! Users, sessions, tokens and offices, as they are asked for and told.

use serde::Serialize;
use utoipa::ToSchema;

use super::records::{Alias, Common, aliases, common};
use crate::engine;
use crate::model::{self, Body};

/// 登录
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignIn {
    /// Login.
    pub login: String,
    /// Password.
    pub password: String,
}

/// 修改密码
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PasswordChange {
    /// The password until now.
    pub current_password: String,
    /// The new one, 12 to 200 characters.
    pub new_password: String,
}

/// 会话: shown as `Authorization: Bearer …` with each request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Session {
    /// The secret, told here only.
    pub token: String,
    /// Good until then, RFC 3339 in UTC.
    pub expires_at: String,
    /// What the user is here.
    pub role: &'static str,
    /// Who has signed in.
    pub user: User,
}

/// How many sessions ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionsEnded {
    /// Their number.
    pub ended: usize,
}

/// Who has signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Me {
    /// The user.
    pub user: User,
    /// Id of the token that was shown.
    pub token_id: String,
    /// The token is good until then.
    pub expires_at: String,
}

/// 用户
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct User {
    /// Id, a UUIDv7.
    pub id: String,
    /// What they sign in as.
    pub login: String,
    /// What people call them.
    pub name: String,
    /// `office`, `commissioner`, `enterprise`, `institution`, `auditor` or `admin`.
    pub role: &'static str,
    /// The role in Chinese.
    pub role_label: &'static str,
    /// The office whose area is theirs, or the park they come from.
    pub office_id: Option<String>,
    /// The institution they are posted to or belong to.
    pub institution_id: Option<String>,
    /// The firm they belong to.
    pub enterprise_id: Option<String>,
    /// Cannot sign in any more.
    pub disabled: bool,
    /// Must change the password before anything else.
    pub must_change_password: bool,
    /// When they were created, RFC 3339 in UTC.
    pub created_at: String,
    /// Who created them.
    pub created_by: String,
    /// When they were last changed, RFC 3339 in UTC.
    pub updated_at: String,
    /// Who changed them last.
    pub updated_by: String,
    /// 1 for a new user, larger by 1 with every change; `ETag` has it too.
    pub revision: u64,
}

/// 新用户
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct NewUser {
    /// What they sign in as: small letters, digits, `.`, `_`, `-`, `@`; 2 to 64.
    pub login: String,
    /// What people call them.
    pub name: String,
    /// `office`, `commissioner`, `enterprise`, `institution`, `auditor` or `admin`.
    pub role: String,
    /// Of `office` and `commissioner`: their office by id, external id or `source:external_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// Of `commissioner` and `institution`: their institution, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub institution: Option<String>,
    /// Of `enterprise`: their firm, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enterprise: Option<String>,
}

/// 更改用户: what is absent is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct UserChange {
    /// As of a new user.
    pub name: String,
    /// As of a new user.
    pub role: String,
    /// As of a new user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office: Option<String>,
    /// As of a new user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub institution: Option<String>,
    /// As of a new user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enterprise: Option<String>,
    /// Cannot sign in any more; `false` if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<bool>,
}

/// A new user with the password that lets them in once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UserWithPassword {
    /// The user.
    #[serde(flatten)]
    pub user: User,
    /// To be handed over and changed at once; told here only.
    pub one_time_password: String,
}

/// A password that lets a user in once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OneTimePassword {
    /// To be handed over and changed at once; told here only.
    pub one_time_password: String,
}

/// 令牌: an API token or a session, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Token {
    /// Id, a UUIDv7; no secret.
    pub id: String,
    /// Whose it is.
    pub user_id: String,
    /// `session` or `api`.
    pub kind: &'static str,
    /// The kind in Chinese.
    pub kind_label: &'static str,
    /// What it is for.
    pub label: String,
    /// Good until then, RFC 3339 in UTC.
    pub expires_at: String,
    /// When it was made, RFC 3339 in UTC.
    pub created_at: String,
    /// Who made it.
    pub created_by: String,
}

/// 新令牌
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct NewToken {
    /// What it is for.
    pub label: String,
    /// Good for so many days, 1 to 365; 90 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// Whose, by login or id; for administrators. The caller's own if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

/// A new token with its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TokenWithSecret {
    /// The token.
    #[serde(flatten)]
    pub about: Token,
    /// The secret, told here only.
    pub token: String,
}

/// 机构: city, district or park.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Office {
    /// What every record has.
    #[serde(flatten)]
    pub common: Common,
    /// Name; of a park the one that firms give.
    pub name: String,
    /// `city`, `district` or `park`.
    pub level: &'static str,
    /// The level in Chinese.
    pub level_label: &'static str,
    /// The office above.
    pub parent_id: Option<String>,
    /// Other names.
    pub aliases: Vec<Alias>,
}

/// 新机构
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct NewOffice {
    /// What programs call it; a new UUIDv7 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Name; of a park the one that firms give.
    pub name: String,
    /// `city`, `district` or `park`.
    pub level: String,
    /// The office above by id, external id or `source:external_id`; a city has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Other names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aliases: Option<Vec<String>>,
}

/// 更改机构: what is absent is empty; the level stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfficeChange {
    /// As of a new office.
    pub name: String,
    /// As of a new office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// As of a new office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aliases: Option<Vec<String>>,
}

/// A user as they are told; `None` for records of other kinds.
pub fn user(record: &model::Record) -> Option<User> {
    let (meta, Body::User(body)) = (&record.meta, &record.body) else { return None };
    Some(User {
        id: meta.id.to_string(),
        login: meta.external_id.clone(),
        name: body.name.clone(),
        role: body.role.as_str(),
        role_label: body.role.label(),
        office_id: body.office_id.map(|id| id.to_string()),
        institution_id: body.institution_id.map(|id| id.to_string()),
        enterprise_id: body.enterprise_id.map(|id| id.to_string()),
        disabled: body.disabled,
        must_change_password: body.must_change_password,
        created_at: meta.created_at.to_string(),
        created_by: meta.created_by.clone(),
        updated_at: meta.updated_at.to_string(),
        updated_by: meta.updated_by.clone(),
        revision: meta.revision,
    })
}

/// A session as it is told, once.
pub fn session(session: &engine::Session) -> Option<Session> {
    let user = user(&session.user)?;
    Some(Session {
        token: session.secret.reveal().to_owned(),
        expires_at: session.expires_at.to_string(),
        role: user.role,
        user,
    })
}

/// A token as it is told; `None` for records of other kinds. Its external id is the digest of
/// its secret and nobody's business.
pub fn token(record: &model::Record) -> Option<Token> {
    let (meta, Body::Token(body)) = (&record.meta, &record.body) else { return None };
    Some(Token {
        id: meta.id.to_string(),
        user_id: body.user_id.to_string(),
        kind: body.kind.as_str(),
        kind_label: body.kind.label(),
        label: body.label.clone(),
        expires_at: body.expires_at.to_string(),
        created_at: meta.created_at.to_string(),
        created_by: meta.created_by.clone(),
    })
}

/// An office as it is told; `None` for records of other kinds.
pub fn office(record: &model::Record) -> Option<Office> {
    let Body::Office(body) = &record.body else { return None };
    Some(Office {
        common: common(&record.meta),
        name: body.name.clone(),
        level: body.level.as_str(),
        level_label: body.level.label(),
        parent_id: body.parent_id.map(|id| id.to_string()),
        aliases: aliases(&body.aliases),
    })
}
