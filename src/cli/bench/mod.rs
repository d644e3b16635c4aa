//! `duijie bench …`: one command a figure, by what is measured. All answer with one object, shown as
//! a table without `--json`.

mod asking;
mod assign;
mod plan;
mod texts;
mod writing;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use comfy_table::Table;
use indicatif::ProgressBar;
use serde_json::Value;

use self::asking::{Inbox, Match, Pages, Serve};
use self::assign::{Assign, AssignCheck};
use self::plan::{PlanInstances, PlanSize};
use self::texts::{Generate, Words};
use self::writing::{Leads, Write};
use super::output::{print, print_json, progress, table};
use super::{Global, Outcome};

/// 衡量速度与资源占用
#[derive(Debug, Subcommand)]
pub(super) enum Bench {
    /// 大规模指派的精确求解：耗时（仅求解）与内存，结果经核对并由价格证明最优
    Assign(Assign),
    /// 随机的小规模指派问题，逐一求解并独立核对
    AssignCheck(AssignCheck),
    /// 生成任意规模的测试数据（导入文件）
    Generate(Generate),
    /// 从写入一条成果到收件箱里有提醒的耗时
    Inbox(Inbox),
    /// 建索引的速度与大小
    Index(Folder),
    /// 匹配的耗时，并与 tantivy 默认检索对比
    Match(Match),
    /// 每种页面的耗时与大小
    Pages(Pages),
    /// 百校对接计划：编制、说明、假设、修补的耗时
    Plan(PlanSize),
    /// 随机的小案例，逐一编制计划并由独立的程序核验
    PlanCheck(PlanInstances),
    /// 经 HTTP 匹配的速度，并与进程内的相同调用对比
    Serve(Serve),
    /// 把测试数据写成以空格分开的词，供其他检索引擎对比
    Words(Words),
    /// 多个连接同时通过 HTTP 处理线索：耗时与磁盘同步对比，并核对没有一次更改丢失或重复
    Leads(Leads),
    /// 多个连接同时通过 HTTP 新建记录的耗时，并与磁盘同步的耗时对比
    Write(Write),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Folder {
    /// bench generate 生成的目录
    dir: PathBuf,
}

impl Bench {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let figures = match self {
            Self::Assign(own) => own.run().await?,
            Self::AssignCheck(own) => own.run().await?,
            Self::Generate(own) => own.run(global).await?,
            Self::Inbox(own) => own.run(global).await?,
            Self::Index(folder) => texts::index(folder, global).await?,
            Self::Match(own) => own.run(global).await?,
            Self::Pages(own) => own.run(global).await?,
            Self::Plan(own) => own.run().await?,
            Self::PlanCheck(own) => own.run().await?,
            Self::Serve(own) => own.run(global).await?,
            Self::Words(own) => own.run(global).await?,
            Self::Leads(own) => own.run(global).await?,
            Self::Write(own) => own.run(global).await?,
        };
        if global.json {
            print_json(&figures)?;
        } else {
            show(&figures);
        }
        Ok(Outcome::Done)
    }
}

/// Runs what takes long on a thread of its own, with a bar.
async fn in_background<T: Send + 'static>(
    what: &'static str,
    total: u64,
    work: impl FnOnce(&ProgressBar) -> T + Send + 'static,
) -> anyhow::Result<T> {
    let bar = progress(what, total);
    let found = tokio::task::spawn_blocking(move || {
        let found = work(&bar);
        bar.finish_and_clear();
        found
    });
    Ok(found.await?)
}

/// Shows on a bar how much is done, of how much.
fn shown_on(bar: &ProgressBar) -> impl FnMut(u64, u64) {
    move |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    }
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
