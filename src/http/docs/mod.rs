//! `/docs`: the description of the API for people, one page that loads nothing.
//!
//! It is made from the very document that programs get, so that it cannot tell anything else.

mod html;
mod operation;
mod schema;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};

use self::html::{Page, text};
use super::app::App;
use super::error::Problem;

/// The page's own look.
const STYLE: &str = include_str!("style.css");
/// What operations without a tag come under.
const NO_TAG: &str = "other";

/// This description, for people.
#[utoipa::path(
    get, path = "/docs", tag = "operations",
    responses((status = 200, description = "A page", body = String, content_type = "text/html"))
)]
pub(super) async fn docs(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Problem> {
    let page = app.described()?.page.clone();
    let style = BASE64_STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    let headers: [(HeaderName, String); 4] = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CONTENT_SECURITY_POLICY, policy),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    Ok((headers, page))
}

/// The page of an OpenAPI document.
pub(super) fn page(document: &Value) -> String {
    let info = &document["info"];
    let mut page = Page::new();
    page.raw("<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>");
    page.raw("接口说明 · ").text(text(&info["title"])).raw("</title>");
    page.raw("<meta name=\"viewport\" content=\"width=device-width\"><style>").raw(STYLE);
    page.raw("</style></head>\n<body><h1>接口说明</h1>");
    page.element("p", "", text(&info["description"]));
    limits(&mut page, &info["x-limits"]);
    let tags = by_tag(document);
    page.raw("<nav><h2>目录</h2>");
    for (tag, operations) in &tags {
        page.element("h3", "", tag).raw("<ul>");
        for operation in operations {
            page.raw("<li><a href=\"#").text(operation.id).raw("\">");
            page.element("span", "method", &operation.method).raw(" ");
            page.text(operation.path).raw("</a></li>");
        }
        page.raw("</ul>");
    }
    page.raw("</nav>\n<main>");
    for (tag, operations) in &tags {
        page.raw("<section>").element("h2", "", tag);
        for operation in operations {
            operation.write(&mut page);
        }
        page.raw("</section>\n");
    }
    schema::write_all(&mut page, &document["components"]["schemas"]);
    page.raw("</main></body></html>\n").done()
}

/// The operations by tag, in the document's order.
fn by_tag(document: &Value) -> BTreeMap<&str, Vec<operation::Operation<'_>>> {
    let mut tags: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, described) in item.as_object().into_iter().flatten() {
            let tag = described["tags"][0].as_str().unwrap_or(NO_TAG);
            let operation = operation::Operation::new(path, method, described);
            tags.entry(tag).or_default().push(operation);
        }
    }
    tags
}

/// What is let in.
fn limits(page: &mut Page, limits: &Value) {
    page.raw("<h2>上限</h2>").table(&["名称", "值", "含义", "超过时"]);
    for limit in limits.as_array().into_iter().flatten() {
        let value = format!("{} {}", limit["value"], text(&limit["unit"]));
        let told = format!("{} {}", limit["status"], text(&limit["code"]));
        page.row(&[text(&limit["name"]), value.trim(), text(&limit["meaning"]), &told]);
    }
    page.raw("</table>\n");
}
