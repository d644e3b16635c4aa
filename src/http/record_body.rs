//! The body of a new or changed record: import columns, checked more strictly than in files.

use serde_json::{Map, Value};

use super::error::Problem;
use super::extract::{Object, found};
use crate::intake::column_names;
use crate::model::{Fen, Kind};

/// The body as the import reads it. Here only the sorts of the values are checked, more strictly
/// than in files: a number is no text and a list is no text either.
pub(super) fn import_object(kind: Kind, body: &str) -> Result<Map<String, Value>, Problem> {
    const FEN: &str = "budget_fen";
    let columns: Vec<(&str, bool)> = column_names(kind).collect();
    let mut known: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    if kind == Kind::Need {
        known.push(FEN);
    }
    let mut given = Object::parse(body, &known)?;
    let mut object = Map::new();
    for (name, is_list) in columns {
        let Some(value) = given.take(name) else { continue };
        check_sort(name, is_list, &value)?;
        object.insert(name.to_owned(), value);
    }
    if let Some(value) = given.take(FEN) {
        let amount = value.as_i64().and_then(Fen::new).ok_or_else(|| {
            Problem::invalid(FEN, &found(&value), "以分为单位的非负整数，不超过一万亿元")
        })?;
        let budget = Value::String(format!("{}分", amount.get()));
        if object.insert("budget".to_owned(), budget).is_some() {
            return Err(Problem::invalid(FEN, "与 budget 同时给出", "两者只给一个"));
        }
    }
    Ok(object)
}

fn check_sort(name: &str, is_list: bool, value: &Value) -> Result<(), Problem> {
    let refuse = |found: &str, expected: &str| Err(Problem::invalid(name, found, expected));
    match (name, value) {
        ("maturity" | "maturity_wanted", Value::String(_)) => Ok(()),
        ("maturity" | "maturity_wanted", Value::Number(level)) if level.is_u64() => Ok(()),
        ("maturity" | "maturity_wanted", _) => refuse(&found(value), "1 到 9 的整数"),
        // 80 may be meant as 80万元 or as 80元.
        ("budget", Value::String(text)) if text.trim_end().ends_with(|c: char| c.is_numeric()) => {
            refuse("没有写单位", "带单位的金额，如 80万元、500000元；或改用 budget_fen")
        }
        (_, Value::Array(items)) if is_list => match items.iter().find(|item| !item.is_string()) {
            None => Ok(()),
            Some(item) => refuse(&format!("列表里有一项{}", found(item)), "由字符串组成的列表"),
        },
        (_, _) if is_list => refuse(&found(value), "由字符串组成的列表"),
        (_, Value::String(_)) => Ok(()),
        ("budget", _) => refuse(&found(value), "带单位的金额，如 \"80万元\"；或改用 budget_fen"),
        (_, _) => refuse(&found(value), "字符串"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(kind: Kind, body: &str) -> Option<String> {
        import_object(kind, body).err().and_then(|problem| problem.view().field)
    }

    #[test]
    fn values_of_the_wrong_sort_are_told_by_their_key() {
        let need = |body| code(Kind::Need, body);
        assert_eq!(need(r#"{"title": "a", "budget": "80万元", "maturity_wanted": 6}"#), None);
        assert_eq!(need(r#"{"title": "a", "budget": 80}"#).as_deref(), Some("budget"));
        assert_eq!(need(r#"{"title": "a", "budget": "80"}"#).as_deref(), Some("budget"));
        assert_eq!(need(r#"{"title": "a", "budget_fen": 1.5}"#).as_deref(), Some("budget_fen"));
        assert_eq!(need(r#"{"title": 5}"#).as_deref(), Some("title"));
        assert_eq!(need(r#"{"areas": "氢能"}"#).as_deref(), Some("areas"));
        assert_eq!(need(r#"{"areas": ["氢能", 1]}"#).as_deref(), Some("areas"));
        assert_eq!(need(r#"{"标题": "a"}"#).as_deref(), Some("标题"));
        let both = r#"{"budget": "1元", "budget_fen": 100}"#;
        assert_eq!(need(both).as_deref(), Some("budget_fen"));
    }

    #[test]
    fn line_ends_in_the_body_do_not_end_the_row() {
        let object =
            import_object(Kind::Lab, "{\n\"name\":\r\n\"实验室\", \"profile\": \"a\\nb\"}");
        assert_eq!(Value::Object(object.unwrap()).to_string().lines().count(), 1);
    }
}
