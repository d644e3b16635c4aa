//! Examples of plans, the desk and rules, for the description of the API.

use serde_json::Value;

use super::examples::{ID, OTHER_ID, common, json, lab_match, text};
use super::inbox_examples;
use super::plan_figures::PlanLevel;
use super::{
    Board, CaseBatch, CaseCommissioner, CaseInstitution, Column, Desk, DeskMatch, DeskNeed,
    InstitutionName, OfficeName, Page, Plan, PlanAlternative, PlanCase, PlanChange, PlanCheck,
    PlanClassCoverage, PlanCommissioners, PlanCoverage, PlanCoverageStep, PlanDifference,
    PlanEvidence, PlanExplanation, PlanExplanations, PlanFinding, PlanFork, PlanForkResult,
    PlanForks, PlanHead, PlanIdle, PlanMeasure, PlanOrder, PlanParameter, PlanPart, PlanPlace,
    PlanPosting, PlanPostingDifference, PlanRelationship, PlanRelationships, PlanResult,
    PlanRuleCount, PlanUncovered, Posting, Postings, ReportCommissioner, Rule, RuleBook, RulePack,
    RuleParameter, WhatIfBody,
};

const UNIVERSITY: &str = "东南大学";

/// The example of a request, by operation.
pub(super) fn request(operation: &str) -> Option<Value> {
    match operation {
        "create_plan" => json(&PlanOrder { case: Some(case()), ..PlanOrder::default() }),
        "what_if_plan" => json(&WhatIfBody { forks: vec![PlanFork { changes: vec![change()] }] }),
        _ => None,
    }
}

/// The example of an answer, by operation and the form in which it is told.
pub(super) fn answer(operation: &str, form: &str) -> Option<Value> {
    match operation {
        "list_plans" => json(&Page { items: vec![head(ID, "draft", "草案")], next: text(ID) }),
        "find_plan" => json(&plan()),
        "publish_plan" => json(&head(ID, "published", "已发布")),
        "find_plan_explanations" => json(&explanations()),
        "find_plan_check" => json(&check()),
        "find_plan_coverage" => json(&PlanCoverage {
            plan: head(ID, "draft", "草案"),
            classes: vec![class_coverage()],
        }),
        "find_plan_relationships" => json(&relationships()),
        "what_if_plan" => json(&forks()),
        "find_plan_difference" => json(&difference()),
        "export_plan" if form == "text/csv" => {
            Some("\u{FEFF}批次,批次名称,开始,结束\r\nb1,第一批,2020-03,2020-12\r\n".into())
        }
        "export_plan" => Some("案例（草案）\n派驻 1 个\n".into()),
        "list_postings" => json(&Postings { items: vec![posting()] }),
        "read_desk" => json(&desk()),
        "list_rules" => json(&rule_book()),
        "find_rule" => json(&rule()),
        _ => None,
    }
}

fn case() -> PlanCase {
    PlanCase {
        name: "百校对接示例".to_owned(),
        start: "2019-12".to_owned(),
        batches: vec![CaseBatch {
            id: "b1".to_owned(),
            name: text("第一批"),
            start: "2020-03".to_owned(),
            end: "2020-12".to_owned(),
            places: Some(10),
        }],
        commissioners: vec![CaseCommissioner {
            id: "c-001".to_owned(),
            park: text("江宁高新区"),
            batches: Some(vec!["b1".to_owned()]),
            load: Some(1),
            ..CaseCommissioner::default()
        }],
        institutions: vec![CaseInstitution {
            id: UNIVERSITY.to_owned(),
            classes: Some(vec!["985".to_owned(), "key_double_first_class".to_owned()]),
            city: text("南京"),
            sent: text("no"),
            distance_km: Some(12),
            disciplines: Some(vec!["电子科学与技术".to_owned(), "信息与通信工程".to_owned()]),
            key_labs: Some(vec!["移动通信国家重点实验室".to_owned()]),
            ..CaseInstitution::default()
        }],
        parameters: Some([("fit_min".to_owned(), 1)].into()),
        ..PlanCase::default()
    }
}

fn change() -> PlanChange {
    PlanChange::Force {
        commissioner: "c-001".to_owned(),
        institution: UNIVERSITY.to_owned(),
        batch: text("b1"),
        renewed: None,
    }
}

fn head(id: &str, state: &'static str, label: &'static str) -> PlanHead {
    PlanHead {
        id: id.to_owned(),
        name: "百校对接示例".to_owned(),
        state,
        label,
        replaces: None,
        digest: "0f".repeat(32),
        revision: 1,
        created_at: "2026-03-01T08:00:00.000Z".to_owned(),
        updated_at: "2026-03-01T08:00:00.000Z".to_owned(),
    }
}

fn level(level: &'static str, label: &'static str, value: i64, better: &'static str) -> PlanLevel {
    PlanLevel { level, label, value, better }
}

fn result() -> PlanResult {
    PlanResult {
        status: "optimal",
        label: "已证明最优",
        gap: None,
        objective: vec![
            level("uncovered_985", "未覆盖985高校", 0, "less"),
            level("richness", "成果丰富度", 120, "more"),
            level("fit", "匹配度", 4_200, "more"),
        ],
    }
}

fn plan_posting() -> PlanPosting {
    PlanPosting {
        commissioner: "c-001".to_owned(),
        home: "江宁高新区".to_owned(),
        institution: UNIVERSITY.to_owned(),
        batch: "b1".to_owned(),
        batch_name: "第一批".to_owned(),
        from: "2020-03".to_owned(),
        until: "2020-12".to_owned(),
        renewed: vec![],
    }
}

fn plan() -> Plan {
    Plan {
        plan: head(ID, "draft", "草案"),
        result: result(),
        commissioners: PlanCommissioners { most: 100, posted: 1, short: 99 },
        uncovered: vec![PlanUncovered { class: "985", label: "985高校", total: 1, uncovered: 0 }],
        postings: vec![plan_posting()],
        parameters: vec![PlanParameter {
            key: "commissioners_max",
            text: "专员最多人数".to_owned(),
            value: 100,
            min: 1,
            max: 1_000,
            rule: text("H1"),
        }],
        rules: "0f".repeat(32),
    }
}

fn finding() -> PlanFinding {
    PlanFinding {
        rule: "H2",
        verdict: "pass",
        label: "符合",
        blocks: false,
        text: "在期限2022-12-31之内".to_owned(),
    }
}

fn explanations() -> PlanExplanations {
    let measure = |kind, label, name: &str, value| PlanMeasure {
        value,
        parts: vec![PlanPart { kind, label, name: name.to_owned(), value }],
    };
    PlanExplanations {
        plan: head(ID, "draft", "草案"),
        explanations: vec![PlanExplanation {
            posting: plan_posting(),
            findings: vec![finding()],
            fit: measure("industry", "主导产业与学科", "软件信息 ↔ 信息与通信工程", 4_200),
            richness: measure("key_labs", "国家重点实验室", "国家重点实验室1个", 120),
            covers: vec!["985"],
            cover_labels: vec!["985高校"],
            is_new_tie: true,
            distance_km: Some(12),
            load: 1,
            alternatives: vec![PlanAlternative {
                institution: "南京大学".to_owned(),
                deciding: Some("fit"),
                regret: vec![level("fit", "匹配度", -300, "more")],
            }],
        }],
        idle: vec![PlanIdle {
            commissioner: "c-002".to_owned(),
            reason: "已派满100名专员（H1）".to_owned(),
        }],
    }
}

fn check() -> PlanCheck {
    PlanCheck {
        plan: head(ID, "draft", "草案"),
        blocks: 0,
        rules: vec![PlanRuleCount { rule: "H2", pass: 1, fail: 0, unknown: 0 }],
        findings: vec![finding()],
    }
}

fn class_coverage() -> PlanClassCoverage {
    PlanClassCoverage {
        class: "985",
        label: "985高校",
        total: 1,
        covered: 1,
        by_sent: 0,
        by_tie: 0,
        by_posting: 1,
        steps: vec![PlanCoverageStep { batch: "b1".to_owned(), covered: 1 }],
        uncovered: vec![],
        unknown: vec![],
    }
}

fn relationships() -> PlanRelationships {
    PlanRelationships {
        target: 100,
        count: 1,
        relationships: vec![PlanRelationship {
            institution: UNIVERSITY.to_owned(),
            evidence: vec![PlanEvidence {
                kind: "people",
                label: "人员往来",
                date: "2020-03".to_owned(),
                text: "科技人才专员c-001派驻（第一批）".to_owned(),
                source: "本计划".to_owned(),
            }],
        }],
    }
}

fn forks() -> PlanForks {
    PlanForks {
        plan: head(ID, "draft", "草案"),
        result: result(),
        forks: vec![PlanForkResult {
            changes: vec![change()],
            result: Some(result()),
            change: Some(vec![level("fit", "匹配度", 0, "more")]),
            kept: Some(1),
            differences: Some(vec![]),
            coverage: Some(vec![class_coverage()]),
            refusal: None,
        }],
    }
}

fn difference() -> PlanDifference {
    let place = |institution: &str| PlanPlace {
        institution: institution.to_owned(),
        batch: "b1".to_owned(),
        renewed: vec![],
    };
    PlanDifference {
        before: head(ID, "published", "已发布"),
        after: head(OTHER_ID, "draft", "草案"),
        change: vec![level("fit", "匹配度", -300, "more")],
        kept: 0,
        differences: vec![PlanPostingDifference {
            commissioner: "c-001".to_owned(),
            kind: "moved",
            label: "改派",
            before: vec![place(UNIVERSITY)],
            after: vec![place("南京大学")],
        }],
    }
}

fn posting() -> Posting {
    Posting {
        common: common("plan/c-001"),
        plan_id: ID.to_owned(),
        commissioner: "c-001".to_owned(),
        user_id: text(OTHER_ID),
        home: "江宁高新区".to_owned(),
        office_id: text(OTHER_ID),
        institution: UNIVERSITY.to_owned(),
        institution_id: text(OTHER_ID),
        batch: "第一批".to_owned(),
        from: "2020-03".to_owned(),
        until: "2020-12".to_owned(),
    }
}

fn desk() -> Desk {
    let column =
        Column { state: "found", label: "发现", count: 1, overdue: 0, oldest_days: Some(2) };
    Desk {
        institution: Some(InstitutionName { id: ID.to_owned(), name: UNIVERSITY.to_owned() }),
        office: Some(OfficeName { id: OTHER_ID.to_owned(), name: "江宁高新区".to_owned() }),
        postings: vec![posting()],
        matches: vec![DeskMatch {
            need: DeskNeed {
                id: OTHER_ID.to_owned(),
                title: "膜电极耐久性不足".to_owned(),
                enterprise: "示例氢能科技有限公司".to_owned(),
            },
            labs: vec![lab_match()],
        }],
        needs: 1,
        board: Board { states: vec![column], total: 1 },
        inbox: inbox_examples::summary(),
        roles: Some(ReportCommissioner {
            user_id: text(OTHER_ID),
            publicist: 1,
            sower: 2,
            adviser: 0,
            unspecified: 0,
        }),
    }
}

fn rule() -> Rule {
    Rule {
        id: "H1".to_owned(),
        pack: "hundred_universities".to_owned(),
        title: "专员人数".to_owned(),
        text: "派驻的科技人才专员不超过100名。".to_owned(),
        modality: "must",
        label: "必须",
        effect: "不符合则拒绝",
        ours: false,
        source: "百校对接计划".to_owned(),
        from: text("2019-12"),
        until: None,
        version: 1,
        replaces: None,
        refines: None,
        parameters: vec![RuleParameter {
            key: "commissioners_max".to_owned(),
            value: 100,
            shown: "100 人".to_owned(),
            unit: "人".to_owned(),
            min: 1,
            max: 1_000,
            text: "专员最多人数".to_owned(),
            ours: false,
        }],
    }
}

fn rule_book() -> RuleBook {
    RuleBook {
        digest: "0f".repeat(32),
        packs: vec![RulePack {
            id: "hundred_universities".to_owned(),
            name: "百校对接计划".to_owned(),
            version: "1".to_owned(),
            kind: "seed",
            label: "原文",
            source: "百校对接计划".to_owned(),
        }],
        rules: vec![rule()],
    }
}
