//! Laws of assignment on random small problems with everything switched on, held against
//! exhaustive search. `DUIJIE_ASSIGNMENT_CASES` sets how many.

mod brute;

use duijie::assignment::{
    Constraint, Cost, Forced, Limits, Problem, SolveError, Status, check, regrets, solve,
    solve_from,
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
        for agent in 0..problem.agents.len() {
            let regrets = regrets(&problem, &solution, agent).unwrap();
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
