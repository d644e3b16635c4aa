//! Examples of what is sent and answered about leads, for the description of the API.

use serde_json::Value;

use super::examples::{ID, OTHER_ID, common, json, text};
use super::{
    AcceptBody, Activity, ActivityBody, Board, Column, Contract, ContractBody, ContractField,
    Dismissal, DismissalBody, Lead, LeadBody, LeadStep, LeadSteps, Page, PlanBody, Report,
    ReportCommissioner, ReportDays, ReportFigure, ReportGroup, ReportPart, ReportRole, StepBody,
    Transition, TransitionState, Transitions, report_csv, report_text,
};

/// The example of a request, by operation.
pub fn request(operation: &str) -> Option<Value> {
    match operation {
        "create_lead" => json(&LeadBody {
            need: text("need-1"),
            lab: text("lab-h2"),
            resource: text("achievement"),
            due_on: text("2026-03-15"),
            note: text("匹配结果第一名"),
            ..LeadBody::default()
        }),
        "plan_lead" => json(&PlanBody {
            due_on: text("2026-03-20"),
            note: text("企业出差，推迟一周"),
            ..PlanBody::default()
        }),
        "move_lead" => json(&StepBody {
            to: text("screened"),
            note: text("方向对口"),
            due_on: text("2026-03-31"),
            ..StepBody::default()
        }),
        "accept_lead" => json(&AcceptBody {
            side: text("enterprise"),
            accepted: Some(true),
            note: text("2026-03-02 电话确认"),
        }),
        "create_activity" | "create_lead_activity" => json(&ActivityBody {
            kind: text("visit"),
            role: text("sower"),
            on: text("2026-03-02"),
            place: text("江宁开发区"),
            text: text("走访企业，确认膜电极寿命指标。"),
            ..ActivityBody::default()
        }),
        "create_dismissal" => json(&DismissalBody {
            need: text("need-1"),
            lab: text("lab-h2"),
            reason: text("已有固定合作单位"),
        }),
        _ => None,
    }
}

/// The example of an answer, by operation.
pub fn answer(operation: &str) -> Option<Value> {
    let next = || text(ID);
    match operation {
        "create_lead" | "find_lead" | "plan_lead" | "move_lead" | "accept_lead" => json(&lead()),
        "list_leads" => json(&Page { items: vec![lead()], next: next() }),
        "list_lead_history" => json(&LeadSteps { items: vec![step()], next: None }),
        "list_lead_board" => json(&board()),
        "list_lead_transitions" => json(&transitions()),
        "create_activity" | "create_lead_activity" => json(&activity()),
        "list_activities" | "list_lead_activities" => {
            json(&Page { items: vec![activity()], next: next() })
        }
        "create_dismissal" => json(&dismissal()),
        "report" => json(&report()),
        "list_dismissals" => json(&Page { items: vec![dismissal()], next: next() }),
        _ => None,
    }
}

fn lead() -> Lead {
    Lead {
        common: common(&format!("{ID}:{OTHER_ID}:achievement")),
        need_id: ID.to_owned(),
        need_title: "膜电极耐久性不足".to_owned(),
        lab_id: OTHER_ID.to_owned(),
        lab_name: "氢能与燃料电池实验室".to_owned(),
        resource: "achievement",
        resource_label: "成果",
        state: "found",
        state_label: "发现",
        state_since: "2026-03-01T08:00:00.000Z".to_owned(),
        days_in_state: 0,
        accepted_by_enterprise: false,
        accepted_by_institution: false,
        owner_id: None,
        due_on: text("2026-03-15"),
        overdue: false,
        note: "匹配结果第一名".to_owned(),
        close_reason: String::new(),
        contract: None,
    }
}

fn step() -> LeadStep {
    LeadStep {
        revision: 5,
        at: "2026-05-06T08:00:00.000Z".to_owned(),
        by: OTHER_ID.to_owned(),
        from: Some("proposed"),
        from_label: Some("方案"),
        to: "signed",
        to_label: "签约",
        accepted_by_enterprise: true,
        accepted_by_institution: true,
        owner_id: text(OTHER_ID),
        due_on: None,
        note: "合同已签".to_owned(),
        close_reason: String::new(),
        contract: Some(contract()),
    }
}

fn contract() -> Contract {
    let body = ContractBody {
        mode: text("technology_transfer"),
        amount: text("80万元"),
        amount_fen: None,
        terms: Some(
            [("right", "发明专利一件"), ("price", "80万元")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        ),
    };
    Contract {
        mode: body.mode.unwrap_or_default(),
        mode_label: "技术转让".to_owned(),
        amount_fen: 80_000_000,
        amount: body.amount.unwrap_or_default(),
        terms: body.terms.unwrap_or_default(),
    }
}

fn board() -> Board {
    let column =
        Column { state: "found", label: "发现", count: 3, overdue: 1, oldest_days: Some(12) };
    Board { states: vec![column], total: 3 }
}

fn transitions() -> Transitions {
    Transitions {
        states: vec![TransitionState { state: "found", label: "发现", binding: false }],
        transitions: vec![Transition {
            from: "contacted",
            to: "visited",
            roles: vec!["office", "commissioner"],
            needs: vec!["accepted"],
            clears: vec![],
        }],
        contract_fields: vec![ContractField {
            mode: "equity".to_owned(),
            field: "share".to_owned(),
            label: "持股比例".to_owned(),
            value: "percent".to_owned(),
            required: true,
        }],
    }
}

fn activity() -> Activity {
    Activity {
        common: common(ID),
        lead_id: None,
        posting_id: None,
        kind: "visit",
        kind_label: "走访",
        role: Some("sower"),
        role_label: Some("播种机"),
        on: "2026-03-02".to_owned(),
        place: "江宁开发区".to_owned(),
        text: "走访企业，确认膜电极寿命指标。".to_owned(),
    }
}

fn dismissal() -> Dismissal {
    Dismissal {
        common: common(ID),
        user_id: OTHER_ID.to_owned(),
        need_id: ID.to_owned(),
        lab_id: OTHER_ID.to_owned(),
        reason: "已有固定合作单位".to_owned(),
    }
}

/// The example of a report as a table or a text.
pub(super) fn report_in(form: &str) -> String {
    if form == "text/csv" { report_csv(&report()) } else { report_text(&report()) }
}

/// The example of a report.
pub(super) fn report() -> Report {
    Report {
        period: "week",
        title: "周报",
        label: "2026-W19（2026-05-04 至 2026-05-10）".to_owned(),
        from: "2026-05-04".to_owned(),
        until: "2026-05-10".to_owned(),
        commissioner: None,
        figures: vec![ReportFigure {
            name: "new_needs",
            label: "新增需求",
            value: 3,
            unit: "count",
            text: "3".to_owned(),
            of: 120,
            of_label: "期末需求",
            additive: true,
        }],
        groups: vec![ReportGroup {
            name: "state",
            label: "状态",
            parts: vec![ReportPart {
                name: text("signed"),
                label: "签约".to_owned(),
                leads: 2,
                of: 40,
                created: 0,
                signed: 1,
                signed_amount_fen: 80_000_000,
            }],
        }],
        days: vec![ReportDays {
            state: "contacted",
            label: "接洽",
            entered: 5,
            left: 4,
            median_days: Some(6.5),
        }],
        roles: vec![ReportRole {
            role: Some("sower"),
            label: "播种机",
            activities: 4,
            of: 9,
            visits: 2,
        }],
        commissioners: vec![ReportCommissioner {
            user_id: text(OTHER_ID),
            publicist: 1,
            sower: 4,
            adviser: 2,
            unspecified: 2,
        }],
    }
}
