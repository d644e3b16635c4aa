//! Who works on leads, by name: those in charge know each other, the parties know them by role.

use std::collections::BTreeMap;

use super::{LeadView, is_in_charge};
use crate::engine::directory::UserEntry;
use crate::engine::{Engine, EngineError, Extent, Identity, Viewer};
use crate::model::{Body, Kind, RecordId, Role, User};

/// 经办人: somebody who works on leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The user.
    pub id: RecordId,
    /// What they are called; their role where the viewer may know no more.
    pub name: String,
    /// What they are.
    pub role: Role,
}

impl Engine {
    /// The users of those ids, as the viewer may know them: those in charge by name to each
    /// other, everybody to themselves and to whoever sees accounts, all others by their role.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn people(
        &self,
        viewer: Viewer,
        ids: impl IntoIterator<Item = RecordId>,
    ) -> Result<BTreeMap<RecordId, Person>, EngineError> {
        let mut people = BTreeMap::new();
        for id in ids {
            if !people.contains_key(&id)
                && let Some(user) = self.account(id).await?
            {
                let own = viewer.identity().is_some_and(|identity| identity.user == id);
                let colleagues = is_in_charge(viewer) && looks_after_leads(user.role);
                let known = own || colleagues || viewer.sees_all(Kind::User);
                let name = if known { user.name } else { user.role.label().to_owned() };
                people.insert(id, Person { id, name, role: user.role });
            }
        }
        Ok(people)
    }

    /// Those who can be given a lead to look after, by name: offices and commissioners in whose
    /// area or institution it lies. Nobody for viewers who are not in charge.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn lead_candidates(
        &self,
        viewer: Viewer,
        lead: &LeadView,
    ) -> Result<Vec<Person>, EngineError> {
        if !is_in_charge(viewer) {
            return Ok(Vec::new());
        }
        let directory = self.directory();
        let Some(entry) = directory.lead(lead.record.meta.id) else { return Ok(Vec::new()) };
        let sees = |(user, of): &(RecordId, &UserEntry)| {
            let identity = Identity {
                user: *user,
                role: of.role,
                office: of.office,
                institution: of.institution,
                enterprise: of.enterprise,
            };
            let sight = Viewer::User(identity).sight_of_lead(&directory, entry);
            looks_after_leads(of.role) && sight.extent == Extent::Full
        };
        let ids: Vec<RecordId> = directory.users().filter(sees).map(|(id, _)| id).collect();
        let mut people = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(user) = self.account(id).await?.filter(|user| !user.disabled) {
                people.push(Person { id, name: user.name, role: user.role });
            }
        }
        people.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        Ok(people)
    }

    async fn account(&self, id: RecordId) -> Result<Option<User>, EngineError> {
        let stored = self.store.get(Kind::User, id).await?;
        Ok(stored.and_then(|stored| match stored.record.body {
            Body::User(user) => Some(user),
            _ => None,
        }))
    }
}

fn looks_after_leads(role: Role) -> bool {
    matches!(role, Role::Office | Role::Commissioner)
}
