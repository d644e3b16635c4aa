//! A new lead, from a need and a lab.

use super::{LeadView, SOURCE, draft, is_in_charge, role_of};
use crate::engine::{Engine, EngineError, Once, Viewer};
use crate::model::{Body, CivilDate, Kind, Lead, RecordId, Resource, Role, Timestamp};
use crate::store::{Existing, Write};

/// 新线索: as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLead {
    /// The need, by id, external id or `source:external_id`.
    pub need: String,
    /// The lab, likewise.
    pub lab: String,
    /// What the firm is to get.
    pub resource: Resource,
    /// Who looks after it, by id or login; whoever makes it, if they are in charge and this is
    /// `None`.
    pub owner: Option<String>,
    /// The next step is due then.
    pub due_on: Option<CivilDate>,
    /// A word about it.
    pub note: String,
}

impl Engine {
    /// Makes a lead of a need and a lab that the viewer sees. It begins as found; a side that
    /// makes it has thereby accepted it.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if the viewer does not see need or lab;
    /// [`EngineError::Forbidden`]; [`EngineError::LeadExists`] if there is such a lead.
    pub async fn create_lead(
        &self,
        viewer: Viewer,
        new: NewLead,
        once: Option<Once>,
    ) -> Result<LeadView, EngineError> {
        let need_id = self.named(viewer, Kind::Need, &new.need).await?.record.meta.id;
        let lab_id = self.named(viewer, Kind::Lab, &new.lab).await?.record.meta.id;
        let mut lead = Lead::found(need_id, lab_id, new.resource, Timestamp::now());
        lead.accepted_by_enterprise = role_of(viewer) == Some(Role::Enterprise);
        lead.accepted_by_institution = role_of(viewer) == Some(Role::Institution);
        let maker = viewer.identity().filter(|_| is_in_charge(viewer));
        lead.owner_id = match &new.owner {
            Some(name) => Some(self.owner(viewer, name).await?),
            None => maker.map(|identity| identity.user),
        };
        (lead.due_on, lead.note) = (new.due_on, new.note);
        let name = name_of(need_id, lab_id, new.resource);
        let draft = draft(name.clone(), Body::Lead(lead.checked()?));
        self.check_may_create(viewer, &draft)?;
        let write = Write { draft, existing: Existing::Refused };
        match self.write_one(viewer, write, once).await {
            Ok((stored, _)) => self.lead_view(viewer, stored, None),
            // Whoever may make it sees the one that is there.
            Err(EngineError::Exists { .. }) => {
                let found = self.store.find(Kind::Lead, Some(SOURCE), &name).await?;
                let id = found.first().map(|stored| stored.record.meta.id);
                let id = id.ok_or_else(|| EngineError::NotFound { kind: Kind::Lead, name })?;
                Err(EngineError::LeadExists { id })
            }
            Err(error) => Err(error),
        }
    }
}

/// What a lead is called in the store, so that none is there twice.
fn name_of(need: RecordId, lab: RecordId, resource: Resource) -> String {
    format!("{need}:{lab}:{}", resource.as_str())
}
