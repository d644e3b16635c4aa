//! Plans beside each other: forks that are not kept, and the difference between two.

use serde::Serialize;
use utoipa::ToSchema;

use super::plan_accounts::{PlanClassCoverage, class_coverage};
use super::plan_figures::{PlanLevel, levels};
use super::plan_requests::{PlanChange, plan_change};
use super::plans::{PlanHead, PlanRefusal, PlanResult, plan_head, plan_refusal, plan_result};
use crate::engine;
use crate::programmes::hundred;

/// 假设结果
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanForks {
    /// The plan that was forked.
    pub plan: PlanHead,
    /// How good it is.
    pub result: PlanResult,
    /// In the order of the question; nothing of them is kept.
    pub forks: Vec<PlanForkResult>,
}

/// 一种假设的结果: either `refusal` is null, or all others but `changes` are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanForkResult {
    /// What is otherwise.
    pub changes: Vec<PlanChange>,
    /// How good the fork is.
    pub result: Option<PlanResult>,
    /// What it has more (above zero) or less than the plan.
    pub change: Option<Vec<PlanLevel>>,
    /// Postings that are the same.
    pub kept: Option<usize>,
    /// What has become of whose postings.
    pub differences: Option<Vec<PlanPostingDifference>>,
    /// Its coverage by class.
    pub coverage: Option<Vec<PlanClassCoverage>>,
    /// Why there is no plan with these changes.
    pub refusal: Option<PlanRefusal>,
}

/// 两份计划的差异
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanDifference {
    /// The one.
    pub before: PlanHead,
    /// The other.
    pub after: PlanHead,
    /// What the other has more (above zero) or less than the one.
    pub change: Vec<PlanLevel>,
    /// Postings that are the same.
    pub kept: usize,
    /// What has become of whose postings, by commissioner.
    pub differences: Vec<PlanPostingDifference>,
}

/// 派驻差异 of one commissioner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanPostingDifference {
    /// Id of the commissioner.
    pub commissioner: String,
    /// `added`, `dropped`, `moved` or `shifted` (to another batch).
    pub kind: &'static str,
    /// The kind in Chinese.
    pub label: &'static str,
    /// Postings that are no more.
    pub before: Vec<PlanPlace>,
    /// Postings that were not before.
    pub after: Vec<PlanPlace>,
}

/// Where somebody is posted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanPlace {
    /// Id of the institution.
    pub institution: String,
    /// Id of the batch.
    pub batch: String,
    /// 续派: ids of later batches.
    pub renewed: Vec<String>,
}

/// Forks beside the plan.
pub fn plan_forks(plan: &engine::PlanDocument, forks: &[engine::Fork]) -> PlanForks {
    PlanForks {
        plan: plan_head(&plan.head),
        result: plan_result(&plan.document.plan),
        forks: forks.iter().map(fork).collect(),
    }
}

fn fork(own: &engine::Fork) -> PlanForkResult {
    let mut told = PlanForkResult {
        changes: own.changes.iter().map(plan_change).collect(),
        result: None,
        change: None,
        kept: None,
        differences: None,
        coverage: None,
        refusal: None,
    };
    match &own.outcome {
        engine::ForkOutcome::Plan { plan, change, differences, kept, coverage } => {
            told.result = Some(plan_result(plan));
            told.change = Some(levels(change));
            told.kept = Some(*kept);
            told.differences = Some(differences.iter().map(posting_difference).collect());
            told.coverage = Some(coverage.iter().map(class_coverage).collect());
        }
        engine::ForkOutcome::Impossible(refusal) => told.refusal = Some(plan_refusal(refusal)),
    }
    told
}

/// Two plans beside each other.
pub fn plan_difference(found: &engine::PlanComparison) -> PlanDifference {
    PlanDifference {
        before: plan_head(&found.before),
        after: plan_head(&found.after),
        change: levels(&found.change),
        kept: found.kept,
        differences: found.differences.iter().map(posting_difference).collect(),
    }
}

fn posting_difference(own: &hundred::PostingDifference) -> PlanPostingDifference {
    let place = |own: &hundred::Posting| PlanPlace {
        institution: own.institution.clone(),
        batch: own.batch.clone(),
        renewed: own.renewed.clone(),
    };
    PlanPostingDifference {
        commissioner: own.commissioner.clone(),
        kind: own.kind.as_str(),
        label: own.kind.label(),
        before: own.before.iter().map(place).collect(),
        after: own.after.iter().map(place).collect(),
    }
}
