use serde_json::{Value, json};

use crate::support::{CONTACTS, TestApp};

#[test]
fn every_change_over_http_is_in_the_log_with_who_and_when() {
    let app = TestApp::local();
    let body = json!({"external_id": "n1", "title": "一"});
    let need = app.post("/api/v1/needs", &body).good();
    let page = app.get("/api/v1/audit?limit=1").good();
    let entry = &page["items"][0];
    for (key, value) in [
        ("action", json!("create")),
        ("action_label", json!("新建")),
        ("kind", json!("need")),
        ("by", json!("local")),
        ("title", json!("一")),
        ("revision", json!(1)),
        ("erased", json!(false)),
    ] {
        assert_eq!(entry[key], value, "{key}");
    }
    assert_eq!(entry["id"], need["id"]);
    assert_eq!(entry["at"], need["created_at"]);
    // What the import wrote is in it, without contacts, page by page.
    let (mut seqs, mut path) = (Vec::new(), "/api/v1/audit?limit=5".to_owned());
    loop {
        let answer = app.get(&path);
        assert!(!CONTACTS.iter().any(|contact| answer.body.contains(contact)));
        let page = answer.good();
        seqs.extend(page["items"].as_array().unwrap().iter().map(|e| e["seq"].as_i64().unwrap()));
        match page["next"].as_str() {
            Some(next) => path = format!("/api/v1/audit?limit=5&before={next}"),
            None => break,
        }
    }
    assert!(seqs.is_sorted_by(|newer, older| newer > older), "{seqs:?}");
    assert_eq!(seqs.len() as i64, seqs[0]);
    let of_need = app.get("/api/v1/audit?kind=need&record=n1").good();
    assert_eq!(of_need["items"].as_array().unwrap().len(), 1);
    let of_import = app.get("/api/v1/audit?by=import&action=create&limit=1000").good();
    assert_eq!(of_import["items"].as_array().unwrap().len(), seqs.len() - 1);
    assert_eq!(app.get("/api/v1/audit?since=2200-01-01").good()["items"], json!([]));
}

#[test]
fn bad_questions_to_the_log_are_told_by_name() {
    let app = TestApp::local();
    for (query, status, code, field) in [
        ("limit=0", 400, "invalid_value", "limit"),
        ("limit=1001", 413, "too_large", "limit"),
        ("who=local", 400, "unknown_field", "who"),
        ("action=look", 400, "invalid_value", "action"),
        ("since=gestern", 400, "invalid_value", "since"),
        ("before=x", 400, "invalid_value", "before"),
        ("kind=need", 400, "invalid_value", "record"),
        ("record=n1", 400, "invalid_value", "kind"),
        ("kind=thing&record=n1", 400, "invalid_value", "kind"),
    ] {
        let problem = app.get(&format!("/api/v1/audit?{query}")).problem(status, code);
        assert_eq!(problem["field"], field, "{query}");
    }
    app.get("/api/v1/audit?kind=need&record=nothing").problem(404, "not_found");
}

#[test]
fn the_log_is_not_for_everybody() {
    let app = TestApp::anonymous();
    app.get("/api/v1/audit").problem(403, "forbidden");
    app.get("/api/v1/audit/seal").problem(403, "forbidden");
}

#[test]
fn a_running_service_seals_the_log_by_itself() {
    let app = TestApp::local();
    let give_up = std::time::Instant::now() + std::time::Duration::from_secs(30);
    let sealed = loop {
        let sealed = app.get("/api/v1/audit/seal").good();
        if sealed["waiting"] == 0 && sealed["seal"] != Value::Null {
            break sealed;
        }
        assert!(std::time::Instant::now() < give_up, "the log is not sealed: {sealed}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    assert_eq!(sealed["seal"]["hash"].as_str().unwrap().len(), 64);
    let newest = app.get("/api/v1/audit?limit=1").good();
    assert_eq!(sealed["seal"]["last_seq"], newest["items"][0]["seq"]);
}
