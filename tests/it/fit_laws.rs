//! Under one pinned snapshot an unrelated achievement never lowers a lab, and a covering one
//! never does: on random candidates, and through a real index.

use std::sync::LazyLock;

use proptest::prelude::*;
use tantivy::DocAddress;

use duijie::index::{
    Candidate, Cursor, Entry, EntryKind, Facts, Index, LabSet, Scope, Score, Snapshot,
};
use duijie::matching::{
    Fit, FitWeights, Offer, Potential, Query, RankedLab, Weights, Wish, rank_labs,
};
use duijie::model::{Area, Maturity, ModeSet, Need};

use crate::support::{analyzer, entry};

/// The cases that go through an index; each is two small indexes.
fn index_cases() -> u32 {
    let cases = std::env::var("DUIJIE_FIT_CASES").ok();
    cases.map_or(150, |cases| cases.parse().expect("a number"))
}

fn wish() -> Wish {
    Wish::from(&Need {
        enterprise_id: None,
        title: "膜电极".to_owned(),
        body: String::new(),
        industry: None,
        areas: vec![Area { code: Some("E0203".to_owned()), name: "膜".to_owned() }],
        budget: None,
        modes: vec![duijie::model::Mode::Equity, duijie::model::Mode::JointLab],
        deadline: None,
        maturity_wanted: Maturity::new(6),
    })
}

/// What texts and fit of a lab sum to; 0 for a lab without evidence.
fn total(lab: i64, documents: &[Candidate], labs: &[RankedLab], good_score: f64) -> f64 {
    let Some(ranked) = labs.iter().find(|ranked| ranked.lab == lab) else { return 0.0 };
    let (wish, weights) = (wish(), FitWeights::default());
    let fit = Fit::new(&wish, &weights, "2026-03-01".parse().unwrap(), good_score);
    let area = Area { code: Some("E02".to_owned()), name: String::new() };
    let offer = Offer { areas: vec![area], ..Offer::default() };
    let own = documents.iter().enumerate();
    let own = own.filter(|(_, d)| d.labs.contains(&lab) && d.score > Score::default());
    let own: Vec<_> = own.map(|(idx, d)| (idx, d.score, d.facts)).collect();
    let parts = fit.of_lab(&offer, ranked.score, &own);
    ranked.score + parts.iter().map(|part| part.value).sum::<f64>()
}

fn facts() -> impl Strategy<Value = Facts> {
    let month = prop::option::of(23_000u16..24_400);
    (month, 0u8..=9, 0u8..32).prop_map(|(month, level, modes)| Facts {
        month,
        maturity: Maturity::new(level),
        modes: ModeSet::from_bits(modes),
    })
}

const LABS: std::ops::Range<i64> = 1000..1005;

fn candidate(row: i64, (labs, score, facts): (Vec<i64>, f32, Facts)) -> Candidate {
    Candidate {
        address: DocAddress::new(0, row as u32),
        row,
        revision: 1,
        kind: EntryKind::Achievement,
        labs,
        facts,
        score: Score::of(score),
    }
}

fn some_candidate() -> impl Strategy<Value = (Vec<i64>, f32, Facts)> {
    (prop::collection::vec(LABS, 1..3), prop_oneof![Just(0.0f32), 0.0f32..30.0], facts())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn another_achievement_never_lowers_a_lab(
        documents in prop::collection::vec(some_candidate(), 0..15),
        another in some_candidate(),
        good_score in 1.0f64..40.0,
    ) {
        let weights = Weights::by_hand();
        let before: Vec<Candidate> =
            (1..).zip(documents).map(|(row, d)| candidate(row, d)).collect();
        let mut after = before.clone();
        after.push(candidate(100, another));
        let ranked = [&before, &after].map(|of| rank_labs(of, &weights, Scope::default()));
        for lab in LABS {
            let was = total(lab, &before, &ranked[0], good_score);
            let is = total(lab, &after, &ranked[1], good_score);
            prop_assert!(is >= was, "{lab}: {was} → {is}");
            if !after[after.len() - 1].labs.contains(&lab) {
                prop_assert_eq!(is, was, "another lab's achievement changes nothing");
            }
        }
    }
}

const WORDS: [&str; 12] = [
    "膜电极",
    "燃料电池",
    "质子交换膜",
    "碳化硅",
    "外延",
    "缺陷",
    "机器人",
    "减速器",
    "激光",
    "焊接",
    "气孔",
    "隔膜",
];
/// Words that no need here has, without a character of theirs.
const UNRELATED: [&str; 4] = ["奶牛", "疫苗", "水稻", "养殖"];

fn sentence(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(words), 1..8).prop_map(|words| words.concat())
}

/// Statistics that all cases share: pinned, while documents come and go.
static PINNED: LazyLock<Index> = LazyLock::new(|| {
    let index = Index::in_memory(analyzer()).unwrap();
    let text = |row: usize| format!("{}{}", WORDS[row % 12], WORDS[(row * 5 + 1) % 12]);
    let rows = (1usize..60).chain(100..110);
    let entries: Vec<Entry> =
        rows.map(|row| entry(row as i64, EntryKind::Achievement, &text(row), "")).collect();
    index.apply(&entries, &[], Cursor { epoch: 1, seq: 1 }).unwrap();
    index
});

/// The documents of a snapshot for a need, their labs, and what is a good score.
fn ranked(snapshot: &Snapshot, need: &str) -> (Vec<Candidate>, Vec<RankedLab>, f64) {
    let weights = Weights::by_hand();
    let query = Query::new(&analyzer(), need, "");
    let weighted = query.weigh(snapshot.statistics(), &weights);
    let lookup = snapshot.look_up(&weighted.terms).unwrap();
    let used = |idx| weighted.is_selective(idx);
    let scope = Scope::default();
    let found = snapshot.candidates(&lookup, used, weights.bm25, scope, 300).unwrap();
    let documents = snapshot.score(found, &lookup, weights.bm25).unwrap();
    let labs = rank_labs(&documents, &weights, scope);
    (documents, labs, Potential::new(&query, &weighted).good_score())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(index_cases()))]

    #[test]
    fn through_an_index_too(
        documents in prop::collection::vec((sentence(&WORDS), LABS, facts()), 1..12),
        need in sentence(&WORDS),
        lab in LABS,
        unrelated in sentence(&UNRELATED),
        of_another in facts(),
    ) {
        let entries: Vec<Entry> = (1..)
            .zip(documents)
            .map(|(row, (text, lab, facts))| Entry {
                labs: vec![lab],
                facts,
                ..entry(row, EntryKind::Achievement, &text, "")
            })
            .collect();
        let pinned = PINNED.snapshot();
        let covering = format!("{need}{need}");
        let of = |another: Option<&str>| {
            let another = another.map(|text| Entry {
                labs: vec![lab],
                facts: of_another,
                ..entry(500, EntryKind::Achievement, text, text)
            });
            let all: Vec<Entry> = entries.iter().cloned().chain(another).collect();
            ranked(&pinned.of_fresh(&all, &analyzer()).unwrap(), &need)
        };
        let before = of(None);
        for another in [&unrelated, &covering] {
            let after = of(Some(another));
            for other in LABS {
                let was = total(other, &before.0, &before.1, before.2);
                let is = total(other, &after.0, &after.1, after.2);
                prop_assert!(is >= was, "{other}: {was} → {is} by {another} of {lab}");
                prop_assert!(other == lab || is == was);
                if another == &unrelated {
                    prop_assert_eq!(is, was, "what shares nothing changes nothing");
                }
            }
            if another == &covering {
                prop_assert!(after.1.iter().any(|ranked| ranked.lab == lab));
            }
        }
    }

    #[test]
    fn given_documents_are_found_as_if_nothing_else_were_there(
        documents in prop::collection::vec((sentence(&WORDS), LABS, facts()), 1..25),
        need in sentence(&WORDS),
        lab in LABS,
        limit in 1usize..6,
    ) {
        let entries: Vec<Entry> = (1..)
            .zip(documents)
            .map(|(row, (text, lab, facts))| Entry {
                labs: vec![lab, 2000],
                facts,
                ..entry(row, EntryKind::Achievement, &text, &text)
            })
            .collect();
        let snapshot = PINNED.snapshot().of_fresh(&entries, &analyzer()).unwrap();
        let weights = Weights::by_hand();
        let query = Query::new(&analyzer(), &need, "");
        let weighted = query.weigh(snapshot.statistics(), &weights);
        let lookup = snapshot.look_up(&weighted.terms).unwrap();
        let used = |idx| weighted.is_selective(idx);
        let labs: LabSet = [lab].into_iter().collect();
        let scope = Scope { labs: Some(&labs), public_only: false };
        let given = snapshot.given_in(scope);
        let of_lab = entries.iter().filter(|e| e.labs.contains(&lab)).count();
        prop_assert_eq!(snapshot.described(&given).len(), of_lab);
        let bm25 = weights.bm25;
        let found = snapshot.candidates(&lookup, used, bm25, scope, limit).unwrap();
        let same = snapshot.candidates_among(&given, &lookup, used, bm25, limit).unwrap();
        prop_assert_eq!(&same, &found);
        let scored = [found, same].map(|of| snapshot.score(of, &lookup, bm25).unwrap());
        prop_assert_eq!(&scored[0], &scored[1]);
        for document in &scored[0] {
            prop_assert_eq!(document.facts, entries[document.row as usize - 1].facts);
        }
    }
}

#[test]
fn needs_are_found_by_shared_words_and_only_those_that_may_be_seen() {
    let index = Index::in_memory(analyzer()).unwrap();
    let need = |row, text: &str, public| Entry { public, ..entry(row, EntryKind::Need, text, "") };
    let entries = [
        need(1, "膜电极寿命", true),
        need(2, "膜电极", true),
        need(3, "膜电极与碳化硅", false),
        need(4, "机器人", true),
        entry(5, EntryKind::Achievement, "膜电极", ""),
    ];
    index.apply(&entries, &[], Cursor { epoch: 1, seq: 1 }).unwrap();
    let snapshot = index.snapshot();
    let words = ["膜电极".into(), "碳化硅".into(), "气孔".into()];
    let found = |public_only, limit| snapshot.needs_with_words(&words, public_only, limit).unwrap();
    assert_eq!(found(false, 9), [3, 2, 1]);
    assert_eq!(found(true, 9), [2, 1]);
    assert_eq!(found(false, 1), [3]);
}
