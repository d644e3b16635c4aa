//! Shapes of JSON: each its own table of fields, linked where it is used.

use serde_json::Value;

use super::html::{Page, text};

/// What stands before the name of a shape where it is used.
const PREFIX: &str = "#/components/schemas/";

/// All shapes.
pub(super) fn write_all(page: &mut Page, schemas: &Value) {
    page.raw("<section><h2>字段</h2>\n");
    for (name, schema) in schemas.as_object().into_iter().flatten() {
        page.raw("<h3 id=\"schema-").text(name).raw("\">").element("code", "", name);
        page.raw("</h3>\n").element("p", "", text(&schema["description"]));
        let mut fields = Vec::new();
        let mut others = Vec::new();
        collect(schema, &mut fields, &mut others);
        for other in others {
            page.raw("<p>另含 ");
            write_type(page, other);
            page.raw(" 的全部字段</p>\n");
        }
        if fields.is_empty() {
            page.raw("<p>");
            write_type(page, schema);
            page.raw("</p>\n");
            continue;
        }
        page.table(&["字段", "类型", "必填", "说明"]);
        for Field { name, schema, required } in fields {
            page.raw("<tr><td>").element("code", "", name).raw("</td><td>");
            write_type(page, schema);
            page.raw("</td><td>").raw(if required { "是" } else { "" }).raw("</td><td>");
            page.text(description(schema)).raw("</td></tr>\n");
        }
        page.raw("</table>\n");
    }
    page.raw("</section>\n");
}

struct Field<'a> {
    name: &'a str,
    schema: &'a Value,
    required: bool,
}

/// The fields of a shape, and the shapes that it has all fields of.
fn collect<'a>(schema: &'a Value, fields: &mut Vec<Field<'a>>, others: &mut Vec<&'a Value>) {
    let required = schema["required"].as_array();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let required = required.is_some_and(|names| names.iter().any(|n| n == name));
        fields.push(Field { name, schema: field, required });
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        match part.get("$ref") {
            Some(_) => others.push(part),
            None => collect(part, fields, others),
        }
    }
}

/// What is said of a field, in its place or in that of its only choice.
fn description(schema: &Value) -> &str {
    let own = schema.get("description").or_else(|| schema["oneOf"][0].get("description"));
    own.map_or("", text)
}

/// The type of a value, with links to shapes.
pub(super) fn write_type(page: &mut Page, schema: &Value) {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix(PREFIX)) {
        page.raw("<a href=\"#schema-").text(name).raw("\">").text(name).raw("</a>");
        return;
    }
    for choices in ["oneOf", "anyOf", "allOf"] {
        if let Some(choices) = schema[choices].as_array() {
            for (idx, choice) in choices.iter().enumerate() {
                page.raw(if idx > 0 { " | " } else { "" });
                write_type(page, choice);
            }
            return;
        }
    }
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<String> = values.iter().map(Value::to_string).collect();
        page.text(&values.join(" | "));
        return;
    }
    let names = match &schema["type"] {
        Value::Array(names) => names.iter().map(text).collect(),
        Value::String(name) => vec![name.as_str()],
        _ => vec!["any"],
    };
    for (idx, name) in names.into_iter().enumerate() {
        page.raw(if idx > 0 { " | " } else { "" }).text(name);
        let inner = match name {
            "array" => schema.get("items"),
            "object" => schema.get("additionalProperties").filter(|inner| inner.is_object()),
            _ => None,
        };
        if let Some(inner) = inner {
            page.raw("&lt;");
            write_type(page, inner);
            page.raw("&gt;");
        }
    }
}
