//! Small worlds for the tests.

pub mod process;
mod test_app;

use std::sync::{Arc, LazyLock};

use duijie::data::Data;
use duijie::index::{Entry, EntryKind, Facts};
use duijie::text::{Analyzer, Dictionary, DictionaryFiles};

pub use test_app::{Answer, CONTACTS, TestApp};

/// The shipped analyser, loaded once.
pub fn analyzer() -> Arc<Analyzer> {
    static ANALYZER: LazyLock<Arc<Analyzer>> = LazyLock::new(|| {
        let data = Data::embedded();
        let text = |path: &str| data.text(path).expect("embedded");
        let dictionary = Dictionary::parse(DictionaryFiles {
            terms: &text("dictionary/terms.tsv"),
            synonyms: &text("dictionary/synonyms.tsv"),
            stop_words: &text("dictionary/stop_words.txt"),
            boilerplate: &text("dictionary/boilerplate.txt"),
        })
        .expect("the shipped dictionary is well formed");
        Arc::new(Analyzer::new(dictionary))
    });
    ANALYZER.clone()
}

/// A row of `cases/domain_terms.tsv`.
pub struct DomainTerm {
    pub term: &'static str,
    pub industry: &'static str,
    pub compound: &'static str,
    pub decoy: &'static str,
}

/// The domain terms with a text that has each and one that only seems to.
pub fn domain_terms() -> Vec<DomainTerm> {
    include_str!("../cases/domain_terms.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let &[term, industry, compound, decoy] = cells.as_slice() else {
                panic!("four cells wanted: {line}");
            };
            DomainTerm { term, industry, compound, decoy }
        })
        .collect()
}

/// An engine in a temporary home with reference data and sample, as the demo loads it; made
/// once for all tests that only read.
pub async fn sample_engine() -> &'static duijie::engine::Engine {
    use duijie::engine::{Engine, Home};
    static ENGINE: tokio::sync::OnceCell<(tempfile::TempDir, Engine)> =
        tokio::sync::OnceCell::const_new();
    let (_, engine) = ENGINE
        .get_or_init(|| async {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let data = Data::embedded();
            let engine = Engine::open(&Home::new(folder.path()), &data).await.expect("opens");
            engine.load_shipped(&data, |_| {}).await.expect("loads");
            (folder, engine)
        })
        .await;
    engine
}

/// A public entry whose only lab is in row `row + 1000` (of a lab itself, `row`).
pub fn entry(row: i64, kind: EntryKind, title: &str, body: &str) -> Entry {
    let labs = match kind {
        EntryKind::Lab => vec![row],
        EntryKind::Achievement => vec![row + 1000],
        EntryKind::Need => vec![],
    };
    Entry {
        row,
        revision: 1,
        kind,
        labs,
        public: true,
        facts: Facts::default(),
        title: title.to_owned(),
        keywords: vec![],
        body: body.to_owned(),
    }
}
