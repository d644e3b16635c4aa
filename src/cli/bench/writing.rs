//! `duijie bench write|leads`: many connections that write at once, beside the disk's own sync.

use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use crate::bench::{LeadsOptions, WriteOptions, bench_leads, bench_write};
use crate::cli::Global;

#[derive(Debug, Args)]
pub(in crate::cli) struct Leads {
    /// 同时写入的连接数
    #[arg(long, default_value_t = 200, value_name = "W")]
    writers: usize,
    /// 写入的时长（秒）
    #[arg(long, default_value_t = 30, value_name = "S")]
    seconds: u64,
}

impl Leads {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Value> {
        let folder = tempfile::tempdir()?;
        let duration = Duration::from_secs(self.seconds);
        let options = LeadsOptions { writers: self.writers, duration };
        let found = bench_leads(folder.path(), &global.data(), options).await?;
        let (writes, syncs) = (found.writes_took, found.syncs_took);
        Ok(json!({
            "writes": found.writes,
            "per_s": found.per_s,
            "conflicts": found.conflicts,
            "leads": found.leads,
            "p50_ms": writes.p50_ms,
            "p99_ms": writes.p99_ms,
            "fsync_p50_ms": syncs.p50_ms,
            "fsync_p99_ms": syncs.p99_ms,
            "p99_over_fsync": writes.p99_ms / syncs.p50_ms,
            "lost": found.lost,
            "log_entries": found.log_entries,
            "log_is_right": found.log_is_right,
            "surplus": found.surplus,
        }))
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Write {
    /// 同时写入的连接数
    #[arg(long, default_value_t = 20, value_name = "W")]
    writers: usize,
    /// 写入的时长（秒）
    #[arg(long, default_value_t = 30, value_name = "S")]
    seconds: u64,
    /// 所有连接合计每秒写入的条数，耗时从计划的时刻算起；不给则答复后立即写下一条
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,
}

impl Write {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Value> {
        let Self { writers, seconds, rate } = self;
        let folder = tempfile::tempdir()?;
        let options = WriteOptions { writers, duration: Duration::from_secs(seconds), rate };
        let found = bench_write(folder.path(), &global.data(), options).await?;
        let (writes, syncs) = (found.writes_took, found.syncs_took);
        Ok(json!({
            "writes": found.writes,
            "per_s": found.per_s,
            "p50_ms": writes.p50_ms,
            "p99_ms": writes.p99_ms,
            "fsync_p50_ms": syncs.p50_ms,
            "fsync_p99_ms": syncs.p99_ms,
            "p99_over_fsync": writes.p99_ms / syncs.p50_ms,
            "index_lag": found.index_lag,
        }))
    }
}
