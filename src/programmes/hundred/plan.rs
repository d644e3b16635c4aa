//! The plan itself: who goes where and in which batch, how good that is, who stays at home.

use serde::{Deserialize, Serialize};

use super::basis::Basis;
use super::case::Posting;
use super::compiled::Compiled;
use super::level::{Level, Objective};
use super::refusal::{Obstacle, Refusal, refusal};
use crate::assignment::{self, Levels, Limits, Solution, SolveError, Status};

/// A name in the case that is nobody's in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is not in the case")]
pub struct UnknownName {
    /// The name.
    pub name: String,
}

/// 求解状态
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanStatus {
    /// Nothing is better.
    Optimal,
    /// The limit of work was reached: nothing is better by more than this.
    Limit(Objective),
}

/// 计划
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Who goes where, by commissioner.
    pub postings: Vec<Posting>,
    /// How good that is.
    pub objective: Objective,
    /// How good that is known to be.
    pub status: PlanStatus,
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The case names something that is not in it.
    #[error(transparent)]
    UnknownName(#[from] UnknownName),
    /// The rules collide.
    #[error("the rules collide")]
    Impossible(Box<Refusal>),
    /// The solver has given up before it found any plan, or cannot take the problem.
    #[error(transparent)]
    Unsolved(SolveError),
}

/// The best plan of a basis, its levels looked at in the given order ([`Level::ORDER`] or
/// [`Level::REPAIR_ORDER`]). `start` may be a plan of a similar basis, and makes it quicker.
///
/// # Errors
/// If there is none, or the case is not whole.
pub fn solve(basis: &Basis, order: &[Level], start: Option<&Plan>) -> Result<Plan, PlanError> {
    match attempt(basis, order, start)? {
        Attempt::Plan(plan) => Ok(plan),
        Attempt::Blocked(obstacle) => {
            Err(PlanError::Impossible(Box::new(refusal(basis, order, obstacle)?)))
        }
        Attempt::Unsolved(error) => Err(PlanError::Unsolved(error)),
    }
}

/// What comes of looking for a plan.
pub(super) enum Attempt {
    /// The best one.
    Plan(Plan),
    /// There is none.
    Blocked(Obstacle),
    /// It is not known.
    Unsolved(SolveError),
}

/// Looks for a plan, without looking for what would make one possible.
pub(super) fn attempt(
    basis: &Basis,
    order: &[Level],
    start: Option<&Plan>,
) -> Result<Attempt, UnknownName> {
    let compiled = Compiled::of(basis, order)?;
    if let Some(obstacle) = Obstacle::overfull(basis) {
        return Ok(Attempt::Blocked(obstacle));
    }
    let solved = match start {
        None => assignment::solve(&compiled.problem, Limits::default()),
        Some(plan) => {
            assignment::solve_from(&compiled.problem, &compiled.solution(plan), Limits::default())
        }
    };
    Ok(match solved {
        Ok(solution) => Attempt::Plan(plan_of(&compiled, &solution)),
        Err(SolveError::Infeasible(infeasible)) => {
            Attempt::Blocked(Obstacle::of(&compiled, &infeasible))
        }
        Err(error) => Attempt::Unsolved(error),
    })
}

/// A solution in the words of the programme.
fn plan_of(compiled: &Compiled<'_>, solution: &Solution<Levels>) -> Plan {
    let postings = solution.pairings.iter().map(|pairing| compiled.posting(*pairing)).collect();
    let status = match solution.status {
        Status::Optimal => PlanStatus::Optimal,
        Status::Limit { gap } => PlanStatus::Limit(compiled.difference(gap)),
    };
    Plan { postings, objective: compiled.objective(solution.objective), status }
}

/// The objective of any postings, good or not; those that are not of the case count for nothing.
///
/// # Errors
/// If the case names something that is not in it.
pub fn objective_of(
    basis: &Basis,
    order: &[Level],
    postings: &[Posting],
) -> Result<Objective, UnknownName> {
    let compiled = Compiled::of(basis, order)?;
    let pairings: Vec<_> = postings.iter().filter_map(|own| compiled.pairing(own)).collect();
    Ok(compiled.objective(assignment::cost_of(&compiled.problem, &pairings)))
}
