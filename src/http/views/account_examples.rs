//! Examples of accounts, for the description of the API.

use super::examples::{ID, OTHER_ID, common, text};
use super::{
    Alias, Me, NewOffice, NewToken, NewUser, Office, OfficeChange, OneTimePassword, PasswordChange,
    Session, SessionsEnded, SignIn, Token, TokenWithSecret, User, UserChange, UserWithPassword,
};

/// Nobody's password.
const PASSWORD: &str = "four plain words here";
const NEW_PASSWORD: &str = "four other words here";
const ONE_TIME_PASSWORD: &str = "7k2mq-x9d4t-hw3vb-z6n8c";
const AT: &str = "2026-03-01T08:00:00.000Z";
const EXPIRES_AT: &str = "2026-03-01T20:00:00.000Z";

pub(super) fn sign_in() -> SignIn {
    SignIn { login: "zhang.san".to_owned(), password: PASSWORD.to_owned() }
}

pub(super) fn password_change() -> PasswordChange {
    PasswordChange { current_password: PASSWORD.to_owned(), new_password: NEW_PASSWORD.to_owned() }
}

pub(super) fn new_user() -> NewUser {
    NewUser {
        login: "li.si".to_owned(),
        name: "李四（示例）".to_owned(),
        role: "commissioner".to_owned(),
        office: text("example-park"),
        institution: text("example-institution"),
        enterprise: None,
    }
}

pub(super) fn user_change() -> UserChange {
    UserChange {
        name: "张三（示例）".to_owned(),
        role: "auditor".to_owned(),
        disabled: Some(false),
        ..UserChange::default()
    }
}

pub(super) fn new_token() -> NewToken {
    NewToken { label: "每周报表".to_owned(), days: Some(30), user: text("zhang.san") }
}

pub(super) fn new_office() -> NewOffice {
    NewOffice {
        external_id: text("example-park"),
        name: "示例高新区".to_owned(),
        level: "park".to_owned(),
        parent: text("nanjing"),
        aliases: Some(vec!["示例高新技术产业开发区".to_owned()]),
    }
}

pub(super) fn office_change() -> OfficeChange {
    OfficeChange { name: "南京市".to_owned(), ..OfficeChange::default() }
}

pub(super) fn user() -> User {
    User {
        id: ID.to_owned(),
        login: "zhang.san".to_owned(),
        name: "张三（示例）".to_owned(),
        role: "auditor",
        role_label: "审计",
        office_id: None,
        institution_id: None,
        enterprise_id: None,
        disabled: false,
        must_change_password: false,
        created_at: AT.to_owned(),
        created_by: "local".to_owned(),
        updated_at: AT.to_owned(),
        updated_by: "local".to_owned(),
        revision: 1,
    }
}

pub(super) fn user_with_password() -> UserWithPassword {
    UserWithPassword { user: user(), one_time_password: ONE_TIME_PASSWORD.to_owned() }
}

pub(super) fn one_time_password() -> OneTimePassword {
    OneTimePassword { one_time_password: ONE_TIME_PASSWORD.to_owned() }
}

pub(super) fn session() -> Session {
    Session {
        token: format!("djs_{}", "x".repeat(43)),
        expires_at: EXPIRES_AT.to_owned(),
        role: "auditor",
        user: user(),
    }
}

pub(super) fn sessions_ended() -> SessionsEnded {
    SessionsEnded { ended: 2 }
}

pub(super) fn me() -> Me {
    Me { user: user(), token_id: OTHER_ID.to_owned(), expires_at: EXPIRES_AT.to_owned() }
}

pub(super) fn token() -> Token {
    Token {
        id: OTHER_ID.to_owned(),
        user_id: ID.to_owned(),
        kind: "api",
        kind_label: "接口令牌",
        label: "每周报表".to_owned(),
        expires_at: EXPIRES_AT.to_owned(),
        created_at: AT.to_owned(),
        created_by: ID.to_owned(),
    }
}

pub(super) fn token_with_secret() -> TokenWithSecret {
    TokenWithSecret { about: token(), token: format!("djt_{}", "x".repeat(43)) }
}

pub(super) fn office() -> Office {
    Office {
        common: common("example-park"),
        name: "示例高新区".to_owned(),
        level: "park",
        level_label: "园区",
        parent_id: Some(OTHER_ID.to_owned()),
        aliases: vec![Alias {
            name: "示例高新技术产业开发区".to_owned(),
            valid_from: None,
            valid_until: None,
        }],
    }
}
