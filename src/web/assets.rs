//! Style and scripts, under names that change with their content, so that browsers keep them.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::HeaderName;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use sha2::{Digest, Sha256};

use crate::http::{Problem, ProblemCode};

/// Hexadecimal digits of the digest in a name.
const DIGEST_CHARS: usize = 12;
/// A name never means anything else.
const FOREVER: &str = "public, max-age=31536000, immutable";

struct Asset {
    /// `style-0123456789ab.css`
    name: String,
    content_type: &'static str,
    text: &'static str,
}

impl Asset {
    fn new(stem: &str, extension: &str, content_type: &'static str, text: &'static str) -> Self {
        let digest = format!("{:x}", Sha256::digest(text));
        let name = format!("{stem}-{}.{extension}", &digest[..DIGEST_CHARS]);
        Self { name, content_type, text }
    }
}

static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let text = include_str!("../../pages/assets/style.css");
    Asset::new("style", "css", "text/css; charset=utf-8", text)
});
static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let text = include_str!("../../pages/assets/work.js");
    Asset::new("work", "js", "text/javascript; charset=utf-8", text)
});
static ICON: LazyLock<Asset> = LazyLock::new(|| {
    let text = include_str!("../../pages/assets/icon.svg");
    Asset::new("icon", "svg", "image/svg+xml", text)
});

/// Where the style is.
pub(super) fn style() -> String {
    format!("/assets/{}", STYLE.name)
}

/// Where the script is.
pub(super) fn script() -> String {
    format!("/assets/{}", SCRIPT.name)
}

/// Where the picture is by which a browser's tab is known.
pub(super) fn icon() -> String {
    format!("/assets/{}", ICON.name)
}

/// One of them by its name.
pub(super) async fn asset(
    Path(name): Path<String>,
) -> Result<([(HeaderName, &'static str); 2], &'static str), Problem> {
    let found = [&*STYLE, &*SCRIPT, &*ICON].into_iter().find(|asset| asset.name == name);
    let asset = found
        .ok_or_else(|| Problem::new(ProblemCode::NoSuchRoute, "页面样式已更新，请刷新页面"))?;
    Ok(([(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, FOREVER)], asset.text))
}
