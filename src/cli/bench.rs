//! `duijie bench assign|assign-check|generate|inbox|index|leads|match|plan|plan-check|serve|words|write`

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Subcommand};
use comfy_table::Table;
use serde_json::{Value, json};

use super::bench_plan::{PlanInstances, PlanSize};
use super::output::{print, print_json, progress, say, table};
use super::{Global, Outcome};
use crate::bench::{
    self, AssignChecks, AssignFigures, AssignOptions, GenerateOptions, InboxFigures, IndexFigures,
    LeadsFigures, LeadsOptions, MatchFigures, MatchOptions, Scores, ServeLevel, Times,
    WriteFigures, WriteOptions, bench_assign, bench_inbox, bench_index, bench_leads, bench_match,
    bench_serve, bench_write, check_assignments, write_words,
};
use crate::engine::{Engine, Home, load_analyzer};

/// 衡量速度与资源占用
#[derive(Debug, Subcommand)]
pub(super) enum Bench {
    /// 大规模指派的精确求解：耗时（仅求解）与内存，结果经核对并由价格证明最优
    Assign(Assign),
    /// 随机的小规模指派问题，逐一求解并独立核对
    AssignCheck {
        /// 问题数
        #[arg(long, default_value_t = 20_000, value_name = "N")]
        instances: u64,
        /// 随机种子，相同则问题相同
        #[arg(long, default_value_t = 1, value_name = "S")]
        seed: u64,
    },
    /// 生成任意规模的测试数据（导入文件）
    Generate(Generate),
    /// 从写入一条成果到收件箱里有提醒的耗时
    Inbox {
        #[command(flatten)]
        folder: Folder,
        /// 写入的成果数
        #[arg(long, default_value_t = 100, value_name = "W")]
        writes: usize,
    },
    /// 建索引的速度与大小
    Index(Folder),
    /// 匹配的耗时，并与 tantivy 默认检索对比
    Match {
        #[command(flatten)]
        folder: Folder,
        /// 同时匹配的线程数
        #[arg(long, default_value_t = 1, value_name = "T")]
        threads: usize,
    },
    /// 百校对接计划：编制、说明、假设、修补的耗时
    Plan(PlanSize),
    /// 随机的小案例，逐一编制计划并由独立的程序核验
    PlanCheck(PlanInstances),
    /// 经 HTTP 匹配的速度，并与进程内的相同调用对比
    Serve {
        #[command(flatten)]
        folder: Folder,
        /// 每轮的时长（秒）
        #[arg(long, default_value_t = 2, value_name = "S")]
        seconds: u64,
    },
    /// 把测试数据写成以空格分开的词，供其他检索引擎对比
    Words {
        #[command(flatten)]
        folder: Folder,
        /// 写入此目录
        out: PathBuf,
    },
    /// 多个连接同时通过 HTTP 处理线索：耗时与磁盘同步对比，并核对没有一次更改丢失或重复
    Leads {
        /// 同时写入的连接数
        #[arg(long, default_value_t = 200, value_name = "W")]
        writers: usize,
        /// 写入的时长（秒）
        #[arg(long, default_value_t = 30, value_name = "S")]
        seconds: u64,
    },
    /// 多个连接同时通过 HTTP 新建记录的耗时，并与磁盘同步的耗时对比
    Write {
        /// 同时写入的连接数
        #[arg(long, default_value_t = 20, value_name = "W")]
        writers: usize,
        /// 写入的时长（秒）
        #[arg(long, default_value_t = 30, value_name = "S")]
        seconds: u64,
        /// 所有连接合计每秒写入的条数，耗时从计划的时刻算起；不给则答复后立即写下一条
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        rate: Option<u32>,
    },
}

#[derive(Debug, Args)]
pub(super) struct Assign {
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

#[derive(Debug, Args)]
pub(super) struct Generate {
    /// 成果数
    #[arg(long, value_name = "N")]
    achievements: usize,
    /// 需求数
    #[arg(long, value_name = "K")]
    needs: usize,
    /// 随机种子，相同则数据相同
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
    /// 写入此目录
    dir: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Folder {
    /// bench generate 生成的目录
    dir: PathBuf,
}

impl Bench {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let analyzer = load_analyzer(&global.data()).await?;
        let figures = match self {
            Self::Assign(assign) => assign_json(&assign.run().await?),
            Self::AssignCheck { instances, seed } => {
                let bar = progress("求解并核对", instances);
                let found = tokio::task::spawn_blocking(move || {
                    let found = check_assignments(instances, seed, |done| bar.set_position(done));
                    bar.finish_and_clear();
                    found
                })
                .await?;
                checks_json(&found)
            }
            Self::Plan(size) => size.run().await?,
            Self::PlanCheck(instances) => instances.run().await?,
            Self::Generate(Generate { achievements, needs, seed, dir }) => {
                let options = GenerateOptions { achievements, needs, seed };
                let bar = progress("生成成果", achievements as u64);
                let made = tokio::task::spawn_blocking(move || {
                    let made = bench::generate(&analyzer, &dir, options, |d| bar.set_position(d));
                    bar.finish_and_clear();
                    made
                })
                .await??;
                json!({
                    "institutions": made.institutions, "labs": made.labs,
                    "achievements": made.achievements, "needs": made.needs,
                    "text_bytes": made.text_bytes, "seed": seed,
                })
            }
            Self::Index(Folder { dir }) => {
                let bar = progress("建立索引", 0);
                let found = tokio::task::spawn_blocking(move || {
                    let found = bench_index(analyzer, &dir, |done, total| {
                        bar.set_length(total);
                        bar.set_position(done);
                    });
                    bar.finish_and_clear();
                    found
                })
                .await??;
                index_json(&found)
            }
            Self::Serve { folder: Folder { dir }, seconds } => {
                let engine = loaded(global, &dir).await?;
                let bar = progress("测量", 0);
                let round = Duration::from_secs(seconds.max(1));
                let found = bench_serve(&engine, &dir, round, |done, total| {
                    bar.set_length(total);
                    bar.set_position(done);
                })
                .await?;
                bar.finish_and_clear();
                json!({"levels": found.iter().map(serve_json).collect::<Vec<_>>()})
            }
            Self::Words { folder: Folder { dir }, out } => {
                let bar = progress("写出词语", 0);
                let written = tokio::task::spawn_blocking(move || {
                    let written = write_words(&analyzer, &dir, &out, |done, total| {
                        bar.set_length(total);
                        bar.set_position(done);
                    });
                    bar.finish_and_clear();
                    written
                })
                .await??;
                json!({
                    "documents": written.documents, "document_words": written.document_words,
                    "needs": written.needs, "need_words": written.need_words,
                })
            }
            Self::Match { folder: Folder { dir }, threads } => {
                let engine = loaded(global, &dir).await?;
                let options = MatchOptions { threads: threads.max(1) };
                match_json(&bench_match(&engine, &dir, options).await?)
            }
            Self::Leads { writers, seconds } => {
                let folder = tempfile::tempdir()?;
                let options = LeadsOptions { writers, duration: Duration::from_secs(seconds) };
                leads_json(&bench_leads(folder.path(), &global.data(), options).await?)
            }
            Self::Inbox { folder: Folder { dir }, writes } => {
                let engine = loaded(global, &dir).await?;
                inbox_json(&bench_inbox(&engine, &dir, writes.max(1)).await?)
            }
            Self::Write { writers, seconds, rate } => {
                let folder = tempfile::tempdir()?;
                let duration = Duration::from_secs(seconds);
                let options = WriteOptions { writers, duration, rate };
                write_json(&bench_write(folder.path(), &global.data(), options).await?)
            }
        };
        if global.json {
            print_json(&figures)?;
        } else {
            show(&figures);
        }
        Ok(Outcome::Done)
    }
}

impl Assign {
    async fn run(self) -> anyhow::Result<AssignRun> {
        let Self { agents, tasks, demand, capacity, seed, scores } = self;
        let scores = scores.map_or(Scores::Seed(seed), Scores::File);
        let options = AssignOptions { agents, tasks, demand, capacity, scores };
        let run = move || Ok((bench_assign(&options)?, options));
        tokio::task::spawn_blocking(run).await?
    }
}

type AssignRun = (AssignFigures, AssignOptions);

fn assign_json((found, options): &AssignRun) -> Value {
    json!({
        "agents": options.agents,
        "tasks": options.tasks,
        "demand": options.demand,
        "capacity": options.capacity,
        "seconds": found.seconds,
        "objective": found.objective,
        "pairings": found.pairings,
        "status": if found.optimal { "optimal" } else { "limit" },
        "proved": found.proved,
        "violations": found.violations,
        "peak_rss_mb": found.peak_rss_mb,
    })
}

fn checks_json(found: &AssignChecks) -> Value {
    json!({
        "instances": found.instances,
        "feasible": found.feasible,
        "violations": found.violations,
        "seconds": found.seconds,
        "per_s": found.instances as f64 / found.seconds,
    })
}

/// The engine on `home/` in the folder; what the folder has is imported the first time.
async fn loaded(global: &Global, dir: &std::path::Path) -> anyhow::Result<Arc<Engine>> {
    let home = Home::new(dir.join("home"));
    let bar = progress("导入", 0);
    let engine = bench::load(&home, &global.data(), dir, |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    })
    .await?;
    bar.finish_and_clear();
    say("已就绪，开始测量");
    Ok(Arc::new(engine))
}

fn index_json(found: &IndexFigures) -> Value {
    let documents = found.documents as f64;
    json!({
        "documents": found.documents,
        "text_bytes": found.text_bytes,
        "seconds": found.seconds,
        "docs_per_s": documents / found.seconds,
        "mb_per_s": found.text_bytes as f64 / 1e6 / found.seconds,
        "index_bytes": found.index_bytes,
        "index_bytes_per_doc": found.index_bytes as f64 / documents.max(1.0),
        "segments": found.segments,
        "peak_rss_mb": found.peak_rss_mb,
    })
}

fn match_json(found: &MatchFigures) -> Value {
    json!({
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
    })
}

fn inbox_json(found: &InboxFigures) -> Value {
    json!({
        "documents": found.documents,
        "needs": found.needs,
        "writes": found.writes,
        "told": found.told,
        "notices": found.notices,
        "p50_ms": found.took.p50_ms,
        "p99_ms": found.took.p99_ms,
        "mean_ms": found.took.mean_ms,
        "peak_rss_mb": found.peak_rss_mb,
    })
}

fn write_json(found: &WriteFigures) -> Value {
    let (writes, syncs) = (found.writes_took, found.syncs_took);
    json!({
        "writes": found.writes,
        "per_s": found.per_s,
        "p50_ms": writes.p50_ms,
        "p99_ms": writes.p99_ms,
        "fsync_p50_ms": syncs.p50_ms,
        "fsync_p99_ms": syncs.p99_ms,
        "p99_over_fsync": writes.p99_ms / syncs.p50_ms,
        "index_lag": found.index_lag,
    })
}

fn leads_json(found: &LeadsFigures) -> Value {
    let (writes, syncs) = (found.writes_took, found.syncs_took);
    json!({
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
    })
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

/// One line for each figure; those inside others with the names of both.
fn show(figures: &Value) {
    let mut rows = table(&["指标", "值"]);
    add_rows(&mut rows, "", figures);
    print(&rows.to_string());
}

fn add_rows(rows: &mut Table, name: &str, value: &Value) {
    let join = |inner: &str| match name {
        "" => inner.to_owned(),
        outer => format!("{outer}.{inner}"),
    };
    match value {
        Value::Object(inner) => {
            inner.iter().for_each(|(name, value)| add_rows(rows, &join(name), value));
        }
        Value::Array(inner) => {
            (0..)
                .zip(inner)
                .for_each(|(idx, value)| add_rows(rows, &join(&idx.to_string()), value));
        }
        figure => {
            rows.add_row([name.to_owned(), shown(figure)]);
        }
    }
}

fn shown(value: &Value) -> String {
    match value.as_f64() {
        Some(number) if !value.is_u64() && !value.is_i64() => format!("{number:.3}"),
        _ => value.to_string(),
    }
}
