//! Plans: heads, one with its postings and figures, why there is none.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::plan_figures::{PlanLevel, levels};
use super::plan_requests::{PlanChange, plan_change};
use super::records::{Common, common};
use crate::engine;
use crate::model::{self, Body};
use crate::programmes::hundred::{self, Basis, PlanStatus};
use crate::programmes::rules::RuleBook;

/// 计划目录: a plan as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanHead {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// `draft`, `published` or `superseded`.
    pub state: &'static str,
    /// The state in Chinese.
    pub label: &'static str,
    /// Id of the plan whose place it takes when it is published.
    pub replaces: Option<String>,
    /// SHA-256 of its text in hexadecimal digits: what a published plan is known by.
    pub digest: String,
    /// For `If-Match`.
    pub revision: u64,
    /// When it was made, RFC 3339 in UTC.
    pub created_at: String,
    /// When it was last changed, RFC 3339 in UTC.
    pub updated_at: String,
}

/// 计划: who goes where, how good that is, and how good that is known to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Plan {
    /// As lists show it.
    pub plan: PlanHead,
    /// How good it is.
    pub result: PlanResult,
    /// What H1 allows, and how many are posted.
    pub commissioners: PlanCommissioners,
    /// How many institutions of each class nothing covers at the deadline.
    pub uncovered: Vec<PlanUncovered>,
    /// Who goes where, by commissioner.
    pub postings: Vec<PlanPosting>,
    /// The numbers in the rules that it was made with.
    pub parameters: Vec<PlanParameter>,
    /// Digest of the rules in force when it was made (`digest` of `/api/v1/rules`).
    pub rules: String,
}

/// 求解结果
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanResult {
    /// `optimal` (nothing is better) or `limit` (the limit of work was reached).
    pub status: &'static str,
    /// The status in Chinese.
    pub label: &'static str,
    /// With `limit`: nothing is better by more than this.
    pub gap: Option<Vec<PlanLevel>>,
    /// Level by level in the order of importance.
    pub objective: Vec<PlanLevel>,
}

/// 专员名额
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanCommissioners {
    /// Different commissioners at most (H1).
    pub most: u32,
    /// Posted.
    pub posted: usize,
    /// How many more there may be.
    pub short: usize,
}

/// 未覆盖: of one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanUncovered {
    /// `985`, `key_double_first_class` or `major_institute`.
    pub class: &'static str,
    /// The class in Chinese.
    pub label: &'static str,
    /// Institutions of the class in the case.
    pub total: usize,
    /// Of these, not covered by a posting, 科技镇长团 or a tie.
    pub uncovered: usize,
}

/// 派驻 of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanPosting {
    /// Id of the commissioner.
    pub commissioner: String,
    /// The park or district that sends them.
    pub home: String,
    /// Id of the institution, which is its name.
    pub institution: String,
    /// Id of the batch.
    pub batch: String,
    /// Name of the batch.
    pub batch_name: String,
    /// First day.
    pub from: String,
    /// Last day, renewals included.
    pub until: String,
    /// 续派: ids of later batches that it was renewed for.
    pub renewed: Vec<String>,
}

/// 参数 of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanParameter {
    /// Its key.
    pub key: &'static str,
    /// What it is, in Chinese.
    pub text: String,
    /// Its value.
    pub value: u32,
    /// The least that it may be.
    pub min: u32,
    /// The most that it may be.
    pub max: u32,
    /// Id of its rule.
    pub rule: Option<String>,
}

/// 无可行方案: which rules collide, and the cheapest way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanRefusal {
    /// What cannot all be met; without any one of them the others could.
    pub conflict: Vec<PlanCollision>,
    /// What would make a plan possible; null if nothing was found.
    pub relaxation: Option<PlanRelaxation>,
}

/// 冲突条款
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanCollision {
    /// Id of the rule; `case` for what the case itself demands.
    pub rule: &'static str,
    /// What it demands here, a Chinese sentence.
    pub text: String,
}

/// 放宽方案
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanRelaxation {
    /// What is to be changed, as it can be sent.
    pub changes: Vec<PlanChange>,
    /// That in Chinese sentences.
    pub texts: Vec<String>,
}

/// 派驻: a posting of a published plan, as a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Posting {
    /// What every record has.
    #[serde(flatten)]
    pub common: Common,
    /// Id of the plan.
    pub plan_id: String,
    /// How the plan names the commissioner.
    pub commissioner: String,
    /// Id of their account; null if there is none, or it is not yours to know.
    pub user_id: Option<String>,
    /// The park or district that sends them.
    pub home: String,
    /// Id of its office, if there is one.
    pub office_id: Option<String>,
    /// The institution's name.
    pub institution: String,
    /// Id of its record, if there is one that you see.
    pub institution_id: Option<String>,
    /// Name of the batch.
    pub batch: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
}

/// 派驻列表
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Postings {
    /// By commissioner, then institution.
    pub items: Vec<Posting>,
}

/// A plan as lists show it.
pub fn plan_head(head: &engine::PlanHead) -> PlanHead {
    PlanHead {
        id: head.id.to_string(),
        name: head.name.clone(),
        state: head.state.as_str(),
        label: head.state.label(),
        replaces: head.replaces.map(|id| id.to_string()),
        digest: head.digest.clone(),
        revision: head.revision,
        created_at: head.created_at.to_string(),
        updated_at: head.updated_at.to_string(),
    }
}

/// A plan, with what the rules call its numbers.
pub fn plan(
    plan: &engine::PlanDocument,
    coverage: &[hundred::ClassCoverage],
    book: &RuleBook,
) -> Plan {
    let (basis, made) = (&plan.document.basis, &plan.document.plan);
    let posted: BTreeSet<&str> =
        made.postings.iter().map(|own| own.commissioner.as_str()).collect();
    let most = basis.parameters.commissioners_max.value;
    let parameter = |(key, own): (&'static str, hundred::Parameter)| PlanParameter {
        key,
        text: book.find_parameter(key).map_or_else(String::new, |known| known.text.clone()),
        value: own.value,
        min: own.least,
        max: own.most,
        rule: rule_of(book, key),
    };
    Plan {
        plan: plan_head(&plan.head),
        result: plan_result(made),
        commissioners: PlanCommissioners {
            most,
            posted: posted.len(),
            short: (most as usize).saturating_sub(posted.len()),
        },
        uncovered: coverage.iter().map(uncovered).collect(),
        postings: made.postings.iter().map(|own| plan_posting(basis, own)).collect(),
        parameters: basis.parameters.all().into_iter().map(parameter).collect(),
        rules: plan.document.rules.clone(),
    }
}

fn uncovered(coverage: &hundred::ClassCoverage) -> PlanUncovered {
    PlanUncovered {
        class: coverage.class.as_str(),
        label: coverage.class.label(),
        total: coverage.total,
        uncovered: coverage.uncovered.len(),
    }
}

/// The rule that a parameter belongs to.
fn rule_of(book: &RuleBook, key: &str) -> Option<String> {
    let mut rules = book.rules();
    let has = |rule: &crate::programmes::rules::Rule| rule.parameters.iter().any(|p| p.key == key);
    rules.find(|(_, rule)| has(rule)).map(|(_, rule)| rule.id.clone())
}

pub(super) fn plan_result(made: &hundred::Plan) -> PlanResult {
    let (status, label, gap) = match &made.status {
        PlanStatus::Optimal => ("optimal", "已证明最优", None),
        PlanStatus::Limit(gap) => ("limit", "达到计算上限，差距见 gap", Some(levels(gap))),
    };
    PlanResult { status, label, gap, objective: levels(&made.objective) }
}

pub(super) fn plan_posting(basis: &Basis, own: &hundred::Posting) -> PlanPosting {
    let commissioners = &basis.case.commissioners;
    let who = commissioners.iter().find(|known| known.id == own.commissioner);
    let first = basis.batch(&own.batch).map(|(_, batch)| batch);
    let last = own.renewed.last().and_then(|id| basis.batch(id)).map(|(_, batch)| batch).or(first);
    PlanPosting {
        commissioner: own.commissioner.clone(),
        home: who.map_or_else(String::new, |who| who.home().to_owned()),
        institution: own.institution.clone(),
        batch: own.batch.clone(),
        batch_name: first.map_or_else(String::new, |batch| batch.name.clone()),
        from: first.map_or_else(String::new, |batch| batch.start.to_string()),
        until: last.map_or_else(String::new, |batch| batch.end.to_string()),
        renewed: own.renewed.clone(),
    }
}

/// Why there is no plan.
pub fn plan_refusal(refusal: &hundred::Refusal) -> PlanRefusal {
    let collision =
        |own: &hundred::Collision| PlanCollision { rule: own.rule, text: own.text.clone() };
    let relaxation = |own: &hundred::Relaxation| PlanRelaxation {
        changes: own.changes.iter().map(plan_change).collect(),
        texts: own.texts.clone(),
    };
    PlanRefusal {
        conflict: refusal.conflict.iter().map(collision).collect(),
        relaxation: refusal.relaxation.as_ref().map(relaxation),
    }
}

/// A posting as it is told; `None` for another kind of record.
pub fn posting(record: &model::Record) -> Option<Posting> {
    let Body::Posting(body) = &record.body else { return None };
    Some(Posting {
        common: common(&record.meta),
        plan_id: body.plan_id.to_string(),
        commissioner: body.commissioner.clone(),
        user_id: body.user_id.map(|id| id.to_string()),
        home: body.home.clone(),
        office_id: body.office_id.map(|id| id.to_string()),
        institution: body.institution.clone(),
        institution_id: body.institution_id.map(|id| id.to_string()),
        batch: body.batch.clone(),
        from: body.from.to_string(),
        until: body.until.to_string(),
    })
}
