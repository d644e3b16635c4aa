//! `duijie bench assign|assign-check`: who serves what, large and timed, or small and checked.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::in_background;
use crate::bench::{AssignOptions, Scores, bench_assign, check_assignments};

#[derive(Debug, Args)]
pub(in crate::cli) struct Assign {
    /// 服务者人数
    #[arg(long, value_name = "N")]
    agents: usize,
    /// 任务数
    #[arg(long, value_name = "M")]
    tasks: usize,
    /// 每项任务恰好需要的人数
    #[arg(long, value_name = "K")]
    demand: u32,
    /// 每人至多服务的任务数
    #[arg(long, value_name = "C")]
    capacity: u32,
    /// 按此种子随机生成得分：Beta(2,5) × 10000，取整
    #[arg(long, default_value_t = 1, value_name = "S", conflicts_with = "scores")]
    seed: u64,
    /// 得分文件（CSV，无表头，整数）：每人一行，每项任务一列
    #[arg(long, value_name = "F.csv")]
    scores: Option<PathBuf>,
}

impl Assign {
    pub(super) async fn run(self) -> anyhow::Result<Value> {
        let Self { agents, tasks, demand, capacity, seed, scores } = self;
        let scores = scores.map_or(Scores::Seed(seed), Scores::File);
        let options = AssignOptions { agents, tasks, demand, capacity, scores };
        let found = tokio::task::spawn_blocking(move || bench_assign(&options)).await??;
        Ok(json!({
            "agents": agents,
            "tasks": tasks,
            "demand": demand,
            "capacity": capacity,
            "seconds": found.seconds,
            "objective": found.objective,
            "pairings": found.pairings,
            "status": if found.optimal { "optimal" } else { "limit" },
            "proved": found.proved,
            "violations": found.violations,
            "peak_rss_mb": found.peak_rss_mb,
        }))
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct AssignCheck {
    /// 问题数
    #[arg(long, default_value_t = 20_000, value_name = "N")]
    instances: u64,
    /// 随机种子，相同则问题相同
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
}

impl AssignCheck {
    pub(super) async fn run(self) -> anyhow::Result<Value> {
        let Self { instances, seed } = self;
        let found = in_background("求解并核对", instances, move |bar| {
            check_assignments(instances, seed, |done| bar.set_position(done))
        })
        .await?;
        Ok(json!({
            "instances": found.instances,
            "feasible": found.feasible,
            "violations": found.violations,
            "seconds": found.seconds,
            "per_s": found.instances as f64 / found.seconds,
        }))
    }
}
