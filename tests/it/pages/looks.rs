//! What holds for every page, whatever it is for.

use serde_json::json;

use super::browser::{Browser, DESK, PHONE, in_folder};

/// The heaviest a page may be, its style and scripts included, in bytes.
const BYTES_MAX: f64 = 150_000.0;

/// Takes pictures of the page that the browser is at, keeps its HTML for the validator
/// (`tests/run`), and holds it against what every page has to be: no violation of accessibility,
/// no complaint of the browser, nothing from elsewhere, nothing to be scrolled sideways, not heavy.
pub fn look_at(browser: &Browser, name: &str) {
    let html = browser.source();
    std::fs::write(in_folder("pages", &format!("{name}.html")), &html).expect("written");
    for (size, suffix) in [(DESK, ""), (PHONE, "-phone")] {
        browser.resize(size);
        browser.picture(&format!("{name}{suffix}"));
        let width = browser.run("return document.documentElement.scrollWidth;");
        assert!(
            width.as_u64() <= Some(u64::from(size.0)),
            "{name} is {width} wide on {} pixels: {}",
            size.0,
            browser.run(WIDEST)
        );
        assert_eq!(violations(browser), Vec::<String>::new(), "{name}{suffix}");
    }
    browser.resize(DESK);
    browser.print(name);
    let weight = browser.run(WEIGHT);
    let weight = weight.as_f64().expect("a number") + html.len() as f64;
    assert!(weight <= BYTES_MAX, "{name} weighs {weight} bytes");
    let elsewhere = browser.run(ELSEWHERE);
    assert_eq!(elsewhere, json!([]), "{name} asks other hosts");
    // That the page itself is one of a problem is what the test asked for.
    let own = format!(
        "{}{} - Failed to load resource: the server responded",
        browser.base,
        browser.address()
    );
    let mut complaints = browser.complaints();
    complaints.retain(|line| !line.starts_with(&own));
    assert_eq!(complaints, Vec::<String>::new(), "{name}");
}

/// The elements that stick out on the right.
const WIDEST: &str = "const w = document.documentElement.clientWidth; \
    return [...document.querySelectorAll('body *')] \
    .filter(e => e.getBoundingClientRect().right > w + 1 && e.getClientRects().length) \
    .slice(0, 5).map(e => e.tagName + '.' + e.className + '#' + e.id).join(' ');";
/// Bytes of style and scripts as they are without compression; the page itself, which was asked
/// for once more to be looked at, is not among them.
const WEIGHT: &str = "return performance.getEntriesByType('resource') \
    .filter(entry => entry.name !== location.href.split('#')[0]) \
    .reduce((sum, entry) => sum + entry.decodedBodySize, 0);";
const ELSEWHERE: &str = "return performance.getEntriesByType('resource').map(e => e.name) \
    .filter(name => new URL(name).origin !== location.origin && !name.startsWith('data:'));";

/// What axe finds: rule, help and the elements.
fn violations(browser: &Browser) -> Vec<String> {
    let source =
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pages/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(source)
        .expect("axe-core, which tests/run installs: (cd tests/pages && npm ci)");
    let found = browser.run_async(&format!(
        "{axe};\nconst done = arguments[arguments.length - 1];\naxe.run(document)\
         .then(r => done(r.violations), e => done([{{id: String(e), nodes: []}}]));"
    ));
    let told = found.as_array().expect("a list").iter().map(|violation| {
        let nodes = violation["nodes"].as_array().map(Vec::as_slice).unwrap_or_default();
        let nodes: Vec<_> = nodes
            .iter()
            .map(|node| format!("{}: {}", node["target"], node["failureSummary"]))
            .collect();
        format!("{}: {} {}", violation["id"], violation["help"], nodes.join(" | "))
    });
    told.collect()
}
