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

use std::sync::Arc;

use super::circulation::{ArcIdx, Circulation, Cut, Node, Search, UNBOUNDED};
use super::cost::Cost;
use super::model::{Mask, Model, each};
use super::pricing::{Cheapest, PER_TASK, WHOLE_MAX};
use super::start::start_potential;
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
    task_slots: Vec<(usize, ArcIdx)>,
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
                self.task_slots.push((task, arc));
            }
        }
        if tied {
            let slots = 0..model.slots.len() as Node;
            self.behind = slots.map(|slot| flow.add(nodes.behind + slot, nodes.sink)).collect();
        }
    }

    /// Adds the pairs that promise most, and lets flow what each task would take alone.
    fn start(&mut self, state: &State) {
        let (model, nodes) = (Arc::clone(&self.model), self.nodes);
        if model.has_limited_slots() {
            for (agent, &slots) in state.slots.iter().enumerate() {
                let cost = model.cheapest(agent, slots).map_or(C::ZERO, |(cost, _)| cost);
                self.flow.set_potential(nodes.agents + agent as Node, cost);
                self.flow.set_potential(nodes.inner + agent as Node, cost);
            }
        }
        let agents = model.agents.len();
        let most = model.tasks.iter().map(|task| agents.min(task.max as usize) + PER_TASK);
        let mut offers = Cheapest::new(most.collect(), None);
        self.offer(state, &mut offers, |_, _| true);
        let offers = offers.into_kept();
        for (task, offers) in offers.iter().enumerate() {
            let costs: Vec<C> = offers.iter().map(|&(cost, _)| cost).collect();
            let potential = start_potential(&model.tasks[task], &costs);
            self.flow.set_potential(nodes.tasks + task as Node, potential);
        }
        if self.whole {
            for agent in 0..agents {
                (0..model.tasks.len()).for_each(|task| self.add_pair(agent, task));
            }
        } else {
            self.add_offers(&offers);
            for &(agent, task, _) in &model.forced {
                if !self.has(agent, task) {
                    self.add_pair(agent, task);
                }
            }
        }
        if self.apply(state) {
            self.absorb();
        }
    }

    /// Where there is a choice, lets flow what makes nodes balanced.
    fn absorb(&mut self) {
        let (nodes, flow) = (self.nodes, &mut self.flow);
        for (&[one, others], node) in self.served.iter().zip(nodes.tasks..) {
            flow.absorb(one, node);
            flow.absorb(others, node);
        }
        self.pairs.iter().for_each(|pair| flow.absorb(pair.arc, nodes.tasks + pair.task));
        for (&arc, node) in self.capacity.iter().zip(nodes.agents..) {
            flow.absorb(arc, node);
        }
        for &(agent, _, arc) in &self.agent_slots {
            flow.absorb(arc, nodes.inner + agent as Node);
        }
        for &(task, arc) in &self.task_slots {
            flow.absorb(arc, nodes.outer + task as Node);
        }
        for (slot, &arc) in (0..).zip(&self.before) {
            flow.absorb(arc, nodes.before + slot);
        }
        for (slot, &arc) in (0..).zip(&self.behind) {
            flow.absorb(arc, nodes.behind + slot);
        }
        self.back.iter().for_each(|&arc| flow.absorb(arc, nodes.sink));
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

    /// Offers all pairs that are not in the network, at their reduced costs.
    fn offer(&self, state: &State, offers: &mut Cheapest<C>, wanted: impl Fn(Node, Node) -> bool) {
        let (model, nodes) = (&*self.model, self.nodes);
        let folded = self.before.is_empty();
        for (agent, entry) in model.agents.iter().enumerate() {
            let node = nodes.agents + agent as Node;
            let own = self.flow.potential(node);
            let mut known = (0, C::ZERO);
            for task in 0..model.tasks.len() {
                let task_node = nodes.tasks + task as Node;
                let price = self.flow.potential(task_node);
                let mut slots = state.slots[agent] & model.tasks[task].slots;
                if !entry.bans.is_empty() {
                    slots &= model.allowed(agent, task);
                }
                if slots == 0 {
                    continue;
                }
                if folded && slots != known.0 {
                    known = (slots, model.cheapest(agent, slots).map_or(C::ZERO, |(cost, _)| cost));
                }
                let cost = model.cost(agent, task) + known.1 + own - price;
                if offers.wants(task, cost)
                    && wanted(node, task_node)
                    && !self.has(agent, task)
                    && (entry.one_slot || !state.has_decided(agent, task))
                {
                    offers.offer(task, agent, cost);
                }
            }
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

    /// Whether the cheapest flow is the whole truth: no agent's pairs depend on each other by
    /// their slots, nor on how many agents serve.
    pub(super) fn is_exact(&self, state: &State) -> bool {
        let model = &*self.model;
        let alone = |agent: usize| model.agents[agent].capacity <= 1;
        if model.agents_max.is_some() && !(0..model.agents.len()).all(alone) {
            return false;
        }
        let mut shared: Vec<Mask> = state.slots.clone();
        self.pairs.iter().for_each(|pair| shared[pair.agent as usize] &= pair.slots);
        let folded = self.before.is_empty();
        self.pairs.iter().all(|pair| {
            let agent = pair.agent as usize;
            let (own, slots) = (state.slots[agent], pair.slots & state.slots[agent]);
            let one_slot = model.agents[agent].one_slot && !alone(agent);
            match folded {
                true if one_slot => {
                    slots == 0
                        || model.cheapest(agent, shared[agent]).map(|(cost, _)| cost)
                            == model.cheapest(agent, slots).map(|(cost, _)| cost)
                }
                true => true,
                false => own.count_ones() <= 1 || slots == own && !one_slot,
            }
        })
    }

    /// The shortest ways round to an agent, after [`solve`](Self::solve).
    pub(super) fn ways_to(&self, agent: usize) -> Search<C> {
        self.flow.ways_to(self.nodes.agents + agent as Node)
    }

    /// What one more pair of an agent's would cost with each task, by index of the pair in
    /// [`pairs`](Self::pairs); nothing for those that are made.
    pub(super) fn detours(&self, ways: &Search<C>, agent: usize) -> Vec<(usize, C)> {
        let own = self.pairs.iter().enumerate().filter(|(_, pair)| pair.agent as usize == agent);
        let more = own.filter_map(|(idx, pair)| match self.flow.flow(pair.arc) {
            0 => Some((idx, self.flow.detour(ways, pair.arc)?)),
            _ => Some((idx, C::ZERO)),
        });
        more.collect()
    }

    /// The pairs that come and go if one more is made: indexes, those that come first.
    pub(super) fn detour(&self, ways: &Search<C>, idx: usize) -> (Vec<usize>, Vec<usize>) {
        if self.flow.flow(self.pairs[idx].arc) > 0 {
            return (Vec::new(), Vec::new());
        }
        // Arcs of pairs are the last ones, in the same order as the pairs.
        let first = self.pairs[0].arc;
        let arcs = self.flow.arcs_of(ways, self.pairs[idx].arc).into_iter();
        let turned = arcs.filter(|&arc| arc >= first).map(|arc| (arc - first) as usize);
        turned.partition(|&idx| self.flow.flow(self.pairs[idx].arc) == 0)
    }

    /// From now on this pair has to be made.
    pub(super) fn force(&mut self, idx: usize) -> PairArc {
        self.pairs[idx].forced = true;
        self.pairs[idx]
    }

    /// The pairs that can be made.
    pub(super) fn pairs(&self) -> &[PairArc] {
        &self.pairs
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

    /// Bounds and costs as the state has them; `false` if some cannot be met at once.
    fn apply(&mut self, state: &State) -> bool {
        let model = Arc::clone(&self.model);
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
        if let (Some(most), Some(back)) = (model.agents_max, self.back) {
            self.flow.set(back, 0, total(most, state, &capacity), C::ZERO);
        }
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
        self.apply_tasks(&made_for) && self.apply_pairs(state, 0)
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

    /// Bounds and costs of all pairs but the first `known`.
    fn apply_pairs(&mut self, state: &State, known: usize) -> bool {
        let model = Arc::clone(&self.model);
        let folded = self.before.is_empty();
        for pair in &self.pairs[known..] {
            let (agent, task) = (pair.agent as usize, pair.task as usize);
            let entry = &model.agents[agent];
            let slots = pair.slots & state.slots[agent];
            let made = !entry.one_slot && state.is_made(agent, task);
            let decided = !entry.one_slot && state.has_decided(agent, task);
            let upper = u32::from(slots != 0 && !decided);
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
}

/// Pairings at most, where agents are limited: what the largest of those who may serve can.
fn total(most: usize, state: &State, capacity: &[u32]) -> u32 {
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
