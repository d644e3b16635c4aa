//! `duijie index status|rebuild`

use clap::Subcommand;

use super::output::{print, print_json, progress, table};
use super::{Global, Outcome};
use crate::engine::{Engine, IndexStatus, fault_message};
use crate::http::views;

/// 查看或重建索引
#[derive(Debug, Subcommand)]
pub(super) enum Index {
    /// 索引的大小，以及与数据库的差距
    Status,
    /// 从数据库重建索引；期间查询照常
    Rebuild,
}

impl Index {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        // As it is: whoever asks how the index is does not want it to be mended first.
        let engine = global.keep(Engine::start(&global.home(), &global.data()).await?);
        if let Self::Rebuild = self {
            rebuild(&engine).await?;
        }
        let status = engine.index_status().await?;
        if global.json {
            print_json(&views::index_status(&status))?;
        } else {
            show(&status);
        }
        Ok(Outcome::Done)
    }
}

/// Rebuilds the index and shows how far that has come.
pub(super) async fn rebuild(engine: &Engine) -> anyhow::Result<()> {
    let bar = progress("重建索引", 0);
    let rebuilt = engine
        .rebuild_index(|p| {
            bar.set_length(p.total);
            bar.set_position(p.done);
        })
        .await;
    bar.finish_and_clear();
    Ok(rebuilt?)
}

fn show(status: &IndexStatus) {
    let mut rows = table(&["项目", "值"]);
    let indexed =
        status.indexed_seq.map_or("（非本库的索引）".to_owned(), |s| s.to_string());
    let fault = status.fault.as_ref().map_or_else(|| "无".to_owned(), fault_message);
    for (name, value) in [
        ("状态", status.state().label().to_owned()),
        ("目录故障", fault),
        ("文档数", status.documents.to_string()),
        ("分段数", status.segments.to_string()),
        ("磁盘占用", format!("{:.1} MiB", status.size_bytes as f64 / f64::from(1 << 20))),
        ("已索引到变更", indexed),
        ("数据库最新变更", status.store_seq.to_string()),
        ("落后（条）", status.lag().to_string()),
        ("最早的已等待", format!("{:.1} 秒", status.waiting.as_secs_f64())),
        ("统计快照", status.statistics.clone()),
        ("分析器与词典", status.analyzer.clone()),
    ] {
        rows.add_row([name.to_owned(), value]);
    }
    print(&rows.to_string());
}
