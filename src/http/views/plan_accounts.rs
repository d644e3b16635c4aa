//! What can be said for a plan: explanations, findings, coverage, relationships.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::plan_figures::{PlanLevel, deciding_levels};
use super::plans::{PlanHead, PlanPosting, plan_head, plan_posting};
use crate::engine;
use crate::programmes::hundred;
use crate::programmes::rules::Verdict;

/// 计划说明: why everybody goes where they go, and why somebody stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanExplanations {
    /// The plan.
    pub plan: PlanHead,
    /// By commissioner.
    pub explanations: Vec<PlanExplanation>,
    /// Who stays, and why.
    pub idle: Vec<PlanIdle>,
}

/// 派驻说明
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanExplanation {
    /// The posting.
    pub posting: PlanPosting,
    /// What each rule says of it.
    pub findings: Vec<PlanFinding>,
    /// 匹配度 of the commissioner's park or district with the institution, 0 to 10,000.
    pub fit: PlanMeasure,
    /// 成果丰富度 of the institution.
    pub richness: PlanMeasure,
    /// Classes in which the posting covers an institution that nothing else covers.
    pub covers: Vec<&'static str>,
    /// These in Chinese.
    pub cover_labels: Vec<&'static str>,
    /// Whether there was no tie before.
    pub is_new_tie: bool,
    /// Kilometres from Nanjing, if known.
    pub distance_km: Option<u32>,
    /// Other duties of the commissioner.
    pub load: u32,
    /// The next best institutions, the best first, at most 3.
    pub alternatives: Vec<PlanAlternative>,
}

/// 测度: a number and what it is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanMeasure {
    /// The number.
    pub value: u32,
    /// Its parts, the largest first; they sum to it, or to more where it is capped.
    pub parts: Vec<PlanPart>,
}

/// 构成
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanPart {
    /// `industry`, `needs`, `achievements`, `key_labs`, `disciplines` or `given`.
    pub kind: &'static str,
    /// The kind in Chinese.
    pub label: &'static str,
    /// What it rests on, in Chinese; never the words of a need.
    pub name: String,
    /// What it adds.
    pub value: u32,
}

/// 备选
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanAlternative {
    /// Id of the institution.
    pub institution: String,
    /// The level that decides against it; null if only the order of names does.
    pub deciding: Option<&'static str>,
    /// 遗憾值: what the best plan with this posting has more (above zero) or less (below zero)
    /// than this plan, from the level on that decides.
    pub regret: Vec<PlanLevel>,
}

/// 未派驻
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanIdle {
    /// Id of the commissioner.
    pub commissioner: String,
    /// Why, a Chinese sentence.
    pub reason: String,
}

/// 核验: what the independent checker says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanCheck {
    /// The plan.
    pub plan: PlanHead,
    /// Findings with which a plan must not be kept; always 0.
    pub blocks: usize,
    /// How often each rule has passed, failed and not known.
    pub rules: Vec<PlanRuleCount>,
    /// Of every posting, then of all together.
    pub findings: Vec<PlanFinding>,
}

/// 规则计数
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanRuleCount {
    /// Id of the rule; `case` for what the case itself demands.
    pub rule: &'static str,
    /// Findings that pass.
    pub pass: usize,
    /// Findings that fail.
    pub fail: usize,
    /// Findings that cannot be told.
    pub unknown: usize,
}

/// 结论 of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanFinding {
    /// Id of the rule; `case` for what the case itself demands.
    pub rule: &'static str,
    /// `pass`, `fail` or `unknown`.
    pub verdict: &'static str,
    /// The verdict in Chinese.
    pub label: &'static str,
    /// Whether a plan with this must not be kept.
    pub blocks: bool,
    /// That in a Chinese sentence.
    pub text: String,
}

/// 覆盖: by class, over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanCoverage {
    /// The plan.
    pub plan: PlanHead,
    /// In the order of the classes.
    pub classes: Vec<PlanClassCoverage>,
}

/// 类别覆盖
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanClassCoverage {
    /// `985`, `key_double_first_class` or `major_institute`.
    pub class: &'static str,
    /// The class in Chinese.
    pub label: &'static str,
    /// Institutions of the class in the case.
    pub total: usize,
    /// Covered at the deadline: the sum of the following three.
    pub covered: usize,
    /// By 科技镇长团.
    pub by_sent: usize,
    /// By a tie, and not by the above.
    pub by_tie: usize,
    /// By a posting, and by none of the above.
    pub by_posting: usize,
    /// After each batch within the programme's years.
    pub steps: Vec<PlanCoverageStep>,
    /// Ids of those that nothing covers.
    pub uncovered: Vec<String>,
    /// Ids of those of which nobody knows whether they had sent members: to be asked.
    pub unknown: Vec<String>,
}

/// 批次后的覆盖
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanCoverageStep {
    /// Id of the batch.
    pub batch: String,
    /// Institutions covered once it has gone.
    pub covered: usize,
}

/// 合作关系台账
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanRelationships {
    /// Institutions that are aimed at.
    pub target: u32,
    /// Institutions with a tie.
    pub count: usize,
    /// By institution.
    pub relationships: Vec<PlanRelationship>,
}

/// 台账条目
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanRelationship {
    /// Id of the institution.
    pub institution: String,
    /// What the tie rests on, by date.
    pub evidence: Vec<PlanEvidence>,
}

/// 台账依据
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanEvidence {
    /// `framework`, `people` or `project`.
    pub kind: &'static str,
    /// The kind in Chinese.
    pub label: &'static str,
    /// Since when.
    pub date: String,
    /// What it is.
    pub text: String,
    /// Where that is told; of a lead its id.
    pub source: String,
}

/// Explanations; of one commissioner, if one is named.
pub fn plan_explanations(
    account: &engine::PlanAccount,
    commissioner: Option<&str>,
) -> PlanExplanations {
    let wanted = |id: &str| commissioner.is_none_or(|wanted| wanted == id);
    let basis = &account.plan.document.basis;
    let explanations = account.explanations.iter().filter(|own| wanted(&own.posting.commissioner));
    let idle = account.idle.iter().filter(|own| wanted(&own.commissioner));
    PlanExplanations {
        plan: plan_head(&account.plan.head),
        explanations: explanations.map(|own| explanation(basis, own)).collect(),
        idle: idle
            .map(|own| PlanIdle {
                commissioner: own.commissioner.clone(),
                reason: own.reason.clone(),
            })
            .collect(),
    }
}

fn explanation(basis: &hundred::Basis, own: &hundred::Explanation) -> PlanExplanation {
    let alternative = |other: &hundred::Alternative| {
        let regret = deciding_levels(&other.regret);
        PlanAlternative {
            institution: other.institution.clone(),
            deciding: regret.first().map(|level| level.level),
            regret,
        }
    };
    PlanExplanation {
        posting: plan_posting(basis, &own.posting),
        findings: own.findings.iter().map(finding).collect(),
        fit: measure(&own.fit),
        richness: measure(&own.richness),
        covers: own.covers.iter().map(|class| class.as_str()).collect(),
        cover_labels: own.covers.iter().map(|class| class.label()).collect(),
        is_new_tie: own.is_new_tie,
        distance_km: own.distance_km,
        load: own.load,
        alternatives: own.alternatives.iter().map(alternative).collect(),
    }
}

fn measure(own: &hundred::Measure) -> PlanMeasure {
    let part = |part: &hundred::Part| PlanPart {
        kind: part.kind.as_str(),
        label: part.kind.label(),
        name: part.name.clone(),
        value: part.value,
    };
    PlanMeasure { value: own.value, parts: own.parts.iter().map(part).collect() }
}

fn finding(own: &hundred::Finding) -> PlanFinding {
    PlanFinding {
        rule: own.rule,
        verdict: own.verdict.as_str(),
        label: own.verdict.label(),
        blocks: own.blocks,
        text: own.text.clone(),
    }
}

/// What the checker says, with how often each rule says what.
pub fn plan_check(plan: &engine::PlanHead, findings: &[hundred::Finding]) -> PlanCheck {
    let mut rules: BTreeMap<&'static str, PlanRuleCount> = BTreeMap::new();
    for own in findings {
        let none = PlanRuleCount { rule: own.rule, pass: 0, fail: 0, unknown: 0 };
        let count = rules.entry(own.rule).or_insert(none);
        match own.verdict {
            Verdict::Pass => count.pass += 1,
            Verdict::Fail => count.fail += 1,
            Verdict::Unknown => count.unknown += 1,
        }
    }
    PlanCheck {
        plan: plan_head(plan),
        blocks: findings.iter().filter(|own| own.blocks).count(),
        rules: rules.into_values().collect(),
        findings: findings.iter().map(finding).collect(),
    }
}

/// Coverage by class.
pub fn plan_coverage(plan: &engine::PlanHead, classes: &[hundred::ClassCoverage]) -> PlanCoverage {
    PlanCoverage { plan: plan_head(plan), classes: classes.iter().map(class_coverage).collect() }
}

/// Coverage of one class.
pub(super) fn class_coverage(own: &hundred::ClassCoverage) -> PlanClassCoverage {
    let step = |step: &hundred::CoverageStep| PlanCoverageStep {
        batch: step.batch.clone(),
        covered: step.covered,
    };
    PlanClassCoverage {
        class: own.class.as_str(),
        label: own.class.label(),
        total: own.total,
        covered: own.covered(),
        by_sent: own.by_sent,
        by_tie: own.by_tie,
        by_posting: own.by_posting,
        steps: own.steps.iter().map(step).collect(),
        uncovered: own.uncovered.clone(),
        unknown: own.unknown.clone(),
    }
}

/// The register of relationships.
pub fn plan_relationships(register: &hundred::Register) -> PlanRelationships {
    let evidence = |own: &hundred::Evidence| PlanEvidence {
        kind: own.kind.as_str(),
        label: own.kind.label(),
        date: own.date.to_string(),
        text: own.text.clone(),
        source: own.source.clone(),
    };
    let relationships = register.relationships.iter().map(|own| PlanRelationship {
        institution: own.institution.clone(),
        evidence: own.evidence.iter().map(evidence).collect(),
    });
    PlanRelationships {
        target: register.target,
        count: register.relationships.len(),
        relationships: relationships.collect(),
    }
}
