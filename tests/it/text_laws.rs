//! Laws of the analyser on random text.

use std::collections::HashSet;

use proptest::prelude::*;

use duijie::index::{Cursor, EntryKind, HitMatch, Index, TextQuery};
use duijie::text::{TokenKind, View, normalize};

use crate::support::{analyzer, entry};

/// Prose as it comes: Chinese words, formulae, numbers, other scripts, marks and rubbish.
fn prose() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("质子交换膜燃料电池".to_owned()),
        Just("高温封装中银烧结层".to_owned()),
        Just("嵌合抗原受体Ｔ细胞".to_owned()),
        Just("半導體製程".to_owned()),
        Just("≥200 ℃，4H-SiC；12.5μm".to_owned()),
        "[一-龥]{1,12}",
        "[a-zA-Z0-9.+#%-]{1,12}",
        "\\PC{0,6}",
        "[\u{300}-\u{36f}\u{200b}\u{1100}-\u{11ff}ﾀﾞ㍿]{0,4}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn tokens_lie_inside_the_text_and_are_what_stands_there(text in prose()) {
        let analysis = analyzer().analyze(&text);
        let chars = text.chars().count() as u32;
        let mut position = 0;
        for token in analysis.tokens() {
            let span = analysis.span(token);
            prop_assert!(span.start < span.end && span.end <= chars);
            prop_assert!(!analysis.term(token).is_empty());
            prop_assert!(token.position >= position, "positions only grow");
            position = token.position;
            // The marked characters normalise to the term, unless it goes by another name.
            if token.kind == TokenKind::Pair {
                let marked = normalize(&span.slice(&text));
                // One character may stand for several (㍿ for 株式会社).
                prop_assert!(marked.as_str().contains(analysis.term(token)));
            }
        }
    }

    #[test]
    fn the_spelling_of_a_text_does_not_change_its_terms(text in prose()) {
        let terms = |text: &str| -> Vec<(TokenKind, String)> {
            let analysis = analyzer().analyze(text);
            analysis.tokens().iter().map(|t| (t.kind, analysis.term(t).to_owned())).collect()
        };
        prop_assert_eq!(terms(&text), terms(normalize(&text).as_str()));
    }

    #[test]
    fn words_of_the_best_path_do_not_overlap(text in prose()) {
        let analysis = analyzer().analyze(&text);
        let mut end = 0;
        for token in analysis.view(View::Words).filter(|t| t.kind == TokenKind::Word) {
            let span = analysis.span(token);
            // Inside a term such as ai芯片 the pieces are words again.
            if span.start >= end {
                end = span.end;
            } else {
                prop_assert!(span.end <= end, "{:?} crosses a border in {}", span, text);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_text_that_is_its_own_query_finds_itself_as_words(text in prose()) {
        // Index and query go through one analyser: every word of the query is a word of the text.
        let words = analyzer().analyze(&text).view(View::Words).count();
        let index = Index::in_memory(analyzer()).unwrap();
        let one = entry(1, EntryKind::Achievement, &text, "");
        index.apply(&[one], &[], Cursor { epoch: 1, seq: 1 }).unwrap();
        // Quotation marks would make phrases of it.
        let asked: String = text.chars().filter(|c| !matches!(c, '"' | '“' | '”')).collect();
        prop_assume!(asked == text);
        let query = TextQuery { text: &asked, kinds: &[], labs: None, without: &HashSet::new(), limit: 1 };
        let found = index.snapshot().search(&analyzer(), &query, |_| true, |_, _| {}).unwrap();
        prop_assert_eq!(found.hits.first().map(|h| h.matched), (words > 0).then_some(HitMatch::Word));
    }
}
