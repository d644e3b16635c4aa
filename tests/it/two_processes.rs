//! Two engines on one home, as two processes have it: each sees what the other writes.

use duijie::data::Data;
use duijie::engine::{
    Engine, Filters, Home, IndexState, LabMatch, MatchQuestion, MatchRequest, Preferences, Viewer,
};
use duijie::intake::Options;
use duijie::model::Kind;

async fn import(engine: &Engine, kind: Kind, line: &str) {
    let report =
        engine.import(kind, line.as_bytes(), &Options::new("rows.jsonl"), |_| {}).await.unwrap();
    assert!(report.refused.is_empty(), "{:?}", report.refused);
    engine.catch_up_if_free().await.unwrap();
}

async fn matches(engine: &Engine, viewer: Viewer) -> Vec<LabMatch> {
    let request = MatchRequest {
        question: MatchQuestion::Text("质子交换膜燃料电池的膜电极寿命".to_owned()),
        limit: 5,
        filters: Filters::default(),
        preferences: Preferences::default(),
    };
    engine.match_labs(viewer, request).await.unwrap().matches
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_writes_the_other_answers_with() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new(folder.path());
    let server = Engine::open(&home, &Data::embedded()).await.unwrap();
    let importer = Engine::open(&home, &Data::embedded()).await.unwrap();
    let lab = r#"{"external_id":"l1","name":"膜电极实验室","profile":"研究质子交换膜燃料电池膜电极的寿命","visibility":"VIS"}"#;
    import(&importer, Kind::Lab, &lab.replace("VIS", "public")).await;
    server.catch_up_if_free().await.unwrap();
    assert_eq!(matches(&server, Viewer::Anonymous).await.len(), 1);
    // Made private by the other process: gone for the public, there for those on the machine.
    import(&importer, Kind::Lab, &lab.replace("VIS", "private")).await;
    server.catch_up_if_free().await.unwrap();
    assert_eq!(matches(&server, Viewer::Anonymous).await, []);
    assert_eq!(matches(&server, Viewer::Local).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn engines_that_start_together_without_an_index_agree() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new(folder.path());
    let first = Engine::open(&home, &Data::embedded()).await.unwrap();
    for idx in 0..20 {
        let line = format!(r#"{{"external_id":"l{idx}","name":"膜电极实验室{idx}"}}"#);
        import(&first, Kind::Lab, &line).await;
    }
    drop(first);
    std::fs::remove_dir_all(home.index()).unwrap();
    let started: Vec<_> = (0..4)
        .map(|_| {
            let home = home.clone();
            tokio::spawn(async move {
                let engine = Engine::open(&home, &Data::embedded()).await.unwrap();
                (engine.index_status().await.unwrap().documents, engine)
            })
        })
        .collect();
    for engine in started {
        assert_eq!(engine.await.unwrap().0, 20);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_dictionaries_on_one_home_do_not_meet() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::new(folder.path());
    let server = Engine::open(&home, &Data::embedded()).await.unwrap();
    import(&server, Kind::Lab, r#"{"external_id":"l1","name":"膜电极实验室"}"#).await;
    let data = folder.path().join("other");
    std::fs::create_dir_all(data.join("dictionary")).unwrap();
    std::fs::write(data.join("dictionary/terms.tsv"), "term\tindustry\n膜电极\t储能与氢能\n")
        .unwrap();
    let other = Engine::open(&home, &Data::from_folder(&data)).await.unwrap();
    import(&other, Kind::Lab, r#"{"external_id":"l2","name":"膜电极团队"}"#).await;
    server.catch_up().await.unwrap();
    for engine in [&server, &other] {
        let status = engine.index_status().await.unwrap();
        assert_eq!((status.documents, status.lag(), status.state()), (2, 0, IndexState::Sound));
        assert_eq!(matches(engine, Viewer::Local).await.len(), 2);
    }
    let versions = || std::fs::read_dir(home.index()).unwrap().count();
    // The other's stays while it is open, and goes with a rebuild that is asked for.
    server.rebuild_index(|_| {}).await.unwrap();
    assert_eq!(versions(), 2);
    drop(other);
    server.rebuild_index(|_| {}).await.unwrap();
    assert_eq!(versions(), 1);
}
