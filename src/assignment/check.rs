//! An independent look at a solution: every constraint and the sum. Shares nothing with the
//! solver but the types, so that a mistake would have to be made twice.

use std::collections::{BTreeMap, BTreeSet};

use super::cost::Cost;
use super::problem::Problem;
use super::solution::{Constraint, Pairing, Solution};

/// 违反: what is wrong with a solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Violation<C> {
    /// A pairing names an agent, task or slot that is not there; nothing else is looked at then.
    Unknown(Pairing),
    /// Pairings are not ordered by agent and task.
    Unordered,
    /// An agent and a task are paired more than once.
    Twice {
        /// The agent.
        agent: usize,
        /// The task.
        task: usize,
    },
    /// A constraint is not kept.
    Broken(Constraint),
    /// The objective is not the sum of the costs.
    Objective {
        /// What the solution says.
        stated: C,
        /// What it comes to.
        found: C,
    },
}

/// Everything that is wrong with the solution; nothing if it is right. Whether it is the best is
/// not looked at. The problem is one that [`solve`](super::solve) takes.
/// O(agents + tasks + prohibitions + pairings × log).
pub fn check<C: Cost>(problem: &Problem<C>, solution: &Solution<C>) -> Vec<Violation<C>> {
    let pairings = &solution.pairings;
    let unknown = |pairing: &&Pairing| {
        pairing.agent >= problem.agents.len()
            || pairing.task >= problem.tasks.len()
            || pairing.slot >= problem.slots.len()
    };
    if let Some(&pairing) = pairings.iter().find(unknown) {
        return vec![Violation::Unknown(pairing)];
    }
    let mut found = Vec::new();
    if !pairings.is_sorted_by_key(|pairing| (pairing.agent, pairing.task)) {
        found.push(Violation::Unordered);
    }
    let mut times: BTreeMap<(usize, usize), u32> = BTreeMap::new();
    for pairing in pairings {
        *times.entry((pairing.agent, pairing.task)).or_default() += 1;
    }
    let twice = times.iter().filter(|&(_, &count)| count > 1);
    found.extend(twice.map(|(&(agent, task), _)| Violation::Twice { agent, task }));
    let broken: BTreeSet<Constraint> = agents(problem, pairings)
        .chain(tasks(problem, pairings))
        .chain(slots(problem, pairings))
        .chain(pairs(problem, pairings))
        .collect();
    found.extend(broken.into_iter().map(Violation::Broken));
    let sum = cost_of(problem, pairings);
    if sum != solution.objective {
        found.push(Violation::Objective { stated: solution.objective, found: sum });
    }
    found
}

fn agents<C: Cost>(
    problem: &Problem<C>,
    pairings: &[Pairing],
) -> impl Iterator<Item = Constraint> + use<C> {
    let mut by_agent: BTreeMap<usize, Vec<&Pairing>> = BTreeMap::new();
    for pairing in pairings {
        by_agent.entry(pairing.agent).or_default().push(pairing);
    }
    let mut broken = Vec::new();
    for (&agent, own) in &by_agent {
        let entry = &problem.agents[agent];
        if own.len() > entry.capacity as usize {
            broken.push(Constraint::AgentCapacity(agent));
        }
        if own.iter().any(|pairing| entry.slots.iter().all(|c| c.slot != pairing.slot)) {
            broken.push(Constraint::AgentSlots(agent));
        }
        if own.iter().any(|pairing| pairing.slot != own[0].slot) {
            broken.push(Constraint::OneSlot(agent));
        }
    }
    if problem.agents_max.is_some_and(|most| by_agent.len() > most as usize) {
        broken.push(Constraint::AgentsMax);
    }
    broken.into_iter()
}

fn tasks<C: Cost>(
    problem: &Problem<C>,
    pairings: &[Pairing],
) -> impl Iterator<Item = Constraint> + use<C> {
    let mut served = vec![0_u32; problem.tasks.len()];
    let mut broken = Vec::new();
    for pairing in pairings {
        served[pairing.task] += 1;
        if !problem.tasks[pairing.task].slots.has(pairing.slot) {
            broken.push(Constraint::TaskSlots(pairing.task));
        }
    }
    for (idx, (task, served)) in problem.tasks.iter().zip(served).enumerate() {
        if served < task.demand_min {
            broken.push(Constraint::TaskMinimum(idx));
        }
        if served > task.demand_max {
            broken.push(Constraint::TaskMaximum(idx));
        }
    }
    broken.into_iter()
}

fn slots<C: Cost>(
    problem: &Problem<C>,
    pairings: &[Pairing],
) -> impl Iterator<Item = Constraint> + use<C> {
    let mut broken = Vec::new();
    for (idx, slot) in problem.slots.iter().enumerate() {
        let inside = pairings.iter().filter(|pairing| pairing.slot == idx).count();
        if slot.capacity.is_some_and(|capacity| inside > capacity as usize) {
            broken.push(Constraint::SlotCapacity(idx));
        }
    }
    broken.into_iter()
}

fn pairs<C: Cost>(
    problem: &Problem<C>,
    pairings: &[Pairing],
) -> impl Iterator<Item = Constraint> + use<C> {
    let made: BTreeSet<(usize, usize, usize)> =
        pairings.iter().map(|p| (p.agent, p.task, p.slot)).collect();
    let in_slots = |agent: usize, task: usize| {
        made.range((agent, task, 0)..=(agent, task, usize::MAX)).map(|&(_, _, slot)| slot)
    };
    let mut broken = Vec::new();
    for entry in &problem.prohibitions {
        if in_slots(entry.agent, entry.task).any(|slot| entry.slots.has(slot)) {
            broken.push(Constraint::Prohibited(entry.reason));
        }
    }
    for (idx, entry) in problem.forced.iter().enumerate() {
        if !in_slots(entry.agent, entry.task).any(|slot| entry.slot.is_none_or(|s| s == slot)) {
            broken.push(Constraint::Forced(idx));
        }
    }
    broken.into_iter()
}

/// What pairings cost together: their pairs, their slots, and the opening of each task once. Pairings
/// are of the problem.
pub fn cost_of<C: Cost>(problem: &Problem<C>, pairings: &[Pairing]) -> C {
    let mut sum = C::ZERO;
    for pairing in pairings {
        sum += problem.costs.of(pairing.agent, pairing.task);
        let choices = &problem.agents[pairing.agent].slots;
        sum += choices.iter().find(|c| c.slot == pairing.slot).map_or(C::ZERO, |c| c.cost);
    }
    let served: BTreeSet<usize> = pairings.iter().map(|pairing| pairing.task).collect();
    served.into_iter().for_each(|task| sum += problem.tasks[task].opening);
    sum
}
