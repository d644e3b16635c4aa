//! What nobody sends by accident. Every address that takes a body, read from the description of
//! the API, gets all of it: a named problem or a clean end, bounded memory, and whoever else asks
//! meanwhile is answered.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use duijie::http::{HEAD_BYTES_MAX, HEADERS_MAX, ServeOptions, Timeouts};
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::process::{Running, duijie, serve};

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// How much more memory than before hostile requests may take, in KiB: the buffers of all of them
/// at their limits, and what the allocator keeps.
const GROWTH_KIB_MAX: u64 = 128 << 10;
/// Bytes of what is called huge.
const HUGE: usize = 10 << 20;

/// What came back: nothing, if the server just closed.
struct Reply(String);

impl Reply {
    fn status(&self) -> Option<u16> {
        Some(self.0.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().expect("a status"))
    }

    /// The code of the problem that it is.
    fn problem(&self) -> Option<String> {
        let (head, body) = self.0.split_once("\r\n\r\n")?;
        if !head.contains("content-type: application/problem+json") {
            return None;
        }
        let problem: Value = serde_json::from_str(body).expect("a problem");
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{problem}");
        Some(problem["code"].as_str().expect("a code").to_owned())
    }

    /// Nothing, an answer, or a problem with its name; never our fault.
    fn assert_orderly(&self, what: &str) {
        let Some(status) = self.status() else {
            assert_eq!(self.0, "", "{what}");
            return;
        };
        assert!(status < 500, "{what}: {}", self.0);
        assert!(status < 400 || self.problem().is_some(), "{what}: {}", self.0);
    }
}

/// Sends bytes, as far as they are taken, and reads until the server closes.
fn send(addr: SocketAddr, bytes: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(addr).expect("a connection");
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    // It may close before all is sent.
    let _ = stream.write_all(bytes);
    read(stream)
}

fn read(mut stream: TcpStream) -> Reply {
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "it neither answers nor closes");
    }
    Reply(String::from_utf8_lossy(&answer).into_owned())
}

fn post(path: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").into_bytes()
}

/// A service of its own, so that its memory can be told from that of the tests.
struct Target {
    service: Running,
    addr: SocketAddr,
    /// Addresses that take a body, with the body that the description gives as example.
    posts: Vec<(String, Value)>,
    _home: tempfile::TempDir,
}

impl Target {
    fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let (service, addr) = serve(&mut duijie(home.path()));
        let described = send(addr, &get("/openapi.json")).0;
        let (_, document) = described.split_once("\r\n\r\n").expect("a description");
        let document: Value = serde_json::from_str(document).unwrap();
        let mut posts = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            let body = &item["post"]["requestBody"]["content"]["application/json"]["example"];
            if body.is_object() {
                // Any record will do where one is named.
                let path =
                    path.split('/').map(|part| if part.starts_with('{') { "x" } else { part });
                posts.push((path.collect::<Vec<_>>().join("/"), body.clone()));
            }
        }
        assert!(posts.len() > 5, "{posts:?}");
        Self { service, addr, posts, _home: home }
    }

    /// Memory in use, in KiB.
    fn memory_kib(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.service.0.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it runs");
        line.trim_end_matches("kB").trim().parse().unwrap()
    }

    /// Does `attack` while somebody else asks for a match again and again, and is always
    /// answered; then memory must be what it was.
    fn withstands(&self, attack: impl FnOnce()) {
        let body = json!({"text": "膜电极寿命短"}).to_string();
        let ask = || {
            let reply = send(self.addr, &post("/api/v1/points", body.as_bytes()));
            assert_eq!(reply.status(), Some(200), "{}", reply.0);
        };
        (0..4).for_each(|_| ask());
        let before = self.memory_kib();
        let (over, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) || asked.load(Ordering::Relaxed) < 2 {
                    ask();
                    asked.fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(Duration::from_millis(20));
                }
            });
            // So that the other thread ends even if the attack panics.
            let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(attack));
            over.store(true, Ordering::Relaxed);
            if let Err(panic) = done {
                std::panic::resume_unwind(panic);
            }
        });
        let after = self.memory_kib();
        assert!(after < before + GROWTH_KIB_MAX, "{before} KiB before, {after} KiB after");
    }
}

/// Bodies that are wrong anywhere, with the code of the problem that tells it.
fn bodies() -> Vec<(&'static str, Vec<u8>, &'static [&'static str])> {
    const BAD_JSON: &[&str] = &["bad_json"];
    let huge = "字".repeat(HUGE / 3);
    let long_key = "k".repeat(100_000);
    vec![
        ("nothing", vec![], BAD_JSON),
        ("1e400", b"{\"text\": 1e400}".to_vec(), BAD_JSON),
        ("10^30 alone", format!("1{}", "0".repeat(30)).into_bytes(), BAD_JSON),
        ("a NUL", b"{\"text\": \"a\0b\"}".to_vec(), BAD_JSON),
        ("only NULs", vec![0; 1_000], BAD_JSON),
        ("a lone surrogate", b"{\"text\": \"\\ud800\"}".to_vec(), BAD_JSON),
        ("surrogates reversed", b"{\"text\": \"\\udc00\\ud800\"}".to_vec(), BAD_JSON),
        ("no UTF-8", b"{\"text\": \"\xed\xa0\x80\"}".to_vec(), BAD_JSON),
        ("lists nested deep", vec![b'['; 100_000], BAD_JSON),
        (
            "lists nested deep in a key",
            [b"{\"text\":".to_vec(), vec![b'['; 100_000]].concat(),
            BAD_JSON,
        ),
        ("objects nested deep", "{\"text\":".repeat(100_000).into_bytes(), BAD_JSON),
        ("a huge string", format!("{{\"text\": \"{huge}\"}}").into_bytes(), &["too_large"]),
        ("huge white space", vec![b' '; HUGE], &["too_large"]),
        ("a long key", format!("{{\"{long_key}\": 1}}").into_bytes(), &["unknown_field"]),
        (
            "duplicate keys",
            b"{\"text\": \"a\", \"text\": \"b\"}".to_vec(),
            &["invalid_value", "unknown_field"],
        ),
    ]
}

#[test]
fn bodies_that_are_wrong_anywhere_are_named_problems_at_every_address() {
    let target = Target::start();
    let bodies = bodies();
    target.withstands(|| {
        for (path, _) in &target.posts {
            for (what, body, codes) in &bodies {
                let reply = send(target.addr, &post(path, body));
                let code =
                    reply.problem().unwrap_or_else(|| panic!("{path} {what}: {:?}", reply.0));
                assert!(codes.contains(&code.as_str()), "{path} {what}: {code}");
            }
        }
    });
}

#[test]
fn values_of_the_wrong_sort_are_named_problems_for_every_key() {
    let target = Target::start();
    let values = ["true", "-1", "1e308", "1000000000000000000000000000000", "[[]]", "{\"a\": 1}"];
    target.withstands(|| {
        for (path, example) in &target.posts {
            for key in example.as_object().unwrap().keys() {
                for value in values.iter().copied().chain(["\"\\u0000\"", "[\"\\u0000\"]"]) {
                    let mut body = example.clone();
                    body[key] = json!("HERE");
                    let body = body.to_string().replace("\"HERE\"", value);
                    let reply = send(target.addr, &post(path, body.as_bytes()));
                    let what = format!("{path} {body}");
                    assert!(reply.status().is_some(), "{what}");
                    reply.assert_orderly(&what);
                }
            }
        }
    });
}

#[test]
fn many_huge_bodies_at_once_take_no_more_than_the_limit_each() {
    let target = Target::start();
    let (path, _) = &target.posts[0];
    let body = post(path, &vec![b' '; HUGE]);
    target.withstands(|| {
        std::thread::scope(|scope| {
            for _ in 0..30 {
                scope.spawn(|| {
                    let reply = send(target.addr, &body);
                    assert_eq!(reply.problem().as_deref(), Some("too_large"), "{}", reply.0);
                });
            }
        });
    });
}

#[test]
fn heads_that_are_too_large_or_none_are_named_problems() {
    let target = Target::start();
    let headers = |count: usize, length: usize| {
        let value = "v".repeat(length);
        let lines: String = (0..count).map(|n| format!("x-{n}: {value}\r\n")).collect();
        format!("GET /healthz HTTP/1.1\r\nConnection: close\r\n{lines}\r\n").into_bytes()
    };
    let head_too_large = [
        ("10,000 headers", headers(10_000, 1)),
        ("one more than allowed", headers(HEADERS_MAX, 1)),
        ("one of 10 MB", headers(1, HUGE)),
        ("one above the limit", headers(1, HEAD_BYTES_MAX)),
        ("a long address", get(&format!("/{}", "a".repeat(100_000)))),
        ("a huge address", get(&format!("/{}", "a".repeat(HUGE)))),
        ("a long query", get(&format!("/api/v1/search?q={}", "a".repeat(100_000)))),
    ];
    let no_requests: [(&str, &[u8]); 8] = [
        ("noise", b"\x01\x02\x03\r\n\r\n"),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
        ("no version", b"GET /\r\n\r\n"),
        ("another protocol", b"HELO localhost\r\n\r\n"),
        ("a header without a name", b"GET / HTTP/1.1\r\n: x\r\n\r\n"),
        ("a NUL in a header", b"GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n"),
        ("two lengths", b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"),
        ("a negative length", b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\nx"),
    ];
    target.withstands(|| {
        for (what, bytes) in &head_too_large {
            let reply = send(target.addr, bytes);
            assert_eq!(reply.status(), Some(431), "{what}: {}", reply.0);
            assert_eq!(reply.problem().as_deref(), Some("head_too_large"), "{what}");
        }
        assert_eq!(send(target.addr, &headers(HEADERS_MAX - 1, 1)).status(), Some(200));
    });
    target.withstands(|| {
        for (what, bytes) in no_requests {
            let reply = send(target.addr, bytes);
            assert_eq!(reply.problem().as_deref(), Some("bad_request"), "{what}: {}", reply.0);
        }
        send(target.addr, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").assert_orderly("HTTP/2");
        let both = b"POST /api/v1/points HTTP/1.1\r\nContent-Type: application/json\r\nConnection: close\r\n\
            Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
        send(target.addr, both).assert_orderly("length and chunks");
        let chunks = b"POST /api/v1/points HTTP/1.1\r\nContent-Type: application/json\r\nConnection: close\r\n\
            Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n0\r\n\r\n";
        send(target.addr, chunks).assert_orderly("a chunk of 2^72 bytes");
    });
}

#[test]
fn tricks_with_paths_find_nothing() {
    let target = Target::start();
    let tricks = [
        "/../../../../etc/passwd",
        "/api/v1/needs/..%2f..%2f..%2fetc%2fpasswd",
        "/api/v1/needs/%2e%2e/%2e%2e/etc/passwd",
        "/api/v1/needs/..%5c..%5cwindows",
        "/api/v1/needs/%00",
        "/api/v1/needs/x%00.json",
        "/api/v1/needs/%",
        "/api/v1/needs/%zz",
        "/api/v1/needs/%ff%fe",
        "/api/v1/needs/%ed%a0%80",
        "//healthz//",
        "/healthz/../metrics",
        "/docs/..%2fopenapi.json",
        "http://localhost/../etc/passwd",
        "*",
    ];
    target.withstands(|| {
        for path in tricks {
            let reply = send(target.addr, &get(path));
            assert!(matches!(reply.status(), Some(400 | 404)), "{path}: {}", reply.0);
            assert!(reply.problem().is_some(), "{path}: {}", reply.0);
        }
        let long = format!("/api/v1/needs/{}", "%2e".repeat(5_000));
        assert_eq!(send(target.addr, &get(&long)).problem().as_deref(), Some("not_found"));
    });
}

#[test]
fn connections_that_are_half_closed_or_go_on_with_garbage_end() {
    let target = Target::start();
    let whole = post("/api/v1/points", json!({"text": "膜电极"}).to_string().as_bytes());
    target.withstands(|| {
        for sent in [0, 1, 20, whole.len() - 20, whole.len() - 1, whole.len()] {
            let mut stream = TcpStream::connect(target.addr).unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            stream.write_all(&whole[..sent]).unwrap();
            stream.shutdown(Shutdown::Write).unwrap();
            read(stream).assert_orderly(&format!("{sent} bytes"));
        }
        let piped =
            [&b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"[..], &[1; 1_000]].concat();
        let reply = send(target.addr, &piped).0;
        assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
        assert!(reply.contains("HTTP/1.1 400") && reply.contains("bad_request"), "{reply}");
        let many = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(1_000);
        let reply = send(target.addr, &[many, get("/healthz")].concat()).0;
        assert_eq!(reply.matches("HTTP/1.1 200").count(), 1_001);
    });
}

/// Sends a byte at a time until it is told something.
fn drip(addr: SocketAddr, bytes: &[u8], pause: Duration) -> Reply {
    let stream = TcpStream::connect(addr).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut writing = stream.try_clone().unwrap();
    let bytes = bytes.to_vec();
    let dripping = std::thread::spawn(move || {
        bytes
            .chunks(1)
            .take_while(|byte| {
                std::thread::sleep(pause);
                writing.write_all(byte).is_ok()
            })
            .count()
    });
    let reply = read(stream.try_clone().unwrap());
    let _ = stream.shutdown(Shutdown::Both);
    dripping.join().unwrap();
    reply
}

#[test]
fn slow_clients_are_told_the_limit_and_keep_nobody_waiting() {
    let limit = Duration::from_millis(500);
    let timeouts = Timeouts { head: limit, body: limit, ..Timeouts::default() };
    let app = TestApp::serve(ServeOptions { timeouts, ..ServeOptions::for_testing() });
    let (addr, pause) = (app.addr, Duration::from_millis(40));
    let slow_body = post("/api/v1/match", &[b' '; 9_999]);
    let head_bytes = slow_body.len() - 9_999;
    std::thread::scope(|scope| {
        let heads: Vec<_> =
            (0..20).map(|_| scope.spawn(|| drip(addr, &slow_body, pause))).collect();
        let bodies: Vec<_> = (0..20)
            .map(|_| {
                scope.spawn(|| {
                    let mut stream = TcpStream::connect(addr).unwrap();
                    stream.set_read_timeout(Some(PATIENCE)).unwrap();
                    stream.write_all(&slow_body[..head_bytes]).unwrap();
                    for byte in slow_body[head_bytes..].chunks(1).take(30) {
                        std::thread::sleep(pause);
                        if stream.write_all(byte).is_err() {
                            break;
                        }
                    }
                    read(stream)
                })
            })
            .collect();
        let began = Instant::now();
        app.post("/api/v1/match", &json!({"text": "膜电极"})).good();
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
        for (slow, code) in heads
            .into_iter()
            .map(|h| (h, "head_timeout"))
            .chain(bodies.into_iter().map(|b| (b, "body_timeout")))
        {
            let reply = slow.join().unwrap();
            assert_eq!(reply.problem().as_deref(), Some(code), "{}", reply.0);
            assert!(reply.0.contains("500 毫秒"), "{}", reply.0);
        }
    });
    // An idle connection ends without a word.
    let mut idle = TcpStream::connect(addr).unwrap();
    idle.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut said = String::new();
    idle.read_to_string(&mut said).unwrap();
    assert_eq!(said, "");
}
