//! How a network begins: with what each task would take alone, or near pairings that were good.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Network;
use crate::assignment::circulation::Node;
use crate::assignment::cost::Cost;
use crate::assignment::model::ModelTask;
use crate::assignment::pricing::{Cheapest, PER_TASK};
use crate::assignment::problem::SLOTS_MAX;
use crate::assignment::solution::Pairing;
use crate::assignment::state::State;

/// Rounds in which potentials are fitted to pairings that were good once.
const FIT_ROUNDS: u32 = 32;

impl<C: Cost> Network<'_, C> {
    /// Adds the pairs that promise most, and lets flow what each task would take alone.
    pub(super) fn start(&mut self, state: &State) {
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

    /// Lets flow what pairings say, and starts from there.
    pub(in crate::assignment) fn follow(&mut self, pairings: &[Pairing]) {
        let (agents, tasks) = (self.model.agents.len(), self.model.tasks.len());
        let known = |p: &&Pairing| p.agent < agents && p.task < tasks && p.slot < SLOTS_MAX;
        let mut pairs = BTreeSet::new();
        let mut by_agent = vec![0; agents];
        let mut by_task = vec![0_u32; tasks];
        let mut by_slot = [0; SLOTS_MAX];
        let mut by_agent_slot: BTreeMap<(usize, usize), u32> = BTreeMap::new();
        let mut by_task_slot: BTreeMap<(usize, usize), u32> = BTreeMap::new();
        for pairing in pairings.iter().filter(known) {
            let (agent, task) = (pairing.agent, pairing.task);
            if pairs.insert((agent as u32, task as u32)) {
                by_agent[agent] += 1;
                by_task[task] += 1;
                by_slot[pairing.slot] += 1;
                *by_agent_slot.entry((agent, pairing.slot)).or_default() += 1;
                *by_task_slot.entry((task, pairing.slot)).or_default() += 1;
            }
        }
        let flow = &mut self.flow;
        for pair in &self.pairs {
            flow.lay(pair.arc, u32::from(pairs.contains(&(pair.agent, pair.task))));
        }
        self.capacity.iter().zip(&by_agent).for_each(|(&arc, &load)| flow.lay(arc, load));
        for (&[one, others], &load) in self.served.iter().zip(&by_task) {
            flow.lay(one, load.min(1));
            flow.lay(others, load.saturating_sub(1));
        }
        for &(agent, slot, arc) in &self.agent_slots {
            flow.lay(arc, by_agent_slot.get(&(agent, slot)).copied().unwrap_or(0));
        }
        for &(task, slot, arc) in &self.task_slots {
            flow.lay(arc, by_task_slot.get(&(task, slot)).copied().unwrap_or(0));
        }
        self.before.iter().zip(by_slot).for_each(|(&arc, load)| flow.lay(arc, load));
        self.behind.iter().zip(by_slot).for_each(|(&arc, load)| flow.lay(arc, load));
        self.back.iter().for_each(|&arc| flow.lay(arc, by_slot.iter().sum()));
        flow.fit(FIT_ROUNDS);
        self.absorb();
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
        for &(task, _, arc) in &self.task_slots {
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
}

/// The potential of a task's node at which it takes what it would take alone. `costs` are those
/// of its cheapest pairs, in order, one more than it may be served if there are as many; the
/// sink's potential is zero.
fn start_potential<C: Cost>(task: &ModelTask<C>, costs: &[C]) -> C {
    let gain = |count: usize| if count == 0 { task.opening } else { C::ZERO };
    let (min, max) = (task.min as usize, task.max as usize);
    let mut taken = min;
    while taken < max && costs.get(taken).is_some_and(|&cost| cost + gain(taken) < C::ZERO) {
        taken += 1;
    }
    // The next pair must not be worth it, nor giving up the last one.
    let next = costs.get(taken).copied();
    let last = (taken > min).then(|| C::ZERO - gain(taken - 1));
    let highest = next.into_iter().chain(last).min();
    let lowest = || costs[..taken.min(costs.len())].last().copied();
    highest.or_else(lowest).unwrap_or(C::ZERO)
}
