//! Problems that make no sense are refused by name.

use duijie::assignment::{
    Agent, Costs, Forced, Limits, NUMBER_MAX, Problem, ProblemError, Prohibition, Slot, SlotChoice,
    SlotSet, SolveError, Task, solve,
};

fn problem() -> Problem<i64> {
    Problem {
        agents: vec![Agent { capacity: 1, slots: vec![SlotChoice { slot: 0, cost: 0 }] }],
        tasks: vec![Task { demand_min: 0, demand_max: 1, slots: SlotSet::ALL, opening: 0 }],
        slots: vec![Slot { capacity: None }],
        agents_max: None,
        costs: Costs::from_rows(1, vec![-1]).unwrap(),
        prohibitions: Vec::new(),
        forced: Vec::new(),
    }
}

fn refused(spoil: impl Fn(&mut Problem<i64>)) -> ProblemError {
    let mut spoilt = problem();
    spoil(&mut spoilt);
    match solve(&spoilt, Limits::default()) {
        Err(SolveError::Problem(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_makes_no_sense_is_named() {
    assert_eq!(solve(&problem(), Limits::default()).unwrap().objective, -1);
    assert_eq!(refused(|p| p.slots.clear()), ProblemError::Slots(0));
    assert_eq!(refused(|p| p.slots = vec![p.slots[0].clone(); 65]), ProblemError::Slots(65));
    let shape = ProblemError::CostsShape { count: 1, columns: 1, agents: 2, tasks: 1 };
    assert_eq!(refused(|p| p.agents.push(p.agents[0].clone())), shape);
    let slot = ProblemError::AgentSlot { agent: 0, slot: 1 };
    assert_eq!(refused(|p| p.agents[0].slots[0].slot = 1), slot);
    let twice = ProblemError::AgentSlotTwice { agent: 0, slot: 0 };
    assert_eq!(refused(|p| p.agents[0].slots = vec![p.agents[0].slots[0]; 2]), twice);
    assert_eq!(refused(|p| p.tasks[0].demand_min = 2), ProblemError::Demand(0));
    assert_eq!(refused(|p| p.tasks[0].opening = 1), ProblemError::Opening(0));
    let opening = ProblemError::CostRange { what: "task", idx: 0 };
    assert_eq!(refused(|p| p.tasks[0].opening = -NUMBER_MAX - 1), opening);
    let cost = ProblemError::CostRange { what: "agent", idx: 0 };
    assert_eq!(refused(|p| p.agents[0].slots[0].cost = NUMBER_MAX + 1), cost);
    let slots = SlotSet::ALL;
    let stranger = Prohibition { agent: 0, task: 1, slots, reason: 0 };
    assert_eq!(refused(|p| p.prohibitions.push(stranger)), ProblemError::Prohibition(0));
    let forced = Forced { agent: 0, task: 0, slot: Some(1) };
    assert_eq!(refused(|p| p.forced.push(forced)), ProblemError::Forced(0));
}
