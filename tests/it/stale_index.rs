//! An index behind the store: what is shown is judged by the present text all the same.

use std::collections::BTreeSet;

use duijie::data::Data;
use duijie::engine::{
    Engine, Filters, Home, LabMatch, MatchAnswer, MatchQuestion, MatchRequest, Preferences,
    SearchAnswer, SearchRequest, Viewer,
};
use duijie::intake::Options;
use duijie::model::Kind;
use proptest::prelude::*;

/// An engine whose store is also written behind its back.
struct World {
    engine: Engine,
    folder: tempfile::TempDir,
}

const WORDS: [&str; 8] =
    ["碳化硅", "功率器件", "低温烧结", "银浆", "电池隔膜", "热失控", "封装", "寿命"];
const LABS: usize = 4;
const NEED: &str = "膜电极与碳化硅功率器件低温烧结银浆封装寿命";

/// An achievement of the lab with this number; all say 膜电极, so that all are candidates.
fn achievement(id: usize, lab: usize, text: &str, visibility: &str) -> String {
    format!(
        r#"{{"external_id":"a{id}","title":"膜电极研究","abstract":"{text}。","lab_ids":["l{lab}"],"visibility":"{visibility}"}}"#
    )
}

impl World {
    async fn new(achievements: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::open(&Home::new(folder.path()), &Data::embedded()).await.unwrap();
        let world = Self { engine, folder };
        let labs: Vec<String> =
            (0..LABS).map(|n| format!(r#"{{"external_id":"l{n}","name":"第{n}室"}}"#)).collect();
        world.write(Kind::Lab, &labs.join("\n")).await;
        world.write(Kind::Achievement, achievements).await;
        world.engine.catch_up().await.unwrap();
        world
    }

    /// Imports without letting the index know.
    async fn write(&self, kind: Kind, lines: &str) {
        let options = Options::new("rows.jsonl");
        let report = self.engine.import(kind, lines.as_bytes(), &options, |_| {}).await.unwrap();
        assert!(report.refused.is_empty(), "{:?}", report.refused);
    }

    async fn ask(&self, viewer: Viewer) -> MatchAnswer {
        let request = MatchRequest {
            question: MatchQuestion::Text(NEED.to_owned()),
            limit: 10,
            filters: Filters::default(),
            preferences: Preferences::default(),
        };
        self.engine.match_labs(viewer, request).await.unwrap()
    }

    async fn search(&self, viewer: Viewer, query: &str, limit: usize) -> SearchAnswer {
        let request = SearchRequest {
            query: query.to_owned(),
            kinds: vec![],
            limit,
            filters: Filters::default(),
        };
        self.engine.search(viewer, request).await.unwrap()
    }

    async fn is_behind(&self) -> bool {
        self.engine.index_status().await.unwrap().lag() > 0
    }
}

fn titles(answer: &SearchAnswer) -> BTreeSet<String> {
    answer.hits.iter().map(|hit| hit.external_id.clone()).collect()
}

/// Labs with scores, reasons and evidence; scores to what adding in another order changes.
fn compared(matches: &[LabMatch]) -> Vec<String> {
    let lab = |found: &LabMatch| {
        let reasons: Vec<String> = found
            .reasons
            .iter()
            .map(|r| format!("{} {} {:.9} {:?}", r.name, r.field, r.value, r.evidence))
            .collect();
        format!("{} {:.9} {reasons:?} {:?}", found.lab.external_id, found.score, found.evidence)
    };
    matches.iter().map(lab).collect()
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    let text = prop::collection::vec(prop::sample::select(&WORDS[..]), 1..6);
    prop::collection::vec(text.prop_map(|words| words.join("的")), 2..12)
}

proptest! {
    // Each case is a home with an engine of its own.
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..Default::default() })]

    /// Texts change places among the achievements, so that the statistics stay what they are
    /// and the two answers can be compared to the last digit.
    #[test]
    fn a_match_does_not_depend_on_how_far_the_index_is(
        before in texts(),
        order in any::<u64>(),
        moved_labs in any::<u64>(),
        private in any::<u64>(),
    ) {
        let lines = |texts: &[String], moved: u64, private: u64| -> String {
            let line = |(id, text): (usize, &String)| {
                let lab = (id + usize::from(moved >> id & 1 == 1)) % LABS;
                let hidden = private >> id & 3 == 3;
                achievement(id, lab, text, if hidden { "private" } else { "public" })
            };
            texts.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
        };
        let mut after = before.clone();
        let length = after.len();
        for idx in (1..length).rev() {
            after.swap(idx, (order >> idx) as usize % (idx + 1));
        }
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let world = World::new(&lines(&before, 0, 0)).await;
            let statistics = world.ask(Viewer::Local).await.statistics;
            world.write(Kind::Achievement, &lines(&after, moved_labs, private)).await;
            let mut behind = Vec::new();
            for viewer in [Viewer::Local, Viewer::Anonymous] {
                behind.push(compared(&world.ask(viewer).await.matches));
            }
            world.engine.catch_up().await.unwrap();
            for (viewer, behind) in [Viewer::Local, Viewer::Anonymous].into_iter().zip(behind) {
                let answer = world.ask(viewer).await;
                prop_assert_eq!(&answer.statistics, &statistics);
                prop_assert_eq!(behind, compared(&answer.matches));
            }
            Ok(())
        })?;
    }
}

fn world_of_three() -> String {
    let texts = ["碳化硅功率器件的封装", "碳化硅功率器件的低温烧结", "电池隔膜的热失控"];
    let lines = texts.iter().enumerate().map(|(n, text)| achievement(n, n, text, "public"));
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_said_of_a_text_that_is_no_more() {
    let world = World::new(&world_of_three()).await;
    let before = world.ask(Viewer::Anonymous).await;
    assert_eq!(before.matches[0].lab.external_id, "l1");
    world.write(Kind::Achievement, &achievement(1, 1, "黄酒的发酵", "public")).await;
    world.write(Kind::Achievement, &achievement(0, 0, "碳化硅功率器件的封装", "private")).await;
    assert!(world.is_behind().await);
    let answer = world.ask(Viewer::Anonymous).await;
    assert_ne!(answer.result_id, before.result_id, "another answer, another name");
    assert!(answer.matches.iter().all(|m| m.lab.external_id != "l0"), "{:?}", answer.matches);
    for found in &answer.matches {
        let sum: f64 = found.reasons.iter().map(|r| r.value).sum();
        assert!((sum - found.score).abs() < 1e-9);
        assert!(found.reasons.iter().all(|r| r.name != "低温烧结"), "{:?}", found.reasons);
        for sentence in found.evidence.iter().map(|e| &e.sentence) {
            assert!(!sentence.text.contains("低温烧结"), "{sentence:?}");
            let marked: Vec<String> =
                sentence.spans.iter().map(|s| s.slice(&sentence.text)).collect();
            assert!(marked.iter().all(|word| NEED.contains(word)), "{marked:?}");
        }
    }
    // Those on the machine see what is private.
    assert!(world.ask(Viewer::Local).await.matches.iter().any(|m| m.lab.external_id == "l0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_counts_and_shows_what_has_the_words_now() {
    let world = World::new(&world_of_three()).await;
    let before = world.search(Viewer::Anonymous, "碳化硅功率器件", 1).await;
    assert_eq!((before.total, before.hits.len()), (2, 1));
    assert_eq!(before.facets["kind"]["achievement"], 2);
    let changed = before.hits[0].external_id.strip_prefix('a').unwrap().parse().unwrap();
    let other = format!("a{}", 1 - changed);
    // The word is gone: the next hit comes up, and is the only one.
    world.write(Kind::Achievement, &achievement(changed, 0, "黄酒的发酵", "public")).await;
    let answer = world.search(Viewer::Anonymous, "碳化硅功率器件", 1).await;
    assert_eq!((answer.total, titles(&answer)), (1, [other.clone()].into()));
    assert_eq!(answer.facets["kind"]["achievement"], 1);
    assert!(!answer.relaxed);
    // It has the word in another place: found, and marked where it stands now.
    let text = "新一代碳化硅功率器件";
    world.write(Kind::Achievement, &achievement(changed, 0, text, "public")).await;
    assert!(world.is_behind().await);
    let answer = world.search(Viewer::Anonymous, "碳化硅功率器件", 5).await;
    assert_eq!((answer.total, answer.facets["kind"]["achievement"]), (2, 2));
    let hit = answer.hits.iter().find(|hit| hit.external_id != other).unwrap();
    let snippet = &hit.snippets[0];
    let marked: String = snippet.spans.iter().map(|s| s.slice(&snippet.text)).collect();
    assert_eq!(marked, "碳化硅功率器件");
    // Not for everybody any more.
    world.write(Kind::Achievement, &achievement(changed, 0, text, "private")).await;
    assert_eq!(world.search(Viewer::Anonymous, "碳化硅功率器件", 5).await.total, 1);
    assert_eq!(world.search(Viewer::Local, "碳化硅功率器件", 5).await.total, 2);
    // Deleted behind the index's back.
    let name = world.search(Viewer::Local, "碳化硅功率器件", 5).await;
    let id = name.hits.iter().find(|hit| hit.external_id == other).unwrap().id;
    let database = Home::new(world.folder.path()).database();
    let store = duijie::store::SqliteStore::open(&database).await.unwrap();
    let deleted = duijie::store::Store::delete(&store, Kind::Achievement, id, None, "tester").await;
    deleted.unwrap();
    assert_eq!(world.search(Viewer::Anonymous, "碳化硅功率器件", 5).await.total, 0);
    assert_eq!(
        world.ask(Viewer::Anonymous).await.matches.iter().flat_map(|m| &m.evidence).count(),
        1
    );
}
