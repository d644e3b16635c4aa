//! The doors: solve, and solve again after a small change.

use super::check::check;
use super::conflict::conflict;
use super::cost::Cost;
use super::error::{Limits, SolveError};
use super::model::Model;
use super::problem::Problem;
use super::search::{Goal, Outcome, search};
use super::solution::{Infeasible, Pairing, Solution, Status};
use super::valid::validate;

/// The best solution. The same problem and limits give the same solution everywhere; which of
/// several best ones that is, is not promised.
///
/// # Errors
/// If the problem makes no sense, has no solution, or none was found within the limits.
pub fn solve<C: Cost>(problem: &Problem<C>, limits: Limits) -> Result<Solution<C>, SolveError> {
    solve_priced(problem, limits).map(|(solution, _)| solution)
}

/// As [`solve`], with the price of each agent: what one more task of theirs would be worth,
/// slots and a limit of agents aside. [`bound`](super::bound) proves by them how good the
/// solution is.
///
/// # Errors
/// As [`solve`].
pub fn solve_priced<C: Cost>(
    problem: &Problem<C>,
    limits: Limits,
) -> Result<(Solution<C>, Vec<C>), SolveError> {
    validate(problem)?;
    solve_near(problem, limits, &[], None)
}

/// As [`solve`], from the solution of a problem that was much the same: as good, sooner. `start`
/// may be anything, also what is no solution any more.
///
/// # Errors
/// As [`solve`].
pub fn solve_from<C: Cost>(
    problem: &Problem<C>,
    start: &Solution<C>,
    limits: Limits,
) -> Result<Solution<C>, SolveError> {
    validate(problem)?;
    let right = check(problem, start).is_empty();
    let known = right.then(|| (start.objective, start.pairings.clone()));
    solve_near(problem, limits, &start.pairings, known).map(|(solution, _)| solution)
}

fn solve_near<C: Cost>(
    problem: &Problem<C>,
    limits: Limits,
    near: &[Pairing],
    known: Option<(C, Vec<Pairing>)>,
) -> Result<(Solution<C>, Vec<C>), SolveError> {
    match search(Model::of(problem), Goal::Best, limits.nodes_max, near, known) {
        Outcome::Found { pairings, cost, gap, prices } => {
            let status = if gap == C::ZERO { Status::Optimal } else { Status::Limit { gap } };
            Ok((Solution { pairings, objective: cost, status }, prices))
        }
        Outcome::Nothing => Err(Infeasible { conflict: conflict(problem, limits) }.into()),
        Outcome::Limit => Err(SolveError::NothingFound { nodes: limits.nodes_max }),
    }
}
