//! What is to be decided: agents, tasks, slots, what each pairing costs and what is not allowed.

use super::cost::Cost;

/// Slots at most: a set of them is a word.
pub const SLOTS_MAX: usize = 64;
/// Agents at most, and tasks.
pub const SIDE_MAX: usize = 1_000_000;
/// Pairs of agent and task at most (40 million, 320 MB of plain numbers).
pub const COSTS_MAX: usize = 40_000_000;

/// 时段集: a set of slots by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SlotSet(pub u64);

impl SlotSet {
    /// Every slot.
    pub const ALL: Self = Self(u64::MAX);

    /// Whether the slot is among them.
    pub fn has(self, slot: usize) -> bool {
        slot < SLOTS_MAX && self.0 >> slot & 1 == 1
    }
}

/// A slot that an agent may serve in, and what that costs for each task they serve there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotChoice<C> {
    /// Index of the slot.
    pub slot: usize,
    /// What serving one task in it costs, beside the pair's own cost.
    pub cost: C,
}

/// 服务者: serves at most `capacity` tasks, all of them in one of their slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent<C> {
    /// Tasks at most.
    pub capacity: u32,
    /// Where they may serve; none means that they cannot serve at all.
    pub slots: Vec<SlotChoice<C>>,
}

/// 任务: is served by at least `demand_min` and at most `demand_max` different agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task<C> {
    /// Agents at least.
    pub demand_min: u32,
    /// Agents at most.
    pub demand_max: u32,
    /// Slots in which it may be served.
    pub slots: SlotSet,
    /// What it costs once, however many agents serve it; at most zero (a gain), since what
    /// would have to be paid first could not be decided pair by pair.
    pub opening: C,
}

/// 时段: takes place with at most `capacity` pairings, or without a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Pairings at most.
    pub capacity: Option<u32>,
}

/// A pair that is not allowed, in some slots or all. Those with one `reason` (a number of the
/// caller's own) stand and fall together in [`Infeasible`](super::Infeasible).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prohibition {
    /// Index of the agent.
    pub agent: usize,
    /// Index of the task.
    pub task: usize,
    /// In these slots.
    pub slots: SlotSet,
    /// Why.
    pub reason: u32,
}

/// A pair that there has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forced {
    /// Index of the agent.
    pub agent: usize,
    /// Index of the task.
    pub task: usize,
    /// In this slot; `None` leaves it open.
    pub slot: Option<usize>,
}

/// Cost of each pair: a row per agent, a column per task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Costs<C> {
    tasks: usize,
    values: Vec<C>,
}

impl<C: Cost> Costs<C> {
    /// From the rows, one after the other; `None` if they are not of `tasks` each.
    pub fn from_rows(tasks: usize, values: Vec<C>) -> Option<Self> {
        let even = if tasks == 0 { values.is_empty() } else { values.len().is_multiple_of(tasks) };
        even.then_some(Self { tasks, values })
    }

    /// From a function of agent and task.
    pub fn from_fn(agents: usize, tasks: usize, cost: impl Fn(usize, usize) -> C) -> Self {
        let pairs = (0..agents).flat_map(|agent| (0..tasks).map(move |task| (agent, task)));
        let values = pairs.map(|(agent, task)| cost(agent, task)).collect();
        Self { tasks, values }
    }

    /// How many tasks a row has.
    pub fn tasks(&self) -> usize {
        self.tasks
    }

    /// How many costs there are: agents × tasks.
    pub fn count(&self) -> usize {
        self.values.len()
    }

    /// That of a pair.
    #[inline]
    pub fn of(&self, agent: usize, task: usize) -> C {
        self.values[agent * self.tasks + task]
    }

    /// An agent's costs, by task.
    #[inline]
    pub fn row(&self, agent: usize) -> &[C] {
        &self.values[agent * self.tasks..][..self.tasks]
    }
}

/// 指派问题. The sum of all costs is to be as small as can be, and it is the costs alone that
/// decide how many tasks beyond the demanded ones are served: a pairing that costs less than
/// nothing is made, one that costs more is not, unless it has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem<C> {
    /// Who serves.
    pub agents: Vec<Agent<C>>,
    /// What is served.
    pub tasks: Vec<Task<C>>,
    /// When; at least one, at most [`SLOTS_MAX`].
    pub slots: Vec<Slot>,
    /// Agents who serve anything, at most.
    pub agents_max: Option<u32>,
    /// What each pair costs.
    pub costs: Costs<C>,
    /// Pairs that are not allowed.
    pub prohibitions: Vec<Prohibition>,
    /// Pairs that there have to be.
    pub forced: Vec<Forced>,
}
