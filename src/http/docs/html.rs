//! A page that is being written: whatever is not this program's own markup is escaped.

use serde_json::Value;

/// HTML so far.
pub(super) struct Page(String);

impl Page {
    pub fn new() -> Self {
        Self(String::new())
    }

    /// Markup, as it is.
    pub fn raw(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text, for content and quoted attributes.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                other => self.0.push(other),
            }
        }
        self
    }

    /// An element with text; without a class if that is empty, nothing at all without text.
    pub fn element(&mut self, name: &'static str, class: &'static str, text: &str) -> &mut Self {
        if text.is_empty() {
            return self;
        }
        self.raw("<").raw(name);
        if !class.is_empty() {
            self.raw(" class=\"").raw(class).raw("\"");
        }
        self.raw(">").text(text).raw("</").raw(name).raw(">")
    }

    /// The beginning of a table.
    pub fn table(&mut self, header: &[&str]) -> &mut Self {
        self.raw("<table><tr>");
        for cell in header {
            self.raw("<th>").text(cell).raw("</th>");
        }
        self.raw("</tr>\n")
    }

    /// A row of texts.
    pub fn row(&mut self, cells: &[&str]) -> &mut Self {
        self.raw("<tr>");
        for cell in cells {
            self.raw("<td>").text(cell).raw("</td>");
        }
        self.raw("</tr>\n")
    }

    /// An example as it is sent.
    pub fn example(&mut self, value: &Value) -> &mut Self {
        let shown = match value {
            Value::String(text) => text.clone(),
            // A value always becomes JSON.
            other => serde_json::to_string_pretty(other).unwrap_or_default(),
        };
        self.element("pre", "", &shown)
    }

    /// The whole.
    pub fn done(&mut self) -> String {
        std::mem::take(&mut self.0)
    }
}

/// A text of the document; empty if there is none.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_texts() {
        let shown = Page::new().element("p", "", "<a href=\"x\">'&'</a>").done();
        assert_eq!(shown, "<p>&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;</p>");
    }
}
