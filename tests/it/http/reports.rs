//! Reports through the API: what each may see of them, and their three forms.

use serde_json::{Value, json};

use super::leads::Desk;
use crate::support::TestApp;

fn figure(report: &Value, name: &str) -> (i64, i64) {
    let figures = report["figures"].as_array().unwrap();
    let found = figures.iter().find(|figure| figure["name"] == name).unwrap();
    (found["value"].as_i64().unwrap(), found["of"].as_i64().unwrap())
}

#[test]
fn a_report_counts_what_its_reader_may_see_with_denominators() {
    let desk = Desk::new();
    let lead = desk.lead(&desk.commissioner);
    let visit = json!({"kind": "visit", "role": "sower", "text": "走访企业"});
    let path = format!("{lead}/activities");
    assert_eq!(desk.app.call("POST", &path, &desk.commissioner, Some(&visit)).status, 201);
    let close = json!({"to": "closed", "reason": "企业撤回"});
    desk.change_now(&desk.office, &lead, "transitions", &close).good();

    let report = desk.get(&desk.office, "/api/v1/reports?period=month").good();
    assert_eq!((&report["period"], &report["title"]), (&json!("month"), &json!("月报")));
    assert_eq!(figure(&report, "new_needs"), (3, 3));
    assert_eq!(figure(&report, "needs_followed"), (1, 3));
    assert_eq!(figure(&report, "leads_created"), (1, 1));
    assert_eq!(figure(&report, "closed"), (1, 1));
    assert_eq!(figure(&report, "visits"), (1, 1));
    assert_eq!(figure(&report, "active_commissioners"), (1, 1));
    let part = |group: usize| report["groups"][group]["parts"][0]["label"].clone();
    assert_eq!([part(0), part(1), part(2), part(3)], ["关闭", "未签约", "南京", "示例理工大学"]);
    assert_eq!(report["days"][0]["median_days"], 0.0);
    assert_eq!(report["days"][1]["median_days"], Value::Null, "no lead left it");

    let own = desk.get(&desk.commissioner, "/api/v1/reports?commissioner=me&period=year").good();
    assert_eq!(own["title"], "述职报告");
    assert_eq!(own["commissioners"][0]["sower"], 1);
    assert_eq!(figure(&own, "leads_created"), (1, 1));
    let others = desk.get(&desk.stranger, "/api/v1/reports").good();
    assert_eq!((figure(&others, "leads_created"), figure(&others, "new_needs")), ((0, 0), (0, 0)));
    assert_eq!(figure(&others, "activities"), (0, 0));
    let firm = desk.get(&desk.enterprise, "/api/v1/reports").good();
    assert_eq!((figure(&firm, "leads_created"), figure(&firm, "activities")), ((1, 1), (0, 0)));
    let before = desk.get(&desk.office, "/api/v1/reports?period=2020").good();
    assert_eq!(figure(&before, "leads_created"), (0, 0));
    TestApp::anonymous().get("/api/v1/reports").problem(403, "forbidden");

    for (query, code) in [
        ("period=day", "invalid_value"),
        ("format=pdf", "invalid_value"),
        ("today=soon", "invalid_value"),
        ("colour=red", "unknown_field"),
    ] {
        desk.get(&desk.office, &format!("/api/v1/reports?{query}")).problem(400, code);
    }
    desk.get(&desk.office, "/api/v1/reports?commissioner=nobody").problem(404, "not_found");
}

#[test]
fn a_report_is_told_as_a_table_and_as_text() {
    let desk = Desk::new();
    desk.lead(&desk.commissioner);
    let csv = desk.get(&desk.office, "/api/v1/reports?format=csv");
    assert_eq!((csv.status, csv.content_type.as_str()), (200, "text/csv; charset=utf-8"));
    assert!(csv.header("content-disposition").unwrap().contains("report-"));
    assert!(csv.body.contains("新增线索,1,1（期末线索）\r\n"), "{}", csv.body);
    let bearer = format!("Bearer {}", desk.office);
    let headers = [("authorization", bearer.as_str()), ("accept", "text/plain")];
    let text = desk.app.ask("GET", "/api/v1/reports?period=2026-W19", &headers, None);
    assert_eq!(text.content_type, "text/plain; charset=utf-8");
    assert!(text.body.starts_with("周报　2026-W19（2026-05-04 至 2026-05-10）"), "{}", text.body);
}
