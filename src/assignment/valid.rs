//! Refuses problems that make no sense, so that all behind this door may trust their indexes.

use super::cost::Cost;
use super::error::ProblemError;
use super::problem::{COSTS_MAX, Problem, SIDE_MAX, SLOTS_MAX};

/// Linear in the size of the problem.
///
/// # Errors
/// The first obstacle, in the order of the problem's fields.
pub(super) fn validate<C: Cost>(problem: &Problem<C>) -> Result<(), ProblemError> {
    let (agents, tasks, slots) = (problem.agents.len(), problem.tasks.len(), problem.slots.len());
    if slots == 0 || slots > SLOTS_MAX {
        return Err(ProblemError::Slots(slots));
    }
    if agents > SIDE_MAX || tasks > SIDE_MAX || agents * tasks > COSTS_MAX {
        return Err(ProblemError::TooLarge { agents, tasks });
    }
    let (count, columns) = (problem.costs.count(), problem.costs.tasks());
    if columns != tasks || count != agents * tasks {
        return Err(ProblemError::CostsShape { count, columns, agents, tasks });
    }
    for (agent, entry) in problem.agents.iter().enumerate() {
        let mut named = 0_u64;
        for choice in &entry.slots {
            let slot = choice.slot;
            if slot >= slots {
                return Err(ProblemError::AgentSlot { agent, slot });
            }
            if named >> slot & 1 == 1 {
                return Err(ProblemError::AgentSlotTwice { agent, slot });
            }
            named |= 1 << slot;
        }
        let own = entry.slots.iter().map(|choice| choice.cost);
        if !own.chain(problem.costs.row(agent).iter().copied()).all(Cost::in_range) {
            return Err(ProblemError::CostRange { what: "agent", idx: agent });
        }
    }
    for (idx, task) in problem.tasks.iter().enumerate() {
        if task.demand_min > task.demand_max {
            return Err(ProblemError::Demand(idx));
        }
        if task.opening > C::ZERO {
            return Err(ProblemError::Opening(idx));
        }
        if !task.opening.in_range() {
            return Err(ProblemError::CostRange { what: "task", idx });
        }
    }
    let there = |agent: usize, task: usize| agent < agents && task < tasks;
    for (idx, entry) in problem.prohibitions.iter().enumerate() {
        if !there(entry.agent, entry.task) {
            return Err(ProblemError::Prohibition(idx));
        }
    }
    for (idx, entry) in problem.forced.iter().enumerate() {
        if !there(entry.agent, entry.task) || entry.slot.is_some_and(|slot| slot >= slots) {
            return Err(ProblemError::Forced(idx));
        }
    }
    Ok(())
}
