//! Pure optimisation: who serves what, at the least cost, exactly. Knows no lab and no rule.
//!
//! Agents serve tasks, each pairing in a slot (a round, a batch, a day). A [`Problem`] says who
//! may serve what, how often, and what it costs; costs may be numbers or [`Levels`], numbers in
//! order of importance. A [`Solution`] is proven best, or says how far from it it may be; where
//! there is none, [`Infeasible`] names as few constraints as possible that cannot all be met.

mod blame;
mod check;
mod circulation;
mod conflict;
mod cost;
mod error;
mod model;
mod network;
mod nothing;
mod placing;
mod pricing;
mod problem;
mod proof;
mod regret;
mod search;
mod seats;
mod solution;
mod solve;
mod state;
mod valid;

pub use check::{Violation, check, cost_of};
pub use cost::{Cost, LEVELS_MAX, Levels, NUMBER_MAX};
pub use error::{Limits, NODES_DEFAULT, ProblemError, SolveError};
pub use problem::{
    Agent, COSTS_MAX, Costs, Forced, Problem, Prohibition, SIDE_MAX, SLOTS_MAX, Slot, SlotChoice,
    SlotSet, Task,
};
pub use proof::bound;
pub use regret::{Regret, Regrets};
pub use solution::{Constraint, Infeasible, Pairing, Solution, Status};
pub use solve::{solve, solve_from, solve_priced};
