//! Plans through the API: made in a job, looked at, forked, published, repaired; what is impossible
//! and what is hostile.

use serde_json::{Value, json};

use super::leads::Desk;
use crate::support::{Answer, TestApp};

/// A case of three commissioners and three institutions, of which the world knows two.
fn case() -> Value {
    json!({
        "name": "百校对接示例", "start": "2025-12",
        "batches": [
            {"id": "b2", "name": "第二批", "start": "2027", "end": "2027-12"},
            {"id": "b1", "name": "第一批", "start": "2026-03", "end": "2026-12", "places": 2},
        ],
        "commissioners": [
            {"id": "c-1", "district": "南京", "load": 1},
            {"id": "c-2", "park": "江宁高新区", "batches": ["b1"]},
            {"id": "c-3", "park": "麒麟高新区"},
        ],
        "institutions": [
            {"id": "示例理工大学", "classes": ["985"], "city": "南京", "sent": "no",
             "disciplines": ["软件工程"]},
            {"id": "示例自动化研究所", "classes": ["major_institute"], "city": "北京",
             "disciplines": ["机械工程", "计算机科学与技术"], "distance_km": 900},
            {"id": "东南大学", "classes": ["985", "key_double_first_class"], "sent": "no",
             "disciplines": ["计算机科学与技术", "机械工程"], "richness": 500},
        ],
        "ties": [{"institution": "示例自动化研究所", "evidence": [
            {"kind": "project", "date": "2018", "text": "联合项目", "source": "台账"}]}],
        "forced": [{"commissioner": "c-1", "institution": "示例理工大学", "batch": "b1"}],
    })
}

/// The job that an order begins, once it has ended.
fn ordered(desk: &Desk, order: &Value) -> Value {
    let begun = desk.app.call("POST", "/api/v1/plans", &desk.office, Some(order));
    assert_eq!(begun.status, 202, "{}", begun.body);
    let address = begun.header("location").unwrap().to_owned();
    assert_eq!(address, format!("/api/v1/jobs/{}", begun.json()["id"].as_str().unwrap()));
    let events = desk.get(&desk.office, &format!("{address}/events")).body;
    assert!(events.contains("event: end"), "{events}");
    desk.get(&desk.office, &address).good()
}

/// The address of the plan that an order makes.
fn made(desk: &Desk, order: &Value) -> String {
    let job = ordered(desk, order);
    assert_eq!(job["state"], "done", "{job}");
    assert_eq!(job["refusal"], Value::Null, "{job}");
    format!("/api/v1/plans/{}", job["plan"]["id"].as_str().unwrap_or_else(|| panic!("{job}")))
}

fn publish(desk: &Desk, plan: &str, tag: &str) -> Answer {
    let bearer = format!("Bearer {}", desk.office);
    let headers = [("authorization", bearer.as_str()), ("if-match", tag)];
    desk.app.ask("POST", &format!("{plan}/publish"), &headers, None)
}

fn delete(desk: &Desk, token: &str, plan: &str, tag: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("if-match", tag)];
    desk.app.ask("DELETE", plan, &headers, None)
}

/// Where everybody goes.
fn places(plan: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let postings = plan["postings"].as_array().unwrap().iter();
    postings.map(|own| (text(&own["commissioner"]), text(&own["institution"]))).collect()
}

/// H3 is about the first batch. A case that lists its batches out of order was planned as if the one
/// listed first were the first.
#[test]
fn the_first_batch_is_the_earliest_wherever_it_is_listed() {
    let desk = Desk::new();
    let mut case = case();
    case["institutions"][1]["sent"] = json!("yes");
    case["forced"] = json!([]);
    let plan = desk.get(&desk.office, &made(&desk, &json!({"case": case}))).good();
    let postings = plan["postings"].as_array().unwrap().iter();
    let batches: Vec<_> = postings.map(|own| (&own["institution"], &own["batch"])).collect();
    assert!(batches.contains(&(&json!("示例自动化研究所"), &json!("b2"))), "{plan}");
    assert!(batches.contains(&(&json!("东南大学"), &json!("b1"))), "{plan}");
}

#[test]
fn a_plan_is_made_looked_at_forked_published_repaired_and_superseded() {
    let desk = Desk::new();
    let get = |path: &str| desk.get(&desk.office, path).good();
    let plan = made(&desk, &json!({"case": case(), "name": "第一份计划"}));
    let found = desk.get(&desk.office, &plan);
    let (tag, shown) = (found.header("etag").unwrap().to_owned(), found.good());
    assert_eq!(
        (&shown["plan"]["name"], &shown["plan"]["state"]),
        (&json!("第一份计划"), &json!("draft"))
    );
    assert_eq!(shown["result"]["status"], "optimal", "{shown}");
    assert_eq!(shown["commissioners"], json!({"most": 100, "posted": 3, "short": 97}));
    let levels = shown["result"]["objective"].as_array().unwrap();
    assert_eq!((&levels[0]["level"], &levels[0]["value"]), (&json!("uncovered_985"), &json!(0)));
    assert!(levels.iter().all(|level| level["value"].as_i64() >= Some(0)), "{shown}");
    assert!(levels[3]["value"].as_i64() >= Some(500), "richness is a gain: {shown}");
    let h1 = shown["parameters"].as_array().unwrap().iter();
    let h1 = h1.filter(|own| own["key"] == "commissioners_max").map(|own| own["rule"].clone());
    assert_eq!(h1.collect::<Vec<_>>(), ["H1"]);
    // Why it is so.
    let why = get(&format!("{plan}/explanations"));
    assert_eq!(why["explanations"].as_array().unwrap().len(), 3);
    let why = get(&format!("{plan}/explanations?commissioner=c-3"));
    let why = &why["explanations"][0];
    assert_eq!(why["posting"]["commissioner"], "c-3", "{why}");
    assert!(why["fit"]["parts"][0]["value"].as_u64() > Some(0), "{why}");
    let first = &why["alternatives"][0];
    assert_eq!(first["deciding"], first["regret"][0]["level"], "{why}");
    assert_ne!(first["regret"][0]["value"], 0, "what decides stands first: {why}");
    desk.get(&desk.office, &format!("{plan}/explanations?commissioner=c-9"))
        .problem(400, "invalid_value");
    let check = get(&format!("{plan}/check"));
    assert_eq!(check["blocks"], 0);
    assert!(check["rules"].as_array().unwrap().iter().any(|own| own["rule"] == "H3"), "{check}");
    let coverage = get(&format!("{plan}/coverage"));
    let classes = coverage["classes"].as_array().unwrap();
    assert_eq!((&classes[0]["covered"], &classes[2]["by_tie"]), (&json!(2), &json!(1)));
    let register = get(&format!("{plan}/relationships"));
    assert_eq!((&register["target"], &register["count"]), (&json!(100), &json!(3)));
    // What if.
    let forks = json!({"forks": [
        {"changes": [{"kind": "remove_commissioner", "commissioner": "c-3"}]},
        {"changes": [{"kind": "set", "key": "commissioners_max", "value": 1},
                     {"kind": "require", "institution": "东南大学"}]}]});
    let what_if = format!("{plan}/what-if");
    let forks = desk.app.call("POST", &what_if, &desk.office, Some(&forks)).good();
    assert!(forks["forks"][0]["kept"].as_u64() >= Some(1), "{forks}");
    assert!(forks["forks"][0]["change"].is_array() && forks["forks"][0]["refusal"].is_null());
    let refusal = &forks["forks"][1]["refusal"];
    let rules: Vec<_> =
        refusal["conflict"].as_array().unwrap().iter().map(|own| own["rule"].clone()).collect();
    assert!(rules.contains(&json!("H1")) && rules.contains(&json!("case")), "{refusal}");
    assert!(!refusal["relaxation"]["texts"].as_array().unwrap().is_empty(), "{refusal}");
    // The relaxation is told as it can be sent.
    let mut changes = forks["forks"][1]["changes"].as_array().unwrap().clone();
    changes.extend(refusal["relaxation"]["changes"].as_array().unwrap().clone());
    let relaxed = json!({"forks": [{"changes": changes}]});
    let relaxed = desk.app.call("POST", &what_if, &desk.office, Some(&relaxed)).good();
    assert!(relaxed["forks"][0]["result"].is_object(), "{relaxed}");
    // Published once.
    publish(&desk, &plan, "\"7\"").problem(412, "revision_conflict");
    desk.app
        .call("POST", &format!("{plan}/publish"), &desk.office, None)
        .problem(428, "precondition_required");
    let published = publish(&desk, &plan, &tag);
    assert_eq!(published.header("etag"), desk.get(&desk.office, &plan).header("etag"));
    assert_eq!(published.good()["state"], "published");
    publish(&desk, &plan, "*").problem(409, "illegal_step");
    delete(&desk, &desk.office, &plan, "*").problem(409, "illegal_step");
    assert_eq!(get("/api/v1/postings")["items"].as_array().unwrap().len(), 3);
    // Somebody leaves.
    let id = plan.rsplit('/').next().unwrap();
    let leaves = json!({"from": id, "repair": true,
        "changes": [{"kind": "remove_commissioner", "commissioner": "c-3"}]});
    let repaired = made(&desk, &leaves);
    let other = repaired.rsplit('/').next().unwrap();
    let difference = get(&format!("{plan}/difference?with={other}"));
    assert!(difference["kept"].as_u64() >= Some(1), "{difference}");
    let dropped = difference["differences"].as_array().unwrap().iter();
    assert!(dropped.clone().any(|own| own["commissioner"] == "c-3" && own["kind"] == "dropped"));
    let kept: Vec<_> = places(&get(&repaired));
    assert!(kept.iter().all(|own| own.0 != "c-3") && kept.len() == 2, "{kept:?}");
    // A draft that nobody wants.
    let unwanted = made(&desk, &leaves);
    delete(&desk, &desk.office, &unwanted, "\"9\"").problem(412, "revision_conflict");
    assert_eq!(delete(&desk, &desk.office, &unwanted, "\"1\"").status, 204);
    desk.get(&desk.office, &unwanted).problem(404, "not_found");
    publish(&desk, &repaired, "\"1\"").good();
    assert_eq!(get(&plan)["plan"]["state"], "superseded");
    assert_eq!(get("/api/v1/postings")["items"].as_array().unwrap().len(), 2, "those in force");
    let of_first = get(&format!("/api/v1/postings?plan={id}"));
    assert_eq!(of_first["items"].as_array().unwrap().len(), 3);
    let states = |state: &str| {
        let page = get(&format!("/api/v1/plans?state={state}"));
        page["items"].as_array().unwrap().len()
    };
    assert_eq!((states("draft"), states("published"), states("superseded")), (0, 1, 1));
    let page = get("/api/v1/plans?limit=1");
    let next = page["next"].as_str().unwrap();
    let rest = get(&format!("/api/v1/plans?limit=1&after={next}"));
    assert_eq!((&page["items"][0]["id"], &rest["items"][0]["id"]), (&json!(id), &json!(other)));
    assert_eq!(rest["next"], Value::Null);
}

#[test]
fn an_impossible_case_is_a_job_that_is_done_and_says_which_rules_collide() {
    let desk = Desk::new();
    let mut impossible = case();
    impossible["required"] = json!(["东南大学", "示例自动化研究所"]);
    impossible["parameters"] = json!({"commissioners_max": 2});
    let job = ordered(&desk, &json!({"case": impossible}));
    assert_eq!(
        (&job["state"], &job["plan"], &job["failure"]),
        (&json!("done"), &json!(null), &json!(null))
    );
    let rules = job["refusal"]["conflict"].as_array().unwrap();
    assert!(rules.iter().any(|own| own["rule"] == "H1"), "{job}");
    assert!(rules.iter().all(|own| own["text"].as_str().unwrap().len() > 6), "{job}");
    let relaxation = &job["refusal"]["relaxation"];
    assert_eq!(relaxation["changes"].as_array().unwrap().len(), 1, "{job}");
    assert_eq!(relaxation["texts"].as_array().unwrap().len(), 1, "{job}");
    assert_eq!(desk.get(&desk.office, "/api/v1/plans").good()["items"], json!([]));
    let listed = &desk.get(&desk.office, "/api/v1/jobs").good()["items"][0];
    assert_eq!((&listed["kind"], &listed["refusal"]), (&json!("plans"), &json!(null)));
}

#[test]
fn drafts_are_the_offices_and_what_is_published_the_commissioners_and_institutions() {
    let desk = Desk::new();
    let auditor = json!({"login": "auditor", "name": "审计", "role": "auditor"});
    let auditor = desk.app.user(&auditor, "correct horse battery staple");
    let order = json!({"case": case()});
    for token in [&desk.commissioner, &desk.enterprise, &desk.institution, &auditor] {
        desk.app.call("POST", "/api/v1/plans", token, Some(&order)).problem(403, "forbidden");
    }
    let plan = made(&desk, &order);
    let parts = [
        "",
        "/explanations",
        "/check",
        "/coverage",
        "/relationships",
        "/export",
        "/export?format=text",
    ];
    let everything = |token: &str, sees: bool| {
        for part in parts {
            let answer = desk.get(token, &format!("{plan}{part}"));
            if sees {
                assert_eq!(answer.status, 200, "{part}: {}", answer.body);
            } else {
                answer.problem(404, "not_found");
            }
        }
        let listed = desk.get(token, "/api/v1/plans").good();
        assert_eq!(listed["items"].as_array().unwrap().len(), usize::from(sees));
        let postings = desk.get(token, "/api/v1/postings").good();
        postings["items"].as_array().unwrap().len()
    };
    for token in [&desk.commissioner, &desk.institution, &desk.stranger, &desk.enterprise] {
        assert_eq!(everything(token, false), 0);
    }
    for token in [&desk.office, &auditor] {
        assert_eq!(everything(token, true), 0);
    }
    publish(&desk, &plan, "*").good();
    for token in [&desk.commissioner, &desk.institution, &desk.stranger, &desk.office, &auditor] {
        assert_eq!(everything(token, true), 3);
    }
    assert_eq!(everything(&desk.enterprise, false), 0);
    // What changes plans stays the office's.
    let what_if = format!("{plan}/what-if");
    let forks = json!({"forks": [{"changes": []}]});
    desk.app.call("POST", &what_if, &desk.commissioner, Some(&forks)).problem(403, "forbidden");
    delete(&desk, &desk.commissioner, &plan, "*").problem(403, "forbidden");
    // Whose account a posting is, its own and those in charge know.
    let account = |token: &str| {
        let items = desk.get(token, "/api/v1/postings").good()["items"].clone();
        let mine = items.as_array().unwrap().iter().find(|own| own["commissioner"] == "c-1");
        mine.unwrap()["user_id"].clone()
    };
    assert!(account(&desk.office).is_string() && account(&desk.commissioner).is_string());
    assert_eq!((account(&desk.stranger), account(&desk.institution)), (json!(null), json!(null)));
    // Nobody who has not signed in sees any of it, but the rules are everybody's.
    let anybody = TestApp::anonymous();
    assert_eq!(anybody.get("/api/v1/plans").good()["items"], json!([]));
    assert_eq!(anybody.get("/api/v1/postings").good()["items"], json!([]));
    anybody.post("/api/v1/plans", &order).problem(403, "forbidden");
    anybody.get("/api/v1/desk").problem(401, "not_signed_in");
    let rule = anybody.get("/api/v1/rules/h1").good();
    assert_eq!(rule["parameters"][0]["key"], "commissioners_max");
    let rules = anybody.get("/api/v1/rules").good();
    assert!(rules["rules"].as_array().unwrap().contains(&rule));
    let problem = anybody.get("/api/v1/rules/H99").problem(404, "not_found");
    assert!(problem["detail"].as_str().unwrap().contains("H"), "{problem}");
}

#[test]
fn a_commissioners_desk_shows_posting_matches_and_what_they_did_in_which_role() {
    let desk = Desk::new();
    let plan = made(&desk, &json!({"case": case()}));
    publish(&desk, &plan, "*").good();
    let mine = desk.get(&desk.commissioner, "/api/v1/desk").good();
    assert_eq!(mine["institution"]["name"], "示例理工大学");
    assert_eq!(mine["office"]["name"], "南京");
    let posting = &mine["postings"][0];
    assert_eq!((&posting["commissioner"], &posting["batch"]), (&json!("c-1"), &json!("第一批")));
    let best = &mine["matches"][0];
    assert_eq!(best["labs"][0]["lab"]["institutions"][0]["name"], "示例理工大学", "{mine}");
    assert_eq!(mine["roles"]["publicist"], 0, "{mine}");
    let activity = json!({"kind": "promotion", "role": "publicist", "text": "推介会",
        "posting": posting["id"]});
    let done = desk.app.call("POST", "/api/v1/activities", &desk.commissioner, Some(&activity));
    assert_eq!(done.good()["posting_id"], posting["id"]);
    let mine = desk.get(&desk.commissioner, "/api/v1/desk").good();
    assert_eq!((&mine["roles"]["publicist"], &mine["roles"]["sower"]), (&json!(1), &json!(0)));
    let on_it = format!("/api/v1/activities?posting={}", posting["id"].as_str().unwrap());
    assert_eq!(desk.get(&desk.commissioner, &on_it).good()["items"].as_array().unwrap().len(), 1);
    assert_eq!(desk.get(&desk.stranger, "/api/v1/desk").good()["postings"], json!([]));
    desk.get(&desk.office, "/api/v1/desk").problem(403, "forbidden");
    desk.get(&desk.commissioner, "/api/v1/desk?x=1").problem(400, "unknown_field");
}

#[test]
fn a_request_that_is_sent_again_begins_no_second_job() {
    let desk = Desk::new();
    let bearer = format!("Bearer {}", desk.office);
    let send = |body: &Value| {
        let headers = [("authorization", bearer.as_str()), ("idempotency-key", "k-1")];
        desk.app.ask("POST", "/api/v1/plans", &headers, Some(body))
    };
    let order = json!({"case": case()});
    let first = send(&order).good();
    assert_eq!(send(&order).good()["id"], first["id"]);
    send(&json!({"case": case(), "name": "别的"})).problem(422, "idempotency_key_reused");
    assert_eq!(desk.get(&desk.office, "/api/v1/jobs").good()["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_file_for_spreadsheets_has_no_formula_and_one_for_printers_every_batch() {
    let desk = Desk::new();
    let mut risky = case();
    risky["commissioners"][0]["id"] = json!("=cmd|' /C calc'!A0");
    risky["forced"][0]["commissioner"] = json!("=cmd|' /C calc'!A0");
    let plan = made(&desk, &json!({"case": risky}));
    let csv = desk.get(&desk.office, &format!("{plan}/export"));
    assert_eq!(csv.content_type, "text/csv; charset=utf-8");
    assert!(csv.header("content-disposition").unwrap().contains(".csv"));
    assert!(csv.body.starts_with("\u{FEFF}批次,"), "{}", csv.body);
    assert_eq!(csv.body.lines().count(), 4, "{}", csv.body);
    assert!(csv.body.contains("'=cmd|"), "{}", csv.body);
    assert!(csv.body.split([',', '\n']).all(|cell| !cell.starts_with('=')), "{}", csv.body);
    let text = desk.get(&desk.office, &format!("{plan}/export?format=text"));
    assert_eq!(text.content_type, "text/plain; charset=utf-8");
    assert!(text.body.contains("第一批") && text.body.contains("第二批"), "{}", text.body);
    desk.get(&desk.office, &format!("{plan}/export?format=xlsx")).problem(400, "invalid_value");
}

#[test]
fn what_is_wrong_with_an_order_is_told_at_once_and_at_its_place() {
    let desk = Desk::new();
    let send = |body: &Value| desk.app.call("POST", "/api/v1/plans", &desk.office, Some(body));
    type Spoil = fn(&mut Value);
    let spoiled: [(&str, &str, Spoil); 12] = [
        ("case.budget", "unknown_field", |case| case["budget"] = json!(1)),
        ("case.batches[1].colour", "unknown_field", |case| {
            case["batches"][1]["colour"] = json!("")
        }),
        ("case.start", "invalid_value", |case| case["start"] = json!("昨天")),
        ("case.batches", "invalid_value", |case| case["batches"] = json!({})),
        ("case.batches[1].start", "invalid_value", |case| {
            case["batches"][1]["start"] = json!(2026)
        }),
        ("case.batches[0].start", "invalid_value", |case| {
            case["batches"][0]["start"] = json!("2026-12")
        }),
        ("case.commissioners[1].id", "invalid_value", |case| {
            case["commissioners"][1]["id"] = json!("c-1")
        }),
        ("case.commissioners[2]", "invalid_value", |case| {
            case["commissioners"][2]["park"] = json!(null)
        }),
        ("case.commissioners[1].batches[0]", "invalid_value", |case| {
            case["commissioners"][1]["batches"] = json!(["b9"]);
        }),
        ("case.institutions[0].classes[0]", "invalid_value", |case| {
            case["institutions"][0]["classes"] = json!(["211"]);
        }),
        ("case.forced[0].batch", "invalid_value", |case| case["forced"][0]["batch"] = json!("b9")),
        ("case.parameters", "invalid_value", |case| case["parameters"] = json!({"years": 999})),
    ];
    for (place, code, spoil) in spoiled {
        let mut spoiled = case();
        spoil(&mut spoiled);
        let problem = send(&json!({"case": spoiled})).problem(400, code);
        assert_eq!(problem["field"], place, "{problem}");
    }
    let plan = made(&desk, &json!({"case": case()}));
    let id = plan.rsplit('/').next().unwrap();
    for (body, field) in [
        (json!({}), "case"),
        (json!({"case": case(), "from": id}), "from"),
        (json!({"case": case(), "repair": true}), "repair"),
        (json!({"from": id, "changes": [{"kind": "explode"}]}), "changes[0].kind"),
        (
            json!({"from": id, "changes": [{"kind": "require", "institution": "无名大学"}]}),
            "changes",
        ),
        (json!({"from": id, "changes": [{"kind": "set", "key": "years", "value": 99}]}), "changes"),
    ] {
        assert_eq!(send(&body).problem(400, "invalid_value")["field"], field, "{body}");
    }
    send(&json!({"from": "01997f00-0000-7000-8000-00000000dead"})).problem(404, "not_found");
    let what_if =
        |body: Value| desk.app.call("POST", &format!("{plan}/what-if"), &desk.office, Some(&body));
    let nine = vec![json!({"changes": []}); 9];
    let problem = what_if(json!({"forks": nine})).problem(413, "too_large");
    assert_eq!((&problem["field"], &problem["limit"]), (&json!("forks"), &json!(8)));
    what_if(json!({"forks": []})).problem(400, "invalid_value");
    what_if(json!({"forks": [{}]})).problem(400, "invalid_value");
    desk.get(&desk.office, &format!("{plan}/difference")).problem(400, "invalid_value");
    desk.get(&desk.office, "/api/v1/plans?state=secret").problem(400, "invalid_value");
    assert_eq!(
        desk.get(&desk.office, "/api/v1/plans").good()["items"].as_array().unwrap().len(),
        1
    );
}
