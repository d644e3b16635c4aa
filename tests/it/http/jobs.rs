//! Files become records in jobs, which tell how far they are and what they refused.

use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

const NDJSON: &str = "application/x-ndjson";

/// The events of a job, until it ends.
fn events(app: &TestApp, job: &Value, token: Option<&str>) -> Vec<(String, Value)> {
    let path = format!("/api/v1/jobs/{}/events", job["id"].as_str().unwrap());
    let answer = match token {
        None => app.get(&path),
        Some(token) => app.call("GET", &path, token, None),
    };
    assert_eq!(answer.content_type, "text/event-stream");
    let events = answer.body.split("\n\n").filter(|event| event.contains("data:"));
    let read = events.map(|event| {
        let line = |name: &str| {
            let line = event.lines().find_map(|line| line.strip_prefix(name)).expect(name);
            line.trim_start().to_owned()
        };
        (line("event:"), serde_json::from_str(&line("data:")).unwrap())
    });
    read.collect()
}

fn accepted(answer: &Answer) -> Value {
    assert_eq!(answer.status, 202, "{}", answer.body);
    let job = answer.good();
    let address = format!("/api/v1/jobs/{}", job["id"].as_str().unwrap());
    assert_eq!(answer.header("location"), Some(address.as_str()));
    job
}

/// The job once it has ended.
fn ended(app: &TestApp, job: &Value, token: Option<&str>) -> Value {
    let events = events(app, job, token);
    let (name, last) = events.last().unwrap();
    assert_eq!(name, "end");
    last.clone()
}

#[test]
fn many_rows_go_in_bad_ones_are_told_and_progress_is_true() {
    let app = TestApp::local();
    let mut rows: String = (0..2_500)
        .map(|idx| format!("{{\"external_id\":\"b-{idx}\",\"name\":\"企业{idx}\"}}\n"))
        .collect();
    rows.push_str("{\"external_id\":\"bad\",\"name\":\"a\",\"credit_code\":\"123\"}\n{\n");
    let job = accepted(&app.post_bytes("/api/v1/enterprises/bulk", NDJSON, rows.as_bytes()));
    let events = events(&app, &job, None);
    let done: Vec<u64> = events.iter().map(|(_, job)| job["done"].as_u64().unwrap()).collect();
    assert!(done.is_sorted(), "{done:?}");
    let (name, last) = events.last().unwrap();
    assert_eq!((name.as_str(), &last["state"]), ("end", &json!("done")));
    assert_eq!((&last["done"], &last["total"]), (&json!(2_502), &json!(2_502)));
    let report = &last["report"];
    assert_eq!((&report["read"], &report["created"]), (&json!(2_502), &json!(2_500)));
    let refused = report["refused"].as_array().unwrap();
    let places: Vec<_> =
        refused.iter().map(|r| (r["row"].as_u64(), r["column"].as_str())).collect();
    assert_eq!(places, [(Some(2_501), Some("credit_code")), (Some(2_502), None)]);
    assert_eq!(app.get("/api/v1/enterprises/b-2499").good()["name"], "企业2499");
    // The same again changes nothing.
    let job = accepted(&app.post_bytes("/api/v1/enterprises/bulk", NDJSON, rows.as_bytes()));
    let report = &ended(&app, &job, None)["report"];
    assert_eq!((&report["created"], &report["unchanged"]), (&json!(0), &json!(2_500)));
    let jobs = app.get("/api/v1/jobs").good();
    assert_eq!(jobs["items"][0]["id"], job["id"], "the newest first");
    assert_eq!(jobs["items"].as_array().unwrap().len(), 2);
}

#[test]
fn a_dry_run_shows_how_a_table_is_taken_and_writes_nothing() {
    let app = TestApp::local();
    let table =
        "编号,企业名称,联系方式,心情\nd-1,试导企业,王 1,好\nd-2,,,\nent-1,示例氢能科技有限公司,,\n";
    let (gbk, _, _) = encoding_rs::GB18030.encode(table);
    let path = "/api/v1/enterprises/import?file=%E4%BC%81%E4%B8%9A.csv";
    let job = accepted(&app.post_bytes(&format!("{path}&dry_run=true"), "text/csv", &gbk));
    let shown = ended(&app, &job, None);
    assert_eq!((&shown["dry_run"], &shown["state"]), (&json!(true), &json!("done")), "{shown}");
    let report = &shown["report"];
    assert_eq!((&report["created"], &report["updated"]), (&json!(1), &json!(1)), "{report}");
    assert!(report["columns"].to_string().contains("external_id"), "{report}");
    assert!(report["ignored_columns"].to_string().contains("心情"), "{report}");
    assert_eq!(report["refused"][0]["row"], 3);
    assert_eq!(report["refused"][0]["file"], "企业.csv");
    app.get("/api/v1/enterprises/d-1").problem(404, "not_found");
    let job = accepted(&app.post_bytes(path, "application/octet-stream", &gbk));
    assert_eq!(ended(&app, &job, None)["report"]["created"], 1);
    assert_eq!(app.get("/api/v1/enterprises/d-1").good()["name"], "试导企业");
}

#[test]
fn every_row_needs_its_senders_permission_and_jobs_are_their_owners() {
    let app = TestApp::local();
    let user = |login: &str, firm: &str| {
        let user =
            json!({"login": login, "name": "企业", "role": "enterprise", "enterprise": firm});
        app.user(&user, "这一串词足够长也足够好记 A1")
    };
    app.post("/api/v1/enterprises", &json!({"external_id": "ent-2", "name": "另一家"})).good();
    let (firm, rival) = (user("firm", "ent-1"), user("rival", "ent-2"));
    let rows = "{\"external_id\":\"need-1\",\"title\":\"改了\",\"enterprise_id\":\"ent-1\"}\n\
                {\"external_id\":\"n-2\",\"title\":\"新的\",\"enterprise_id\":\"ent-1\"}\n\
                {\"external_id\":\"n-3\",\"title\":\"别人的\",\"enterprise_id\":\"ent-2\"}\n";
    let bulk = |token: &str| {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str())];
        app.send("POST", "/api/v1/needs/bulk", &headers, NDJSON, rows.as_bytes())
    };
    let job = accepted(&bulk(&firm));
    let report = &ended(&app, &job, Some(&firm))["report"];
    assert_eq!((&report["created"], &report["updated"]), (&json!(1), &json!(1)), "{report}");
    let refused = report["refused"].as_array().unwrap();
    assert_eq!((refused.len(), &refused[0]["row"]), (1, &json!(3)));
    assert!(refused[0]["reason"].as_str().unwrap().contains("权限"));
    let need = app.get("/api/v1/needs/need-1").good();
    assert_ne!(need["updated_by"], "import", "who has imported is known");
    // A job is its owner's alone, and nobody has none.
    let address = format!("/api/v1/jobs/{}", job["id"].as_str().unwrap());
    for path in [address.clone(), format!("{address}/events")] {
        app.call("GET", &path, &rival, None).problem(404, "not_found");
    }
    app.call("DELETE", &address, &rival, None).problem(404, "not_found");
    assert_eq!(app.call("GET", "/api/v1/jobs", &rival, None).good()["items"], json!([]));
    let report = &ended(&app, &accepted(&bulk(&rival)), Some(&rival))["report"];
    assert_eq!((&report["created"], &report["refused"][1]["row"]), (&json!(1), &json!(2)));
    let anybody = TestApp::anonymous();
    anybody.post_bytes("/api/v1/needs/bulk", NDJSON, rows.as_bytes()).problem(403, "forbidden");
    anybody.get("/api/v1/jobs").problem(401, "not_signed_in");
}

#[test]
fn a_file_that_cannot_be_read_fails_its_job_and_a_cancelled_job_stops() {
    let app = TestApp::local();
    let job = accepted(&app.post_bytes("/api/v1/labs/import", "text/csv", b"a,b\n1,2\n"));
    let failed = ended(&app, &job, None);
    assert_eq!(failed["state"], "failed");
    assert!(failed["failure"].as_str().unwrap().contains("表头"), "{failed}");
    let rows: String = (0..30_000)
        .map(|idx| format!("{{\"external_id\":\"c-{idx}\",\"name\":\"企业{idx}\"}}\n"))
        .collect();
    let job = accepted(&app.post_bytes("/api/v1/enterprises/bulk", NDJSON, rows.as_bytes()));
    app.delete(&format!("/api/v1/jobs/{}", job["id"].as_str().unwrap())).good();
    let stopped = ended(&app, &job, None);
    assert_eq!(stopped["state"], "cancelled", "{}", stopped["done"]);
    assert!(stopped["done"].as_u64() < Some(30_000), "{}", stopped["done"]);
    let problem = app.post_bytes("/api/v1/labs/bulk", "text/csv", b"{}");
    problem.problem(415, "unsupported_media_type");
    app.post_bytes("/api/v1/labs/import?dry_run=1", "text/csv", b"a").problem(400, "invalid_value");
    app.post_bytes("/api/v1/labs/bulk?file=a", NDJSON, b"{}").problem(400, "unknown_field");
    app.get("/api/v1/jobs/x").problem(404, "not_found");
}
