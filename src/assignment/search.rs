//! Branch and bound: the cheapest flow says what can be hoped for; where it is no solution, one
//! thing is decided in every possible way, and so on.
//!
//! Decided are, in this order: whether an agent serves, where too many do; the slot of an agent;
//! the slot of a pair, of agents who may serve in several. When all that is decided, the flow is
//! a solution. Depth first; children in order of index; everything is the same on every run.

use std::sync::Arc;

use super::cost::Cost;
use super::model::{Mask, Model, each};
use super::network::Network;
use super::placing::place;
use super::solution::Pairing;
use super::state::State;

/// How a search ended.
#[derive(Debug, Clone)]
pub(super) enum Outcome<C> {
    /// With the best there is, or (`gap` above zero) one that may be so far from it.
    Found {
        /// By agent and task.
        pairings: Vec<Pairing>,
        cost: C,
        gap: C,
        /// What the root says that one more task of each agent's is worth.
        prices: Vec<C>,
    },
    /// There is nothing.
    Nothing,
    /// Limits were reached before anything was found.
    Limit,
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// The best.
    Best,
    /// Anything at all.
    Any,
}

struct Open<C> {
    state: State,
    bound: Option<C>,
}

struct Search<'p, C> {
    model: Arc<Model<'p, C>>,
    network: Network<'p, C>,
    best: Option<(C, Vec<Pairing>)>,
    /// Those of the root, once it is solved.
    prices: Option<Vec<C>>,
}

/// Looks at `nodes_max` nodes at most, at one at least. `near` are pairings that may be good, or
/// may have been once; `known` is a solution to do better than.
pub(super) fn search<C: Cost>(
    model: Model<'_, C>,
    goal: Goal,
    nodes_max: u32,
    near: &[Pairing],
    known: Option<(C, Vec<Pairing>)>,
) -> Outcome<C> {
    let Some(root) = State::root(&model) else { return Outcome::Nothing };
    let model = Arc::new(model);
    let mut network = Network::new(Arc::clone(&model), &root);
    if !near.is_empty() {
        network.follow(near);
    }
    let mut outcome =
        search_from(Arc::clone(&model), network, root.clone(), goal, nodes_max, known);
    if let Outcome::Found { pairings, cost, .. } = &mut outcome {
        settle(&model, &root, pairings, *cost);
    }
    outcome
}

/// Where several placings of the same pairs cost the same, takes the one that follows from the
/// pairs alone, not from how they were come upon.
fn settle<C: Cost>(model: &Model<'_, C>, root: &State, pairings: &mut Vec<Pairing>, cost: C) {
    let open = pairings.iter().filter(|pairing| !root.is_made(pairing.agent, pairing.task));
    let pairs = open.map(|p| (p.agent, p.task, model.allowed(p.agent, p.task)));
    if let Ok((same, placed)) = place(model, root, pairs.collect())
        && same == cost
    {
        *pairings = placed;
    }
}

/// The same below a state, on a network that may have been solved for another.
pub(super) fn search_from<'p, C: Cost>(
    model: Arc<Model<'p, C>>,
    network: Network<'p, C>,
    root: State,
    goal: Goal,
    nodes_max: u32,
    known: Option<(C, Vec<Pairing>)>,
) -> Outcome<C> {
    let mut search = Search { model, network, best: known, prices: None };
    let mut open = vec![Open { state: root, bound: None }];
    let mut nodes = 0;
    while let Some(node) = open.pop() {
        if !search.promises(node.bound) {
            continue;
        }
        if nodes >= nodes_max.max(1) {
            open.push(node);
            break;
        }
        nodes += 1;
        open.extend(search.visit(node.state));
        if goal == Goal::Any && search.best.is_some() {
            open.clear();
        }
    }
    let Some((cost, pairings)) = search.best else {
        return if open.is_empty() { Outcome::Nothing } else { Outcome::Limit };
    };
    let least = open.iter().filter_map(|node| node.bound).min().unwrap_or(cost).min(cost);
    let prices = search.prices.unwrap_or_default();
    Outcome::Found { pairings, cost, gap: cost - least, prices }
}

impl<C: Cost> Search<'_, C> {
    fn promises(&self, bound: Option<C>) -> bool {
        match (&self.best, bound) {
            (Some((best, _)), Some(bound)) => bound < *best,
            _ => true,
        }
    }

    /// Solves a node; what it leaves open, the child to look at first last.
    fn visit(&mut self, state: State) -> Vec<Open<C>> {
        if !self.network.solve(&state) {
            return Vec::new();
        }
        let bound = self.network.cost();
        self.prices.get_or_insert_with(|| self.network.prices());
        if !self.promises(Some(bound)) {
            return Vec::new();
        }
        let mut children = match self.too_many(&state) {
            Some(agent) => with_and_without(&state, agent, &self.model),
            None => match self.place(&state, bound) {
                Ok(()) => Vec::new(),
                Err(troubled) => self.slot_by_slot(&state, &troubled),
            },
        };
        children.reverse();
        children.into_iter().map(|state| Open { state, bound: Some(bound) }).collect()
    }

    /// An agent to decide about if too many serve: of those not counted, who serves least.
    fn too_many(&self, state: &State) -> Option<usize> {
        let most = self.model.agents_max?;
        let mut load = vec![0_u32; self.model.agents.len()];
        self.network.chosen().for_each(|pair| load[pair.agent as usize] += 1);
        let counted = state.counted.iter().filter(|&&counted| counted).count();
        let open = |&agent: &usize| load[agent] > 0 && !state.counted[agent];
        let serving = (0..load.len()).filter(open);
        if counted + serving.clone().count() <= most {
            return None;
        }
        serving.min_by_key(|&agent| (load[agent], agent))
    }

    /// Finds slots for the pairs of the flow. `Ok` if that costs no more than the flow; agents
    /// who are in the way otherwise.
    fn place(&mut self, state: &State, bound: C) -> Result<(), Vec<usize>> {
        let chosen = self.network.chosen().map(|p| (p.agent as usize, p.task as usize, p.slots));
        let (cost, pairings) = place(&self.model, state, chosen.collect())?;
        if self.best.as_ref().is_none_or(|(best, _)| cost < *best) {
            self.best = Some((cost, pairings));
        }
        if cost == bound { Ok(()) } else { Err(Vec::new()) }
    }

    /// The slots of an agent, or of a pair, one by one.
    fn slot_by_slot(&self, state: &State, troubled: &[usize]) -> Vec<State> {
        let model = &self.model;
        let open = |agent: usize| model.agents[agent].one_slot && several(state.slots[agent]);
        let used = self.network.slot_used();
        let astray = |agent: usize, slots: Mask| match used[agent] {
            Some(slot) => slots >> slot & 1 == 0,
            None => true,
        };
        let serving = || self.network.chosen().filter(|pair| open(pair.agent as usize));
        let agent = troubled.iter().copied().find(|&agent| open(agent)).or_else(|| {
            let astray = serving().find(|pair| astray(pair.agent as usize, pair.slots));
            astray.or_else(|| serving().next()).map(|pair| pair.agent as usize)
        });
        if let Some(agent) = agent {
            let in_slot = |slot: usize| {
                let mut child = state.clone();
                child.slots[agent] = 1 << slot;
                child
            };
            return each(state.slots[agent]).map(in_slot).collect();
        }
        let pair = self.network.chosen().find(|pair| !model.agents[pair.agent as usize].one_slot);
        let Some(pair) = pair else { return Vec::new() };
        let (agent, task) = (pair.agent as usize, pair.task as usize);
        let made = |slot: usize| {
            let mut child = state.clone();
            child.made.push((agent, task, slot));
            child
        };
        let mut children: Vec<State> = each(pair.slots).map(made).collect();
        if !pair.forced {
            let mut child = state.clone();
            child.given_up.push((agent, task));
            children.push(child);
        }
        children
    }
}

fn several(slots: Mask) -> bool {
    slots.count_ones() > 1
}

/// Without the agent, and with them; when as many are counted as may serve, all others are out.
fn with_and_without<C: Cost>(state: &State, agent: usize, model: &Model<'_, C>) -> Vec<State> {
    let mut without = state.clone();
    without.slots[agent] = 0;
    let mut with = state.clone();
    with.counted[agent] = true;
    let counted = with.counted.iter().filter(|&&counted| counted).count();
    match model.agents_max {
        Some(most) if counted > most => return vec![without],
        Some(most) if counted == most => {
            for (slots, counted) in with.slots.iter_mut().zip(&with.counted) {
                if !counted {
                    *slots = 0;
                }
            }
        }
        _ => {}
    }
    vec![without, with]
}
