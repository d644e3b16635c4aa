//! What accounts ask of a viewer: who it is, and whether accounts are its business.

use crate::engine::{Identity, Viewer};
use crate::model::Kind;

impl Viewer {
    /// Who has signed in, if somebody has.
    pub fn identity(self) -> Option<Identity> {
        match self {
            Self::User(identity) => Some(identity),
            Self::Local | Self::Anonymous => None,
        }
    }

    /// What records say of who created or changed them: the user's id, `local` or `anonymous`.
    pub fn author(self) -> String {
        match self {
            Self::Local => "local".to_owned(),
            Self::Anonymous => "anonymous".to_owned(),
            Self::User(identity) => identity.user.to_string(),
        }
    }

    /// Whether the viewer creates and changes accounts and offices.
    pub(super) fn administers(self) -> bool {
        self.changes_all(Kind::User)
    }

    /// Whether the viewer sees all accounts.
    pub(super) fn sees_accounts(self) -> bool {
        self.sees_all(Kind::User)
    }
}
