//! Small worlds for the tests.

use std::sync::{Arc, LazyLock};

use duijie::data::Data;
use duijie::text::{Analyzer, Dictionary, DictionaryFiles};

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
