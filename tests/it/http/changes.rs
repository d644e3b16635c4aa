//! Records are changed by whoever has read all of them, and requests that are sent again.

use duijie::engine::{CHANGING, Extent, Relation, SEEING};
use duijie::model::Kind;
use serde_json::{Value, json};

use crate::support::TestApp;

/// A change of a record at a revision.
fn put(app: &TestApp, path: &str, tag: &str, body: &Value) -> crate::support::Answer {
    app.ask("PUT", path, &[("if-match", tag)], Some(body))
}

#[test]
fn a_change_needs_the_revision_that_was_read_and_the_refusal_names_the_present_one() {
    let app = TestApp::local();
    let path = "/api/v1/labs/lab-h2";
    let read = app.get(path);
    let tag = read.header("etag").unwrap().to_owned();
    assert_eq!(tag, format!("\"{}\"", read.good()["revision"]));
    let body = json!({"name": "新名字", "kind": "team", "contact": "李老师 1"});
    app.ask("PUT", path, &[], Some(&body)).problem(428, "precondition_required");
    app.ask("DELETE", path, &[], None).problem(428, "precondition_required");
    let changed = put(&app, path, &tag, &body);
    assert_eq!(changed.header("etag"), Some("\"2\""));
    let changed = changed.good();
    assert_eq!((&changed["name"], &changed["profile"]), (&json!("新名字"), &json!("")));
    assert_eq!(changed["external_id"], "lab-h2", "a record keeps its name");
    assert_eq!(app.get(path).good(), changed);
    let stale = put(&app, path, &tag, &body).problem(412, "revision_conflict");
    assert!(stale["detail"].as_str().unwrap().contains("第 2 版"), "{stale}");
    app.ask("DELETE", path, &[("if-match", &tag)], None).problem(412, "revision_conflict");
    for bad in ["2", "\"x\"", "W/\"2\""] {
        let problem = put(&app, path, bad, &body).problem(400, "invalid_value");
        assert_eq!(problem["field"], "If-Match");
    }
    for (key, value) in [("external_id", "other"), ("source", "other")] {
        let body = json!({"name": "a", key: value});
        assert_eq!(put(&app, path, "*", &body).problem(400, "invalid_value")["field"], key);
    }
    assert_eq!(put(&app, path, "*", &json!({})).problem(400, "invalid_value")["field"], "name");
    let gone = app.ask("DELETE", path, &[("if-match", "\"2\"")], None);
    assert_eq!((gone.status, gone.body.as_str()), (204, ""));
    app.get(path).problem(404, "not_found");
    app.ask("DELETE", path, &[("if-match", "*")], None).problem(404, "not_found");
}

#[test]
fn what_a_client_has_is_not_sent_again() {
    let app = TestApp::local();
    let path = "/api/v1/needs/need-1";
    for tag in ["\"1\"", "*", "\"7\", \"1\"", "W/\"1\""] {
        let answer = app.ask("GET", path, &[("if-none-match", tag)], None);
        assert_eq!((answer.status, answer.body.as_str()), (304, ""), "{tag}");
        assert_eq!(answer.header("etag"), Some("\"1\""));
    }
    assert_eq!(app.ask("GET", path, &[("if-none-match", "\"2\"")], None).status, 200);
}

#[test]
fn a_private_need_stays_private_unless_the_change_says_otherwise() {
    let app = TestApp::local();
    let path = "/api/v1/needs/need-p";
    let kept = put(&app, path, "*", &json!({"title": "膜电极密封"})).good();
    assert_eq!(kept["visibility"], "private");
    for view in ["matched", "public", "private"] {
        let body = json!({"title": "膜电极密封", "visibility": view});
        assert_eq!(put(&app, path, "*", &body).good()["visibility"], view);
    }
}

#[test]
fn history_tells_every_revision_with_who_and_when_but_no_contact() {
    let app = TestApp::local();
    let path = "/api/v1/labs/lab-h2";
    for idx in 2..=5 {
        put(&app, path, "*", &json!({"name": format!("第{idx}版"), "contact": "李老师 1"})).good();
    }
    let page = app.get(&format!("{path}/history?limit=3")).good();
    let revisions = |page: &Value| -> Vec<u64> {
        page["items"].as_array().unwrap().iter().map(|r| r["revision"].as_u64().unwrap()).collect()
    };
    assert_eq!(revisions(&page), [5, 4, 3]);
    assert_eq!(page["items"][1]["name"], "第4版");
    assert!(page["items"].as_array().unwrap().iter().all(|r| r["updated_by"] == "local"));
    assert!(!page.to_string().contains("李老师"), "{page}");
    let next = page["next"].as_str().unwrap();
    let rest = app.get(&format!("{path}/history?after={next}")).good();
    assert_eq!((revisions(&rest), &rest["next"]), (vec![2, 1], &Value::Null));
    assert_eq!(rest["items"][1]["updated_by"], "import");
}

#[test]
fn a_request_sent_again_makes_nothing_again() {
    let app = TestApp::local();
    let body = json!({"name": "一次就好"});
    let send = |key: &str, body: &Value| {
        app.ask("POST", "/api/v1/enterprises", &[("idempotency-key", key)], Some(body))
    };
    let first = send("k-1", &body);
    assert_eq!(first.header("idempotent-replayed"), None);
    let again = send("k-1", &body);
    assert_eq!((again.status, again.header("idempotent-replayed")), (201, Some("true")));
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.good(), first.good());
    let problem = send("k-1", &json!({"name": "另一家"})).problem(422, "idempotency_key_reused");
    assert_eq!(problem["field"], "Idempotency-Key");
    let elsewhere = app.ask(
        "POST",
        "/api/v1/institutions",
        &[("idempotency-key", "k-1")],
        Some(&json!({"name": "一次就好"})),
    );
    elsewhere.problem(422, "idempotency_key_reused");
    assert_ne!(send("k-2", &body).good()["id"], first.json()["id"]);
    for bad in ["", "a b", &"k".repeat(201)] {
        send(bad, &body).problem(400, "invalid_value");
    }
    assert_eq!(app.get("/api/v1/enterprises").good()["items"].as_array().unwrap().len(), 3);
}

#[test]
fn of_many_copies_of_a_request_one_is_done() {
    let app = TestApp::local();
    let body = json!({"name": "同一个请求"});
    let ids: Vec<Value> = std::thread::scope(|scope| {
        let send = || {
            let headers = [("idempotency-key", "same")];
            app.ask("POST", "/api/v1/enterprises", &headers, Some(&body)).good()["id"].clone()
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(send)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

#[test]
fn whoever_sees_a_part_of_a_record_neither_changes_it_nor_sees_its_past() {
    let app = TestApp::local();
    let firm =
        json!({"login": "firm", "name": "某企业", "role": "enterprise", "enterprise": "ent-1"});
    let firm = app.user(&firm, "这一串词足够长也足够好记 A1");
    let other = app.post("/api/v1/enterprises", &json!({"external_id": "ent-2", "name": "另一家"}));
    other.good();
    let rival =
        json!({"login": "rival", "name": "另一家", "role": "enterprise", "enterprise": "ent-2"});
    let rival = app.user(&rival, "这一串词足够长也足够好记 A1");
    let path = "/api/v1/needs/need-1";
    let ask = |method: &str, path: &str, token: &str, body: Option<&Value>| {
        let bearer = format!("Bearer {token}");
        app.ask(method, path, &[("authorization", &bearer), ("if-match", "*")], body)
    };
    let change = json!({"title": "改了", "body": "全文", "enterprise_id": "ent-1"});
    ask("PUT", path, &rival, Some(&change)).problem(403, "forbidden");
    ask("DELETE", path, &rival, None).problem(403, "forbidden");
    ask("GET", &format!("{path}/history"), &rival, None).problem(403, "forbidden");
    let hidden = "/api/v1/needs/need-p";
    for method in ["PUT", "DELETE"] {
        let body = (method == "PUT").then_some(&change);
        ask(method, hidden, &rival, body).problem(404, "not_found");
    }
    ask("GET", &format!("{hidden}/history"), &rival, None).problem(404, "not_found");
    // Nor does a firm give its need away, or take another's lab.
    let given = json!({"title": "改了", "enterprise_id": "ent-2"});
    ask("PUT", path, &firm, Some(&given)).problem(403, "forbidden");
    ask("PUT", "/api/v1/labs/lab-h2", &firm, Some(&json!({"name": "a"}))).problem(403, "forbidden");
    let changed = ask("PUT", path, &firm, Some(&change)).good();
    assert_eq!((&changed["title"], &changed["revision"]), (&json!("改了"), &json!(2)));
    let past = ask("GET", &format!("{path}/history"), &firm, None).good();
    assert_eq!(past["items"][1]["title"], "膜电极耐久性不足");
}

#[test]
fn what_its_author_does_not_see_of_a_record_a_change_leaves_in_it() {
    let app = TestApp::local();
    let admin = json!({"login": "boss", "name": "管理员", "role": "admin"});
    let admin = app.user(&admin, "这一串词足够长也足够好记 A1");
    let bearer = format!("Bearer {admin}");
    let path = "/api/v1/enterprises/ent-1";
    let headers = [("authorization", bearer.as_str()), ("if-match", "*")];
    let read = app.ask("GET", path, &headers[..1], None).good();
    assert_eq!(read["contact"], "", "an administrator sees no contacts");
    app.ask("PUT", path, &headers, Some(&json!({"name": "改名后的企业"}))).good();
    let now = app.get(path).good();
    assert_eq!(
        (&now["name"], &now["contact"]),
        (&json!("改名后的企业"), &json!("赵经理 025-5678"))
    );
}

#[test]
fn whoever_may_change_records_sees_all_of_them() {
    for rule in CHANGING {
        for kind in rule.kinds.iter().filter(|kind| Kind::IMPORTED.contains(*kind)) {
            let seen = SEEING.iter().any(|seeing| {
                seeing.role == Some(rule.role)
                    && seeing.kinds.contains(kind)
                    && seeing.extent == Extent::Full
                    && [Relation::Anything, rule.relation].contains(&seeing.relation)
            });
            assert!(seen, "{:?} changes {kind:?} by {:?} unseen", rule.role, rule.relation);
        }
    }
}

#[test]
fn every_record_that_stays_is_on_exactly_one_page_while_others_come_and_go() {
    let app = TestApp::local();
    let path = "/api/v1/enterprises";
    let make = |name: &str| {
        let body = json!({"external_id": name, "name": name});
        app.post(path, &body).good();
    };
    let drop_one = |name: &str| {
        let gone = app.ask("DELETE", &format!("{path}/{name}"), &[("if-match", "*")], None);
        assert_eq!(gone.status, 204, "{}", gone.body);
    };
    for idx in 0..12 {
        make(&format!("stays-{idx}"));
        make(&format!("goes-{idx}"));
    }
    let (mut seen, mut after, mut turn) = (Vec::new(), String::new(), 0);
    loop {
        let page = app.get(&format!("{path}?limit=3&after={after}")).good();
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().map(|item| item["external_id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        after = next.to_owned();
        if turn < 12 {
            // Behind the cursor, on it, and before it.
            drop_one(&format!("goes-{}", (turn * 5) % 12));
            make(&format!("comes-{turn}"));
        }
        turn += 1;
    }
    for idx in 0..12 {
        let name = format!("stays-{idx}");
        assert_eq!(seen.iter().filter(|seen| **seen == name).count(), 1, "{name} in {seen:?}");
    }
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), seen.len(), "nothing comes twice: {seen:?}");
}
