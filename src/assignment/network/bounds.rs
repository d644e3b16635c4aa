//! A state's decisions as bounds and costs of arcs.

use std::sync::Arc;

use super::Network;
use crate::assignment::circulation::UNBOUNDED;
use crate::assignment::cost::Cost;
use crate::assignment::state::State;

impl<C: Cost> Network<'_, C> {
    /// Bounds and costs as the state has them; `false` if some cannot be met at once.
    pub(super) fn apply(&mut self, state: &State) -> bool {
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
        for &(task, _, arc) in &self.task_slots {
            self.flow.set(arc, 0, self.model.tasks[task].max.min(most), C::ZERO);
        }
        true
    }

    /// Bounds and costs of all pairs but the first `known`.
    pub(super) fn apply_pairs(&mut self, state: &State, known: usize) -> bool {
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
