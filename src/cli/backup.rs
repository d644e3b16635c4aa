//! `duijie backup FILE` and `duijie restore FILE`

use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::index::rebuild;
use super::output::{print, print_json, progress_bytes, say, table};
use super::{Global, Outcome};
use crate::engine::{self, BackupContents, CopyProgress, Engine};

/// 备份数据库到一个文件；服务可以照常运行
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// 备份文件
    file: PathBuf,
    /// 文件已存在时覆盖它
    #[arg(long)]
    force: bool,
}

/// 从备份恢复数据库；须先停止服务，原数据库保留在旁边
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// 备份文件
    file: PathBuf,
}

impl Backup {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let show = bar("备份");
        let made = engine::backup(&global.home(), &self.file, self.force, show).await?;
        let file = self.file.display().to_string();
        if global.json {
            print_json(&json!({
                "file": file, "records": records(&made.contents), "position": made.contents.seq,
                "size_bytes": made.bytes, "sha256": made.sha256,
            }))?;
        } else {
            let size = format!("{} 字节", made.bytes);
            tell(&made.contents, &[("文件", file), ("大小", size), ("SHA-256", made.sha256)]);
        }
        Ok(Outcome::Done)
    }
}

impl Restore {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let report = engine::restore(&global.home(), &self.file, bar("恢复")).await?;
        let replaced = report.replaced.map(|path| path.display().to_string());
        say("数据库已恢复，正在重建索引");
        rebuild(&Engine::start(&global.home(), &global.data()).await?).await?;
        if global.json {
            print_json(&json!({
                "records": records(&report.contents), "position": report.contents.seq,
                "sha256": report.sha256, "replaced": replaced,
            }))?;
        } else {
            let replaced = replaced.unwrap_or_else(|| "（原来没有）".to_owned());
            tell(&report.contents, &[("原数据库保留为", replaced), ("SHA-256", report.sha256)]);
        }
        Ok(Outcome::Done)
    }
}

/// Shows how far the copy has come, on a bar that clears itself.
fn bar(title: &'static str) -> impl FnMut(CopyProgress) {
    let bar = progress_bytes(title);
    move |progress| {
        bar.set_length(progress.total_bytes);
        bar.set_position(progress.done_bytes.min(progress.total_bytes));
    }
}

fn records(contents: &BackupContents) -> Value {
    let counts = contents.counts.iter();
    Value::Object(Map::from_iter(counts.map(|(kind, n)| (kind.plural().to_owned(), json!(n)))))
}

fn tell(contents: &BackupContents, further: &[(&str, String)]) {
    let mut rows = table(&["项目", "值"]);
    for (kind, count) in &contents.counts {
        rows.add_row([kind.label().to_owned(), count.to_string()]);
    }
    rows.add_row(["最新变更".to_owned(), contents.seq.to_string()]);
    for (name, value) in further {
        rows.add_row([(*name).to_owned(), value.clone()]);
    }
    print(&rows.to_string());
}
