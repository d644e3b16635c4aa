//! `duijie plan …`: 百校对接计划, from a folder of case files to a published plan.
//!
//! Here are the small commands; what each of the others takes and prints is a file of its own.

mod changes;
mod demo;
mod export;
mod figures;
mod forks;
mod overview;
mod refusal;
mod register;
mod repair;
mod solve;
mod verdicts;
mod why;

use clap::{Args, Subcommand};

use super::output::{print, print_json, table};
use super::{Global, Outcome};
use crate::engine::{LIST_LIMIT_MAX, PlanHead, Viewer};
use crate::http::views;

/// 百校对接计划：编制、核验、说明、假设、修补、发布
#[derive(Debug, Subcommand)]
pub(super) enum Plan {
    /// 由案例目录编制计划，存为草案
    Solve(solve::Solve),
    /// 列出计划
    List,
    /// 查看一份计划：派驻、目标、覆盖、缺口
    Show(Named),
    /// 由独立的核验程序逐条核对规则；有不符合的，退出码为 1
    Check(Named),
    /// 说明每个派驻的理由与备选，以及谁未派驻、为什么
    Explain(why::Explain),
    /// 假设有所不同，计划会怎样：并列比较，不保存；无可行计划的，退出码为 1
    WhatIf(forks::WhatIf),
    /// 修补：有人离开等情况下尽量少改，存为草案
    Repair(repair::Repair),
    /// 发布草案；此后内容不再改变，以摘要为凭
    Publish(Named),
    /// 对比两份计划
    Diff(repair::Diff),
    /// 导出派驻名单
    Export(export::Export),
    /// 校地合作关系台账，对照目标所数
    Relationships(Named),
    /// 删除草案
    Delete(Named),
    /// 演示：求解内置的南京案例，说明、假设，不留下任何数据
    Demo,
}

#[derive(Debug, Args)]
pub(super) struct Named {
    /// 计划的编号
    plan: String,
}

impl Plan {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        match self {
            Self::Solve(command) => return command.run(global).await,
            Self::Explain(command) => return command.run(global).await,
            Self::WhatIf(command) => return command.run(global).await,
            Self::Repair(command) => return command.run(global).await,
            Self::Diff(command) => return command.run(global).await,
            Self::Export(command) => return command.run(global).await,
            Self::Check(Named { plan }) => return verdicts::run(global, &plan).await,
            Self::Demo => return demo::run(global).await,
            Self::List => list(global).await?,
            Self::Show(Named { plan }) => {
                let engine = global.engine_as_it_is().await?;
                let account = engine.explain_plan(Viewer::Local, &plan).await?;
                if global.json {
                    print_json(&overview::Overview::of(&account, engine.rules()))?;
                } else {
                    print(&overview::rendered(&account));
                    print(&format!("\n{}", overview::postings(&account.plan)));
                }
            }
            Self::Publish(Named { plan }) => {
                let engine = global.engine_as_it_is().await?;
                let published = engine.publish_plan(Viewer::Local, &plan, None).await?;
                if global.json {
                    print_json(&views::plan_head(&published.head))?;
                } else {
                    let PlanHead { id, name, digest, .. } = &published.head;
                    let count = published.document.plan.postings.len();
                    print(&format!("已发布“{name}”，派驻 {count} 个\n编号 {id}\n摘要 {digest}"));
                }
            }
            Self::Relationships(Named { plan }) => {
                let engine = global.engine_as_it_is().await?;
                let register = engine.relationships(Viewer::Local, &plan).await?;
                if global.json {
                    print_json(&views::plan_relationships(&register))?;
                } else {
                    print(&register::rendered(&register));
                }
            }
            Self::Delete(Named { plan }) => {
                let engine = global.engine_as_it_is().await?;
                engine.delete_plan(Viewer::Local, &plan, None).await?;
                if global.json {
                    print_json(&serde_json::json!({"deleted": plan}))?;
                } else {
                    print(&format!("已删除草案 {plan}"));
                }
            }
        }
        Ok(Outcome::Done)
    }
}

/// All plans, the newest last.
async fn list(global: &Global) -> anyhow::Result<()> {
    let engine = global.engine_as_it_is().await?;
    let mut heads: Vec<PlanHead> = Vec::new();
    loop {
        let after = heads.last().map(|head| head.id);
        let (page, more) = engine.list_plans(Viewer::Local, None, after, LIST_LIMIT_MAX)?;
        heads.extend(page);
        if !more {
            break;
        }
    }
    if global.json {
        let items = heads.iter().map(views::plan_head).collect();
        return print_json(&views::Page { items, next: None });
    }
    if heads.is_empty() {
        print("还没有计划。用 duijie plan solve 案例目录 编制一份");
        return Ok(());
    }
    let mut rows = table(&["编号", "名称", "状态", "编制日期", "摘要"]);
    for head in heads {
        let day = head.created_at.day_in_china().to_string();
        let digest = format!("{:.12}", head.digest);
        rows.add_row([&head.id.to_string(), &head.name, head.state.label(), &day, &digest]);
    }
    print(&rows.to_string());
    Ok(())
}
