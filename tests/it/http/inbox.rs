use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::TestApp;

/// What is written is told a moment later, with reasons, until it is marked as seen.
#[test]
fn what_is_written_is_told_a_moment_later() {
    let app = TestApp::local();
    let need = json!({
        "external_id": "new", "enterprise_id": "ent-1", "title": "燃料电池膜电极催化层耐久性",
        "body": "燃料电池膜电极在80℃下连续运行，电压衰减过快，需要长寿命的梯度催化层结构。",
    });
    app.post("/api/v1/needs", &need).good();
    let give_up = Instant::now() + Duration::from_secs(30);
    let told = loop {
        let inbox = app.get("/api/v1/inbox?since=0&by=lab").good();
        let text = inbox.to_string();
        if text.contains("\"new\"") {
            break inbox;
        }
        assert!(Instant::now() < give_up, "{text}");
        std::thread::sleep(Duration::from_millis(20));
    };
    let list = |value: &Value, key: &str| value[key].as_array().unwrap().clone();
    let groups = list(&told, "days").into_iter().flat_map(|day| list(&day, "groups"));
    let mut items = groups.flat_map(|group| list(&group, "items"));
    let is_it = |item: &Value| {
        item["need"]["external_id"] == "new" && item["lab"]["external_id"] == "lab-h2"
    };
    let item = items.find(is_it).unwrap_or_else(|| panic!("{told}"));
    assert!(!list(&item, "contributions").is_empty(), "{item}");
    let total = app.get("/api/v1/inbox/summary").good()["total"].as_u64().unwrap();
    assert!(total > 0);
    let seen = app.post("/api/v1/inbox/seen", &json!({"until": told["until"]})).good();
    assert_eq!(seen["seen"], told["until"]);
    assert!(app.get("/readyz").good()["inbox"]["lag"].is_i64());
    assert!(app.get("/metrics").body.contains("duijie_inbox_lag_changes"));
}

#[test]
fn the_inbox_is_of_those_who_have_signed_in_and_its_numbers_are_checked() {
    let nobody = TestApp::anonymous();
    nobody.get("/api/v1/inbox").problem(401, "not_signed_in");
    nobody.get("/api/v1/inbox/summary").problem(401, "not_signed_in");
    nobody.post("/api/v1/inbox/seen", &json!({})).problem(401, "not_signed_in");
    let app = TestApp::local();
    for (query, code, field) in [
        ("limit=0", "invalid_value", "limit"),
        ("per_day=0", "invalid_value", "per_day"),
        ("by=park", "invalid_value", "by"),
        ("since=-1", "invalid_value", "since"),
        ("after=999999", "invalid_value", "after"),
        ("until=1", "unknown_field", "until"),
    ] {
        let problem = app.get(&format!("/api/v1/inbox?{query}")).problem(400, code);
        assert_eq!(problem["field"], field, "{query}");
    }
    app.get("/api/v1/inbox?limit=101").problem(413, "too_large");
    let body = json!({"until": 1_000_000});
    let problem = app.post("/api/v1/inbox/seen", &body).problem(400, "invalid_value");
    assert_eq!(problem["field"], "until");
}
