//! Leads: from a match to a contract, two who change one at the same time, and the board.

use super::browser::Browser;
use super::looks::look_at;
use super::world::{signed_in, world};

/// The match of the demo's firm and institution.
const MATCH: &str = "/needs/sample:need-07/labs/sample:lab-013";

/// Makes a lead of the need of the demo's firm and the lab in that place; each test its own.
/// Returns its address.
fn lead_with(browser: &Browser, place: usize) -> String {
    browser.go("/needs/sample:need-07");
    browser.click(&format!(".coverage tbody tr:nth-child({place}) th a"));
    browser.click("form[action='/leads'] button");
    browser.address()
}

/// The number of a lead by its address.
fn id_of(lead: &str) -> &str {
    lead.strip_prefix("/leads/").unwrap_or_else(|| panic!("{lead} is no lead"))
}

fn take(browser: &Browser, state: &str) {
    browser.click(&format!("#step-{state} button[type=submit]"));
}

#[test]
fn without_scripts_a_match_becomes_a_contract_that_both_sides_want() {
    let browser = Browser::without_scripts(&world().base);
    signed_in(&browser, "demo-commissioner");
    browser.go(MATCH);
    browser.fill("#lead-note", "收件箱第一条");
    browser.click("form[action='/leads'] button");
    let lead = browser.address();
    assert!(browser.text_of("main").contains("收件箱第一条"), "{}", browser.text());
    // The same again leads to the one that is there.
    browser.go(MATCH);
    browser.click("form[action='/leads'] button");
    assert_eq!(browser.address(), lead);
    take(&browser, "screened");
    browser.fill("#step-contacted-due", "");
    take(&browser, "contacted");
    assert!(browser.text_of("#step-visited").contains("还缺企业、高校院所接受"));
    // Each side for itself; how to reach each other is told only then.
    for (login, form) in
        [("demo-enterprise", "accept-enterprise"), ("demo-institution", "accept-institution")]
    {
        signed_in(&browser, login);
        browser.go(&lead);
        let page = browser.text_of("main");
        assert!(page.contains("双方都接受以后") && page.contains("等您方表态"), "{page}");
        // What those in charge write to each other, and who they are, is theirs.
        assert!(!page.contains("收件箱第一条") && !page.contains("专员（示例）"), "{page}");
        browser.click(&format!("form:has(input[value='{form}']) button"));
    }
    browser.follow("显示联系方式");
    assert_eq!(browser.count("#contacts dd"), 2, "{}", browser.text());
    signed_in(&browser, "demo-commissioner");
    browser.go(&lead);
    take(&browser, "visited");
    browser.touch_named("记一次活动");
    browser.touch_named("记一次活动");
    browser.fill("#place", "实验室");
    browser.fill("#text", "看了台架，约定下月送样");
    browser.choose("#kind", "visit");
    browser.click("#activity button[type=submit]");
    assert!(browser.text_of(".log").contains("约定下月送样"), "{}", browser.text());
    take(&browser, "proposed");
    browser.follow("合作开发");
    browser.fill("#amount", "80");
    for field in ["milestones", "rights_split", "costs"] {
        browser.fill(&format!("#term-{field}"), "按附件");
    }
    take(&browser, "signed");
    let refused = browser.text_of("[role=alert]");
    assert!(refused.contains("没有写单位"), "{refused}");
    assert_eq!(browser.value("#term-costs"), "按附件", "nothing that was written is lost");
    browser.fill("#amount", "80万元");
    take(&browser, "signed");
    let page = browser.text_of("main");
    assert!(page.contains("合同") && page.contains("80万元"), "{page}");
    assert!(browser.text_of("[aria-current=step]").contains("签约"));
    // The report says it, with what it is out of.
    browser.go("/report?period=year");
    let report = browser.text_of("main");
    assert!(report.contains("80万元") && report.contains("1 份签约"), "{report}");
}

#[test]
fn a_match_that_does_not_fit_is_not_shown_again() {
    let browser = Browser::without_scripts(&world().base);
    signed_in(&browser, "demo-office");
    browser.go("/needs/sample:need-07");
    browser.click(".coverage tbody tr:nth-child(5) th a");
    let lab = browser.text_of("h1");
    browser.fill("#reason", "方向不同");
    browser.click("form[action='/dismissals'] button");
    assert!(browser.address().starts_with("/needs/"), "{}", browser.address());
    assert!(!browser.texts_of(".coverage th a").contains(&lab), "{lab} is still there");
    // Nor is it lost.
    browser.go("/dismissals");
    assert!(browser.text_of("tbody").contains("方向不同"), "{}", browser.text());
    browser.follow("恢复推荐");
    assert!(browser.text_of(".empty").contains("没有不再推荐的匹配"), "{}", browser.text());
    browser.go("/needs/sample:need-07");
    assert!(browser.texts_of(".coverage th a").contains(&lab), "{lab} does not come back");
}

#[test]
fn of_two_changes_the_second_is_told_so_and_keeps_its_words() {
    let (first, second) = (Browser::open(&world().base), Browser::open(&world().base));
    signed_in(&first, "demo-commissioner");
    let lead = lead_with(&first, 2);
    signed_in(&second, "demo-office");
    second.go(&lead);
    second.fill("#step-screened-note", "我也看过了");
    take(&first, "screened");
    take(&second, "screened");
    assert!(second.text_of("[role=alert]").contains("刚被别人更改"), "{}", second.text());
    assert!(second.text_of("[role=alert]").contains("我也看过了"), "{}", second.text());
    assert!(second.text_of("[aria-current=step]").contains("初筛"), "{}", second.text());
    assert!(second.text_of("main").contains("没有执行"), "{}", second.text());
    second.picture("lead-conflict");
    // Where the form is still there, the words are in it.
    second.go(&lead);
    second.touch_named("关闭这条线索");
    second.fill("#step-closed-reason", "企业已自行解决");
    first.go(&lead);
    take(&first, "contacted");
    take(&second, "closed");
    assert_eq!(second.value("#step-closed-reason"), "企业已自行解决");
    take(&second, "closed");
    assert!(second.text_of("main").contains("已关闭：企业已自行解决"), "{}", second.text());
}

#[test]
fn cards_move_by_keyboard_by_pointer_and_by_dragging() {
    let browser = Browser::open(&world().base);
    signed_in(&browser, "demo-commissioner");
    let lead = lead_with(&browser, 3);
    let id = id_of(&lead);
    let card = |state: &str| format!(".lane[data-state={state}] #lead-{id}");
    browser.go("/leads");
    browser.tab_to(&format!("#to-{id}"));
    browser.tab_to(&format!("#lead-{id} button"));
    browser.enter();
    assert_eq!(browser.count(&card("screened")), 1, "{}", browser.text());
    browser.choose(&format!("#to-{id}"), "contacted");
    browser.click(&format!("#lead-{id} button"));
    assert_eq!(browser.count(&card("contacted")), 1, "{}", browser.text());
    // What asks for more leads to where it can be given.
    browser.run(&format!(
        "const data = new DataTransfer(); \
         const send = (target, type) => target.dispatchEvent(new DragEvent(type, \
             {{bubbles: true, cancelable: true, dataTransfer: data}})); \
         const lane = document.querySelector('.lane[data-state=screened]'); \
         send(document.getElementById('lead-{id}'), 'dragstart'); \
         send(lane, 'dragover'); send(lane, 'drop');"
    ));
    browser.wait_for("退回到“初筛”");
    assert!(browser.address().starts_with(&format!("{lead}?to=screened")), "{}", browser.address());
    browser.tab_to("#step-screened-note");
    browser.type_text("过早接洽");
    browser.enter();
    assert!(browser.text_of("[aria-current=step]").contains("初筛"), "{}", browser.text());
}

#[test]
fn the_pages_of_leads_look_right() {
    let browser = Browser::open(&world().base);
    signed_in(&browser, "demo-commissioner");
    let lead = lead_with(&browser, 4);
    take(&browser, "screened");
    browser.fill("#due_on", "05062026");
    browser.click("form[action$='/plan'] button");
    look_at(&browser, "lead");
    browser.go(&format!("{lead}?contacts=1"));
    assert_eq!(browser.count("#contacts"), 1);
    for side in ["enterprise", "institution"] {
        browser.fill(&format!("#accept-{side}-note"), "11月20日 电话确认");
        browser.click(&format!("form:has(input[value='accept-{side}']) button"));
    }
    for state in ["contacted", "visited", "proposed"] {
        take(&browser, state);
    }
    browser.go(&format!("{lead}?mode=patent_licence"));
    look_at(&browser, "lead-signing");
    browser.go("/report?period=year");
    look_at(&browser, "report-with-leads");
    browser.go(&lead);
    browser.fill("#due_on", "05062026");
    browser.click("form[action$='/plan'] button");
    browser.go("/leads");
    look_at(&browser, "leads");
    browser.go("/leads?state=proposed");
    look_at(&browser, "leads-list");
    browser.go("/leads?state=landed&overdue=1");
    look_at(&browser, "leads-none");
    browser.go("/dismissals");
    look_at(&browser, "dismissals");
    signed_in(&browser, "demo-enterprise");
    browser.go(&lead);
    look_at(&browser, "lead-of-firm");
    browser.go("/leads");
    look_at(&browser, "leads-of-firm");
}
