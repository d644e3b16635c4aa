//! When no plan is possible: what collides, and what it would take least to give up.

use crate::cli::output::{print, print_json};
use crate::cli::{Global, Outcome};
use crate::http::views;
use crate::programmes::hundred::Refusal;

/// Where the rule that a line names can be read.
const CASE: &str = "case";

/// Answers a command with a refusal in place of a plan.
pub(super) fn told(global: &Global, refusal: &Refusal) -> anyhow::Result<Outcome> {
    if global.json {
        print_json(&views::plan_refusal(refusal))?;
    } else {
        print(&rendered(refusal));
    }
    Ok(Outcome::Failed)
}

/// The refusal in sentences.
pub(super) fn rendered(refusal: &Refusal) -> String {
    let mut text = "没有可行的计划。以下各条不能同时满足，去掉任何一条，其余就能满足：".to_owned();
    for own in &refusal.conflict {
        let rule = if own.rule == CASE { "案例" } else { own.rule };
        text.push_str(&format!("\n  {rule}　{}", own.text));
    }
    match &refusal.relaxation {
        Some(relaxation) => {
            text.push_str("\n代价最小的放宽办法：");
            relaxation.texts.iter().for_each(|own| text.push_str(&format!("\n  · {own}")));
        }
        None => text.push_str("\n没有找到放宽办法，请从上面各条中选一条修改案例"),
    }
    text
}
