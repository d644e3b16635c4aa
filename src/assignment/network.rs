//! A model as a network, and back: flow on an arc between agent and task is a pairing.
//!
//! ```text
//! source → agent → task → sink → source                                  no slot can be full
//! source → slot → agent → (capacity) → task → (demand) → slot → sink → source
//! ```
//! Slots stand on both sides where tasks too are tied to them; that the two are the same slot is
//! not said here. Nor is that an agent serves in one slot, where pairs differ in their slots, nor
//! how many agents serve. So the cheapest flow costs at most what the best solution does, and
//! [`State`], which branch and bound narrows, makes the rest true in the end.

use super::circulation::{ArcIdx, Circulation, Node, UNBOUNDED};
use super::cost::Cost;
use super::model::{Mask, Model, each};

/// What has been decided so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    /// Slots that each agent may still serve in; none for those who are left out.
    pub slots: Vec<Mask>,
    /// Agents who are counted as serving.
    pub counted: Vec<bool>,
    /// Pairs made in a slot, of agents who may serve in several.
    pub made: Vec<(usize, usize, usize)>,
    /// Pairs given up, of such agents.
    pub given_up: Vec<(usize, usize)>,
}

impl State {
    /// Nothing is decided but what forced pairs say; `None` if they contradict each other.
    pub(super) fn root<C: Cost>(model: &Model<'_, C>) -> Option<Self> {
        let mut state = Self {
            slots: model.agents.iter().map(|agent| agent.slots).collect(),
            counted: vec![false; model.agents.len()],
            made: Vec::new(),
            given_up: Vec::new(),
        };
        for &(agent, task, slots) in &model.forced {
            let slots = slots & model.allowed(agent, task);
            if slots == 0 {
                return None;
            }
            state.counted[agent] = true;
            if model.agents[agent].one_slot {
                state.slots[agent] &= slots;
            } else if slots.is_power_of_two() {
                state.made.push((agent, task, slots.trailing_zeros() as usize));
            }
        }
        let decided = model.forced.iter().all(|&(agent, ..)| state.slots[agent] != 0);
        decided.then_some(state)
    }

    fn is_made(&self, agent: usize, task: usize) -> bool {
        self.made.iter().any(|&(a, t, _)| (a, t) == (agent, task))
    }
}

/// A pair that can be made.
#[derive(Debug, Clone, Copy)]
pub(super) struct PairArc {
    pub agent: u32,
    pub task: u32,
    pub arc: ArcIdx,
    /// Slots in which it can.
    pub slots: Mask,
    pub forced: bool,
}

/// 网络
#[derive(Debug, Clone)]
pub(super) struct Network<'a, C> {
    model: &'a Model<'a, C>,
    flow: Circulation<C>,
    /// By agent, then task.
    pub pairs: Vec<PairArc>,
    /// From sink to source.
    back: ArcIdx,
    /// Into each agent: their capacity.
    capacity: Vec<ArcIdx>,
    /// Out of each task: the first who serves it, and all others.
    served: Vec<[ArcIdx; 2]>,
    /// Slots before agents, where slots can be full: into each slot, and on to agents.
    before: Vec<ArcIdx>,
    agent_slots: Vec<(usize, usize, ArcIdx)>,
    /// Slots behind tasks, where tasks differ in them: out of each slot.
    behind: Vec<ArcIdx>,
    task_slots: Vec<(usize, ArcIdx)>,
    /// What made pairs cost, which are outside the network.
    made: C,
}

const SOURCE: Node = 0;
const SINK: Node = 1;

impl<'a, C: Cost> Network<'a, C> {
    /// The network of a model, in which nothing can flow yet.
    pub(super) fn new(model: &'a Model<'a, C>) -> Self {
        let (agents, tasks, slots) = (model.agents.len(), model.tasks.len(), model.slots.len());
        let limited = model.has_limited_slots();
        let tied = limited && {
            let every = model.tasks.iter().fold(0, |all, task| all | task.slots);
            model.tasks.iter().any(|task| task.slots != every)
                || (every.count_ones() as usize) < slots
        };
        let agent_node = |agent: usize| (2 + agent) as Node;
        let task_node = |task: usize| (2 + agents + task) as Node;
        let mut nodes = 2 + agents + tasks;
        let mut more = |count: usize| {
            nodes += count;
            (nodes - count) as Node
        };
        let (before_node, inner_node) = if limited { (more(slots), more(agents)) } else { (0, 0) };
        let (behind_node, outer_node) = if tied { (more(slots), more(tasks)) } else { (0, 0) };
        let mut flow = Circulation::new(nodes);
        let back = flow.add(SINK, SOURCE);
        let mut network = Self {
            model,
            back,
            capacity: Vec::new(),
            served: Vec::new(),
            before: Vec::new(),
            agent_slots: Vec::new(),
            behind: Vec::new(),
            task_slots: Vec::new(),
            pairs: Vec::new(),
            made: C::ZERO,
            flow,
        };
        let flow = &mut network.flow;
        if limited {
            network.before =
                (0..slots).map(|s| flow.add(SOURCE, before_node + s as Node)).collect();
            for agent in 0..agents {
                for slot in each(model.agents[agent].slots) {
                    let arc = flow.add(before_node + slot as Node, inner_node + agent as Node);
                    network.agent_slots.push((agent, slot, arc));
                }
            }
        }
        network.capacity = (0..agents)
            .map(|agent| {
                let from = if limited { inner_node + agent as Node } else { SOURCE };
                flow.add(from, agent_node(agent))
            })
            .collect();
        for task in 0..tasks {
            let to = if tied { outer_node + task as Node } else { SINK };
            network.served.push([flow.add(task_node(task), to), flow.add(task_node(task), to)]);
            if tied {
                for slot in each(model.tasks[task].slots) {
                    let arc = flow.add(to, behind_node + slot as Node);
                    network.task_slots.push((task, arc));
                }
            }
        }
        if tied {
            network.behind = (0..slots).map(|s| flow.add(behind_node + s as Node, SINK)).collect();
        }
        for agent in 0..agents {
            for task in 0..tasks {
                let slots = model.allowed(agent, task);
                if slots != 0 {
                    let arc = flow.add(agent_node(agent), task_node(task));
                    let forced = model.forced.binary_search_by_key(&(agent, task), |f| (f.0, f.1));
                    network.pairs.push(PairArc {
                        agent: agent as u32,
                        task: task as u32,
                        arc,
                        slots,
                        forced: forced.is_ok(),
                    });
                }
            }
        }
        network
    }

    /// Lets flow what the state leaves possible, as cheaply as can be; `false` if nothing can.
    pub(super) fn solve(&mut self, state: &State) -> bool {
        self.apply(state) && self.flow.restore().is_ok()
    }

    /// What is paid for the present flow and what is made beside it.
    pub(super) fn cost(&self) -> C {
        self.flow.cost() + self.made
    }

    /// Pairs that the flow makes, by agent and task; those that the state makes are not among
    /// them.
    pub(super) fn chosen(&self) -> impl Iterator<Item = &PairArc> {
        self.pairs.iter().filter(|pair| self.flow.flow(pair.arc) > 0)
    }

    /// The slot through which all of an agent's flow comes, if it is one.
    pub(super) fn slot_used(&self) -> Vec<Option<usize>> {
        let mut used: Vec<Mask> = vec![0; self.model.agents.len()];
        for &(agent, slot, arc) in &self.agent_slots {
            if self.flow.flow(arc) > 0 {
                used[agent] |= 1 << slot;
            }
        }
        let single = |used: Mask| used.is_power_of_two().then(|| used.trailing_zeros() as usize);
        used.into_iter().map(single).collect()
    }

    /// Bounds and costs as the state has them; `false` if some cannot be met at once.
    fn apply(&mut self, state: &State) -> bool {
        let model = self.model;
        let counted = state.counted.iter().filter(|&&counted| counted).count();
        if model.agents_max.is_some_and(|most| counted > most) {
            return false;
        }
        let mut capacity: Vec<u32> = model.agents.iter().map(|agent| agent.capacity).collect();
        let mut slots = model.slots.clone();
        let mut made_for = vec![0_u32; model.tasks.len()];
        self.made = C::ZERO;
        for &(agent, task, slot) in &state.made {
            if capacity[agent] == 0 || slots[slot] == Some(0) {
                return false;
            }
            capacity[agent] -= 1;
            slots[slot] = slots[slot].map(|rest| rest - 1);
            made_for[task] += 1;
            self.made += model.cost(agent, task) + model.agents[agent].slot_costs[slot];
            if made_for[task] == 1 {
                self.made += model.tasks[task].opening;
            }
        }
        for (agent, capacity) in capacity.iter_mut().enumerate() {
            if state.slots[agent] == 0 {
                *capacity = 0;
            }
        }
        let total = self.total(state, &capacity);
        self.flow.set(self.back, 0, total, C::ZERO);
        for (slot, &limit) in slots.iter().enumerate() {
            let limit = limit.unwrap_or(UNBOUNDED);
            if let Some(&arc) = self.before.get(slot) {
                self.flow.set(arc, 0, limit, C::ZERO);
            }
            if let Some(&arc) = self.behind.get(slot) {
                self.flow.set(arc, 0, limit, C::ZERO);
            }
        }
        for &(agent, slot, arc) in &self.agent_slots {
            let upper = if state.slots[agent] >> slot & 1 == 1 { capacity[agent] } else { 0 };
            self.flow.set(arc, 0, upper, model.agents[agent].slot_costs[slot]);
        }
        for (&arc, &capacity) in self.capacity.iter().zip(&capacity) {
            self.flow.set(arc, 0, capacity, C::ZERO);
        }
        self.apply_tasks(&made_for) && self.apply_pairs(state)
    }

    fn apply_tasks(&mut self, made_for: &[u32]) -> bool {
        let most = self.model.agents.len() as u32;
        for (idx, task) in self.model.tasks.iter().enumerate() {
            let made = made_for[idx];
            if made > task.max {
                return false;
            }
            let (min, max) = (task.min.saturating_sub(made), (task.max - made).min(most));
            if min > max {
                return false;
            }
            let first = u32::from(made == 0);
            let [one, others] = self.served[idx];
            self.flow.set(one, min.min(first), max.min(first), task.opening);
            let others_max = max.saturating_sub(first);
            self.flow.set(others, min.saturating_sub(first), others_max, C::ZERO);
        }
        for &(task, arc) in &self.task_slots {
            self.flow.set(arc, 0, self.model.tasks[task].max.min(most), C::ZERO);
        }
        true
    }

    fn apply_pairs(&mut self, state: &State) -> bool {
        let model = self.model;
        let folded = self.before.is_empty();
        for pair in &self.pairs {
            let (agent, task) = (pair.agent as usize, pair.task as usize);
            let entry = &model.agents[agent];
            let slots = pair.slots & state.slots[agent];
            let made = !entry.one_slot && state.is_made(agent, task);
            let given_up = !entry.one_slot && state.given_up.contains(&(agent, task));
            let upper = u32::from(slots != 0 && !made && !given_up);
            let lower = u32::from(pair.forced && !made);
            if lower > upper {
                return false;
            }
            let own = model.cost(agent, task);
            let cost = match model.cheapest(agent, slots) {
                Some((slot, _)) if folded => own + slot,
                _ => own,
            };
            self.flow.set(pair.arc, lower, upper, cost);
        }
        true
    }

    /// Pairings at most, where agents are limited: what the largest of those who may serve can.
    fn total(&self, state: &State, capacity: &[u32]) -> u32 {
        let Some(most) = self.model.agents_max else { return UNBOUNDED };
        let counted = (0..capacity.len()).filter(|&agent| state.counted[agent]);
        let sure: u32 = counted.clone().map(|agent| capacity[agent]).sum();
        let mut others: Vec<u32> = (0..capacity.len())
            .filter(|&agent| !state.counted[agent])
            .map(|agent| capacity[agent])
            .collect();
        others.sort_unstable_by(|a, b| b.cmp(a));
        let room = most.saturating_sub(counted.count());
        sure.saturating_add(others.into_iter().take(room).sum()).min(UNBOUNDED)
    }
}
