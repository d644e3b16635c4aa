//! Examples of what is sent and answered, for the description of the API.

use serde::Serialize;
use serde_json::Value;

use super::{
    Achievement, Alias, AuditEntry, Common, Contribution, Duplicate, DuplicateRecord, Duplicates,
    Enterprise, Evidence, FacetValue, GivenPoint, Health, Hit, InboxSeen, InboxSeenBody,
    InboxStatus, IndexStatus, Institution, InstitutionName, Lab, LabMatch, LabName, MatchAnswer,
    MatchBody, MatchFilters, Merge, MergeBody, Need, NeedFilters, NeedMatch, NeedName, NeedsAnswer,
    NeedsBody, NewAchievement, NewCommon, NewEnterprise, NewInstitution, NewLab, NewNeed, Page,
    Point, PointsAnswer, PointsBody, Question, Readiness, Seal, SealedLog, SearchAnswer, Snippet,
    SubjectName,
};
use super::{
    account_examples, coverage_examples, inbox_examples, job_examples, lead_examples, permissions,
    plan_examples,
};
use crate::http::error::{Problem, ProblemCode};

pub(super) const ID: &str = "01997f00-0000-7000-8000-000000000001";
pub(super) const OTHER_ID: &str = "01997f00-0000-7000-8000-000000000002";

/// The example of a request, by operation.
pub fn request(operation: &str) -> Option<Value> {
    question(operation)
        .or_else(|| new_record(operation))
        .or_else(|| account(operation))
        .or_else(|| lead_examples::request(operation))
        .or_else(|| plan_examples::request(operation))
        .or_else(|| file(operation))
}

fn file(operation: &str) -> Option<Value> {
    match operation.split_once('_')? {
        ("bulk", kind) => job_examples::line(kind).map(Value::from),
        ("import", kind) => job_examples::table(kind).map(Value::from),
        _ => None,
    }
}

fn question(operation: &str) -> Option<Value> {
    match operation {
        "match_labs" => json(&MatchBody {
            text: text("燃料电池膜电极耐久性不足，希望寿命达到 8000 小时"),
            limit: Some(5),
            filters: Some(MatchFilters {
                region: text("江苏"),
                kind: text("laboratory"),
                ..MatchFilters::default()
            }),
            policy: [("985".to_owned(), 0.2)].into(),
            ..MatchBody::default()
        }),
        "merge_records" => json(&MergeBody {
            kind: "need".to_owned(),
            kept: "need-1".to_owned(),
            merged: "need-m".to_owned(),
        }),
        "match_needs" => json(&NeedsBody {
            lab: text("example-lab"),
            limit: Some(5),
            filters: Some(NeedFilters { region: text("江苏"), ..NeedFilters::default() }),
            ..NeedsBody::default()
        }),
        "points_of_need" => json(&PointsBody {
            text: text("高温封装银烧结层的空洞率控制"),
            points: Some(vec![GivenPoint {
                kind: "material".to_owned(),
                name: "银烧结层".to_owned(),
                weight: Some(2.0),
            }]),
            ..PointsBody::default()
        }),
        "coverage_of_need" => json(&coverage_examples::coverage_body()),
        "why_not" => json(&coverage_examples::why_not_body()),
        "compare_labs" => json(&coverage_examples::compare_body()),
        "mark_inbox_seen" => json(&InboxSeenBody { until: None }),
        _ => None,
    }
}

fn account(operation: &str) -> Option<Value> {
    match operation {
        "sign_in" => json(&account_examples::sign_in()),
        "change_password" => json(&account_examples::password_change()),
        "create_user" => json(&account_examples::new_user()),
        "change_user" => json(&account_examples::user_change()),
        "create_token" => json(&account_examples::new_token()),
        "create_office" => json(&account_examples::new_office()),
        "change_office" => json(&account_examples::office_change()),
        _ => None,
    }
}

fn new_record(operation: &str) -> Option<Value> {
    let common = |external_id: &str| NewCommon {
        external_id: text(external_id),
        visibility: text("public"),
        ..NewCommon::default()
    };
    match operation {
        "create_institution" | "change_institution" => json(&NewInstitution {
            name: text("示例理工大学"),
            kind: text("university"),
            classes: Some(vec!["211".to_owned(), "double_first_class".to_owned()]),
            province: text("江苏"),
            city: text("南京"),
            school_code: text("12345"),
            aliases: Some(vec!["示例理工".to_owned()]),
            common: common("example-institution"),
            ..NewInstitution::default()
        }),
        "create_lab" | "change_lab" => json(&NewLab {
            name: text("氢能与燃料电池实验室"),
            kind: text("laboratory"),
            areas: Some(vec!["NSFC:B".to_owned(), "氢能".to_owned()]),
            profile: text("研究膜电极、双极板与电堆耐久性。"),
            expires_on: text("2027-12-31"),
            common: common("example-lab"),
            ..NewLab::default()
        }),
        "create_achievement" | "change_achievement" => json(&NewAchievement {
            title: text("长寿命膜电极及其制备方法"),
            summary: text("在 80 ℃ 下连续运行 8000 小时，电压衰减低于 10%。"),
            keywords: Some(vec!["膜电极".to_owned(), "燃料电池".to_owned()]),
            kind: text("patent"),
            date: text("2021-06"),
            maturity: Some(6),
            modes: Some(vec!["patent_licence".to_owned()]),
            rights: text("授权"),
            common: common("example-achievement"),
            ..NewAchievement::default()
        }),
        "create_enterprise" | "change_enterprise" => json(&NewEnterprise {
            name: text("示例氢能科技有限公司"),
            park: text("江宁开发区"),
            industry: text("GB/T 4754-2017:3849"),
            province: text("江苏"),
            city: text("南京"),
            common: common("example-enterprise"),
            ..NewEnterprise::default()
        }),
        "create_need" | "change_need" => json(&NewNeed {
            title: text("膜电极耐久性不足"),
            body: text("希望寿命达到 8000 小时，成本降低三成。"),
            industry: text("GB/T 4754-2017:3849"),
            areas: Some(vec!["氢能".to_owned()]),
            budget: text("80万元"),
            modes: Some(vec!["joint_development".to_owned()]),
            deadline: text("2026-12-31"),
            maturity_wanted: Some(6),
            common: common("example-need"),
            ..NewNeed::default()
        }),
        _ => None,
    }
}

/// The example of an answer, by operation and the form in which it is told.
pub fn answer(operation: &str, form: &str) -> Option<Value> {
    if operation == "report" && form.starts_with("text/") {
        return Some(lead_examples::report_in(form).into());
    }
    let special =
        lead_examples::answer(operation).or_else(|| plan_examples::answer(operation, form));
    if special.is_some() {
        return special;
    }
    let (verb, noun) = operation.split_once('_').unwrap_or((operation, ""));
    match (verb, noun) {
        ("match", "needs") => json(&needs_answer()),
        ("match", _) => json(&match_answer()),
        ("points", _) => json(&points_answer()),
        ("coverage", _) => json(&coverage_examples::coverage_answer()),
        ("why", _) => json(&coverage_examples::why_not_answer()),
        ("compare", _) => json(&coverage_examples::compare_answer()),
        ("search", _) => json(&search_answer()),
        ("list", "duplicates") => json(&duplicates()),
        ("merge", _) => json(&merge(false)),
        ("undo", _) => json(&merge(true)),
        ("audit", "seal") => json(&sealed_log()),
        ("healthz", _) => json(&Health { status: "ok" }),
        ("readyz", _) => json(&readiness()),
        ("read", "inbox") => json(&inbox_examples::inbox()),
        ("read", "inbox_summary") => json(&inbox_examples::summary()),
        ("mark", "inbox_seen") => json(&InboxSeen { seen: 12 }),
        ("metrics", _) => Some("duijie_index_documents 1200".into()),
        ("docs", _) => Some("<!DOCTYPE html>…".into()),
        ("openapi", _) => Some(serde_json::json!({"openapi": "3.1.0", "paths": {}})),
        ("sign", "in") | ("change", "password") => json(&account_examples::session()),
        ("sign", "out_everywhere") => json(&account_examples::sessions_ended()),
        ("who", _) => json(&account_examples::me()),
        ("create", "user") => json(&account_examples::user_with_password()),
        ("reset", _) => json(&account_examples::one_time_password()),
        ("create", "token") => json(&account_examples::token_with_secret()),
        ("bulk" | "import", _) | ("find" | "cancel", "job") | ("create", "plan") => {
            json(&job_examples::job())
        }
        ("list", "jobs") => json(&super::Jobs { items: vec![job_examples::listed_job()] }),
        ("watch", "job") => job_examples::event().and_then(|event| json(&event)),
        ("list", "permissions") => json(&permissions()),
        ("history", noun) => record(noun.trim_start_matches("of_"))
            .and_then(|item| json(&Page { items: vec![item], next: text("1") })),
        ("list", nouns) => record(nouns.trim_end_matches('s'))
            .and_then(|item| json(&Page { items: vec![item], next: text(ID) })),
        (_, noun) => record(noun),
    }
}

/// The example of a problem.
pub fn problem(code: ProblemCode) -> Value {
    json(&Problem::example(code).view()).unwrap_or_default()
}

fn record(noun: &str) -> Option<Value> {
    match noun {
        "institution" => json(&institution()),
        "lab" => json(&lab()),
        "achievement" => json(&achievement()),
        "enterprise" => json(&enterprise()),
        "need" => json(&need()),
        "user" => json(&account_examples::user()),
        "token" => json(&account_examples::token()),
        "office" => json(&account_examples::office()),
        "audit" => json(&audit_entry()),
        _ => None,
    }
}

pub(super) fn json(value: &impl Serialize) -> Option<Value> {
    serde_json::to_value(value).ok()
}

pub(super) fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub(super) fn common(external_id: &str) -> Common {
    Common {
        id: ID.to_owned(),
        source: "api".to_owned(),
        external_id: external_id.to_owned(),
        owner: String::new(),
        visibility: "public",
        visibility_label: "公开",
        created_at: "2026-03-01T08:00:00.000Z".to_owned(),
        created_by: "local".to_owned(),
        updated_at: "2026-03-01T08:00:00.000Z".to_owned(),
        updated_by: "local".to_owned(),
        revision: 1,
        deleted_at: None,
        merged_into: None,
        source_url: String::new(),
        as_of: None,
    }
}

fn audit_entry() -> AuditEntry {
    AuditEntry {
        seq: 120,
        at: "2026-03-01T08:00:00.000Z".to_owned(),
        by: "local".to_owned(),
        by_name: None,
        action: "create",
        action_label: "新建",
        kind: Some("need"),
        kind_label: Some("技术需求"),
        id: text(ID),
        revision: Some(1),
        title: text("膜电极耐久性不足"),
        detail: None,
        erased: false,
    }
}

fn duplicates() -> Duplicates {
    let record = |id: &str, external_id: &str, title: &str, spans: &[[u32; 2]]| DuplicateRecord {
        id: id.to_owned(),
        source: "import".to_owned(),
        external_id: external_id.to_owned(),
        title: title.to_owned(),
        title_spans: spans.to_vec(),
        text: "希望寿命达到 8000 小时，成本降低三成。".to_owned(),
        text_spans: vec![],
    };
    let pair = Duplicate {
        similarity: 0.93,
        agrees: vec!["name", "text", "numbers"],
        agrees_labels: vec!["名称", "正文", "数字"],
        differs: vec!["house"],
        differs_labels: vec!["所属单位"],
        records: vec![
            record(ID, "need-1", "膜电极耐久性不足", &[]),
            record(OTHER_ID, "need-m", "膜电极耐久性仍不足", &[[6, 7]]),
        ],
    };
    Duplicates { items: vec![pair], looked_at: 200, next: text(ID) }
}

fn merge(undone: bool) -> Merge {
    Merge {
        id: ID.to_owned(),
        kind: "need",
        kind_label: "技术需求",
        kept_id: ID.to_owned(),
        merged_id: OTHER_ID.to_owned(),
        moved: 2,
        undone,
        created_at: "2026-03-01T08:00:00.000Z".to_owned(),
        created_by: "local".to_owned(),
    }
}

fn sealed_log() -> SealedLog {
    let seal = Seal {
        number: 7,
        first_seq: 101,
        last_seq: 120,
        rows: 20,
        at: "2026-03-01T08:00:02.000Z".to_owned(),
        hash: "0f".repeat(32),
    };
    SealedLog { seal: Some(seal), waiting: 0 }
}

fn institution() -> Institution {
    Institution {
        common: common("example-institution"),
        name: "示例理工大学".to_owned(),
        kind: "university",
        kind_label: "高校",
        classes: vec!["211", "double_first_class"],
        class_labels: vec!["211 工程", "双一流"],
        province: "江苏".to_owned(),
        city: "南京".to_owned(),
        credit_code: None,
        school_code: text("12345"),
        aliases: vec![Alias {
            name: "示例理工".to_owned(), valid_from: None, valid_until: None
        }],
        website: String::new(),
    }
}

fn lab() -> Lab {
    Lab {
        common: common("example-lab"),
        institution_ids: vec![OTHER_ID.to_owned()],
        name: "氢能与燃料电池实验室".to_owned(),
        kind: "laboratory",
        kind_label: "实验室",
        areas: vec!["NSFC:B".to_owned(), "氢能".to_owned()],
        area_labels: vec!["化学科学".to_owned(), "氢能".to_owned()],
        profile: "研究膜电极、双极板与电堆耐久性。".to_owned(),
        contact: String::new(),
        expires_on: text("2027-12-31"),
        aliases: vec![],
    }
}

fn achievement() -> Achievement {
    Achievement {
        common: common("example-achievement"),
        lab_ids: vec![OTHER_ID.to_owned()],
        title: "长寿命膜电极及其制备方法".to_owned(),
        summary: "在 80 ℃ 下连续运行 8000 小时，电压衰减低于 10%。".to_owned(),
        keywords: vec!["膜电极".to_owned(), "燃料电池".to_owned()],
        kind: "patent",
        kind_label: "专利",
        date: text("2021-06"),
        maturity: Some(6),
        modes: vec!["patent_licence".to_owned()],
        mode_labels: vec!["专利许可".to_owned()],
        rights: "授权".to_owned(),
    }
}

fn enterprise() -> Enterprise {
    Enterprise {
        common: common("example-enterprise"),
        name: "示例氢能科技有限公司".to_owned(),
        credit_code: None,
        park: "江宁开发区".to_owned(),
        industry: text("GB/T 4754-2017:3849"),
        industry_label: text("其他电池制造"),
        province: "江苏".to_owned(),
        city: "南京".to_owned(),
        contact: String::new(),
        aliases: vec![],
    }
}

fn need() -> Need {
    Need {
        common: common("example-need"),
        enterprise_id: text(OTHER_ID),
        title: "膜电极耐久性不足".to_owned(),
        body: "希望寿命达到 8000 小时，成本降低三成。".to_owned(),
        industry: text("GB/T 4754-2017:3849"),
        industry_label: text("其他电池制造"),
        areas: vec!["氢能".to_owned()],
        area_labels: vec!["氢能".to_owned()],
        budget_fen: Some(80_000_000),
        budget: text("80万元"),
        modes: vec!["joint_development".to_owned()],
        mode_labels: vec!["合作开发".to_owned()],
        deadline: text("2026-12-31"),
        maturity_wanted: Some(6),
    }
}

fn match_answer() -> MatchAnswer {
    MatchAnswer {
        result_id: "9f86d081884c7d659a2feaa0c55ad015".to_owned(),
        need: NeedName {
            id: None, external_id: None, title: "膜电极耐久性不足".to_owned()
        },
        statistics: "s-1200".to_owned(),
        position: 1500,
        today: "2026-03-01".to_owned(),
        matches: vec![lab_match()],
        no_good_match: false,
    }
}

/// A lab as a match tells it.
pub(super) fn lab_match() -> LabMatch {
    LabMatch {
        rank: 1,
        score: 7.5,
        band: "strong",
        label: "强",
        share: 0.6,
        lab: lab_name(),
        contributions: contributions(),
        evidence: vec![evidence()],
    }
}

pub(super) fn lab_name() -> LabName {
    LabName {
        id: ID.to_owned(),
        external_id: "lab-012".to_owned(),
        name: "氢能与燃料电池实验室".to_owned(),
        institutions: vec![InstitutionName {
            id: OTHER_ID.to_owned(),
            name: "示例理工大学".to_owned(),
        }],
    }
}

fn contributions() -> Vec<Contribution> {
    let word = Contribution {
        kind: "text",
        name: "膜电极".to_owned(),
        label: None,
        known: None,
        field: Some("title"),
        value: 7.25,
        evidence: vec![0],
    };
    let beside = |kind, name: &str, label, known, value| Contribution {
        kind,
        name: name.to_owned(),
        label: Some(label),
        known: Some(known),
        field: None,
        value,
        evidence: vec![],
    };
    vec![
        word,
        beside("fit", "maturity", "成熟度", true, 0.25),
        beside("fit", "budget", "预算", false, 0.0),
        beside("policy", "own_park", "本园区", false, 0.0),
    ]
}

fn evidence() -> Evidence {
    Evidence {
        achievement: text(OTHER_ID),
        achievement_external_id: text("ach-031"),
        title: text("长寿命膜电极及其制备方法"),
        field: "title",
        text: "长寿命膜电极及其制备方法".to_owned(),
        offset: 0,
        spans: vec![[3, 6]],
        date: text("2021-06"),
    }
}

fn needs_answer() -> NeedsAnswer {
    NeedsAnswer {
        result_id: "60303ae22b998861bce3b28f33eec1be".to_owned(),
        subject: SubjectName {
            kind: "lab",
            id: ID.to_owned(),
            external_id: "lab-012".to_owned(),
            title: "氢能与燃料电池实验室".to_owned(),
        },
        statistics: "s-1200".to_owned(),
        position: 1500,
        today: "2026-03-01".to_owned(),
        matches: vec![NeedMatch {
            rank: 1,
            score: 7.5,
            band: "strong",
            label: "强",
            share: 0.6,
            need: NeedName {
                id: text(OTHER_ID),
                external_id: text("need-26"),
                title: "膜电极耐久性不足".to_owned(),
            },
            contributions: contributions(),
            evidence: vec![evidence()],
        }],
        no_good_match: false,
    }
}

fn points_answer() -> PointsAnswer {
    PointsAnswer {
        need: NeedName {
            id: None,
            external_id: None,
            title: "高温封装银烧结层的空洞率控制".to_owned(),
        },
        points: vec![Point {
            kind: "material",
            label: "材料",
            name: "银烧结层".to_owned(),
            section: Some("title"),
            span: Some([4, 8]),
            weight: 1.0,
            sure: true,
            requirement: None,
        }],
        questions: vec![Question {
            topic: "budget",
            label: "预算",
            text: "为「银烧结层」准备投入多少经费，分几期？".to_owned(),
        }],
    }
}

fn search_answer() -> SearchAnswer {
    let facet =
        FacetValue { value: "achievement".to_owned(), label: "成果".to_owned(), count: 1 };
    SearchAnswer {
        hits: vec![Hit {
            kind: "achievement",
            id: ID.to_owned(),
            external_id: "ach-031".to_owned(),
            title: "长寿命膜电极及其制备方法".to_owned(),
            matched: "word",
            snippets: vec![Snippet {
                field: "title",
                text: "长寿命膜电极及其制备方法".to_owned(),
                offset: 0,
                spans: vec![[3, 6]],
            }],
        }],
        facets: [("kind", vec![facet])].into(),
        total: 1,
        relaxed: false,
    }
}

fn readiness() -> Readiness {
    let index = IndexStatus {
        documents: 1200,
        segments: 3,
        size_bytes: 4_000_000,
        statistics: "s-1200".to_owned(),
        analyzer: "a-7f3c".to_owned(),
        indexed_seq: Some(1500),
        store_seq: 1500,
        lag: 0,
        lag_seconds: 0.0,
        state: "sound",
        fault: None,
        rebuild: None,
    };
    Readiness { index, inbox: InboxStatus { lag: 0, backlog: 0 } }
}
