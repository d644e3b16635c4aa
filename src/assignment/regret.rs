//! What it would cost to insist: for each task of an agent, how much more the best solution
//! costs that pairs the two.

use super::check::check;
use super::cost::Cost;
use super::error::{Limits, SolveError};
use super::model::Model;
use super::problem::{Forced, Problem};
use super::search::{Goal, Outcome, search};
use super::solution::{Solution, Status};
use super::valid::validate;

/// 后悔值
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Regret<C> {
    /// The best objective with the pair, less the solution's: zero or more if that is optimal.
    pub cost: C,
    /// Whether that is exact: `Limit` if work on it had to be cut short.
    pub status: Status<C>,
}

/// The regrets of a solution, agent by agent.
#[derive(Debug, Clone)]
pub struct Regrets<'a, C> {
    problem: &'a Problem<C>,
    solution: &'a Solution<C>,
    limits: Limits,
}

impl<'a, C: Cost> Regrets<'a, C> {
    /// Of a solution; `limits` are for each pair.
    ///
    /// # Errors
    /// If the problem makes no sense, or the solution is none of it.
    pub fn new(
        problem: &'a Problem<C>,
        solution: &'a Solution<C>,
        limits: Limits,
    ) -> Result<Self, SolveError> {
        validate(problem)?;
        if !check(problem, solution).is_empty() {
            return Err(SolveError::NotASolution);
        }
        Ok(Self { problem, solution, limits })
    }

    /// By task, that of the agent's pair with it, in whatever slot; `None` where the pair is in
    /// no solution.
    ///
    /// # Errors
    /// If there is no such agent, or limits left it open whether a pair is possible.
    pub fn of(&self, agent: usize) -> Result<Vec<Option<Regret<C>>>, SolveError> {
        if agent >= self.problem.agents.len() {
            return Err(SolveError::UnknownAgent(agent));
        }
        let (mut problem, nodes_max) = (self.problem.clone(), self.limits.nodes_max);
        let mut regrets = Vec::with_capacity(problem.tasks.len());
        for task in 0..problem.tasks.len() {
            problem.forced.push(Forced { agent, task, slot: None });
            regrets.push(match search(&Model::of(&problem), Goal::Best, nodes_max, None) {
                Outcome::Found { cost, gap, .. } => {
                    let status =
                        if gap == C::ZERO { Status::Optimal } else { Status::Limit { gap } };
                    Some(Regret { cost: cost - self.solution.objective, status })
                }
                Outcome::Nothing => None,
                Outcome::Limit => return Err(SolveError::NothingFound { nodes: nodes_max }),
            });
            problem.forced.pop();
        }
        Ok(regrets)
    }
}

/// [`Regrets::of`] one agent.
///
/// # Errors
/// As [`Regrets::new`] and [`Regrets::of`].
pub fn regrets<C: Cost>(
    problem: &Problem<C>,
    solution: &Solution<C>,
    agent: usize,
) -> Result<Vec<Option<Regret<C>>>, SolveError> {
    Regrets::new(problem, solution, Limits::default())?.of(agent)
}
