//! What if, side by side: forks of a plan that are looked at and not kept; two plans compared.

use super::making::bad_change;
use super::ordering::check_forks;
use super::reading::order_of;
use super::{PlanDocument, PlanHead};
use crate::engine::{Engine, EngineError, Viewer, blocking};
use crate::programmes::hundred::{
    self, Change, ClassCoverage, Objective, Plan, PlanError, PostingDifference, Refusal, coverage,
    difference,
};

/// Forks in one question.
pub const FORKS_MAX: usize = 8;

/// What a fork comes to.
#[derive(Debug, Clone)]
pub enum ForkOutcome {
    /// A plan beside the one it was forked from.
    Plan {
        /// The plan.
        plan: Box<Plan>,
        /// Its objective less that of the other.
        change: Objective,
        /// What has become of whose postings.
        differences: Vec<PostingDifference>,
        /// Postings that are the same.
        kept: usize,
        /// Its coverage by class.
        coverage: Vec<ClassCoverage>,
    },
    /// There is none.
    Impossible(Box<Refusal>),
}

/// 假设方案
#[derive(Debug, Clone)]
pub struct Fork {
    /// What is otherwise.
    pub changes: Vec<Change>,
    /// What that comes to.
    pub outcome: ForkOutcome,
}

/// Two plans beside each other.
#[derive(Debug, Clone)]
pub struct PlanComparison {
    /// The one.
    pub before: PlanHead,
    /// The other.
    pub after: PlanHead,
    /// The other's objective less the one's.
    pub change: Objective,
    /// What has become of whose postings.
    pub differences: Vec<PostingDifference>,
    /// Postings that are the same.
    pub kept: usize,
}

impl Engine {
    /// What a plan would be if, for each list of changes by itself. Nothing is kept.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`] for those who make no plans; [`EngineError::NotFound`];
    /// [`EngineError::TooLarge`] beyond [`FORKS_MAX`]; [`EngineError::BadRequest`] if a change
    /// cannot be made.
    pub async fn what_if(
        &self,
        viewer: Viewer,
        name: &str,
        forks: Vec<Vec<Change>>,
    ) -> Result<(PlanDocument, Vec<Fork>), EngineError> {
        self.check_may_plan(viewer)?;
        if forks.len() > FORKS_MAX {
            let (found, limit) = (forks.len(), FORKS_MAX);
            return Err(EngineError::TooLarge { field: "forks", found, limit });
        }
        check_forks(&forks)?;
        let plan = self.plan(viewer, name).await?;
        let document = plan.document.clone();
        let forks = blocking(move || {
            let order = order_of(&document);
            let forked = forks.into_iter().map(|changes| {
                let basis = document.basis.with(&changes).map_err(|error| bad_change(&error))?;
                let outcome = match hundred::solve(&basis, &order, Some(&document.plan)) {
                    Ok(plan) => {
                        let (differences, kept) =
                            difference(&document.plan.postings, &plan.postings);
                        ForkOutcome::Plan {
                            change: plan.objective.less(&document.plan.objective),
                            coverage: coverage(&basis, &plan.postings),
                            plan: Box::new(plan),
                            differences,
                            kept,
                        }
                    }
                    Err(PlanError::Impossible(refusal)) => ForkOutcome::Impossible(refusal),
                    Err(error) => return Err(error.into()),
                };
                Ok(Fork { changes, outcome })
            });
            forked.collect::<Result<Vec<_>, EngineError>>()
        });
        let forks = forks.await?;
        Ok((plan, forks))
    }

    /// Two plans beside each other.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if one is not there for the viewer.
    pub async fn compare_plans(
        &self,
        viewer: Viewer,
        before: &str,
        after: &str,
    ) -> Result<PlanComparison, EngineError> {
        let (before, after) = (self.plan(viewer, before).await?, self.plan(viewer, after).await?);
        let (one, other) = (&before.document.plan, &after.document.plan);
        let (differences, kept) = difference(&one.postings, &other.postings);
        let change = other.objective.less(&one.objective);
        Ok(PlanComparison { before: before.head, after: after.head, change, differences, kept })
    }
}
