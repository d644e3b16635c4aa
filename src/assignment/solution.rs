//! What was found: the best pairings, how good they are known to be, or why there are none.

/// Agent and task, in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pairing {
    /// Index of the agent.
    pub agent: usize,
    /// Index of the task.
    pub task: usize,
    /// Index of the slot.
    pub slot: usize,
}

/// 求解状态
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status<C> {
    /// Nothing is better.
    Optimal,
    /// The limit of work was reached: nothing is better by more than `gap`.
    Limit {
        /// Cost of what was found, less the cost below which there is nothing.
        gap: C,
    },
}

/// 解: pairings ordered by agent and task, what they cost together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution<C> {
    /// The pairings.
    pub pairings: Vec<Pairing>,
    /// Their costs, those of the slots and the openings.
    pub objective: C,
    /// How good that is known to be.
    pub status: Status<C>,
}

/// Something that a solution has to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Constraint {
    /// An agent serves no more tasks than their capacity.
    AgentCapacity(usize),
    /// An agent serves only in their own slots.
    AgentSlots(usize),
    /// An agent serves in one slot only.
    OneSlot(usize),
    /// A task is served by no more agents than it may.
    TaskMaximum(usize),
    /// A task is served by as many agents as it must.
    TaskMinimum(usize),
    /// A task is served only in its slots.
    TaskSlots(usize),
    /// A slot has no more pairings than its capacity.
    SlotCapacity(usize),
    /// No more agents serve than may.
    AgentsMax,
    /// No pairing is made that is prohibited for this reason.
    Prohibited(u32),
    /// A forced pair, by its index, is there.
    Forced(usize),
}

/// 无解: constraints that cannot all be met; without any one of them the others could be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} constraints cannot all be met", .conflict.len())]
pub struct Infeasible {
    /// The constraints, in order.
    pub conflict: Vec<Constraint>,
}
