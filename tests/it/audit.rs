//! The audit log as people use it: who looked at a contact, what the commands say, who may ask.

use std::path::Path;

use duijie::data::Data;
use duijie::engine::{AuditAction, AuditRequest, Engine, EngineError, Home, Identity, Viewer};
use duijie::intake::Options;
use duijie::model::{Action, Kind, RecordId, Role};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::support::process::{duijie, told};

const FIRMS: &str = r#"{"external_id": "e1", "name": "甲公司", "contact": "张三 025-1234"}
{"external_id": "e2", "name": "乙公司"}
"#;
const LABS: &str = r#"{"external_id": "l1", "name": "甲实验室", "contact": "李四 025-5678"}
{"external_id": "l2", "name": "乙实验室", "contact": "王五 025-9999"}
{"external_id": "l3", "name": "丙实验室"}
"#;

fn somebody(role: Role) -> Identity {
    let user = RecordId::generate();
    Identity { user, role, office: None, institution: None, enterprise: None }
}

async fn engine(home: &Path) -> Engine {
    let engine = Engine::open(&Home::new(home), &Data::embedded()).await.unwrap();
    for (kind, lines) in [(Kind::Enterprise, FIRMS), (Kind::Lab, LABS)] {
        let options = Options::new("world.jsonl");
        engine.import(kind, lines.as_bytes(), &options, |_| {}).await.unwrap();
    }
    engine.catch_up().await.unwrap();
    engine
}

/// Who looked at which contact, oldest first.
async fn looks(engine: &Engine) -> Vec<(String, RecordId)> {
    let action = Some(AuditAction::Happened(Action::ContactRead));
    let request = AuditRequest { action, ..AuditRequest::newest(100) };
    let page = engine.audit_log(Viewer::Local, request).await.unwrap();
    let look = |line: &duijie::engine::AuditLine| match &line.entry.body {
        Some(duijie::model::Body::Event(event)) => {
            (line.entry.by.clone(), event.subject.unwrap().1)
        }
        other => panic!("{other:?}"),
    };
    page.lines.iter().rev().map(look).collect()
}

#[tokio::test]
async fn every_look_at_somebody_elses_contact_is_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path()).await;
    let id =
        async |kind, name| engine.find_record(Viewer::Local, kind, name).await.unwrap().meta.id;
    let [first, second, third] =
        [id(Kind::Lab, "l1").await, id(Kind::Lab, "l2").await, id(Kind::Lab, "l3").await];
    let firm = id(Kind::Enterprise, "e1").await;
    assert_eq!(looks(&engine).await, [], "the machine itself does not account for its looks");
    let office = somebody(Role::Office);
    let name = office.user.to_string();
    let shown = engine.find_record(Viewer::User(office), Kind::Lab, "l1").await.unwrap();
    assert!(format!("{shown:?}").contains("李四"), "the office sees contacts of labs");
    assert_eq!(looks(&engine).await, [(name.clone(), first)]);
    // A page: one for each record that tells a contact.
    let (page, _) = engine.list_records(Viewer::User(office), Kind::Lab, None, 10).await.unwrap();
    assert!(page.iter().any(|record| record.meta.id == third));
    let want = [(name.clone(), first), (name.clone(), first), (name.clone(), second)];
    assert_eq!(looks(&engine).await, want);
    // One's own contact is one's own, and what is not shown is not looked at.
    let own = Identity { enterprise: Some(firm), ..somebody(Role::Enterprise) };
    for viewer in [Viewer::User(own), Viewer::User(somebody(Role::Auditor)), Viewer::Anonymous] {
        engine.find_record(viewer, Kind::Enterprise, "e1").await.unwrap();
        engine.find_record(viewer, Kind::Lab, "l1").await.unwrap();
    }
    assert_eq!(looks(&engine).await, want);
}

#[tokio::test]
async fn auditors_read_the_log_and_administrators_erase() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path()).await;
    let before = "2000-01-01".parse().unwrap();
    for (viewer, reads, erases) in [
        (Viewer::Local, true, true),
        // What the log tells is more than they may see of leads and what is done for them.
        (Viewer::User(somebody(Role::Admin)), false, true),
        (Viewer::User(somebody(Role::Auditor)), true, false),
        (Viewer::User(somebody(Role::Office)), false, false),
        (Viewer::User(somebody(Role::Commissioner)), false, false),
        (Viewer::Anonymous, false, false),
    ] {
        let allowed = |outcome: Result<(), EngineError>| match outcome {
            Ok(()) => true,
            Err(EngineError::Forbidden { .. }) => false,
            Err(other) => panic!("{other:?}"),
        };
        let log = engine.audit_log(viewer, AuditRequest::newest(1)).await.map(drop);
        assert_eq!(allowed(log), reads, "{viewer:?}");
        assert_eq!(allowed(engine.sealed_log(viewer).await.map(drop)), reads, "{viewer:?}");
        let proof = engine.verify_log(viewer, None, |_, _| {}).await.map(drop);
        assert_eq!(allowed(proof), reads, "{viewer:?}");
        let erased = engine.erase_record(viewer, Kind::Lab, "l3").await.map(drop);
        let erased = match erased {
            // The first of them has done it; its name is gone with it.
            Err(EngineError::NotFound { .. }) => Ok(()),
            other => other,
        };
        assert_eq!(allowed(erased), erases, "{viewer:?}");
        let pruned = engine.prune_events(viewer, before, 400).await.map(drop);
        assert_eq!(allowed(pruned), erases, "{viewer:?}");
    }
}

/// A home with two firms, imported by the binary.
fn furnished() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("firms.jsonl");
    std::fs::write(&file, FIRMS).unwrap();
    let mut command = duijie(folder.path());
    command.args(["import", "enterprises"]).arg(&file);
    assert_eq!(told(&mut command).0, Some(0));
    folder
}

#[test]
fn the_commands_seal_prove_show_and_erase() {
    let folder = furnished();
    let run = |arguments: &[&str]| told(duijie(folder.path()).arg("audit").args(arguments));
    let (code, found) = run(&["verify"]);
    assert_eq!((code, &found["rows"], &found["waiting"]), (Some(0), &json!(0), &json!(2)));
    let (_, sealed) = run(&["seal"]);
    let hash = sealed["seal"]["hash"].as_str().unwrap().to_owned();
    let (code, found) = run(&["erase", "enterprise", "e1"]);
    assert_eq!((code, &found["erased"]), (Some(0), &json!(true)));
    run(&["seal"]);
    let (code, found) = run(&["verify", "--expect", &hash]);
    assert_eq!(
        (code, &found["right"], &found["has_expected"]),
        (Some(0), &json!(true), &json!(true))
    );
    assert_eq!((&found["rows"], &found["erased"]), (&json!(4), &json!(1)));
    let (code, found) = run(&["verify", "--expect", &"0f".repeat(32)]);
    assert_eq!(
        (code, &found["right"], &found["has_expected"]),
        (Some(1), &json!(false), &json!(false))
    );
    let missing = duijie(folder.path()).args(["audit", "erase", "user", "e1"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(1), "no such user");

    let show = |arguments: &[&str]| {
        let output =
            duijie(folder.path()).args(["audit", "show"]).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, lines) = show(&["--json"]);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(code, Some(0));
    let told: Vec<_> = lines.iter().map(|line| (&line["action"], &line["erased"])).collect();
    let (no, yes) = (json!(false), json!(true));
    assert_eq!(
        told,
        [
            (&json!("erased"), &no),
            (&json!("delete"), &no),
            (&json!("create"), &no),
            (&json!("create"), &yes),
        ]
    );
    assert_eq!(lines[0]["id"], lines[3]["id"], "the event is about the record");
    let (_, table) = show(&["--action", "create", "--by", "import"]);
    assert!(table.contains("乙公司") && !table.contains("甲公司"), "{table}");
    let widths: Vec<usize> = table.lines().map(UnicodeWidthStr::width).collect();
    assert!(widths.iter().all(|width| *width == widths[0]), "{table}");
    assert_eq!(show(&["--action", "look"]).0, Some(2));
    assert_eq!(show(&["--kind", "need"]).0, Some(2));
}

#[test]
fn old_events_are_pruned_only_when_they_are_old() {
    let folder = furnished();
    let prune = |arguments: &[&str]| {
        let output =
            duijie(folder.path()).args(["audit", "prune"]).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = prune(&["--before", "2200-01-01"]);
    assert!(code == Some(2) && said.contains("400 天"), "{said}");
    let (code, said) = prune(&["--before", "2000-01-01", "--kept-days", "100"]);
    assert!(code == Some(2) && said.contains("183"), "{said}");
    let (code, said) = prune(&["--before", "2000-01-01"]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn the_doctor_proves_the_log() {
    let folder = furnished();
    told(duijie(folder.path()).args(["audit", "seal"]));
    let finding = || {
        let (_, found) = told(duijie(folder.path()).arg("doctor"));
        let findings = found["findings"].as_array().unwrap().clone();
        findings.into_iter().find(|finding| finding["subject"] == "audit").unwrap()
    };
    assert_eq!(finding()["severity"], "good");
    let database = folder.path().join("data/duijie.db");
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        use sqlx::{ConnectOptions, Connection};
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
        let mut conn = options.connect().await.unwrap();
        sqlx::query("UPDATE changes SET changed_by = 'x' WHERE seq = 2")
            .execute(&mut conn)
            .await
            .unwrap();
        conn.close().await.unwrap();
    });
    let found = finding();
    assert_eq!(found["severity"], "fault");
    assert!(found["message"].as_str().unwrap().contains("第 2 条日志封存后被改动"), "{found}");
}
