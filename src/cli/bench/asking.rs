//! `duijie bench match|inbox|serve`: what an engine does that has a folder of generated text.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::{Folder, shown_on};
use crate::bench::{
    self, MatchOptions, ServeLevel, Times, bench_inbox, bench_match, bench_pages, bench_serve,
};
use crate::cli::Global;
use crate::cli::output::{progress, say};
use crate::engine::{Engine, Home};

#[derive(Debug, Args)]
pub(in crate::cli) struct Match {
    #[command(flatten)]
    folder: Folder,
    /// 同时匹配的线程数
    #[arg(long, default_value_t = 1, value_name = "T")]
    threads: usize,
}

impl Match {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Value> {
        let Self { folder: Folder { dir }, threads } = self;
        let engine = loaded(global, &dir).await?;
        let found = bench_match(&engine, &dir, MatchOptions { threads: threads.max(1) }).await?;
        Ok(json!({
            "documents": found.documents,
            "segments": found.segments,
            "needs": found.needs,
            "words_mean": found.words_mean,
            "p50_ms": found.ranked.p50_ms,
            "p99_ms": found.ranked.p99_ms,
            "mean_ms": found.ranked.mean_ms,
            "per_s": found.per_s,
            "question_mean_ms": found.stages.question,
            "candidates_mean_ms": found.stages.candidates,
            "scores_mean_ms": found.stages.scores,
            "reasons_mean_ms": found.stages.reasons,
            "with_evidence": times_json(&found.explained),
            "convince": times_json(&found.convince),
            "plain": times_json(&found.plain),
            "top10_kept": found.top10_kept,
            "peak_rss_mb": found.peak_rss_mb,
        }))
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Inbox {
    #[command(flatten)]
    folder: Folder,
    /// 写入的成果数
    #[arg(long, default_value_t = 100, value_name = "W")]
    writes: usize,
}

impl Inbox {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Value> {
        let Self { folder: Folder { dir }, writes } = self;
        let engine = loaded(global, &dir).await?;
        let found = bench_inbox(&engine, &dir, writes.max(1)).await?;
        Ok(json!({
            "documents": found.documents,
            "needs": found.needs,
            "writes": found.writes,
            "told": found.told,
            "notices": found.notices,
            "p50_ms": found.took.p50_ms,
            "p99_ms": found.took.p99_ms,
            "mean_ms": found.took.mean_ms,
            "peak_rss_mb": found.peak_rss_mb,
        }))
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Serve {
    #[command(flatten)]
    folder: Folder,
    /// 每轮的时长（秒）
    #[arg(long, default_value_t = 2, value_name = "S")]
    seconds: u64,
}

impl Serve {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Value> {
        let Self { folder: Folder { dir }, seconds } = self;
        let engine = loaded(global, &dir).await?;
        let bar = progress("测量", 0);
        let round = Duration::from_secs(seconds.max(1));
        let found = bench_serve(&engine, &dir, round, shown_on(&bar)).await?;
        bar.finish_and_clear();
        Ok(json!({"levels": found.iter().map(serve_json).collect::<Vec<_>>()}))
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Pages {
    #[command(flatten)]
    folder: Folder,
    /// 每种页面请求的次数
    #[arg(long, default_value_t = 200, value_name = "N")]
    requests: usize,
}

impl Pages {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Value> {
        let Self { folder: Folder { dir }, requests } = self;
        let engine = loaded(global, &dir).await?;
        let bar = progress("测量", 0);
        let found = bench_pages(&engine, &dir, requests.max(1), shown_on(&bar)).await?;
        bar.finish_and_clear();
        let slowest = found.iter().map(|page| page.p95_ms).fold(0.0, f64::max);
        let heaviest = found.iter().map(|page| page.bytes_max).max();
        let rows = found.iter().map(|page| {
            json!({
                "page": page.page,
                "requests": page.requests,
                "p50_ms": page.p50_ms,
                "p95_ms": page.p95_ms,
                "bytes_max": page.bytes_max,
            })
        });
        let rows: Vec<_> = rows.collect();
        Ok(json!({"pages": rows, "p95_ms_max": slowest, "bytes_max": heaviest}))
    }
}

/// The engine on `home/` in the folder; what the folder has is imported the first time.
async fn loaded(global: &Global, dir: &Path) -> anyhow::Result<Arc<Engine>> {
    let home = Home::new(dir.join("home"));
    let bar = progress("导入", 0);
    let engine = bench::load(&home, &global.data(), dir, shown_on(&bar)).await?;
    bar.finish_and_clear();
    say("已就绪，开始测量");
    Ok(Arc::new(engine))
}

fn serve_json(found: &ServeLevel) -> Value {
    json!({
        "connections": found.connections,
        "http_per_s": found.http_per_s,
        "in_process_per_s": found.in_process_per_s,
        "ratio": found.http_per_s / found.in_process_per_s,
        "http": times_json(&found.http),
        "in_process": times_json(&found.in_process),
        "p99_ratio": found.http.p99_ms / found.in_process.p99_ms,
    })
}

fn times_json(times: &Times) -> Value {
    json!({"p50_ms": times.p50_ms, "p99_ms": times.p99_ms, "mean_ms": times.mean_ms})
}
