use std::io::{Read, Write};
use std::net::TcpStream;
use std::num::NonZero;
use std::time::{Duration, Instant};

use duijie::http::{RATE_BURST_S, ServeOptions};
use serde_json::json;

use crate::support::TestApp;

const HEALTH: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

#[test]
fn a_connection_too_many_is_told_so_until_another_ends() {
    let mut app =
        TestApp::serve(ServeOptions { connections_max: 2, ..ServeOptions::for_testing() });
    // Each is answered once, so that it is inside, and stays.
    let inside: Vec<TcpStream> = (0..2)
        .map(|_| {
            let mut stream = TcpStream::connect(app.addr).unwrap();
            stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
            let read = stream.read(&mut [0; 1024]).unwrap();
            assert!(read > 0);
            stream
        })
        .collect();
    let refused = app.get("/healthz");
    assert_eq!(refused.problem(503, "too_many_connections")["limit"], 2);
    assert_eq!(
        (refused.header("retry-after"), refused.header("connection")),
        (Some("1"), Some("close"))
    );
    drop(inside);
    let give_up = Instant::now() + Duration::from_secs(20);
    while !app.raw(HEALTH).starts_with("HTTP/1.1 200") {
        assert!(Instant::now() < give_up, "no place became free");
        std::thread::sleep(Duration::from_millis(5));
    }
    app.stop(|| {}).unwrap();
}

#[test]
fn a_client_that_asks_too_often_is_told_when_to_come_again() {
    let rate = NonZero::new(3);
    let limited =
        ServeOptions { allow_anonymous: false, rate_per_s: rate, ..ServeOptions::for_testing() };
    let app = TestApp::serve(limited.clone());
    let refused = (0..100).map(|_| app.get("/api/v1/labs")).find(|answer| answer.status != 200);
    let refused = refused.expect("a hundred at once are too many");
    assert_eq!(refused.problem(429, "rate_limited")["limit"], 3);
    let wait = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    app.get("/healthz").good();
    let limits = |app: &TestApp| app.get("/openapi.json").good()["info"]["x-limits"].clone();
    std::thread::sleep(Duration::from_secs(wait));
    let told = limits(&app);
    assert_eq!((&told[0]["name"], &told[0]["value"]), (&json!("rate_per_s"), &json!(3)));
    assert_eq!(
        (&told[1]["name"], &told[1]["value"]),
        (&json!("rate_burst"), &json!(3 * RATE_BURST_S))
    );
    // Whoever may do everything on this machine is not counted.
    let trusted = TestApp::serve(ServeOptions { allow_anonymous: true, ..limited });
    (0..100).for_each(|_| drop(trusted.get("/api/v1/labs").good()));
    assert_ne!(limits(&trusted)[0]["name"], "rate_per_s");
}

#[test]
fn every_answer_has_an_id_and_a_harmless_one_is_the_clients() {
    let app = TestApp::local();
    let made = app.get("/healthz").header("x-request-id").unwrap().to_owned();
    assert_eq!(made.len(), 32, "{made}");
    assert_ne!(app.get("/nowhere").header("x-request-id").unwrap(), made);
    let with_id = |id: &str| {
        let request = format!(
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: {id}\r\nConnection: close\r\n\r\n"
        );
        app.raw(request.as_bytes())
    };
    assert!(with_id("trace-7.a_B").contains("x-request-id: trace-7.a_B\r\n"));
    for bad in ["a b", "<script>", &"x".repeat(65), ""] {
        let answer = with_id(bad);
        assert!(answer.contains("x-request-id: 0"), "{answer}");
    }
}
