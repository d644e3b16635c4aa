//! What stands in the directory of each live record, taken from it by `of`: as far as filters, names and
//! permissions need it.

use std::sync::Arc;

use crate::model::{
    Activity, ActivityKind, Area, CivilDate, CommissionerRole, Dismissal, Enterprise, Fen,
    Institution, InstitutionClass, InstitutionKind, Lab, LabKind, Lead, LeadState, Meta, Mode,
    Need, Office, OfficeLevel, Plan, PlanState, Posting, RecordId, Resource, Role, Stay, Timestamp,
    User, Visibility,
};
use crate::store::RowId;

/// An institution as far as filters and answers need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstitutionEntry {
    /// Its id.
    pub id: RecordId,
    /// Its name.
    pub name: String,
    /// University or institute.
    pub kind: InstitutionKind,
    /// The lists it stands on.
    pub classes: Vec<InstitutionClass>,
    /// Short name of its province.
    pub province: String,
    /// Short name of its city.
    pub city: String,
    /// Who may see it.
    pub visibility: Visibility,
}

impl InstitutionEntry {
    pub(super) fn of(meta: &Meta, body: &Institution) -> Self {
        Self {
            id: meta.id,
            name: body.name.clone(),
            kind: body.kind,
            classes: body.classes.clone(),
            province: body.province.clone(),
            city: body.city.clone(),
            visibility: meta.visibility,
        }
    }
}

/// A lab as far as filters and answers need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabEntry {
    /// Its id.
    pub id: RecordId,
    /// Its id in its source.
    pub external_id: String,
    /// Its name.
    pub name: String,
    /// What it calls itself.
    pub kind: LabKind,
    /// Its areas.
    pub areas: Vec<Area>,
    /// Its profile is to be renewed by this date.
    pub expires_on: Option<CivilDate>,
    /// Its institutions.
    pub institution_ids: Vec<RecordId>,
    /// Who may see it.
    pub visibility: Visibility,
}

impl LabEntry {
    pub(super) fn of(meta: &Meta, body: &Lab) -> Self {
        Self {
            id: meta.id,
            external_id: meta.external_id.clone(),
            name: body.name.clone(),
            kind: body.kind,
            areas: body.areas.clone(),
            expires_on: body.expires_on,
            institution_ids: body.institution_ids.clone(),
            visibility: meta.visibility,
        }
    }
}

/// An office of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeEntry {
    /// Its id.
    pub id: RecordId,
    /// Its name and its other names.
    pub names: Vec<String>,
    /// City, district or park.
    pub level: OfficeLevel,
    /// The office above.
    pub parent: Option<RecordId>,
}

impl OfficeEntry {
    pub(super) fn of(id: RecordId, body: &Office) -> Self {
        let aliases = body.aliases.iter().map(|alias| alias.name.clone());
        let names = std::iter::once(body.name.clone()).chain(aliases).collect();
        Self { id, names, level: body.level, parent: body.parent_id }
    }
}

/// A firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnterpriseEntry {
    /// Its id.
    pub id: RecordId,
    /// Its name.
    pub name: String,
    /// The park that it names.
    pub park: String,
    /// Short name of its province.
    pub province: String,
    /// Short name of its city.
    pub city: String,
    /// Who may see it.
    pub visibility: Visibility,
}

impl EnterpriseEntry {
    pub(super) fn of(meta: &Meta, body: &Enterprise) -> Self {
        Self {
            id: meta.id,
            name: body.name.clone(),
            park: body.park.clone(),
            province: body.province.clone(),
            city: body.city.clone(),
            visibility: meta.visibility,
        }
    }
}

/// A need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeedEntry {
    /// Its id.
    pub id: RecordId,
    /// Its title.
    pub title: Box<str>,
    /// The firm that has it.
    pub enterprise: Option<RecordId>,
    /// To be solved by this date.
    pub deadline: Option<CivilDate>,
    /// Who may see it.
    pub visibility: Visibility,
    /// When it was written down.
    pub created_at: Timestamp,
}

impl NeedEntry {
    pub(super) fn of(meta: &Meta, body: &Need) -> Self {
        Self {
            id: meta.id,
            title: body.title.as_str().into(),
            enterprise: body.enterprise_id,
            deadline: body.deadline,
            visibility: meta.visibility,
            created_at: meta.created_at,
        }
    }
}

/// A user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserEntry {
    /// What they are.
    pub role: Role,
    /// Their office or park.
    pub office: Option<RecordId>,
    /// Their institution.
    pub institution: Option<RecordId>,
    /// Their firm.
    pub enterprise: Option<RecordId>,
}

impl UserEntry {
    pub(super) fn of(body: &User) -> Self {
        Self {
            role: body.role,
            office: body.office_id,
            institution: body.institution_id,
            enterprise: body.enterprise_id,
        }
    }
}

/// A lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadEntry {
    /// Its row in the store.
    pub row: RowId,
    /// Its id.
    pub id: RecordId,
    /// Its need.
    pub need: RecordId,
    /// Its lab.
    pub lab: RecordId,
    /// What the firm is to get.
    pub resource: Resource,
    /// How far it has come.
    pub state: LeadState,
    /// Since when.
    pub state_since: Timestamp,
    /// The states before, in their order; shared by the copies of a directory.
    pub earlier: Arc<[Stay]>,
    /// The firm wants it.
    pub accepted_by_enterprise: bool,
    /// The institution wants it.
    pub accepted_by_institution: bool,
    /// Who looks after it.
    pub owner: Option<RecordId>,
    /// The next step is due then.
    pub due_on: Option<CivilDate>,
    /// Who made it, if they have signed in.
    pub made_by: Option<RecordId>,
    /// Mode and amount of what was agreed.
    pub contract: Option<(Mode, Fen)>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl LeadEntry {
    pub(super) fn of(row: RowId, meta: &Meta, body: &Lead) -> Self {
        let contract = body.contract.as_ref();
        Self {
            row,
            id: meta.id,
            need: body.need_id,
            lab: body.lab_id,
            resource: body.resource,
            state: body.state,
            state_since: body.state_since,
            earlier: body.earlier.as_slice().into(),
            accepted_by_enterprise: body.accepted_by_enterprise,
            accepted_by_institution: body.accepted_by_institution,
            owner: body.owner_id,
            due_on: body.due_on,
            made_by: meta.created_by.parse().ok(),
            contract: contract.map(|contract| (contract.mode.clone(), contract.amount)),
            created_at: meta.created_at,
            updated_at: meta.updated_at,
        }
    }

    /// Both sides want it, so each may know how to reach the other.
    pub fn accepted(&self) -> bool {
        self.accepted_by_enterprise && self.accepted_by_institution
    }
}

/// An activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivityEntry {
    /// Its row in the store.
    pub row: RowId,
    /// Its lead, if it was done for one.
    pub lead: Option<RecordId>,
    /// Its posting, if it was done on one.
    pub posting: Option<RecordId>,
    /// What was done.
    pub kind: ActivityKind,
    /// In which of a commissioner's roles it was done.
    pub role: Option<CommissionerRole>,
    /// When it was done.
    pub on: CivilDate,
    /// Who wrote it down, if they have signed in.
    pub by: Option<RecordId>,
}

impl ActivityEntry {
    pub(super) fn of(row: RowId, meta: &Meta, body: &Activity) -> Self {
        Self {
            row,
            lead: body.lead_id,
            posting: body.posting_id,
            kind: body.kind,
            role: body.role,
            on: body.on,
            by: meta.created_by.parse().ok(),
        }
    }
}

/// A match that somebody does not want to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DismissalEntry {
    /// Its row in the store.
    pub row: RowId,
    /// Who does not want to see it.
    pub user: RecordId,
    /// The need.
    pub need: RecordId,
    /// The lab.
    pub lab: RecordId,
    /// Digests of the texts that it was said of.
    pub digests: Arc<[String; 2]>,
}

impl DismissalEntry {
    pub(super) fn of(row: RowId, body: &Dismissal) -> Self {
        Self {
            row,
            user: body.user_id,
            need: body.need_id,
            lab: body.lab_id,
            digests: [body.need_digest.clone(), body.lab_digest.clone()].into(),
        }
    }
}

/// A plan, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanEntry {
    /// Its row in the store.
    pub row: RowId,
    /// What people call it.
    pub name: Box<str>,
    /// Draft, in force, or no more.
    pub state: PlanState,
    /// The plan whose place it takes.
    pub replaces: Option<RecordId>,
    /// Digest of its text.
    pub digest: Box<str>,
    /// Who may see it.
    pub visibility: Visibility,
    /// Its revision.
    pub revision: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl PlanEntry {
    pub(in crate::engine) fn of(row: RowId, meta: &Meta, body: &Plan) -> Self {
        Self {
            row,
            name: body.name.as_str().into(),
            state: body.state,
            replaces: body.replaces,
            digest: body.digest.as_str().into(),
            visibility: meta.visibility,
            revision: meta.revision,
            created_at: meta.created_at,
            updated_at: meta.updated_at,
        }
    }
}

/// A posting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostingEntry {
    /// Its row in the store.
    pub row: RowId,
    /// Its plan.
    pub plan: RecordId,
    /// The commissioner's account.
    pub user: Option<RecordId>,
    /// The office that sends them.
    pub office: Option<RecordId>,
    /// The institution's record.
    pub institution: Option<RecordId>,
    /// Who may see it.
    pub visibility: Visibility,
}

impl PostingEntry {
    pub(super) fn of(row: RowId, meta: &Meta, body: &Posting) -> Self {
        Self {
            row,
            plan: body.plan_id,
            user: body.user_id,
            office: body.office_id,
            institution: body.institution_id,
            visibility: meta.visibility,
        }
    }
}
