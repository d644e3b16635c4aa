//! A plan from its order to its publication, with its reasons and its forks.

use std::sync::OnceLock;

use serde_json::{Value, json};

use super::browser::Browser;
use super::looks::look_at;
use super::world::{World, signed_in, world};

/// Where a draft is that no test changes, ordered once through the page.
fn draft() -> &'static str {
    static DRAFT: OnceLock<String> = OnceLock::new();
    DRAFT.get_or_init(|| {
        let browser = Browser::without_scripts(&world().base);
        signed_in(&browser, "demo-office");
        ordered(&browser, "南京“百校对接计划”2019年12月至2022年11月分四批派驻的草案")
    })
}

/// Orders the built-in case and waits for its plan, without scripts: the page asks for itself.
fn ordered(browser: &Browser, name: &str) -> String {
    browser.go("/plans");
    browser.fill("#name", name);
    browser.follow("编制计划");
    made(browser)
}

/// Waits for the plan of a job; where it is.
fn made(browser: &Browser) -> String {
    // Measuring is slow in a build without optimization: as long as there is progress, wait.
    for _ in 0..120 {
        let address = browser.address();
        if !address.starts_with("/plans/jobs/") {
            browser.wait_for("各区去向");
            return address;
        }
        std::thread::sleep(std::time::Duration::from_millis(500));
    }
    panic!("no plan: {}", browser.text());
}

#[test]
fn the_office_orders_a_plan_reads_it_and_asks_why_without_scripts() {
    let plan = draft();
    let browser = Browser::without_scripts(&world().base);
    signed_in(&browser, "demo-office");
    browser.go("/plans");
    browser.follow("分四批派驻的草案");
    let summary = browser.text_of("section[aria-labelledby=summary-heading]");
    assert!(summary.contains("派出 100 名专员") && summary.contains("已派满"), "{summary}");
    assert!(summary.contains("所没有覆盖"), "a hundred cannot cover them all: {summary}");
    assert_eq!(browser.count(".matrix li"), 100);
    assert_eq!(browser.count(".postings tbody tr"), 100);
    let by_city = browser.texts_of(".cities td:last-child");
    let sum: usize = by_city.iter().map(|count| count.parse::<usize>().expect("a number")).sum();
    assert_eq!(sum, 100, "every posting is in a city");

    browser.choose("#batch", "1");
    browser.choose("#class", "985");
    browser.follow("筛选");
    let few = browser.count(".postings tbody tr");
    assert!(browser.text_of("#postings").contains(&format!("{few} / 100 个派驻符合")));
    assert!(browser.texts_of(".postings h3").is_empty() && few < 26, "{few}");

    browser.click(".matrix li a");
    assert!(browser.address().starts_with(&format!("{plan}/postings/")), "{}", browser.address());
    let page = browser.text_of("main");
    assert!(page.contains("匹配度") && page.contains("备选") && page.contains("H3"), "{page}");
    browser.follow("试算");
    assert!(browser.text_of("#answer").contains("假设 1"), "{}", browser.text());
}

#[test]
fn forks_stand_side_by_side_and_what_is_impossible_says_why() {
    let plan = draft();
    let browser = Browser::without_scripts(&world().base);
    signed_in(&browser, "demo-office");
    browser.go(&format!("{plan}/what-if"));
    browser.fill("#c1", "c-001");
    browser.follow("试算");
    assert!(browser.text_of("[role=alert]").contains("同时填写"), "{}", browser.text());
    assert_eq!(browser.value("#c1"), "c-001", "nothing that was written is lost");
    browser.fill("#i1", "东南大学");
    browser.fill("#r2", "c-002");
    // Members of its 科技镇长团 were in Nanjing, so it cannot be in the first batch.
    browser.fill("#c3", "c-003");
    browser.fill("#i3", "南京大学");
    browser.choose("#b3", "1");
    browser.choose("#k3", "commissioners_max");
    browser.fill("#v3", "90");
    browser.follow("试算");
    let heads = browser.texts_of("#answer thead th");
    assert_eq!(heads, ["指标", "原计划", "假设 1", "假设 2", "假设 3"]);
    assert_eq!(browser.count(".forks form"), 2, "of what is impossible no draft can be made");
    let page = browser.text_of("main");
    assert!(page.contains("没有可行的计划") && page.contains("代价最小的放宽办法"), "{page}");
    assert!(
        page.contains("专员 c-002 离开") && page.contains("派出专员的人数上限改为 90"),
        "{page}"
    );
    browser.click("section[aria-labelledby=fork-2] form button");
    made(&browser);
    assert_eq!(browser.count(".postings tbody tr"), 99, "one has left");
    assert!(browser.text_of("h1").contains("草案"), "{}", browser.text_of("h1"));
}

#[test]
fn by_keyboard_alone_an_order_becomes_a_published_plan() {
    let browser = Browser::open(&world().base);
    signed_in(&browser, "demo-office");
    browser.go("/plans");
    browser.tab_to("#name");
    browser.type_text("发布一份");
    browser.tab_to("form[action='/plans'] button");
    browser.enter();
    made(&browser);
    browser.tab_to("a[href$='/publish']");
    browser.enter();
    browser.wait_for("不能再改");
    look_at(&browser, "plan-publish");
    browser.tab_to("main form button");
    browser.enter();
    browser.wait_for("各区去向");
    assert!(browser.text_of("h1").contains("已发布"), "{}", browser.text_of("h1"));
    let address = browser.address();
    browser.go(&format!("{address}/publish"));
    assert!(browser.text().contains("不需要再发布"), "{}", browser.text());

    signed_in(&browser, "demo-commissioner");
    browser.go(&address);
    assert!(
        browser.text_of("main").contains("派驻名单") && browser.count("a[href$='what-if']") == 0
    );
    browser.go(&format!("{address}/what-if"));
    assert!(browser.text().contains("只有主管部门可以试算"), "{}", browser.text());
}

#[test]
fn an_impossible_case_says_what_collides_and_the_cheapest_way_out() {
    let World { base, password, .. } = world();
    let post = |path: &str, token: &str, body: &Value| {
        let mut request =
            ureq::post(format!("{base}{path}")).header("content-type", "application/json");
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let text = request.send(body.to_string()).expect("taken").body_mut().read_to_string();
        serde_json::from_str::<Value>(&text.expect("text")).expect("JSON")
    };
    let session =
        post("/api/v1/sessions", "", &json!({"login": "demo-office", "password": password}));
    let token = session["token"].as_str().expect("a token");
    let case = json!({
        "name": "只有一个名额", "start": "2020-01",
        "batches": [{"id": "1", "name": "第一批", "start": "2020-01-01", "end": "2020-12-31", "places": 1}],
        "commissioners": [{"id": "甲", "district": "江宁区"}, {"id": "乙", "district": "江宁区"}],
        "institutions": [
            {"id": "东南大学", "classes": ["985"], "city": "南京", "sent": "no", "disciplines": ["电子科学与技术"]},
            {"id": "南京大学", "classes": ["985"], "city": "南京", "sent": "no", "disciplines": ["化学"]},
        ],
        "required": ["东南大学", "南京大学"],
    });
    let job = post("/api/v1/plans", token, &json!({"case": case}));
    let address = format!("/plans/jobs/{}", job["id"].as_str().expect("an id"));
    let browser = Browser::open(base);
    signed_in(&browser, "demo-office");
    browser.go(&address);
    browser.wait_for("没有可行的计划");
    browser.wait_for("代价最小的放宽办法");
    browser.go(&address);
    look_at(&browser, "plan-impossible");
}

#[test]
fn the_pages_of_plans_look_right() {
    let plan = draft();
    let browser = Browser::open(&world().base);
    signed_in(&browser, "demo-enterprise");
    browser.go("/plans");
    assert!(browser.text_of(".empty").contains("没有可以查看的计划"), "{}", browser.text());
    look_at(&browser, "plans-none");
    signed_in(&browser, "demo-office");
    browser.go("/plans");
    look_at(&browser, "plans");
    browser.go(plan);
    look_at(&browser, "plan");
    browser.view("readme-plan");
    browser.go(&format!("{plan}/postings/c-010"));
    look_at(&browser, "plan-posting");
    browser.go(&format!("{plan}/what-if"));
    look_at(&browser, "plan-what-if");
    browser.fill("#c1", "c-001");
    browser.fill("#i1", "东南大学");
    browser.fill("#r2", "c-010");
    browser.fill("#c3", "c-003");
    browser.fill("#i3", "南京大学");
    browser.choose("#b3", "1");
    browser.follow("试算");
    browser.wait_for("并列比较");
    look_at(&browser, "plan-forks");
}
