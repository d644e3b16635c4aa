//! What reports count, as far as the viewer may see it.

use super::Scope;
use crate::engine::directory::{Directory, LeadEntry};
use crate::engine::{Extent, Viewer};
use crate::model::{
    ActivityKind, CivilDate, CommissionerRole, Fen, Mode, RecordId, Role, Stay, Timestamp,
};

/// A lead, as it is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LeadFact {
    pub need: RecordId,
    pub created: Timestamp,
    /// The states it has been in, in their order; never empty.
    pub stays: Vec<Stay>,
    pub contract: Option<(Mode, Fen)>,
    /// Name of the park or city of its firm; `None` if unknown.
    pub park: Option<String>,
    /// Name of the first institution of its lab; `None` if unknown.
    pub university: Option<String>,
}

/// A need, as it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NeedFact {
    pub id: RecordId,
    pub created: Timestamp,
}

/// An activity, as it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ActivityFact {
    pub kind: ActivityKind,
    pub role: Option<CommissionerRole>,
    pub on: CivilDate,
    pub by: Option<RecordId>,
}

/// Everything that is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub leads: Vec<LeadFact>,
    pub needs: Vec<NeedFact>,
    pub activities: Vec<ActivityFact>,
    /// The commissioners whose work it is.
    pub commissioners: Vec<RecordId>,
}

/// What lies in the scope.
pub(super) fn collect(directory: &Directory, scope: Scope) -> Facts {
    let Scope { viewer, commissioner } = scope;
    let theirs = |user: Option<RecordId>| commissioner.is_none() || user == commissioner;
    let leads = directory
        .leads()
        .filter(|lead| theirs(lead.owner) && viewer.sight_of_lead(directory, lead).is_any());
    let area = commissioner.map(|id| directory.user(id).and_then(|user| user.office));
    // The public summary of a need makes it nobody's work.
    let needs = directory.needs().map(|(_, need)| need).filter(|need| {
        viewer.sight_of_need(directory, need).extent > Extent::Public
            && area.is_none_or(|area| {
                let office = directory.office_of_need(need.id);
                area.zip(office)
                    .is_some_and(|(area, office)| directory.places.is_within(office, area))
            })
    });
    let activities = directory.activities().map(|(_, activity)| activity).filter(|activity| {
        theirs(activity.by) && viewer.sight_of_activity(directory, activity).is_any()
    });
    let commissioners = directory.users().filter(|(id, user)| {
        user.role == Role::Commissioner
            && theirs(Some(*id))
            && in_scope(directory, viewer, *id, user.office)
    });
    Facts {
        leads: leads.map(|lead| lead_fact(directory, viewer, lead)).collect(),
        needs: needs.map(|need| NeedFact { id: need.id, created: need.created_at }).collect(),
        activities: activities
            .map(|a| ActivityFact { kind: a.kind, role: a.role, on: a.on, by: a.by })
            .collect(),
        commissioners: commissioners.map(|(id, _)| id).collect(),
    }
}

fn lead_fact(directory: &Directory, viewer: Viewer, lead: &LeadEntry) -> LeadFact {
    let now = Stay { state: lead.state, since: lead.state_since };
    let office = directory.office_of_need(lead.need);
    let park = office.and_then(|id| directory.places.office(id)?.names.first().cloned());
    let lab = directory.lab_of(lead.lab);
    let university = lab.and_then(|lab| {
        directory.institutions_of(viewer, lab).next().map(|institution| institution.name.clone())
    });
    LeadFact {
        need: lead.need,
        created: lead.created_at,
        stays: lead.earlier.iter().copied().chain([now]).collect(),
        contract: lead.contract.clone(),
        park,
        university,
    }
}

/// Whether a commissioner's work is the viewer's to look at.
fn in_scope(
    directory: &Directory,
    viewer: Viewer,
    commissioner: RecordId,
    office: Option<RecordId>,
) -> bool {
    let Some(identity) = viewer.identity() else { return viewer == Viewer::Local };
    match identity.role {
        Role::Office => identity
            .office
            .zip(office)
            .is_some_and(|(area, office)| directory.places.is_within(office, area)),
        Role::Commissioner => identity.user == commissioner,
        Role::Auditor | Role::Admin => true,
        Role::Enterprise | Role::Institution => false,
    }
}
