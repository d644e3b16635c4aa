//! Signing in and out, and what a page does to the browser.

use super::browser::Browser;
use super::looks::look_at;
use super::world::world;

#[test]
fn whoever_signs_in_is_led_back_to_where_they_wanted_to_go() {
    let world = world();
    let browser = Browser::without_scripts(&world.base);
    browser.go("/account");
    assert!(browser.text().contains("请先登录"), "{}", browser.text());
    browser.fill("#login", "demo-commissioner");
    browser.fill("#password", "wrong password");
    browser.click("main button[type=submit]");
    assert!(browser.text_of("[role=alert]").contains("用户名或密码"), "{}", browser.text());
    browser.fill("#password", &world.password);
    browser.click("main button[type=submit]");
    assert_eq!(browser.address(), "/account");
    browser.follow("退出");
    assert!(browser.address().starts_with("/sign-in"), "{}", browser.address());
    browser.go("/account");
    assert!(browser.text().contains("请先登录"), "signed out");
}

#[test]
fn by_keyboard_alone() {
    let world = world();
    let browser = Browser::open(&world.base);
    browser.go("/sign-in");
    browser.tab_to("#login");
    browser.type_text("demo-enterprise");
    browser.tab_to("#password");
    browser.type_text(&world.password);
    browser.enter();
    browser.wait_for("企业用户（示例）");
}

#[test]
fn the_pages_of_signing_in_look_right() {
    let world = world();
    let browser = Browser::open(&world.base);
    browser.go("/sign-in");
    look_at(&browser, "sign-in");
    browser.choose("#switch-login", "demo-office");
    browser.follow("换身份");
    browser.wait_for("市主管部门（示例）");
    browser.go("/account");
    look_at(&browser, "account");
}
