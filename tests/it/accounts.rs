//! Accounts as they are seen from outside: what is in files and logs, what other processes do,
//! and the command line.

use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use duijie::data::Data;
use duijie::engine::{Engine, Home, NewToken, Viewer};
use duijie::model::{Action, Body, Draft, Kind, Timestamp, TokenKind};
use duijie::store::{Existing, SqliteStore, Store, Write};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::support::process::{Running, duijie, told};

const NAME: &str = "欧阳雪中";
const PASSWORD: &str = "grün wie vier wörter";

async fn engine(home: &Path) -> Engine {
    Engine::start(&Home::new(home), &Data::embedded()).await.expect("a home")
}

/// Makes a user by the command line and gives them that password.
fn user(home: &Path, login: &str, role: &str) -> Value {
    let (code, made) =
        told(duijie(home).args(["user", "add", login, "--name", NAME, "--role", role]));
    assert_eq!(code, Some(0), "{made}");
    let mut giving = duijie(home)
        .args(["user", "password", login, "--stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = giving.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, format!("{PASSWORD}\n").as_bytes()).unwrap();
    drop(stdin);
    assert!(giving.wait().unwrap().success());
    made
}

/// Bytes of all files below a folder.
fn bytes(folder: &Path, into: &mut Vec<u8>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            bytes(&path, into);
        } else {
            std::fs::File::open(&path).unwrap().read_to_end(into).unwrap();
        }
    }
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn no_secret_is_in_any_file() {
    let home = tempfile::tempdir().unwrap();
    let made = user(home.path(), "zhang.san", "auditor");
    let engine = engine(home.path()).await;
    let session = engine.sign_in("zhang.san", PASSWORD.to_owned(), None).await.unwrap();
    let new = NewToken { label: "报表".to_owned(), days: 1, user: Some("zhang.san".to_owned()) };
    let (token, _) = engine.create_token(Viewer::Local, new).await.unwrap();
    engine.sign_in("no-such-login", PASSWORD.to_owned(), None).await.unwrap_err();
    let secrets = [
        PASSWORD,
        made["one_time_password"].as_str().unwrap(),
        session.secret.reveal(),
        token.reveal(),
        &token.reveal()["djt_".len()..],
        "no-such-login",
    ];
    // Once with the log beside the file, once without.
    let mut files = Vec::new();
    bytes(home.path(), &mut files);
    engine.close().await;
    bytes(home.path(), &mut files);
    assert!(has(&files, "zhang.san") && has(&files, "$argon2id$"), "the store is read here");
    for secret in secrets {
        assert!(!has(&files, secret), "{secret}");
    }
}

#[tokio::test]
async fn what_happens_at_the_door_is_remembered_as_events() {
    let home = tempfile::tempdir().unwrap();
    let made = user(home.path(), "zhang.san", "auditor");
    let engine = engine(home.path()).await;
    engine.sign_in("zhang.san", "wrong".to_owned(), None).await.unwrap_err();
    engine.sign_in("nobody", "wrong".to_owned(), None).await.unwrap_err();
    let session = engine.sign_in("zhang.san", PASSWORD.to_owned(), None).await.unwrap();
    let grant = engine.grant_of(session.secret.reveal()).await.unwrap().unwrap();
    engine.sign_out(&grant).await.unwrap();
    assert_eq!(engine.grant_of(session.secret.reveal()).await.unwrap(), None);
    engine.close().await;
    let store = SqliteStore::open(&Home::new(home.path()).database()).await.unwrap();
    let events = store.list(Kind::Event, None, 100).await.unwrap();
    let seen: Vec<_> = events
        .iter()
        .map(|event| {
            let Body::Event(body) = &event.record.body else { panic!("no event") };
            let subject = body.subject.map(|(_, id)| id.to_string());
            (body.action, subject, event.record.meta.created_by.clone(), body.detail.clone())
        })
        .collect();
    let id = made["id"].as_str().unwrap().to_owned();
    let by_nobody = || "anonymous".to_owned();
    // 16 digits of the SHA-256 of "nobody".
    let digest = "login sha256:6382b3cc881412b7".to_owned();
    assert_eq!(
        seen,
        [
            (Action::SignInFailed, Some(id.clone()), by_nobody(), String::new()),
            (Action::SignInFailed, None, by_nobody(), digest),
            (Action::SignedIn, Some(id.clone()), id.clone(), String::new()),
            (Action::SignedOut, Some(id.clone()), id, String::new()),
        ]
    );
    store.close().await;
}

/// What another process changes counts within its next look; what this one changes, at once.
#[tokio::test]
async fn a_token_ends_when_it_expires_and_when_anybody_revokes_it() {
    let home = tempfile::tempdir().unwrap();
    user(home.path(), "zhang.san", "auditor");
    user(home.path(), "li.si", "admin");
    let engine = engine(home.path()).await;
    let token = async || {
        let new =
            NewToken { label: "报表".to_owned(), days: 1, user: Some("zhang.san".to_owned()) };
        let (secret, record) = engine.create_token(Viewer::Local, new).await.unwrap();
        (secret.reveal().to_owned(), record)
    };
    let open = async |secret: &str| engine.grant_of(secret).await.unwrap().is_some();
    for _ in 0..20 {
        let (secret, record) = token().await;
        assert!(open(&secret).await);
        engine.revoke_token(Viewer::Local, &record.meta.id.to_string()).await.unwrap();
        assert!(!open(&secret).await, "at once");
    }
    let store = SqliteStore::open(&Home::new(home.path()).database()).await.unwrap();
    let (secret, mut record) = token().await;
    assert!(open(&secret).await);
    let Body::Token(body) = &mut record.body else { panic!("a token") };
    assert_eq!(body.kind, TokenKind::Api);
    body.expires_at = Timestamp(Timestamp::now().0 - 1);
    let meta = record.meta;
    let draft = Draft {
        source: meta.source,
        external_id: meta.external_id,
        owner: meta.owner,
        visibility: meta.visibility,
        provenance: meta.provenance,
        body: record.body,
    };
    let existing = Existing::Expected { id: meta.id, revision: None };
    store.write(&[Write { draft, existing }], None, "tester").await.unwrap();
    until_shut(&open, &secret).await;
    let (secret, _) = token().await;
    assert!(open(&secret).await);
    let (code, _) = told(duijie(home.path()).args(["user", "disable", "zhang.san"]));
    assert_eq!(code, Some(0));
    until_shut(&open, &secret).await;
    let (code, _) = told(duijie(home.path()).args(["user", "disable", "zhang.san", "--undo"]));
    assert_eq!(code, Some(0));
    let give_up = Instant::now() + Duration::from_secs(20);
    while !open(&secret).await {
        assert!(Instant::now() < give_up, "it opens again");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    store.close().await;
    engine.close().await;
}

async fn until_shut(open: &impl AsyncFn(&str) -> bool, secret: &str) {
    let give_up = Instant::now() + Duration::from_secs(20);
    while open(secret).await {
        assert!(Instant::now() < give_up, "it stays open");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The first start tells a password once; the log has neither secrets nor names.
#[test]
fn the_log_has_no_secrets_and_no_names() {
    let home = tempfile::tempdir().unwrap();
    user(home.path(), "zhang.san", "admin");
    let mut command = duijie(home.path());
    command.env("RUST_LOG", "trace").args(["serve", "--addr", "127.0.0.1:0"]);
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut service = Running(command.spawn().unwrap());
    let mut said = service.0.stderr.take().unwrap();
    let (lines, seen) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let (mut all, mut part) = (Vec::new(), [0; 4096]);
        while let Ok(len @ 1..) = said.read(&mut part) {
            all.extend_from_slice(&part[..len]);
            let text = String::from_utf8_lossy(&all);
            if let Some((_, rest)) = text.split_once("http://127.0.0.1:")
                && let Some((port, _)) = rest.split_once('/')
            {
                // Only the first is waited for.
                let _ = lines.send(port.to_owned());
            }
        }
        all
    });
    let port = seen.recv_timeout(Duration::from_secs(60)).expect("it serves");
    let url = |path: &str| format!("http://127.0.0.1:{port}{path}");
    let body = json!({"login": "zhang.san", "password": PASSWORD}).to_string();
    let json = "application/json";
    let mut answer =
        ureq::post(url("/api/v1/sessions")).header("content-type", json).send(&body).unwrap();
    let session: Value =
        serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    let token = session["token"].as_str().unwrap();
    let bearer = format!("Bearer {token}");
    ureq::get(url("/api/v1/users")).header("authorization", &bearer).call().unwrap();
    let wrong = json!({"login": "zhang.san", "password": "wrong password"}).to_string();
    ureq::post(url("/api/v1/sessions")).header("content-type", json).send(&wrong).unwrap_err();
    service.kill();
    let log = reader.join().unwrap();
    let id = session["user"]["id"].as_str().unwrap();
    assert!(
        has(&log, "/api/v1/users") && has(&log, id),
        "requests are logged, with the caller's id"
    );
    for secret in [PASSWORD, "wrong password", token, &token[4..], NAME, "$argon2id$"] {
        assert!(!has(&log, secret), "{secret}");
    }
}

#[test]
fn the_first_start_tells_one_password_once() {
    let home = tempfile::tempdir().unwrap();
    let start = || {
        let mut command = duijie(home.path());
        command.args(["serve", "--addr", "127.0.0.1:0"]);
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut service = Running(command.spawn().unwrap());
        let mut said = service.0.stderr.take().unwrap();
        let (mut all, mut part) = (Vec::new(), [0; 4096]);
        while !has(&all, "Ctrl-C") {
            let len = said.read(&mut part).unwrap();
            assert_ne!(len, 0, "{}", String::from_utf8_lossy(&all));
            all.extend_from_slice(&part[..len]);
        }
        service.kill();
        String::from_utf8(all).unwrap()
    };
    let first = start();
    assert!(first.contains("用户名 admin，一次性密码 ") && first.contains("修改密码"), "{first}");
    assert!(!start().contains("一次性密码"), "once");
}

#[test]
fn the_command_line_manages_users_tokens_and_offices() {
    let home = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| told(duijie(home.path()).args(arguments));
    let (code, report) = run(&["office", "import-parks"]);
    assert_eq!((code, &report["updated"]), (Some(0), &json!(0)), "{report}");
    let created = report["created"].as_u64().unwrap();
    let (_, again) = run(&["office", "import-parks"]);
    assert_eq!(again, json!({"created": 0, "updated": 0, "unchanged": created}));
    let (_, offices) = run(&["office", "list"]);
    let offices = offices["offices"].as_array().unwrap();
    assert_eq!(offices.len() as u64, created);
    let named = |name: &str| offices.iter().find(|office| office["name"] == name).unwrap();
    let (park, district) = (named("江宁高新区"), named("江宁区"));
    assert_eq!((&park["parent_id"], &park["level"]), (&district["id"], &json!("park")));
    assert_eq!(district["parent_id"], named("南京市")["id"]);
    let (code, added) = run(&[
        "office",
        "add",
        "新园区",
        "--level",
        "park",
        "--parent",
        "nanjing",
        "--external-id",
        "new",
    ]);
    assert_eq!((code, &added["external_id"]), (Some(0), &json!("new")));

    let (code, made) =
        run(&["user", "add", "wang", "--name", "王五", "--role", "office", "--office", "new"]);
    assert_eq!((code, &made["must_change_password"]), (Some(0), &json!(true)));
    let (_, changed) = run(&["user", "change", "wang", "--name", "王五五"]);
    assert_eq!((&changed["name"], &changed["office_id"]), (&json!("王五五"), &added["id"]));
    let (_, changed) = run(&["user", "change", "wang", "--role", "auditor"]);
    assert_eq!((&changed["role"], &changed["office_id"]), (&json!("auditor"), &Value::Null));
    let (_, token) = run(&["token", "create", "wang", "--label", "报表", "--days", "7"]);
    assert!(token["token"].as_str().unwrap().starts_with("djt_"));
    let id = token["id"].as_str().unwrap();
    let (_, tokens) = run(&["token", "list", "--user", "wang"]);
    assert_eq!(tokens["tokens"][0]["id"], id);
    assert_eq!(run(&["token", "revoke", id]).0, Some(0));
    assert_eq!(run(&["token", "list"]).1, json!({"tokens": []}));
    let (_, disabled) = run(&["user", "disable", "wang"]);
    assert_eq!(disabled["disabled"], true);

    let plain = |arguments: &[&str]| {
        let output = duijie(home.path()).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    for arguments in [["user", "list"].as_slice(), &["user", "show", "wang"], &["office", "list"]] {
        let (code, text) = plain(arguments);
        assert_eq!(code, Some(0));
        let widths: Vec<usize> = text
            .lines()
            .filter(|line| line.starts_with(['─', '═']))
            .map(|line| line.width())
            .collect();
        assert!(widths.len() >= 3 && widths.iter().all(|width| *width == widths[0]), "{text}");
        assert!(text.lines().all(|line| line.width() <= widths[0]), "{text}");
    }
    assert_eq!(plain(&["user", "show", "nobody"]).0, Some(1));
    assert_eq!(plain(&["user", "add", "Wang", "--name", "a", "--role", "admin"]).0, Some(2));
    assert_eq!(plain(&["user", "add", "wang2", "--name", "a", "--role", "king"]).0, Some(2));
    assert_eq!(plain(&["token", "create", "wang", "--label", "a", "--days", "366"]).0, Some(2));
    let (_, password) = plain(&["user", "password", "wang"]);
    assert!(password.contains("一次性密码　"), "{password}");
}
