//! Faults of the machine, met by the real binary: files that cannot grow, folders that may not
//! be written, a clock that jumps. People are told what to do, and nothing that was
//! acknowledged is lost.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use duijie::data::Data;
use duijie::engine::{Engine, Filters, Home, MatchQuestion, MatchRequest, Preferences, Viewer};
use duijie::model::{Body, Draft, Lab, LabKind, Provenance, Timestamp, Visibility};
use duijie::store::{Clock, SqliteOptions, SqliteStore, Store};
use serde_json::{Value, json};

use crate::support::process::{assert_healthy, duijie, serve, told};

fn file(folder: &Path, name: &str, text: &str) -> std::path::PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// A home with one lab.
fn furnish(home: &Path, folder: &Path) {
    let labs = file(folder, "labs.jsonl", r#"{"external_id":"l1","name":"膜电极实验室"}"#);
    let (code, report) = told(duijie(home).arg("import").arg("labs").arg(labs));
    assert_eq!((code, &report["created"]), (Some(0), &json!(1)));
}

/// Status and body of an answer.
fn post(addr: std::net::SocketAddr, name: &str, text: &str) -> (u16, Value) {
    let request = json!({"external_id": name, "title": name, "body": text});
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut answer = agent
        .post(format!("http://{addr}/api/v1/needs"))
        .header("content-type", "application/json")
        .send(request.to_string().as_bytes())
        .unwrap();
    let body = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), serde_json::from_str(&body).unwrap())
}

fn title(addr: std::net::SocketAddr, name: &str) -> Value {
    let mut answer = ureq::get(format!("http://{addr}/api/v1/needs/{name}")).call().unwrap();
    let body = answer.body_mut().read_to_string().unwrap();
    serde_json::from_str::<Value>(&body).unwrap()["title"].clone()
}

/// Files that cannot grow are what a full disk or a quota is to a program. The signal that
/// comes with this limit is ignored, so that the program sees the error.
#[cfg(unix)]
#[test]
fn a_service_whose_files_cannot_grow_says_so_and_loses_nothing() {
    /// In blocks of 512 or 1024 bytes, as the shell has it.
    const BLOCKS: &str = "1000";
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    furnish(&home, folder.path());
    let mut limited = Command::new("sh");
    limited
        .args(["-c", r#"trap '' XFSZ; ulimit -f "$1"; shift; exec "$@""#, "sh", BLOCKS])
        .arg(env!("CARGO_BIN_EXE_duijie"))
        .arg("--home")
        .arg(&home)
        .env_remove("RUST_LOG");
    let (service, addr) = serve(&mut limited);
    let text = "膜电极的寿命太短。".repeat(500);
    let (mut kept, mut refused) = (Vec::new(), 0);
    // The first refusals need not be the last: there may be room after some tidying up.
    for n in 0.. {
        let name = format!("n{n}");
        let (status, answer) = post(addr, &name, &text);
        if status == 201 {
            kept.push(name);
            refused = 0;
            continue;
        }
        let named = (status, answer["code"].as_str().unwrap());
        assert!(matches!(named, (503, "storage_failed") | (507, "storage_full")), "{answer}");
        assert!(answer["detail"].as_str().unwrap().contains("已保存的数据不受影响"), "{answer}");
        // Reading goes on.
        let last = kept.last().expect("something fits");
        assert_eq!(title(addr, last), **last);
        refused += 1;
        if refused == 5 {
            break;
        }
    }
    drop(service);

    let (service, addr) = serve(&mut duijie(&home));
    for name in &kept {
        assert_eq!(title(addr, name), *name);
    }
    assert_eq!(post(addr, "after", &text).0, 201);
    drop(service);
    assert_healthy(&home);
}

/// The superuser may write everywhere, so its tests give the home to a user without rights and
/// run the binary as that one.
#[cfg(unix)]
#[test]
fn a_home_that_may_not_be_written_is_refused_with_advice_and_left_alone() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    use std::os::unix::process::CommandExt;

    /// `nobody` on Linux.
    const NOBODY: u32 = 65_534;
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    furnish(&home, folder.path());
    let allow = |path: &Path, mode| set_permissions(path, Permissions::from_mode(mode)).unwrap();
    // Where a user without rights can reach it.
    let binary = folder.path().join("duijie");
    std::fs::copy(env!("CARGO_BIN_EXE_duijie"), &binary).unwrap();
    allow(folder.path(), 0o755);
    let database = home.join("data/duijie.db");
    let superuser = folder.path().metadata().unwrap().uid() == 0;
    if superuser {
        for path in [&home, &home.join("data"), &database] {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }
    let before = std::fs::read(&database).unwrap();
    let import = |home: &Path| {
        let mut command = Command::new(&binary);
        command.arg("--home").arg(home).args(["import", "labs"]);
        command.arg(folder.path().join("labs.jsonl")).env_remove("RUST_LOG");
        if superuser {
            command.uid(NOBODY).gid(NOBODY);
        }
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    allow(&database, 0o444);
    let told = import(&home);
    assert!(told.contains("duijie.db") && told.contains("请检查"), "{told}");
    allow(&home.join("data"), 0o555);
    let told = import(&home);
    assert!(told.contains("duijie.db") && told.contains("请检查"), "{told}");
    allow(&home, 0o555);
    let told = import(&home.join("new"));
    assert!(told.contains("权限"), "{told}");
    allow(&home, 0o755);
    allow(&home.join("data"), 0o755);
    assert_eq!(std::fs::read(&database).unwrap(), before);
}

#[test]
fn a_home_that_cannot_be_made_is_refused_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    let in_the_way = file(folder.path(), "home", "");
    let output = duijie(&in_the_way).args(["index", "status"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("请检查目录"), "{told}");
}

/// The machine's clock is set back and forth while two processes share a home: whoever follows
/// the store finds every record once, as it was written last.
#[tokio::test(flavor = "multi_thread")]
async fn index_and_directory_follow_although_the_clock_jumps() {
    const HOUR_MS: i64 = 3_600_000;
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new(folder.path());
    let engine = Engine::open(&home, &Data::embedded()).await.unwrap();
    for (n, hours) in [0, -1, 365 * 24, 0, -2].into_iter().enumerate() {
        let clock: Clock = Arc::new(move || Timestamp(Timestamp::now().0 + hours * HOUR_MS));
        let options = SqliteOptions { clock, ..SqliteOptions::default() };
        let store = SqliteStore::open_with(&home.database(), options).await.unwrap();
        let lab = |name: &str, external_id: &str| Draft {
            source: "test".to_owned(),
            external_id: external_id.to_owned(),
            owner: String::new(),
            visibility: Visibility::Public,
            provenance: Provenance::default(),
            body: Body::Lab(Lab {
                institution_ids: Vec::new(),
                name: format!("{name}膜电极实验室"),
                kind: LabKind::Laboratory,
                areas: Vec::new(),
                profile: String::new(),
                contact: String::new(),
                expires_on: None,
                aliases: Vec::new(),
            }),
        };
        let drafts =
            [lab("新", &format!("n{n}")), lab(&format!("第{n}次"), "same"), lab("旧", "n0")];
        store.put(&drafts, "tester").await.unwrap();
        store.close().await;
        engine.catch_up().await.unwrap();
        // The labs of their answers come from the directory, their order from the index.
        let names = async || {
            let request = MatchRequest {
                question: MatchQuestion::Text("膜电极".to_owned()),
                limit: 50,
                filters: Filters::default(),
                preferences: Preferences::default(),
            };
            let found = engine.match_labs(Viewer::Local, request).await.unwrap().matches;
            let mut names: Vec<String> = found.into_iter().map(|found| found.lab.name).collect();
            names.sort();
            names
        };
        let mut want = vec![format!("第{n}次膜电极实验室"), "旧膜电极实验室".to_owned()];
        want.extend((0..n).map(|_| "新膜电极实验室".to_owned()));
        want.sort();
        assert_eq!(names().await, want);
        engine.rebuild_index(|_| {}).await.unwrap();
        assert_eq!(names().await, want);
    }
}
