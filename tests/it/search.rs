//! Free search: the failures of default Chinese segmentation, each as it was measured.

use std::collections::HashSet;
use std::sync::Arc;

use duijie::index::{Cursor, Entry, EntryKind, Hit, HitMatch, Index, TextQuery};
use duijie::matching::{Marks, Query};
use duijie::text::normalize;

use crate::support::{analyzer, domain_terms, entry};

/// An index of one-line documents; row 1 is the first.
fn index_of(lines: &[&str]) -> Index {
    let index = Index::in_memory(analyzer()).unwrap();
    let entries: Vec<Entry> =
        (1..).zip(lines).map(|(row, line)| entry(row, EntryKind::Achievement, line, "")).collect();
    index.apply(&entries, &[], Cursor { epoch: 1, seq: 1 }).unwrap();
    index
}

fn find(index: &Index, query: &str) -> Vec<Hit> {
    let query =
        TextQuery { text: query, kinds: &[], labs: None, without: &HashSet::new(), limit: 100 };
    index.snapshot().search(&analyzer(), &query, |_| true, |_, _| {}).unwrap().hits
}

/// The lines that a query finds, best first, with `~` behind those found by parts only.
fn found(lines: &[&str], query: &str) -> Vec<String> {
    find(&index_of(lines), query)
        .iter()
        .map(|hit| {
            let part = if hit.matched == HitMatch::Part { "~" } else { "" };
            format!("{}{part}", lines[hit.row as usize - 1])
        })
        .collect()
}

/// What a search marks in a text, in the author's characters.
fn marked(text: &str, query: &str) -> Vec<String> {
    let analyzer = analyzer();
    let query = Query::new(&analyzer, query, "");
    let evidence = Marks::plain(&query).best_sentence(&analyzer, "title", text);
    evidence.map_or_else(Vec::new, |e| e.spans.iter().map(|s| s.slice(&e.text)).collect())
}

#[test]
fn a_word_inside_an_unknown_compound_is_found() {
    assert_eq!(found(&["百校对接计划"], "对接"), ["百校对接计划"]);
    assert_eq!(found(&["高温封装中银烧结层"], "银烧结"), ["高温封装中银烧结层"]);
    for query in ["线控", "制动"] {
        assert_eq!(found(&["线控制动系统"], query), ["线控制动系统"], "{query}");
    }
}

#[test]
fn a_false_friend_stands_below_the_true_hit_and_is_no_word() {
    let lines = ["百校对接计划", "文稿校对软件", "高温封装中银烧结层", "中银金融服务"];
    assert_eq!(found(&lines, "校对"), ["文稿校对软件", "百校对接计划~"]);
    assert_eq!(found(&lines, "中银"), ["中银金融服务", "高温封装中银烧结层~"]);
}

#[test]
fn a_single_character_finds_all_words_that_have_it() {
    let lines = ["质子交换膜", "隔膜", "薄膜"];
    let mut all = found(&lines, "膜");
    all.iter_mut().for_each(|line| line.retain(|c| c != '~'));
    all.sort();
    assert_eq!(all, ["薄膜", "质子交换膜", "隔膜"]);
}

#[test]
fn a_domain_term_is_highlighted_in_one_span() {
    assert_eq!(marked("新型石墨烯涂层", "石墨烯"), ["石墨烯"]);
    assert_eq!(marked("面向碳中和的电力系统", "碳中和"), ["碳中和"]);
}

#[test]
fn traditional_and_full_width_texts_are_found_and_marked_as_written() {
    assert_eq!(found(&["半導體製程設備"], "半导体"), ["半導體製程設備"]);
    assert_eq!(marked("半導體製程設備", "半导体"), ["半導體"]);
    assert_eq!(found(&["ＡＩ芯片设计"], "AI芯片"), ["ＡＩ芯片设计"]);
    assert_eq!(marked("国产ＡＩ芯片设计", "AI芯片"), ["ＡＩ芯片"]);
}

#[test]
fn a_phrase_is_counted_in_words() {
    let line = "李萍进了中等技术学校";
    assert_eq!(found(&[line], "\"进了技术学校\"~1"), [line]);
    assert_eq!(found(&[line], "\"进了技术学校\""), Vec::<String>::new());
    assert_eq!(found(&[line], "“中等技术”"), [line]);
}

#[test]
fn a_compound_in_the_dictionary_does_not_hide_its_parts() {
    let line = "质子交换膜燃料电池电堆";
    for query in ["质子交换膜", "燃料电池", "质子", "电堆", "质子交换膜燃料电池"]
    {
        assert_eq!(found(&[line], query), [line], "{query}");
    }
}

#[test]
fn the_words_of_a_compound_find_a_text_that_has_them_apart() {
    assert_eq!(found(&["电池用的燃料电池膜", "黄酒"], "质子交换膜燃料电池"), Vec::<String>::new());
    let line = "燃料电池里的质子交换膜";
    assert_eq!(found(&[line], "质子交换膜燃料电池"), [format!("{line}~")]);
}

#[test]
fn synonyms_find_each_other() {
    assert_eq!(found(&["SiC功率器件"], "碳化硅"), ["SiC功率器件"]);
    assert_eq!(found(&["碳化硅功率器件"], "SiC"), ["碳化硅功率器件"]);
}

#[test]
fn quantities_and_formulae_are_found_whatever_their_spelling() {
    let lines = ["耐温≥200 ℃的胶", "厚度１２．５μm的膜", "4H-SiC外延片", "防护等级IP67"];
    assert_eq!(found(&lines, "200℃")[0], lines[0]);
    assert_eq!(found(&lines, "12.5 μm")[0], lines[1]);
    assert_eq!(found(&lines, "4h-sic")[0], lines[2]);
    assert_eq!(found(&lines, "ip67")[0], lines[3]);
}

#[test]
fn query_syntax_of_the_library_is_plain_text_here() {
    for query in ["AND OR NOT", "title:膜", "膜*", "(膜", "膜^2 +\"", "[a TO b]", "\"\"", "~3"]
    {
        found(&["质子交换膜"], query);
    }
}

#[test]
fn every_domain_term_ranks_above_its_decoy_and_is_marked_exactly() {
    let mut wrong = Vec::new();
    for row in domain_terms() {
        let hits = find(&index_of(&[row.decoy, row.compound]), row.term);
        let first = hits.first().map(|h| (h.row, h.matched));
        if first != Some((2, HitMatch::Word)) {
            wrong.push(format!("{}: first hit {first:?}", row.term));
        }
        if hits.iter().any(|h| h.row == 1 && h.matched == HitMatch::Word) {
            wrong.push(format!("{} is a word of {}", row.term, row.decoy));
        }
        let marked = marked(row.compound, row.term);
        let wanted = normalize(row.term).as_str().to_owned();
        if !marked.iter().any(|m| normalize(m).as_str() == wanted) {
            wrong.push(format!("{} marks {marked:?} in {}", row.term, row.compound));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn two_indexes_of_the_same_lines_answer_alike() {
    let lines = ["膜电极", "膜电极寿命", "电极"];
    let whole = index_of(&lines);
    let grown = Arc::new(Index::in_memory(analyzer()).unwrap());
    for (row, line) in (1..).zip(lines) {
        let entry = entry(row, EntryKind::Achievement, line, "");
        grown.apply(&[entry], &[], Cursor { epoch: 1, seq: row }).unwrap();
    }
    assert_eq!(find(&whole, "膜电极"), find(&grown, "膜电极"));
    assert_eq!(whole.snapshot().statistics().id(), grown.snapshot().statistics().id());
}
