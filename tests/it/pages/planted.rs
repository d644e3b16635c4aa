//! Markup and script in every text of the model: no page executes any of it, all show it as text.

use serde_json::json;

use super::browser::Browser;
use super::world::{signed_in, world};

/// Ends an attribute and an element, runs if it is taken for markup, is replaced if for a template.
pub const MARKUP: &str = r#"膜"'></textarea></title><script>window.hurt=1</script><img src=x onerror="window.hurt=1">{{7*7}}"#;

/// Records with it in every text they have, by kind and as a line of JSON. They belong to each other, and the
/// need and the firm to the park and the firm of the demo's users as far as they can.
pub fn records() -> [(duijie::model::Kind, String); 5] {
    use duijie::model::Kind;
    let names = |id: &str| json!(format!("planted:{id}"));
    [
        (Kind::Institution, json!({
            "external_id": "i", "name": format!("学校{MARKUP}"), "kind": "university", "website": "https://example.org/?<script>",
            "aliases": [format!("又名{MARKUP}")], "province": "江苏", "city": "南京",
        })),
        (Kind::Lab, json!({
            "external_id": "l", "institution_ids": [names("i")], "name": format!("实验室{MARKUP}"), "kind": "laboratory",
            "areas": [format!("领域{MARKUP}")], "profile": format!("膜电极简介{MARKUP}"), "contact": format!("联系人{MARKUP}"),
        })),
        (Kind::Achievement, json!({
            "external_id": "a", "lab_ids": [names("l")], "title": format!("成果{MARKUP}"), "kind": "patent",
            "abstract": format!("膜电极寿命8000小时{MARKUP}"), "keywords": [format!("关键词{MARKUP}")], "rights": format!("权属{MARKUP}"),
            "modes": [format!("方式{MARKUP}")],
        })),
        (Kind::Enterprise, json!({
            "external_id": "e", "name": format!("企业{MARKUP}"), "park": "江宁高新技术产业开发区", "contact": format!("经理{MARKUP}"),
            "province": "江苏", "city": "南京",
        })),
        (Kind::Need, json!({
            "external_id": "n", "enterprise_id": names("e"), "title": format!("膜电极{MARKUP}"),
            "body": format!("膜电极寿命不足，希望达到8000小时{MARKUP}"), "areas": [format!("领域{MARKUP}")], "modes": [format!("方式{MARKUP}")],
        })),
    ]
    .map(|(kind, record)| (kind, record.to_string()))
}

/// Every page that shows something of a record, and whose eyes see most of it.
const PAGES: [(&str, &[&str]); 2] = [
    (
        "demo-office",
        &[
            "/institutions/planted:i",
            "/labs/planted:l",
            "/achievements/planted:a",
            "/enterprises/planted:e",
            "/needs",
            "/needs/planted:n",
            "/needs/planted:n/edit",
            "/needs/planted:n/labs/planted:l",
            "/needs/planted:n/labs/planted:l/brief",
            "/needs/planted:n/compare?lab=planted:l&with=sample:lab-013",
            "/needs/planted:n/why-not?lab=planted:l",
            "/needs/planted:n/why-not?lab=%3Cscript%3Ewindow.hurt%3D1%3C%2Fscript%3E",
            "/search?q=%E8%86%9C%E7%94%B5%E6%9E%81",
            "/search?q=%22%3E%3Cscript%3Ewindow.hurt%3D1%3C%2Fscript%3E",
            "/search?q=x&region=%22%3E%3Cscript%3Ewindow.hurt%3D1%3C%2Fscript%3E",
            "/sign-in?next=%22%3E%3Cscript%3Ewindow.hurt%3D1%3C%2Fscript%3E",
            "/%3Cscript%3Ewindow.hurt%3D1%3C%2Fscript%3E",
        ],
    ),
    (
        "demo-institution",
        &["/needs/planted:n", "/labs/planted:l", "/search?q=%E8%86%9C%E7%94%B5%E6%9E%81"],
    ),
];

/// Whatever is in the page that we have not written.
const FOREIGN: &str = "return [window.hurt === undefined ? '' : 'script ran', \
    ...[...document.querySelectorAll('script')].filter(s => !s.src).map(s => s.outerHTML), \
    ...[...document.querySelectorAll('img, iframe, object, embed')].map(e => e.outerHTML), \
    ...[...document.querySelectorAll('*')].flatMap(e => [...e.attributes].filter(a => a.name.startsWith('on') || a.name === 'style').map(a => e.tagName + ' ' + a.name)), \
    ].filter(text => text);";

#[test]
fn nothing_that_is_written_into_a_record_runs() {
    let browser = Browser::open(&world().base);
    let mut shown = 0;
    for (login, pages) in PAGES {
        signed_in(&browser, login);
        for page in pages {
            browser.go(page);
            assert_eq!(browser.run(FOREIGN), json!([]), "{login} at {page}");
            let complaints = browser.complaints();
            let policy: Vec<_> =
                complaints.iter().filter(|c| c.contains("Content Security")).collect();
            assert!(policy.is_empty(), "{login} at {page}: {policy:?}");
            let text = browser.text() + &browser.run(FIELDS).to_string();
            shown += usize::from(text.contains("window.hurt=1"));
            assert!(!text.contains("49"), "a template ran at {page}: {text}");
        }
    }
    assert!(shown > 12, "the markup is shown as text, on {shown} pages");
}

/// What fields of forms hold.
const FIELDS: &str =
    "return [...document.querySelectorAll('input, textarea')].map(e => e.value).join(' ');";

#[test]
fn nothing_that_is_sent_to_a_form_runs() {
    let browser = Browser::open(&world().base);
    signed_in(&browser, "demo-enterprise");
    browser.go("/needs/new");
    browser.fill("#title", MARKUP);
    browser.fill("#body", &format!("膜电极寿命不足，希望达到8000小时{MARKUP}"));
    browser.wait_for("最先想到的实验室");
    assert_eq!(browser.run(FOREIGN), json!([]), "live");
    browser.follow("看看匹配");
    assert_eq!(browser.run(FOREIGN), json!([]), "in the form again");
    assert_eq!(browser.value("#title"), MARKUP);
}
