//! From a cut in the network to the constraints that make it one: those that forbid to flow in,
//! or demand that something flows out. A first guess at a conflict, to be narrowed down.

use std::collections::BTreeSet;

use super::cost::Cost;
use super::network::Inside;
use super::problem::Problem;
use super::solution::Constraint;

/// Constraints that may have part in a cut; more than those that have.
pub(super) fn blame<C: Cost>(problem: &Problem<C>, inside: &Inside) -> BTreeSet<Constraint> {
    let mut blamed = BTreeSet::new();
    for (idx, task) in problem.tasks.iter().enumerate() {
        match (inside.tasks[idx], inside.sink) {
            (true, false) if task.demand_min > 0 => {
                blamed.insert(Constraint::TaskMinimum(idx));
            }
            (true, true) if task.demand_min > 0 => {
                blamed.extend([Constraint::TaskMinimum(idx), Constraint::TaskMaximum(idx)]);
            }
            (false, true) => {
                blamed.insert(Constraint::TaskMaximum(idx));
            }
            _ => {}
        }
        if inside.tasks[idx] {
            blamed.insert(Constraint::TaskSlots(idx));
        }
    }
    for idx in 0..problem.agents.len() {
        let agent = if inside.agents[idx] || inside.source {
            Constraint::AgentCapacity(idx)
        } else {
            Constraint::AgentSlots(idx)
        };
        blamed.insert(agent);
    }
    for entry in &problem.prohibitions {
        if inside.tasks[entry.task] && !inside.agents[entry.agent] {
            blamed.insert(Constraint::Prohibited(entry.reason));
        }
    }
    for (idx, entry) in problem.forced.iter().enumerate() {
        blamed.extend([Constraint::Forced(idx), Constraint::OneSlot(entry.agent)]);
    }
    if problem.agents_max.is_some() {
        blamed.insert(Constraint::AgentsMax);
    }
    let limited = problem.slots.iter().enumerate().filter(|(_, slot)| slot.capacity.is_some());
    blamed.extend(limited.map(|(idx, _)| Constraint::SlotCapacity(idx)));
    blamed
}
