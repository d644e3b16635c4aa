//! `duijie bench plan|plan-check`: what they take and what they tell.

use clap::Args;
use serde_json::{Value, json};

use super::{in_background, shown_on};
use crate::bench::{PlanOptions, bench_plan, check_plans};

/// Size of a random case.
#[derive(Debug, Args)]
pub(in crate::cli) struct PlanSize {
    /// 专员数
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = size(10_000))]
    commissioners: u64,
    /// 院校数
    #[arg(long, default_value_t = 200, value_name = "N", value_parser = size(10_000))]
    institutions: u64,
    /// 批次数
    #[arg(long, default_value_t = 4, value_name = "N", value_parser = size(36))]
    batches: u64,
    /// 随机种子，相同则案例相同
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
}

fn size(most: u64) -> clap::builder::RangedU64ValueParser {
    clap::value_parser!(u64).range(1..=most)
}

impl PlanSize {
    pub(super) async fn run(self) -> anyhow::Result<Value> {
        let Self { commissioners, institutions, batches, seed } = self;
        let options = PlanOptions {
            commissioners: commissioners as usize,
            institutions: institutions as usize,
            batches: batches as usize,
            seed,
        };
        let found = in_background("求解、说明、假设、修补", 0, move |bar| {
            let mut shown = shown_on(bar);
            bench_plan(options, |done, total| shown(done as u64, total as u64))
        })
        .await??;
        Ok(json!({
            "commissioners": commissioners,
            "institutions": institutions,
            "batches": batches,
            "seed": seed,
            "postings": found.postings,
            "status": if found.optimal { "optimal" } else { "limit" },
            "solve_seconds": found.solve_seconds,
            "explain_seconds": found.explain_seconds,
            "solve_and_explain_seconds": found.solve_seconds + found.explain_seconds,
            "what_if": {
                "p50_ms": found.forks.p50_ms,
                "p99_ms": found.forks.p99_ms,
                "mean_ms": found.forks.mean_ms,
                "slowest": found.slowest_fork,
                "impossible": found.forks_impossible,
            },
            "repair_seconds": found.repair_seconds,
            "repair_moved": found.repair_moved,
            "violations": found.violations,
            "peak_rss_mb": found.peak_rss_mb,
        }))
    }
}

/// Cases that are planned and checked.
#[derive(Debug, Args)]
pub(in crate::cli) struct PlanInstances {
    /// 案例数
    #[arg(long, default_value_t = 20_000, value_name = "N")]
    instances: u64,
    /// 随机种子，相同则案例相同
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
}

impl PlanInstances {
    pub(super) async fn run(self) -> anyhow::Result<Value> {
        let Self { instances, seed } = self;
        let found = in_background("编制并核验", instances, move |bar| {
            check_plans(instances, seed, |done| bar.set_position(done))
        })
        .await?;
        Ok(json!({
            "instances": found.instances,
            "plans": found.plans,
            "refusals": found.refusals,
            "violations": found.violations,
            "seconds": found.seconds,
            "per_s": found.instances as f64 / found.seconds,
        }))
    }
}
