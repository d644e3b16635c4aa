//! A need from its first words to the labs that answer it.

use super::browser::Browser;
use super::looks::look_at;
use super::world::{signed_in, world};

const TITLE: &str = "燃料电池膜电极寿命不足";
const BODY: &str = "现有膜电极连续运行3000小时后电压衰减超过15%，希望在80℃、高湿条件下连续运行8000小时，电压衰减低于10%。\
    需要改进催化层结构与质子交换膜的耐久性，可以联合开发。";

#[test]
fn without_scripts_a_firm_sees_matches_keeps_a_draft_and_publishes_it() {
    let browser = Browser::without_scripts(&world().base);
    signed_in(&browser, "demo-enterprise");
    browser.go("/needs");
    browser.follow("写一条新的需求");
    browser.fill("#title", TITLE);
    browser.fill("#body", BODY);
    browser.fill("#budget", "八十");
    browser.follow("看看匹配");
    let assist = browser.text_of("#assist");
    assert!(assist.contains("技术点") && assist.contains("膜电极"), "{assist}");
    assert!(browser.count("#assist .short li") > 0, "{assist}");
    assert_eq!(browser.value("#title"), TITLE, "nothing that was written is lost");
    browser.follow("存为草稿");
    assert!(browser.text().contains("预算"), "{}", browser.text());
    assert_eq!(browser.value("#title"), TITLE);
    browser.fill("#budget", "80万元");
    browser.follow("存为草稿");
    assert!(browser.text_of("main").contains("草稿"), "{}", browser.text());
    browser.follow("修改或发布");
    browser.follow("发布");
    let page = browser.text_of("main");
    assert!(page.contains("公开") && !page.contains("草稿"), "{page}");
    assert!(browser.count(".coverage tbody tr") > 0);
    browser.click(".coverage tbody th a");
    assert!(browser.text().contains("逐点对照"), "{}", browser.text());
}

#[test]
fn while_one_writes_points_and_labs_appear_beside_the_form() {
    let browser = Browser::open(&world().base);
    signed_in(&browser, "demo-enterprise");
    browser.go("/needs/new");
    browser.tab_to("#title");
    browser.type_text(TITLE);
    browser.tab_to("#body");
    browser.type_text(BODY);
    browser.wait_for("最先想到的实验室");
    browser.wait_for("连续运行8000小时");
    look_at(&browser, "need-form-written");
}

#[test]
fn the_pages_of_needs_look_right() {
    let browser = Browser::open(&world().base);
    signed_in(&browser, "demo-commissioner");
    browser.go("/needs");
    look_at(&browser, "needs");
    browser.go("/needs/new");
    look_at(&browser, "need-form");
    browser.go("/needs/sample:need-07");
    look_at(&browser, "need");
    signed_in(&browser, "demo-institution");
    browser.go("/needs/sample:need-07");
    look_at(&browser, "need-summary");
}
