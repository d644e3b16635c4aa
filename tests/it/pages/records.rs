//! Labs, achievements, institutions, firms.

use super::browser::Browser;
use super::looks::look_at;
use super::world::{signed_in, world};

#[test]
fn from_an_institution_to_its_lab_to_an_achievement() {
    let browser = Browser::without_scripts(&world().base);
    browser.go("/institutions/sample:inst-05");
    browser.click(".entries a");
    assert!(browser.address().starts_with("/labs/"), "{}", browser.address());
    browser.click(".entries a");
    assert!(browser.address().starts_with("/achievements/"), "{}", browser.address());
    assert!(browser.text().contains("所属实验室"));
}

#[test]
fn what_a_firm_needs_is_listed_for_those_who_may_know_it() {
    let browser = Browser::without_scripts(&world().base);
    browser.go("/enterprises/sample:ent-05");
    assert!(browser.text().contains("没有您可以看到的需求"), "{}", browser.text());
    signed_in(&browser, "demo-enterprise");
    browser.go("/enterprises/sample:ent-05");
    assert!(browser.count(".entries a") > 0, "{}", browser.text());
}

#[test]
fn the_pages_of_records_look_right() {
    let browser = Browser::open(&world().base);
    signed_in(&browser, "demo-commissioner");
    for (path, name) in [
        ("/labs/sample:lab-013", "lab"),
        ("/institutions/sample:inst-05", "institution"),
        ("/enterprises/sample:ent-05", "enterprise"),
    ] {
        browser.go(path);
        look_at(&browser, name);
    }
}
