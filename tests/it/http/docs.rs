use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::support::TestApp;

/// Every tag of a page, in order: its name, whether it closes, and all of it.
fn tags(page: &str) -> Vec<(&str, bool, &str)> {
    let mut tags = Vec::new();
    for piece in page.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').unwrap_or_else(|| panic!("open tag: {piece}"));
        let name = tag.trim_start_matches('/').split([' ', '>']).next().unwrap();
        tags.push((name, tag.starts_with('/'), tag));
    }
    tags
}

#[test]
fn the_page_has_every_operation_with_its_examples_and_problems() {
    let app = TestApp::local();
    let page = app.get("/docs");
    assert_eq!((page.status, page.content_type.as_str()), (200, "text/html; charset=utf-8"));
    let document = app.get("/openapi.json").good();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            let (_, section) = page.body.split_once(&format!("<h3 id=\"{id}\">")).expect(id);
            let section = section.split("<h3").next().unwrap();
            let method = method.to_uppercase();
            assert!(
                section.starts_with(&format!("<span class=\"method\">{method}</span>")),
                "{id}"
            );
            assert!(section.contains(&format!("<code>{path}</code>")), "{id}");
            assert_eq!(
                operation.get("requestBody").is_some(),
                section.contains("<h4>请求体</h4>"),
                "{id}"
            );
            assert_eq!(
                operation.get("parameters").is_some(),
                section.contains("<h4>参数</h4>"),
                "{id}"
            );
            assert!(section.contains("<td>internal</td>"), "{id}");
            // What is answered with nothing has nothing to show.
            let shows = operation["responses"].get("204").is_none();
            assert_eq!(section.contains("<pre>"), shows, "{id}");
        }
    }
    for limit in document["info"]["x-limits"].as_array().unwrap() {
        let (name, value) = (limit["name"].as_str().unwrap(), limit["value"].to_string());
        assert!(page.body.contains(&format!("<td>{name}</td><td>{value}")), "{limit}");
        let description = document["info"]["description"].as_str().unwrap();
        assert!(description.contains(&format!("{name} {value}")), "{limit}");
    }
}

#[test]
fn the_page_loads_nothing_and_every_link_stays_on_it() {
    let app = TestApp::local();
    let page = app.get("/docs");
    for loaded in ["src=", "url(", "@import", "<script", "<link", "<img", "style=", "onclick"] {
        assert!(!page.body.contains(loaded), "{loaded}");
    }
    let mut targets = 0;
    for target in page.body.split("href=\"").skip(1) {
        let target = target.split('"').next().unwrap();
        let id = target.strip_prefix('#').unwrap_or_else(|| panic!("{target} leads elsewhere"));
        assert_eq!(page.body.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
        targets += 1;
    }
    assert!(targets > 25, "{targets}");
    let style = page.body.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
    let digest = BASE64_STANDARD.encode(Sha256::digest(style));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(policy.contains(&format!("style-src 'sha256-{digest}';")), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[test]
fn the_page_is_well_nested() {
    let page = TestApp::local().get("/docs").body;
    assert!(page.starts_with("<!DOCTYPE html>"));
    let mut open: Vec<&str> = Vec::new();
    for (name, closes, tag) in tags(&page) {
        match name {
            "!DOCTYPE" | "meta" => {}
            _ if closes => assert_eq!(open.pop(), Some(name), "{tag} after {open:?}"),
            // Paragraphs and headings hold words only.
            "p" | "h2" | "h3" | "h4" | "table" | "ul" | "pre" | "section" => {
                let outer = open.last().copied().unwrap_or_default();
                assert!(["body", "main", "nav", "section"].contains(&outer), "{tag} in {outer}");
                open.push(name);
            }
            _ => open.push(name),
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}
