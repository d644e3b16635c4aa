use serde_json::{Value, json};

use crate::support::TestApp;

const TEXT: &str = "燃料电池膜电极耐久性不足，希望连续运行8000小时";

fn keys(value: &Value) -> Vec<&str> {
    let object = value.as_object().unwrap_or_else(|| panic!("an object: {value}"));
    object.keys().map(String::as_str).collect()
}

fn match_text(app: &TestApp, body: Value) -> Value {
    app.post("/api/v1/match", &body).good()
}

fn labs(answer: &Value) -> Vec<&str> {
    let matches = answer["matches"].as_array().unwrap();
    matches.iter().map(|m| m["lab"]["external_id"].as_str().unwrap()).collect()
}

#[test]
fn a_match_has_the_shape_of_the_contract_and_its_score_is_the_sum_of_its_reasons() {
    let app = TestApp::local();
    let answer = match_text(&app, json!({"text": TEXT}));
    assert_eq!(
        keys(&answer),
        ["matches", "need", "no_good_match", "position", "result_id", "statistics"]
    );
    assert_eq!(keys(&answer["need"]), ["external_id", "id", "title"]);
    assert_eq!(answer["need"]["id"], Value::Null);
    assert!(answer["position"].as_i64().unwrap() > 0);
    assert_eq!(answer["no_good_match"], false);
    assert_eq!(labs(&answer)[0], "lab-h2");
    for (found, rank) in answer["matches"].as_array().unwrap().iter().zip(1..) {
        assert_eq!(
            keys(found),
            ["band", "contributions", "evidence", "lab", "label", "rank", "score", "share"]
        );
        assert_eq!(found["rank"], rank);
        assert_eq!(keys(&found["lab"]), ["external_id", "id", "institutions", "name"]);
        assert_eq!(keys(&found["lab"]["institutions"][0]), ["id", "name"]);
        let contributions = found["contributions"].as_array().unwrap();
        let sum: f64 = contributions.iter().map(|c| c["value"].as_f64().unwrap()).sum();
        assert!((sum - found["score"].as_f64().unwrap()).abs() < 1e-9, "{found}");
        let evidence = found["evidence"].as_array().unwrap();
        for contribution in contributions {
            assert_eq!(keys(contribution), ["evidence", "field", "kind", "name", "value"]);
            for place in contribution["evidence"].as_array().unwrap() {
                assert!(place.as_u64().unwrap() < evidence.len() as u64);
            }
        }
        for sentence in evidence {
            let text: Vec<char> = sentence["text"].as_str().unwrap().chars().collect();
            for span in sentence["spans"].as_array().unwrap() {
                let (start, end) = (span[0].as_u64().unwrap(), span[1].as_u64().unwrap());
                assert!(start < end && end as usize <= text.len(), "{sentence}");
            }
        }
    }
}

#[test]
fn evidence_stands_in_its_record_where_it_says_and_a_profile_is_no_achievement() {
    let app = TestApp::local();
    let answer = match_text(&app, json!({"text": TEXT}));
    let best = &answer["matches"][0];
    assert_eq!((&best["band"], &best["label"]), (&json!("strong"), &json!("强")));
    let evidence = best["evidence"].as_array().unwrap();
    let of = |external_id: Value| {
        let found = evidence.iter().find(|e| e["achievement_external_id"] == external_id);
        found.unwrap_or_else(|| panic!("{external_id} in {best}"))
    };
    let patent = of(json!("ach-mea"));
    assert_eq!(patent["date"], "2021-06");
    assert_eq!(patent["title"], "长寿命燃料电池膜电极制备方法");
    let record =
        app.get(&format!("/api/v1/achievements/{}", patent["achievement"].as_str().unwrap()));
    let record = record.good();
    let field: Vec<char> =
        record[patent["field"].as_str().unwrap()].as_str().unwrap().chars().collect();
    let text: Vec<char> = patent["text"].as_str().unwrap().chars().collect();
    let offset = patent["offset"].as_u64().unwrap() as usize;
    assert_eq!(field[offset..offset + text.len()], text[..]);
    let profile = of(Value::Null);
    assert_eq!(
        (&profile["achievement"], &profile["title"], &profile["date"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert!(["profile", "name"].contains(&profile["field"].as_str().unwrap()));
}

#[test]
fn a_need_is_named_by_id_external_id_or_source_and_equal_questions_have_equal_results() {
    let app = TestApp::local();
    let by_name = match_text(&app, json!({"need": "need-1"}));
    assert_eq!(by_name["need"]["external_id"], "need-1");
    assert_eq!(by_name["need"]["title"], "膜电极耐久性不足");
    assert_eq!(labs(&by_name)[0], "lab-h2");
    let id = by_name["need"]["id"].as_str().unwrap();
    for name in [id, "import:need-1"] {
        assert_eq!(match_text(&app, json!({"need": name})), by_name);
    }
    app.post("/api/v1/match", &json!({"need": "need-99"})).problem(404, "not_found");
}

#[test]
fn every_filter_filters_and_refuses_an_unknown_value() {
    let app = TestApp::local();
    let text = format!("{TEXT}；机床主轴热误差补偿");
    let all = match_text(&app, json!({"text": text}));
    assert_eq!(all["matches"].as_array().unwrap().len(), 3);
    for (filter, value, unknown, want) in [
        ("region", "江苏省", "火星", vec!["lab-h2", "lab-secret"]),
        ("institution_class", "major_institute", "第一", vec!["lab-cnc"]),
        ("institution", "inst-2", "inst-99", vec!["lab-cnc"]),
        ("area", "NSFC:E", "NSFC:Z99", vec!["lab-h2"]),
        ("kind", "centre", "工厂", vec!["lab-cnc"]),
        ("kind", "university", "", vec!["lab-h2", "lab-secret"]),
    ] {
        let answer = match_text(&app, json!({"text": text, "filters": {filter: value}}));
        let mut found = labs(&answer);
        found.sort_unstable();
        assert_eq!(found, want, "{filter}");
        let refused =
            app.post("/api/v1/match", &json!({"text": text, "filters": {filter: unknown}}));
        let problem = refused.problem(400, "invalid_value");
        assert_eq!(problem["field"], format!("filters.{filter}"));
    }
    let limited = match_text(&app, json!({"text": text, "limit": 1, "filters": {}}));
    assert_eq!(limited["matches"].as_array().unwrap().len(), 1);
}

#[test]
fn an_unrelated_need_has_no_good_match() {
    let app = TestApp::local();
    let answer = match_text(&app, json!({"text": "奶牛乳房炎疫苗"}));
    assert_eq!(answer["no_good_match"], true, "{answer}");
    let blank = match_text(&app, json!({"text": "\u{0}"}));
    assert_eq!(blank["matches"], json!([]));
}
