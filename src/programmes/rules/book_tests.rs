//! The book that the product comes with, and what a case may change in it.

use super::*;
use crate::programmes::rules::{Modality, PackKind};

fn book() -> RuleBook {
    RuleBook::load(&Data::embedded()).unwrap()
}

fn set(key: &str, value: i64) -> Vec<(String, i64)> {
    vec![(key.to_owned(), value)]
}

#[test]
fn the_shipped_rules_say_what_the_document_says() {
    let book = book();
    let values = [
        (Key::CommissionersMax, 100),
        (Key::Years, 3),
        (Key::UnknownSentBlocks, 0),
        (Key::InstitutionsPerCommissioner, 1),
        (Key::CommissionersPerInstitution, 1),
        (Key::FitMin, 1),
        (Key::RelationshipsTarget, 100),
    ];
    for (key, value) in values {
        assert_eq!(book.parameter(key), value, "{}", key.as_str());
    }
    let facts = ["universities_985", "double_first_class_2017", "double_first_class_2022"];
    assert_eq!(facts.map(|key| book.find_parameter(key).unwrap().value), [39, 137, 147]);
    for id in ["H1", "H2", "H3", "H4", "H5", "H6"] {
        assert_eq!(book.rule(id).unwrap().1.modality, Modality::Must, "{id}");
    }
    let levels: Vec<&str> =
        book.rules().map(|(_, rule)| rule.id.as_str()).filter(|id| id.starts_with('O')).collect();
    assert_eq!(levels, ["O1", "O2", "O3", "O4", "O5", "O6"]);
    let ours = |id: &str| book.rule(id).unwrap().1.ours;
    assert_eq!(
        ["H1", "H4", "H6", "O4", "O5", "O6"].map(ours),
        [false, true, true, false, true, true]
    );
    let shares = book.parameter(Key::FitIndustryShare) + book.parameter(Key::FitNeedsShare);
    assert_eq!(shares, 10_000);
}

#[test]
fn money_and_shares_are_those_of_the_document() {
    let book = book();
    let shown = |key: &str| book.find_parameter(key).unwrap().shown();
    let values = [
        ("filing_grant", "50万元"),
        ("yearly_award_max", "500万元"),
        ("university_share_max", "0%"),
        ("team_share_min", "50%"),
        ("registered_capital_min", "300万元"),
        ("core_scientist_share_max", "15%"),
        ("investment_min", "3000万元"),
        ("rd_investment_min", "2000万元"),
        ("funds_volume", "23.3亿元"),
        ("local_firms_min", "90%"),
        ("conversion_share_min", "70%"),
        ("yearly_support", "1000万元"),
        ("excellent_award_min", "50万元"),
    ];
    for (key, value) in values {
        assert_eq!(shown(key), value, "{key}");
    }
    let modality = |id: &str| book.rule(id).unwrap().1.modality;
    assert_eq!(["N3", "N4", "N5", "N6", "NX3"].map(modality), {
        use Modality::{May, Must, Should};
        [Should, Must, Should, May, Should]
    });
    // What the document says and what others say are never in one pack.
    let outside: Vec<&str> = book
        .packs()
        .iter()
        .filter(|pack| pack.kind == PackKind::Outside)
        .map(|pack| pack.id.as_str())
        .collect();
    assert_eq!(outside, ["new_institutes_outside"]);
}

#[test]
fn a_rule_is_found_by_its_id_in_any_case_and_near_ones_are_named() {
    let book = book();
    assert_eq!(book.rule("h3").unwrap().1.id, "H3");
    assert!(book.rule("H33").is_none());
    assert_eq!(book.near_rules("h33")[0], "H3");
}

#[test]
fn a_case_sets_parameters_within_their_range() {
    let changed = book().with_overrides(&set("years", 5)).unwrap();
    assert_eq!(changed.parameter(Key::Years), 5);
    assert_eq!(changed.find_parameter("years").unwrap().value, 5);
    assert_eq!(changed.parameter(Key::CommissionersMax), 100);
    let refused =
        |overrides: &[(String, i64)]| book().with_overrides(overrides).unwrap_err().to_string();
    assert_eq!(refused(&set("years", 0)), "参数“years”：0 超出范围；应在 1 到 30 之间（年）");
    assert_eq!(refused(&set("fitmin", 1)), "参数“fitmin”：没有这个参数；相近的有：fit_min");
    assert!(refused(&set("zzz", 1)).contains("可用：commissioners_max、years、"));
    assert!(refused(&[set("years", 1), set("years", 2)].concat()).contains("给了两次"));
    // A fact is in the book, but nothing asks for it: setting it would change nothing.
    assert!(refused(&set("universities_985", 39)).contains("没有这个参数"));
}

#[test]
fn the_digest_follows_what_decides() {
    let plain = book().digest();
    assert_eq!(plain, book().digest());
    assert_eq!(plain.len(), 64);
    let same = book().with_overrides(&set("years", 3)).unwrap();
    assert_eq!(plain, same.digest());
    let other = book().with_overrides(&set("years", 4)).unwrap();
    assert_ne!(plain, other.digest());
}

#[test]
fn a_pack_without_a_parameter_that_is_asked_for_is_refused() {
    let text = include_str!("../../../data/programmes/hundred_universities.toml");
    let text = text.replace("[rules.parameters.years]", "[rules.parameters.jahre]");
    let told = RuleBook::from_texts(&[("h.toml", &text)]).unwrap_err().to_string();
    assert_eq!(told, "h.toml“years”：所有规则包里都没有这个参数；程序要用到它，请补上");
}
