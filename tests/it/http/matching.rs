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
        ["matches", "need", "no_good_match", "position", "result_id", "statistics", "today"]
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
            match contribution["kind"].as_str().unwrap() {
                "fit" | "policy" => assert_eq!(
                    keys(contribution),
                    ["evidence", "kind", "known", "label", "name", "value"]
                ),
                _ => assert_eq!(keys(contribution), ["evidence", "field", "kind", "name", "value"]),
            }
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

/// The values of a kind of contribution, by name.
fn parts(found: &Value, kind: &str) -> Vec<(String, f64)> {
    let contributions = found["contributions"].as_array().unwrap().iter();
    let of_kind = contributions.filter(|c| c["kind"] == kind);
    let mut parts: Vec<(String, f64)> = of_kind
        .map(|c| (c["name"].as_str().unwrap().to_owned(), c["value"].as_f64().unwrap()))
        .collect();
    parts.sort_by(|a, b| a.0.cmp(&b.0));
    parts
}

#[test]
fn a_policy_is_named_and_counts_only_if_it_is_asked_for() {
    let app = TestApp::local();
    let ask = |policy: Value| {
        match_text(&app, json!({"text": TEXT, "policy": policy, "today": "2026-03-01"}))
    };
    let plain = ask(json!({}));
    assert_eq!(plain["today"], "2026-03-01");
    let names = ["211", "985", "double_first_class", "major_institute", "own_park"];
    let zeros: Vec<(String, f64)> = names.iter().map(|n| ((*n).to_owned(), 0.0)).collect();
    for found in plain["matches"].as_array().unwrap() {
        assert_eq!(parts(found, "policy"), zeros);
    }
    assert_eq!(labs(&plain)[0], "lab-h2");
    let preferred = ask(json!({"211": 0.5, "985": 1.0}));
    let (before, after) = (&plain["matches"][0], &preferred["matches"][0]);
    let gained: Vec<(String, f64)> =
        parts(after, "policy").into_iter().filter(|(_, value)| *value > 0.0).collect();
    assert_eq!(gained.len(), 1);
    assert_eq!(gained[0].0, "211", "a lab of a university that is not on the list of 985");
    let difference = after["score"].as_f64().unwrap() - before["score"].as_f64().unwrap();
    assert!((difference - gained[0].1).abs() < 1e-9);
    assert_eq!((&after["band"], &after["share"]), (&before["band"], &before["share"]));
    assert_ne!(plain["result_id"], preferred["result_id"]);
    for (policy, field) in [
        (json!({"984": 0.1}), "policy"),
        (json!({"985": 1.1}), "policy"),
        (json!({"985": -0.1}), "policy"),
        (json!({"985": "很多"}), "policy.985"),
        (json!(["985"]), "policy"),
    ] {
        let refused = app.post("/api/v1/match", &json!({"text": TEXT, "policy": policy}));
        assert_eq!(refused.problem(400, "invalid_value")["field"], field, "{policy}");
    }
    app.post("/api/v1/match", &json!({"text": TEXT, "today": "明天"}))
        .problem(400, "invalid_value");
}

#[test]
fn what_a_need_asks_for_beside_its_text_is_named_and_adds_up() {
    let app = TestApp::local();
    let need = json!({"external_id": "need-fit", "title": "燃料电池膜电极耐久性不足",
        "areas": ["NSFC:E0203"], "maturity_wanted": 6, "modes": ["patent_licence", "equity"],
        "budget": "80万元", "deadline": "2026-12-31", "industry": "GB/T 4754-2017:3849"});
    app.post("/api/v1/needs", &need).good();
    let answer = match_text(&app, json!({"need": "need-fit", "today": "2026-06-30"}));
    let best = &answer["matches"][0];
    assert_eq!(best["lab"]["external_id"], "lab-h2");
    let fit: Vec<String> = parts(best, "fit").into_iter().map(|(name, _)| name).collect();
    let all = ["area", "budget", "expiry", "freshness", "industry", "maturity", "modes", "period"];
    assert_eq!(fit, all);
    let value = |name: &str| parts(best, "fit").iter().find(|(n, _)| n == name).unwrap().1;
    for (name, adds) in [
        ("area", true),
        ("maturity", true),
        ("modes", true),
        ("freshness", true),
        ("budget", false),
        ("expiry", false),
        ("industry", false),
        ("period", false),
    ] {
        assert_eq!(value(name) > 0.0, adds, "{name}: {best}");
    }
    let known = |name: &str| {
        let contributions = best["contributions"].as_array().unwrap().iter();
        contributions.clone().find(|c| c["name"] == name).unwrap()["known"].clone()
    };
    assert_eq!((known("budget"), known("area")), (json!(false), json!(true)));
    let sum: f64 = parts(best, "fit").iter().map(|(_, value)| value).sum();
    assert!(sum <= 0.1 * best["score"].as_f64().unwrap(), "small against the texts: {sum}");
}

#[test]
fn needs_are_found_for_a_lab_and_for_an_achievement() {
    let app = TestApp::local();
    let needs = |body: Value| app.post("/api/v1/match/needs", &body).good();
    let of_lab = needs(json!({"lab": "lab-h2", "today": "2026-03-01"}));
    assert_eq!(
        keys(&of_lab),
        ["matches", "no_good_match", "position", "result_id", "statistics", "subject", "today"]
    );
    assert_eq!(keys(&of_lab["subject"]), ["external_id", "id", "kind", "title"]);
    assert_eq!(of_lab["subject"]["kind"], "lab");
    let names = |answer: &Value| -> Vec<String> {
        let matches = answer["matches"].as_array().unwrap().iter();
        matches.map(|m| m["need"]["external_id"].as_str().unwrap().to_owned()).collect()
    };
    assert!(names(&of_lab).contains(&"need-1".to_owned()), "{of_lab}");
    for (found, rank) in of_lab["matches"].as_array().unwrap().iter().zip(1..) {
        assert_eq!(
            keys(found),
            ["band", "contributions", "evidence", "label", "need", "rank", "score", "share"]
        );
        assert_eq!(found["rank"], rank);
        let contributions = found["contributions"].as_array().unwrap().iter();
        let sum: f64 = contributions.map(|c| c["value"].as_f64().unwrap()).sum();
        assert!((sum - found["score"].as_f64().unwrap()).abs() < 1e-9);
    }
    let of_achievement = needs(json!({"achievement": "ach-mea"}));
    assert_eq!(of_achievement["subject"]["title"], "长寿命燃料电池膜电极制备方法");
    assert!(names(&of_achievement).contains(&"need-1".to_owned()), "{of_achievement}");
    for evidence in of_achievement["matches"][0]["evidence"].as_array().unwrap() {
        assert_eq!(evidence["achievement_external_id"], "ach-mea");
    }
    assert_eq!(needs(json!({"lab": "lab-cnc"}))["no_good_match"], true);
    assert_eq!(names(&needs(json!({"lab": "lab-h2", "limit": 1}))).len(), 1);
    for body in [json!({}), json!({"lab": "lab-h2", "achievement": "ach-mea"})] {
        app.post("/api/v1/match/needs", &body).problem(400, "invalid_value");
    }
    app.post("/api/v1/match/needs", &json!({"lab": "lab-99"})).problem(404, "not_found");
    app.post("/api/v1/match/needs", &json!({"labs": "lab-h2"})).problem(400, "unknown_field");
}

#[test]
fn every_filter_of_needs_filters_and_refuses_an_unknown_value() {
    let app = TestApp::local();
    let firm = json!({"external_id": "ent-2", "name": "示例北方氢能公司", "province": "北京",
        "city": "北京", "park": "示例园区"});
    app.post("/api/v1/enterprises", &firm).good();
    let need = json!({"external_id": "need-2", "enterprise_id": "ent-2", "title": "膜电极寿命短",
        "areas": ["NSFC:E0203"], "industry": "3849", "deadline": "2026-02"});
    app.post("/api/v1/needs", &need).good();
    app.caught_up();
    let names = |filters: Value, today: &str| {
        let body = json!({"lab": "lab-h2", "limit": 50, "filters": filters, "today": today});
        let answer = app.post("/api/v1/match/needs", &body).good();
        let matches = answer["matches"].as_array().unwrap().iter();
        let names = matches.map(|m| m["need"]["external_id"].as_str().unwrap().to_owned());
        let mut names: Vec<String> = names.collect();
        names.sort_unstable();
        names
    };
    let all = ["need-1", "need-2", "need-m", "need-p"];
    assert_eq!(names(json!({}), "2026-02-28"), all);
    assert_eq!(names(json!({}), "2026-03-01"), ["need-1", "need-m", "need-p"], "no longer open");
    for (filter, value, unknown, want) in [
        ("region", "北京市", "火星", vec!["need-2"]),
        ("park", "示例园区", "月球园区", vec!["need-2"]),
        ("enterprise", "ent-1", "ent-99", vec!["need-1", "need-m", "need-p"]),
        ("area", "E02", "NSFC:Z99", vec!["need-2"]),
        ("industry", "GB/T 4754-2017:38", "9999", vec!["need-2"]),
    ] {
        assert_eq!(names(json!({filter: value}), "2026-02-01"), want, "{filter}");
        let body = json!({"lab": "lab-h2", "filters": {filter: unknown}});
        let problem = app.post("/api/v1/match/needs", &body).problem(400, "invalid_value");
        assert_eq!(problem["field"], format!("filters.{filter}"));
    }
    assert_eq!(names(json!({"region": "北京", "enterprise": "ent-1"}), "2026-02-01"), [""; 0]);
}
