//! A match: side by side, on paper, beside another, and why not.

use super::browser::Browser;
use super::looks::look_at;
use super::world::{signed_in, world};

/// A lab that answers the need, both of the sample.
const MATCH: &str = "/needs/sample:need-07/labs/sample:lab-013";

#[test]
fn the_points_of_the_need_are_answered_by_sentences_of_the_lab() {
    let browser = Browser::without_scripts(&world().base);
    signed_in(&browser, "demo-commissioner");
    browser.go(MATCH);
    assert!(browser.count(".answers > li") > 1, "{}", browser.text());
    assert!(browser.count(".answers blockquote mark") > 0, "{}", browser.text());
    let bars = browser.texts_of(".bars tbody td.num");
    let sum: f64 = bars.iter().map(|value| value.parse::<f64>().expect("a number")).sum();
    let told = browser.text_of(".bars caption");
    let score: f64 = told.split_whitespace().nth(1).and_then(|s| s.parse().ok()).expect("a score");
    assert!((sum - score).abs() < 0.005 * bars.len() as f64 + 0.005, "{sum} is not {score}");
}

#[test]
fn two_labs_are_compared_and_one_that_is_missing_is_asked_about() {
    let browser = Browser::without_scripts(&world().base);
    signed_in(&browser, "demo-commissioner");
    browser.go(MATCH);
    browser.follow("对比");
    assert!(browser.text().contains("得分差在哪里"), "{}", browser.text());
    browser.go("/needs/sample:need-07/why-not");
    browser.fill("#lab", "sample:lab-001");
    browser.click("main button[type=submit]");
    assert!(browser.text().contains("逐点对照"), "{}", browser.text());
    browser.fill("#lab", "没有这个实验室");
    browser.click("main button[type=submit]");
    assert!(browser.text_of("[role=alert]").contains("没有这个实验室"), "{}", browser.text());
}

#[test]
fn by_keyboard_alone_from_the_need_to_the_brief() {
    let browser = Browser::open(&world().base);
    signed_in(&browser, "demo-commissioner");
    browser.go("/needs/sample:need-07");
    browser.tab_to(".coverage tbody th a");
    browser.enter();
    browser.wait_for("逐点对照");
    browser.tab_to("a[href$='/brief']");
    browser.enter();
    browser.wait_for("对接简报");
    assert!(browser.print("brief") <= 2, "a brief is two pages");
}

#[test]
fn the_pages_of_matches_look_right() {
    let browser = Browser::open(&world().base);
    signed_in(&browser, "demo-commissioner");
    browser.go(MATCH);
    look_at(&browser, "match");
    browser.view("readme-match");
    browser.go(&format!("{MATCH}/brief"));
    look_at(&browser, "brief");
    browser.go(MATCH);
    browser.follow("对比");
    look_at(&browser, "compare");
    browser.go("/needs/sample:need-07/why-not?lab=sample:lab-001");
    look_at(&browser, "why-not");
}
