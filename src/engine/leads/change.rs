//! What becomes of a lead: steps, acceptances, and who looks after it until when.

use super::{LeadView, draft, is_in_charge, role_of};
use crate::engine::{Engine, EngineError, Once, Viewer};
use crate::model::{
    Body, CivilDate, Contract, Kind, Lead, LeadState, Side, Step, StepRefusal, Timestamp,
};
use crate::store::{Existing, Write};

/// 流转请求: a step as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStep {
    /// The state that follows.
    pub to: LeadState,
    /// What has happened.
    pub note: String,
    /// Why it is closed; empty for other states.
    pub reason: String,
    /// The step after this one is due then.
    pub due_on: Option<CivilDate>,
    /// Who looks after it from now on, by id or login; the same as before if `None`.
    pub owner: Option<String>,
    /// What was agreed.
    pub contract: Option<Contract>,
}

/// 安排: what is changed of a lead beside its state. Outer `None`: as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeadPlan {
    /// Who looks after it, by id or login; `Some(None)`: nobody.
    pub owner: Option<Option<String>>,
    /// The next step is due then; `Some(None)`: on no day.
    pub due_on: Option<Option<CivilDate>>,
    /// A word about the change.
    pub note: String,
}

impl Engine {
    /// Takes a lead from its state to another.
    ///
    /// `expected` is the revision that the caller has read; `None` stands for the present one.
    ///
    /// # Errors
    /// [`EngineError::NotFound`]; [`EngineError::Forbidden`]; [`EngineError::IllegalStep`] if the
    /// table has no such step or a side has not accepted; [`EngineError::Refused`] if a note, a
    /// reason or a part of the contract is missing; [`crate::store::StoreError::RevisionConflict`] if the lead
    /// is not at that revision.
    pub async fn move_lead(
        &self,
        viewer: Viewer,
        name: &str,
        expected: Option<u64>,
        step: NewStep,
        once: Option<Once>,
    ) -> Result<LeadView, EngineError> {
        let rules = self.lead_rules.clone();
        let owner = match &step.owner {
            Some(owner) => Some(self.owner(viewer, owner).await?),
            None => None,
        };
        self.change_lead(viewer, name, expected, once, |lead| {
            let contract = step.contract.clone();
            let contract = contract.map(|c| rules.contract_fields.check(c)).transpose()?;
            let NewStep { to, note, reason, due_on, .. } = step;
            let step = Step { to, note, reason, due_on, contract };
            let mut next = rules
                .transitions
                .take(lead, step, role_of(viewer), Timestamp::now())
                .map_err(refused)?;
            next.owner_id = owner.or(next.owner_id);
            Ok(next)
        })
        .await
    }

    /// Puts down that a side accepts a lead, or takes that back.
    ///
    /// # Errors
    /// As [`Engine::move_lead`]; [`EngineError::Forbidden`] if the viewer may not speak for that
    /// side.
    pub async fn accept_lead(
        &self,
        viewer: Viewer,
        name: &str,
        expected: Option<u64>,
        (side, accepted, note): (Side, bool, String),
        once: Option<Once>,
    ) -> Result<LeadView, EngineError> {
        let rules = self.lead_rules.clone();
        self.change_lead(viewer, name, expected, once, |lead| {
            rules.transitions.accept(lead, side, accepted, note, role_of(viewer)).map_err(refused)
        })
        .await
    }

    /// Changes who looks after a lead, and until when the next step is due.
    ///
    /// # Errors
    /// As [`Engine::move_lead`]; [`EngineError::Forbidden`] for those who are not in charge.
    pub async fn plan_lead(
        &self,
        viewer: Viewer,
        name: &str,
        expected: Option<u64>,
        plan: LeadPlan,
    ) -> Result<LeadView, EngineError> {
        let owner = match &plan.owner {
            None => None,
            Some(None) => Some(None),
            Some(Some(owner)) => Some(Some(self.owner(viewer, owner).await?)),
        };
        self.change_lead(viewer, name, expected, None, |lead| {
            if !is_in_charge(viewer) {
                return Err(EngineError::Forbidden { action: "plan a lead" });
            }
            let mut next = Lead { note: plan.note, ..lead.clone() };
            next.owner_id = owner.unwrap_or(next.owner_id);
            next.due_on = plan.due_on.unwrap_or(next.due_on);
            Ok(next.checked()?)
        })
        .await
    }

    /// Writes what `change` makes of a lead, if it is at the revision that the caller has read.
    async fn change_lead(
        &self,
        viewer: Viewer,
        name: &str,
        expected: Option<u64>,
        once: Option<Once>,
        change: impl FnOnce(&Lead) -> Result<Lead, EngineError>,
    ) -> Result<LeadView, EngineError> {
        let not_found = || EngineError::NotFound { kind: Kind::Lead, name: name.to_owned() };
        let record = self.named(viewer, Kind::Lead, name).await?.record;
        let Body::Lead(lead) = &record.body else { return Err(not_found()) };
        self.check_may_change(viewer, &record, &record.body)?;
        let (id, revision) = (record.meta.id, record.meta.revision);
        // Another revision is the store's to refuse: it knows whether this very request was done.
        let next = match expected {
            Some(expected) if expected != revision => record.body.clone(),
            _ => Body::Lead(change(lead)?),
        };
        self.check_may_change(viewer, &record, &next)?;
        let existing = Existing::Expected { id, revision: Some(expected.unwrap_or(revision)) };
        let write = Write { draft: draft(record.meta.external_id.clone(), next), existing };
        let (stored, _) = self.write_one(viewer, write, once).await?;
        self.lead_view(viewer, stored, None)
    }
}

/// Why a step is not taken, told so that something can be done.
fn refused(refusal: StepRefusal) -> EngineError {
    let reason = match refusal {
        StepRefusal::Given(refusal) => return refusal.into(),
        StepRefusal::NotYours => return EngineError::Forbidden { action: "take this step" },
        StepRefusal::NoWay { from, ways } => {
            let ways = ways.iter().map(|way| format!("{}（{}）", way.as_str(), way.label()));
            let ways = ways.collect::<Vec<_>>().join("、");
            format!("线索处于“{}”，不能这样做；可以流转到：{ways}", from.label())
        }
        StepRefusal::NotAccepted(sides) => {
            let sides = sides.iter().map(|side| side.label()).collect::<Vec<_>>().join("与");
            format!("{sides}尚未接受，请先登记接受（acceptances），再走这一步")
        }
        StepRefusal::Bound { state } => {
            format!("线索已到“{}”，不能撤回接受；如不再继续，请关闭线索并写明原因", state.label())
        }
    };
    EngineError::IllegalStep { reason }
}
