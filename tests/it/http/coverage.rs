use serde_json::{Value, json};

use crate::support::TestApp;

const TEXT: &str = "燃料电池膜电极耐久性不足，希望连续运行8000小时；机床主轴热误差补偿";

fn keys(value: &Value) -> Vec<&str> {
    let object = value.as_object().unwrap_or_else(|| panic!("an object: {value}"));
    object.keys().map(String::as_str).collect()
}

fn given(names: &[&str]) -> Value {
    let kind = |name: &str| {
        let number = name.chars().any(|c| c.is_ascii_digit());
        if number { "requirement" } else { "product" }
    };
    names.iter().map(|name| json!({"kind": kind(name), "name": name})).collect()
}

fn coverage(app: &TestApp, points: &[&str]) -> Value {
    app.post("/api/v1/coverage", &json!({"text": TEXT, "points": given(points)})).good()
}

/// The cell of a lab for the point in a place.
fn cell<'a>(answer: &'a Value, lab: &str, point: usize) -> &'a Value {
    let labs = answer["labs"].as_array().unwrap();
    let found = labs.iter().find(|found| found["lab"]["external_id"] == lab);
    &found.unwrap_or_else(|| panic!("{lab} in {answer}"))["cells"][point]
}

fn part(text: &Value, span: &Value) -> String {
    let at = |idx: usize| span[idx].as_u64().unwrap() as usize;
    text.as_str().unwrap().chars().skip(at(0)).take(at(1) - at(0)).collect()
}

#[test]
fn the_labs_of_the_match_are_held_against_every_point_with_the_sentence_that_earns_it() {
    let app = TestApp::local();
    let answer = app.post("/api/v1/coverage", &json!({"text": TEXT})).good();
    assert_eq!(keys(&answer), ["labs", "need", "points", "position", "statistics", "team"]);
    let matched = app.post("/api/v1/match", &json!({"text": TEXT})).good();
    let points = answer["points"].as_array().unwrap();
    assert!(!points.is_empty());
    let labs = answer["labs"].as_array().unwrap();
    assert_eq!(labs.len(), matched["matches"].as_array().unwrap().len());
    for (lab, found) in labs.iter().zip(matched["matches"].as_array().unwrap()) {
        for key in ["rank", "score", "band", "lab"] {
            assert_eq!(lab[key], found[key], "{key}");
        }
        let parts = lab["contributions"].as_array().unwrap();
        let sum: f64 = parts.iter().map(|part| part["value"].as_f64().unwrap()).sum();
        assert!((sum - lab["score"].as_f64().unwrap()).abs() < 1e-9, "{lab}");
        let cells = lab["cells"].as_array().unwrap();
        assert_eq!(cells.len(), points.len());
        for cell in cells {
            let strength = cell["strength"].as_f64().unwrap();
            assert!((0.0..=1.0).contains(&strength), "{cell}");
            assert_eq!(strength == 0.0 && cell["comparison"].is_null(), cell["evidence"].is_null());
            let Some(name) = cell["evidence"]["achievement"].as_str() else { continue };
            let record = app.get(&format!("/api/v1/achievements/{name}")).good();
            let field = &record[cell["evidence"]["field"].as_str().unwrap()];
            let sentence = cell["evidence"]["text"].as_str().unwrap();
            if field.is_string() {
                let offset = cell["evidence"]["offset"].as_u64().unwrap();
                let end = offset + sentence.chars().count() as u64;
                assert_eq!(part(field, &json!([offset, end])), sentence);
            }
        }
    }
    let again = app.post("/api/v1/coverage", &json!({"text": TEXT})).good();
    assert_eq!(again, answer);
}

#[test]
fn the_team_leads_with_who_covers_most_and_names_what_stays_open() {
    let app = TestApp::local();
    let answer = coverage(&app, &["膜电极", "耐久性", "主轴热误差", "奶牛疫苗"]);
    let team = &answer["team"];
    let labs = answer["labs"].as_array().unwrap();
    let members = team["members"].as_array().unwrap();
    let name = |member: &Value| {
        labs[member["lab"].as_u64().unwrap() as usize]["lab"]["external_id"].clone()
    };
    let told: Vec<(Value, &Value, &Value)> =
        members.iter().map(|m| (name(m), &m["lead"], &m["points"])).collect();
    let (yes, no, of_h2, of_cnc) = (json!(true), json!(false), json!([0, 1]), json!([2]));
    assert_eq!(told, [(json!("lab-h2"), &yes, &of_h2), (json!("lab-cnc"), &no, &of_cnc)]);
    assert_eq!((&team["open"], &team["exact"]), (&json!([3]), &json!(true)), "{team}");
    let adds: f64 = members.iter().map(|m| m["adds"].as_f64().unwrap()).sum();
    assert!((adds - team["value"].as_f64().unwrap()).abs() < 1e-9);
    let alone =
        app.post("/api/v1/coverage", &json!({"text": TEXT, "team_size": 1, "limit": 2})).good();
    assert_eq!(alone["team"]["members"].as_array().unwrap().len(), 1);
    assert_eq!(alone["labs"].as_array().unwrap().len(), 2);
}

#[test]
fn a_number_is_told_to_be_met_or_not_with_both_places() {
    let app = TestApp::local();
    let names = ["电压衰减低于20%", "电压衰减低于5%", "定位误差小于1微米", "催化层结构"];
    let answer = coverage(&app, &names);
    let told = |lab: &str, point: usize| {
        let cell = cell(&answer, lab, point);
        let comparison = &cell["comparison"];
        let required = part(&answer["points"][point]["name"], &comparison["required"]);
        let found = part(&cell["evidence"]["text"], &comparison["found"]);
        let verdict = comparison["verdict"].as_str().unwrap().to_owned();
        (verdict, required, found, cell["strength"].as_f64().unwrap())
    };
    let is = |verdict: &str, required: &str, found: &str, strength| {
        (verdict.to_owned(), required.to_owned(), found.to_owned(), strength)
    };
    assert_eq!(told("lab-h2", 0), is("satisfied", "低于20%", "低于10%", 1.0));
    // Below 10 % may be below 5 %.
    assert_eq!(cell(&answer, "lab-h2", 1)["comparison"]["verdict"], "unknown");
    assert_eq!(cell(&answer, "lab-h2", 1)["level"], "open");
    assert_eq!(cell(&answer, "lab-cnc", 1)["comparison"], Value::Null);
    assert_eq!(cell(&answer, "lab-cnc", 2)["comparison"]["verdict"], "unknown");
    assert_eq!(cell(&answer, "lab-h2", 3)["level"], "covered");
    let created = json!({"external_id": "ach-bad", "title": "膜电极耐久性对照", "lab_ids": ["lab-cnc"],
        "abstract": "燃料电池膜电极连续运行后电压衰减高于30%。", "visibility": "public"});
    app.post("/api/v1/achievements", &created);
    app.caught_up();
    let answer = coverage(&app, &names);
    let cell = cell(&answer, "lab-cnc", 0);
    assert_eq!(
        (&cell["comparison"]["verdict"], &cell["comparison"]["label"], &cell["strength"]),
        (&json!("violated"), &json!("未达到"), &json!(0.0)),
        "{cell}"
    );
    assert_eq!(part(&cell["evidence"]["text"], &cell["comparison"]["found"]), "高于30%");
}

#[test]
fn own_points_with_odd_names_are_covered_by_nobody() {
    let app = TestApp::local();
    let answer = coverage(&app, &["!!!", "😀", "技术", "\u{301}膜电极", "≥", "9"]);
    for lab in answer["labs"].as_array().unwrap() {
        for (idx, cell) in lab["cells"].as_array().unwrap().iter().enumerate() {
            assert!(idx == 3 || cell["level"] == "open", "{idx}: {cell}");
        }
    }
    assert_eq!(cell(&answer, "lab-h2", 3)["level"], "covered");
}

#[test]
fn a_lab_is_told_what_it_lacks() {
    let app = TestApp::local();
    let ask = |lab: &str, rank: usize| {
        let points = given(&["膜电极", "电压衰减低于20%"]);
        let body =
            json!({"text": "燃料电池膜电极耐久性", "points": points, "lab": lab, "rank": rank});
        app.post("/api/v1/why-not", &body).good()
    };
    let far = ask("lab-cnc", 1);
    assert_eq!((&far["lab"]["rank"], &far["lab"]["score"]), (&Value::Null, &json!(0.0)));
    assert_eq!(far["reference"]["lab"]["external_id"], "lab-h2");
    assert_eq!(far["lacks"], json!([0, 1]));
    let sentences: Vec<&str> =
        far["sentences"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
    assert!(sentences[0].contains("未进入候选"), "{sentences:?}");
    assert!(sentences.iter().any(|s| s.contains("膜电极（少")), "{sentences:?}");
    let gaps: f64 = far["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["values"][1].as_f64().unwrap() - d["values"][0].as_f64().unwrap())
        .sum();
    assert!((gaps - far["reference"]["score"].as_f64().unwrap()).abs() < 1e-9);
    // The tenth of two is the last.
    let near = ask("lab-h2", 10);
    assert_eq!(near["lab"]["rank"], 1);
    assert_eq!(near["reference"]["lab"]["external_id"], "lab-secret");
    assert_eq!(
        ask("lab-h2", 1)["differences"].as_array().unwrap().len(),
        near["differences"].as_array().unwrap().len()
    );
}

#[test]
fn two_labs_stand_side_by_side_as_they_stand_in_the_match() {
    let app = TestApp::local();
    let body = json!({"text": TEXT, "labs": ["lab-cnc", "lab-h2"]});
    let answer = app.post("/api/v1/compare", &body).good();
    let table = app.post("/api/v1/coverage", &json!({"text": TEXT})).good();
    let of = |name: &str| {
        let labs = table["labs"].as_array().unwrap();
        labs.iter().find(|lab| lab["lab"]["external_id"] == name).unwrap().clone()
    };
    assert_eq!(answer["labs"], json!([of("lab-cnc"), of("lab-h2")]));
    for (idx, lab) in answer["labs"].as_array().unwrap().iter().enumerate() {
        let values = answer["differences"].as_array().unwrap().iter();
        let sum: f64 = values.map(|d| d["values"][idx].as_f64().unwrap()).sum();
        assert!((sum - lab["score"].as_f64().unwrap()).abs() < 1e-9);
    }
}

#[test]
fn what_cannot_be_answered_is_refused_with_advice() {
    let app = TestApp::local();
    let refused = |door: &str, body: Value, status, code, field: &str| {
        let answer = app.post(&format!("/api/v1/{door}"), &body);
        let problem = answer.problem(status, code);
        assert!(field.is_empty() || problem["field"] == field, "{problem}");
    };
    let text = TEXT;
    refused("coverage", json!({"text": text, "limit": 21}), 413, "too_large", "limit");
    refused("coverage", json!({"text": text, "limit": 0}), 400, "invalid_value", "limit");
    refused("coverage", json!({"text": text, "team_size": 6}), 413, "too_large", "team_size");
    refused("coverage", json!({"text": text, "team_size": 0}), 400, "invalid_value", "team_size");
    refused("coverage", json!({"text": text, "points": []}), 400, "invalid_value", "points");
    refused("coverage", json!({"text": text, "lab": "x"}), 400, "unknown_field", "lab");
    refused("coverage", json!({"need": "need-99"}), 404, "not_found", "");
    let filters = json!({"region": "火星"});
    refused(
        "coverage",
        json!({"text": text, "filters": filters}),
        400,
        "invalid_value",
        "filters.region",
    );
    refused("why-not", json!({"text": text}), 400, "invalid_value", "lab");
    refused("why-not", json!({"text": text, "lab": "lab-99"}), 404, "not_found", "");
    refused(
        "why-not",
        json!({"text": text, "lab": "lab-h2", "rank": 101}),
        413,
        "too_large",
        "rank",
    );
    refused(
        "why-not",
        json!({"text": text, "lab": "lab-h2", "rank": 0}),
        400,
        "invalid_value",
        "rank",
    );
    refused("compare", json!({"text": text, "labs": ["lab-h2"]}), 400, "invalid_value", "labs");
    refused("compare", json!({"text": text, "labs": ["lab-h2", 1]}), 400, "invalid_value", "labs");
    refused("compare", json!({"text": text, "labs": ["lab-h2", "lab-99"]}), 404, "not_found", "");
    let twice = json!(["lab-h2", "import:lab-h2"]);
    refused("compare", json!({"text": text, "labs": twice}), 400, "invalid_value", "labs");
    let outside = json!({"text": text, "lab": "lab-cnc", "filters": {"region": "江苏"}});
    let answer = app.post("/api/v1/why-not", &outside).good();
    assert_eq!((&answer["passes_filters"], &answer["lab"]["rank"]), (&json!(false), &Value::Null));
    assert!(answer["sentences"][0].as_str().unwrap().contains("不符合筛选条件"), "{answer}");
}

#[test]
fn nobody_learns_of_labs_and_evidence_that_they_may_not_see() {
    let app = TestApp::anonymous();
    let points = given(&["膜电极", "未公开配方"]);
    for (door, labs) in [
        ("coverage", json!({})),
        ("why-not", json!({"lab": "lab-h2"})),
        ("compare", json!({"labs": ["lab-h2", "lab-cnc"]})),
    ] {
        let mut body = json!({"text": "膜电极耐久性，未公开配方", "points": points});
        body.as_object_mut().unwrap().extend(labs.as_object().unwrap().clone());
        let answer = app.post(&format!("/api/v1/{door}"), &body);
        for secret in ["lab-secret", "ach-secret", "绝密", "保密"] {
            assert!(!answer.body.contains(secret), "{secret} in {}", answer.body);
        }
        answer.good();
    }
    let text = "膜电极";
    let labs = json!(["lab-h2", "lab-secret"]);
    app.post("/api/v1/compare", &json!({"text": text, "labs": labs})).problem(404, "not_found");
    let lab = "lab-secret";
    app.post("/api/v1/why-not", &json!({"text": text, "lab": lab})).problem(404, "not_found");
    app.post("/api/v1/coverage", &json!({"need": "need-p"})).problem(404, "not_found");
}
