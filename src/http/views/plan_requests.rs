//! What clients send about plans: cases, changes to them, orders.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::programmes::hundred::{self, Change, Sent};

/// 编制请求: exactly one of `case` and `from` is required.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanOrder {
    /// What to call the plan; else what the case or the other plan is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A case: fit and richness are measured anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<PlanCase>,
    /// Id of another plan, whose case and measures are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What is otherwise than there, at most 1,000; only with `from`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Vec<PlanChange>>,
    /// Keep as many postings of the other plan as can be kept, before anything else; only with
    /// `from`, false if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repair: Option<bool>,
}

/// 案例: all that a plan is made from, but for fit and richness.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanCase {
    /// What people call it.
    pub name: String,
    /// 计划启动时间, as precise as it is known: `2019-12`.
    pub start: String,
    /// Batches that do not overlap, 1 to 64; the first by date is the first batch.
    pub batches: Vec<CaseBatch>,
    /// Who can be posted; with the institutions at most 1,000,000 pairs.
    pub commissioners: Vec<CaseCommissioner>,
    /// Where to.
    pub institutions: Vec<CaseInstitution>,
    /// 合作关系, one entry for each institution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ties: Option<Vec<CaseTie>>,
    /// 指定派驻: postings that there have to be; without a batch: in any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forced: Option<Vec<CasePosting>>,
    /// 排除: pairs that there must not be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forbidden: Option<Vec<CasePair>>,
    /// 必派: ids of institutions that have to be posted to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<Vec<String>>,
    /// Postings of the plan in force, which the new one stays close to; with their batches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Vec<CasePosting>>,
    /// Parameters of rules that this case sets otherwise, by key (`/api/v1/rules`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<BTreeMap<String, i64>>,
}

/// 批次
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseBatch {
    /// How the case names it.
    pub id: String,
    /// For people; the id if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// First day.
    pub start: String,
    /// Last day, included.
    pub end: String,
    /// Postings at most; without a limit if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub places: Option<u32>,
}

/// 科技人才专员; `district` or `park` is required.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseCommissioner {
    /// How the case names them; not their name.
    pub id: String,
    /// 区 that sends them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district: Option<String>,
    /// 园区 that sends them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub park: Option<String>,
    /// Ids of the batches they can be posted in; any if none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batches: Option<Vec<String>>,
    /// How many other duties they have; 0 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load: Option<u32>,
}

/// 高校院所 of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseInstitution {
    /// Its name as it is known everywhere, and how the case names it.
    pub id: String,
    /// Of `985`, `key_double_first_class`, `major_institute`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<String>>,
    /// City; not known if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// 科技镇长团: whether it had sent members to Nanjing by the first batch, `yes`, `no` or
    /// `unknown`; `unknown` if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<String>,
    /// Kilometres from Nanjing, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_km: Option<u32>,
    /// 双一流 disciplines of the list in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disciplines: Option<Vec<String>>,
    /// 国家重点实验室 that it hosts, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_labs: Option<Vec<String>>,
    /// 成果丰富度 given with the case, at most 1,000,000,000; counted from the records if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub richness: Option<u32>,
}

/// 合作关系 of an institution with Nanjing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseTie {
    /// Id of the institution.
    pub institution: String,
    /// What it rests on; at least one.
    pub evidence: Vec<CaseEvidence>,
}

/// 依据 of a tie.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseEvidence {
    /// `framework`, `people` or `project`.
    pub kind: String,
    /// Since when.
    pub date: String,
    /// What it is, in a sentence.
    pub text: String,
    /// Where that is told.
    pub source: String,
}

/// 派驻 in a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CasePosting {
    /// Id of the commissioner.
    pub commissioner: String,
    /// Id of the institution.
    pub institution: String,
    /// Id of the batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<String>,
    /// 续派: ids of later batches that it was renewed for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renewed: Option<Vec<String>>,
}

/// A commissioner and an institution.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CasePair {
    /// Id of the commissioner.
    pub commissioner: String,
    /// Id of the institution.
    pub institution: String,
}

/// 假设请求
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct WhatIfBody {
    /// At most 8, each by itself.
    pub forks: Vec<PlanFork>,
}

/// 一种假设
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanFork {
    /// What is otherwise, at most 1,000, made in this order.
    pub changes: Vec<PlanChange>,
}

/// 改动: one change to the case of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PlanChange {
    /// Somebody else can be posted.
    AddCommissioner {
        /// Who.
        commissioner: CaseCommissioner,
    },
    /// Somebody cannot be posted any more.
    RemoveCommissioner {
        /// Their id.
        commissioner: String,
    },
    /// One more institution; its fit is not measured, so that it is only posted to if the plan has
    /// measured it before.
    AddInstitution {
        /// Which.
        institution: CaseInstitution,
    },
    /// An institution is out of the question.
    RemoveInstitution {
        /// Its id.
        institution: String,
    },
    /// A posting that there has to be.
    Force {
        /// Id of the commissioner.
        commissioner: String,
        /// Id of the institution.
        institution: String,
        /// Id of the batch; any if absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        batch: Option<String>,
        /// 续派: ids of later batches.
        #[serde(skip_serializing_if = "Option::is_none")]
        renewed: Option<Vec<String>>,
    },
    /// A posting need not be.
    Unforce {
        /// Id of the commissioner.
        commissioner: String,
        /// Id of the institution.
        institution: String,
    },
    /// A pair that there must not be.
    Forbid {
        /// Id of the commissioner.
        commissioner: String,
        /// Id of the institution.
        institution: String,
    },
    /// A pair may be.
    Allow {
        /// Id of the commissioner.
        commissioner: String,
        /// Id of the institution.
        institution: String,
    },
    /// An institution has to be posted to.
    Require {
        /// Its id.
        institution: String,
    },
    /// It need not.
    Unrequire {
        /// Its id.
        institution: String,
    },
    /// A parameter of a rule has another value.
    Set {
        /// Its key, such as `commissioners_max`.
        key: String,
        /// Its value, between the parameter's least and most.
        value: i64,
    },
    /// A batch has other places.
    Places {
        /// Id of the batch.
        batch: String,
        /// Postings at most; without a limit if null.
        places: Option<u32>,
    },
    /// A commissioner can be posted in other batches.
    Batches {
        /// Id of the commissioner.
        commissioner: String,
        /// Ids of the batches; any if there is none.
        batches: Vec<String>,
    },
}

/// A change as it is told and sent.
pub fn plan_change(change: &Change) -> PlanChange {
    let list = |list: &[String]| (!list.is_empty()).then(|| list.to_vec());
    let own = String::clone;
    match change {
        Change::AddCommissioner(body) => {
            PlanChange::AddCommissioner { commissioner: case_commissioner(body) }
        }
        Change::RemoveCommissioner(id) => PlanChange::RemoveCommissioner { commissioner: own(id) },
        Change::AddInstitution(body) => {
            PlanChange::AddInstitution { institution: case_institution(body) }
        }
        Change::RemoveInstitution(id) => PlanChange::RemoveInstitution { institution: own(id) },
        Change::Force(posting) => PlanChange::Force {
            commissioner: own(&posting.commissioner),
            institution: own(&posting.institution),
            batch: Some(own(&posting.batch)).filter(|batch| !batch.is_empty()),
            renewed: list(&posting.renewed),
        },
        Change::Unforce { commissioner, institution } => {
            let (commissioner, institution) = (own(commissioner), own(institution));
            PlanChange::Unforce { commissioner, institution }
        }
        Change::Forbid { commissioner, institution } => {
            let (commissioner, institution) = (own(commissioner), own(institution));
            PlanChange::Forbid { commissioner, institution }
        }
        Change::Allow { commissioner, institution } => {
            let (commissioner, institution) = (own(commissioner), own(institution));
            PlanChange::Allow { commissioner, institution }
        }
        Change::Require(id) => PlanChange::Require { institution: own(id) },
        Change::Unrequire(id) => PlanChange::Unrequire { institution: own(id) },
        Change::Set { key, value } => PlanChange::Set { key: own(key), value: *value },
        Change::Places { batch, places } => {
            PlanChange::Places { batch: own(batch), places: *places }
        }
        Change::Batches { commissioner, batches } => {
            PlanChange::Batches { commissioner: own(commissioner), batches: batches.clone() }
        }
    }
}

fn case_commissioner(own: &hundred::Commissioner) -> CaseCommissioner {
    CaseCommissioner {
        id: own.id.clone(),
        district: own.district.clone(),
        park: own.park.clone(),
        batches: Some(own.batches.clone()),
        load: Some(own.load),
    }
}

fn case_institution(own: &hundred::HostInstitution) -> CaseInstitution {
    CaseInstitution {
        id: own.id.clone(),
        classes: Some(own.classes.iter().map(|class| class.as_str().to_owned()).collect()),
        city: Some(own.city.clone()),
        sent: Some(sent(own.sent).to_owned()),
        distance_km: own.distance_km,
        disciplines: Some(own.disciplines.clone()),
        key_labs: Some(own.key_labs.clone()),
        richness: own.richness,
    }
}

/// The name of what is known of 科技镇长团.
fn sent(sent: Sent) -> &'static str {
    match sent {
        Sent::Yes => "yes",
        Sent::No => "no",
        Sent::Unknown => "unknown",
    }
}
