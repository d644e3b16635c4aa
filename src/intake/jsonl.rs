//! Lines of JSON objects → rows of named cells. Keys are read like headers.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value as Json;
use serde_json::error::Category;

use super::csv::{RowFault, Text};
use super::grid::is_note;
use super::headers::{self, Bound, IgnoredColumn};
use super::limits::COLUMNS_MAX;
use super::notes::{Notes, Skipped};
use super::refused::{Origin, Refused};
use super::row::{Cell, Row, Value};
use crate::model::Kind;

/// Most sets of keys that are remembered with their meaning.
const KEY_SETS_MAX: usize = 64;

/// The lines of a file.
pub(super) struct Lines<'a> {
    text: Text<'a>,
    position: usize,
    number: u32,
    kind: Kind,
    origin: Arc<Origin>,
    /// What the keys of earlier objects mean, so that like objects are mapped once.
    known: HashMap<Vec<String>, Arc<Keys>>,
    begun: bool,
}

/// What the keys of an object mean.
struct Keys {
    bound: Vec<Arc<Bound>>,
    ignored: Vec<IgnoredColumn>,
    fault: Option<RowFault>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(kind: Kind, text: Text<'a>, origin: &Arc<Origin>) -> Self {
        let origin = Arc::clone(origin);
        Self { text, position: 0, number: 0, kind, origin, known: HashMap::new(), begun: false }
    }

    /// The row of the next line that holds something, or why the line is none.
    pub(super) fn next_row(&mut self, notes: &mut Notes) -> Option<Result<Row, Vec<Refused>>> {
        let text = self.text.clone();
        loop {
            let rest = text.as_str().get(self.position..).filter(|rest| !rest.is_empty())?;
            let (line, length) = match rest.split_once('\n') {
                Some((line, _)) => (line, line.len() + 1),
                None => (rest, rest.len()),
            };
            self.position += length;
            self.number = self.number.saturating_add(1);
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            if !self.begun && is_note(line) {
                notes.skip(Skipped::note(self.number, line));
                continue;
            }
            self.begun = true;
            return Some(self.row(line, notes).map_err(|fault| {
                let (reason, expected) = (fault.reason, fault.expected);
                vec![self.origin.refused(self.number, None, line, reason, expected)]
            }));
        }
    }

    fn row(&mut self, line: &str, notes: &mut Notes) -> Result<Row, RowFault> {
        if let Some(fault) = RowFault::too_long(line.len()) {
            return Err(fault);
        }
        let Pairs(pairs) = serde_json::from_str(line).map_err(|error| not_json(line, &error))?;
        let (names, mut values): (Vec<String>, Vec<Json>) = pairs.into_iter().unzip();
        let keys = self.keys(names);
        if let Some(fault) = &keys.fault {
            return Err(fault.clone());
        }
        keys.ignored.iter().for_each(|ignored| notes.ignore(ignored.clone()));
        let mut cells = Vec::with_capacity(keys.bound.len());
        let mut misshapen = Vec::new();
        for bound in &keys.bound {
            let json = values.get_mut(bound.position).map(Json::take).unwrap_or_default();
            let value = value(bound, &json).unwrap_or_else(|(reason, expected)| {
                misshapen.push((bound.column.name, reason, expected));
                Value::Text(json.to_string())
            });
            cells.push(Cell { bound: Arc::clone(bound), value });
        }
        let mut row = Row::new(self.number, &self.origin, cells);
        for (column, reason, expected) in misshapen {
            row.refuse(column, reason, expected);
        }
        Ok(row)
    }

    fn keys(&mut self, names: Vec<String>) -> Arc<Keys> {
        if let Some(keys) = self.known.get(&names) {
            return Arc::clone(keys);
        }
        let keys = Arc::new(meaning(self.kind, &names));
        if self.known.len() < KEY_SETS_MAX {
            self.known.insert(names, Arc::clone(&keys));
        }
        keys
    }
}

/// How many lines hold something.
pub(super) fn count(text: &str) -> usize {
    text.split('\n').filter(|line| !line.trim().is_empty()).count()
}

fn meaning(kind: Kind, names: &[String]) -> Keys {
    let fault = |reason: String, expected: &str| Keys {
        bound: Vec::new(),
        ignored: Vec::new(),
        fault: Some(RowFault { reason, expected: expected.to_owned() }),
    };
    if names.len() > COLUMNS_MAX {
        let reason = format!("本行有 {} 个键，过多", names.len());
        return fault(reason, &format!("不超过 {COLUMNS_MAX} 个键"));
    }
    let repeated = (1..names.len()).find(|at| names[..*at].contains(&names[*at]));
    if let Some(at) = repeated {
        return fault(format!("键“{}”写了两次", names[at]), "每个键只写一次");
    }
    let mapping = headers::map(kind, names.iter().map(|name| (name.clone(), name.as_str())), None);
    match mapping.fault {
        Some(error) => fault(error.to_string(), "每一列只由一个键给出"),
        None if names.iter().any(|name| name.trim().is_empty()) => {
            fault("有一个键是空的".to_owned(), "每个键都有名称")
        }
        None => Keys { bound: mapping.bound, ignored: mapping.ignored, fault: None },
    }
}

/// The cell that a JSON value makes, or why it makes none.
fn value(bound: &Bound, json: &Json) -> Result<Value, (String, &'static str)> {
    let scalar = |json: &Json| match json {
        Json::Null => Some(String::new()),
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match json {
        Json::Array(items) if bound.column.list => items
            .iter()
            .map(scalar)
            .collect::<Option<Vec<_>>>()
            .map(Value::List)
            .ok_or_else(|| ("列表里有不是文字的内容".to_owned(), "由字符串组成的列表")),
        other => scalar(other).map(Value::Text).ok_or_else(|| {
            let found = match other {
                Json::Array(_) => "列表",
                Json::Bool(_) => "真假值",
                _ => "对象",
            };
            let expected = if bound.column.list {
                "字符串，或由字符串组成的列表"
            } else {
                "字符串或数字"
            };
            (format!("不能是{found}"), expected)
        }),
    }
}

/// Says in Chinese why a line is no JSON object.
fn not_json(line: &str, error: &serde_json::Error) -> RowFault {
    let before = line.as_bytes().get(..error.column().saturating_sub(1)).unwrap_or_default();
    // Bytes that continue a character do not begin one.
    let characters = before.iter().filter(|byte| **byte & 0xC0 != 0x80).count() + 1;
    let reason = match error.classify() {
        Category::Eof => "JSON 在行末中断，缺少引号或括号".to_owned(),
        Category::Data => "不是 JSON 对象".to_owned(),
        Category::Syntax | Category::Io => {
            format!("第 {characters} 个字符处不合 JSON 语法")
        }
    };
    RowFault {
        reason, expected: "每行一个 JSON 对象，如 {\"external_id\": \"…\"}".to_owned()
    }
}

/// The pairs of an object in their order, repeated keys included.
pub(crate) struct Pairs(pub(crate) Vec<(String, Json)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pairs, M::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
#[path = "jsonl_tests.rs"]
mod tests;
