use serde_json::{Value, json};

use crate::support::{Answer, CONTACTS, TestApp};

/// What only the world's private and matched records and contacts say.
fn leaks_nothing(answer: &Answer) -> Value {
    for secret in CONTACTS.iter().chain(&[
        "need-m",
        "need-p",
        "lab-secret",
        "ach-secret",
        "inst-3",
        "绝密",
        "保密",
        "不公开的",
        "匹配可见的",
    ]) {
        assert!(!answer.body.contains(secret), "{secret} in {}", answer.body);
    }
    answer.good()
}

#[test]
fn anybody_sees_what_is_public_and_no_contact_anywhere() {
    let app = TestApp::anonymous();
    for (kind, want) in
        [("institutions", 2), ("labs", 2), ("achievements", 2), ("enterprises", 1), ("needs", 1)]
    {
        let page = leaks_nothing(&app.get(&format!("/api/v1/{kind}?limit=200")));
        assert_eq!(page["items"].as_array().unwrap().len(), want, "{kind}");
        assert_eq!(page["next"], Value::Null);
    }
    for path in ["labs/lab-h2", "enterprises/ent-1", "needs/need-1", "achievements/ach-mea"] {
        leaks_nothing(&app.get(&format!("/api/v1/{path}")));
    }
    let text = json!({"text": "膜电极耐久性，未公开配方，密封，成本", "limit": 100});
    let answer = leaks_nothing(&app.post("/api/v1/match", &text));
    assert_eq!(answer["matches"].as_array().unwrap().len(), 1);
    let hits = leaks_nothing(&app.get("/api/v1/search?q=%E8%86%9C%E7%94%B5%E6%9E%81"));
    assert_eq!(hits["total"], 3, "{hits}");
    leaks_nothing(&app.post("/api/v1/match", &json!({"need": "need-1"})));
    for subject in [json!({"lab": "lab-h2"}), json!({"achievement": "ach-mea"})] {
        let answer = leaks_nothing(&app.post("/api/v1/match/needs", &subject));
        assert_eq!(answer["matches"].as_array().unwrap().len(), 1, "{answer}");
    }
    for subject in [json!({"lab": "lab-secret"}), json!({"achievement": "ach-secret"})] {
        app.post("/api/v1/match/needs", &subject).problem(404, "not_found");
    }
}

#[test]
fn what_anybody_may_not_see_is_as_if_it_did_not_exist() {
    let app = TestApp::anonymous();
    for (kind, name) in [
        ("needs", "need-m"),
        ("needs", "need-p"),
        ("labs", "lab-secret"),
        ("achievements", "ach-secret"),
        ("institutions", "inst-3"),
        ("needs", "import:need-p"),
    ] {
        let hidden = app.get(&format!("/api/v1/{kind}/{name}")).problem(404, "not_found");
        let missing = app.get(&format!("/api/v1/{kind}/missing")).problem(404, "not_found");
        let detail = |problem: &Value, name| problem["detail"].as_str().unwrap().replace(name, "");
        assert_eq!(detail(&hidden, name), detail(&missing, "missing"));
    }
    for need in ["need-m", "need-p"] {
        app.post("/api/v1/match", &json!({"need": need})).problem(404, "not_found");
    }
    let filtered = json!({"text": "膜电极", "filters": {"institution": "inst-3"}});
    app.post("/api/v1/match", &filtered).problem(400, "invalid_value");
}

#[test]
fn anybody_creates_nothing() {
    let app = TestApp::anonymous();
    for kind in ["institutions", "labs", "achievements", "enterprises", "needs"] {
        let body = match kind {
            "achievements" | "needs" => json!({"title": "a", "external_id": "ent-1"}),
            _ => json!({"name": "a", "external_id": "ent-1"}),
        };
        app.post(&format!("/api/v1/{kind}"), &body).problem(403, "forbidden");
    }
}

#[test]
fn whoever_sits_at_the_machine_sees_everything() {
    let app = TestApp::local();
    assert_eq!(app.get("/api/v1/labs/lab-h2").good()["contact"], CONTACTS[0]);
    assert_eq!(app.get("/api/v1/enterprises/ent-1").good()["contact"], CONTACTS[1]);
    assert_eq!(app.get("/api/v1/needs").good()["items"].as_array().unwrap().len(), 3);
    app.post("/api/v1/match", &json!({"need": "need-p"})).good();
}

/// A page on the internet that lets its own name point to this machine must not read what
/// the person at the machine may.
#[test]
fn a_server_that_trusts_the_machine_answers_to_no_other_name() {
    let request = |host: &str| {
        format!("GET /api/v1/needs HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
    };
    let local = TestApp::local();
    assert!(local.raw(request("evil.example").as_bytes()).starts_with("HTTP/1.1 421"));
    assert!(local.raw(request("localhost:1").as_bytes()).starts_with("HTTP/1.1 200"));
    let anonymous = TestApp::anonymous();
    assert!(anonymous.raw(request("duijie.example").as_bytes()).starts_with("HTTP/1.1 200"));
}
