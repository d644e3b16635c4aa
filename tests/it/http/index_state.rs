//! What clients are told of the index while it is built, mended, or cannot be written.

use std::cell::RefCell;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use duijie::http::ServeOptions;
use serde_json::{Value, json};

use crate::support::TestApp;

/// Looks of the server that a test waits for; one comes every 400 ms.
const LOOKS_MAX: usize = 50;

fn version(home: &Path) -> PathBuf {
    fs::read_dir(home.join("index")).unwrap().next().unwrap().unwrap().path()
}

/// What `/readyz` says once it says what is wanted.
fn ready_when(app: &TestApp, wanted: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..LOOKS_MAX {
        let answer = app.get("/readyz");
        if answer.status == 200 && wanted(&answer.json()) {
            return answer.json();
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("never: {}", app.get("/readyz").body);
}

#[test]
fn a_start_without_an_index_answers_at_once_that_it_is_being_built() {
    let turn = RefCell::new(None);
    let app = TestApp::serve_after(ServeOptions::for_testing(), &|home| {
        let version = version(home);
        fs::remove_file(version.join("CURRENT")).unwrap();
        // Somebody else's turn to rebuild, until the test ends it.
        let lock = File::create(version.join("REBUILD.lock")).unwrap();
        lock.lock().unwrap();
        turn.replace(Some(lock));
    });
    app.get("/healthz").good();
    app.get("/readyz").problem(503, "not_ready");
    let question = json!({"text": "膜电极耐久性"});
    let problem = app.post("/api/v1/match", &question);
    problem.problem(503, "not_ready");
    assert!(problem.header("retry-after").is_some());
    app.get("/api/v1/search?q=膜电极").problem(503, "not_ready");
    // What needs no index is there.
    app.get("/api/v1/labs/lab-h2").good();
    turn.take();
    ready_when(&app, |ready| ready["state"] == "sound");
    let answer = app.post("/api/v1/match", &question).good();
    assert_eq!(answer["matches"][0]["lab"]["external_id"], "lab-h2");
}

#[test]
fn a_start_on_a_sound_index_answers_at_once() {
    let app = TestApp::serve_after(ServeOptions::for_testing(), &|_| {});
    let answer = app.post("/api/v1/match", &json!({"text": "膜电极耐久性"})).good();
    assert_eq!(answer["matches"][0]["lab"]["external_id"], "lab-h2");
    let ready = app.get("/readyz").good();
    assert_eq!((&ready["state"], &ready["fault"]), (&json!("sound"), &Value::Null));
}

#[test]
fn a_folder_that_is_gone_or_cannot_be_written_is_told_and_answers_go_on() {
    let app = TestApp::local();
    let question = json!({"text": "膜电极耐久性"});
    let before = app.post("/api/v1/match", &question).good();
    let index = app.home().join("index");
    fs::remove_dir_all(&index).unwrap();
    fs::write(&index, "no folder").unwrap();
    assert_eq!(app.post("/api/v1/match", &question).good(), before);
    let ready = ready_when(&app, |ready| ready["state"] == "in_memory");
    assert!(ready["fault"].as_str().unwrap().contains("目录"), "{ready}");
    assert!(app.get("/metrics").body.contains("duijie_index_fault 1"));
    // It follows what is written all the same.
    let lab = json!({"external_id": "lab-new", "name": "石墨烯实验室"});
    app.post("/api/v1/labs", &lab).good();
    let ready = ready_when(&app, |ready| ready["documents"] == 10);
    assert_eq!(ready["state"], "in_memory");
    assert_eq!(app.get("/api/v1/search?q=石墨烯").good()["total"], 1);
    fs::remove_file(&index).unwrap();
    let ready = ready_when(&app, |ready| ready["state"] == "sound");
    assert_eq!(ready["fault"], Value::Null);
    assert_eq!(app.get("/api/v1/search?q=石墨烯").good()["total"], 1);
}
