//! What lets a browser in, and what it is told not to do, seen from the wire.

use ureq::http::Response;
use ureq::{Agent, Body};

use super::world::world;

type Answer = Response<Body>;

/// A client that follows nothing by itself and keeps no cookie.
fn agent() -> Agent {
    let config = Agent::config_builder().http_status_as_error(false).max_redirects(0).build();
    config.into()
}

fn get(path: &str, cookie: &str) -> Answer {
    let request = agent().get(format!("{}{path}", world().base)).header("accept", "text/html");
    request.header("cookie", cookie).call().expect("an answer")
}

fn post(path: &str, headers: &[(&str, &str)], form: &str) -> Answer {
    let mut request = agent().post(format!("{}{path}", world().base)).header("accept", "text/html");
    request = request.header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send(form).expect("an answer")
}

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Signs in as a browser does; name and value of the cookie.
fn session() -> String {
    let form = format!("login=demo-auditor&password={}", world().password);
    let answer = post("/sign-in", &[("sec-fetch-site", "same-origin")], &form);
    assert_eq!(answer.status(), 303);
    let cookie = header(&answer, "set-cookie");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(cookie.contains(part), "{part} is missing");
    }
    cookie.split(';').next().expect("a pair").to_owned()
}

#[test]
fn a_session_in_a_cookie_opens_pages_and_never_the_api() {
    let cookie = session();
    assert_eq!(get("/account", &cookie).status(), 200);
    assert_eq!(get("/api/v1/me", &cookie).status(), 401);
    let ended = post("/sign-out", &[("sec-fetch-site", "same-origin"), ("cookie", &cookie)], "");
    assert_eq!((ended.status().as_u16(), header(&ended, "location")), (303, "/sign-in"));
    let over = get("/account", &cookie);
    assert_eq!(over.status(), 303, "a session that was ended opens nothing");
    assert!(header(&over, "location").starts_with("/sign-in?why=over"), "{over:?}");
    assert!(header(&over, "set-cookie").contains("Max-Age=0"), "{over:?}");
    // What the page to sign in needs is there whatever the browser shows.
    let form = get("/sign-in", &cookie).body_mut().read_to_string().expect("text");
    let style = form.split("/assets/").nth(1).and_then(|rest| rest.split('"').next());
    let style = get(&format!("/assets/{}", style.expect("a style")), &cookie);
    assert_eq!(style.status(), 200);
    assert!(header(&style, "cache-control").contains("immutable"));
}

#[test]
fn a_form_of_another_site_changes_nothing() {
    let cookie = session();
    for from in [
        &[("cookie", cookie.as_str())][..],
        &[("cookie", &cookie), ("sec-fetch-site", "cross-site")],
        &[("cookie", &cookie), ("sec-fetch-site", "same-site")],
        &[("cookie", &cookie), ("origin", "https://evil.example")],
        &[("cookie", &cookie), ("origin", "null")],
    ] {
        assert_eq!(post("/sign-out-everywhere", from, "").status(), 403, "{from:?}");
    }
    assert_eq!(get("/account", &cookie).status(), 200, "still signed in");
}

#[test]
fn every_answer_tells_the_browser_what_not_to_do() {
    for path in ["/search", "/sign-in", "/needs/nobody-knows", "/no-such-page", "/labs/%FF"] {
        let answer = get(path, "");
        let policy = header(&answer, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&answer, "x-frame-options"), "DENY", "{path}");
        assert_eq!(header(&answer, "cache-control"), "no-store", "{path}");
        assert!(header(&answer, "content-type").starts_with("text/html"), "{path}");
    }
}

#[test]
fn a_program_at_the_same_address_is_told_in_its_own_language() {
    let request = agent().get(format!("{}/no-such-page", world().base));
    let answer = request.header("accept", "application/json").call().expect("an answer");
    assert_eq!(header(&answer, "content-type"), "application/problem+json");
}
