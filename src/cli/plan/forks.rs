//! `duijie plan what-if ID …`: forks of a plan beside it. Nothing is kept.

use clap::Args;
use comfy_table::{Cell, CellAlignment};

use super::changes::{self, Forks};
use super::{figures, overview, refusal, repair};
use crate::cli::output::{print, print_json, say, table};
use crate::cli::{Global, Outcome};
use crate::engine::{Fork, ForkOutcome, PlanDocument, Viewer};
use crate::http::views;
use crate::programmes::hundred::{Class, ClassCoverage, Level, Plan, coverage};

/// 假设
#[derive(Debug, Args)]
pub(in crate::cli) struct WhatIf {
    /// 计划的编号
    plan: String,
    #[command(flatten)]
    forks: Forks,
}

impl WhatIf {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let Forks(forks) = self.forks;
        if forks.iter().any(Vec::is_empty) {
            say("每种假设至少给一处更改，如 --force 专员=院校；见 --help");
            return Ok(Outcome::WrongUsage);
        }
        let engine = global.engine_as_it_is().await?;
        let (plan, forks) = engine.what_if(Viewer::Local, &self.plan, forks).await?;
        if global.json {
            print_json(&views::plan_forks(&plan, &forks))?;
        } else {
            print(&rendered(&plan, &forks));
        }
        let all = forks.iter().all(|own| matches!(own.outcome, ForkOutcome::Plan { .. }));
        Ok(if all { Outcome::Done } else { Outcome::Failed })
    }
}

/// The plan and its forks side by side, then each by itself.
pub(super) fn rendered(plan: &PlanDocument, forks: &[Fork]) -> String {
    let numbers: Vec<String> = (1..=forks.len()).map(|number| format!("假设{number}")).collect();
    let mut header = vec!["", "原计划"];
    header.extend(numbers.iter().map(String::as_str));
    let mut rows = table(&header);
    let document = &plan.document;
    let mut add = |name: &str, own: String, of_fork: &dyn Fn(&Fork) -> Option<String>| {
        let told = forks.iter().map(|fork| of_fork(fork).unwrap_or_else(|| "无".to_owned()));
        let cells = std::iter::once(own).chain(told).map(right);
        rows.add_row(std::iter::once(Cell::new(name)).chain(cells));
    };
    let solved = |fork: &Fork| plan_of(fork).map(|plan| overview::status(&plan.status));
    let impossible = |fork: &Fork| solved(fork).or(Some("无可行计划".to_owned()));
    add("结果", overview::status(&document.plan.status), &impossible);
    let count = |plan: &Plan| plan.postings.len();
    add("派驻", count(&document.plan).to_string(), &|fork| {
        Some(beside(count(plan_of(fork)?) as i64, count(&document.plan) as i64))
    });
    add("与原计划相同", count(&document.plan).to_string(), &|fork| match &fork.outcome {
        ForkOutcome::Plan { kept, .. } => Some(kept.to_string()),
        ForkOutcome::Impossible(_) => None,
    });
    let before = coverage(&document.basis, &document.plan.postings);
    for (idx, own) in before.iter().enumerate().filter(|(_, own)| own.total > 0) {
        let told = |own: &ClassCoverage| format!("{}/{}", own.covered(), own.total);
        add(&format!("覆盖{}", own.class.label()), told(own), &|fork| match &fork.outcome {
            ForkOutcome::Plan { coverage, .. } => {
                let change = coverage[idx].covered() as i64 - own.covered() as i64;
                Some(with_change(told(&coverage[idx]), change))
            }
            ForkOutcome::Impossible(_) => None,
        });
    }
    let levels = views::plan_levels(&document.plan.objective);
    for own in levels.iter().filter(|own| is_shown(own.level)) {
        add(own.label, own.value.to_string(), &|fork| {
            let levels = views::plan_levels(&plan_of(fork)?.objective);
            let other = levels.iter().find(|other| other.level == own.level)?;
            Some(beside(other.value, own.value))
        });
    }
    let mut text = format!("{}\n{rows}", overview::head(plan));
    for (number, fork) in numbers.iter().zip(forks) {
        let changes: Vec<String> = fork.changes.iter().map(changes::told).collect();
        text.push_str(&format!("\n\n{number}　{}\n", changes.join("；")));
        text.push_str(&match &fork.outcome {
            ForkOutcome::Plan { change, differences, .. } => {
                format!("{}\n{}", figures::difference(change), repair::differences(differences))
            }
            ForkOutcome::Impossible(refused) => refusal::rendered(refused),
        });
    }
    text
}

/// What is uncovered is told by the rows of coverage.
fn is_shown(level: &str) -> bool {
    Class::ALL.iter().all(|class| Level::Uncovered(*class).as_str() != level)
}

fn plan_of(fork: &Fork) -> Option<&Plan> {
    match &fork.outcome {
        ForkOutcome::Plan { plan, .. } => Some(plan),
        ForkOutcome::Impossible(_) => None,
    }
}

fn right(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

fn beside(value: i64, before: i64) -> String {
    with_change(value.to_string(), value - before)
}

fn with_change(text: String, change: i64) -> String {
    if change == 0 { text } else { format!("{text}（{}）", figures::signed(change)) }
}
