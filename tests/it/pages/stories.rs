//! Two days of work, from signing in to what comes of it, as people do it.

use super::browser::Browser;
use super::world::{signed_in, world};

const LAB: &str = "数控机床精度保持性实验室";

/// Signs in with a password, as somebody does who is no demonstration.
fn sign_in(browser: &Browser, login: &str) {
    browser.go("/sign-in");
    browser.fill("#login", login);
    browser.fill("#password", &world().password);
    browser.click("main button[type=submit]");
}

/// An enterprise's first need, from signing in to "a lab has accepted".
#[test]
fn a_firm_writes_its_first_need_and_a_lab_accepts() {
    let firm = Browser::open(&world().base);
    sign_in(&firm, "demo-enterprise");
    assert_eq!(firm.address(), "/needs", "where a firm begins");
    firm.follow("写一条新的需求");
    firm.fill("#title", "卧式加工中心热变形导致孔位偏差");
    firm.fill(
        "#body",
        "机床连续加工四小时后主轴热伸长，孔位偏差达到0.03mm。希望建立主轴热误差模型并在数控系统里实时补偿，\
         孔位偏差不超过0.01mm，现有机床上就能加装。",
    );
    firm.wait_for("最先想到的实验室");
    firm.wait_for(LAB);
    firm.fill("#budget", "60万元");
    firm.click("button[value=publish]");
    let need = firm.address();
    firm.follow(LAB);
    assert!(firm.text().contains("逐点对照"), "{}", firm.text());
    firm.fill("#lead-note", "希望本月见面");
    firm.click("form[action='/leads'] button");
    let lead = firm.address();
    assert!(lead.starts_with("/leads/"), "{lead}");

    let lab = Browser::open(&world().base);
    sign_in(&lab, "demo-institution");
    lab.go(&need);
    assert!(
        lab.text_of("main").contains("主轴热误差模型"),
        "a party of the lead reads the need: {}",
        lab.text()
    );
    lab.go(&lead);
    lab.click("form:has(input[value='accept-institution']) button");

    firm.go(&lead);
    let page = firm.text_of("main");
    assert!(page.contains("高校院所") && page.contains("已接受"), "a lab has accepted: {page}");
    firm.follow("显示联系方式");
    assert_eq!(firm.count("#contacts dd"), 2, "{}", firm.text());
}

/// A commissioner's day: what is new, why, on paper for the meeting, a lead, a visit, the report.
#[test]
fn a_commissioners_day() {
    const TITLE: &str = "精密磨床主轴温升影响尺寸一致性";
    let browser = Browser::open(&world().base);
    signed_in(&browser, "demo-enterprise");
    browser.go("/needs/new");
    browser.fill("#title", TITLE);
    browser.fill(
        "#body",
        "磨床主轴升温后尺寸漂移，希望监测主轴温度并补偿热误差，八小时内尺寸漂移不超过5微米。",
    );
    browser.click("button[value=publish]");
    let need = browser.address();

    sign_in(&browser, "demo-commissioner");
    assert_eq!(browser.address(), "/desk", "where a commissioner begins");
    browser.go("/desk?all=1");
    browser.refresh_until(TITLE);
    browser.follow(TITLE);
    assert_eq!(browser.address(), need);
    browser.follow(LAB);
    browser.follow("对接简报");
    assert!(browser.print("brief-of-the-day") <= 2, "a brief is two pages");
    browser.follow("回到匹配");
    browser.fill("#lead-note", "园区走访时企业提出");
    browser.click("form[action='/leads'] button");
    let lead = browser.address();
    browser.click("#step-screened button[type=submit]");
    browser.choose("#activity #kind", "visit");
    browser.fill("#activity #text", "到企业看了磨床，记录了温升曲线");
    browser.click("#activity button[type=submit]");
    assert!(browser.text_of(".log").contains("温升曲线"), "{}", browser.text());
    browser.go("/leads?mine=1&state=screened");
    assert!(browser.text_of("main").contains(TITLE), "{}", browser.text());
    browser.go("/report?of=me&period=year");
    let report = browser.text_of("main");
    assert!(report.contains("专员（示例）"), "{report}");
    browser.go(&lead);
    assert!(browser.text_of("[aria-current=step]").contains("初筛"), "{}", browser.text());
}
