//! `duijie report [--period 2026-W19] [--commissioner USER] [--csv]`

use clap::Args;

use super::output::{print, print_json};
use super::{Global, Outcome};
use crate::engine::{ReportQuery, Viewer};
use crate::http::views;

/// 周报、月报、年报与述职报告
#[derive(Debug, Args)]
pub(super) struct Report {
    /// week、month、year，或如 2026-W19、2026-05、2026、2026-05-01..2026-06-15
    #[arg(long, default_value = "week")]
    period: String,
    /// 述职：只统计这位专员的工作（登录名或编号）
    #[arg(long, value_name = "USER")]
    commissioner: Option<String>,
    /// 结果输出为 CSV
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

impl Report {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let Self { period, commissioner, csv } = self;
        let query = ReportQuery { period: Some(period), commissioner, today: None };
        let report = views::report(&global.engine().await?.report(Viewer::Local, query).await?);
        if global.json {
            print_json(&report)?;
        } else if csv {
            print(views::report_csv(&report).trim_end());
        } else {
            print(views::report_text(&report).trim_end());
        }
        Ok(Outcome::Done)
    }
}
