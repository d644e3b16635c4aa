use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::process::{Running, duijie};

/// What may never stand in a log, wherever a client puts it.
const SECRET: &str = "Geheim7788";

/// A service that logs all it can to a file.
fn serve(home: &Path, log: &Path) -> (Running, SocketAddr) {
    let mut command = duijie(home);
    command
        .args(["--log-format", "json", "serve", "--allow-anonymous", "--addr", "127.0.0.1:0"])
        .env("RUST_LOG", "trace")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(log).unwrap());
    let service = Running(command.spawn().expect("the binary runs"));
    let give_up = Instant::now() + Duration::from_secs(60);
    loop {
        let said = fs::read_to_string(log).unwrap();
        let line = said.lines().find_map(|line| line.split_once("服务地址 http://"));
        if let Some((addr, _)) = line.and_then(|(_, rest)| rest.split_once('/')) {
            return (service, addr.parse().expect("an address"));
        }
        assert!(Instant::now() < give_up, "it does not serve: {said}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Sends a request as it is and reads until the server closes.
fn send(addr: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(addr).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn nothing_that_a_client_sends_gets_into_a_log_but_the_id_of_its_request() {
    let home = tempfile::tempdir().unwrap();
    let log = home.path().join("log");
    let (mut service, addr) = serve(home.path(), &log);
    let post = |path: &str, body: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
             X-Request-Id: mine-{}\r\nAuthorization: Bearer {SECRET}\r\nContent-Length: {}\r\n\r\n{body}",
            path.len(),
            body.len()
        )
    };
    let text = format!("{SECRET} 膜电极");
    let requests = [
        post("/api/v1/match", &format!("{{\"text\": \"{text}\"}}")),
        post("/api/v1/points", &format!("{{\"text\": \"{text}\", \"{SECRET}\": 1}}")),
        post("/api/v1/match", &format!("{{\"need\": \"{SECRET}\"}}")),
        post("/api/v1/match", &format!("{{\"text\": {SECRET}}}")),
        post(
            "/api/v1/institutions",
            &format!(
                "{{\"external_id\": \"{SECRET}\", \"name\": \"{text}\", \"kind\": \"institute\"}}"
            ),
        ),
        post(&format!("/api/v1/{SECRET}"), "{}"),
        format!(
            "GET /api/v1/needs/{SECRET} HTTP/1.1\r\nHost: {SECRET}\r\nConnection: close\r\n\r\n"
        ),
        format!(
            "GET /api/v1/search?q={SECRET} HTTP/1.1\r\nHost: localhost\r\nCookie: {SECRET}\r\n\
             X-Request-Id: {SECRET} {SECRET}\r\nConnection: close\r\n\r\n"
        ),
        format!("{SECRET} / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
        format!("GET / {SECRET}\r\n{SECRET}\r\n\r\n"),
    ];
    for request in &requests {
        let answer = send(addr, request);
        assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
        if let Some((_, id)) = request.split_once("X-Request-Id: mine-") {
            let id = id.split("\r\n").next().unwrap();
            assert!(answer.contains(&format!("\r\nx-request-id: mine-{id}\r\n")), "{answer}");
        }
    }
    service.kill();
    let log = fs::read_to_string(log).unwrap();
    let found = log.lines().find(|line| line.contains(SECRET));
    assert_eq!(found, None);
    // One line for each request that was one, with the id that its client was told.
    let lines: Vec<Value> =
        log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let answered: Vec<&Value> = lines.iter().filter(|l| l["message"] == "answered").collect();
    assert_eq!(answered.len(), requests.len() - 1, "{answered:?}");
    for line in answered {
        for key in ["method", "route", "status", "ms"] {
            assert!(!line[key].is_null(), "{line}");
        }
        assert!(!line["span"]["id"].as_str().unwrap_or_default().is_empty(), "{line}");
    }
    assert!(lines.iter().any(|line| line["span"]["id"] == "mine-13"), "{log}");
}
