//! Leads under the kill: every acknowledged change is in the history at its revision, and no
//! lead is there twice.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use duijie::model::{Body, Kind};
use duijie::store::{SqliteStore, Store};
use serde_json::{Value, json};

use super::{WRITERS, WRITING_MS_MAX, kills};
use crate::support::process::{assert_healthy, duijie, serve};

/// Labs with which every round's need may have a lead.
const LABS: usize = 40;

/// What was acknowledged: lead, revision, note.
type Told = Mutex<Vec<(String, u64, String)>>;

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

/// Status and body, unless the service is gone.
fn send(
    agent: &ureq::Agent,
    addr: SocketAddr,
    (method, path): (&str, &str),
    revision: u64,
    body: &Value,
) -> Option<(u16, Value)> {
    let request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("http://{addr}{path}"))
        .header("content-type", "application/json")
        .header("if-match", format!("\"{revision}\""))
        .body(body.to_string())
        .unwrap();
    let mut answer = agent.run(request).ok()?;
    let text = answer.body_mut().read_to_string().ok()?;
    Some((answer.status().as_u16(), serde_json::from_str(&text).unwrap()))
}

/// Makes leads and takes them to and fro until the service is gone; some of them are made by all
/// writers at the same time.
fn work(addr: SocketAddr, name: &str, round: u64, told: &Told) {
    let agent = agent();
    for turn in 0.. {
        let lab = format!("lab-{}", fastrand::usize(..LABS));
        let note = format!("{name}-{turn}");
        let new = json!({"need": format!("need-{round}"), "lab": lab, "note": note});
        let Some((status, answer)) = send(&agent, addr, ("POST", "/api/v1/leads"), 0, &new) else {
            return;
        };
        let (id, mut revision) = match status {
            201 => {
                let id = answer["id"].as_str().unwrap().to_owned();
                told.lock().unwrap().push((id.clone(), 1, note));
                (id, 1)
            }
            409 => {
                let id = answer["existing"].as_str().unwrap().to_owned();
                let path = format!("/api/v1/leads/{id}");
                let mut read = match agent.get(format!("http://{addr}{path}")).call() {
                    Ok(read) => read,
                    Err(_) => return,
                };
                let Ok(text) = read.body_mut().read_to_string() else { return };
                let lead: Value = serde_json::from_str(&text).unwrap();
                (id, lead["revision"].as_u64().unwrap())
            }
            other => panic!("{other}: {answer}"),
        };
        for step in 0..4 {
            let note = format!("{name}-{turn}-{step}");
            let plan = json!({"note": note, "due_on": "2026-12-31"});
            let path = format!("/api/v1/leads/{id}");
            let Some((status, answer)) = send(&agent, addr, ("PUT", &path), revision, &plan) else {
                return;
            };
            match status {
                200 => {
                    revision = answer["revision"].as_u64().unwrap();
                    told.lock().unwrap().push((id.clone(), revision, note));
                }
                412 => break,
                other => panic!("{other}: {answer}"),
            }
        }
    }
}

/// The notes of every lead by revision, read by a process that has nothing to do with the killed
/// one.
fn histories(home: &Path) -> BTreeMap<String, Vec<String>> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = SqliteStore::open(&home.join("data/duijie.db")).await.unwrap();
        assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
        // What was sealed before the kills still holds, and the rest can be sealed behind it.
        while store.seal().await.unwrap().is_some() {}
        let proved = store.verify_seals(None, usize::MAX).await.unwrap();
        assert_eq!(proved.mismatch, None);
        assert_eq!(store.sealed().await.unwrap().waiting, 0);
        let mut histories = BTreeMap::new();
        let leads = store.list(Kind::Lead, None, 10_000).await.unwrap();
        let names: BTreeSet<_> = leads.iter().map(|s| s.record.meta.external_id.clone()).collect();
        assert_eq!(names.len(), leads.len(), "a lead twice");
        for stored in leads {
            let meta = &stored.record.meta;
            let mut notes = Vec::new();
            for revision in 1..=meta.revision {
                let record = store.revision(Kind::Lead, meta.id, revision).await.unwrap();
                let Body::Lead(lead) = record.expect("every revision").body else {
                    panic!("a lead")
                };
                notes.push(lead.note);
            }
            histories.insert(meta.id.to_string(), notes);
        }
        store.close().await;
        histories
    })
}

#[test]
fn what_a_killed_service_has_acknowledged_of_leads_is_in_their_history() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let (mut service, addr) = serve(&mut duijie(&home));
    let agent_of_setup = agent();
    let make = |addr, kind: &str, body: Value| {
        let path = format!("/api/v1/{kind}");
        let (status, answer) = send(&agent_of_setup, addr, ("POST", &path), 0, &body).unwrap();
        assert_eq!(status, 201, "{answer}");
    };
    for lab in 0..LABS {
        make(
            addr,
            "labs",
            json!({"external_id": format!("lab-{lab}"), "name": format!("第{lab}实验室")}),
        );
    }
    service.kill();
    let told = Told::default();
    for round in 1..=kills() {
        let (mut service, addr) = serve(&mut duijie(&home));
        make(addr, "needs", json!({"external_id": format!("need-{round}"), "title": "膜电极"}));
        let moment = fastrand::u64(..WRITING_MS_MAX);
        thread::scope(|scope| {
            for writer in 0..WRITERS {
                let told = &told;
                scope.spawn(move || work(addr, &format!("r{round}w{writer}"), round, told));
            }
            thread::sleep(Duration::from_millis(moment));
            service.kill();
        });
        let place = format!("round {round}, killed after {moment} ms");
        let histories = histories(&home);
        let mut seen = BTreeSet::new();
        for (lead, revision, note) in told.lock().unwrap().iter() {
            assert!(seen.insert((lead.clone(), *revision)), "{place}: one revision told twice");
            let notes = histories.get(lead);
            let notes = notes.unwrap_or_else(|| panic!("{place}: {lead} is lost"));
            assert_eq!(notes.get(*revision as usize - 1), Some(note), "{place}: {lead} {revision}");
        }
        assert_healthy(&home);
    }
    let told = told.lock().unwrap();
    assert!(!told.is_empty(), "nothing was written before the kills");
    eprintln!("{} changes of leads were acknowledged before {} kills", told.len(), kills());
}
