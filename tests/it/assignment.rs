//! Laws of assignment on random small problems with everything switched on, held against
//! exhaustive search. `DUIJIE_ASSIGNMENT_CASES` sets how many.

mod brute;
mod checker;
mod problem_errors;

use duijie::assignment::{
    Agent, Constraint, Cost, Costs, Forced, Levels, Limits, Problem, Prohibition, Regrets, Slot,
    SlotChoice, SlotSet, SolveError, Status, Task, bound, check, solve, solve_from, solve_priced,
};
use duijie::bench::{random_levels, random_number, random_problem};
use fastrand::Rng;

use brute::{least, least_of};

const CASES_DEFAULT: u64 = 100;

fn cases() -> u64 {
    let count = std::env::var("DUIJIE_ASSIGNMENT_CASES");
    count.map_or(CASES_DEFAULT, |count| count.parse().expect("a number of cases"))
}

/// Agents and tasks of most problems, and of one in [`LARGE_EVERY`].
const SIDE: usize = 4;
const SIDE_LARGE: usize = 8;
const SIDE_CONFLICT: usize = 3;
const LARGE_EVERY: u64 = 10;

fn side(seed: u64) -> usize {
    if seed.is_multiple_of(LARGE_EVERY) { SIDE_LARGE } else { SIDE }
}

/// Runs a law on random problems; a failure names its seed.
fn on_random(law: impl Fn(u64, Problem<i64>)) {
    for seed in 0..cases() {
        law(seed, random_problem(&mut Rng::with_seed(seed), side(seed), random_number));
    }
}

/// The objective, if there is a solution; it has been checked and is proven.
fn solved<C: Cost>(seed: u64, problem: &Problem<C>) -> Option<C> {
    match solve(problem, Limits::default()) {
        Ok(solution) => {
            assert_eq!(check(problem, &solution), [], "seed {seed}");
            assert_eq!(solution.status, Status::Optimal, "seed {seed}");
            Some(solution.objective)
        }
        Err(SolveError::Infeasible(_)) => None,
        Err(other) => panic!("seed {seed}: {other}"),
    }
}

#[test]
fn solutions_are_the_best_there_are() {
    on_random(|seed, problem| {
        assert_eq!(solved(seed, &problem), least(&problem), "seed {seed}: {problem:#?}");
    });
    for seed in 0..cases() {
        let problem = random_problem(&mut Rng::with_seed(seed), side(seed), random_levels);
        assert_eq!(solved(seed, &problem), least(&problem), "seed {seed}: {problem:#?}");
    }
}

#[test]
fn a_conflict_cannot_be_met_but_without_any_of_its_members() {
    // Small ones: without capacities there is much to search exhaustively.
    for seed in 0..cases() {
        let problem = random_problem(&mut Rng::with_seed(seed), SIDE_CONFLICT, random_number);
        let Err(SolveError::Infeasible(found)) = solve(&problem, Limits::default()) else {
            continue;
        };
        let conflict = found.conflict;
        assert!(conflict.is_sorted());
        let with = |constraint: Constraint| conflict.contains(&constraint);
        assert_eq!(least_of(&problem, &with), None, "seed {seed}: {conflict:?}");
        for &left_out in &conflict {
            let without = |constraint| constraint != left_out && with(constraint);
            let least = least_of(&problem, &without);
            assert!(least.is_some(), "seed {seed}: {left_out:?} of {conflict:?}");
        }
    }
}

#[test]
fn insisting_on_a_pair_costs_its_regret() {
    on_random(|seed, problem| {
        let Ok(solution) = solve(&problem, Limits::default()) else { return };
        let all = Regrets::new(&problem, &solution, Limits::default()).unwrap();
        for agent in 0..problem.agents.len() {
            let regrets = all.of(agent).unwrap();
            let own = |task: &usize| {
                solution.pairings.iter().any(|p| (p.agent, p.task) == (agent, *task))
            };
            let others = regrets.iter().zip(0..).filter(|(_, task)| !own(task));
            let mut others: Vec<_> =
                others.filter_map(|(regret, task)| Some((regret.as_ref()?.cost, task))).collect();
            others.sort_unstable();
            others.truncate(3);
            let nearest = all.nearest(agent, 3).unwrap();
            let nearest: Vec<_> = nearest.into_iter().map(|(task, r)| (r.cost, task)).collect();
            assert_eq!(nearest, others, "seed {seed}: the nearest of {agent}");
            for (task, regret) in regrets.into_iter().enumerate() {
                let mut forced = problem.clone();
                forced.forced.push(Forced { agent, task, slot: None });
                let cost = solved(seed, &forced).map(|forced| forced - solution.objective);
                assert_eq!(regret.map(|regret| regret.cost), cost, "seed {seed}: {agent}, {task}");
                let paired = solution.pairings.iter().any(|p| (p.agent, p.task) == (agent, task));
                assert!(!paired || cost == Some(0), "seed {seed}");
            }
        }
    });
}

#[test]
fn starting_from_another_solution_ends_as_well() {
    on_random(|seed, mut problem| {
        let Ok(start) = solve(&problem, Limits::default()) else { return };
        let mut rng = Rng::with_seed(seed);
        problem.agents[0].capacity = rng.u32(..2);
        let found = solve_from(&problem, &start, Limits::default());
        let found = found.ok().inspect(|found| assert_eq!(check(&problem, found), []));
        assert_eq!(found.map(|f| f.objective), solved(seed, &problem), "seed {seed}");
    });
}

#[test]
fn a_task_that_nobody_may_serve_changes_nothing() {
    on_random(|seed, problem| {
        let mut more = problem.clone();
        let task = problem.tasks.len();
        let slots = SlotSet::ALL;
        more.tasks.push(Task { demand_min: 0, demand_max: 1, slots, opening: -5 });
        let cost = |a: usize, t: usize| if t == task { -9 } else { problem.costs.of(a, t) };
        more.costs = Costs::from_fn(problem.agents.len(), task + 1, cost);
        let all =
            (0..problem.agents.len()).map(|agent| Prohibition { agent, task, slots, reason: 9 });
        more.prohibitions.extend(all);
        assert_eq!(solved(seed, &more), solved(seed, &problem), "seed {seed}");
    });
}

#[test]
fn the_order_of_agents_and_tasks_does_not_matter() {
    on_random(|seed, problem| {
        let (agents, tasks) = (problem.agents.len(), problem.tasks.len());
        let mut turned = problem.clone();
        turned.agents.reverse();
        turned.tasks.reverse();
        let cost = |a: usize, t: usize| problem.costs.of(agents - 1 - a, tasks - 1 - t);
        turned.costs = Costs::from_fn(agents, tasks, cost);
        for entry in &mut turned.prohibitions {
            (entry.agent, entry.task) = (agents - 1 - entry.agent, tasks - 1 - entry.task);
        }
        for entry in &mut turned.forced {
            (entry.agent, entry.task) = (agents - 1 - entry.agent, tasks - 1 - entry.task);
        }
        assert_eq!(solved(seed, &turned), solved(seed, &problem), "seed {seed}");
    });
}

#[test]
fn an_earlier_level_outweighs_all_later_ones() {
    let agent = Agent { capacity: 1, slots: vec![SlotChoice { slot: 0, cost: Levels::ZERO }] };
    let slots = SlotSet::ALL;
    let task = Task { demand_min: 0, demand_max: 1, slots, opening: Levels::ZERO };
    let costs = [Levels::of(&[-1, 0, 1_000_000_000]), Levels::of(&[0, -1_000_000_000, 0])];
    let problem = Problem {
        agents: vec![agent],
        tasks: vec![task; 2],
        slots: vec![Slot { capacity: None }],
        agents_max: None,
        costs: Costs::from_rows(2, costs.to_vec()).unwrap(),
        prohibitions: Vec::new(),
        forced: Vec::new(),
    };
    let solution = solve(&problem, Limits::default()).unwrap();
    assert_eq!(solution.objective, costs[0]);
    let regrets = Regrets::new(&problem, &solution, Limits::default()).unwrap().of(0).unwrap();
    assert_eq!(regrets[1].unwrap().cost, costs[1] - costs[0]);
}

/// Agents and tasks of a problem that is not searched whole.
const MANY: usize = 260;

#[test]
fn large_solutions_are_proven_by_prices() {
    for seed in 0..2 {
        let mut rng = Rng::with_seed(seed);
        // Everybody wants the same agents, so most pairs that are made are not a task's favourites.
        let worth: Vec<i64> = (0..MANY).map(|_| rng.i64(0..1000)).collect();
        let agents = (0..MANY).map(|_| Agent {
            capacity: rng.u32(1..=4),
            slots: vec![SlotChoice { slot: 0, cost: rng.i64(-5..5) }],
        });
        let agents = agents.collect();
        let tasks = (0..MANY).map(|_| {
            let demand_min = rng.u32(..=2);
            let demand_max = demand_min + rng.u32(1..=2);
            Task { demand_min, demand_max, slots: SlotSet::ALL, opening: -rng.i64(0..300) }
        });
        let tasks = tasks.collect();
        let costs =
            worth.iter().flat_map(|&w| (0..MANY).map(move |_| w)).map(|w| 700 - w - rng.i64(0..90));
        let costs = Costs::from_rows(MANY, costs.collect()).unwrap();
        let forced = (0..20).map(|agent| Forced { agent, task: agent * 11, slot: None }).collect();
        let prohibitions = (0..3000).map(|_| {
            let (agent, task) = (rng.usize(20..MANY), rng.usize(..MANY));
            Prohibition { agent, task, slots: SlotSet::ALL, reason: 0 }
        });
        let prohibitions = prohibitions.collect();
        let slots = vec![Slot { capacity: None }];
        let problem =
            Problem { agents, tasks, slots, agents_max: None, costs, prohibitions, forced };
        let (solution, prices) = solve_priced(&problem, Limits::default()).unwrap();
        assert_eq!(check(&problem, &solution), []);
        assert_eq!(bound(&problem, &prices), Some(solution.objective), "seed {seed}");
        let cheap: Vec<i64> = prices.iter().map(|price| price / 2).collect();
        assert!(bound(&problem, &cheap) < Some(solution.objective), "prices matter");
    }
}

#[test]
fn where_work_runs_out_the_gap_is_told_and_true() {
    let mut cut_short = 0;
    on_random(|seed, problem| {
        let Some(best) = solved(seed, &problem) else { return };
        if let Ok(found) = solve(&problem, Limits { nodes_max: 1 }) {
            assert_eq!(check(&problem, &found), [], "seed {seed}");
            match found.status {
                Status::Optimal => assert_eq!(found.objective, best, "seed {seed}"),
                Status::Limit { gap } => {
                    assert!(gap > 0 && found.objective - gap <= best, "seed {seed}");
                }
            }
        }
    });
    // Some of these are known to need more than one node.
    for seed in 0..300 {
        let problem = random_problem(&mut Rng::with_seed(seed), SIDE, random_number);
        let found = solve(&problem, Limits { nodes_max: 1 });
        cut_short += u32::from(!matches!(
            found,
            Ok(duijie::assignment::Solution { status: Status::Optimal, .. })
                | Err(SolveError::Infeasible(_))
        ));
    }
    assert!(cut_short > 0);
}
