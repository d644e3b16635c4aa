//! The first start: somebody must be able to let the others in.

use super::change::LOCAL;
use super::secret::Secret;
use super::users::UserFields;
use crate::engine::{Engine, EngineError, Viewer};
use crate::model::{Kind, Role};

/// Login of the administrator who is there from the first start on.
pub const FIRST_ADMIN: &str = "admin";
const FIRST_ADMIN_NAME: &str = "管理员";

impl Engine {
    /// Creates the first administrator if there is no user at all, and tells their one-time
    /// password, which must be changed before anything else.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn first_admin(&self) -> Result<Option<Secret>, EngineError> {
        if self.store.count(Kind::User).await? > 0 {
            return Ok(None);
        }
        let fields = UserFields {
            name: FIRST_ADMIN_NAME.to_owned(),
            role: Role::Admin,
            office: None,
            institution: None,
            enterprise: None,
        };
        let secret = Secret::one_time_password()?;
        let user = self.user_from(fields, Some(secret.reveal().to_owned()), true).await?;
        match self.add_user(LOCAL, FIRST_ADMIN, user, &Viewer::Local.author()).await {
            Ok(_) => Ok(Some(secret)),
            // Another process has started at the same time, and told its own.
            Err(EngineError::Exists { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
