use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use duijie::http::{ServeError, ServeOptions, Server};
use serde_json::{Value, json};

use crate::support::TestApp;

/// The addresses in the table of routes, as its source has them.
fn routes() -> Vec<&'static str> {
    let mut routes: Vec<&str> = include_str!("../../../src/http/routes.rs")
        .split('"')
        .filter(|piece| piece.starts_with('/') && piece.len() > 1 && !piece.contains(['\n', ' ']))
        .collect();
    routes.sort_unstable();
    routes
}

#[test]
fn the_description_has_every_route_with_examples() {
    let app = TestApp::local();
    let document = app.get("/openapi.json").good();
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.keys().map(String::as_str).collect::<Vec<_>>(), routes());
    for (path, item) in paths {
        for (method, operation) in item.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {path}");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.len() > 2, "{method} {path} names its problems");
            for (status, response) in responses {
                if ["204", "304"].contains(&status.as_str()) {
                    continue;
                }
                for (content_type, content) in response["content"].as_object().unwrap() {
                    let place = format!("{method} {path} {status} {content_type}");
                    assert!(content["schema"].is_object(), "{place}");
                    if content_type == "application/problem+json" {
                        for (code, example) in content["examples"].as_object().unwrap() {
                            assert_eq!(&example["value"]["code"], code, "{place}");
                            assert_eq!(example["value"]["status"].to_string(), *status, "{place}");
                        }
                    } else {
                        assert!(!content["example"].is_null(), "{place}");
                    }
                }
            }
        }
    }
}

#[test]
fn described_requests_are_answered_in_the_shape_of_the_described_answers() {
    let app = TestApp::local();
    let document = app.get("/openapi.json").good();
    let example_of = |path: &str, method: &str| {
        let operation = &document["paths"][path][method];
        operation["requestBody"]["content"]["application/json"]["example"].clone()
    };
    // Whom the examples name.
    let user = json!({"login": "zhang.san", "name": "张三（示例）", "role": "auditor"});
    let password = example_of("/api/v1/sessions", "post")["password"].as_str().unwrap().to_owned();
    app.user(&user, &password);
    let city = json!({"external_id": "nanjing", "name": "南京市", "level": "city"});
    app.post("/api/v1/offices", &city).good();
    // The merge that is taken back next.
    let mut merge = Value::Null;
    let mut commissioner = String::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(operation) = item.get("post") else { continue };
        let parameter = &operation["parameters"][0]["example"];
        let mut name = parameter.as_str().unwrap_or_default().to_owned();
        let (mut token, mut tag) = (String::new(), String::new());
        if path.starts_with("/api/v1/leads/") {
            let lead = app.get("/api/v1/leads").good()["items"][0].clone();
            name = lead["id"].as_str().unwrap().to_owned();
            tag = format!("\"{}\"", lead["revision"]);
        }
        if path.starts_with("/api/v1/plans/") {
            let plan = app.get("/api/v1/plans").good()["items"][0].clone();
            name = plan["id"].as_str().unwrap().to_owned();
            tag = format!("\"{}\"", plan["revision"]);
        }
        if path.ends_with("/undo") {
            name = merge.as_str().unwrap_or_default().to_owned();
        }
        if path == "/api/v1/dismissals" {
            // Only somebody who has signed in has matches of their own.
            let user = json!({"login": "zhuan.yuan", "name": "专员（示例）", "role": "commissioner",
                "office": "nanjing", "institution": "inst-1"});
            commissioner = app.user(&user, &password);
            token = format!("Bearer {commissioner}");
        }
        let headers = [("authorization", token.as_str()), ("if-match", tag.as_str())];
        let headers: Vec<_> = headers.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let address = path.replace("{name}", &name).replace("{id}", &name);
        let bodies = operation["requestBody"]["content"].as_object();
        let answers = bodies.into_iter().flatten().map(|(content_type, body)| {
            // Files are examples as they are sent.
            let body = &body["example"];
            let body = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
            let answer = app.send("POST", &address, &headers, content_type, body.as_bytes());
            let answer = answer.good();
            // There is room for a few jobs only.
            if answer.get("dry_run").is_some() { ended(&app, &answer) } else { answer }
        });
        let mut answers: Vec<Value> = answers.collect();
        if answers.is_empty() {
            answers.push(app.ask("POST", &address, &headers, None).good());
        }
        if path == "/api/v1/merges" {
            merge = answers[0]["id"].clone();
        }
        let responses = operation["responses"].as_object().unwrap();
        let (_, good) = responses.iter().find(|(status, _)| status.starts_with('2')).unwrap();
        let example = &good["content"]["application/json"]["example"];
        answers.iter().for_each(|answer| same_shape(answer, example, path));
        if item.get("get").is_some() {
            let page = &item["get"]["responses"]["200"]["content"]["application/json"]["example"];
            same_shape(&app.get(&address).good(), page, path);
        }
        // What was made as the example says is changed as the example says.
        let one = &document["paths"][format!("{path}/{{name}}")]["put"];
        let change = &one["requestBody"]["content"]["application/json"]["example"];
        if let Some(name) = change["external_id"].as_str() {
            let address = format!("{path}/{name}");
            let changed = app.ask("PUT", &address, &[("if-match", "*")], Some(change)).good();
            same_shape(&changed, example, path);
            let past = app.get(&format!("{address}/history")).good();
            same_shape(&past["items"][0], &changed, path);
        }
    }
    let jobs = &document["paths"]["/api/v1/jobs"]["get"]["responses"]["200"]["content"];
    same_shape(&app.get("/api/v1/jobs").good(), &jobs["application/json"]["example"], "jobs");
    let told = &document["paths"]["/api/v1/permissions"]["get"]["responses"]["200"]["content"];
    assert_eq!(app.get("/api/v1/permissions").good(), told["application/json"]["example"]);
    let example = |path: &str| {
        document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["example"]
            .clone()
    };
    same_shape(&app.get("/readyz").good(), &example("/readyz"), "/readyz");
    let plan = app.get("/api/v1/plans").good()["items"][0]["id"].as_str().unwrap().to_owned();
    for (path, item) in document["paths"].as_object().unwrap() {
        let json = "/get/responses/200/content/application~1json/example";
        let Some(shown) = item.pointer(json) else { continue };
        if path.starts_with("/api/v1/plans/{id}") {
            let address = path.replace("{id}", &plan);
            let answer = app.get(&format!(
                "{address}{}",
                if path.ends_with("difference") { format!("?with={plan}") } else { String::new() }
            ));
            same_shape(&answer.good(), shown, path);
        }
    }
    for path in ["/api/v1/postings", "/api/v1/rules"] {
        same_shape(&app.get(path).good(), &example(path), path);
    }
    same_shape(&app.get("/api/v1/rules/h1").good(), &example("/api/v1/rules/{id}"), "rules");
    let desk = app.call("GET", "/api/v1/desk", &commissioner, None).good();
    same_shape(&desk, &example("/api/v1/desk"), "desk");
    let search = app.get("/api/v1/search?q=%E8%86%9C%E7%94%B5%E6%9E%81").good();
    same_shape(&search["hits"], &example("/api/v1/search")["hits"], "search");
}

/// A job once it has ended.
fn ended(app: &TestApp, job: &Value) -> Value {
    let address = format!("/api/v1/jobs/{}", job["id"].as_str().unwrap());
    let events = app.get(&format!("{address}/events")).body;
    assert!(events.contains("event:end") || events.contains("event: end"), "{events}");
    app.get(&address).good()
}

/// Objects have the same keys; of lists the first entries are compared.
fn same_shape(found: &Value, example: &Value, place: &str) {
    match (found, example) {
        (Value::Object(found), Value::Object(example)) => {
            let keys =
                |map: &serde_json::Map<String, Value>| map.keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(found), keys(example), "{place}");
            for (key, value) in found {
                same_shape(value, &example[key], &format!("{place}.{key}"));
            }
        }
        (Value::Array(found), Value::Array(example)) => {
            if let (Some(found), Some(example)) = (found.first(), example.first()) {
                same_shape(found, example, &format!("{place}[0]"));
            }
        }
        _ => {}
    }
}

#[test]
fn health_readiness_and_metrics_say_how_it_is() {
    let app = TestApp::anonymous();
    assert_eq!(app.get("/healthz").good(), json!({"status": "ok"}));
    let ready = app.get("/readyz").good();
    assert_eq!((&ready["lag"], &ready["documents"]), (&json!(0), &json!(9)));
    app.post("/api/v1/match", &json!({"text": "膜电极"})).good();
    app.get("/secret-path").problem(404, "no_such_route");
    let metrics = app.get("/metrics");
    assert!(metrics.content_type.starts_with("text/plain"), "{}", metrics.content_type);
    for line in [
        r#"duijie_http_requests_total{method="POST",route="/api/v1/match",status="200"} 1"#,
        r#"duijie_http_requests_total{method="GET",route="unmatched",status="404"} 1"#,
        "duijie_matches_total 1",
        "duijie_index_lag_changes 0",
        "duijie_index_documents 9",
        "duijie_http_request_duration_seconds_bucket{",
    ] {
        assert!(metrics.body.contains(line), "{line} in {}", metrics.body);
    }
    assert!(!metrics.body.contains("secret-path"));
}

#[test]
fn everybody_is_let_in_from_this_machine_only() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let outside = ServeOptions { addr: ([0, 0, 0, 0], 0).into(), ..ServeOptions::for_testing() };
    let error = runtime.block_on(Server::bind(outside.clone())).err().expect("refused");
    assert!(matches!(error, ServeError::AnonymousFromOutside { .. }), "{error}");
    let public = ServeOptions { allow_anonymous: false, ..outside };
    assert!(runtime.block_on(Server::bind(public)).is_ok());
}

#[test]
fn a_running_request_is_finished_and_then_nothing_is_accepted() {
    let mut app = TestApp::local();
    let addr = app.addr;
    let body = json!({"text": "膜电极耐久性"}).to_string();
    let (first, second) = body.split_at(8);
    let mut stream = TcpStream::connect(addr).unwrap();
    let head = format!(
        "POST /api/v1/match HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{first}",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let mut response = String::new();
    let stopped = app.stop(|| {
        std::thread::sleep(Duration::from_millis(200));
        assert!(TcpStream::connect(addr).is_err(), "nothing new is accepted");
        stream.write_all(second.as_bytes()).unwrap();
        stream.read_to_string(&mut response).unwrap();
    });
    stopped.unwrap();
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
}

#[test]
fn a_request_that_never_ends_does_not_keep_the_server_from_stopping() {
    let grace = Duration::from_millis(300);
    let mut app =
        TestApp::serve(ServeOptions { shutdown_grace: grace, ..ServeOptions::for_testing() });
    let mut stream = TcpStream::connect(app.addr).unwrap();
    stream
        .write_all(b"POST /api/v1/match HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{")
        .unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let began = Instant::now();
    app.stop(|| {}).unwrap();
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}
