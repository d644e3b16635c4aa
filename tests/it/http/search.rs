use serde_json::{Value, json};

use crate::support::TestApp;

fn found(answer: &Value) -> Vec<(&str, &str)> {
    let hits = answer["hits"].as_array().unwrap().iter();
    let mut found: Vec<_> = hits
        .map(|hit| (hit["kind"].as_str().unwrap(), hit["external_id"].as_str().unwrap()))
        .collect();
    found.sort_unstable();
    found
}

/// What the spans of a snippet mark.
fn marked(snippet: &Value) -> Vec<String> {
    let text = snippet["text"].as_str().unwrap();
    let spans = snippet["spans"].as_array().unwrap().iter();
    let ends = spans.map(|span| (span[0].as_u64().unwrap(), span[1].as_u64().unwrap()));
    ends.map(|(start, end)| {
        text.chars().skip(start as usize).take((end - start) as usize).collect()
    })
    .collect()
}

#[test]
fn a_search_has_hits_with_snippets_and_facets_in_order() {
    let app = TestApp::local();
    let answer = app.get("/api/v1/search?q=%E8%86%9C%E7%94%B5%E6%9E%81").good();
    let keys: Vec<_> = answer.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["facets", "hits", "relaxed", "total"]);
    assert_eq!(answer["total"], 7, "{answer}");
    assert_eq!(answer["relaxed"], false);
    for hit in answer["hits"].as_array().unwrap() {
        let keys: Vec<_> = hit.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["external_id", "id", "kind", "match", "snippets", "title"]);
        assert_eq!(hit["match"], "word");
        let snippets = hit["snippets"].as_array().unwrap();
        let keys: Vec<_> = snippets[0].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["field", "offset", "spans", "text"]);
        let marked: Vec<String> = snippets.iter().flat_map(marked).collect();
        assert!(marked.contains(&"膜电极".to_owned()), "{hit}");
    }
    assert_eq!(
        answer["facets"]["kind"],
        json!([
            {"value": "need", "label": "技术需求", "count": 3},
            {"value": "achievement", "label": "成果", "count": 2},
            {"value": "lab", "label": "实验室", "count": 2},
        ])
    );
    let area = &answer["facets"]["area"][0];
    assert_eq!(area["value"], "NSFC:E02");
    assert_ne!(area["label"], area["value"]);
}

#[test]
fn kinds_and_filters_restrict_and_unknown_values_are_refused() {
    let app = TestApp::local();
    let search = |rest: &str| app.get(&format!("/api/v1/search?q=%E7%A0%94%E7%A9%B6{rest}"));
    assert_eq!(found(&search("&kind=lab").good()).len(), 3);
    assert_eq!(found(&search("&kind=lab,need&lab_kind=centre").good()), [("lab", "lab-cnc")]);
    let repeated = search("&kind=lab&kind=achievement&institution_class=major_institute").good();
    assert_eq!(found(&repeated), [("lab", "lab-cnc")]);
    assert_eq!(found(&search("&kind=lab&region=%E5%8C%97%E4%BA%AC").good()), [("lab", "lab-cnc")]);
    assert_eq!(found(&search("&institution=inst-2&limit=1").good()), [("lab", "lab-cnc")]);
    assert_eq!(found(&search("&kind=lab&area=NSFC:E02").good()), [("lab", "lab-h2")]);
    for (bad, field) in [
        ("&kind=enterprise", "kind"),
        ("&region=x", "region"),
        ("&institution_class=x", "institution_class"),
        ("&institution=x", "institution"),
        ("&area=NSFC:Z99", "area"),
        ("&lab_kind=x", "lab_kind"),
        ("&limit=x", "limit"),
        ("&limit=0", "limit"),
        ("&limit=-1", "limit"),
        ("&region=a&region=b", "region"),
    ] {
        assert_eq!(search(bad).problem(400, "invalid_value")["field"], field, "{bad}");
    }
    assert_eq!(search("&colour=red").problem(400, "unknown_field")["field"], "colour");
    let too_many = search("&limit=101").problem(413, "too_large");
    assert_eq!((&too_many["field"], &too_many["limit"]), (&json!("limit"), &json!(100)));
    let blank = app.get("/api/v1/search").problem(400, "invalid_value");
    assert_eq!(blank["field"], "q");
    let long = app.get(&format!("/api/v1/search?q={}", "a".repeat(501)));
    assert_eq!(long.problem(413, "too_large")["limit"], 500);
    app.get("/api/v1/search?q=%FF").problem(400, "bad_url");
}
