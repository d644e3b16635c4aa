//! `duijie import KIND FILE…`

use std::path::PathBuf;

use clap::Args;

use super::output::{print, print_json, progress, say, table};
use super::{Global, Outcome};
use crate::engine::{Engine, ImportReport};
use crate::http::views;
use crate::intake::{Encoding, Format, Options};
use crate::model::Kind;

/// Refused cells shown to people; all of them are in the JSON.
const REFUSED_SHOWN: usize = 50;

/// 导入文件
#[derive(Debug, Args)]
pub(super) struct Import {
    /// 种类：institutions、labs、achievements、enterprises、needs
    #[arg(value_parser = parse_kind)]
    kind: Kind,
    /// csv、tsv 或 jsonl 文件
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// 来源名；记录以来源加编号识别，重复导入不会重复建档
    #[arg(long, default_value = "import")]
    source: String,
    /// 编码：utf-8、gb18030、utf-16le、utf-16be；默认自动识别
    #[arg(long)]
    encoding: Option<String>,
    /// 格式：csv 或 jsonl；默认按文件名
    #[arg(long)]
    format: Option<String>,
}

fn parse_kind(text: &str) -> Result<Kind, String> {
    match text.parse() {
        Ok(kind) if Kind::IMPORTED.contains(&kind) => Ok(kind),
        _ => {
            let known = Kind::IMPORTED.map(|kind| format!("{}（{}）", kind.plural(), kind.label()));
            Err(format!("可用：{}", known.join(" ")))
        }
    }
}

impl Import {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let encoding: Option<Encoding> = self.encoding.map(|e| e.parse()).transpose()?;
        let format: Option<Format> = self.format.map(|f| f.parse()).transpose()?;
        let engine = global.engine().await?;
        let mut sum: Option<ImportReport> = None;
        // All files are read before the first is imported: a wrong name costs nothing.
        let mut files = Vec::with_capacity(self.files.len());
        for file in &self.files {
            let bytes = tokio::fs::read(file)
                .await
                .map_err(|error| anyhow::anyhow!("无法读取 {}：{error}", file.display()))?;
            files.push((file.display().to_string(), bytes));
        }
        for (name, bytes) in &files {
            let name = name.clone();
            let mut options = Options::new(&name).with_source(&self.source);
            (options.encoding, options.format) = (encoding, format);
            let report = import_file(&engine, self.kind, bytes, &options).await?;
            tell_notes(&report, &name);
            sum = Some(match sum {
                None => report,
                Some(sum) => added(sum, report),
            });
        }
        engine.catch_up_if_free().await?;
        let Some(report) = sum else { return Ok(Outcome::Done) };
        if global.json {
            print_json(&views::import_report(&report))?;
        } else {
            show(&report);
        }
        Ok(if report.refused.is_empty() { Outcome::Done } else { Outcome::RowsRefused })
    }
}

async fn import_file(
    engine: &Engine,
    kind: Kind,
    bytes: &[u8],
    options: &Options,
) -> anyhow::Result<ImportReport> {
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
    let bar = progress(&format!("导入 {}", options.file), lines);
    let report = engine.import(kind, bytes, options, |p| bar.set_position(p.done)).await;
    bar.finish_and_clear();
    report.map_err(|error| match error {
        crate::engine::EngineError::Intake(reason) => {
            anyhow::anyhow!("{}：{reason}", options.file)
        }
        other => other.into(),
    })
}

fn added(a: ImportReport, b: ImportReport) -> ImportReport {
    let refused = a.refused.into_iter().chain(b.refused).collect();
    ImportReport {
        read: a.read + b.read,
        created: a.created + b.created,
        updated: a.updated + b.updated,
        unchanged: a.unchanged + b.unchanged,
        merged: a.merged + b.merged,
        refused,
        refused_more: a.refused_more + b.refused_more,
        notes: b.notes,
    }
}

/// Says what was taken for granted: encoding, and columns that were not imported.
fn tell_notes(report: &ImportReport, file: &str) {
    let notes = &report.notes;
    say(&format!("{file}：{} · {}", notes.format, notes.encoding));
    if !notes.ignored.is_empty() {
        let names: Vec<String> = notes.ignored.iter().map(|c| c.place.clone()).collect();
        say(&format!("未导入的列：{}", names.join("、")));
    }
}

fn show(report: &ImportReport) {
    print(&format!(
        "共读取 {} 行：新增 {}，更新 {}，未变 {}，拒绝 {} 处",
        report.read,
        report.created,
        report.updated,
        report.unchanged,
        report.refused.len()
    ));
    if report.merged > 0 {
        print(&format!(
            "{} 行的记录已并入别的记录，未作改动；要恢复请用 duijie duplicates undo",
            report.merged
        ));
    }
    if report.refused.is_empty() {
        return;
    }
    let mut rows = table(&["文件", "行", "列", "值", "问题", "应为"]);
    for refused in report.refused.iter().take(REFUSED_SHOWN) {
        rows.add_row([
            refused.file.clone(),
            refused.row.to_string(),
            refused.column.clone().unwrap_or_else(|| "整行".to_owned()),
            refused.value.clone(),
            refused.reason.clone(),
            refused.expected.clone(),
        ]);
    }
    print(&rows.to_string());
    let more = report.refused.len().saturating_sub(REFUSED_SHOWN);
    if more > 0 {
        print(&format!("还有 {more} 处，用 --json 查看全部"));
    }
}
