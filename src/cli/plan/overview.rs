//! A plan at a glance: how good it is, what it covers when, what it leaves open, who stays; and
//! its postings batch by batch.

use std::collections::{BTreeMap, BTreeSet};

use comfy_table::{Cell, CellAlignment};
use serde::Serialize;

use super::figures::{self, first_names};
use crate::cli::output::{bar, table};
use crate::engine::{PlanAccount, PlanDocument};
use crate::http::views;
use crate::programmes::hundred::{Basis, ClassCoverage, Idle, Level, PlanStatus, Sent};
use crate::programmes::rules::RuleBook;

/// Width of the bars of coverage.
const BAR_WIDTH: usize = 20;
/// Names that are told of many.
const NAMES_SHOWN: usize = 8;

/// 计划 with its coverage and who stays, for programs.
#[derive(Serialize)]
pub(super) struct Overview {
    #[serde(flatten)]
    plan: views::Plan,
    coverage: Vec<views::PlanClassCoverage>,
    idle: Vec<views::PlanIdle>,
}

impl Overview {
    pub fn of(account: &PlanAccount, book: &RuleBook) -> Self {
        Self {
            plan: views::plan(&account.plan, &account.coverage, book),
            coverage: views::plan_coverage(&account.plan.head, &account.coverage).classes,
            idle: views::plan_explanations(account, None).idle,
        }
    }
}

/// All of it but for the postings.
pub(super) fn rendered(account: &PlanAccount) -> String {
    let parts = [
        head(&account.plan),
        objective(&account.plan),
        coverage(&account.plan.document.basis, &account.coverage),
        open(&account.plan, &account.coverage),
        idle(&account.idle),
    ];
    parts.join("\n\n")
}

/// Name, state, status, digest.
pub(super) fn head(plan: &PlanDocument) -> String {
    let (head, status) = (&plan.head, status(&plan.document.plan.status));
    let state = head.state.label();
    let digest = &head.digest;
    format!("{}　{state}　{status}\n编号 {}\n摘要 {digest}", head.name, head.id)
}

/// Whether it is the best, in words.
pub(super) fn status(status: &PlanStatus) -> String {
    match status {
        PlanStatus::Optimal => "最优".to_owned(),
        PlanStatus::Limit(gap) => format!("未证明最优（至多还差：{}）", figures::difference(gap)),
    }
}

fn right(text: impl ToString) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

fn objective(plan: &PlanDocument) -> String {
    let mut rows = table(&["次序", "目标", "数值", ""]);
    let is_first = plan.document.basis.case.published.is_empty();
    let levels = views::plan_levels(&plan.document.plan.objective).into_iter();
    let levels = levels.filter(|own| !is_first || own.level != Level::Change.as_str());
    for (number, own) in (1..).zip(levels) {
        let better = if own.better == "more" { "越多越好" } else { "越少越好" };
        rows.add_row([right(number), Cell::new(own.label), right(own.value), Cell::new(better)]);
    }
    format!("目标（前一级相同才看后一级）\n{rows}")
}

/// Coverage of each class before anybody goes and after each batch.
pub(super) fn coverage(basis: &Basis, classes: &[ClassCoverage]) -> String {
    let mut rows = table(&["类别", "时间", "覆盖", "", "其中派驻"]);
    for own in classes.iter().filter(|own| own.total > 0) {
        let at_start = own.by_sent + own.by_tie;
        let before = format!("派驻前（科技镇长团 {}、合作 {}）", own.by_sent, own.by_tie);
        let name = |id: &str| basis.batch(id).map_or(id, |(_, batch)| &batch.name).to_owned();
        let steps = own.steps.iter().map(|step| (format!("{}后", name(&step.batch)), step.covered));
        let steps: Vec<(String, usize)> =
            std::iter::once((before, at_start)).chain(steps).collect();
        let lines = |line: &dyn Fn(&(String, usize)) -> String| {
            steps.iter().map(line).collect::<Vec<_>>().join("\n")
        };
        let share = |covered: usize| bar(covered as f64 / own.total as f64, BAR_WIDTH);
        rows.add_row([
            Cell::new(own.class.label()),
            Cell::new(lines(&|(when, _)| when.clone())),
            Cell::new(lines(&|(_, covered)| share(*covered))),
            right(lines(&|(_, covered)| format!("{covered}/{}", own.total))),
            right(lines(&|(_, covered)| (covered - at_start).to_string())),
        ]);
    }
    format!("覆盖（派驻、科技镇长团、已有合作关系，有其一即为覆盖）\n{rows}")
}

/// What the plan does not reach, and what has to be asked.
fn open(plan: &PlanDocument, classes: &[ClassCoverage]) -> String {
    let basis = &plan.document.basis;
    let postings = &plan.document.plan.postings;
    let posted: BTreeSet<&str> = postings.iter().map(|own| own.commissioner.as_str()).collect();
    let (count, most) = (posted.len(), basis.parameters.commissioners_max.value as usize);
    let named = basis.case.commissioners.len();
    let mut text = match most.saturating_sub(count) {
        0 => format!("缺口\n专员　上限 {most} 名，已派满（H1）"),
        short => {
            format!(
                "缺口\n专员　上限 {most} 名，名单 {named} 名，派出 {count} 名，还差 {short} 名（H1）"
            )
        }
    };
    for own in classes.iter().filter(|own| own.total > 0) {
        let (label, total) = (own.class.label(), own.total);
        let names = first_names(own.uncovered.iter().map(String::as_str), NAMES_SHOWN, "所");
        text.push_str(&match own.uncovered.len() {
            0 => format!("\n{label}　{total} 所全部覆盖"),
            open => format!("\n{label}　{total} 所中还有 {open} 所没有覆盖：{names}"),
        });
    }
    let unknown = basis.case.institutions.iter().filter(|own| own.sent == Sent::Unknown);
    let unknown: Vec<&str> = unknown.map(|own| own.id.as_str()).collect();
    if !unknown.is_empty() {
        let names = first_names(unknown.iter().copied(), NAMES_SHOWN, "所");
        text.push_str(&format!(
            "\n待核实　{} 所院校是否已派科技镇长团成员尚不清楚（H3）：{names}",
            unknown.len()
        ));
        let first = basis.case.batches.first().map_or("", |batch| batch.id.as_str());
        let early = postings.iter().filter(|own| own.batch == first);
        let early = early.filter(|own| unknown.contains(&own.institution.as_str())).count();
        if early > 0 {
            text.push_str(&format!("；其中 {early} 所安排在首批，派驻前务必核实"));
        }
    }
    text
}

/// Those who stay, by why.
fn idle(idle: &[Idle]) -> String {
    if idle.is_empty() {
        return "未派驻　没有，专员都有去处".to_owned();
    }
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for own in idle {
        reasons.entry(&own.reason).or_default().push(&own.commissioner);
    }
    let mut text = format!("未派驻　{} 名", idle.len());
    for (reason, names) in reasons {
        text.push_str(&format!("\n{}：{reason}", first_names(names, NAMES_SHOWN, "名")));
    }
    text
}

/// The postings, a table a batch.
pub(super) fn postings(plan: &PlanDocument) -> String {
    let (basis, postings) = (&plan.document.basis, &plan.document.plan.postings);
    let (commissioners, institutions) = (basis.commissioners(), basis.institutions());
    let mut text = String::new();
    for batch in &basis.case.batches {
        let own: Vec<_> = postings.iter().filter(|own| own.batch == batch.id).collect();
        let (name, start, end) = (&batch.name, batch.start, batch.end);
        text.push_str(&format!("\n\n{name}　{start} 至 {end}　{} 个派驻", own.len()));
        if own.is_empty() {
            continue;
        }
        let mut rows = table(&["专员", "派出", "院校", "类别", "匹配度", "丰富度"]);
        for posting in own {
            let who = commissioners.get(posting.commissioner.as_str());
            let home = who.map_or("", |own| own.home());
            let host = institutions.get(posting.institution.as_str());
            let fit = basis.measured.fit_of(home, &posting.institution).map_or(0, |fit| fit.value);
            rows.add_row([
                Cell::new(&posting.commissioner),
                Cell::new(home),
                Cell::new(&posting.institution),
                Cell::new(host.map_or_else(String::new, |own| figures::classes(own))),
                right(fit),
                right(basis.measured.richness_of(&posting.institution)),
            ]);
        }
        text.push_str(&format!("\n{rows}"));
    }
    text.trim_start().to_owned()
}
