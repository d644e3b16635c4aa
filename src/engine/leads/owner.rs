//! Who looks after a lead: somebody of an office, or a commissioner.

use super::is_in_charge;
use crate::engine::naming::resolve;
use crate::engine::{Engine, EngineError, Viewer};
use crate::model::{Body, Kind, RecordId, Role};

impl Engine {
    /// The user whom a condition names: `me`, an id, or a login if the viewer may see whose.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if there is no such login that the viewer may see.
    pub(in crate::engine) async fn user_asked_for(
        &self,
        viewer: Viewer,
        name: &str,
    ) -> Result<RecordId, EngineError> {
        match (name.trim(), viewer.identity()) {
            ("me", Some(identity)) => Ok(identity.user),
            // An id tells nothing that the caller does not know.
            (name, _) => match name.parse() {
                Ok(id) => Ok(id),
                Err(_) => Ok(self.named(viewer, Kind::User, name).await?.record.meta.id),
            },
        }
    }

    /// The user whom somebody in charge names as owner, by id or login; `me` is whoever asks.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`] for those who are not in charge; [`EngineError::BadRequest`] if
    /// there is nobody of that name who looks after leads.
    pub(super) async fn owner(&self, viewer: Viewer, name: &str) -> Result<RecordId, EngineError> {
        if !is_in_charge(viewer) {
            return Err(EngineError::Forbidden { action: "name an owner" });
        }
        if let ("me", Some(identity)) = (name.trim(), viewer.identity()) {
            return Ok(identity.user);
        }
        // Whom one may hand work to, one may name, though accounts are the administrator's.
        if let Ok(stored) = resolve(self.store.as_ref(), Kind::User, name).await?
            && let Body::User(user) = &stored.record.body
            && !user.disabled
            && matches!(user.role, Role::Office | Role::Commissioner)
        {
            return Ok(stored.record.meta.id);
        }
        let reason = format!("没有“{name}”这位专员或主管部门用户；请填其登录名或编号");
        Err(EngineError::BadRequest { field: "owner", reason })
    }
}
