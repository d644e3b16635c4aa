//! A TOML file taken apart field by field, so that every fault is told with its line, its path and
//! what would be right. What the fields mean is left to those who ask for them.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Faults, offered};
use crate::model::CivilDate;

/// A file that has been parsed.
pub(super) struct Document<'t> {
    file: &'t str,
    text: &'t str,
    root: Spanned<DeTable<'t>>,
}

impl<'t> Document<'t> {
    /// Parses `text`; what is no TOML is a fault.
    pub fn parse(file: &'t str, text: &'t str, faults: &mut Faults) -> Option<Self> {
        match DeTable::parse(text) {
            Ok(root) => Some(Self { file, text, root }),
            Err(error) => {
                faults.add(Fault {
                    file: file.to_owned(),
                    line: error.span().map_or(1, |span| line_of(text, span.start)),
                    field: String::new(),
                    found: format!("不是合法的 TOML（{}）", error.message()),
                    expected: "请按“键 = 值”书写，每个键只写一次".to_owned(),
                });
                None
            }
        }
    }

    /// The fields at its top.
    pub fn fields(&self) -> Fields<'_> {
        let table = self.root.get_ref();
        Fields { document: self, table, path: String::new(), line: 1, asked: Vec::new() }
    }
}

/// Line of a byte, from 1.
fn line_of(text: &str, offset: usize) -> u32 {
    let before = text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count();
    u32::try_from(before + 1).unwrap_or(u32::MAX)
}

/// One table of a file. Fields are asked for by key; [`Fields::finish`] tells those that nobody
/// has asked for.
pub(super) struct Fields<'d> {
    document: &'d Document<'d>,
    table: &'d DeTable<'d>,
    path: String,
    line: u32,
    asked: Vec<&'static str>,
}

impl<'d> Fields<'d> {
    /// A fault of the field `key`, at its line if it is there, else at the table's; of the table
    /// itself, if `key` is empty.
    pub fn fault(&self, key: &str, found: impl Into<String>, expected: impl Into<String>) -> Fault {
        let place = self.table.iter().find(|(name, _)| name.get_ref() == key);
        let line = place.map_or(self.line, |(name, _)| self.line_at(name.span().start));
        Fault {
            file: self.document.file.to_owned(),
            line,
            field: self.path_of(key),
            found: found.into(),
            expected: expected.into(),
        }
    }

    fn line_at(&self, offset: usize) -> u32 {
        line_of(self.document.text, offset)
    }

    fn path_of(&self, key: &str) -> String {
        match (self.path.as_str(), key) {
            ("", key) => key.to_owned(),
            (path, "") => path.to_owned(),
            (path, key) => format!("{path}.{key}"),
        }
    }

    fn value(&mut self, key: &'static str) -> Option<&'d DeValue<'d>> {
        self.asked.push(key);
        self.table.get(key).map(Spanned::get_ref)
    }

    /// A value of a kind that `read` takes; another one is a fault.
    fn typed<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        faults: &mut Faults,
        read: impl FnOnce(&'d DeValue<'d>) -> Option<T>,
    ) -> Option<T> {
        let value = self.value(key)?;
        let read = read(value);
        if read.is_none() {
            let found = format!("不能是这样的{}", kind_of(value));
            faults.add(self.fault(key, found, expected));
        }
        read
    }

    /// A text that may be left out, but not be blank.
    pub fn optional_text(&mut self, key: &'static str, faults: &mut Faults) -> Option<String> {
        self.typed(key, "应为不空的文字，写在双引号里", faults, |value| {
            value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        })
    }

    /// A text that has to be there.
    pub fn text(&mut self, key: &'static str, faults: &mut Faults) -> Option<String> {
        self.required(key, faults);
        self.optional_text(key, faults)
    }

    /// A whole number that has to be there.
    pub fn integer(&mut self, key: &'static str, faults: &mut Faults) -> Option<i64> {
        self.required(key, faults);
        self.typed(key, "应为整数，不加引号和小数点", faults, integer)
    }

    /// Yes or no; no if it is left out.
    pub fn flag(&mut self, key: &'static str, faults: &mut Faults) -> bool {
        self.typed(key, "应为 true 或 false", faults, DeValue::as_bool).unwrap_or(false)
    }

    /// One of the names of a list, as what it stands for.
    pub fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        faults: &mut Faults,
    ) -> Option<T> {
        let given = self.text(key, faults)?;
        let found = choices.iter().find(|(name, _)| *name == given).map(|(_, choice)| *choice);
        if found.is_none() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let expected = format!("应为 {} 之一", names.join("、"));
            faults.add(self.fault(key, format!("不认识“{given}”"), expected));
        }
        found
    }

    /// A civil date that may be left out.
    pub fn optional_date(&mut self, key: &'static str, faults: &mut Faults) -> Option<CivilDate> {
        let given = self.optional_text(key, faults)?;
        given.parse().map_err(|_| faults.add(self.not_a_date(key, &given))).ok()
    }

    /// A civil date that has to be there.
    pub fn date(&mut self, key: &'static str, faults: &mut Faults) -> Option<CivilDate> {
        self.required(key, faults);
        self.optional_date(key, faults)
    }

    fn not_a_date(&self, key: &str, given: &str) -> Fault {
        self.fault(key, format!("“{given}”不是日期"), "如 \"2019\"、\"2019-12\"、\"2019-12-31\"")
    }

    fn required(&self, key: &str, faults: &mut Faults) {
        if !self.table.iter().any(|(name, _)| name.get_ref() == key) {
            faults.add(self.fault(key, "没有填写", "这一项必须有"));
        }
    }

    /// The tables of an array, in their order.
    pub fn tables(&mut self, key: &'static str, faults: &mut Faults) -> Vec<Self> {
        let array = self.typed(key, &format!("应写成 [[{key}]]"), faults, |value| {
            let array = value.as_array()?;
            array.iter().all(|entry| entry.get_ref().is_table()).then_some(array)
        });
        let entries = array.into_iter().flat_map(|array| array.iter().enumerate());
        let table = |(idx, entry): (usize, &'d Spanned<DeValue<'d>>)| {
            let path = format!("{}[{}]", self.path_of(key), idx + 1);
            let table = entry.get_ref().as_table()?;
            let line = self.line_at(entry.span().start);
            Some(Self { document: self.document, table, path, line, asked: Vec::new() })
        };
        entries.filter_map(table).collect()
    }

    /// The tables below a table, by their names, in the order of the file.
    pub fn named_tables(&mut self, key: &'static str, faults: &mut Faults) -> Vec<(String, Self)> {
        let table = self.typed(key, &format!("应写成 [{key}.名称]"), faults, |value| {
            let table = value.as_table()?;
            table.iter().all(|(_, entry)| entry.get_ref().is_table()).then_some(table)
        });
        let mut entries: Vec<_> = table.into_iter().flatten().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        let below = |(name, entry): (&'d Spanned<_>, &'d Spanned<DeValue<'d>>)| {
            let name: &std::borrow::Cow<'d, str> = name.get_ref();
            let path = format!("{}.{name}", self.path_of(key));
            let table = entry.get_ref().as_table()?;
            let line = self.line_at(entry.span().start);
            let below = Self { document: self.document, table, path, line, asked: Vec::new() };
            Some((name.to_string(), below))
        };
        entries.into_iter().filter_map(below).collect()
    }

    /// The whole numbers of a table with free keys, in the order of the file, each with its line.
    pub fn integers(&mut self, key: &'static str, faults: &mut Faults) -> Vec<(String, i64, u32)> {
        let expected = "应为一组“参数 = 整数”";
        let table = self.typed(key, expected, faults, |value| {
            let table = value.as_table()?;
            table.iter().all(|(_, entry)| integer(entry.get_ref()).is_some()).then_some(table)
        });
        let mut entries: Vec<_> = table.into_iter().flatten().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        let read =
            |(name, entry): &(&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
                let line = self.line_at(name.span().start);
                Some((name.get_ref().to_string(), integer(entry.get_ref())?, line))
            };
        entries.iter().filter_map(read).collect()
    }

    /// Tells the fields that nobody has asked for.
    pub fn finish(self, faults: &mut Faults) {
        for (name, _) in self.table {
            let name = name.get_ref().as_ref();
            if !self.asked.contains(&name) {
                let expected = offered(name, self.asked.iter().copied());
                faults.add(self.fault(name, "没有这一项", expected));
            }
        }
    }
}

fn integer(value: &DeValue<'_>) -> Option<i64> {
    let digits = value.as_integer()?;
    i64::from_str_radix(digits.as_str(), digits.radix()).ok()
}

/// What a value is, in Chinese.
fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "文字",
        DeValue::Integer(_) => "整数",
        DeValue::Float(_) => "小数",
        DeValue::Boolean(_) => "真假值",
        DeValue::Datetime(_) => "日期时间",
        DeValue::Array(_) => "数组",
        DeValue::Table(_) => "表",
    }
}
