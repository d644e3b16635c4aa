//! Who asks, and what they may see and change: decided here and nowhere else.
//!
//! `matrix` says what each role may, `relation` how somebody stands to a record, `redact` takes
//! from a record what is not to be shown, `seen` from the directory.

mod followed;
mod matrix;
mod planned;
mod redact;
mod relation;
mod seen;

use super::directory::{Directory, EnterpriseEntry, InstitutionEntry, LabEntry, NeedEntry};
use super::{Engine, EngineError};
use crate::model::{Body, Draft, Kind, Record, RecordId, Role, Visibility};

pub(in crate::engine) use followed::FOLLOWED_VISIBILITY;
pub use matrix::{CHANGING, ChangeRule, Extent, Rule, SEEING};
pub use relation::Relation;
use relation::Relations;
pub(in crate::engine) use relation::Standing;

/// 身份: who has signed in, and what they are bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The user.
    pub user: RecordId,
    /// What they are.
    pub role: Role,
    /// The office whose area is theirs, or the park they come from.
    pub office: Option<RecordId>,
    /// The institution they are posted to or belong to.
    pub institution: Option<RecordId>,
    /// The firm they belong to.
    pub enterprise: Option<RecordId>,
}

/// 访问者: on whose behalf the engine is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Viewer {
    /// Whoever runs commands on the machine, or was let in as such: sees and changes everything.
    Local,
    /// Anybody: sees what is public, without contacts, and changes nothing.
    Anonymous,
    /// Somebody who has signed in.
    User(Identity),
}

/// What a viewer gets of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    /// How much.
    pub extent: Extent,
    /// How to reach those whom it is about.
    pub contact: bool,
}

impl Sight {
    /// All of it.
    pub(in crate::engine) const ALL: Self = Self { extent: Extent::Full, contact: true };
    const NOTHING: Self = Self { extent: Extent::Nothing, contact: false };

    /// Whether a need's text may shape answers but not be shown.
    pub fn hides_text(self) -> bool {
        self.extent < Extent::Matched
    }

    /// Whether there is anything to be seen.
    pub fn is_any(self) -> bool {
        self.extent > Extent::Nothing
    }
}

impl Viewer {
    /// Whether hits must be limited to evidence that everybody may see. Who sees more of some
    /// labs than of others is limited as well: what only they may see is shown, not searched.
    pub fn public_only(self) -> bool {
        match self {
            Self::Local => false,
            Self::Anonymous => true,
            Self::User(identity) => matches!(identity.role, Role::Enterprise | Role::Institution),
        }
    }

    /// Whether they make, try and publish plans.
    pub fn may_plan(self) -> bool {
        self.changes_all(Kind::Plan)
    }

    /// Whether they may read the audit log and have it proved.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`] if not.
    pub(super) fn check_may_audit(self) -> Result<(), EngineError> {
        let allowed = self.sees_all(Kind::Event);
        allowed.then_some(()).ok_or(EngineError::Forbidden { action: "read the audit log" })
    }

    /// Whether they may erase what records and old events say.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`] if not.
    pub(super) fn check_may_erase(self) -> Result<(), EngineError> {
        let allowed = self.changes_all(Kind::User);
        allowed.then_some(()).ok_or(EngineError::Forbidden { action: "erase" })
    }

    /// What they see of records of a kind, if they stand to them as told; those who have not signed
    /// in stand in no relation.
    fn sight(
        self,
        directory: &Directory,
        kind: Kind,
        visibility: Visibility,
        relations: impl FnOnce(Standing<'_>) -> Relations,
    ) -> Sight {
        let (role, relations) = match &self {
            Self::Local => return Sight::ALL,
            Self::Anonymous => (None, Relations::default()),
            Self::User(who) => (Some(who.role), relations(Standing { who, directory })),
        };
        let rules = SEEING.iter().filter(|rule| {
            rule.role == role && rule.kinds.contains(&kind) && relations.has(rule.relation)
        });
        // What everybody may know of a record is nothing unless it is public.
        let given = rules.filter(|r| r.extent > Extent::Public || visibility == Visibility::Public);
        given.fold(Sight::NOTHING, |sum, rule| Sight {
            extent: sum.extent.max(rule.extent),
            contact: sum.contact || rule.contact,
        })
    }

    /// What they see of a record.
    pub(in crate::engine) fn sight_of(self, directory: &Directory, record: &Record) -> Sight {
        let meta = &record.meta;
        // What was deleted is for those who look at history.
        if meta.deleted_at.is_some() && self != Self::Local {
            return Sight::NOTHING;
        }
        let kind = record.body.kind();
        self.sight(directory, kind, meta.visibility, |standing| {
            standing.to(Some(meta.id), &record.body, &meta.created_by)
        })
    }

    /// What they see of a lab.
    pub(in crate::engine) fn sight_of_lab(self, directory: &Directory, lab: &LabEntry) -> Sight {
        self.sight(directory, Kind::Lab, lab.visibility, |standing| standing.to_lab_entry(lab))
    }

    /// What they see of an institution.
    pub(in crate::engine) fn sight_of_institution(
        self,
        directory: &Directory,
        institution: &InstitutionEntry,
    ) -> Sight {
        self.sight(directory, Kind::Institution, institution.visibility, |standing| {
            standing.to_institution(institution.id)
        })
    }

    /// What they see of a firm.
    pub(in crate::engine) fn sight_of_enterprise(
        self,
        directory: &Directory,
        firm: &EnterpriseEntry,
    ) -> Sight {
        self.sight(directory, Kind::Enterprise, firm.visibility, |standing| {
            standing.to_enterprise(firm.id)
        })
    }

    /// What they see of a need.
    pub(in crate::engine) fn sight_of_need(self, directory: &Directory, need: &NeedEntry) -> Sight {
        self.sight(directory, Kind::Need, need.visibility, |standing| {
            standing.to_need(Some(need.id), need.enterprise)
        })
    }

    /// Whether all records of a kind are theirs to change.
    pub(in crate::engine) fn changes_all(self, kind: Kind) -> bool {
        let role = self.identity().map(|identity| identity.role);
        self == Self::Local
            || CHANGING.iter().any(|rule| {
                Some(rule.role) == role
                    && rule.relation == Relation::Anything
                    && rule.kinds.contains(&kind)
            })
    }

    /// Whether they see all records of a kind.
    pub(in crate::engine) fn sees_all(self, kind: Kind) -> bool {
        let role = self.identity().map(|identity| identity.role);
        self == Self::Local
            || SEEING.iter().any(|rule| {
                rule.role == role
                    && rule.relation == Relation::Anything
                    && rule.extent == Extent::Full
                    && rule.kinds.contains(&kind)
            })
    }

    /// Whether they may make a record that says `body`, or make one say it.
    fn may_make(self, directory: &Directory, id: Option<RecordId>, body: &Body, by: &str) -> bool {
        match &self {
            Self::Local => true,
            Self::Anonymous => false,
            Self::User(who) => {
                let relations = Standing { who, directory }.to(id, body, by);
                CHANGING.iter().any(|rule| {
                    rule.role == who.role
                        && rule.kinds.contains(&body.kind())
                        && relations.has(rule.relation)
                })
            }
        }
    }
}

impl Engine {
    /// What a viewer sees of a record. Of records that they see nothing of, callers must not be
    /// told that there are any.
    pub(super) fn sight_of(&self, viewer: Viewer, record: &Record) -> Sight {
        viewer.sight_of(&self.directory(), record)
    }

    /// Whether a viewer may make a record.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`] if not.
    pub(super) fn check_may_create(
        &self,
        viewer: Viewer,
        draft: &Draft,
    ) -> Result<(), EngineError> {
        let allowed = viewer.may_make(&self.directory(), None, &draft.body, &viewer.author());
        allowed.then_some(()).ok_or(EngineError::Forbidden { action: "create a record" })
    }

    /// Whether a viewer may change a record that they see: as it is, and to what it is to become.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`] if not.
    pub(super) fn check_may_change(
        &self,
        viewer: Viewer,
        record: &Record,
        becomes: &Body,
    ) -> Result<(), EngineError> {
        let directory = self.directory();
        let (id, by) = (Some(record.meta.id), record.meta.created_by.as_str());
        let allowed = viewer.may_make(&directory, id, &record.body, by)
            && viewer.may_make(&directory, id, becomes, by);
        allowed.then_some(()).ok_or(EngineError::Forbidden { action: "change a record" })
    }
}
