//! The day of a commissioner through the API alone, from the morning's inbox to the evening's report,
//! with what the audit log says of it in the end.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::leads::Desk;

/// What the log must show of the day, in its order: the kind of record and what was done to it.
const STEPS: [(&str, &str); 4] =
    [("lead", "create"), ("lead", "update"), ("activity", "create"), ("lead", "update")];

/// Asks until there is an answer.
fn until_some(ask: impl Fn() -> Option<Value>) -> Value {
    let give_up = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(found) = ask() {
            return found;
        }
        assert!(Instant::now() < give_up, "it does not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_day_from_inbox_to_report_and_the_audit_shows_each_step() {
    let desk = Desk::new();
    let auditor = json!({"login": "auditor", "name": "审计", "role": "auditor"});
    let auditor = desk.app.user(&auditor, "correct horse battery staple");
    // In the morning: sign in, and see what is new for the park and the university.
    let me = desk.get(&desk.commissioner, "/api/v1/me").good();
    assert_eq!(me["user"]["role"], "commissioner", "{me}");
    let need = json!({"external_id": "need-day", "enterprise_id": "ent-1", "title": "膜电极耐久性要提高",
        "body": "燃料电池膜电极在80℃下连续运行不到三千小时，希望达到8000小时，电压衰减低于10%。", "visibility": "matched"});
    desk.app.call("POST", "/api/v1/needs", &desk.enterprise, Some(&need)).good();
    let notice = until_some(|| {
        let inbox = desk.get(&desk.commissioner, "/api/v1/inbox").good();
        let notices = inbox["days"].as_array().unwrap().iter();
        let notices = notices.flat_map(|day| day["groups"].as_array().unwrap());
        let mut notices = notices.flat_map(|group| group["items"].as_array().unwrap().clone());
        notices.find(|notice| notice["need"]["external_id"] == "need-day")
    });
    assert_eq!(notice["lab"]["external_id"], "lab-h2", "{notice}");
    assert!(!notice["contributions"].as_array().unwrap().is_empty(), "says why: {notice}");
    // The match with its reasons, so that the lead can be defended.
    let question = json!({"need": "need-day"});
    let answer = desk.app.call("POST", "/api/v1/match", &desk.commissioner, Some(&question)).good();
    let best = &answer["matches"][0];
    assert_eq!(best["lab"]["external_id"], "lab-h2");
    assert!(best["evidence"][0]["text"].as_str().unwrap().contains("8000小时"), "{best}");
    let coverage =
        desk.app.call("POST", "/api/v1/coverage", &desk.commissioner, Some(&question)).good();
    assert!(!coverage["points"].as_array().unwrap().is_empty());
    // A lead; both sides accept; only then each may know how to reach the other.
    let new = json!({"need": "need-day", "lab": "lab-h2", "note": "收件箱第一条"});
    let made = desk.app.call("POST", "/api/v1/leads", &desk.commissioner, Some(&new));
    assert_eq!(made.status, 201, "{}", made.body);
    let lead = made.header("location").unwrap().to_owned();
    let contact = |token: &str, path: &str| desk.get(token, path).good()["contact"].clone();
    assert_eq!(contact(&desk.enterprise, "/api/v1/labs/lab-h2"), "");
    for (token, side) in [(&desk.enterprise, "enterprise"), (&desk.institution, "institution")] {
        desk.change_now(token, &lead, "acceptances", &json!({"side": side})).good();
    }
    assert_eq!(contact(&desk.enterprise, "/api/v1/labs/lab-h2"), "王老师 025-1234");
    assert_eq!(contact(&desk.institution, "/api/v1/enterprises/ent-1"), "赵经理 025-5678");
    // The way to a contract.
    let step =
        |token: &str, body: Value| desk.change_now(token, &lead, "transitions", &body).good();
    step(&desk.commissioner, json!({"to": "screened"}));
    step(&desk.commissioner, json!({"to": "contacted"}));
    step(&desk.commissioner, json!({"to": "visited"}));
    let visit = json!({"kind": "visit", "role": "sower", "place": "实验室", "text": "看了台架"});
    let path = format!("{lead}/activities");
    desk.app.call("POST", &path, &desk.commissioner, Some(&visit)).good();
    step(&desk.institution, json!({"to": "proposed"}));
    let contract = json!({"mode": "technology_transfer", "amount": "80万元",
        "terms": {"right": "发明专利一件", "price": "80万元"}});
    step(&desk.commissioner, json!({"to": "signed", "contract": contract}));
    step(&desk.office, json!({"to": "landed"}));
    // In the evening: the report of the week says it, with what it is out of.
    let report = desk.get(&desk.commissioner, "/api/v1/reports?period=week").good();
    let told = report.to_string();
    assert!(told.contains("80000000") || told.contains("8000000000"), "the amount: {told}");
    assert!(told.contains("landed"), "{told}");
    // The audit log shows each step, by whom, and the looks at contacts.
    let log = desk.get(&auditor, "/api/v1/audit?limit=200").good();
    let mut entries = log["items"].as_array().unwrap().clone();
    entries.sort_by_key(|entry| entry["seq"].as_i64());
    let of = |kind: &str, action: &str| {
        let fits = |entry: &&Value| entry["kind"] == kind && entry["action"] == action;
        entries.iter().filter(fits).count()
    };
    let mut left = STEPS.iter();
    let mut next = left.next();
    for entry in &entries {
        if next.is_some_and(|(kind, action)| entry["kind"] == *kind && entry["action"] == *action) {
            next = left.next();
        }
    }
    assert_eq!(next, None, "in this order: {log}");
    assert_eq!((of("lead", "create"), of("lead", "update"), of("activity", "create")), (1, 8, 1));
    assert_eq!((of("lab", "contact_read"), of("enterprise", "contact_read")), (1, 1), "{log}");
    let by = |entry: &Value| entry["by"].as_str().unwrap_or_default().len();
    let signed_in = entries.iter().filter(|entry| entry["kind"] == "lead").all(|e| by(e) == 36);
    assert!(signed_in, "everybody by their id: {log}");
    desk.get(&desk.commissioner, "/api/v1/audit").problem(403, "forbidden");
}
