//! From a lab or an achievement to needs: the same numbers as the other way round.

use std::collections::HashMap;

use duijie::data::Data;
use duijie::engine::{
    Engine, Filters, Home, LabMatch, MatchQuestion, MatchRequest, NeedFilters, NeedMatch,
    NeedsAnswer, NeedsRequest, Preferences, Subject, Viewer,
};
use duijie::intake::Options;
use duijie::matching::{Band, ReasonKind};
use duijie::model::{Body, Kind};

use crate::support::sample_engine;

/// Before the deadlines of the sample.
const TODAY: &str = "2026-01-01";

fn preferences() -> Preferences {
    let policy = [("985".to_owned(), 0.25), ("211".to_owned(), 0.125)].into();
    Preferences { policy, today: Some(TODAY.parse().unwrap()) }
}

async fn forward(engine: &Engine, need: &str, filters: Filters) -> Vec<LabMatch> {
    let request = MatchRequest {
        question: MatchQuestion::Need(need.to_owned()),
        limit: 100,
        filters,
        preferences: preferences(),
    };
    engine.match_labs(Viewer::Local, request).await.unwrap().matches
}

async fn reverse(engine: &Engine, subject: Subject) -> NeedsAnswer {
    let request = NeedsRequest {
        subject,
        limit: 100,
        filters: NeedFilters::default(),
        preferences: preferences(),
    };
    engine.match_needs(Viewer::Local, request).await.unwrap()
}

/// An institution of a lab, by its id.
async fn institution_of(engine: &Engine, lab: &str) -> String {
    let record = engine.find_record(Viewer::Local, Kind::Lab, lab).await.unwrap();
    let Body::Lab(body) = record.body else { panic!("{lab} is a lab") };
    body.institution_ids[0].to_string()
}

/// Forward the scope is that of the lab's institution, which has few others: so that no document
/// of the lab is left out because three hundred of other labs seem better.
#[tokio::test(flavor = "multi_thread")]
async fn a_lab_has_for_a_need_what_the_need_has_for_the_lab() {
    let engine = sample_engine().await;
    let mut compared = 0;
    for lab in ["lab-001", "lab-005", "lab-009", "lab-014", "lab-020", "lab-023"] {
        let answer = reverse(engine, Subject::Lab(lab.to_owned())).await;
        assert!(answer.matches.is_sorted_by_key(|found| found.band), "{lab}");
        let mut of_needs: HashMap<&str, &NeedMatch> = HashMap::new();
        for found in &answer.matches {
            of_needs.insert(&found.need.record.as_ref().unwrap().1, found);
        }
        let institution = institution_of(engine, lab).await;
        for number in 1..=40 {
            let need = format!("need-{number:02}");
            let filters = Filters { institution: Some(institution.clone()), ..Filters::default() };
            let wanted = forward(engine, &need, filters).await;
            let wanted = wanted.iter().find(|found| found.lab.external_id == lab);
            let (Some(found), Some(wanted)) = (of_needs.remove(&*need), wanted) else {
                let band = wanted.map_or(Band::None, |wanted| wanted.band);
                assert_eq!(band, Band::None, "{lab} lacks {need}");
                continue;
            };
            assert_eq!(found.score, wanted.score, "{lab} {need}");
            assert_eq!(found.reasons, wanted.reasons, "{lab} {need}");
            assert_eq!(found.evidence, wanted.evidence, "{lab} {need}");
            assert_eq!(found.share, wanted.share, "{lab} {need}");
            // There a band may have been lowered to that of a lab before it.
            assert!(found.band <= wanted.band, "{lab} {need}");
            let sum: f64 = found.reasons.iter().map(|reason| reason.value).sum();
            assert!((sum - found.score).abs() < 1e-9);
            compared += 1;
        }
        assert!(of_needs.is_empty(), "{lab} has needs that have no lab: {:?}", of_needs.keys());
        let again = reverse(engine, Subject::Lab(lab.to_owned())).await;
        assert_eq!(answer, again, "the same question, the same answer");
    }
    assert!(compared > 100, "{compared}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_achievement_answers_needs_by_its_own_words_alone() {
    let engine = sample_engine().await;
    let answer = reverse(engine, Subject::Achievement("ach-001".to_owned())).await;
    let best = &answer.matches[0];
    assert_eq!(best.need.record.as_ref().unwrap().1, "need-01");
    for evidence in answer.matches.iter().flat_map(|found| &found.evidence) {
        assert_eq!(evidence.achievement.as_ref().unwrap().1, "ach-001");
    }
    let lab = reverse(engine, Subject::Lab("lab-001".to_owned())).await;
    let of_texts = |found: &NeedMatch| -> f64 {
        let texts = |kind| matches!(kind, ReasonKind::Text | ReasonKind::Part);
        found.reasons.iter().filter(|r| texts(r.kind)).map(|r| r.value).sum()
    };
    assert!(of_texts(best) < of_texts(&lab.matches[0]), "which has it and others");
}

/// A lab with two achievements and a need, in a home of their own.
async fn small_world(achievements: &str) -> (Engine, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(&Home::new(folder.path()), &Data::embedded()).await.unwrap();
    let need = r#"{"external_id":"n","title":"膜电极与碳化硅封装寿命不足","maturity_wanted":6,"modes":["equity"]}"#;
    for (kind, lines) in [
        (Kind::Lab, r#"{"external_id":"l","name":"第一实验室"}"#),
        (Kind::Achievement, achievements),
        (Kind::Need, need),
    ] {
        write(&engine, kind, lines).await;
    }
    engine.catch_up().await.unwrap();
    (engine, folder)
}

async fn write(engine: &Engine, kind: Kind, lines: &str) {
    let options = Options::new("rows.jsonl");
    let report = engine.import(kind, lines.as_bytes(), &options, |_| {}).await.unwrap();
    assert_eq!(report.refused, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_changed_since_it_was_indexed_counts_as_it_is() {
    let before = r#"{"external_id":"a","title":"膜电极寿命提升","lab_ids":["l"],"maturity":3}
{"external_id":"b","title":"碳化硅封装","lab_ids":["l"],"modes":["equity"],"date":"2001"}"#;
    let after = r#"{"external_id":"a","title":"碳化硅封装","lab_ids":["l"],"maturity":7,"date":"2025-12"}
{"external_id":"b","title":"膜电极寿命提升","lab_ids":["l"],"modes":["joint_lab"]}"#;
    let (engine, _folder) = small_world(before).await;
    let ask = async || {
        let answer = reverse(&engine, Subject::Lab("l".to_owned())).await;
        let single = reverse(&engine, Subject::Achievement("a".to_owned())).await;
        let forward = forward(&engine, "n", Filters::default()).await;
        assert_eq!(forward[0].score, answer.matches[0].score);
        (forward, answer.matches, single.matches)
    };
    let old = ask().await;
    write(&engine, Kind::Achievement, after).await;
    assert!(engine.index_status().await.unwrap().lag() > 0);
    let behind = ask().await;
    engine.catch_up().await.unwrap();
    assert_eq!(engine.index_status().await.unwrap().lag(), 0);
    assert_eq!(behind, ask().await);
    assert_ne!(behind, old);
}
