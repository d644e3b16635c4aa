//! The desk and the report.

use std::time::{Duration, Instant};

use super::browser::Browser;
use super::looks::look_at;
use super::world::{signed_in, world};

/// Longest that a need may take to meet the labs.
const PATIENCE: Duration = Duration::from_secs(30);
const BODY: &str = "立式加工中心早晨刚开机和连续加工到下午，同一把刀的加工深度相差四五个丝。希望在数控系统里增加热误差自动补偿，\
    八小时内Z方向误差不超过0.01mm，传感器不超过十个。";

/// Has the demo's firm write a need, and waits until it stands in the inbox of somebody of the
/// demo, which the browser is then at.
fn need_in_inbox_of(browser: &Browser, login: &str, title: &str) {
    signed_in(browser, "demo-enterprise");
    browser.go("/needs/new");
    browser.fill("#title", title);
    browser.fill("#body", BODY);
    browser.click("button[value=publish]");
    signed_in(browser, login);
    let begun = Instant::now();
    loop {
        browser.go("/desk?all=1");
        let inbox = browser.text_of("#inbox");
        if inbox.contains(title) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "never says {title}: {inbox}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn without_scripts_what_is_new_is_read_with_its_reasons_and_then_not_new_any_more() {
    const TITLE: &str = "立式加工中心的热误差补偿";
    let browser = Browser::without_scripts(&world().base);
    need_in_inbox_of(&browser, "demo-institution", TITLE);
    assert!(browser.count("#inbox .news .reasons .tag") > 0, "{}", browser.text());
    browser.go("/desk");
    assert!(browser.text_of("#inbox").contains(TITLE), "{}", browser.text());
    browser.follow("都看过了");
    assert!(!browser.text_of("#inbox").contains(TITLE), "{}", browser.text());
    browser.follow("看最近 30 天的");
    assert!(browser.text_of("#inbox").contains(TITLE), "{}", browser.text());
    browser.click("#inbox .news .log a");
    assert!(browser.text().contains("逐点对照"), "{}", browser.text());
}

#[test]
fn by_keyboard_a_commissioner_gets_from_the_desk_to_the_report_of_a_quarter() {
    let browser = Browser::open(&world().base);
    signed_in(&browser, "demo-commissioner");
    assert_eq!(browser.address(), "/desk", "where a commissioner begins");
    browser.tab_to("main a[href='/report']");
    browser.enter();
    assert!(browser.text_of("h1").contains("周报"), "{}", browser.text());
    browser.tab_to("#period");
    browser.type_text("本季");
    browser.choose("#period", "quarter");
    browser.tab_to("main button[type=submit]");
    browser.enter();
    assert!(browser.text_of("h1").contains("季报"), "{}", browser.text());
    browser.follow("上一期");
    assert!(browser.text_of("h1").contains("季报"), "{}", browser.text());
    browser.follow("我的（述职）");
    assert!(browser.text_of("h1").contains("述职报告"), "{}", browser.text());
    assert!(browser.text_of("main").contains("专员（示例）"), "{}", browser.text());
    // What cannot be a period is told beside the form, with what was given.
    browser.go("/report?period=range&from=2026-05-02&until=2026-05-01");
    assert!(browser.text_of("[role=alert]").contains("截止早于起始"), "{}", browser.text());
    assert_eq!(browser.value("#from"), "2026-05-02");
}

#[test]
fn the_report_is_handed_out_for_spreadsheets() {
    let browser = Browser::open(&world().base);
    signed_in(&browser, "demo-office");
    browser.go("/report?period=month");
    let csv = browser.run_async(
        "const done = arguments[arguments.length - 1]; \
         fetch(document.querySelector(\"a[href^='/report.csv']\").href) \
         .then(r => r.text().then(text => done([r.headers.get('content-disposition'), text])));",
    );
    let (name, text) = (csv[0].as_str().unwrap_or_default(), csv[1].as_str().unwrap_or_default());
    assert!(name.starts_with("attachment; filename=\"report-"), "{name}");
    assert!(text.contains("报告,月报") && text.contains("指标,新增需求"), "{text}");
}

#[test]
fn the_pages_of_the_desk_look_right() {
    let browser = Browser::open(&world().base);
    need_in_inbox_of(&browser, "demo-commissioner", "数控机床开机预热时间过长");
    look_at(&browser, "desk");
    browser.go("/report?period=year");
    look_at(&browser, "report");
    signed_in(&browser, "demo-office");
    look_at(&browser, "desk-of-office");
    signed_in(&browser, "demo-enterprise");
    browser.go("/desk");
    look_at(&browser, "desk-of-firm");
}
