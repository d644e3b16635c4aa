//! A file, from sending it to its bad rows.

use super::browser::{Browser, in_folder};
use super::looks::look_at;
use super::world::{signed_in, world};

/// Three achievements, two of them with a cell that cannot be taken.
const FILE: &str = "成果汇总表（示例）\n成果编号,成果名称,摘要,日期,技术成熟度\n\
    imp-1,低温锂电池电解液,在-40℃下保持80%容量,2024-05,6\n\
    imp-2,,没有名称的一行,2024-05,6\n\
    imp-3,轴承在线监测,可提前30天预警,二〇二四年,12\n";

fn file(name: &str) -> String {
    let path = in_folder("tmp", name);
    std::fs::write(&path, FILE).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_file_is_looked_at_then_taken_over_and_bad_rows_are_shown_where_they_stand() {
    let browser = Browser::without_scripts(&world().base);
    signed_in(&browser, "demo-admin");
    browser.go("/import");
    browser.attach("#file", &file("achievements.csv"));
    browser.follow("先看看");
    browser.refresh_until("导入之后会是这样");
    let page = browser.text_of("main");
    assert!(page.contains("3 行"), "{page}");
    assert_eq!(browser.count(".wrong-cell"), 3, "{page}");
    assert_eq!(browser.texts_of(".sheet tbody th"), ["4", "5"], "rows as a spreadsheet counts");
    browser.follow("导入没有问题的行");
    browser.refresh_until("结果");
    assert!(browser.text_of("main .facts").contains("新建\n1"), "{}", browser.text());
}

#[test]
fn by_keyboard_alone_with_progress_as_it_moves() {
    let browser = Browser::open(&world().base);
    signed_in(&browser, "demo-office");
    browser.go("/import");
    browser.attach("#file", &file("keyboard.csv"));
    browser.tab_to("#source");
    browser.tab_to("main button[type=submit]");
    browser.enter();
    browser.wait_for("导入之后会是这样");
    look_at(&browser, "import-looked-at");
}

#[test]
fn what_is_no_file_is_told_and_what_was_chosen_stays() {
    let browser = Browser::without_scripts(&world().base);
    signed_in(&browser, "demo-admin");
    browser.go("/import");
    browser.choose("#kind", "lab");
    let path = in_folder("tmp", "nonsense.csv");
    std::fs::write(&path, "没有表头\n").expect("written");
    browser.attach("#file", path.to_str().expect("UTF-8"));
    browser.follow("先看看");
    browser.refresh_until("换一个文件");
    assert!(browser.text_of("[role=alert]").contains("表头"), "{}", browser.text());
}

#[test]
fn the_pages_of_imports_look_right() {
    let browser = Browser::open(&world().base);
    signed_in(&browser, "demo-admin");
    browser.go("/import");
    look_at(&browser, "import");
}
