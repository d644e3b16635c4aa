//! An operation: what it takes, what it gives, what may go wrong.

use serde_json::Value;

use super::html::{Page, text};
use super::schema;

/// The media type of problems.
const PROBLEM: &str = "application/problem+json";

/// A method of an address.
pub(super) struct Operation<'a> {
    pub path: &'a str,
    pub method: String,
    /// Its name, also of its place on the page.
    pub id: &'a str,
    described: &'a Value,
}

impl<'a> Operation<'a> {
    pub fn new(path: &'a str, method: &str, described: &'a Value) -> Self {
        let id = text(&described["operationId"]);
        Self { path, method: method.to_uppercase(), id, described }
    }

    pub fn write(&self, page: &mut Page) {
        page.raw("<h3 id=\"").text(self.id).raw("\">");
        page.element("span", "method", &self.method).raw(" ").element("code", "", self.path);
        page.raw("</h3>\n");
        page.element("p", "", text(&self.described["summary"]));
        page.element("p", "", text(&self.described["description"]));
        self.parameters(page);
        self.body(page);
        let (problems, answers): (Vec<_>, Vec<_>) = self.described["responses"]
            .as_object()
            .into_iter()
            .flatten()
            .partition(|(_, answer)| answer["content"].get(PROBLEM).is_some());
        for (status, answer) in answers {
            page.raw("<h4>应答 ").text(status).raw("</h4>\n");
            page.element("p", "", text(&answer["description"]));
            contents(page, &answer["content"]);
        }
        page.raw("<h4>错误</h4>").table(&["状态", "code", "含义"]);
        for (status, answer) in problems {
            let examples = answer["content"][PROBLEM]["examples"].as_object();
            for (code, example) in examples.into_iter().flatten() {
                page.row(&[status, code, text(&example["value"]["title"])]);
            }
        }
        page.raw("</table>\n");
    }

    fn parameters(&self, page: &mut Page) {
        let Some(parameters) = self.described["parameters"].as_array() else { return };
        page.raw("<h4>参数</h4>").table(&["名称", "位置", "类型", "必填", "说明", "示例"]);
        for parameter in parameters {
            let required = parameter["required"] == true;
            let example = match &parameter["example"] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            page.raw("<tr>");
            for cell in ["name", "in"] {
                page.raw("<td>").text(text(&parameter[cell])).raw("</td>");
            }
            page.raw("<td>");
            schema::write_type(page, &parameter["schema"]);
            page.raw("</td>");
            let description = text(&parameter["description"]);
            for cell in [if required { "是" } else { "" }, description, &example] {
                page.raw("<td>").text(cell).raw("</td>");
            }
            page.raw("</tr>\n");
        }
        page.raw("</table>\n");
    }

    fn body(&self, page: &mut Page) {
        let Some(body) = self.described.get("requestBody") else { return };
        page.raw("<h4>请求体</h4>\n").element("p", "", text(&body["description"]));
        contents(page, &body["content"]);
    }
}

/// Each media type with its shape and its example.
fn contents(page: &mut Page, contents: &Value) {
    for (media_type, content) in contents.as_object().into_iter().flatten() {
        page.raw("<p>").element("code", "", media_type).raw("　");
        schema::write_type(page, &content["schema"]);
        page.raw("</p>\n");
        if let Some(example) = content.get("example") {
            page.example(example);
        }
        for (name, example) in content["examples"].as_object().into_iter().flatten() {
            page.element("p", "quiet", name).example(&example["value"]);
        }
    }
}
