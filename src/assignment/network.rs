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

mod bounds;
mod detour;
mod offer;
mod start;

use std::sync::Arc;

use super::circulation::{ArcIdx, Circulation, Cut, Node};
use super::cost::Cost;
use super::model::{Mask, Model, each};
use super::pricing::{Cheapest, PER_TASK, WHOLE_MAX};
use super::state::State;

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

/// Where each node is.
#[derive(Debug, Clone, Copy)]
struct Nodes {
    sink: Node,
    agents: Node,
    tasks: Node,
    /// Slots before agents, and agents as they come from slots.
    before: Node,
    inner: Node,
    /// Slots behind tasks, and tasks as they go to slots.
    behind: Node,
    outer: Node,
    count: Node,
}

/// 网络
#[derive(Debug, Clone)]
pub(super) struct Network<'a, C> {
    model: Arc<Model<'a, C>>,
    nodes: Nodes,
    flow: Circulation<C>,
    /// In the order in which they were found to be needed.
    pairs: Vec<PairArc>,
    /// Whether these are all there are.
    whole: bool,
    /// From sink to source, where agents are limited; else the two are one.
    back: Option<ArcIdx>,
    /// Into each agent: their capacity.
    capacity: Vec<ArcIdx>,
    /// Out of each task: the first who serves it, and all others.
    served: Vec<[ArcIdx; 2]>,
    /// Slots before agents, where slots can be full: into each slot, and on to agents.
    before: Vec<ArcIdx>,
    agent_slots: Vec<(usize, usize, ArcIdx)>,
    /// Slots behind tasks, where tasks differ in them: out of each slot.
    behind: Vec<ArcIdx>,
    task_slots: Vec<(usize, usize, ArcIdx)>,
    /// What made pairs cost, which are outside the network.
    made: C,
    /// Why nothing could flow the last time, if that was a cut.
    cut: Option<Cut>,
}

/// What is inside a cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Inside {
    pub source: bool,
    pub sink: bool,
    pub agents: Vec<bool>,
    pub tasks: Vec<bool>,
}

const SOURCE: Node = 0;

impl Nodes {
    fn of<C: Cost>(model: &Model<'_, C>) -> Self {
        let (agents, tasks) = (model.agents.len() as Node, model.tasks.len() as Node);
        let slots = model.slots.len() as Node;
        let mut count = 1;
        let mut next = |wanted: bool, more: Node| {
            let first = count;
            count += if wanted { more } else { 0 };
            first
        };
        let (limited, tied) = (model.has_limited_slots(), model.has_tied_tasks());
        let sink = if model.agents_max.is_some() { next(true, 1) } else { SOURCE };
        let (agents_at, tasks_at) = (next(true, agents), next(true, tasks));
        let (before, inner) = (next(limited, slots), next(limited, agents));
        let (behind, outer) = (next(tied, slots), next(tied, tasks));
        Self { sink, agents: agents_at, tasks: tasks_at, before, inner, behind, outer, count }
    }
}

impl<'a, C: Cost> Network<'a, C> {
    /// The network of a model, from which the state and those that follow from it can be solved.
    pub(super) fn new(model: Arc<Model<'a, C>>, state: &State) -> Self {
        let whole = model.agents.len() * model.tasks.len() <= WHOLE_MAX;
        Self::of(model, state, whole)
    }

    /// The same with all pairs, however many.
    pub(super) fn new_whole(model: Arc<Model<'a, C>>, state: &State) -> Self {
        Self::of(model, state, true)
    }

    fn of(model: Arc<Model<'a, C>>, state: &State, whole: bool) -> Self {
        let nodes = Nodes::of(&model);
        let mut network = Self {
            nodes,
            flow: Circulation::new(nodes.count as usize),
            pairs: Vec::new(),
            whole,
            model,
            back: None,
            capacity: Vec::new(),
            served: Vec::new(),
            before: Vec::new(),
            agent_slots: Vec::new(),
            behind: Vec::new(),
            task_slots: Vec::new(),
            made: C::ZERO,
            cut: None,
        };
        network.add_agents();
        network.add_tasks();
        network.start(state);
        network
    }

    fn add_agents(&mut self) {
        let (model, nodes, flow) = (&*self.model, self.nodes, &mut self.flow);
        self.back = model.agents_max.map(|_| flow.add(nodes.sink, SOURCE));
        let limited = model.has_limited_slots();
        if limited {
            let slots = 0..model.slots.len() as Node;
            self.before = slots.map(|slot| flow.add(SOURCE, nodes.before + slot)).collect();
        }
        for (agent, node) in (0..model.agents.len()).zip(nodes.agents..) {
            if !limited {
                self.capacity.push(flow.add(SOURCE, node));
                continue;
            }
            let inner = nodes.inner + agent as Node;
            for slot in each(model.agents[agent].slots) {
                let arc = flow.add(nodes.before + slot as Node, inner);
                self.agent_slots.push((agent, slot, arc));
            }
            self.capacity.push(flow.add(inner, node));
        }
    }

    fn add_tasks(&mut self) {
        let (model, nodes, flow) = (&*self.model, self.nodes, &mut self.flow);
        let tied = model.has_tied_tasks();
        for (task, node) in (0..model.tasks.len()).zip(nodes.tasks..) {
            let outer = if tied { nodes.outer + task as Node } else { nodes.sink };
            self.served.push([flow.add(node, outer), flow.add(node, outer)]);
            for slot in each(if tied { model.tasks[task].slots } else { 0 }) {
                let arc = flow.add(outer, nodes.behind + slot as Node);
                self.task_slots.push((task, slot, arc));
            }
        }
        if tied {
            let slots = 0..model.slots.len() as Node;
            self.behind = slots.map(|slot| flow.add(nodes.behind + slot, nodes.sink)).collect();
        }
    }

    fn has(&self, agent: usize, task: usize) -> bool {
        self.flow.has(self.nodes.agents + agent as Node, self.nodes.tasks + task as Node)
    }

    /// Adds a pair, if it can be made in some slot.
    fn add_pair(&mut self, agent: usize, task: usize) {
        let slots = self.model.allowed(agent, task);
        if slots != 0 {
            let (from, to) = (self.nodes.agents + agent as Node, self.nodes.tasks + task as Node);
            let arc = self.flow.add(from, to);
            let forced = self.model.forced.binary_search_by_key(&(agent, task), |f| (f.0, f.1));
            let forced = forced.is_ok();
            self.pairs.push(PairArc { agent: agent as u32, task: task as u32, arc, slots, forced });
        }
    }

    fn add_offers(&mut self, offers: &[Vec<(C, u32)>]) {
        for (task, offers) in offers.iter().enumerate() {
            offers.iter().for_each(|&(_, agent)| self.add_pair(agent as usize, task));
        }
    }

    /// Lets flow what the state leaves possible, as cheaply as can be; `false` if nothing can.
    pub(super) fn solve(&mut self, state: &State) -> bool {
        if !self.apply(state) {
            return false;
        }
        loop {
            let balanced = self.flow.restore();
            self.cut = balanced.as_ref().err().cloned();
            if self.whole {
                return balanced.is_ok();
            }
            let most = vec![PER_TASK; self.model.tasks.len()];
            let missed = match &balanced {
                Ok(()) => {
                    let mut offers = Cheapest::new(most, Some(C::ZERO));
                    self.offer(state, &mut offers, |_, _| true);
                    offers.into_kept()
                }
                Err(cut) => {
                    let mut inside = vec![false; self.nodes.count as usize];
                    cut.inside.iter().for_each(|&node| inside[node as usize] = true);
                    let mut offers = Cheapest::new(most, None);
                    self.offer(state, &mut offers, |agent, task| {
                        inside[task as usize] && !inside[agent as usize]
                    });
                    offers.into_kept()
                }
            };
            if missed.iter().all(Vec::is_empty) {
                return balanced.is_ok();
            }
            let known = self.pairs.len();
            self.add_offers(&missed);
            if !self.apply_pairs(state, known) {
                return false;
            }
        }
    }

    /// Inside of the cut for which nothing could flow when last solved, if there was one.
    pub(super) fn inside(&self) -> Option<Inside> {
        let mut inside = vec![false; self.nodes.count as usize];
        self.cut.as_ref()?.inside.iter().for_each(|&node| inside[node as usize] = true);
        let (agents, tasks) = (self.nodes.agents as usize, self.nodes.tasks as usize);
        Some(Inside {
            source: inside[SOURCE as usize],
            sink: inside[self.nodes.sink as usize],
            agents: inside[agents..tasks].to_vec(),
            tasks: inside[tasks..][..self.model.tasks.len()].to_vec(),
        })
    }

    /// What is paid for the present flow and what is made beside it.
    pub(super) fn cost(&self) -> C {
        self.flow.cost() + self.made
    }

    /// What one more task of each agent's would be worth.
    pub(super) fn prices(&self) -> Vec<C> {
        let paid = self.flow.potential(SOURCE);
        let nodes = self.nodes.agents..;
        let prices =
            self.capacity.iter().zip(nodes).map(|(_, node)| self.flow.potential(node) - paid);
        prices.map(|price| price.max(C::ZERO)).collect()
    }

    /// Pairs that the flow makes, in no order; those that the state makes are not among
    /// them.
    pub(super) fn chosen(&self) -> impl Iterator<Item = &PairArc> {
        self.pairs.iter().filter(|pair| self.flow.flow(pair.arc) > 0)
    }

    /// The same by their indexes.
    pub(super) fn chosen_indexes(&self) -> impl Iterator<Item = usize> {
        (0..self.pairs.len()).filter(|&idx| self.flow.flow(self.pairs[idx].arc) > 0)
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
}
