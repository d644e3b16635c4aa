use std::sync::LazyLock;
use std::time::Duration;

use duijie::http::{BODY_BYTES_MAX, ServeOptions, Timeouts};
use proptest::prelude::*;
use serde_json::json;

use crate::support::TestApp;

#[test]
fn addresses_and_methods_that_do_not_exist_are_problems() {
    let app = TestApp::local();
    app.get("/").problem(404, "no_such_route");
    app.get("/api/v2/needs").problem(404, "no_such_route");
    app.get("/api/v1/needs/").problem(404, "no_such_route");
    let refused = app.delete("/api/v1/needs");
    refused.problem(405, "method_not_allowed");
    assert!(refused.header("allow").is_some_and(|allow| allow.contains("POST")), "{refused:?}");
    app.get("/api/v1/match").problem(405, "method_not_allowed");
    app.get("/api/v1/needs/%FF").problem(400, "bad_url");
    app.get("/api/v1/needs/%00").problem(404, "not_found");
    let long = app.get(&format!("/api/v1/needs/{}", "a".repeat(5_000)));
    long.problem(404, "not_found");
}

#[test]
fn bodies_that_are_no_json_objects_are_problems() {
    let app = TestApp::local();
    let send =
        |content_type: &str, body: &[u8]| app.post_bytes("/api/v1/match", content_type, body);
    send("text/plain", b"{}").problem(415, "unsupported_media_type");
    send("application/json; charset=utf-8", b"{").problem(400, "bad_json");
    let large = vec![b' '; BODY_BYTES_MAX + 1];
    let problem = send("application/json", &large).problem(413, "too_large");
    assert_eq!((&problem["field"], &problem["limit"]), (&json!("body"), &json!(BODY_BYTES_MAX)));
    let nested = [b"{\"text\": ".to_vec(), vec![b'['; 100_000]].concat();
    for body in [
        &b""[..],
        b"null",
        b"[]",
        b"\"text\"",
        b"{\"text\": \"\xff\"}",
        b"{\"text\": \"a\",}",
        b"{\"text\": 1e999}",
        b"{\"text\": \"\x00\"}",
        b"{\"text\": \"\\ud800\"}",
        &nested,
    ] {
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        assert_eq!(
            send("application/json", body).problem(400, "bad_json")["status"],
            400,
            "{shown}"
        );
    }
    let place =
        send("application/json", "{\"text\":\n \"膜\" x}".as_bytes()).problem(400, "bad_json");
    assert!(place["detail"].as_str().unwrap().contains("第 2 行第 6 个字符"), "{place}");
}

#[test]
fn questions_that_are_none_are_problems_that_name_the_key() {
    let app = TestApp::local();
    let ask = |body: &str| app.post_bytes("/api/v1/match", "application/json", body.as_bytes());
    for (body, code, field) in [
        ("{}", "invalid_value", "text"),
        (r#"{"text": "a", "need": "b"}"#, "invalid_value", "text"),
        (r#"{"text": " "}"#, "invalid_value", "text"),
        (r#"{"text": 5}"#, "invalid_value", "text"),
        (r#"{"text": "a", "text": "b"}"#, "invalid_value", "text"),
        (r#"{"need": {}}"#, "invalid_value", "need"),
        (r#"{"text": "a", "limit": 0}"#, "invalid_value", "limit"),
        (r#"{"text": "a", "limit": -1}"#, "invalid_value", "limit"),
        (r#"{"text": "a", "limit": 1.5}"#, "invalid_value", "limit"),
        (r#"{"text": "a", "limit": "10"}"#, "invalid_value", "limit"),
        (r#"{"text": "a", "limit": 1e300}"#, "invalid_value", "limit"),
        (r#"{"text": "a", "limit": 99999999999999999999999999}"#, "invalid_value", "limit"),
        (r#"{"text": "a", "filters": []}"#, "invalid_value", "filters"),
        (r#"{"text": "a", "filters": {"region": 1}}"#, "invalid_value", "filters.region"),
        (r#"{"text": "a", "filters": {"city": "南京"}}"#, "unknown_field", "filters.city"),
        (r#"{"txet": "a"}"#, "unknown_field", "txet"),
    ] {
        assert_eq!(ask(body).problem(400, code)["field"], field, "{body}");
    }
    let long = ask(&json!({"text": "字".repeat(20_001)}).to_string()).problem(413, "too_large");
    assert_eq!((&long["field"], &long["limit"]), (&json!("text"), &json!(20_000)));
    let many = ask(&json!({"text": "字", "limit": 101}).to_string()).problem(413, "too_large");
    assert_eq!((&many["field"], &many["limit"]), (&json!("limit"), &json!(100)));
}

/// What the server says to a request whose body does not come.
fn without_body(body_timeout_ms: u64, request_timeout_ms: u64) -> String {
    let timeouts = Timeouts {
        body: Duration::from_millis(body_timeout_ms),
        request: Duration::from_millis(request_timeout_ms),
        ..Timeouts::default()
    };
    let app = TestApp::serve(ServeOptions { timeouts, ..ServeOptions::for_testing() });
    app.raw(
        b"POST /api/v1/match HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
          Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
    )
}

#[test]
fn whoever_takes_too_long_is_told_the_limit() {
    let slow_body = without_body(300, 20_000);
    assert!(slow_body.starts_with("HTTP/1.1 408"), "{slow_body}");
    assert!(slow_body.contains("body_timeout") && slow_body.contains("300 毫秒"), "{slow_body}");
    let slow = without_body(20_000, 300);
    assert!(slow.starts_with("HTTP/1.1 503"), "{slow}");
    assert!(slow.contains("\"timeout\"") && slow.contains("300 毫秒"), "{slow}");
}

#[test]
fn what_was_sent_is_not_sent_back_at_any_length() {
    let app = TestApp::local();
    let body = json!({ "字".repeat(100_000): 1 });
    let answer = app.post("/api/v1/match", &body);
    answer.problem(400, "unknown_field");
    assert!(answer.body.chars().count() < 2_000);
}

static APP: LazyLock<TestApp> = LazyLock::new(TestApp::local);

/// Text that is nearly JSON finds more than bytes do.
fn nearly_json() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(":"),
        Just(","),
        Just("\"text\""),
        Just("\"need\""),
        Just("\"title\""),
        Just("\"name\""),
        Just("\"limit\""),
        Just("\"filters\""),
        Just("\"budget\""),
        Just("\"膜\""),
        Just("\"\\u0000\""),
        Just("-1"),
        Just("1e308"),
        Just("1e309"),
        Just("null"),
        Just("true"),
        Just("\n"),
        Just("\u{FEFF}"),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat().into_bytes())
}

fn json_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        "\\PC{0,12}".prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| prop::collection::vec(inner, 0..4).prop_map(Into::into))
}

/// Objects of keys that exist with values of any sort.
fn object() -> impl Strategy<Value = Vec<u8>> {
    let key = prop::sample::select(vec![
        "text",
        "need",
        "limit",
        "filters",
        "external_id",
        "source",
        "title",
        "name",
        "body",
        "budget",
        "budget_fen",
        "areas",
        "modes",
        "maturity",
        "date",
        "kind",
        "lab_ids",
        "as_of",
    ]);
    prop::collection::btree_map(key, json_value(), 0..5)
        .prop_map(|map| serde_json::to_vec(&map).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_body_is_our_fault(
        body in prop_oneof![prop::collection::vec(any::<u8>(), 0..200), nearly_json(), object()],
        path in prop::sample::select(vec!["match", "needs", "labs", "achievements", "institutions"]),
    ) {
        let answer = APP.post_bytes(&format!("/api/v1/{path}"), "application/json", &body);
        prop_assert!(answer.status < 500, "{} {}", answer.status, answer.body);
    }

    #[test]
    fn no_address_is_our_fault(
        bytes in prop::collection::vec(any::<u8>(), 0..30),
        path in prop::sample::select(vec!["needs/", "needs?", "search?q=", "search?", "needs?after="]),
    ) {
        let encoded: String = bytes.iter().map(|byte| match byte {
            b'a'..=b'z' | b'=' | b'&' | b'+' => char::from(*byte).to_string(),
            other => format!("%{other:02x}"),
        }).collect();
        let answer = APP.get(&format!("/api/v1/{path}{encoded}"));
        prop_assert!(answer.status < 500, "{} {}", answer.status, answer.body);
    }
}
