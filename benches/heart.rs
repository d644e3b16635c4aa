//! The heart, piece by piece: from a text to terms, from a need to candidates, from candidates
//! to scores, from a record to the sentences that are shown. `cargo bench` takes about a minute.
//!
//! All texts are the shipped fictional sample's, in new arrangements; the index holds
//! [`DOCUMENTS`] of them. Whole answers, and other programs, are measured by `duijie bench`.

use std::sync::{Arc, LazyLock};

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};

use duijie::data::Data;
use duijie::index::{Candidates, Cursor, Entry, EntryKind, Facts, Index, Lookup, Scope, Snapshot};
use duijie::matching::{Marks, Query, Reasons, WeightedQuery, Weights, rank_labs};
use duijie::text::{Analyzer, ChineseSegmenter, Dictionary, DictionaryFiles, normalize, sentences};
use fastrand::Rng;
use serde_json::Value;

/// Documents of the index.
const DOCUMENTS: i64 = 20_000;
/// Documents of a lab, about.
const DOCUMENTS_PER_LAB: i64 = 18;
/// Sentences of a document.
const SENTENCES: usize = 4;
/// Candidates that are scored exactly, as in production.
const CANDIDATES: usize = 300;
/// Sentences of a record that are shown, as in production.
const SENTENCES_SHOWN: usize = 2;

fn main() {
    LazyLock::force(&WORLD);
    divan::main();
}

/// What everything is measured on, made once.
struct World {
    analyzer: Arc<Analyzer>,
    segmenter: ChineseSegmenter,
    /// Titles and texts of the sample's achievements.
    texts: Vec<(String, String)>,
    /// Titles and texts of its needs.
    needs: Vec<(String, String)>,
    snapshot: Arc<Snapshot>,
    weights: Weights,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let data = Data::embedded();
    let text = |path: &str| data.text(path).expect("shipped");
    let dictionary = || {
        Dictionary::parse(DictionaryFiles {
            terms: &text("dictionary/terms.tsv"),
            synonyms: &text("dictionary/synonyms.tsv"),
            stop_words: &text("dictionary/stop_words.txt"),
            boilerplate: &text("dictionary/boilerplate.txt"),
        })
        .expect("the shipped dictionary is well formed")
    };
    let analyzer = Arc::new(Analyzer::new(dictionary()));
    let texts = read(&text("sample/achievements.jsonl"), "abstract");
    let index = Index::in_memory(analyzer.clone()).expect("opens");
    index.apply(&entries(&texts), &[], Cursor { epoch: 1, seq: 1 }).expect("indexes");
    World {
        segmenter: ChineseSegmenter::new(&dictionary()),
        needs: read(&text("sample/needs.jsonl"), "body"),
        snapshot: index.snapshot(),
        weights: Weights::by_hand(),
        analyzer,
        texts,
    }
});

/// Title and text of each line.
fn read(lines: &str, body: &str) -> Vec<(String, String)> {
    let text = |object: &Value, key: &str| object[key].as_str().expect("a text").to_owned();
    let objects = lines.lines().map(|line| serde_json::from_str(line).expect("an object"));
    objects.map(|object: Value| (text(&object, "title"), text(&object, body))).collect()
}

/// Documents of the texts' sentences, each a new mixture; the same in every run.
fn entries(texts: &[(String, String)]) -> Vec<Entry> {
    let pool: Vec<String> =
        texts.iter().flat_map(|(_, body)| sentences(body)).map(|s| s.text).collect();
    let mut rng = Rng::with_seed(1);
    let rows = 1..=DOCUMENTS;
    rows.map(|row| Entry {
        row,
        revision: 1,
        kind: EntryKind::Achievement,
        labs: vec![DOCUMENTS + rng.i64(1..=DOCUMENTS / DOCUMENTS_PER_LAB)],
        public: true,
        facts: Facts::default(),
        title: texts[rng.usize(..texts.len())].0.clone(),
        keywords: vec![],
        body: (0..SENTENCES).map(|_| pool[rng.usize(..pool.len())].as_str()).collect(),
    })
    .collect()
}

/// Runs `work` on all of the sample's texts, counted in bytes.
fn on_texts<T>(bencher: Bencher<'_, '_>, work: impl Fn(&str) -> T + Sync) {
    let bytes: usize = WORLD.texts.iter().map(|(_, body)| body.len()).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        WORLD.texts.iter().for_each(|(_, body)| {
            black_box(work(body));
        });
    });
}

/// Runs `work` on all needs that `prepare` has prepared, counted in needs.
fn on_needs<'w, P: Sync, T>(
    bencher: Bencher<'_, '_>,
    prepare: impl Fn(&'w (String, String)) -> P,
    work: impl Fn(&P) -> T + Sync,
) {
    let prepared: Vec<P> = WORLD.needs.iter().map(prepare).collect();
    bencher.counter(ItemsCount::new(prepared.len())).bench(|| {
        prepared.iter().for_each(|prepared| {
            black_box(work(prepared));
        });
    });
}

mod text {
    use super::*;

    /// Unicode, width, case, traditional characters.
    #[divan::bench]
    fn normalized(bencher: Bencher<'_, '_>) {
        on_texts(bencher, normalize);
    }

    /// Best paths only: what any segmenter has to do.
    #[divan::bench]
    fn cut_into_words(bencher: Bencher<'_, '_>) {
        on_texts(bencher, |text| {
            let mut words = 0;
            WORLD.segmenter.cut(text, |_, _, _| words += 1);
            words
        });
    }

    /// Both views with spans, normalising included: what index and query are made of.
    #[divan::bench]
    fn analyzed(bencher: Bencher<'_, '_>) {
        on_texts(bencher, |text| WORLD.analyzer.analyze(text));
    }

    #[divan::bench]
    fn split_into_sentences(bencher: Bencher<'_, '_>) {
        on_texts(bencher, sentences);
    }
}

fn query_of((title, body): &(String, String)) -> Query {
    Query::new(&WORLD.analyzer, title, body)
}

fn weighted_of(need: &(String, String)) -> WeightedQuery {
    query_of(need).weigh(WORLD.snapshot.statistics(), &WORLD.weights)
}

fn look_up(weighted: &WeightedQuery) -> Lookup {
    WORLD.snapshot.look_up(&weighted.terms).expect("reads")
}

fn candidates(weighted: &WeightedQuery, lookup: &Lookup) -> Candidates {
    let used = |idx| weighted.is_selective(idx);
    let (bm25, scope) = (WORLD.weights.bm25, Scope::default());
    WORLD.snapshot.candidates(lookup, used, bm25, scope, CANDIDATES).expect("reads")
}

mod need {
    use super::*;

    #[divan::bench]
    fn query_built(bencher: Bencher<'_, '_>) {
        on_needs(bencher, |need| need, |need| query_of(need));
    }

    #[divan::bench]
    fn query_weighed(bencher: Bencher<'_, '_>) {
        let weigh =
            |query: &Query| query.weigh(WORLD.snapshot.statistics(), &WORLD.weights).terms.len();
        on_needs(bencher, query_of, weigh);
    }

    #[divan::bench]
    fn terms_looked_up(bencher: Bencher<'_, '_>) {
        on_needs(bencher, weighted_of, |weighted| {
            black_box(look_up(weighted));
        });
    }

    #[divan::bench]
    fn candidates_found(bencher: Bencher<'_, '_>) {
        let prepared: Vec<WeightedQuery> = WORLD.needs.iter().map(weighted_of).collect();
        let lookups: Vec<Lookup> = prepared.iter().map(look_up).collect();
        bencher.counter(ItemsCount::new(prepared.len())).bench(|| {
            for (weighted, lookup) in prepared.iter().zip(&lookups) {
                black_box(candidates(weighted, lookup));
            }
        });
    }

    /// Frequencies of all terms in 300 candidates, exact scores, ranked labs; counted in
    /// candidates.
    #[divan::bench]
    fn candidates_scored(bencher: Bencher<'_, '_>) {
        let prepared: Vec<WeightedQuery> = WORLD.needs.iter().map(weighted_of).collect();
        let lookups: Vec<Lookup> = prepared.iter().map(look_up).collect();
        let found: Vec<Candidates> =
            prepared.iter().zip(&lookups).map(|(w, l)| candidates(w, l)).collect();
        let count: usize = found.iter().map(|found| found.documents.len()).sum();
        let World { snapshot, weights, .. } = &*WORLD;
        bencher.counter(ItemsCount::new(count)).bench(|| {
            for (lookup, found) in lookups.iter().zip(&found) {
                let scored = snapshot.score(found.clone(), lookup, weights.bm25).expect("reads");
                black_box(rank_labs(&scored, weights, Scope::default()));
            }
        });
    }

    /// The reasons of the twenty best labs of a need.
    #[divan::bench]
    fn reasons_given(bencher: Bencher<'_, '_>) {
        let World { snapshot, weights, .. } = &*WORLD;
        let prepare = |need: &(String, String)| {
            let query = query_of(need);
            let weighted = query.weigh(snapshot.statistics(), weights);
            let lookup = look_up(&weighted);
            let found = candidates(&weighted, &lookup);
            let scored = snapshot.score(found, &lookup, weights.bm25).expect("reads");
            let labs = rank_labs(&scored, weights, Scope::default());
            let best = labs.iter().take(20).flat_map(|lab| &lab.documents);
            let addresses: Vec<_> = best.map(|idx| scored[*idx].address).collect();
            let sizes: Vec<usize> = labs.iter().take(20).map(|lab| lab.documents.len()).collect();
            (query, weighted, lookup, addresses, sizes)
        };
        on_needs(bencher, prepare, |(query, weighted, lookup, addresses, sizes)| {
            let reasons = Reasons::new(query, weighted);
            let all = snapshot.contributions(addresses, lookup, weights.bm25).expect("reads");
            let mut rest = all.as_slice();
            for size in sizes {
                let (of_lab, behind) = rest.split_at(*size);
                rest = behind;
                black_box(reasons.of(of_lab));
            }
        });
    }

    /// The best sentences of one record for a need, counted in records.
    #[divan::bench]
    fn sentences_shown(bencher: Bencher<'_, '_>) {
        let prepare = |need| (query_of(need), weighted_of(need));
        let prepared: Vec<(Query, WeightedQuery)> = WORLD.needs.iter().map(prepare).collect();
        let marks: Vec<Marks<'_>> = prepared.iter().map(|(q, w)| Marks::new(q, w)).collect();
        bencher.counter(ItemsCount::new(marks.len())).bench(|| {
            for (marks, (_, text)) in marks.iter().zip(&WORLD.texts) {
                let shown = SENTENCES_SHOWN;
                black_box(marks.best_sentences(&WORLD.analyzer, "abstract", text, shown));
            }
        });
    }
}

/// Texts into an index in memory, analysed on all cores; counted in bytes of text.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn indexed(bencher: Bencher<'_, '_>) {
    let entries = entries(&WORLD.texts);
    let bytes: usize = entries.iter().map(|entry| entry.title.len() + entry.body.len()).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        let index = Index::in_memory(WORLD.analyzer.clone()).expect("opens");
        index.apply(&entries, &[], Cursor { epoch: 1, seq: 1 }).expect("indexes");
    });
}
