//! A JSON object whose keys are known beforehand.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde_json::error::Category;
use serde_json::{Map, Value};

use crate::http::error::{Problem, ProblemCode};
use crate::intake::Pairs;
use crate::model::Refusal;

/// An object whose keys are taken out one by one.
#[derive(Debug)]
pub(in crate::http) struct Object {
    /// What stands before a key in a problem's `field`.
    prefix: String,
    pairs: Map<String, Value>,
}

impl Object {
    /// Reads an object that has no keys but `known`, each once.
    pub fn parse(text: &str, known: &[&str]) -> Result<Self, Problem> {
        let Pairs(list) = serde_json::from_str(text).map_err(|error| not_json(text, &error))?;
        let mut pairs = Map::new();
        for (key, value) in list {
            if pairs.contains_key(&key) {
                return Err(Problem::invalid(&key, "写了两次", "每个键只写一次"));
            }
            pairs.insert(key, value);
        }
        Self { prefix: String::new(), pairs }.only(known)
    }

    fn only(self, known: &[&str]) -> Result<Self, Problem> {
        match self.pairs.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(self),
            Some(key) => {
                let field = format!("{}{key}", self.prefix);
                let known = known.join("、");
                let detail = format!("没有“{field}”这个字段；可用：{known}");
                Err(Problem::new(ProblemCode::UnknownField, detail).field(field))
            }
        }
    }

    /// The value of a key; null counts as absent.
    pub fn take(&mut self, key: &str) -> Option<Value> {
        self.pairs.remove(key).filter(|value| !value.is_null())
    }

    /// Whether a key is there, be it with null.
    pub fn names(&self, key: &str) -> bool {
        self.pairs.contains_key(key)
    }

    /// True or false.
    pub fn flag(&mut self, key: &str) -> Result<Option<bool>, Problem> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(other) => Err(self.wrong(key, &other, "true 或 false")),
        }
    }

    /// A value that stands as a text: a date, a name of a list.
    pub fn parsed<T: FromStr<Err = Refusal>>(&mut self, key: &str) -> Result<Option<T>, Problem> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        let told = |refusal: Refusal| {
            let field = format!("{}{key}", self.prefix);
            Problem::invalid(&field, &refusal.reason, &refusal.expected)
        };
        text.parse().map(Some).map_err(told)
    }

    /// The value of a key that has to be there.
    pub fn given<T>(&self, key: &str, value: Option<T>, expected: &str) -> Result<T, Problem> {
        let field = format!("{}{key}", self.prefix);
        value.ok_or_else(|| Problem::invalid(&field, "没有给出", expected))
    }

    /// A text.
    pub fn text(&mut self, key: &str) -> Result<Option<String>, Problem> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong(key, &other, "字符串")),
        }
    }

    /// A list of texts.
    pub fn texts(&mut self, key: &str) -> Result<Option<Vec<String>>, Problem> {
        const EXPECTED: &str = "字符串的列表";
        let list = match self.take(key) {
            None => return Ok(None),
            Some(Value::Array(list)) => list,
            Some(other) => return Err(self.wrong(key, &other, EXPECTED)),
        };
        let text = |value| match value {
            Value::String(text) => Ok(text),
            other => Err(self.wrong(key, &other, EXPECTED)),
        };
        list.into_iter().map(text).collect::<Result<_, _>>().map(Some)
    }

    /// True or false.
    pub fn boolean(&mut self, key: &str) -> Result<Option<bool>, Problem> {
        let Some(value) = self.take(key) else { return Ok(None) };
        value.as_bool().map(Some).ok_or_else(|| self.wrong(key, &value, "true 或 false"))
    }

    /// A whole number, not negative.
    pub fn number(&mut self, key: &str) -> Result<Option<usize>, Problem> {
        let Some(value) = self.take(key) else { return Ok(None) };
        let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
        number.map(Some).ok_or_else(|| self.wrong(key, &value, "正整数"))
    }

    /// An object that has no keys but `known`.
    pub fn object(
        &mut self,
        key: &'static str,
        prefix: &'static str,
        known: &[&str],
    ) -> Result<Option<Self>, Problem> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Object(pairs)) => {
                Self { prefix: prefix.to_owned(), pairs }.only(known).map(Some)
            }
            Some(other) => Err(self.wrong(key, &other, "对象")),
        }
    }

    /// A number.
    pub fn decimal(&mut self, key: &str) -> Result<Option<f64>, Problem> {
        let Some(value) = self.take(key) else { return Ok(None) };
        value.as_f64().map(Some).ok_or_else(|| self.wrong(key, &value, "数"))
    }

    /// An object whose values are numbers, by its keys.
    pub fn decimals(&mut self, key: &str) -> Result<BTreeMap<String, f64>, Problem> {
        let pairs = match self.take(key) {
            None => return Ok(BTreeMap::new()),
            Some(Value::Object(pairs)) => pairs,
            Some(other) => return Err(self.wrong(key, &other, "对象")),
        };
        let decimal = |(name, value): (String, Value)| match value.as_f64() {
            Some(number) => Ok((name, number)),
            None => Err(self.wrong(&format!("{key}.{name}"), &value, "数")),
        };
        pairs.into_iter().map(decimal).collect()
    }

    /// An object whose values are texts, by its keys.
    pub fn texts_by_name(&mut self, key: &str) -> Result<BTreeMap<String, String>, Problem> {
        let pairs = match self.take(key) {
            None => return Ok(BTreeMap::new()),
            Some(Value::Object(pairs)) => pairs,
            Some(other) => return Err(self.wrong(key, &other, "对象")),
        };
        let text = |(name, value): (String, Value)| match value {
            Value::String(text) => Ok((name, text)),
            other => Err(self.wrong(&format!("{key}.{name}"), &other, "字符串")),
        };
        pairs.into_iter().map(text).collect()
    }

    /// A list of objects that have no keys but `known`.
    pub fn objects(
        &mut self,
        key: &'static str,
        prefix: &'static str,
        known: &[&str],
    ) -> Result<Option<Vec<Self>>, Problem> {
        let list = match self.take(key) {
            None => return Ok(None),
            Some(Value::Array(list)) => list,
            Some(other) => return Err(self.wrong(key, &other, "对象的列表")),
        };
        let object = |value| match value {
            Value::Object(pairs) => Self { prefix: prefix.to_owned(), pairs }.only(known),
            other => Err(self.wrong(key, &other, "对象的列表")),
        };
        list.into_iter().map(object).collect::<Result<_, _>>().map(Some)
    }

    /// An object that has no keys but `known`, named after where it stands.
    pub fn inner(&mut self, key: &str, known: &[&str]) -> Result<Option<Self>, Problem> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Object(pairs)) => {
                Self { prefix: format!("{}{key}.", self.prefix), pairs }.only(known).map(Some)
            }
            Some(other) => Err(self.wrong(key, &other, "对象")),
        }
    }

    /// The objects of a list, each named after its place in it, with no keys but `known`; none if
    /// there is no list.
    pub fn rows(&mut self, key: &str, known: &[&str]) -> Result<Vec<Self>, Problem> {
        let list = match self.take(key) {
            None => return Ok(Vec::new()),
            Some(Value::Array(list)) => list,
            Some(other) => return Err(self.wrong(key, &other, "对象的列表")),
        };
        let row = |(idx, value)| {
            let place = format!("{key}[{idx}]");
            match value {
                Value::Object(pairs) => {
                    Self { prefix: format!("{}{place}.", self.prefix), pairs }.only(known)
                }
                other => Err(self.wrong(&place, &other, "对象")),
            }
        };
        list.into_iter().enumerate().map(row).collect()
    }

    /// A text that has to be there.
    pub fn required(&mut self, key: &str, expected: &str) -> Result<String, Problem> {
        let text = self.text(key)?;
        self.given(key, text, expected)
    }

    /// A whole number.
    pub fn integer(&mut self, key: &str) -> Result<Option<i64>, Problem> {
        let Some(value) = self.take(key) else { return Ok(None) };
        value.as_i64().map(Some).ok_or_else(|| self.wrong(key, &value, "整数"))
    }

    /// A whole number, not negative, of things there are not too many of.
    pub fn count(&mut self, key: &str) -> Result<Option<u32>, Problem> {
        const EXPECTED: &str = "0 以上的整数，至多 2147483647";
        let Some(value) = self.take(key) else { return Ok(None) };
        let number = value.as_i64().and_then(|number| i32::try_from(number).ok());
        let number = number.and_then(|number| u32::try_from(number).ok());
        number.map(Some).ok_or_else(|| self.wrong(key, &value, EXPECTED))
    }

    /// An object whose values are whole numbers, by its keys.
    pub fn integers(&mut self, key: &str) -> Result<Vec<(String, i64)>, Problem> {
        let pairs = match self.take(key) {
            None => return Ok(Vec::new()),
            Some(Value::Object(pairs)) => pairs,
            Some(other) => return Err(self.wrong(key, &other, "对象")),
        };
        let integer = |(name, value): (String, Value)| match value.as_i64() {
            Some(number) => Ok((name, number)),
            None => Err(self.wrong(&format!("{key}.{name}"), &value, "整数")),
        };
        pairs.into_iter().map(integer).collect()
    }

    /// A value of a key that cannot be used: what was found, what would be right.
    pub fn invalid(&self, key: &str, found: &str, expected: &str) -> Problem {
        Problem::invalid(&format!("{}{key}", self.prefix), found, expected)
    }

    fn wrong(&self, key: &str, value: &Value, expected: &str) -> Problem {
        Problem::invalid(&format!("{}{key}", self.prefix), &found(value), expected)
    }
}

/// What sort of value was found, for a problem's detail.
pub(in crate::http) fn found(value: &Value) -> String {
    match value {
        Value::Null => "是空值 null".to_owned(),
        Value::Bool(_) => "是真假值".to_owned(),
        Value::Number(number) => format!("是数字 {number}"),
        Value::String(_) => "是字符串".to_owned(),
        Value::Array(_) => "是列表".to_owned(),
        Value::Object(_) => "是对象".to_owned(),
    }
}

fn not_json(text: &str, error: &serde_json::Error) -> Problem {
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    let before = line.as_bytes().get(..error.column().saturating_sub(1)).unwrap_or_default();
    // Bytes that continue a character do not begin one.
    let character = before.iter().filter(|byte| **byte & 0xC0 != 0x80).count() + 1;
    let place = format!("第 {} 行第 {character} 个字符处", error.line());
    let detail = match error.classify() {
        Category::Eof => format!("{place} JSON 中断，缺少引号或括号"),
        Category::Data => "请求体应为 JSON 对象，如 {\"text\": \"…\"}".to_owned(),
        Category::Syntax | Category::Io => {
            format!("{place}不合 JSON 语法（或数字过大、嵌套过深）")
        }
    };
    Problem::new(ProblemCode::BadJson, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(text: &str) -> String {
        Object::parse(text, &["text"]).unwrap_err().view().detail
    }

    #[test]
    fn bad_json_is_told_with_its_place_in_characters() {
        assert_eq!(
            detail("{\n \"text\": \"膜\" x}"),
            "第 2 行第 14 个字符处不合 JSON 语法（或数字过大、嵌套过深）"
        );
        assert!(detail("{\"text\": \"膜").contains("中断"));
        assert!(detail("[1]").contains("JSON 对象"));
        assert!(detail("{\"text\": 1, \"text\": 2}").contains("写了两次"));
        assert!(detail("{\"txet\": 1}").contains("可用：text"));
        assert!(detail(&"[".repeat(5_000)).contains("JSON"));
    }
}
