//! `duijie lead list|show|add|move|accept|history`

use std::collections::BTreeMap;

use clap::{Args, Subcommand};

use super::output::{print, print_json, table};
use super::{Global, Outcome};
use crate::engine::{EngineError, LeadQuery, LeadView, NewLead, NewStep, Viewer};
use crate::http::views;
use crate::model::{CivilDate, Contract, Fen, LeadState, Mode, Refusal, Resource, Side};

/// Leads of a list, and changes of a history, that are shown.
const SHOWN_DEFAULT: usize = 50;

/// 对接线索：列出、查看、新建、流转、登记接受
#[derive(Debug, Subcommand)]
pub(super) enum Lead {
    /// 列出线索
    List(List),
    /// 查看一条线索
    Show(Named),
    /// 由一条需求与一个实验室新建线索
    Add(Add),
    /// 把线索流转到另一状态
    Move(Move),
    /// 登记一方接受，或撤回
    Accept(Accept),
    /// 一条线索的历史
    History(Named),
}

#[derive(Debug, Args)]
pub(super) struct Named {
    /// 线索的编号
    lead: String,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// 状态，可给几次：found、screened、contacted、visited、proposed、signed、landed、closed
    #[arg(long, value_name = "STATE")]
    state: Vec<LeadState>,
    /// 市、区或园区的名称或编号
    #[arg(long, value_name = "ID")]
    office: Option<String>,
    /// 负责人的登录名或编号
    #[arg(long, value_name = "USER")]
    owner: Option<String>,
    /// 需求的编号
    #[arg(long, value_name = "ID")]
    need: Option<String>,
    /// 实验室的编号
    #[arg(long, value_name = "ID")]
    lab: Option<String>,
    /// 只列逾期的
    #[arg(long)]
    overdue: bool,
    /// 最多列出的条数
    #[arg(long, default_value_t = SHOWN_DEFAULT, value_name = "N")]
    limit: usize,
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// 需求的编号
    #[arg(long, value_name = "ID")]
    need: String,
    /// 实验室的编号
    #[arg(long, value_name = "ID")]
    lab: String,
    /// 资源：achievement、talent、graduate、instrument
    #[arg(long, default_value = "achievement", value_name = "KIND")]
    resource: Resource,
    /// 负责人的登录名或编号
    #[arg(long, value_name = "USER")]
    owner: Option<String>,
    /// 下一步的期限
    #[arg(long, value_name = "DATE")]
    due_on: Option<CivilDate>,
    /// 说明
    #[arg(long, default_value = "")]
    note: String,
}

#[derive(Debug, Args)]
pub(super) struct Move {
    /// 线索的编号
    lead: String,
    /// 要到的状态
    to: LeadState,
    /// 说明
    #[arg(long, default_value = "")]
    note: String,
    /// 关闭原因
    #[arg(long, default_value = "")]
    reason: String,
    /// 再下一步的期限
    #[arg(long, value_name = "DATE")]
    due_on: Option<CivilDate>,
    /// 负责人的登录名或编号
    #[arg(long, value_name = "USER")]
    owner: Option<String>,
    /// 签约的合作方式
    #[arg(long, requires = "amount")]
    mode: Option<String>,
    /// 签约的金额，如 80万元
    #[arg(long, requires = "mode")]
    amount: Option<Fen>,
    /// 合同要素，可给几次，如 price=80万元
    #[arg(long = "term", value_name = "NAME=VALUE", requires = "mode")]
    terms: Vec<String>,
    /// 读取时的版本；线索已被更改则拒绝
    #[arg(long, value_name = "N")]
    revision: Option<u64>,
}

#[derive(Debug, Args)]
pub(super) struct Accept {
    /// 线索的编号
    lead: String,
    /// 哪一方：enterprise 或 institution
    side: Side,
    /// 依据，如 2026-05-06 电话确认
    #[arg(long)]
    note: String,
    /// 撤回接受
    #[arg(long)]
    withdraw: bool,
    /// 读取时的版本；线索已被更改则拒绝
    #[arg(long, value_name = "N")]
    revision: Option<u64>,
}

impl Lead {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let engine = global.engine().await?;
        let viewer = Viewer::Local;
        let lead = match self {
            Self::List(list) => return list.run(global).await,
            Self::History(Named { lead }) => return history(global, &lead).await,
            Self::Show(Named { lead }) => engine.find_lead(viewer, &lead, None).await?,
            Self::Add(Add { need, lab, resource, owner, due_on, note }) => {
                let new = NewLead { need, lab, resource, owner, due_on, note };
                engine.create_lead(viewer, new, None).await?
            }
            Self::Move(given) => {
                let contract = given.contract()?;
                let Move { lead, to, note, reason, due_on, owner, revision, .. } = given;
                let step = NewStep { to, note, reason, due_on, owner, contract };
                engine.move_lead(viewer, &lead, revision, step, None).await?
            }
            Self::Accept(Accept { lead, side, note, withdraw, revision }) => {
                let answer = (side, !withdraw, note);
                engine.accept_lead(viewer, &lead, revision, answer, None).await?
            }
        };
        if global.json {
            print_json(&views::lead(&lead))?;
        } else {
            print(&shown(&lead));
        }
        Ok(Outcome::Done)
    }
}

impl List {
    async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let Self { state: states, office, owner, need, lab, overdue, limit } = self;
        let query = LeadQuery { states, office, owner, need, lab, overdue, ..LeadQuery::default() };
        let (leads, more) =
            global.engine().await?.list_leads(Viewer::Local, query, None, limit).await?;
        if global.json {
            let next = leads.last().filter(|_| more).map(|lead| lead.record.meta.id.to_string());
            let items: Vec<_> = leads.iter().map(views::lead).collect();
            print_json(&views::Page { items, next })?;
            return Ok(Outcome::Done);
        }
        let mut rows = table(&["编号", "状态", "天数", "需求", "实验室", "期限"]);
        for lead in &leads {
            let due = lead.lead.due_on.map_or_else(String::new, |due| due.to_string());
            rows.add_row([
                lead.record.meta.id.to_string(),
                lead.lead.state.label().to_owned(),
                lead.days_in_state.to_string(),
                lead.need_title.clone(),
                lead.lab_name.clone(),
                if lead.overdue { format!("{due}（逾期）") } else { due },
            ]);
        }
        print(&rows.to_string());
        if more {
            super::output::say(&format!("只列出前 {limit} 条，用 --limit 多列一些"));
        }
        Ok(Outcome::Done)
    }
}

impl Move {
    fn contract(&self) -> Result<Option<Contract>, EngineError> {
        let (Some(mode), Some(amount)) = (&self.mode, self.amount) else { return Ok(None) };
        let mut terms = BTreeMap::new();
        for term in &self.terms {
            let (name, value) = term.split_once('=').ok_or_else(|| {
                Refusal::new("term", format!("“{term}”没有等号"), "如 price=80万元")
            })?;
            terms.insert(name.trim().to_owned(), value.trim().to_owned());
        }
        Ok(Some(Contract { mode: Mode::parse(mode), amount, terms }))
    }
}

async fn history(global: &Global, name: &str) -> anyhow::Result<Outcome> {
    let engine = global.engine().await?;
    let (mut steps, mut more) = (Vec::new(), true);
    while more {
        let after = steps.last().map_or(0, |step: &crate::engine::LeadStep| step.revision);
        let page = engine.lead_history(Viewer::Local, name, after, SHOWN_DEFAULT).await?;
        more = page.1;
        steps.extend(page.0);
    }
    if global.json {
        let items = steps.iter().map(views::lead_step).collect();
        print_json(&views::LeadSteps { items, next: None })?;
        return Ok(Outcome::Done);
    }
    let mut rows = table(&["版本", "时间", "谁", "状态", "说明"]);
    for step in &steps {
        let state = match step.from {
            Some(from) if from != step.lead.state => {
                format!("{} → {}", from.label(), step.lead.state.label())
            }
            _ => step.lead.state.label().to_owned(),
        };
        let note = format!("{}{}", step.lead.note, step.lead.close_reason);
        rows.add_row([
            step.revision.to_string(),
            step.at.to_string(),
            step.by.clone(),
            state,
            note,
        ]);
    }
    print(&rows.to_string());
    Ok(Outcome::Done)
}

/// A lead for people.
fn shown(lead: &LeadView) -> String {
    let body = &lead.lead;
    let yes = |accepted| if accepted { "已接受" } else { "未接受" };
    let mut lines = vec![
        format!("线索 {}（第 {} 版）", lead.record.meta.id, lead.record.meta.revision),
        format!("需求　　{}", lead.need_title),
        format!("实验室　{}", lead.lab_name),
        format!("状态　　{}，{} 天", body.state.label(), lead.days_in_state),
        format!("企业　　{}", yes(body.accepted_by_enterprise)),
        format!("高校院所　{}", yes(body.accepted_by_institution)),
    ];
    if let Some(due) = body.due_on {
        lines.push(format!("期限　　{due}{}", if lead.overdue { "（逾期）" } else { "" }));
    }
    if let Some(contract) = &body.contract {
        lines.push(format!("合同　　{}，{}", contract.mode.label(), contract.amount));
    }
    for (label, text) in [("说明", &body.note), ("关闭原因", &body.close_reason)] {
        if !text.is_empty() {
            lines.push(format!("{label}　　{text}"));
        }
    }
    lines.join("\n")
}
