//! Plans for programs: names in English, labels in Chinese beside them, gains above zero.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{changes, figures};
use crate::engine::{Fork, ForkOutcome, PlanAccount, PlanComparison, PlanDocument, PlanHead};
use crate::programmes::hundred::{
    ClassCoverage, Explanation, Finding, Idle, Measure, Objective, Plan, PlanStatus, Posting,
    PostingDifference, Refusal, Register, Sent,
};

fn list<T>(all: &[T], one: impl Fn(&T) -> Value) -> Value {
    all.iter().map(one).collect()
}

pub(super) fn head(own: &PlanHead) -> Value {
    json!({
        "id": own.id.to_string(),
        "name": own.name,
        "state": own.state.as_str(),
        "label": own.state.label(),
        "replaces": own.replaces.map(|id| id.to_string()),
        "digest": own.digest,
        "revision": own.revision,
        "created_at": own.created_at.to_string(),
        "updated_at": own.updated_at.to_string(),
    })
}

/// A plan with all but the explanations of its postings.
pub(super) fn account(own: &PlanAccount) -> Value {
    let document = &own.plan.document;
    let (basis, plan) = (&document.basis, &document.plan);
    let unknown = basis.case.institutions.iter().filter(|host| host.sent == Sent::Unknown);
    let posted: std::collections::BTreeSet<_> =
        plan.postings.iter().map(|own| &own.commissioner).collect();
    let most = basis.parameters.commissioners_max.value as usize;
    json!({
        "plan": head(&own.plan.head),
        "result": result(plan),
        "postings": list(&plan.postings, posting),
        "commissioners": {"most": most, "posted": posted.len(), "short": most.saturating_sub(posted.len())},
        "coverage": list(&own.coverage, coverage),
        "unknown_sent": unknown.map(|host| &host.id).collect::<Vec<_>>(),
        "idle": list(&own.idle, idle),
    })
}

pub(super) fn explanations(own: &PlanAccount) -> Value {
    json!({
        "plan": head(&own.plan.head),
        "explanations": list(&own.explanations, explanation),
        "idle": list(&own.idle, idle),
    })
}

fn result(own: &Plan) -> Value {
    let (status, gap) = match &own.status {
        PlanStatus::Optimal => ("optimal", Value::Null),
        PlanStatus::Limit(gap) => ("limit", objective(gap)),
    };
    json!({"status": status, "gap": gap, "objective": objective(&own.objective)})
}

/// Level by level in the order in which they are looked at.
fn objective(own: &Objective) -> Value {
    let levels = own.0.iter().filter_map(|(level, value)| {
        let (label, value) = figures::told(*level, *value)?;
        let better = if figures::more_is_better(*level) { "more" } else { "less" };
        Some(json!({"level": level.as_str(), "label": label, "value": value, "better": better}))
    });
    levels.collect()
}

fn posting(own: &Posting) -> Value {
    json!({
        "commissioner": own.commissioner,
        "institution": own.institution,
        "batch": own.batch,
        "renewed": own.renewed,
    })
}

fn coverage(own: &ClassCoverage) -> Value {
    json!({
        "class": own.class.as_str(),
        "label": own.class.label(),
        "total": own.total,
        "covered": own.covered(),
        "by_sent": own.by_sent,
        "by_tie": own.by_tie,
        "by_posting": own.by_posting,
        "steps": list(&own.steps, |step| json!({"batch": step.batch, "covered": step.covered})),
        "uncovered": own.uncovered,
        "unknown": own.unknown,
    })
}

fn idle(own: &Idle) -> Value {
    json!({"commissioner": own.commissioner, "reason": own.reason})
}

fn explanation(own: &Explanation) -> Value {
    let alternatives = list(&own.alternatives, |other| {
        let deciding = other.regret.deciding().map(|(level, _)| level.as_str());
        json!({
            "institution": other.institution,
            "deciding": deciding,
            "regret": objective(&other.regret),
        })
    });
    json!({
        "posting": posting(&own.posting),
        "findings": list(&own.findings, finding),
        "fit": measure(&own.fit),
        "richness": measure(&own.richness),
        "covers": own.covers.iter().map(|class| class.as_str()).collect::<Vec<_>>(),
        "is_new_tie": own.is_new_tie,
        "distance_km": own.distance_km,
        "load": own.load,
        "alternatives": alternatives,
    })
}

fn measure(own: &Measure) -> Value {
    let part = |part: &crate::programmes::hundred::Part| {
        let kind = part.kind;
        json!({"kind": kind.as_str(), "label": kind.label(), "name": part.name, "value": part.value})
    };
    json!({"value": own.value, "parts": list(&own.parts, part)})
}

fn finding(own: &Finding) -> Value {
    json!({
        "rule": own.rule,
        "verdict": own.verdict.as_str(),
        "label": own.verdict.label(),
        "blocks": own.blocks,
        "text": own.text,
    })
}

/// What the checker says, with how often each rule has passed, failed, not known.
pub(super) fn findings(counts: &BTreeMap<&'static str, [usize; 3]>, all: &[Finding]) -> Value {
    let rule = |(rule, [pass, fail, unknown]): (&&str, &[usize; 3])| json!({"rule": rule, "pass": pass, "fail": fail, "unknown": unknown});
    json!({
        "blocks": all.iter().filter(|own| own.blocks).count(),
        "rules": counts.iter().map(rule).collect::<Vec<_>>(),
        "findings": list(all, finding),
    })
}

pub(super) fn refusal(own: &Refusal) -> Value {
    let relaxation = own.relaxation.as_ref().map(|relaxation| {
        json!({"changes": list(&relaxation.changes, |own| changes::told(own).into()), "texts": relaxation.texts})
    });
    json!({
        "status": "impossible",
        "conflict": list(&own.conflict, |own| json!({"rule": own.rule, "text": own.text})),
        "relaxation": relaxation,
    })
}

fn difference(own: &PostingDifference) -> Value {
    json!({
        "commissioner": own.commissioner,
        "kind": own.kind.as_str(),
        "label": own.kind.label(),
        "before": list(&own.before, posting),
        "after": list(&own.after, posting),
    })
}

pub(super) fn comparison(own: &PlanComparison) -> Value {
    json!({
        "before": head(&own.before),
        "after": head(&own.after),
        "change": objective(&own.change),
        "kept": own.kept,
        "differences": list(&own.differences, difference),
    })
}

pub(super) fn forks(plan: &PlanDocument, all: &[Fork]) -> Value {
    json!({"plan": head(&plan.head), "result": result(&plan.document.plan), "forks": list(all, fork)})
}

fn fork(own: &Fork) -> Value {
    let changes = list(&own.changes, |own| changes::told(own).into());
    match &own.outcome {
        ForkOutcome::Plan { plan, change, differences, kept, coverage: classes } => json!({
            "changes": changes,
            "result": result(plan),
            "change": objective(change),
            "kept": kept,
            "differences": list(differences, difference),
            "coverage": list(classes, coverage),
            "postings": list(&plan.postings, posting),
        }),
        ForkOutcome::Impossible(refused) => {
            json!({"changes": changes, "refusal": refusal(refused)})
        }
    }
}

pub(super) fn register(own: &Register) -> Value {
    let relationships = list(&own.relationships, |own| {
        let evidence = list(&own.evidence, |own| {
            json!({
                "kind": own.kind.as_str(),
                "label": own.kind.label(),
                "date": own.date.to_string(),
                "text": own.text,
                "source": own.source,
            })
        });
        json!({"institution": own.institution, "evidence": evidence})
    });
    json!({"target": own.target, "count": own.relationships.len(), "relationships": relationships})
}
