//! Who may come in over HTTP, and how long.

use duijie::engine::TOKEN_DAYS_MAX;
use serde_json::{Value, json};

use crate::support::TestApp;

const PASSWORD: &str = "four plain words here";
const OTHER_PASSWORD: &str = "four other words here";

fn admin() -> Value {
    json!({"login": "boss", "name": "管理员甲", "role": "admin"})
}

fn auditor() -> Value {
    json!({"login": "reader", "name": "审计乙", "role": "auditor"})
}

fn text(answer: &Value, key: &str) -> String {
    answer[key].as_str().unwrap_or_else(|| panic!("{key} in {answer}")).to_owned()
}

/// The day of an administrator on a service that trusts nobody but those who sign in.
#[test]
fn from_the_first_password_to_a_commissioner_who_is_disabled() {
    let app = TestApp::with_first_admin();
    let one_time = app.first_password.clone().expect("a first start");
    let session = app.sign_in("admin", &one_time);
    assert_eq!((session.status, session.header("cache-control")), (201, Some("no-store")));
    let session = session.good();
    assert_eq!((&session["role"], &session["user"]["login"]), (&json!("admin"), &json!("admin")));
    let token = text(&session, "token");
    // Nothing but the password may be changed, and who one is may be asked.
    for (method, path) in
        [("GET", "/api/v1/users"), ("GET", "/api/v1/needs"), ("POST", "/api/v1/match")]
    {
        app.call(method, path, &token, None).problem(403, "password_change_required");
    }
    assert_eq!(
        app.call("GET", "/api/v1/me", &token, None).good()["user"]["must_change_password"],
        true
    );
    let change = |current: &str, new: &str| {
        let body = json!({"current_password": current, "new_password": new});
        app.call("PUT", "/api/v1/me/password", &token, Some(&body))
    };
    assert_eq!(
        change("wrong", PASSWORD).problem(400, "invalid_value")["field"],
        "current_password"
    );
    assert_eq!(change(&one_time, "short").problem(400, "invalid_value")["field"], "new_password");
    change(&one_time, &one_time).problem(400, "invalid_value");
    let admin = text(&change(&one_time, PASSWORD).good(), "token");
    app.call("GET", "/api/v1/me", &token, None).problem(401, "bad_token");
    app.sign_in("admin", &one_time).problem(401, "wrong_login");

    let make = |path: &str, body: Value| app.call("POST", path, &admin, Some(&body));
    make("/api/v1/offices", json!({"external_id": "city", "name": "南京市", "level": "city"}))
        .good();
    make("/api/v1/offices", json!({"external_id": "park", "name": "江宁高新区", "level": "park"}))
        .problem(400, "invalid_value");
    let park =
        json!({"external_id": "park", "name": "江宁高新区", "level": "park", "parent": "city"});
    make("/api/v1/offices", park.clone()).good();
    make("/api/v1/offices", park).problem(409, "exists");
    let commissioner = json!({
        "login": "zhang.san", "name": "张三", "role": "commissioner", "office": "park", "institution": "inst-1",
    });
    let made = make("/api/v1/users", commissioner.clone());
    assert_eq!(made.header("location"), Some("/api/v1/users/zhang.san"));
    let one_time = text(&made.good(), "one_time_password");
    make("/api/v1/users", commissioner).problem(409, "exists");
    let token = text(&app.sign_in("zhang.san", &one_time).good(), "token");
    let body = json!({"current_password": one_time, "new_password": OTHER_PASSWORD});
    let session = app.call("PUT", "/api/v1/me/password", &token, Some(&body)).good();
    let token = text(&session, "token");
    app.call("GET", "/api/v1/needs", &token, None).good();
    app.call("GET", "/api/v1/users", &token, None).problem(403, "forbidden");
    app.call("GET", "/api/v1/users/admin", &token, None).problem(403, "forbidden");

    let found = app.call("GET", "/api/v1/users/zhang.san", &admin, None);
    let etag = found.header("etag").unwrap().to_owned();
    let change = json!({
        "name": "张三", "role": "commissioner", "office": "park", "institution": "inst-1", "disabled": true,
    });
    let put = |etag: &str| {
        let bearer = format!("Bearer {admin}");
        let headers = [("authorization", bearer.as_str()), ("if-match", etag)];
        app.ask("PUT", "/api/v1/users/zhang.san", &headers, Some(&change))
    };
    assert_eq!(put("\"1\"").problem(412, "revision_conflict")["status"], 412);
    assert_eq!(put("1").problem(400, "invalid_value")["field"], "If-Match");
    assert_eq!(put(&etag).good()["disabled"], true);
    app.call("GET", "/api/v1/needs", &token, None).problem(401, "bad_token");
    app.sign_in("zhang.san", OTHER_PASSWORD).problem(401, "wrong_login");
}

#[test]
fn a_wrong_token_is_told_on_every_address_and_never_taken_for_nothing() {
    let app = TestApp::local();
    let good = app.user(&auditor(), PASSWORD);
    let flipped =
        format!("{}{}", &good[..good.len() - 1], if good.ends_with('A') { "B" } else { "A" });
    let wrong = [
        format!("Bearer {flipped}"),
        "Bearer ".to_owned(),
        "Bearer djs_".to_owned(),
        "Basic YTpi".to_owned(),
        good.clone(),
    ];
    for authorization in &wrong {
        for path in ["/api/v1/needs", "/api/v1/me", "/healthz", "/openapi.json", "/no-such-address"]
        {
            let answer = app.ask("GET", path, &[("authorization", authorization)], None);
            answer.problem(401, "bad_token");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer error=\"invalid_token\""));
            assert!(!answer.body.contains(&good[4..20]), "{}", answer.body);
        }
    }
    app.call("GET", "/api/v1/needs", &good, None).good();
    let lower = app.ask("GET", "/api/v1/me", &[("authorization", &format!("bearer {good}"))], None);
    assert_eq!(lower.good()["user"]["login"], "reader");
    // Nothing shown is what the server was started with.
    app.get("/api/v1/needs").good();
    let nobody = app.get("/api/v1/me");
    nobody.problem(401, "not_signed_in");
    assert_eq!(nobody.header("www-authenticate"), Some("Bearer"));
}

#[test]
fn sessions_end_alone_together_or_with_the_password() {
    let app = TestApp::local();
    let first = app.user(&auditor(), PASSWORD);
    let session = || text(&app.sign_in("reader", PASSWORD).good(), "token");
    let open = |token: &str| app.call("GET", "/api/v1/me", token, None).status == 200;
    let (second, third) = (session(), session());
    assert_eq!(app.call("DELETE", "/api/v1/sessions/current", &second, None).status, 204);
    assert_eq!([&first, &second, &third].map(|token| open(token)), [true, false, true]);
    let api = app.call("POST", "/api/v1/tokens", &first, Some(&json!({"label": "报表"}))).good();
    let api = text(&api, "token");
    assert_eq!(app.call("DELETE", "/api/v1/sessions", &third, None).good()["ended"], 2);
    assert_eq!([&first, &third, &api].map(|token| open(token)), [false, false, true]);
    let fourth = session();
    let body = json!({"current_password": PASSWORD, "new_password": OTHER_PASSWORD});
    let fifth = app.call("PUT", "/api/v1/me/password", &fourth, Some(&body)).good();
    assert!(!open(&fourth) && open(&text(&fifth, "token")) && open(&api));
    // Who is given a new password is out, and must change it before anything else.
    let reset = app.post("/api/v1/users/reader/password", &json!({})).good();
    assert!(!open(&text(&fifth, "token")));
    app.call("GET", "/api/v1/needs", &api, None).problem(403, "password_change_required");
    app.sign_in("reader", OTHER_PASSWORD).problem(401, "wrong_login");
    app.sign_in("reader", &text(&reset, "one_time_password")).good();
}

#[test]
fn tokens_are_made_seen_and_revoked_by_their_owner_and_the_administrator() {
    let app = TestApp::local();
    let (boss, reader) = (app.user(&admin(), PASSWORD), app.user(&auditor(), PASSWORD));
    let other =
        json!({"login": "other", "name": "院校丙", "role": "institution", "institution": "inst-1"});
    let other = app.user(&other, PASSWORD);
    let make = |token: &str, body: Value| app.call("POST", "/api/v1/tokens", token, Some(&body));
    let made = make(&other, json!({"label": "对接系统", "days": 1})).good();
    let secret = text(&made, "token");
    assert!(secret.starts_with("djt_"));
    app.call("GET", "/api/v1/me", &secret, None).good();
    for (token, body, status, code) in [
        (&other, json!({"label": "a", "days": 0}), 400, "invalid_value"),
        (&other, json!({"label": "a", "days": TOKEN_DAYS_MAX + 1}), 400, "invalid_value"),
        (&other, json!({"label": "a", "days": 99_999_999_999_u64}), 400, "invalid_value"),
        (&other, json!({"label": " "}), 400, "invalid_value"),
        (&other, json!({"label": "a", "user": "boss"}), 403, "forbidden"),
        (&other, json!({"label": "a", "user": "nobody"}), 403, "forbidden"),
        (&reader, json!({"label": "a", "user": "boss"}), 403, "forbidden"),
        (&boss, json!({"label": "a", "user": "nobody"}), 404, "not_found"),
    ] {
        make(token, body.clone()).problem(status, code);
    }
    let list = |token: &str, query: &str| {
        let page = app.call("GET", &format!("/api/v1/tokens{query}"), token, None).good();
        page["items"].as_array().unwrap().clone()
    };
    assert_eq!(list(&other, "").len(), 2, "a session and a token");
    assert_eq!(list(&boss, "?user=other").len(), 2);
    assert_eq!(list(&boss, "").len(), 4, "everybody's");
    assert_eq!(list(&reader, "").len(), 4, "everybody's");
    assert_eq!(list(&boss, "?limit=1").len(), 1);
    assert!(!format!("{:?}", list(&boss, "")).contains(&secret[4..]));
    app.get("/api/v1/tokens?user=other").good();
    let id = text(&made, "id");
    let revoke = |token: &str| app.call("DELETE", &format!("/api/v1/tokens/{id}"), token, None);
    // That there is such a token is not for others; auditors change nothing.
    revoke(&reader).problem(404, "not_found");
    assert_eq!(revoke(&secret).status, 204);
    app.call("GET", "/api/v1/me", &secret, None).problem(401, "bad_token");
    assert_eq!(revoke(&boss).status, 204, "twice changes nothing");
    app.call("DELETE", "/api/v1/tokens/x", &boss, None).problem(404, "not_found");
    let anonymous = TestApp::anonymous();
    anonymous.get("/api/v1/tokens").problem(401, "not_signed_in");
    anonymous.post("/api/v1/tokens", &json!({"label": "a"})).problem(401, "not_signed_in");
}

#[test]
fn who_guesses_waits_and_is_told_how_long() {
    let app = TestApp::anonymous();
    // Whether the login exists makes no difference; nor do capitals and blanks.
    for login in ["nobody", "admin"] {
        for spelling in 0..5 {
            let login = if spelling % 2 == 0 {
                login.to_owned()
            } else {
                format!(" {}", login.to_uppercase())
            };
            app.sign_in(&login, "a wrong password").problem(401, "wrong_login");
        }
        let locked = app.sign_in(login, "a wrong password");
        let detail = text(&locked.problem(429, "locked_out"), "detail");
        let wait: u64 = locked.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=30).contains(&wait) && detail.contains(&format!("{wait} 秒")), "{detail}");
    }
    let long = app.sign_in("somebody", &"x".repeat(201));
    assert_eq!(long.problem(400, "invalid_value")["field"], "password");
    for (body, field) in [
        (json!({}), "login"),
        (json!({"login": "a"}), "password"),
        (json!({"login": "a", "password": 5}), "password"),
        (json!({"login": "a", "password": "b", "remember": true}), "remember"),
    ] {
        assert_eq!(app.post("/api/v1/sessions", &body).json()["field"], field);
    }
}

#[test]
fn users_are_made_right_or_not_at_all_and_an_administrator_is_always_left() {
    let app = TestApp::local();
    let boss = app.user(&admin(), PASSWORD);
    let make = |body: &Value| app.call("POST", "/api/v1/users", &boss, Some(body));
    for (body, field) in [
        (json!({"name": "a", "role": "admin"}), "login"),
        (json!({"login": "张三", "name": "a", "role": "admin"}), "login"),
        (json!({"login": "Abc", "name": "a", "role": "admin"}), "login"),
        (json!({"login": "abc", "role": "admin"}), "name"),
        (json!({"login": "abc", "name": "a"}), "role"),
        (json!({"login": "abc", "name": "a", "role": "king"}), "role"),
        (json!({"login": "abc", "name": "a", "role": "office"}), "office_id"),
        (json!({"login": "abc", "name": "a", "role": "office", "office": "none"}), "office"),
        (
            json!({"login": "abc", "name": "a", "role": "admin", "enterprise": "ent-1"}),
            "enterprise_id",
        ),
    ] {
        assert_eq!(make(&body).problem(400, "invalid_value")["field"], field, "{body}");
    }
    let change = |name: &str, body: Value| {
        app.call("PUT", &format!("/api/v1/users/{name}"), &boss, Some(&body))
    };
    let demoted = json!({"name": "甲", "role": "auditor"});
    change("boss", demoted.clone()).problem(400, "invalid_value");
    change("boss", json!({"name": "甲", "role": "admin", "disabled": true}))
        .problem(400, "invalid_value");
    change("nobody", demoted.clone()).problem(404, "not_found");
    make(&json!({"login": "second", "name": "乙", "role": "admin"})).good();
    assert_eq!(change("boss", demoted).good()["role"], "auditor");
    // What the role is counts at once, for the session that is open already.
    app.call("GET", "/api/v1/users", &boss, None).good();
    make(&json!({"login": "third", "name": "丙", "role": "admin"})).problem(403, "forbidden");
    let anonymous = TestApp::anonymous();
    anonymous.get("/api/v1/users").problem(403, "forbidden");
    anonymous
        .post("/api/v1/offices", &json!({"name": "a", "level": "city"}))
        .problem(403, "forbidden");
    anonymous.get("/api/v1/offices").problem(401, "not_signed_in");
}
