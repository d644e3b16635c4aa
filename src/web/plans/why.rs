//! Why somebody goes where they go, what else they could do, or why they stay.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};

use super::postings::encoded;
use super::words::{difference, rule_name, signed};
use crate::http::{App, Problem, ProblemCode, views};
use crate::programmes::hundred::FIT_MAX;
use crate::web::page::{Page, page};
use crate::web::shell::{Frame, Shell};

#[derive(Template)]
#[template(path = "plans/why.html")]
struct WhyPage {
    frame: Frame,
    plan: views::PlanHead,
    commissioner: String,
    home: String,
    load: u32,
    postings: Vec<Told>,
    /// Why they stay, if they do.
    idle: Option<String>,
    /// The form in which they can be sent elsewhere, if the viewer may try that.
    what_if: Option<String>,
}

/// A posting with all that is said for it.
struct Told {
    explanation: views::PlanExplanation,
    findings: Vec<Finding>,
    /// Fit and richness.
    measures: [Bars; 2],
    alternatives: Vec<Alternative>,
}

struct Finding {
    rule: String,
    title: String,
    label: &'static str,
    /// Class of the tag.
    look: &'static str,
    text: String,
}

/// 构成: a number as bars.
struct Bars {
    heading: &'static str,
    value: u32,
    /// The most that it may be, if there is such a thing.
    most: Option<u32>,
    /// Label of the kind, name, value, percent of the longest.
    parts: Vec<(&'static str, String, u32, f64)>,
    /// The parts sum to more, since it is capped.
    is_capped: bool,
}

struct Alternative {
    institution: String,
    /// What decides against it, with how much.
    deciding: String,
    /// What else would be otherwise.
    rest: String,
    try_address: String,
}

/// The page.
pub(in crate::web) async fn why(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path((name, commissioner)): Path<(String, String)>,
) -> Page {
    let (engine, viewer) = (app.engine.clone(), shell.caller.viewer);
    let account = app.gate.run(async move { engine.explain_plan(viewer, &name).await }).await??;
    let who = account.plan.document.basis.commissioners();
    let Some(who) = who.get(commissioner.as_str()).copied() else {
        let detail = format!("这份计划里没有专员“{commissioner}”，请从计划的派驻名单进入");
        return Err(Problem::new(ProblemCode::NotFound, detail));
    };
    let told = views::plan_explanations(&account, Some(&commissioner));
    let base = format!("/plans/{}/what-if?c1={}", told.plan.id, encoded(&commissioner));
    let rules = app.engine.rules();
    let title = |id: &str| {
        let known = rules.rules().find(|(_, rule)| rule.id == id);
        known.map_or_else(String::new, |(_, rule)| rule.title.clone())
    };
    let postings = told.explanations.into_iter().map(|own| Told {
        findings: own.findings.iter().map(|own| finding(own, &title)).collect(),
        measures: [
            Bars::of("匹配度", &own.fit, Some(FIT_MAX)),
            Bars::of("成果丰富度", &own.richness, None),
        ],
        alternatives: own.alternatives.iter().map(|own| alternative(own, &base)).collect(),
        explanation: own,
    });
    page(&WhyPage {
        postings: postings.collect(),
        idle: told.idle.into_iter().next().map(|own| own.reason),
        home: who.home().to_owned(),
        load: who.load,
        what_if: viewer.may_plan().then_some(base),
        plan: told.plan,
        commissioner,
        frame: shell.frame,
    })
}

fn finding(own: &views::PlanFinding, title: &dyn Fn(&str) -> String) -> Finding {
    Finding {
        rule: rule_name(own.rule).to_owned(),
        title: title(own.rule),
        label: own.label,
        look: match own.verdict {
            "pass" => "good",
            "fail" => "bad",
            _ => "warn",
        },
        text: own.text.clone(),
    }
}

fn alternative(own: &views::PlanAlternative, base: &str) -> Alternative {
    let (first, rest) = own.regret.split_at(own.regret.len().min(1));
    let deciding = first.first().map_or_else(
        || "各级目标都相同，只是编号在后".to_owned(),
        |level| format!("{} {}", level.label, signed(level.value)),
    );
    Alternative {
        institution: own.institution.clone(),
        deciding,
        rest: difference(rest),
        try_address: format!("{base}&i1={}", encoded(&own.institution)),
    }
}

impl Bars {
    fn of(heading: &'static str, measure: &views::PlanMeasure, most: Option<u32>) -> Self {
        let longest = measure.parts.iter().map(|part| part.value).max().unwrap_or(0).max(1);
        let width = |value: u32| 100.0 * f64::from(value) / f64::from(longest);
        let parts = measure.parts.iter();
        let parts = parts.map(|own| (own.label, own.name.clone(), own.value, width(own.value)));
        let sum: u64 = measure.parts.iter().map(|own| u64::from(own.value)).sum();
        Self {
            heading,
            value: measure.value,
            most,
            parts: parts.collect(),
            is_capped: sum > u64::from(measure.value),
        }
    }
}
