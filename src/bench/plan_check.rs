//! `bench plan-check`: random small cases, planned and held against the independent checker.

use std::time::Instant;

use rayon::prelude::*;

use crate::programmes::hundred::{
    Basis, Level, PlanError, PlanStatus, RandomCases, check, objective_of, solve,
};

/// Cases that are looked at before progress is told.
const BATCH: u64 = 500;
/// Commissioners, and institutions, of a case at most.
const SIDE: usize = 6;

/// What checks of plans have found.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PlanChecks {
    /// Cases.
    pub instances: u64,
    /// Those that have a plan.
    pub plans: u64,
    /// Those that have none; each says what collides.
    pub refusals: u64,
    /// Postings and plans that break a rule, plans that are not proven best or not as good as
    /// they say, refusals without a reason, relaxations that make no plan possible. Must be none.
    pub violations: u64,
    /// Time of all, in seconds.
    pub seconds: f64,
}

/// Plans random cases (seeds from `seed` on) and checks what comes of it, on all cores.
/// `progress` hears how many are done.
pub fn check_plans(instances: u64, seed: u64, mut progress: impl FnMut(u64)) -> PlanChecks {
    let started = Instant::now();
    let mut all = PlanChecks { instances, ..PlanChecks::default() };
    for first in (0..instances).step_by(BATCH as usize) {
        let last = (first + BATCH).min(instances);
        let (plans, violations) = (first..last)
            .into_par_iter()
            .map(|idx| {
                let basis = RandomCases::new(seed.wrapping_add(idx)).basis(SIDE);
                checked(&basis, if idx % 3 == 0 { &Level::REPAIR_ORDER } else { &Level::ORDER })
            })
            .reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        all.plans += plans;
        all.violations += violations;
        all.refusals += last - first - plans;
        progress(last);
    }
    all.seconds = started.elapsed().as_secs_f64();
    all
}

/// Whether there is a plan, and how much is wrong with it or with its refusal.
fn checked(basis: &Basis, order: &[Level]) -> (u64, u64) {
    match solve(basis, order, None) {
        Ok(plan) => {
            let blocking = check(basis, &plan.postings).iter().filter(|own| own.blocks).count();
            let proven = plan.status == PlanStatus::Optimal;
            let told = objective_of(basis, order, &plan.postings);
            let as_told = told.is_ok_and(|objective| objective == plan.objective);
            (1, blocking as u64 + u64::from(!proven) + u64::from(!as_told))
        }
        Err(PlanError::Impossible(refusal)) => {
            let relaxed = refusal.relaxation.is_none_or(|relaxation| {
                let relaxed = basis.with(&relaxation.changes);
                relaxed.is_ok_and(|relaxed| solve(&relaxed, order, None).is_ok())
            });
            (0, u64::from(refusal.conflict.is_empty()) + u64::from(!relaxed))
        }
        Err(_) => (0, 1),
    }
}
