//! Records told twice: found by their texts, merged, and parted again, over every door.

use std::path::Path;

use duijie::data::Data;
use duijie::engine::{DuplicatesPage, Engine, EngineError, Home, Identity, Viewer};
use duijie::intake::Options;
use duijie::model::{Kind, RecordId, Role};
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::process::{duijie, told};

const TEXT: &str =
    "燃料电池膜电极在高温下寿命短，希望连续运行8000小时，电压衰减低于10%，成本降低三成。";

/// Needs of which the first two are one; the third wants another number; the fourth another thing.
fn needs() -> String {
    let need = |name: &str, title: &str, body: &str| {
        json!({"external_id": name, "title": title, "body": body}).to_string() + "\n"
    };
    [
        need("n1", "膜电极耐久性不足", TEXT),
        need("n2", "膜电极耐久性不足。", &TEXT.replace("寿命短", "寿命太短")),
        need("n3", "膜电极耐久性不足", &TEXT.replace("8000", "5000")),
        need(
            "n4",
            "黄酒发酵过程控制",
            "以在线传感器控制黄酒发酵的温度，减少批次差异，希望有成熟的设备。",
        ),
    ]
    .concat()
}

const LABS: &str = r#"{"external_id": "l1", "name": "燃料电池全国重点实验室", "profile": "研究质子交换膜燃料电池的膜电极、双极板与电堆耐久性，可提供测试服务。", "contact": "张三"}
{"external_id": "l2", "name": "燃料电池全国重点实验室（南京）", "profile": "研究质子交换膜燃料电池的膜电极、双极板与电堆耐久性，可提供测试服务。"}
"#;
const ACHIEVEMENTS: &str = r#"{"external_id": "a1", "lab_ids": ["l2"], "title": "长寿命膜电极的制备方法", "kind": "patent"}
{"external_id": "a2", "lab_ids": ["l1"], "title": "长寿命膜电极的制备方法", "kind": "paper"}
"#;

async fn import(engine: &Engine, kind: Kind, lines: &str) -> duijie::engine::ImportReport {
    let options = Options::new("world.jsonl");
    engine.import(kind, lines.as_bytes(), &options, |_| {}).await.unwrap()
}

async fn engine(home: &Path) -> Engine {
    let engine = Engine::open(&Home::new(home), &Data::embedded()).await.unwrap();
    for (kind, lines) in
        [(Kind::Lab, LABS), (Kind::Achievement, ACHIEVEMENTS), (Kind::Need, &needs())]
    {
        assert_eq!(import(&engine, kind, lines).await.refused, []);
    }
    engine.catch_up().await.unwrap();
    engine
}

/// The external ids of the pairs.
fn names(page: &DuplicatesPage) -> Vec<[String; 2]> {
    let name = |side: &duijie::engine::DuplicateSide| side.record.meta.external_id.clone();
    page.pairs.iter().map(|pair| [name(&pair.sides[0]), name(&pair.sides[1])]).collect()
}

#[tokio::test]
async fn what_was_told_twice_is_found_once_and_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path()).await;
    for (kind, want) in [
        (Kind::Need, vec![["n1", "n2"]]),
        (Kind::Lab, vec![["l1", "l2"]]),
        (Kind::Achievement, vec![]),
    ] {
        let page = engine.duplicates(Viewer::Local, kind, None, 50).await.unwrap();
        assert_eq!(names(&page), want, "{kind:?}");
        assert_eq!(page.next, None);
    }
    let pairs = engine.duplicates_of(Viewer::Local, Kind::Need, "n2").await.unwrap();
    let [pair] = pairs.as_slice() else { panic!("{pairs:?}") };
    assert!(!pair.sides[1].text_spans.is_empty(), "太 is marked: {pair:?}");
    let office = Identity {
        user: RecordId::generate(),
        role: Role::Auditor,
        office: None,
        institution: None,
        enterprise: None,
    };
    for viewer in [Viewer::Anonymous, Viewer::User(office)] {
        let refused = engine.duplicates(viewer, Kind::Need, None, 50).await.unwrap_err();
        assert!(matches!(refused, EngineError::Forbidden { .. }), "{refused:?}");
        let refused = engine.merge_records(viewer, Kind::Need, "n1", "n2").await.unwrap_err();
        assert!(matches!(refused, EngineError::Forbidden { .. }), "{refused:?}");
    }
    for kind in [Kind::User, Kind::Enterprise] {
        let refused = engine.duplicates(Viewer::Local, kind, None, 50).await.unwrap_err();
        assert!(matches!(refused, EngineError::BadRequest { field: "kind", .. }), "{refused:?}");
    }
}

#[tokio::test]
async fn a_merged_record_is_found_by_all_its_names_and_not_revived_by_an_import() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path()).await;
    let id = async |name: &str| {
        engine.find_record(Viewer::Local, Kind::Lab, name).await.unwrap().meta.id
    };
    let (kept, merged) = (id("l1").await, id("l2").await);
    let merge = engine.merge_records(Viewer::Local, Kind::Lab, "l1", "l2").await.unwrap();
    for name in ["l2", "import:l2", &merged.to_string()] {
        assert_eq!(id(name).await, kept, "{name}");
    }
    engine.catch_up().await.unwrap();
    let page = engine.duplicates(Viewer::Local, Kind::Lab, None, 50).await.unwrap();
    assert_eq!(names(&page), Vec::<[String; 2]>::new());
    // Importing the same files again: the duplicate stays where it is, and so does what named it.
    let report = import(&engine, Kind::Lab, LABS).await;
    assert_eq!((report.unchanged, report.merged, report.created), (1, 1, 0));
    let report = import(&engine, Kind::Achievement, ACHIEVEMENTS).await;
    assert_eq!((report.unchanged, report.updated, report.refused), (2, 0, vec![]));
    let undone = engine.undo_merge(Viewer::Local, &merge.meta.id.to_string()).await.unwrap();
    assert_eq!(undone.meta.id, merge.meta.id);
    assert_eq!(id("l2").await, merged);
    let named = engine.find_record(Viewer::Local, Kind::Achievement, "a1").await.unwrap();
    assert!(named.body.names(Kind::Lab, merged));
    // What was changed meanwhile is told instead of undone by half.
    let merge = engine.merge_records(Viewer::Local, Kind::Lab, "l2", "l1").await.unwrap();
    engine.erase_record(Viewer::Local, Kind::Lab, &kept.to_string()).await.unwrap();
    let refused = engine.undo_merge(Viewer::Local, &merge.meta.id.to_string()).await.unwrap_err();
    assert!(matches!(refused, EngineError::BadRequest { field: "id", .. }), "{refused:?}");
}

#[test]
fn the_commands_find_merge_and_undo() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("needs.jsonl");
    std::fs::write(&file, needs()).unwrap();
    told(duijie(folder.path()).args(["import", "needs"]).arg(&file));
    let run = |arguments: &[&str]| told(duijie(folder.path()).arg("duplicates").args(arguments));
    let (code, pair) = run(&["find", "need"]);
    assert_eq!((code, &pair["records"][0]["external_id"]), (Some(0), &json!("n1")));
    let (code, merge) = run(&["merge", "need", "n1", "n2"]);
    assert_eq!((code, &merge["undone"], &merge["moved"]), (Some(0), &json!(false), &json!(0)));
    let (code, undone) = run(&["undo", merge["id"].as_str().unwrap()]);
    assert_eq!((code, &undone["undone"]), (Some(0), &json!(true)));
    let (code, again) = run(&["find", "need", "--of", "n2"]);
    assert_eq!((code, &again["similarity"]), (Some(0), &pair["similarity"]));
}

#[test]
fn merging_over_http_is_for_those_who_may() {
    let app = TestApp::local();
    let text = json!({"external_id": "n1", "title": "奶牛乳房炎疫苗的研制", "body": TEXT});
    app.post("/api/v1/needs", &text).good();
    let twin = json!({"external_id": "n2", "title": "奶牛乳房炎疫苗的研制", "body": TEXT});
    app.post("/api/v1/needs", &twin).good();
    app.caught_up();
    let page = app.get("/api/v1/duplicates?kind=need").good();
    let of: Vec<&Value> =
        page["items"][0]["records"].as_array().unwrap().iter().map(|r| &r["external_id"]).collect();
    assert_eq!(of, ["n1", "n2"]);
    app.get("/api/v1/duplicates").problem(400, "invalid_value");
    app.get("/api/v1/duplicates?kind=user").problem(400, "invalid_value");
    let body = |kept: &str, merged: &str| json!({"kind": "need", "kept": kept, "merged": merged});
    app.post("/api/v1/merges", &body("n1", "n1")).problem(400, "invalid_value");
    app.post("/api/v1/merges", &body("n1", "n9")).problem(404, "not_found");
    let merge = app.post("/api/v1/merges", &body("n1", "n2")).good();
    assert_eq!(app.get("/api/v1/needs/n2").good()["external_id"], "n1");
    // The name is taken as long as the merge holds.
    app.post("/api/v1/needs", &twin).problem(409, "exists");
    let undo = format!("/api/v1/merges/{}/undo", merge["id"].as_str().unwrap());
    assert_eq!(app.post(&undo, &json!({})).good()["undone"], true);
    assert_eq!(app.get("/api/v1/needs/n2").good()["external_id"], "n2");

    let anybody = TestApp::anonymous();
    anybody.get("/api/v1/duplicates?kind=need").problem(403, "forbidden");
    anybody.post("/api/v1/merges", &body("need-1", "need-m")).problem(403, "forbidden");
}
