//! The checker, checked: a right solution is broken in every way.

use duijie::assignment::{
    Agent, Constraint, Costs, Forced, Pairing, Problem, Prohibition, Slot, SlotChoice, SlotSet,
    Solution, Status, Task, Violation, check,
};

/// Two agents and two tasks; three pairings that keep everything, with nothing to spare asked.
fn right() -> (Problem<i64>, Solution<i64>) {
    let slots = vec![SlotChoice { slot: 0, cost: 0 }, SlotChoice { slot: 1, cost: 0 }];
    let task = Task { demand_min: 0, demand_max: 3, slots: SlotSet::ALL, opening: -1 };
    let problem = Problem {
        agents: vec![Agent { capacity: 2, slots }; 2],
        tasks: vec![task; 2],
        slots: vec![Slot { capacity: None }; 2],
        agents_max: None,
        costs: Costs::from_rows(2, vec![1, 2, 3, 4]).unwrap(),
        prohibitions: Vec::new(),
        forced: Vec::new(),
    };
    let pairing = |agent, task, slot| Pairing { agent, task, slot };
    let pairings = vec![pairing(0, 0, 0), pairing(0, 1, 0), pairing(1, 0, 1)];
    (problem, Solution { pairings, objective: 4, status: Status::Optimal })
}

fn broken(spoil: impl Fn(&mut Problem<i64>, &mut Solution<i64>)) -> Vec<Violation<i64>> {
    let (mut problem, mut solution) = right();
    assert_eq!(check(&problem, &solution), []);
    spoil(&mut problem, &mut solution);
    check(&problem, &solution)
}

#[test]
fn every_constraint_is_looked_at() {
    type Spoil = fn(&mut Problem<i64>, &mut Solution<i64>);
    let forced = |agent, task, slot| Forced { agent, task, slot };
    assert_eq!(
        broken(|p, _| p.forced = vec![forced(0, 0, Some(0)), forced(1, 1, None)]),
        [Violation::Broken(Constraint::Forced(1))]
    );
    let spoils: [(Spoil, Constraint); 10] = [
        (|p, _| p.agents[0].capacity = 1, Constraint::AgentCapacity(0)),
        (|p, _| p.agents[1].slots.truncate(1), Constraint::AgentSlots(1)),
        (|_, s| s.pairings[1].slot = 1, Constraint::OneSlot(0)),
        (|p, _| p.tasks[0].demand_max = 1, Constraint::TaskMaximum(0)),
        (|p, _| p.tasks[1].demand_min = 2, Constraint::TaskMinimum(1)),
        (|p, _| p.tasks[0].slots = SlotSet(1), Constraint::TaskSlots(0)),
        (|p, _| p.slots[0].capacity = Some(1), Constraint::SlotCapacity(0)),
        (|p, _| p.agents_max = Some(1), Constraint::AgentsMax),
        (
            |p, _| {
                let slots = SlotSet(2);
                p.prohibitions.push(Prohibition { agent: 1, task: 0, slots, reason: 7 });
                p.prohibitions.push(Prohibition { agent: 0, task: 0, slots, reason: 8 });
            },
            Constraint::Prohibited(7),
        ),
        (|p, _| p.forced.push(Forced { agent: 0, task: 0, slot: Some(1) }), Constraint::Forced(0)),
    ];
    for (spoil, constraint) in spoils {
        assert_eq!(broken(spoil), [Violation::Broken(constraint)]);
    }
}

#[test]
fn sum_order_repetition_and_names_are_looked_at() {
    let sum = broken(|_, s| s.objective = 5);
    assert_eq!(sum, [Violation::Objective { stated: 5, found: 4 }]);
    assert_eq!(broken(|_, s| s.pairings.swap(0, 1)), [Violation::Unordered]);
    let twice = broken(|_, s| {
        s.pairings.push(s.pairings[2]);
        s.objective = 7;
    });
    assert_eq!(twice, [Violation::Twice { agent: 1, task: 0 }]);
    let stranger = Pairing { agent: 1, task: 0, slot: 2 };
    assert_eq!(broken(|_, s| s.pairings[2] = stranger), [Violation::Unknown(stranger)]);
}
