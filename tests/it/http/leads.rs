//! Leads through the API: who may do what, conflicts, retries, and the story of one.

use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

const PASSWORD: &str = "correct horse battery staple";

/// The world with an office of the firm's city and somebody of each role.
pub(super) struct Desk {
    pub app: TestApp,
    pub office: String,
    pub commissioner: String,
    pub enterprise: String,
    pub institution: String,
    pub stranger: String,
}

impl Desk {
    pub fn new() -> Self {
        let app = TestApp::local();
        for (id, name) in [("nj", "南京"), ("bj", "北京")] {
            let city = json!({"external_id": id, "name": name, "level": "city"});
            app.post("/api/v1/offices", &city).good();
        }
        let user = |login: &str, role: &str, bound: Value| {
            let mut user = json!({"login": login, "name": login, "role": role});
            user.as_object_mut().unwrap().extend(bound.as_object().unwrap().clone());
            app.user(&user, PASSWORD)
        };
        let commissioner = json!({"office": "nj", "institution": "inst-1"});
        let stranger = json!({"office": "bj", "institution": "inst-2"});
        let (office, commissioner, enterprise, institution, stranger) = (
            user("office", "office", json!({"office": "nj"})),
            user("commissioner", "commissioner", commissioner),
            user("enterprise", "enterprise", json!({"enterprise": "ent-1"})),
            user("institution", "institution", json!({"institution": "inst-1"})),
            user("stranger", "commissioner", stranger),
        );
        Self { app, office, commissioner, enterprise, institution, stranger }
    }

    pub fn get(&self, token: &str, path: &str) -> Answer {
        self.app.call("GET", path, token, None)
    }

    /// A change of what is at `revision`.
    fn change(
        &self,
        token: &str,
        (method, path): (&str, &str),
        revision: &Value,
        body: &Value,
    ) -> Answer {
        let (token, tag) = (format!("Bearer {token}"), format!("\"{revision}\""));
        let headers = [("authorization", token.as_str()), ("if-match", tag.as_str())];
        self.app.ask(method, path, &headers, Some(body))
    }

    /// A change of the lead as it is now.
    pub fn change_now(&self, token: &str, lead: &str, what: &str, body: &Value) -> Answer {
        let revision = self.app.get(lead).good()["revision"].clone();
        self.change(token, ("POST", &format!("{lead}/{what}")), &revision, body)
    }

    pub fn lead(&self, token: &str) -> String {
        let new = json!({"need": "need-1", "lab": "lab-h2", "note": "匹配第一名"});
        let made = self.app.call("POST", "/api/v1/leads", token, Some(&new));
        assert_eq!(made.status, 201, "{}", made.body);
        made.header("location").unwrap().to_owned()
    }
}

fn contract() -> Value {
    json!({"mode": "技术转让", "amount": "80万元", "terms": {"right": "发明专利一件", "price": "80万元"}})
}

#[test]
fn a_lead_goes_from_found_to_landed_and_its_history_shows_each_step() {
    let desk = Desk::new();
    let lead = desk.lead(&desk.commissioner);
    let steps = |token: &str, what: &str, body: Value| {
        desk.change_now(token, &lead, what, &body).good();
    };
    let made = desk.get(&desk.commissioner, &lead).good();
    assert_eq!(
        (&made["state"], &made["need_title"]),
        (&json!("found"), &json!("膜电极耐久性不足"))
    );
    assert!(made["owner_id"].is_string(), "whoever makes it looks after it: {made}");
    steps(
        &desk.commissioner,
        "transitions",
        json!({"to": "screened", "note": "方向对口", "due_on": "2000-01-01"}),
    );
    let late = desk.get(&desk.commissioner, "/api/v1/leads?overdue=true").good();
    assert_eq!(late["items"].as_array().unwrap().len(), 1, "the due day is over");
    steps(&desk.commissioner, "transitions", json!({"to": "contacted"}));
    let early =
        desk.change_now(&desk.commissioner, &lead, "transitions", &json!({"to": "visited"}));
    let problem = early.problem(409, "illegal_step");
    assert!(problem["detail"].as_str().unwrap().contains("企业与高校院所尚未接受"), "{problem}");
    steps(&desk.enterprise, "acceptances", json!({"side": "enterprise"}));
    steps(&desk.institution, "acceptances", json!({"side": "institution"}));
    steps(&desk.commissioner, "transitions", json!({"to": "visited"}));
    let visit = json!({"kind": "visit", "role": "sower", "place": "实验室", "text": "看了样品"});
    let path = format!("{lead}/activities");
    let made = desk.app.call("POST", &path, &desk.commissioner, Some(&visit));
    assert_eq!(made.status, 201, "{}", made.body);
    let done = desk.get(&desk.office, "/api/v1/activities?role=sower").good();
    assert_eq!(done["items"][0]["text"], "看了样品");
    desk.get(&desk.enterprise, &path).good()["items"]
        .as_array()
        .unwrap()
        .is_empty()
        .then_some(())
        .unwrap();
    steps(&desk.institution, "transitions", json!({"to": "proposed", "note": "方案已交"}));
    let sign = |contract: Value| {
        let body = json!({"to": "signed", "contract": contract});
        desk.change_now(&desk.office, &lead, "transitions", &body)
    };
    desk.change_now(&desk.office, &lead, "transitions", &json!({"to": "signed"}))
        .problem(400, "invalid_value");
    for (key, value) in
        [("amount", json!("80")), ("mode", json!("技术入股")), ("terms", json!({"right": "a"}))]
    {
        let mut bad = contract();
        bad[key] = value;
        sign(bad).problem(400, "invalid_value");
    }
    let signed = sign(contract()).good();
    assert_eq!(signed["contract"]["amount_fen"], 80_000_000);
    assert_eq!(signed["contract"]["mode"], "technology_transfer");
    steps(&desk.office, "transitions", json!({"to": "landed", "note": "投产"}));

    let history = desk.get(&desk.office, &format!("{lead}/history")).good();
    let way: Vec<&str> =
        history["items"].as_array().unwrap().iter().map(|s| s["to"].as_str().unwrap()).collect();
    let want = [
        "found",
        "screened",
        "contacted",
        "contacted",
        "contacted",
        "visited",
        "proposed",
        "signed",
        "landed",
    ];
    assert_eq!(way, want);
    assert_eq!(history["items"][1]["from"], "found");
    assert_eq!(history["items"][1]["note"], "方向对口");
    assert!(history["items"][1]["by"].as_str().unwrap().len() == 36);
    let page = desk.get(&desk.office, &format!("{lead}/history?limit=2&after=2")).good();
    assert_eq!(
        (&page["items"][0]["revision"], &page["items"][0]["from"], &page["next"]),
        (&json!(3), &json!("screened"), &json!(4))
    );
    // The parties see how it went, not what those in charge wrote.
    for token in [&desk.enterprise, &desk.institution] {
        let seen = desk.get(token, &lead).good();
        assert_eq!(
            (&seen["state"], &seen["note"], &seen["owner_id"]),
            (&json!("landed"), &json!(""), &Value::Null)
        );
        let steps = desk.get(token, &format!("{lead}/history")).good();
        assert!(
            steps["items"].as_array().unwrap().iter().all(|s| s["note"] == "" && s["by"] == "")
        );
    }
    let board = desk.get(&desk.commissioner, "/api/v1/lead-board").good();
    assert_eq!((&board["total"], &board["states"][6]["count"]), (&json!(1), &json!(1)));
}

#[test]
fn others_neither_see_nor_change_a_lead_and_each_role_does_what_the_table_says() {
    let desk = Desk::new();
    let lead = desk.lead(&desk.commissioner);
    desk.get(&desk.stranger, &lead).problem(404, "not_found");
    desk.app.call("GET", "/api/v1/leads", &desk.stranger, None).good()["items"]
        .as_array()
        .unwrap()
        .is_empty()
        .then_some(())
        .expect("no lead of others");
    assert_eq!(desk.get(&desk.stranger, "/api/v1/lead-board").good()["total"], 0);
    let step = json!({"to": "screened"});
    desk.change_now(&desk.stranger, &lead, "transitions", &step).problem(404, "not_found");
    desk.change_now(&desk.enterprise, &lead, "transitions", &step).problem(403, "forbidden");
    let other_side = json!({"side": "institution"});
    desk.change_now(&desk.enterprise, &lead, "acceptances", &other_side).problem(403, "forbidden");
    let without_note = json!({"side": "enterprise"});
    desk.change_now(&desk.office, &lead, "acceptances", &without_note)
        .problem(400, "invalid_value");
    let plan = json!({"due_on": "2026-12-31"});
    desk.change(&desk.enterprise, ("PUT", &lead), &json!(1), &plan).problem(403, "forbidden");
    let planned = desk.change(&desk.office, ("PUT", &lead), &json!(1), &plan).good();
    assert_eq!(planned["due_on"], "2026-12-31");
    assert!(planned["owner_id"].is_string(), "what is not given stays");
    let handed = json!({"owner": "office", "due_on": null});
    let planned = desk.change(&desk.office, ("PUT", &lead), &json!(2), &handed).good();
    assert_eq!(planned["due_on"], Value::Null);
    let mine = desk.get(&desk.office, "/api/v1/leads?owner=me").good();
    assert_eq!(mine["items"][0]["id"], planned["id"]);
    let nobody = json!({"owner": "enterprise"});
    desk.change(&desk.office, ("PUT", &lead), &json!(3), &nobody).problem(400, "invalid_value");
    let visit = json!({"kind": "visit", "text": "a"});
    let path = format!("{lead}/activities");
    desk.app.call("POST", &path, &desk.enterprise, Some(&visit)).problem(403, "forbidden");
    let withdraw = json!({"to": "closed", "reason": "企业已另找单位"});
    let closed = desk.change_now(&desk.enterprise, &lead, "transitions", &withdraw).good();
    assert_eq!(closed["close_reason"], "企业已另找单位");
    let reopen = json!({"to": "screened", "note": "企业又有意向"});
    desk.change_now(&desk.enterprise, &lead, "transitions", &reopen).problem(403, "forbidden");
    desk.change_now(&desk.commissioner, &lead, "transitions", &reopen).good();
    // A side that makes a lead has accepted it.
    let new = json!({"need": "need-1", "lab": "lab-cnc", "resource": "instrument"});
    let made = desk.app.call("POST", "/api/v1/leads", &desk.enterprise, Some(&new)).good();
    assert_eq!(
        (&made["accepted_by_enterprise"], &made["accepted_by_institution"]),
        (&json!(true), &json!(false))
    );
    desk.app.call("POST", "/api/v1/leads", &desk.institution, Some(&new)).problem(403, "forbidden");
    let anonymous = TestApp::anonymous();
    anonymous
        .post("/api/v1/leads", &json!({"need": "need-1", "lab": "lab-h2"}))
        .problem(403, "forbidden");
    assert!(anonymous.get("/api/v1/leads").good()["items"].as_array().unwrap().is_empty());
}

#[test]
fn of_two_changes_of_one_revision_one_is_done_and_the_other_told() {
    let desk = Desk::new();
    let lead = desk.lead(&desk.commissioner);
    let path = format!("{lead}/transitions");
    let step = json!({"to": "screened"});
    let missing = desk.app.call("POST", &path, &desk.office, Some(&step));
    missing.problem(428, "precondition_required");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let change = |idx: usize| {
            let body = json!({"to": "screened", "note": format!("第{idx}人")});
            desk.change(&desk.office, ("POST", &path), &json!(1), &body).status
        };
        let threads: Vec<_> = (0..8).map(|idx| scope.spawn(move || change(idx))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 412).count(), 7, "{statuses:?}");
    assert_eq!(desk.app.get(&lead).good()["revision"], 2);
    let exists = json!({"need": "need-1", "lab": "lab-h2"});
    let problem = desk.app.call("POST", "/api/v1/leads", &desk.office, Some(&exists));
    let problem = problem.problem(409, "exists");
    assert!(lead.ends_with(problem["existing"].as_str().unwrap()), "{problem}");
}

#[test]
fn a_request_that_is_sent_again_does_nothing_again() {
    let desk = Desk::new();
    let bearer = format!("Bearer {}", desk.office);
    let send = |path: &str, key: &str, body: &Value| {
        let headers =
            [("authorization", bearer.as_str()), ("if-match", "\"1\""), ("idempotency-key", key)];
        desk.app.ask("POST", path, &headers, Some(body))
    };
    let new = json!({"need": "need-1", "lab": "lab-h2"});
    let first = send("/api/v1/leads", "k1", &new);
    let again = send("/api/v1/leads", "k1", &new);
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.json()["id"], again.json()["id"]);
    let other = json!({"need": "need-1", "lab": "lab-cnc"});
    send("/api/v1/leads", "k1", &other).problem(422, "idempotency_key_reused");
    let path = format!("{}/transitions", first.header("location").unwrap());
    let step = json!({"to": "screened"});
    let first = send(&path, "k2", &step).good();
    assert_eq!(send(&path, "k2", &step).good(), first, "though the lead has moved on");
    send(&path, "k3", &step).problem(412, "revision_conflict");
    let visit = json!({"kind": "call", "text": "电话"});
    assert_eq!(
        send("/api/v1/activities", "k4", &visit).good(),
        send("/api/v1/activities", "k4", &visit).good()
    );
    assert_eq!(
        desk.get(&desk.office, "/api/v1/activities").good()["items"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn lists_are_filtered_and_pages_join_while_leads_come_in() {
    let desk = Desk::new();
    let make = |idx: usize| {
        let need = json!({"external_id": format!("n{idx}"), "enterprise_id": "ent-1", "title": format!("需求{idx}")});
        desk.app.post("/api/v1/needs", &need).good();
        let lead = json!({"need": format!("n{idx}"), "lab": "lab-h2", "due_on": "2026-05-05"});
        desk.app.call("POST", "/api/v1/leads", &desk.office, Some(&lead)).good()["id"].clone()
    };
    let mut made: Vec<Value> = (0..5).map(make).collect();
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page =
            desk.get(&desk.commissioner, &format!("/api/v1/leads?limit=2&after={after}")).good();
        seen.extend(page["items"].as_array().unwrap().iter().map(|lead| lead["id"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        after = next.to_owned();
        if made.len() < 8 {
            made.push(make(made.len()));
        }
    }
    assert_eq!(seen, made);
    let count = |query: &str| {
        let page = desk.get(&desk.office, &format!("/api/v1/leads?{query}")).good();
        page["items"].as_array().unwrap().len()
    };
    assert_eq!(count("need=n3"), 1);
    assert_eq!(count("lab=lab-h2&state=found&state=screened&resource=achievement"), 8);
    assert_eq!(count("lab=lab-cnc"), 0);
    assert_eq!(count("state=closed"), 0);
    assert_eq!(
        (count("overdue=true&today=2026-05-05"), count("overdue=true&today=2026-05-06")),
        (0, 8)
    );
    assert_eq!((count("institution=inst-1"), count("institution=inst-2")), (8, 0));
    assert_eq!((count("office=nj"), count("office=%E5%8C%97%E4%BA%AC")), (8, 0));
    assert_eq!(
        (count("updated_since=2000-01-01T00:00:00Z"), count("updated_since=2200-01-01T00:00:00Z")),
        (8, 0)
    );
    for (query, status, code) in [
        ("state=far", 400, "invalid_value"),
        ("overdue=maybe", 400, "invalid_value"),
        ("need=n99", 404, "not_found"),
        ("office=nowhere", 400, "invalid_value"),
        ("colour=red", 400, "unknown_field"),
        ("limit=201", 413, "too_large"),
        ("today=soon", 400, "invalid_value"),
    ] {
        desk.get(&desk.office, &format!("/api/v1/leads?{query}")).problem(status, code);
    }
}

#[test]
fn a_dismissed_match_stays_away_until_a_text_changes() {
    let desk = Desk::new();
    desk.app.caught_up();
    let labs = |token: &str| {
        let answer =
            desk.app.call("POST", "/api/v1/match", token, Some(&json!({"need": "need-1"})));
        let matches = answer.good()["matches"].as_array().unwrap().clone();
        matches.iter().map(|m| m["lab"]["external_id"].clone()).collect::<Vec<_>>()
    };
    let needs = |token: &str| {
        let body = json!({"lab": "lab-h2"});
        let answer = desk.app.call("POST", "/api/v1/match/needs", token, Some(&body));
        let matches = answer.good()["matches"].as_array().unwrap().clone();
        matches.iter().map(|m| m["need"]["external_id"].clone()).collect::<Vec<_>>()
    };
    let (lab, need) = (json!("lab-h2"), json!("need-1"));
    assert!(labs(&desk.commissioner).contains(&lab) && needs(&desk.commissioner).contains(&need));
    let dismiss = |reason: &str| {
        let body = json!({"need": "need-1", "lab": "lab-h2", "reason": reason});
        desk.app.call("POST", "/api/v1/dismissals", &desk.commissioner, Some(&body))
    };
    dismiss("").problem(400, "invalid_value");
    let made = dismiss("已有固定合作单位").good();
    assert!(!labs(&desk.commissioner).contains(&lab));
    assert!(!needs(&desk.commissioner).contains(&need));
    assert!(labs(&desk.office).contains(&lab), "others still see it");
    let own = desk.get(&desk.commissioner, "/api/v1/dismissals").good();
    assert_eq!(own["items"][0], made);
    assert!(
        desk.get(&desk.office, "/api/v1/dismissals").good()["items"].as_array().unwrap().is_empty()
    );
    let path = format!("/api/v1/dismissals/{}", made["id"].as_str().unwrap());
    desk.app.call("DELETE", &path, &desk.office, None).problem(404, "not_found");
    assert_eq!(desk.app.call("DELETE", &path, &desk.commissioner, None).status, 204);
    assert!(labs(&desk.commissioner).contains(&lab) && needs(&desk.commissioner).contains(&need));
    // Said again it holds again, and only of the text that it was said of.
    assert_eq!(dismiss("仍不合适").good()["id"], made["id"]);
    assert!(!labs(&desk.commissioner).contains(&lab));
    let text = "{\"external_id\": \"lab-h2\", \"institution_ids\": [\"inst-1\"], \"name\": \"氢能与燃料电池实验室\", \"kind\": \"laboratory\", \"profile\": \"研究膜电极、电堆耐久性与双极板。\"}\n";
    let file = desk.app.home().join("lab.jsonl");
    std::fs::write(&file, text).unwrap();
    let mut import = crate::support::process::duijie(desk.app.home());
    let done = import.args(["import", "labs"]).arg(&file).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let give_up = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !labs(&desk.commissioner).contains(&lab) {
        assert!(std::time::Instant::now() < give_up, "the changed profile does not come up");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}
