//! `bench assign` and `bench assign-check`: the solver of assignments on large dense problems,
//! proven best by prices; and on many small ones with everything switched on, held against the
//! independent checker.

use std::path::PathBuf;
use std::time::Instant;

use fastrand::Rng;
use rayon::prelude::*;

use super::BenchError;
use super::figures::peak_rss_mb;
use super::random_problem::{random_levels, random_number, random_problem};
use crate::assignment::{
    Agent, COSTS_MAX, Cost, Costs, Limits, NUMBER_MAX, Problem, Slot, SlotChoice, SlotSet,
    SolveError, Status, Task, bound, check, solve, solve_priced,
};

/// A score is a share of this.
const SCORE_MAX: f64 = 10_000.0;
/// Agents and tasks of the small problems, at most.
const SIDE: usize = 6;
/// Small problems between two reports of progress.
const BATCH: u64 = 1_000;

/// Where scores come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scores {
    /// Beta(2, 5) × 10,000, rounded, from this seed.
    Seed(u64),
    /// A file of integers without a header: a row per agent, a column per task.
    File(PathBuf),
}

/// What is assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignOptions {
    /// Agents.
    pub agents: usize,
    /// Tasks.
    pub tasks: usize,
    /// Different agents that each task needs, exactly.
    pub demand: u32,
    /// Tasks that each agent can serve.
    pub capacity: u32,
    /// What each pair is worth.
    pub scores: Scores,
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AssignFigures {
    /// Time of the solver alone, without making or reading scores and without the proof.
    pub seconds: f64,
    /// Sum of the scores of all pairs made.
    pub objective: i64,
    /// Pairs made.
    pub pairings: usize,
    /// Whether the solver says that nothing is better.
    pub optimal: bool,
    /// Whether prices prove it.
    pub proved: bool,
    /// Violations that the checker found.
    pub violations: usize,
    /// Memory of the process at most, in MiB.
    pub peak_rss_mb: Option<f64>,
}

/// Solves one large problem, once.
///
/// # Errors
/// If scores cannot be read, or there is no solution.
pub fn bench_assign(options: &AssignOptions) -> Result<AssignFigures, BenchError> {
    let (agents, tasks) = (options.agents, options.tasks);
    if agents.checked_mul(tasks).is_none_or(|pairs| pairs > COSTS_MAX || pairs == 0) {
        return Err(BenchError::Empty("人数与任务数之积须在 1 至 4000 万之间"));
    }
    let scores = match &options.scores {
        Scores::Seed(seed) => drawn(*seed, agents * tasks),
        Scores::File(path) => read(path, agents, tasks)?,
    };
    let (demand, capacity) = (options.demand, options.capacity);
    let agent = Agent { capacity, slots: vec![SlotChoice { slot: 0, cost: 0 }] };
    let task = Task { demand_min: demand, demand_max: demand, slots: SlotSet::ALL, opening: 0 };
    let problem = Problem {
        agents: vec![agent; agents],
        tasks: vec![task; tasks],
        slots: vec![Slot { capacity: None }],
        agents_max: None,
        costs: Costs::from_rows(tasks, scores)
            .ok_or(BenchError::Empty("得分的个数与人数、任务数不符"))?,
        prohibitions: Vec::new(),
        forced: Vec::new(),
    };
    let started = Instant::now();
    let (solution, prices) = solve_priced(&problem, Limits::default())?;
    let seconds = started.elapsed().as_secs_f64();
    let peak_rss_mb = peak_rss_mb();
    Ok(AssignFigures {
        seconds,
        objective: -solution.objective,
        pairings: solution.pairings.len(),
        optimal: solution.status == Status::Optimal,
        proved: bound(&problem, &prices) == Some(solution.objective),
        violations: check(&problem, &solution).len(),
        peak_rss_mb,
    })
}

/// Costs: scores below zero. Beta(2, 5) is the second smallest of six even numbers.
fn drawn(seed: u64, count: usize) -> Vec<i64> {
    let mut rng = Rng::with_seed(seed);
    let score = |_| {
        let (mut least, mut second) = (1.0_f64, 1.0_f64);
        for _ in 0..6 {
            let number = rng.f64();
            second = second.min(number.max(least));
            least = least.min(number);
        }
        -((second * SCORE_MAX).round() as i64)
    };
    (0..count).map(score).collect()
}

/// Costs: scores of the file below zero, read row by row.
fn read(path: &PathBuf, agents: usize, tasks: usize) -> Result<Vec<i64>, BenchError> {
    let name = path.display().to_string();
    let wrong = |line: usize, reason: String| BenchError::Line { path: name.clone(), line, reason };
    let unread = |source| BenchError::File { path: name.clone(), source };
    let file = std::fs::File::open(path).map_err(unread)?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let mut costs = Vec::with_capacity(agents * tasks);
    let mut row = csv::StringRecord::new();
    let mut rows = 0;
    while reader.read_record(&mut row).map_err(|e| wrong(rows + 1, e.to_string()))? {
        rows += 1;
        let line = row.position().map_or(rows, |position| position.line() as usize);
        if rows > agents {
            return Err(wrong(line, format!("应有 {agents} 行（每人一行），此行多余")));
        }
        if row.len() != tasks {
            let found = row.len();
            return Err(wrong(line, format!("应有 {tasks} 列（每项任务一列），实有 {found} 列")));
        }
        for (column, cell) in (1..).zip(&row) {
            let score = cell.trim().trim_start_matches('\u{feff}').parse::<i64>().ok();
            let score = score.filter(|score| score.in_range()).ok_or_else(|| {
                let limit = format!("绝对值不超过 {NUMBER_MAX} 的整数");
                wrong(line, format!("第 {column} 列“{cell}”：应为{limit}"))
            })?;
            costs.push(-score);
        }
    }
    if rows < agents {
        return Err(wrong(rows, format!("应有 {agents} 行（每人一行），文件到此为止")));
    }
    Ok(costs)
}

/// What checks have found.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct AssignChecks {
    /// Problems solved, half of numbers, half of levels.
    pub instances: u64,
    /// Those that had a solution.
    pub feasible: u64,
    /// Violations that the checker found, solutions not proven best, and problems of which
    /// nothing was found out. Must be none.
    pub violations: u64,
    /// Time of all, in seconds.
    pub seconds: f64,
}

/// Sends random problems (seeds from `seed` on) through solver and checker, on all cores.
/// `progress` hears how many are done.
pub fn check_assignments(instances: u64, seed: u64, mut progress: impl FnMut(u64)) -> AssignChecks {
    let started = Instant::now();
    let mut all = AssignChecks { instances, ..AssignChecks::default() };
    for first in (0..instances).step_by(BATCH as usize) {
        let last = (first + BATCH).min(instances);
        let (feasible, violations) = (first..last)
            .into_par_iter()
            .map(|idx| {
                let mut rng = Rng::with_seed(seed.wrapping_add(idx));
                match idx % 2 {
                    0 => checked(&random_problem(&mut rng, SIDE, random_number)),
                    _ => checked(&random_problem(&mut rng, SIDE, random_levels)),
                }
            })
            .reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        all.feasible += feasible;
        all.violations += violations;
        progress(last);
    }
    all.seconds = started.elapsed().as_secs_f64();
    all
}

/// Whether there is a solution, and how much is wrong with it.
fn checked<C: Cost>(problem: &Problem<C>) -> (u64, u64) {
    match solve(problem, Limits::default()) {
        Ok(solution) => {
            let proven = solution.status == Status::Optimal;
            (1, check(problem, &solution).len() as u64 + u64::from(!proven))
        }
        Err(SolveError::Infeasible(_)) => (0, 0),
        Err(_) => (0, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_large_problem_in_small_is_proven_and_the_same_from_a_file() {
        let options = AssignOptions {
            agents: 30,
            tasks: 40,
            demand: 3,
            capacity: 5,
            scores: Scores::Seed(7),
        };
        let found = bench_assign(&options).unwrap();
        assert!(found.optimal && found.proved && found.violations == 0);
        assert_eq!(found.pairings, 120);
        let scores: Vec<String> = drawn(7, 1200)
            .chunks(40)
            .map(|row| row.iter().map(|c| (-c).to_string()).collect::<Vec<_>>().join(","))
            .collect();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), scores.join("\n")).unwrap();
        let scores = Scores::File(file.path().to_owned());
        let read = bench_assign(&AssignOptions { scores, ..options }).unwrap();
        assert_eq!(read.objective, found.objective);
    }

    #[test]
    fn a_bad_file_of_scores_is_told_by_line_and_column() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let said = |text: &str| {
            std::fs::write(file.path(), text).unwrap();
            read(&file.path().to_owned(), 2, 3).unwrap_err().to_string()
        };
        assert!(said("1,2,3\n4,x,6\n").contains("line 2: 第 2 列“x”"));
        assert!(said("1,2\n4,5,6\n").contains("line 1: 应有 3 列"));
        assert!(said("1,2,3\n").contains("应有 2 行"));
        assert!(said("1,2,3\n4,5,6\n7,8,9\n").contains("line 3: 应有 2 行"));
    }

    #[test]
    fn nothing_is_wrong_with_random_problems() {
        let instances = std::env::var("DUIJIE_ASSIGNMENT_CHECKS");
        let instances = instances.map_or(20_000, |count| count.parse().expect("a number"));
        let mut reported = 0;
        let found = check_assignments(instances, 1, |done| reported = done);
        assert_eq!((reported, found.violations), (instances, 0));
        assert!(found.feasible > instances / 5, "{found:?}");
    }
}
