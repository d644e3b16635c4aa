//! Free search.

use super::browser::Browser;
use super::looks::look_at;
use super::world::world;

#[test]
fn a_word_is_found_marked_narrowed_down_and_widened_again() {
    let browser = Browser::without_scripts(&world().base);
    browser.go("/search");
    // A word of the sample that no other test writes into a title.
    browser.fill("#q", "传感器");
    browser.click("main button[type=submit]");
    assert!(browser.count(".hits > li") > 3, "{}", browser.text());
    assert!(browser.text_of(".hits mark").contains("传感器"));
    let all = browser.text_of("[role=status]");
    browser.click(".facet a");
    let fewer = browser.text_of("[role=status]");
    assert_ne!(all, fewer);
    browser.click(".chips a");
    assert_eq!(browser.text_of("[role=status]"), all);
}

#[test]
fn what_is_not_found_says_what_to_do_next() {
    let browser = Browser::open(&world().base);
    browser.go("/search?q=%E9%BE%99%E8%82%9D%E5%87%A4%E9%AB%93qqq");
    assert!(browser.text().contains("换一个更常用的说法"), "{}", browser.text());
    look_at(&browser, "search-nothing");
    browser.go("/search?q=x&region=%E7%81%AB%E6%98%9F");
    assert!(browser.text_of("[role=alert]").contains("火星"), "{}", browser.text());
}

#[test]
fn by_keyboard_alone() {
    let browser = Browser::open(&world().base);
    browser.go("/search");
    browser.type_text("轴承");
    browser.enter();
    browser.wait_for("共 ");
    browser.tab_to(".hits a");
    browser.enter();
    browser.wait_for("实验室");
    assert!(!browser.address().starts_with("/search"), "{}", browser.address());
}

#[test]
fn the_pages_of_search_look_right() {
    let browser = Browser::open(&world().base);
    browser.go("/search");
    look_at(&browser, "search-empty");
    browser.go("/search?q=%E7%87%83%E6%96%99%E7%94%B5%E6%B1%A0");
    look_at(&browser, "search");
    browser.go("/nowhere");
    look_at(&browser, "problem");
}
