//! Small random assignment problems with everything switched on, for checks and tests.

use fastrand::Rng;

use crate::assignment::{
    Agent, Cost, Costs, Forced, Levels, Problem, Prohibition, Slot, SlotChoice, SlotSet, Task,
};

/// Above so many pairs, capacities and demands stay so small that all solutions can be counted.
const PAIRS_LARGE: usize = 20;

/// A problem with at most so many agents, so many tasks and three slots; about half of them have
/// solutions. `cost` draws what is not an opening.
pub fn random_problem<C: Cost>(
    rng: &mut Rng,
    side: usize,
    mut cost: impl FnMut(&mut Rng) -> C,
) -> Problem<C> {
    let (agents, tasks) = (rng.usize(1..=side), rng.usize(1..=side));
    let large = agents * tasks > PAIRS_LARGE;
    let slots = rng.usize(1..=3);
    let most = if large { 2 } else { 3 };
    let slot_costs = rng.bool();
    let tied = rng.u8(..3) == 0;
    let some_slots =
        |rng: &mut Rng| SlotSet(if rng.u8(..3) == 0 { rng.u64(1..8) } else { u64::MAX });
    let problem_agents = (0..agents).map(|_| {
        let allowed = if tied { SlotSet::ALL } else { some_slots(rng) };
        let choices = (0..slots).filter(|&slot| allowed.has(slot));
        let choices = choices
            .map(|slot| SlotChoice { slot, cost: if slot_costs { cost(rng) } else { C::ZERO } });
        let choices = choices.collect();
        let least = u32::from(rng.u8(..9) > 0);
        Agent { capacity: rng.u32(least..=most), slots: choices }
    });
    let problem_agents = problem_agents.collect();
    let demanding = rng.bool();
    let problem_tasks = (0..tasks).map(|_| {
        let least = u32::from(rng.u8(..9) > 0);
        let demand_max = rng.u32(least..=if large { 1 } else { most });
        let demand_min = if demanding { rng.u32(0..=demand_max.min(2)) } else { 0 };
        let opening = if rng.bool() { cost(rng) } else { C::ZERO };
        Task { demand_min, demand_max, slots: some_slots(rng), opening: opening.min(-opening) }
    });
    let problem_tasks = problem_tasks.collect();
    let limited = rng.u8(..3);
    let problem_slots = (0..slots).map(|slot| Slot {
        capacity: (limited > 0 && (!large || slot == 0)).then(|| rng.u32(0..=4)),
    });
    let problem_slots = problem_slots.collect();
    let pair = |rng: &mut Rng| (rng.usize(..agents), rng.usize(..tasks));
    let prohibitions = (0..rng.usize(..=agents * tasks / 3)).map(|_| {
        let (agent, task) = pair(rng);
        Prohibition { agent, task, slots: some_slots(rng), reason: rng.u32(..3) }
    });
    let prohibitions = prohibitions.collect();
    let forced = (0..[0, 0, 0, 1, 2][rng.usize(..5)]).map(|_| {
        let (agent, task) = pair(rng);
        Forced { agent, task, slot: rng.bool().then(|| rng.usize(..slots)) }
    });
    let forced = forced.collect();
    let costs = (0..agents * tasks).map(|_| cost(rng)).collect();
    Problem {
        agents: problem_agents,
        tasks: problem_tasks,
        slots: problem_slots,
        agents_max: (rng.u8(..3) == 0).then(|| rng.u32(0..=agents as u32)),
        costs: Costs::from_rows(tasks, costs).expect("as many as there are pairs"),
        prohibitions,
        forced,
    }
}

/// A small number, below zero more often than not.
pub fn random_number(rng: &mut Rng) -> i64 {
    rng.i64(-12..=6)
}

/// Three levels, of which the first is often the same.
pub fn random_levels(rng: &mut Rng) -> Levels {
    Levels::of(&[rng.i64(-1..=0), rng.i64(-2..=1), rng.i64(-12..=6)])
}
