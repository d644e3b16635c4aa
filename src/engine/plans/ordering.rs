//! An order for a plan: looked at before a job begins, so that what is wrong with it is told at
//! once; and a draft that nobody wants any more.

use std::sync::Arc;

use super::making::bad_change;
use super::{PlanOrder, PlanSource};
use crate::engine::{Engine, EngineError, JobStatus, Once, Viewer};
use crate::model::{Body, Kind, PlanState};
use crate::programmes::hundred::{CaseFault, Change, change_faults};

impl Engine {
    /// Begins to make a plan, in a job of the viewer's. A request that is sent again is answered
    /// with the job that it has begun, as long as that is remembered.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`] for those who make no plans; [`EngineError::Case`] with
    /// everything that is wrong with a case; [`EngineError::BadRequest`] if a change cannot be
    /// made; [`EngineError::NotFound`] if the other plan is not there; as [`Engine::job_place`].
    pub async fn begin_plan(
        self: &Arc<Self>,
        viewer: Viewer,
        order: PlanOrder,
        once: Option<Once>,
    ) -> Result<JobStatus, EngineError> {
        self.check_may_plan(viewer)?;
        if let Some(once) = &once
            && let Some(begun) = self.job_of(viewer, once)?
        {
            return Ok(begun);
        }
        match &order.source {
            PlanSource::Case(case) => {
                faultless(case.faults())?;
                self.rules_of(case)?;
            }
            PlanSource::Plan { plan, changes, .. } => {
                faultless(change_faults("changes", changes))?;
                let from = self.plan(viewer, plan).await?;
                from.document.basis.with(changes).map_err(|error| bad_change(&error))?;
            }
        }
        Ok(self.job_place(viewer)?.plan(order, once))
    }

    /// Deletes a draft. What was published stays for good.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`] for those who make no plans; [`EngineError::NotFound`];
    /// [`EngineError::IllegalStep`] if it is no draft; as [`crate::store::Store::delete`] if it is
    /// not at `expected`.
    pub async fn delete_plan(
        &self,
        viewer: Viewer,
        name: &str,
        expected: Option<u64>,
    ) -> Result<(), EngineError> {
        self.check_may_plan(viewer)?;
        let record = self.named(viewer, Kind::Plan, name).await?.record;
        if let Body::Plan(body) = &record.body
            && body.state != PlanState::Draft
        {
            let state = body.state.label();
            let reason = format!("计划“{}”{state}，须留作依据，只有草案可以删除", body.name);
            return Err(EngineError::IllegalStep { reason });
        }
        // At the revision that was looked at, so that none that is published meanwhile is deleted.
        let revision = expected.unwrap_or(record.meta.revision);
        self.delete_one(viewer, Kind::Plan, record.meta.id, Some(revision)).await
    }
}

/// Nothing, if nothing is wrong.
fn faultless(faults: Vec<CaseFault>) -> Result<(), EngineError> {
    if faults.is_empty() { Ok(()) } else { Err(EngineError::Case(faults)) }
}

/// What is wrong with the changes of forks.
pub(super) fn check_forks(forks: &[Vec<Change>]) -> Result<(), EngineError> {
    let faults = forks.iter().enumerate();
    let faults = faults.flat_map(|(idx, own)| change_faults(&format!("forks[{idx}].changes"), own));
    faultless(faults.collect())
}
