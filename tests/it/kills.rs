//! Nothing acknowledged is lost when the process is killed at any moment, and nothing is there
//! by half. The home is kept from one kill to the next, so that what they leave behind adds up.
//!
//! `DUIJIE_KILLS` says how often; by default a few times.

mod leads;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use duijie::model::{Kind, Record};
use duijie::store::{SqliteStore, Store};
use serde_json::{Value, json};

use crate::support::process::{Running, assert_healthy, duijie, serve, told};

const KILLS_DEFAULT: u64 = 3;
/// Rows of the imported file: some transactions of a thousand.
const ROWS: usize = 3_500;
const ROWS_PER_BATCH: usize = 1_000;
const WRITERS: usize = 8;
/// Longest time between the first write over HTTP and the kill, in milliseconds.
const WRITING_MS_MAX: u64 = 1_500;

fn kills() -> u64 {
    match std::env::var("DUIJIE_KILLS") {
        Ok(text) => text.parse().expect("DUIJIE_KILLS is a number"),
        Err(_) => KILLS_DEFAULT,
    }
}

/// All live records of a kind by external id, read by a process that has nothing to do with
/// the killed one. The store must find nothing wrong with itself.
fn stored(home: &Path, kinds: &[Kind]) -> HashMap<String, Record> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = SqliteStore::open(&home.join("data/duijie.db")).await.unwrap();
        assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
        let mut records = HashMap::new();
        for kind in kinds {
            let mut after = None;
            loop {
                let page = store.list(*kind, after, ROWS_PER_BATCH).await.unwrap();
                let Some(last) = page.last() else { break };
                after = Some(last.record.meta.id);
                for stored in page {
                    let name = stored.record.meta.external_id.clone();
                    assert!(records.insert(name, stored.record).is_none(), "a record twice");
                }
            }
        }
        store.close().await;
        records
    })
}

/// A file whose every row says something new in each round.
fn rows(round: u64) -> String {
    let row = |idx: usize| {
        let row = json!({
            "external_id": format!("a{idx}"),
            "title": format!("第{round}轮第{idx}项膜电极制备方法"),
            "abstract": "提出梯度催化层结构，连续运行8000小时，电压衰减低于一成。",
        });
        format!("{row}\n")
    };
    (0..ROWS).map(row).collect()
}

#[test]
fn an_import_that_is_killed_is_completed_by_importing_again() {
    let folder = tempfile::tempdir().unwrap();
    let (home, file) = (folder.path().join("home"), folder.path().join("rows.jsonl"));
    let import = || {
        let mut command = duijie(&home);
        command.arg("import").arg("achievements").arg(&file);
        command
    };
    // As long as a whole import takes, so that kills hit every part of it.
    std::fs::write(&file, rows(0)).unwrap();
    let began = Instant::now();
    assert_eq!(told(&mut import()).1["created"], ROWS);
    let whole_ms = began.elapsed().as_millis() as u64;
    let mut cut_short = 0;
    for round in 1..=kills() {
        std::fs::write(&file, rows(round)).unwrap();
        let moment = fastrand::u64(..whole_ms);
        let mut importing = Running::silent(&mut import());
        thread::sleep(Duration::from_millis(moment));
        importing.kill();
        let place = format!("round {round}, killed after {moment} ms");
        let records = stored(&home, &[Kind::Achievement]);
        assert_eq!(records.len(), ROWS, "{place}");
        let new = |idx: usize| {
            let title = records[&format!("a{idx}")].body.title();
            let says = |round: u64| title == format!("第{round}轮第{idx}项膜电极制备方法");
            assert!(says(round) || says(round - 1), "{place}: {title}");
            says(round)
        };
        let done = (0..ROWS).take_while(|idx| new(*idx)).count();
        assert!((done..ROWS).all(|idx| !new(idx)), "{place}: out of order");
        assert!(done == ROWS || done % ROWS_PER_BATCH == 0, "{place}: {done} rows");
        cut_short += usize::from(done < ROWS);
        // The index follows what is there, however the process that wrote it was stopped.
        assert_healthy(&home);

        let (code, report) = told(&mut import());
        assert_eq!(code, Some(0), "{place}: {report}");
        assert_eq!(report["unchanged"], done, "{place}: {report}");
        assert_eq!(report["updated"], ROWS - done, "{place}: {report}");
        let records = stored(&home, &[Kind::Achievement]);
        assert_eq!(records.len(), ROWS, "{place}");
        for idx in 0..ROWS {
            let record = &records[&format!("a{idx}")];
            assert_eq!(record.body.title(), format!("第{round}轮第{idx}项膜电极制备方法"));
            assert_eq!(record.meta.revision, round + 1, "{place}: a change twice");
        }
        assert_healthy(&home);
    }
    eprintln!("{cut_short} of {} imports were cut short", kills());
}

/// What a writer sent, and whether it was told that it is stored.
struct Sent {
    request: Value,
    answer: Option<Value>,
}

/// Creates records one after the other until the service is gone.
fn write(addr: std::net::SocketAddr, name: &str, sent: &Mutex<Vec<Sent>>) {
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut lab = None;
    for n in 0.. {
        let external_id = format!("{name}-{n}");
        let title = format!("{name}第{n}项燃料电池膜电极");
        let (kind, request) = match (n % 3, &lab) {
            (1, Some(lab)) => (
                "achievements",
                json!({"external_id": external_id, "title": title, "lab_ids": [lab]}),
            ),
            (2, _) => ("needs", json!({"external_id": external_id, "title": title, "body": title})),
            _ => ("labs", json!({"external_id": external_id, "name": title, "profile": title})),
        };
        let answer = agent
            .post(format!("http://{addr}/api/v1/{kind}"))
            .header("content-type", "application/json")
            .send(request.to_string().as_bytes())
            .and_then(|mut answer| Ok((answer.status(), answer.body_mut().read_to_string()?)));
        let mut sent = sent.lock().unwrap();
        let Ok((status, body)) = answer else {
            sent.push(Sent { request, answer: None });
            return;
        };
        assert_eq!(status, 201, "{body}");
        let answer: Value = serde_json::from_str(&body).unwrap();
        if kind == "labs" {
            lab = Some(answer["id"].clone());
        }
        sent.push(Sent { request, answer: Some(answer) });
    }
}

#[test]
fn what_a_killed_service_has_acknowledged_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    let sent: Mutex<Vec<Sent>> = Mutex::default();
    for round in 1..=kills() {
        let (mut service, addr) = serve(&mut duijie(&home));
        let moment = fastrand::u64(..WRITING_MS_MAX);
        thread::scope(|scope| {
            for writer in 0..WRITERS {
                let sent = &sent;
                scope.spawn(move || write(addr, &format!("r{round}w{writer}"), sent));
            }
            thread::sleep(Duration::from_millis(moment));
            service.kill();
        });
        let place = format!("round {round}, killed after {moment} ms");
        let records = stored(&home, &[Kind::Lab, Kind::Achievement, Kind::Need]);
        let sent = sent.lock().unwrap();
        let mut unanswered = 0;
        for Sent { request, answer } in sent.iter() {
            let name = request["external_id"].as_str().unwrap();
            let record = match (records.get(name), answer) {
                (Some(record), Some(answer)) => {
                    assert_eq!(answer["id"], record.meta.id.to_string(), "{place}");
                    assert_eq!(answer["created_at"], record.meta.created_at.to_string());
                    record
                }
                (None, Some(_)) => panic!("{place}: {name} was acknowledged and is lost"),
                // Written and not acknowledged, which may happen.
                (Some(record), None) => {
                    unanswered += 1;
                    record
                }
                (None, None) => continue,
            };
            let title = request.get("title").or(request.get("name")).unwrap();
            assert_eq!(title, record.body.title(), "{place}");
            assert_eq!(record.meta.revision, 1, "{place}: {name}");
            let named: Vec<String> =
                record.body.references().iter().map(|(_, id)| id.to_string()).collect();
            assert_eq!(json!(named), request.get("lab_ids").cloned().unwrap_or(json!([])));
        }
        let acknowledged = sent.iter().filter(|sent| sent.answer.is_some()).count();
        assert_eq!(records.len(), acknowledged + unanswered, "{place}: records of nobody");
        assert_healthy(&home);
    }
    let acknowledged = sent.lock().unwrap().iter().filter(|sent| sent.answer.is_some()).count();
    assert!(acknowledged > 0, "nothing was written before the kills");
    eprintln!("{acknowledged} writes were acknowledged before {} kills", kills());
}
