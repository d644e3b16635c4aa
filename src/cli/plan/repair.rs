//! `duijie plan repair ID …` and `duijie plan diff A B`: two plans, and whose postings differ.

use clap::Args;
use comfy_table::Cell;

use super::changes::Changes;
use super::{figures, refusal};
use crate::cli::output::{print, print_json, say, table};
use crate::cli::{Global, Outcome};
use crate::engine::{Engine, PlanComparison, PlanOrder, PlanOutcome, PlanSource, Viewer};
use crate::http::views;
use crate::programmes::hundred::{Posting, PostingDifference};

/// 修补
#[derive(Debug, Args)]
pub(in crate::cli) struct Repair {
    /// 计划的编号
    plan: String,
    /// 新计划的名称；默认与原计划相同
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    changes: Changes,
}

impl Repair {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let Self { plan, name, changes: Changes(changes) } = self;
        if changes.is_empty() {
            say("请说明有何变化，如 --leaves 专员；见 --help");
            return Ok(Outcome::WrongUsage);
        }
        let engine = global.engine_as_it_is().await?;
        let source = PlanSource::Plan { plan: plan.clone(), changes, repair: true };
        let order = PlanOrder { name, source };
        match engine.make_plan(Viewer::Local, order, &|_| true).await? {
            PlanOutcome::Kept(head) => show(global, &engine, &plan, &head.id.to_string()).await,
            PlanOutcome::Impossible(refused) => refusal::told(global, &refused),
        }
    }
}

/// 对比
#[derive(Debug, Args)]
pub(in crate::cli) struct Diff {
    /// 一份计划的编号
    before: String,
    /// 另一份计划的编号
    after: String,
}

impl Diff {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let engine = global.engine_as_it_is().await?;
        show(global, &engine, &self.before, &self.after).await
    }
}

async fn show(
    global: &Global,
    engine: &Engine,
    before: &str,
    after: &str,
) -> anyhow::Result<Outcome> {
    let found = engine.compare_plans(Viewer::Local, before, after).await?;
    if global.json {
        print_json(&views::plan_difference(&found))?;
    } else {
        print(&rendered(&found));
    }
    Ok(Outcome::Done)
}

fn rendered(found: &PlanComparison) -> String {
    let head = |name: &str, own: &crate::engine::PlanHead| {
        format!("{name}　{}　{}　{}", own.id, own.name, own.state.label())
    };
    [
        head("原计划", &found.before),
        head("新计划", &found.after),
        format!("不变的派驻 {} 个，有变化的专员 {} 名", found.kept, found.differences.len()),
        format!("目标的变化　{}", figures::difference(&found.change)),
        differences(&found.differences),
    ]
    .join("\n")
}

/// Whose postings have become what.
pub(super) fn differences(all: &[PostingDifference]) -> String {
    if all.is_empty() {
        return "派驻没有变化".to_owned();
    }
    let told = |postings: &[Posting]| {
        let told = postings.iter().map(|own| format!("{}（批次{}）", own.institution, own.batch));
        told.collect::<Vec<_>>().join("；")
    };
    let mut rows = table(&["专员", "变化", "原派驻", "新派驻"]);
    for own in all {
        let (before, after) = (told(&own.before), told(&own.after));
        rows.add_row([&own.commissioner, own.kind.label(), &before, &after].map(Cell::new));
    }
    rows.to_string()
}
