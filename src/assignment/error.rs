//! Why there is no solution to hand out: the problem makes no sense, it has none, or none was
//! found in the work allowed.

use super::solution::Infeasible;

/// 工作上限: how much a solver may do. Work is counted, not timed, so that results are the same
/// everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Nodes of branch and bound at most, the root among them (which is always looked at); each
    /// is a flow that is repaired from the one before.
    pub nodes_max: u32,
}

/// Nodes unless told otherwise.
pub const NODES_DEFAULT: u32 = 20_000;

impl Default for Limits {
    fn default() -> Self {
        Self { nodes_max: NODES_DEFAULT }
    }
}

/// What makes no sense in a problem. Numbers are indexes into its lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// There is no slot, or there are more than `SLOTS_MAX`.
    #[error("{0} slots, where 1 to 64 are possible")]
    Slots(usize),
    /// More agents or tasks than `SIDE_MAX`, or more pairs than `COSTS_MAX`.
    #[error("{agents} agents and {tasks} tasks are too many")]
    TooLarge {
        /// Agents.
        agents: usize,
        /// Tasks.
        tasks: usize,
    },
    /// The costs are not a row per agent with a column per task.
    #[error(
        "{count} costs in rows of {columns} are not those of {agents} agents and {tasks} tasks"
    )]
    CostsShape {
        /// Costs given.
        count: usize,
        /// Columns given.
        columns: usize,
        /// Agents.
        agents: usize,
        /// Tasks.
        tasks: usize,
    },
    /// An agent may serve in a slot that is not there.
    #[error("agent {agent} names slot {slot}, which is not there")]
    AgentSlot {
        /// The agent.
        agent: usize,
        /// The slot.
        slot: usize,
    },
    /// An agent names a slot twice.
    #[error("agent {agent} names slot {slot} twice")]
    AgentSlotTwice {
        /// The agent.
        agent: usize,
        /// The slot.
        slot: usize,
    },
    /// A task must be served more often than it may.
    #[error("task {0} must be served more often than it may")]
    Demand(usize),
    /// A task's opening costs more than nothing.
    #[error("the opening of task {0} costs more than nothing")]
    Opening(usize),
    /// A number in a cost is beyond `NUMBER_MAX`.
    #[error("a cost of {what} {idx} is out of range")]
    CostRange {
        /// `agent` or `task`.
        what: &'static str,
        /// Its index.
        idx: usize,
    },
    /// A prohibition names an agent or a task that is not there.
    #[error("prohibition {0} names what is not there")]
    Prohibition(usize),
    /// A forced pair names an agent, a task or a slot that is not there.
    #[error("forced pair {0} names what is not there")]
    Forced(usize),
}

/// Why nothing is handed out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SolveError {
    /// The problem makes no sense.
    #[error(transparent)]
    Problem(#[from] ProblemError),
    /// There is no solution.
    #[error(transparent)]
    Infeasible(#[from] Infeasible),
    /// No solution was found within the limits; there may be one.
    #[error("nothing was found in {nodes} nodes, and it is not known whether there is anything")]
    NothingFound {
        /// Nodes looked at.
        nodes: u32,
    },
    /// What was given as a solution breaks a constraint of the problem.
    #[error("what is given as a solution is none")]
    NotASolution,
    /// There is no such agent.
    #[error("agent {0} is not there")]
    UnknownAgent(usize),
}
