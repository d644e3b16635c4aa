//! Laws of matching: what is fast says the same as what is plain.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use tantivy::fieldnorm::FieldNormReader;

use duijie::index::{
    Bm25, Candidate, Contribution, Cursor, Entry, EntryKind, Index, LabSet, Lookup, Place, Scope,
    Score, Snapshot,
};
use duijie::matching::{Query, RankedLab, Reasons, WeightedQuery, Weights, rank_labs};
use duijie::text::View;

use crate::support::{analyzer, entry};

const WORDS: [&str; 24] = [
    "膜电极",
    "燃料电池",
    "质子交换膜",
    "碳化硅",
    "外延",
    "缺陷",
    "检测",
    "机器人",
    "减速器",
    "疲劳",
    "寿命",
    "电池",
    "热管理",
    "激光",
    "焊接",
    "气孔",
    "铝合金",
    "图像",
    "识别",
    "算法",
    "200℃",
    "0.1mm",
    "PEEK",
    "隔膜",
];

fn sentence() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 1..8).prop_map(|words| words.concat())
}

/// Documents of few labs, with texts that share many words.
fn world() -> impl Strategy<Value = Vec<Entry>> {
    let document = (sentence(), sentence(), prop::collection::vec(1000i64..1006, 1..3));
    prop::collection::vec(document, 1..25).prop_map(|documents| {
        (1..)
            .zip(documents)
            .map(|(row, (title, body, mut labs))| {
                labs.sort_unstable();
                labs.dedup();
                Entry { labs, ..entry(row, EntryKind::Achievement, &title, &body) }
            })
            .collect()
    })
}

fn index_of(entries: &[Entry]) -> Index {
    let index = Index::in_memory(analyzer()).unwrap();
    index.apply(entries, &[], Cursor { epoch: 1, seq: 1 }).unwrap();
    index
}

/// A need ranked by the stages of production.
struct Ranked {
    query: Query,
    weighted: WeightedQuery,
    lookup: Lookup,
    documents: Vec<Candidate>,
    labs: Vec<RankedLab>,
}

impl Ranked {
    fn contributions(&self, snapshot: &Snapshot, documents: &[usize]) -> Vec<Vec<Contribution>> {
        let addresses: Vec<_> = documents.iter().map(|idx| self.documents[*idx].address).collect();
        snapshot.contributions(&addresses, &self.lookup, Weights::by_hand().bm25).unwrap()
    }
}

fn score(snapshot: &Snapshot, title: &str, scope: Scope<'_>) -> Ranked {
    let weights = Weights::by_hand();
    let query = Query::new(&analyzer(), title, "");
    let weighted = query.weigh(snapshot.statistics(), &weights);
    let lookup = snapshot.look_up(&weighted.terms).unwrap();
    let used = |idx| weighted.is_selective(idx);
    let candidates = snapshot.candidates(&lookup, used, weights.bm25, scope, 300).unwrap();
    let documents = snapshot.score(candidates, &lookup, weights.bm25).unwrap();
    let labs = rank_labs(&documents, &weights, scope);
    Ranked { query, weighted, lookup, documents, labs }
}

/// BM25 from the texts alone: counts terms, knows no index. A part counts once in a text, and
/// again if it stands in the title.
fn plain_score(query: &Query, weights: &Weights, entries: &[Entry], of: &Entry) -> f64 {
    let analyzer = analyzer();
    let terms_of = |texts: &[&str], view: View| -> Vec<String> {
        let analyses: Vec<_> = texts.iter().map(|t| analyzer.analyze(t)).collect();
        let terms = analyses.iter().flat_map(|a| a.view(view).map(|t| a.term(t).to_owned()));
        let mut terms: Vec<String> = terms.collect();
        if view == View::Parts {
            terms.sort_unstable();
            terms.dedup();
        }
        terms
    };
    let whole = |e: &Entry, view| terms_of(&[&e.title, &e.body], view);
    let title = |e: &Entry, view| terms_of(&[&e.title], view);
    let length = |terms: &Vec<String>| {
        FieldNormReader::id_to_fieldnorm(FieldNormReader::fieldnorm_to_id(terms.len() as u32))
    };
    let mut sum = 0.0;
    for view in [View::Words, View::Parts] {
        let all: Vec<Vec<String>> = entries.iter().map(|e| whole(e, view)).collect();
        let titles: Vec<Vec<String>> = entries.iter().map(|e| title(e, view)).collect();
        let mean = |texts: &[Vec<String>]| {
            f64::from(texts.iter().map(length).sum::<u32>()) / entries.len() as f64
        };
        let sides = [
            (whole(of, view), mean(&all), Place::Text),
            (title(of, view), mean(&titles), Place::Title),
        ];
        for term in query.terms().iter().filter(|t| t.kind.view() == view) {
            let df =
                all.iter().filter(|terms| terms.iter().any(|t| *t == *term.term)).count().max(1);
            let idf = Bm25::idf(entries.len() as u64, df as u64);
            // Words count in the whole text only.
            for (own, mean, place) in &sides[..if view == View::Words { 1 } else { 2 }] {
                let tf = own.iter().filter(|t| **t == *term.term).count();
                let bm25 = weights.bm25;
                let damping = bm25.damping(length(own), *mean);
                let saturation = bm25.saturation(tf as u32, damping);
                sum += weights.factor(term, *place) * idf * saturation;
            }
        }
    }
    sum
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn scores_are_those_of_plain_bm25(entries in world(), need in sentence()) {
        let index = index_of(&entries);
        let Ranked { query, documents, .. } = score(&index.snapshot(), &need, Scope::default());
        let weights = Weights::by_hand();
        // Each part is rounded to a step, at most half of one away.
        let rounding = query.terms().len() as f64 * 2.0 * Score::STEP.value();
        for document in &documents {
            let of = &entries[document.row as usize - 1];
            let plain = plain_score(&query, &weights, &entries, of);
            let score = document.score.value();
            prop_assert!((score - plain).abs() <= rounding, "{score} {plain}");
        }
        // Every document that shares a word is a candidate.
        let found: Vec<i64> = documents.iter().map(|d| d.row).collect();
        let analyzer = analyzer();
        for of in &entries {
            let analysis = analyzer.analyze(&format!("{}。{}", of.title, of.body));
            let words: Vec<&str> = analysis.view(View::Words).map(|t| analysis.term(t)).collect();
            let words_of_need = query.terms().iter().filter(|t| t.kind.view() == View::Words);
            let shares = words_of_need.into_iter().any(|t| words.contains(&&*t.term));
            prop_assert!(!shares || found.contains(&of.row));
        }
    }

    #[test]
    fn reasons_sum_to_the_score(entries in world(), need in sentence()) {
        let index = index_of(&entries);
        let snapshot = index.snapshot();
        let ranked = score(&snapshot, &need, Scope::default());
        let (labs, documents) = (&ranked.labs, &ranked.documents);
        let reasons = Reasons::new(&ranked.query, &ranked.weighted);
        for lab in labs {
            let contributions = ranked.contributions(&snapshot, &lab.documents);
            let sum: f64 = reasons.of(&contributions).iter().map(|r| r.value).sum();
            prop_assert_eq!(sum, lab.score);
            prop_assert!(lab.documents.len() <= 3);
            // What all documents were ranked by is what the reasons are made of.
            for (idx, contributions) in lab.documents.iter().zip(&contributions) {
                let sum: Score = contributions.iter().map(|c| c.score).sum();
                prop_assert_eq!(sum, documents[*idx].score);
            }
        }
        for pair in labs.windows(2) {
            let in_order = pair[0].score > pair[1].score
                || (pair[0].score == pair[1].score && pair[0].lab < pair[1].lab);
            prop_assert!(in_order, "larger first, ties by row");
        }
    }

    #[test]
    fn a_filter_only_leaves_labs_out(entries in world(), need in sentence()) {
        let index = index_of(&entries);
        let allowed: LabSet = [1001, 1003, 1004].into_iter().collect();
        let scope = Scope { labs: Some(&allowed), public_only: false };
        let Ranked { labs: all, .. } = score(&index.snapshot(), &need, Scope::default());
        let Ranked { labs: filtered, .. } = score(&index.snapshot(), &need, scope);
        let wanted: Vec<RankedLab> = all.into_iter().filter(|l| allowed.contains(l.lab)).collect();
        let short = |labs: &[RankedLab]| -> Vec<(i64, u64)> {
            labs.iter().map(|l| (l.lab, l.score.to_bits())).collect()
        };
        prop_assert_eq!(short(&filtered), short(&wanted));
    }
}

proptest! {
    // Dozens of commits each, so fewer cases.
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn an_index_that_grew_answers_as_one_built_at_once(
        entries in world(),
        need in sentence(),
        order in any::<u64>(),
    ) {
        let grown = Index::in_memory(analyzer()).unwrap();
        for (seq, e) in (1..).zip(&entries) {
            // An older text first, for some of them, and a document that is removed again.
            if order >> (seq % 64) & 1 == 1 {
                let older = Entry { title: "旧题目".to_owned(), ..e.clone() };
                let gone = entry(500 + e.row, EntryKind::Achievement, "膜电极", "");
                grown.apply(&[older, gone], &[], Cursor { epoch: 1, seq }).unwrap();
            }
            grown.apply(std::slice::from_ref(e), &[500 + e.row], Cursor { epoch: 1, seq }).unwrap();
        }
        let at_once = index_of(&entries);
        let by_row = |index: &Index| -> BTreeMap<i64, Score> {
            let Ranked { documents, .. } = score(&index.snapshot(), &need, Scope::default());
            documents.iter().map(|d| (d.row, d.score)).collect()
        };
        let ids = [&grown, &at_once].map(|i| i.snapshot().statistics().id().to_owned());
        prop_assert_eq!(&ids[0], &ids[1]);
        prop_assert_eq!(by_row(&grown), by_row(&at_once));
    }
}

#[test]
fn a_second_writer_is_told_that_the_index_is_busy() {
    let folder = tempfile::tempdir().unwrap();
    let first = Arc::new(Index::open(folder.path(), analyzer()).unwrap());
    let mut rebuild = first.clone().try_turn().unwrap().begin().unwrap();
    rebuild.add(&[entry(1, EntryKind::Lab, "膜电极", "")]).unwrap();
    rebuild.finish(Cursor { epoch: 1, seq: 1 }).unwrap();
    // From its first change on, until it is closed, the writer is the first one's.
    first.apply(&[], &[], Cursor { epoch: 1, seq: 2 }).unwrap();
    let second = Index::open(folder.path(), analyzer()).unwrap();
    let refused = second.apply(&[], &[1], Cursor { epoch: 1, seq: 3 }).unwrap_err();
    assert!(matches!(refused, duijie::index::IndexError::Busy), "{refused}");
    assert_eq!(second.snapshot().documents(), 1);
}
