//! Leads, what is done for them, and dismissed matches, as they are told.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::records::{Common, common};
use crate::engine;
use crate::model::{self, Body, LeadState};

/// 对接线索
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Lead {
    /// What every record has.
    #[serde(flatten)]
    pub common: Common,
    /// Id of the need.
    pub need_id: String,
    /// Its title; empty if it was deleted.
    pub need_title: String,
    /// Id of the lab.
    pub lab_id: String,
    /// Its name; empty if it was deleted.
    pub lab_name: String,
    /// `achievement`, `talent`, `graduate` or `instrument`.
    pub resource: &'static str,
    /// The resource in Chinese.
    pub resource_label: &'static str,
    /// `found`, `screened`, `contacted`, `visited`, `proposed`, `signed`, `landed` or `closed`.
    pub state: &'static str,
    /// The state in Chinese.
    pub state_label: &'static str,
    /// Since when it is in this state, RFC 3339 in UTC.
    pub state_since: String,
    /// Days since then, by the calendar of China.
    pub days_in_state: i64,
    /// The firm wants it.
    pub accepted_by_enterprise: bool,
    /// The institution wants it.
    pub accepted_by_institution: bool,
    /// Id of the user who looks after it; null for the parties.
    pub owner_id: Option<String>,
    /// The next step is due then.
    pub due_on: Option<String>,
    /// That day is over, and it has neither landed nor been closed.
    pub overdue: bool,
    /// What was said with the last change; empty for the parties.
    pub note: String,
    /// Why it was closed; empty unless it is.
    pub close_reason: String,
    /// What was agreed.
    pub contract: Option<Contract>,
}

/// 合同要素
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Contract {
    /// `technology_transfer`, `patent_licence`, `joint_development`, `equity`, `joint_lab`, or
    /// other words.
    pub mode: String,
    /// The mode in Chinese.
    pub mode_label: String,
    /// Amount in fen (分, a hundredth of a yuan).
    pub amount_fen: i64,
    /// The same as people write it: `80万元`.
    pub amount: String,
    /// Further fields of the mode, see `/api/v1/lead-transitions`.
    pub terms: BTreeMap<String, String>,
}

/// 线索的一步: a change of a lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeadStep {
    /// The lead's revision afterwards.
    pub revision: u64,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// Who; empty for the parties.
    pub by: String,
    /// The state before; null for the first.
    pub from: Option<&'static str>,
    /// The state before in Chinese.
    pub from_label: Option<&'static str>,
    /// The state afterwards.
    pub to: &'static str,
    /// The state afterwards in Chinese.
    pub to_label: &'static str,
    /// The firm wants it.
    pub accepted_by_enterprise: bool,
    /// The institution wants it.
    pub accepted_by_institution: bool,
    /// Id of the user who looks after it; null for the parties.
    pub owner_id: Option<String>,
    /// The next step is due then.
    pub due_on: Option<String>,
    /// What was said with it; empty for the parties.
    pub note: String,
    /// Why it was closed; empty unless it is.
    pub close_reason: String,
    /// What was agreed.
    pub contract: Option<Contract>,
}

/// 线索的历史: a page of its changes in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeadSteps {
    /// The changes.
    pub items: Vec<LeadStep>,
    /// `after` of the next page; null if this is the last.
    pub next: Option<u64>,
}

/// 看板: how many leads are in each state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Board {
    /// All states in their order.
    pub states: Vec<Column>,
    /// Leads in all states together.
    pub total: u64,
}

/// 看板的一列
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Column {
    /// The state.
    pub state: &'static str,
    /// The state in Chinese.
    pub label: &'static str,
    /// How many leads are in it.
    pub count: u64,
    /// How many of them are late.
    pub overdue: u64,
    /// Days of the one that has been in it longest; null if there is none.
    pub oldest_days: Option<i64>,
}

/// 流转表: which state may follow which, and what contracts tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Transitions {
    /// All states in their order.
    pub states: Vec<TransitionState>,
    /// All steps.
    pub transitions: Vec<Transition>,
    /// The fields of contracts by mode.
    pub contract_fields: Vec<ContractField>,
}

/// 状态
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TransitionState {
    /// Its English name.
    pub state: &'static str,
    /// Its Chinese name.
    pub label: &'static str,
    /// In it no side can take its acceptance back.
    pub binding: bool,
}

/// 流转
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Transition {
    /// From this state.
    pub from: &'static str,
    /// To this one.
    pub to: &'static str,
    /// Who may take it: `office`, `commissioner`, `enterprise`, `institution`.
    pub roles: Vec<&'static str>,
    /// What it needs: `accepted`, `contract`, `note`, `reason`.
    pub needs: Vec<&'static str>,
    /// What holds no more afterwards: `accepted`, `contract`.
    pub clears: Vec<&'static str>,
}

/// 合同要素的一项
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContractField {
    /// The mode; `other` stands for all that are not one of the five.
    pub mode: String,
    /// Its English name.
    pub field: String,
    /// Its Chinese name.
    pub label: String,
    /// `text`, `money`, `percent`, or words of which one is meant, separated by `;`.
    pub value: String,
    /// Whether a contract of the mode must have it.
    pub required: bool,
}

/// 活动
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Activity {
    /// What every record has.
    #[serde(flatten)]
    pub common: Common,
    /// Id of the lead it was done for.
    pub lead_id: Option<String>,
    /// Id of the posting on which it was done.
    pub posting_id: Option<String>,
    /// `note`, `visit`, `call`, `meeting` or `promotion`.
    pub kind: &'static str,
    /// The kind in Chinese.
    pub kind_label: &'static str,
    /// `publicist`, `sower` or `adviser`.
    pub role: Option<&'static str>,
    /// The role in Chinese.
    pub role_label: Option<&'static str>,
    /// When.
    pub on: String,
    /// Where; empty if nowhere in particular.
    pub place: String,
    /// What came of it.
    pub text: String,
}

/// 忽略的匹配
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Dismissal {
    /// What every record has.
    #[serde(flatten)]
    pub common: Common,
    /// Id of the user who does not want to see it.
    pub user_id: String,
    /// Id of the need.
    pub need_id: String,
    /// Id of the lab.
    pub lab_id: String,
    /// Why.
    pub reason: String,
}

/// A lead as it is told.
pub fn lead(view: &engine::LeadView) -> Lead {
    let body = &view.lead;
    Lead {
        common: common(&view.record.meta),
        need_id: body.need_id.to_string(),
        need_title: view.need_title.clone(),
        lab_id: body.lab_id.to_string(),
        lab_name: view.lab_name.clone(),
        resource: body.resource.as_str(),
        resource_label: body.resource.label(),
        state: body.state.as_str(),
        state_label: body.state.label(),
        state_since: body.state_since.to_string(),
        days_in_state: view.days_in_state,
        accepted_by_enterprise: body.accepted_by_enterprise,
        accepted_by_institution: body.accepted_by_institution,
        owner_id: body.owner_id.map(|id| id.to_string()),
        due_on: body.due_on.map(|date| date.to_string()),
        overdue: view.overdue,
        note: body.note.clone(),
        close_reason: body.close_reason.clone(),
        contract: body.contract.as_ref().map(contract),
    }
}

fn contract(contract: &model::Contract) -> Contract {
    Contract {
        mode: contract.mode.as_str().to_owned(),
        mode_label: contract.mode.label().to_owned(),
        amount_fen: contract.amount.get(),
        amount: contract.amount.to_string(),
        terms: contract.terms.clone(),
    }
}

/// A change of a lead.
pub fn lead_step(step: &engine::LeadStep) -> LeadStep {
    let body = &step.lead;
    LeadStep {
        revision: step.revision,
        at: step.at.to_string(),
        by: step.by.clone(),
        from: step.from.map(LeadState::as_str),
        from_label: step.from.map(LeadState::label),
        to: body.state.as_str(),
        to_label: body.state.label(),
        accepted_by_enterprise: body.accepted_by_enterprise,
        accepted_by_institution: body.accepted_by_institution,
        owner_id: body.owner_id.map(|id| id.to_string()),
        due_on: body.due_on.map(|date| date.to_string()),
        note: body.note.clone(),
        close_reason: body.close_reason.clone(),
        contract: body.contract.as_ref().map(contract),
    }
}

/// The board.
pub fn board(columns: &[engine::BoardColumn]) -> Board {
    let states = columns.iter().map(|column| Column {
        state: column.state.as_str(),
        label: column.state.label(),
        count: column.leads,
        overdue: column.overdue,
        oldest_days: column.oldest_days,
    });
    Board { states: states.collect(), total: columns.iter().map(|column| column.leads).sum() }
}

/// The rules of leads.
pub fn transitions(rules: &model::Transitions, fields: &model::ContractFields) -> Transitions {
    let states = LeadState::ALL.iter().map(|state| TransitionState {
        state: state.as_str(),
        label: state.label(),
        binding: rules.binds(*state),
    });
    let transitions = rules.all().iter().map(|rule| Transition {
        from: rule.from.as_str(),
        to: rule.to.as_str(),
        roles: rule.roles.iter().map(|role| role.as_str()).collect(),
        needs: rule.needs.iter().map(|need| need.as_str()).collect(),
        clears: rule.clears.iter().map(|effect| effect.as_str()).collect(),
    });
    let contract_fields = fields.all().iter().map(|field| ContractField {
        mode: field.mode.clone(),
        field: field.field.clone(),
        label: field.label.clone(),
        value: field.value.as_text(),
        required: field.required,
    });
    Transitions {
        states: states.collect(),
        transitions: transitions.collect(),
        contract_fields: contract_fields.collect(),
    }
}

/// An activity as it is told; `None` for another kind of record.
pub fn activity(record: &model::Record) -> Option<Activity> {
    let Body::Activity(body) = &record.body else { return None };
    Some(Activity {
        common: common(&record.meta),
        lead_id: body.lead_id.map(|id| id.to_string()),
        posting_id: body.posting_id.map(|id| id.to_string()),
        kind: body.kind.as_str(),
        kind_label: body.kind.label(),
        role: body.role.map(model::CommissionerRole::as_str),
        role_label: body.role.map(model::CommissionerRole::label),
        on: body.on.to_string(),
        place: body.place.clone(),
        text: body.text.clone(),
    })
}

/// A dismissal as it is told; `None` for another kind of record.
pub fn dismissal(record: &model::Record) -> Option<Dismissal> {
    let Body::Dismissal(body) = &record.body else { return None };
    Some(Dismissal {
        common: common(&record.meta),
        user_id: body.user_id.to_string(),
        need_id: body.need_id.to_string(),
        lab_id: body.lab_id.to_string(),
        reason: body.reason.clone(),
    })
}
