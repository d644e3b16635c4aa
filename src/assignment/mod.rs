//! Pure optimisation: who serves what, at the least cost, exactly. Knows no lab and no rule.
//!
//! Agents serve tasks, each pairing in a slot (a round, a batch, a day). A [`Problem`] says who
//! may serve what, how often, and what it costs; costs may be numbers or [`Levels`], numbers in
//! order of importance. A [`Solution`] is proven best, or says how far from it it may be; where
//! there is none, [`Infeasible`] names as few constraints as possible that cannot all be met.

mod cost;
mod problem;
mod solution;

pub use cost::{Cost, LEVELS_MAX, Levels};
pub use problem::{
    Agent, COSTS_MAX, Costs, Forced, Problem, Prohibition, SLOTS_MAX, Slot, SlotChoice, SlotSet,
    Task,
};
pub use solution::{Constraint, Infeasible, Pairing, Solution, Status};
