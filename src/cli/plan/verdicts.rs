//! `duijie plan check ID`: what the independent checker says of a plan, rule by rule.

use std::collections::BTreeMap;

use comfy_table::{Cell, CellAlignment};

use crate::cli::output::{print, print_json, table};
use crate::cli::{Global, Outcome};
use crate::engine::Viewer;
use crate::http::views;
use crate::programmes::hundred::Finding;
use crate::programmes::rules::Verdict;

/// Verdicts in the order of their columns.
const VERDICTS: [Verdict; 3] = [Verdict::Pass, Verdict::Fail, Verdict::Unknown];
/// Findings beside those that block that are told.
const SHOWN: usize = 20;

pub(super) async fn run(global: &Global, plan: &str) -> anyhow::Result<Outcome> {
    let engine = global.engine_as_it_is().await?;
    let (plan, findings) = engine.check_plan(Viewer::Local, plan).await?;
    if global.json {
        print_json(&views::plan_check(&plan.head, &findings))?;
    } else {
        print(&rendered(&findings));
    }
    let blocks = findings.iter().any(|own| own.blocks);
    Ok(if blocks { Outcome::Failed } else { Outcome::Done })
}

/// How often each rule has said what.
fn counts(findings: &[Finding]) -> BTreeMap<&'static str, [usize; 3]> {
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for own in findings {
        let of_rule = counts.entry(own.rule).or_default();
        for (count, verdict) in of_rule.iter_mut().zip(VERDICTS) {
            *count += usize::from(own.verdict == verdict);
        }
    }
    counts
}

fn rendered(findings: &[Finding]) -> String {
    let mut rows = table(&["规则", "符合", "不符合", "无法判断"]);
    for (rule, counts) in counts(findings) {
        let rule = if rule == "case" { "案例的要求" } else { rule };
        let counts = counts.map(|count| Cell::new(count).set_alignment(CellAlignment::Right));
        rows.add_row(std::iter::once(Cell::new(rule)).chain(counts));
    }
    let (blocking, rest): (Vec<_>, Vec<_>) = findings
        .iter()
        .filter(|own| own.blocks || own.verdict != Verdict::Pass)
        .partition(|own| own.blocks);
    let told = |own: &&Finding| format!("\n  {}　{}", own.rule, own.text);
    let mut text = rows.to_string();
    text.push_str(&match blocking.len() {
        0 => "\n没有违反规则的派驻".to_owned(),
        count => format!("\n{count} 处违反规则，计划不能采用："),
    });
    text.extend(blocking.iter().map(told));
    if !rest.is_empty() {
        text.push_str(&format!("\n{} 处须留意：", rest.len()));
        text.extend(rest.iter().take(SHOWN).map(told));
    }
    if rest.len() > SHOWN {
        text.push_str(&format!("\n  还有 {} 处，用 --json 查看全部", rest.len() - SHOWN));
    }
    text
}
