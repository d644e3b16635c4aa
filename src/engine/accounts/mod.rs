//! Who may come in: users with their passwords, sessions and tokens, and the offices they
//! belong to.
//!
//! A secret (a password, a session's or a token's) is never stored, logged or compared: of a
//! password there is an argon2id hash, of a token its SHA-256, under which it is looked up.
//! Who may see which record is not decided here but in `engine/permission.rs`.

mod cache;
mod change;
mod event;
mod first_start;
mod grant;
mod lockout;
mod offices;
mod parks;
mod password;
mod sample_users;
mod secret;
mod sign_in;
mod tokens;
mod users;
mod viewer;

use std::sync::Mutex;

use self::cache::Cache;
use self::lockout::Lockout;
use self::password::Passwords;

pub(super) use change::{change, private_draft, public_draft};
pub use first_start::FIRST_ADMIN;
pub use grant::Grant;
pub use offices::{NewOffice, OfficeChange};
pub use parks::ParksReport;
pub use password::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};
pub use sample_users::SampleUser;
pub use secret::Secret;
pub use sign_in::{SESSION_HOURS, Session};
pub use tokens::{NewToken, TOKEN_DAYS_MAX};
pub use users::{NewUser, UserChange, UserFields};

/// 账户: what is kept in memory of those who come in.
#[derive(Default)]
pub(super) struct Accounts {
    passwords: Passwords,
    lockout: Mutex<Lockout>,
    cache: Cache,
}

impl Accounts {
    /// What this process has written must be seen by the next who comes in.
    pub(super) fn written(&self) {
        self.cache.written();
    }
}
