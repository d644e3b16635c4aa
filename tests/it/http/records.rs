use duijie::intake::column_names;
use duijie::model::Kind;
use serde_json::{Value, json};

use crate::support::TestApp;

#[test]
fn a_record_is_found_by_each_of_its_names_and_has_all_common_fields() {
    let app = TestApp::local();
    let need = app.get("/api/v1/needs/need-1").good();
    for key in [
        "id",
        "source",
        "external_id",
        "owner",
        "visibility",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "revision",
        "deleted_at",
        "merged_into",
        "source_url",
        "as_of",
    ] {
        assert!(need.get(key).is_some(), "{key} in {need}");
    }
    assert_eq!((&need["budget_fen"], &need["budget"]), (&json!(80_000_000), &json!("80万元")));
    assert_eq!(
        (&need["modes"], &need["mode_labels"]),
        (&json!(["joint_development"]), &json!(["合作开发"]))
    );
    assert_eq!(
        (&need["visibility"], &need["visibility_label"]),
        (&json!("public"), &json!("公开"))
    );
    assert!(need["created_at"].as_str().unwrap().ends_with('Z'));
    for name in [need["id"].as_str().unwrap(), "import:need-1"] {
        assert_eq!(app.get(&format!("/api/v1/needs/{name}")).good(), need);
    }
    let lab = app.get("/api/v1/labs/lab-h2").good();
    assert_eq!((&lab["kind"], &lab["kind_label"]), (&json!("laboratory"), &json!("实验室")));
    assert_eq!(lab["areas"], json!(["NSFC:E02", "氢能"]));
    app.get("/api/v1/labs/need-1").problem(404, "not_found");
}

#[test]
fn pages_join_without_gap_or_repetition_while_records_come_in() {
    let app = TestApp::local();
    let create = |idx: usize| {
        let body = json!({"external_id": format!("new-{idx}"), "name": format!("新企业{idx}")});
        app.post("/api/v1/enterprises", &body).good();
    };
    (0..5).for_each(create);
    let (mut names, mut after, mut page_idx) = (Vec::new(), String::new(), 5);
    loop {
        let page = app.get(&format!("/api/v1/enterprises?limit=2&after={after}")).good();
        let items = page["items"].as_array().unwrap();
        names.extend(items.iter().map(|item| item["external_id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
        if page_idx < 8 {
            create(page_idx);
            page_idx += 1;
        }
    }
    let want: Vec<String> =
        ["ent-1".to_owned()].into_iter().chain((0..8).map(|idx| format!("new-{idx}"))).collect();
    assert_eq!(names, want);
    assert_eq!(app.get("/api/v1/labs").good()["next"], Value::Null);
    app.get("/api/v1/labs?after=x").problem(400, "invalid_value");
    app.get("/api/v1/labs?limit=201").problem(413, "too_large");
    app.get("/api/v1/labs?page=2").problem(400, "unknown_field");
}

#[test]
fn what_was_created_is_there_at_once_and_matched_when_the_index_has_followed() {
    let app = TestApp::local();
    let lab = app.post(
        "/api/v1/labs",
        &json!({"external_id": "lab-vet", "name": "动物疫苗实验室", "profile": "研究奶牛乳房炎疫苗。", "institution_ids": ["inst-1"]}),
    );
    assert_eq!(lab.status, 201);
    let made = lab.good();
    assert_eq!(made["source"], "api");
    assert_eq!(made["institution_ids"].as_array().unwrap().len(), 1);
    let location = lab.header("location").unwrap();
    assert_eq!(app.get(location).good(), made);
    app.caught_up();
    let answer = app.post("/api/v1/match", &json!({"text": "奶牛乳房炎疫苗"})).good();
    assert_eq!(answer["matches"][0]["lab"]["id"], made["id"]);
    let need = app.post(
        "/api/v1/needs",
        &json!({"title": "奶牛乳房炎疫苗", "budget_fen": 12_345, "maturity_wanted": 6, "enterprise_id": "import:ent-1"}),
    );
    let need = need.good();
    assert_eq!(need["external_id"].as_str().unwrap().len(), 36, "a UUID by default");
    assert_eq!((&need["budget_fen"], &need["budget"]), (&json!(12_345), &json!("123.45元")));
    // A stored need is matched by its text, whether it is indexed or not.
    let answer = app.post("/api/v1/match", &json!({"need": need["id"]})).good();
    assert_eq!(answer["matches"][0]["lab"]["external_id"], "lab-vet");
}

#[test]
fn bad_new_records_are_refused_by_name() {
    let app = TestApp::local();
    let create = |body: Value| app.post("/api/v1/needs", &body);
    let unknown = create(json!({"title": "a", "colour": "red"})).problem(400, "unknown_field");
    assert_eq!(unknown["field"], "colour");
    for (body, field) in [
        (json!({}), "title"),
        (json!({"title": " "}), "title"),
        (json!({"title": "a\u{0}b"}), "title"),
        (json!({"title": ["a"]}), "title"),
        (json!({"title": "a", "external_id": ""}), "external_id"),
        (json!({"title": "a", "source": "a:b"}), "source"),
        (json!({"title": "a", "enterprise_id": "ent-99"}), "enterprise_id"),
        (json!({"title": "a", "budget": "很多钱"}), "budget"),
        (json!({"title": "a", "budget": 80}), "budget"),
        (json!({"title": "a", "budget_fen": -1}), "budget_fen"),
        (json!({"title": "a", "maturity_wanted": 10}), "maturity_wanted"),
        (json!({"title": "a", "deadline": "明年"}), "deadline"),
        (json!({"title": "a", "visibility": "secret"}), "visibility"),
        (json!({"title": "a", "industry": "9999999"}), "industry"),
        (json!({"title": "a", "areas": ["NSFC:Z99"]}), "areas"),
        (json!({"title": "字".repeat(401)}), "title"),
        (json!({"title": "a", "modes": vec!["x"; 201]}), "modes"),
    ] {
        let problem = create(body.clone()).problem(400, "invalid_value");
        assert_eq!(problem["field"], field, "{body}");
        assert!(problem["detail"].as_str().unwrap().contains("应为"), "{problem}");
    }
    let before = app.get("/api/v1/needs").good()["items"].as_array().unwrap().len();
    assert_eq!(before, 3, "nothing was created");
}

#[test]
fn of_many_creations_of_one_record_one_succeeds() {
    let app = TestApp::local();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let create = |idx: usize| {
            let body = json!({"external_id": "twice", "name": format!("企业{idx}")});
            app.post("/api/v1/enterprises", &body)
        };
        let threads: Vec<_> = (0..8).map(|idx| scope.spawn(move || create(idx))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap().status).collect()
    });
    assert_eq!(statuses.iter().filter(|s| **s == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|s| **s == 409).count(), 7, "{statuses:?}");
    let again = app.post("/api/v1/enterprises", &json!({"external_id": "twice", "name": "a"}));
    assert_eq!(again.problem(409, "exists")["field"], "external_id");
}

#[test]
fn a_name_of_several_sources_must_be_written_with_its_source() {
    let app = TestApp::local();
    let other = json!({"external_id": "ent-1", "source": "other", "name": "同号企业"});
    app.post("/api/v1/enterprises", &other).good();
    let problem = app.get("/api/v1/enterprises/ent-1").problem(409, "ambiguous");
    assert!(problem["detail"].as_str().unwrap().contains("来源:编号"));
    assert_eq!(app.get("/api/v1/enterprises/other:ent-1").good()["name"], "同号企业");
}

/// The columns of the import are the contract: the description must have all and no others.
#[test]
fn described_new_records_have_the_import_columns() {
    let document = serde_json::to_value(duijie::http::openapi()).unwrap();
    for (kind, schema) in
        Kind::IMPORTED.iter().zip(["Institution", "Lab", "Achievement", "Enterprise", "Need"])
    {
        let schemas = &document["components"]["schemas"];
        let mut described = Vec::new();
        for part in schemas[format!("New{schema}")]["allOf"].as_array().unwrap() {
            let part = match part["$ref"].as_str() {
                Some(reference) => &schemas[reference.rsplit('/').next().unwrap()],
                None => part,
            };
            described.extend(part["properties"].as_object().unwrap().keys().cloned());
        }
        let mut want: Vec<String> = column_names(*kind).map(|(name, _)| name.to_owned()).collect();
        want.extend((*kind == Kind::Need).then(|| "budget_fen".to_owned()));
        described.sort_unstable();
        want.sort_unstable();
        assert_eq!(described, want, "{schema}");
    }
}
