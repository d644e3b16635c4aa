use serde_json::{Value, json};

use crate::support::TestApp;

const TEXT: &str =
    "高温封装银烧结层的空洞率控制。目前采用有压烧结，希望降低烧结压力，用于车载功率模块。";

fn points(answer: &Value) -> Vec<(&str, &str)> {
    let points = answer["points"].as_array().unwrap_or_else(|| panic!("points: {answer}"));
    points.iter().map(|p| (p["kind"].as_str().unwrap(), p["name"].as_str().unwrap())).collect()
}

fn topics(answer: &Value) -> Vec<&str> {
    let questions = answer["questions"].as_array().unwrap();
    questions.iter().map(|question| question["topic"].as_str().unwrap()).collect()
}

#[test]
fn a_text_falls_into_points_that_stand_where_they_say_and_weigh_one_together() {
    let app = TestApp::local();
    let answer = app.post("/api/v1/points", &json!({"text": TEXT})).good();
    assert!(points(&answer).contains(&("effect", "空洞率控制")), "{answer}");
    assert!(points(&answer).contains(&("application", "车载功率模块")), "{answer}");
    let title: Vec<char> = answer["need"]["title"].as_str().unwrap().chars().collect();
    let body: Vec<char> = TEXT.chars().skip(title.len()).collect();
    let mut sum = 0.0;
    for point in answer["points"].as_array().unwrap() {
        let text = if point["section"] == "title" { &title } else { &body };
        let at = |idx: usize| point["span"][idx].as_u64().unwrap() as usize;
        let written: String = text[at(0)..at(1)].iter().collect();
        assert_eq!(point["name"], written);
        sum += point["weight"].as_f64().unwrap();
    }
    assert!((sum - 1.0).abs() < 1e-9);
    let again = app.post("/api/v1/points", &json!({"text": TEXT})).good();
    assert_eq!(again, answer);
}

#[test]
fn a_number_that_is_asked_for_is_tied_to_what_is_measured() {
    let app = TestApp::local();
    let text = "功率模块银烧结层。目前空洞率为15%，要求空洞率不大于5%，剪切强度≥40MPa。";
    let answer = app.post("/api/v1/points", &json!({"text": text})).good();
    let asked: Vec<&Value> = answer["points"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|point| point["kind"] == "requirement")
        .map(|point| &point["requirement"])
        .collect();
    let wanted = [("空洞率", "不大于5%"), ("剪切强度", "≥40MPa")].map(|(subject, quantity)| {
        json!({"subject": subject, "quantity": quantity, "statement": "absolute"})
    });
    assert_eq!(asked, wanted.iter().collect::<Vec<_>>(), "{answer}");
    assert!(!topics(&answer).contains(&"indicator"), "{answer}");
}

#[test]
fn a_need_is_not_asked_for_what_its_fields_tell() {
    let app = TestApp::local();
    let answer = app.post("/api/v1/points", &json!({"need": "need-1"})).good();
    assert_eq!(answer["need"]["external_id"], "need-1");
    assert!(!topics(&answer).contains(&"budget"), "{answer}");
    assert!(topics(&answer).contains(&"time"), "{answer}");
    let text = app.post("/api/v1/points", &json!({"text": TEXT})).good();
    assert!(topics(&text).contains(&"budget"), "{text}");
}

#[test]
fn a_users_points_are_used_as_they_are() {
    let app = TestApp::local();
    let given = json!([
        {"kind": "effect", "name": "空洞率", "weight": 3},
        {"kind": "product", "name": "不在文中的压机"}
    ]);
    let answer = app.post("/api/v1/points", &json!({"text": TEXT, "points": given})).good();
    assert_eq!(points(&answer), [("effect", "空洞率"), ("product", "不在文中的压机")]);
    let [first, second] = [0, 1].map(|idx| &answer["points"][idx]);
    assert_eq!((&first["weight"], &first["section"]), (&json!(0.75), &json!("title")));
    assert_eq!((&second["span"], &second["section"]), (&Value::Null, &Value::Null));
}

#[test]
fn points_that_cannot_be_used_are_refused_with_advice() {
    let app = TestApp::local();
    let refused = |points: Value, status, code, told: &str| {
        let answer = app.post("/api/v1/points", &json!({"text": TEXT, "points": points}));
        let problem = answer.problem(status, code);
        assert!(problem["detail"].as_str().unwrap().contains(told), "{problem}");
    };
    let many: Vec<Value> =
        (0..99).map(|n| json!({"kind": "method", "name": n.to_string()})).collect();
    refused(json!(many), 413, "too_large", "超过上限");
    refused(json!([]), 400, "invalid_value", "至少写一个");
    refused(json!([{"kind": "method", "name": " "}]), 400, "invalid_value", "第 1 个没有名称");
    refused(json!([{"kind": "colour", "name": "红"}]), 400, "invalid_value", "material、method");
    refused(json!([{"name": "红"}]), 400, "invalid_value", "没有给出");
    refused(json!([{"kind": "method", "name": "焊", "weight": 0}]), 400, "invalid_value", "权重");
    refused(json!([{"kind": "method", "nane": "焊"}]), 400, "unknown_field", "points.nane");
    refused(json!(["焊"]), 400, "invalid_value", "对象的列表");
    app.post("/api/v1/points", &json!({})).problem(400, "invalid_value");
    app.post("/api/v1/points", &json!({"text": " "})).problem(400, "invalid_value");
    app.post("/api/v1/points", &json!({"need": "need-99"})).problem(404, "not_found");
}

#[test]
fn nobody_learns_the_points_of_a_need_that_they_may_not_see() {
    let app = TestApp::anonymous();
    app.post("/api/v1/points", &json!({"need": "need-1"})).good();
    for need in ["need-m", "need-p"] {
        app.post("/api/v1/points", &json!({"need": need})).problem(404, "not_found");
    }
}
