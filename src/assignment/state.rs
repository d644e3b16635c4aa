//! What branch and bound has decided so far.

use super::cost::Cost;
use super::model::{Mask, Model};

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

    /// Whether it is decided that a pair is made.
    pub(super) fn is_made(&self, agent: usize, task: usize) -> bool {
        self.made.iter().any(|&(a, t, _)| (a, t) == (agent, task))
    }

    /// Whether it is decided if a pair is made.
    pub(super) fn has_decided(&self, agent: usize, task: usize) -> bool {
        self.is_made(agent, task) || self.given_up.contains(&(agent, task))
    }
}
