//! Exhaustive search: all choices of one agent after the other, the cheapest way to each count
//! of servings, places and agents. Shares only the types with what it is held against.

use std::collections::HashMap;

use duijie::assignment::{Constraint, Cost, Problem};

/// Servings by task, places by slot, agents.
type Counts = (Vec<u32>, Vec<u32>, u32);
/// Tasks with slots.
type Choice = Vec<(usize, usize)>;

/// The least objective, `None` without a solution.
pub fn least<C: Cost>(problem: &Problem<C>) -> Option<C> {
    least_of(problem, &|_| true)
}

/// The least objective if only some constraints have to be kept.
pub fn least_of<C: Cost>(problem: &Problem<C>, kept: &dyn Fn(Constraint) -> bool) -> Option<C> {
    let start = (vec![0; problem.tasks.len()], vec![0; problem.slots.len()], 0);
    let mut ways: HashMap<Counts, C> = HashMap::from([(start, C::ZERO)]);
    for agent in 0..problem.agents.len() {
        let choices = choices(problem, kept, agent);
        let mut next: HashMap<Counts, C> = HashMap::new();
        for (counts, cost) in &ways {
            for (choice, more) in &choices {
                let Some(counts) = counted(problem, kept, counts, choice) else { continue };
                let cost = *cost + *more;
                let best = next.entry(counts).or_insert(cost);
                *best = cost.min(*best);
            }
        }
        ways = next;
    }
    let served_enough = |(tasks, ..): &Counts| {
        (0..tasks.len()).all(|task| {
            tasks[task] >= problem.tasks[task].demand_min || !kept(Constraint::TaskMinimum(task))
        })
    };
    let openings = |(tasks, ..): &Counts| {
        let served = (0..tasks.len()).filter(|&task| tasks[task] > 0);
        served.fold(C::ZERO, |sum, task| sum + problem.tasks[task].opening)
    };
    ways.iter()
        .filter(|(counts, _)| served_enough(counts))
        .map(|(counts, &cost)| cost + openings(counts))
        .min()
}

/// The counts with a choice more, if they are not beyond what may be.
fn counted<C: Cost>(
    problem: &Problem<C>,
    kept: &dyn Fn(Constraint) -> bool,
    counts: &Counts,
    choice: &Choice,
) -> Option<Counts> {
    let (mut tasks, mut slots, mut agents) = counts.clone();
    for &(task, slot) in choice {
        tasks[task] += 1;
        if tasks[task] > problem.tasks[task].demand_max && kept(Constraint::TaskMaximum(task)) {
            return None;
        }
        if let Some(capacity) = problem.slots[slot].capacity
            && kept(Constraint::SlotCapacity(slot))
        {
            slots[slot] += 1;
            if slots[slot] > capacity {
                return None;
            }
        }
    }
    if let Some(most) = problem.agents_max
        && !choice.is_empty()
        && kept(Constraint::AgentsMax)
    {
        agents += 1;
        if agents > most {
            return None;
        }
    }
    Some((tasks, slots, agents))
}

/// All that an agent can do, with what it costs but for openings.
fn choices<C: Cost>(
    problem: &Problem<C>,
    kept: &dyn Fn(Constraint) -> bool,
    agent: usize,
) -> Vec<(Choice, C)> {
    let mut choices: Vec<Choice> = vec![Vec::new()];
    for task in 0..problem.tasks.len() {
        for length in 0..choices.len() {
            for slot in 0..problem.slots.len() {
                let mut longer = choices[length].clone();
                let one_slot = longer.iter().all(|&(_, other)| other == slot);
                let full = longer.len() >= problem.agents[agent].capacity as usize;
                if allowed(problem, kept, agent, task, slot)
                    && (one_slot || !kept(Constraint::OneSlot(agent)))
                    && !(full && kept(Constraint::AgentCapacity(agent)))
                {
                    longer.push((task, slot));
                    choices.push(longer);
                }
            }
        }
    }
    let forced = problem.forced.iter().enumerate();
    let forced = forced.filter(|(idx, f)| f.agent == agent && kept(Constraint::Forced(*idx)));
    let forced: Vec<_> = forced.map(|(_, forced)| forced).collect();
    choices.retain(|choice| {
        forced.iter().all(|f| {
            choice.iter().any(|&(task, slot)| task == f.task && f.slot.is_none_or(|s| s == slot))
        })
    });
    let costed = |choice: Choice| {
        let cost = choice.iter().fold(C::ZERO, |sum, &(task, slot)| {
            let own = problem.agents[agent].slots.iter().find(|c| c.slot == slot);
            sum + problem.costs.of(agent, task) + own.map_or(C::ZERO, |c| c.cost)
        });
        (choice, cost)
    };
    choices.into_iter().map(costed).collect()
}

fn allowed<C: Cost>(
    problem: &Problem<C>,
    kept: &dyn Fn(Constraint) -> bool,
    agent: usize,
    task: usize,
    slot: usize,
) -> bool {
    let own = problem.agents[agent].slots.iter().any(|choice| choice.slot == slot);
    let prohibited = problem.prohibitions.iter().any(|entry| {
        (entry.agent, entry.task) == (agent, task)
            && entry.slots.has(slot)
            && kept(Constraint::Prohibited(entry.reason))
    });
    (own || !kept(Constraint::AgentSlots(agent)))
        && (problem.tasks[task].slots.has(slot) || !kept(Constraint::TaskSlots(task)))
        && !prohibited
}
