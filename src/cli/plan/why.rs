//! `duijie plan explain ID [COMMISSIONER]`: why each goes where they go, and what the next best
//! would cost.

use clap::Args;
use comfy_table::Cell;

use super::figures;
use crate::cli::output::{print, print_json, table};
use crate::cli::{Global, Outcome};
use crate::engine::{PlanAccount, Viewer};
use crate::http::views;
use crate::programmes::hundred::{Alternative, Explanation, Idle, Measure, Part};

/// Parts of a measure that are named.
const PARTS_SHOWN: usize = 4;

/// 说明
#[derive(Debug, Args)]
pub(in crate::cli) struct Explain {
    /// 计划的编号
    plan: String,
    /// 只说明这名专员
    commissioner: Option<String>,
}

impl Explain {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let engine = global.engine_as_it_is().await?;
        let mut account = engine.explain_plan(Viewer::Local, &self.plan).await?;
        if let Some(who) = &self.commissioner {
            account.explanations.retain(|own| own.posting.commissioner == *who);
            account.idle.retain(|own| own.commissioner == *who);
            if account.explanations.is_empty() && account.idle.is_empty() {
                anyhow::bail!("计划中没有专员“{who}”，请核对编号");
            }
        }
        if global.json {
            print_json(&views::plan_explanations(&account, None))?;
        } else {
            print(&rendered(&account));
        }
        Ok(Outcome::Done)
    }
}

fn rendered(account: &PlanAccount) -> String {
    let postings = account.explanations.iter().map(|own| explained(account, own));
    let idle = account
        .idle
        .iter()
        .map(|Idle { commissioner, reason }| format!("{commissioner}　未派驻：{reason}"));
    postings.chain(idle).collect::<Vec<_>>().join("\n\n")
}

/// One posting.
pub(super) fn explained(account: &PlanAccount, own: &Explanation) -> String {
    let basis = &account.plan.document.basis;
    let posting = &own.posting;
    let who = basis.commissioners().get(posting.commissioner.as_str()).copied();
    let home = who.map_or("", |own| own.home());
    let batch = basis.batch(&posting.batch).map_or("", |(_, batch)| batch.name.as_str());
    let mut text = format!("{}（{home}） → {}　{batch}", posting.commissioner, posting.institution);
    for finding in &own.findings {
        let verdict = finding.verdict.label();
        text.push_str(&format!("\n  {}　{verdict}：{}", finding.rule, finding.text));
    }
    text.push_str(&format!("\n  匹配度　{}", measure(&own.fit)));
    text.push_str(&format!("\n  丰富度　{}", measure(&own.richness)));
    text.push_str(&format!("\n  带来　{}", brought(own)));
    text.push_str(&match own.alternatives.is_empty() {
        true => "\n  备选　没有别的院校可去".to_owned(),
        false => format!("\n  备选，以及改派时整个计划的得失\n{}", alternatives(&own.alternatives)),
    });
    text
}

/// A number and what it is made of.
fn measure(measure: &Measure) -> String {
    let parts = measure.parts.iter().take(PARTS_SHOWN);
    let mut parts: Vec<String> = parts.map(told).collect();
    let rest: u64 = measure.parts.iter().skip(PARTS_SHOWN).map(|part| u64::from(part.value)).sum();
    if rest > 0 {
        parts.push(format!("其余 {rest}"));
    }
    match parts.is_empty() {
        true => measure.value.to_string(),
        false => format!("{} = {}", measure.value, parts.join(" + ")),
    }
}

/// A part with its kind, if its name does not tell that.
fn told(part: &Part) -> String {
    let (kind, name, value) = (part.kind.label(), &part.name, part.value);
    if name.starts_with(kind) {
        format!("{name} {value}")
    } else {
        format!("{kind} {name} {value}")
    }
}

/// What the posting is good for.
fn brought(own: &Explanation) -> String {
    let mut parts = Vec::new();
    if !own.covers.is_empty() {
        let classes: Vec<&str> = own.covers.iter().map(|class| class.label()).collect();
        parts.push(format!("覆盖一所{}", classes.join("、")));
    }
    parts.push(if own.is_new_tie { "新建联系" } else { "原有合作关系" }.to_owned());
    parts.push(own.distance_km.map_or("路程未知".to_owned(), |km| format!("距南京 {km} 公里")));
    parts.push(format!("专员另有任务 {} 项", own.load));
    parts.join("；")
}

/// The next best with what decides, then all else that would be otherwise.
fn alternatives(all: &[Alternative]) -> String {
    let mut rows = table(&["院校", "起决定作用的", "其他变化"]);
    for own in all {
        let (first, rest) = figures::parted(&own.regret);
        rows.add_row([Cell::new(&own.institution), Cell::new(first), Cell::new(rest)]);
    }
    rows.to_string()
}
