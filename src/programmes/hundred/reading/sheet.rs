//! A table of a case: bytes → rows with known columns. What the cells mean is left to others.

use std::collections::HashMap;
use std::str::FromStr;

use crate::intake;
use crate::model::CivilDate;
use crate::programmes::fault::{Fault, Faults, offered};

/// Longest cell, in Unicode scalar values.
pub const CELL_CHARS_MAX: usize = 2_000;
/// How much of a cell a fault repeats, in Unicode scalar values.
const REPEATED_CHARS_MAX: usize = 40;

/// A column: its name, what its header may be besides, and whether it has to be there.
pub(super) struct Column {
    pub name: &'static str,
    pub headers: &'static [&'static str],
    pub required: bool,
}

/// A table, its header understood.
pub(super) struct Sheet {
    file: String,
    /// By column name: which cell, and the header as it is written.
    columns: HashMap<&'static str, (usize, String)>,
    rows: Vec<(u32, Vec<String>)>,
}

impl Sheet {
    /// Reads a table of `rows_max` rows at most; `rows` is what they are, in Chinese.
    pub fn read(
        file: &str,
        bytes: &[u8],
        columns: &'static [Column],
        (rows_max, what): (usize, &str),
        faults: &mut Faults,
    ) -> Option<Self> {
        let whole = |found: String, expected: &str| Fault {
            file: file.to_owned(),
            line: 0,
            field: String::new(),
            found,
            expected: expected.to_owned(),
        };
        let text = match text(bytes, intake::FILE_BYTES_MAX) {
            Ok(text) => text,
            Err(found) => {
                faults.add(whole(found, "请另存为 UTF-8 或 GBK 编码的 csv"));
                return None;
            }
        };
        let mut sheet = Self { file: file.to_owned(), columns: HashMap::new(), rows: Vec::new() };
        let mut header_cells = None;
        let first = text.lines().find(|line| !line.starts_with('#')).unwrap_or_default();
        let delimiter = if first.contains('\t') { b'\t' } else { b',' };
        let mut reader = ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .comment(Some(b'#'))
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        for record in reader.records() {
            let Ok(record) = record else {
                faults.add(whole("有一行无法读出".to_owned(), "请检查引号与编码"));
                return None;
            };
            let line = record.position().map_or(0, |at| u32::try_from(at.line()).unwrap_or(0));
            let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
            if cells.iter().all(String::is_empty) {
                continue;
            }
            let Some(width) = header_cells else {
                header_cells = Some(cells.len());
                sheet.take_header(line, &cells, columns, faults)?;
                continue;
            };
            if sheet.rows.len() == rows_max {
                let found = format!("{what}超过 {rows_max} 行");
                faults.add(whole(found, &format!("一个案例最多 {rows_max} 行，请拆分")));
                return None;
            }
            sheet.take_row(line, cells, width, faults);
        }
        if header_cells.is_none() {
            let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
            faults.add(whole(
                "没有表头".to_owned(),
                &format!("第一行应为列名：{}", names.join("、")),
            ));
            return None;
        }
        Some(sheet)
    }

    fn take_header(
        &mut self,
        line: u32,
        cells: &[String],
        columns: &'static [Column],
        faults: &mut Faults,
    ) -> Option<()> {
        let before = faults.total();
        let fault = |field: &str, found: String, expected: String| Fault {
            file: self.file.clone(),
            line,
            field: field.to_owned(),
            found,
            expected,
        };
        if cells.len() > intake::COLUMNS_MAX {
            let found = format!("表头有 {} 列", cells.len());
            faults.add(fault("", found, format!("最多 {} 列", intake::COLUMNS_MAX)));
            return None;
        }
        let mut known = HashMap::new();
        for (idx, cell) in cells.iter().enumerate() {
            let meant = |column: &&Column| {
                column.name.eq_ignore_ascii_case(cell) || column.headers.contains(&cell.as_str())
            };
            let Some(column) = columns.iter().find(meant) else {
                let names = columns
                    .iter()
                    .flat_map(|c| c.headers.first().copied().into_iter().chain([c.name]));
                let found = format!("没有{}这一列", quoted(cell));
                faults.add(fault("", found, offered(cell, names)));
                continue;
            };
            if known.insert(column.name, (idx, cell.clone())).is_some() {
                let found = format!("与前面的列同为 {}", column.name);
                faults.add(fault(cell, found, "请删去其中一列".to_owned()));
            }
        }
        for column in columns.iter().filter(|column| column.required) {
            if !known.contains_key(column.name) {
                let header = column.headers.first().unwrap_or(&column.name);
                faults.add(fault(header, "缺少这一列".to_owned(), "这一列必须有".to_owned()));
            }
        }
        self.columns = known;
        (faults.total() == before).then_some(())
    }

    fn take_row(&mut self, line: u32, cells: Vec<String>, width: usize, faults: &mut Faults) {
        let fault = |found: String, expected: &str| Fault {
            file: self.file.clone(),
            line,
            field: String::new(),
            found,
            expected: expected.to_owned(),
        };
        // A quotation mark without its partner swallows the lines behind it.
        let swallowed = |cell: &String| cell.contains(['\n', '\r']);
        if cells.iter().any(swallowed) {
            faults.add(fault("单元格里有换行".to_owned(), "每行一条；可能是英文双引号没有成对"));
        } else if cells.len() != width {
            let found = format!("有 {} 格，表头有 {width} 列", cells.len());
            faults.add(fault(found, "格数应与表头相同；内容里有逗号的要加英文双引号"));
        } else if cells.iter().any(|cell| cell.chars().count() > CELL_CHARS_MAX) {
            let expected = format!("每格不超过 {CELL_CHARS_MAX} 字");
            faults.add(fault("有一格过长".to_owned(), &expected));
        } else {
            self.rows.push((line, cells));
        }
    }

    /// The rows without faults of form.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, cells)| Row { sheet: self, line: *line, cells })
    }
}

/// The text of a file of so many bytes at most, in whatever encoding it is.
pub(super) fn text(bytes: &[u8], bytes_max: usize) -> Result<String, String> {
    if bytes.len() > bytes_max {
        return Err(format!("文件有 {} 字节，超过上限 {bytes_max} 字节", bytes.len()));
    }
    let decoded = intake::decode(bytes, None).map_err(|error| error.to_string())?;
    Ok(decoded.text.into_owned())
}

/// One row.
pub(super) struct Row<'s> {
    sheet: &'s Sheet,
    /// From 1.
    pub line: u32,
    cells: &'s [String],
}

impl Row<'_> {
    /// The cell of a column, empty if there is no such column.
    pub fn cell(&self, column: &str) -> &str {
        let at = self.sheet.columns.get(column);
        at.and_then(|(idx, _)| self.cells.get(*idx)).map_or("", String::as_str)
    }

    /// A fault in that column, named as its header is written.
    pub fn fault(
        &self,
        column: &str,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> Fault {
        let header = self.sheet.columns.get(column).map_or(column, |(_, header)| header.as_str());
        Fault {
            file: self.sheet.file.clone(),
            line: self.line,
            field: header.to_owned(),
            found: found.into(),
            expected: expected.into(),
        }
    }

    /// A text that has to be there.
    pub fn text(&self, column: &str, faults: &mut Faults) -> Option<String> {
        let cell = self.cell(column);
        if cell.is_empty() {
            faults.add(self.fault(column, "没有填写", "这一格必须填"));
            return None;
        }
        Some(cell.to_owned())
    }

    /// A whole number from 0 on; none if the cell is empty.
    pub fn number(&self, column: &str, faults: &mut Faults) -> Option<u32> {
        self.parsed(column, "不是 0 以上的整数", "如 0、3、12", faults)
    }

    /// A date that has to be there.
    pub fn date(&self, column: &str, faults: &mut Faults) -> Option<CivilDate> {
        self.text(column, faults)?;
        self.parsed(column, "不是日期", "如 2019、2019-12、2019-12-31", faults)
    }

    fn parsed<T: FromStr>(
        &self,
        column: &str,
        wrong: &str,
        expected: &str,
        faults: &mut Faults,
    ) -> Option<T> {
        let cell = self.cell(column);
        if cell.is_empty() {
            return None;
        }
        let parsed = cell.parse().ok();
        if parsed.is_none() {
            faults.add(self.fault(column, format!("{}{wrong}", quoted(cell)), expected));
        }
        parsed
    }

    /// The entries of a cell that lists several, separated by one of `separators`.
    pub fn list(&self, column: &str, separators: &[char]) -> Vec<String> {
        let entries = self.cell(column).split(separators).map(str::trim);
        entries.filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
    }

    /// What a word stands for; the first name of each choice is offered to whoever has none of them.
    pub fn choice<T: Copy>(
        &self,
        column: &str,
        word: &str,
        choices: &[(T, &[&str])],
        faults: &mut Faults,
    ) -> Option<T> {
        let named = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(word));
        let found = choices.iter().find(|(_, names)| named(names)).map(|(choice, _)| *choice);
        if found.is_none() {
            let names: Vec<&str> =
                choices.iter().filter_map(|(_, names)| names.first().copied()).collect();
            let expected = format!("应为 {} 之一", names.join("、"));
            faults.add(self.fault(column, format!("不认识{}", quoted(word)), expected));
        }
        found
    }

    /// Takes note that `name` is none of the `known` ones.
    pub fn unknown<'a>(
        &self,
        column: &str,
        (what, name): (&str, &str),
        known: impl IntoIterator<Item = &'a str> + Clone,
        faults: &mut Faults,
    ) {
        // Looking for near names takes a while, and this fault may not be told any more.
        let near =
            if faults.full() { Vec::new() } else { crate::programmes::near_names(name, known) };
        let expected = match near.is_empty() {
            true => format!("请填已有的{what}"),
            false => format!("相近的有：{}", near.join("、")),
        };
        faults.add(self.fault(column, format!("没有{what}{}", quoted(name)), expected));
    }
}

/// The beginning of a cell in quotation marks.
fn quoted(cell: &str) -> String {
    match cell.char_indices().nth(REPEATED_CHARS_MAX) {
        Some((end, _)) => format!("“{}…”", &cell[..end]),
        None => format!("“{cell}”"),
    }
}
