//! Every domain term is one word of the texts that contain it, and none of its false friends.

use std::collections::BTreeMap;

use duijie::model::Span;
use duijie::text::{View, normalize};

use crate::support::{DomainTerm, analyzer, domain_terms};

/// Where the words view of `text` has the term, if it does.
fn word_span(text: &str, term: &str) -> Option<Span> {
    let analyzer = analyzer();
    let query = analyzer.analyze(term);
    let wanted = query.view(View::Words).next().map(|t| query.term(t).to_owned())?;
    let analysis = analyzer.analyze(text);
    analysis.view(View::Words).find(|t| analysis.term(t) == wanted).map(|t| analysis.span(t))
}

#[test]
fn there_are_at_least_150_terms_from_every_leading_industry() {
    let mut by_industry: BTreeMap<&str, usize> = BTreeMap::new();
    for row in domain_terms() {
        *by_industry.entry(row.industry).or_default() += 1;
    }
    assert!(domain_terms().len() >= 150);
    // The hard ones: the term's characters stand in the decoy one after the other.
    let across_a_border = |row: &&DomainTerm| row.decoy.contains(row.term);
    assert!(domain_terms().iter().filter(across_a_border).count() >= 150);
    assert!(by_industry.len() >= 14, "{by_industry:?}");
    assert!(by_industry.values().all(|n| *n >= 10), "{by_industry:?}");
}

#[test]
fn a_term_inside_a_compound_is_one_word_on_its_exact_characters() {
    let mut wrong = Vec::new();
    for DomainTerm { term, compound, .. } in domain_terms() {
        match word_span(compound, term) {
            None => wrong.push(format!("{term} is no word of {compound}")),
            Some(span) => {
                let marked = span.slice(compound);
                if normalize(&marked).as_str() != normalize(term).as_str() {
                    wrong.push(format!("{term} marks {marked} in {compound}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_term_across_a_word_border_is_no_word() {
    let wrong: Vec<String> = domain_terms()
        .iter()
        .filter(|row| word_span(row.decoy, row.term).is_some())
        .map(|row| format!("{} is a word of {}", row.term, row.decoy))
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
