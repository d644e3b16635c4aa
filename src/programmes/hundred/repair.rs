//! When somebody leaves: the plan in force, changed as little as can be.

use super::basis::Basis;
use super::change::{Change, ChangeError};
use super::level::Level;
use super::plan::{Plan, PlanError, solve};

/// Why there is no repair.
#[derive(Debug, thiserror::Error)]
pub enum RepairError {
    /// A change cannot be made.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// There is no plan any more.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

/// A plan for the changed basis in which most postings of `plan` are kept, and which is the best
/// of those; with the basis that it is made for. A renewed posting is under way and stays as it
/// is, unless the change takes its commissioner or institution away.
///
/// # Errors
/// If a change cannot be made, or there is no plan.
pub fn repair(
    basis: &Basis,
    plan: &Plan,
    changes: &[Change],
) -> Result<(Basis, Plan), RepairError> {
    let mut repaired = basis.with(changes)?;
    repaired.case.published.clone_from(&plan.postings);
    let (commissioners, institutions) = (repaired.commissioners(), repaired.institutions());
    let running = plan.postings.iter().filter(|own| {
        !own.renewed.is_empty()
            && commissioners.contains_key(own.commissioner.as_str())
            && institutions.contains_key(own.institution.as_str())
            && !repaired.case.forced.iter().any(|forced| {
                forced.commissioner == own.commissioner && forced.institution == own.institution
            })
    });
    let running: Vec<_> = running.cloned().collect();
    repaired.case.forced.extend(running);
    let plan = solve(&repaired, &Level::REPAIR_ORDER, Some(plan))?;
    Ok((repaired, plan))
}
