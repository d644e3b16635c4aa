//! `duijie plan export ID`: the postings for spreadsheets and printers.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::output::{print, say};
use crate::cli::{Global, Outcome};
use crate::engine::Viewer;
use crate::http::views;

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// 供电子表格打开
    Csv,
    /// 供 A4 打印，每个批次一张表
    Text,
}

/// 导出
#[derive(Debug, Args)]
pub(in crate::cli) struct Export {
    /// 计划的编号
    plan: String,
    /// 格式
    #[arg(long, default_value = "csv")]
    format: Format,
    /// 写入此文件；默认输出到标准输出
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Export {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let engine = global.engine_as_it_is().await?;
        let (plan, coverage) = engine.plan_coverage(Viewer::Local, &self.plan).await?;
        let text = match self.format {
            Format::Csv => views::plan_csv(&plan),
            Format::Text => views::plan_text(&plan, &coverage),
        };
        let Some(path) = self.output else {
            print(text.trim_end());
            return Ok(Outcome::Done);
        };
        std::fs::write(&path, text)
            .map_err(|error| anyhow::anyhow!("{}：{error}", path.display()))?;
        say(&format!("已写入 {}", path.display()));
        Ok(Outcome::Done)
    }
}
