//! csv and tsv text → rows, numbered as a spreadsheet numbers them.

use std::borrow::Cow;
use std::io::Cursor;
use std::sync::Arc;

use super::limits::{LINE_BYTES_MAX, MIB};

/// The delimiters that are sniffed, the likeliest first.
pub(super) const DELIMITERS: [char; 3] = [',', '\t', ';'];

/// A file's text, shared by the readers that run over it.
#[derive(Debug, Clone)]
pub(super) struct Text<'a>(pub(super) Arc<Cow<'a, str>>);

impl Text<'_> {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The bytes of a text from `start` on.
struct Tail<'a> {
    text: Text<'a>,
    start: usize,
}

impl AsRef<[u8]> for Tail<'_> {
    fn as_ref(&self) -> &[u8] {
        &self.text.as_str().as_bytes()[self.start..]
    }
}

/// One record: the cells of one row of a spreadsheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawRow {
    /// Row as a spreadsheet counts, from 1. A line break inside a cell begins no new row.
    pub(super) number: u32,
    pub(super) cells: Vec<String>,
    /// Why the cells cannot be trusted.
    pub(super) fault: Option<RowFault>,
}

impl RawRow {
    /// Whether no cell holds anything.
    pub(super) fn is_blank(&self) -> bool {
        self.fault.is_none() && self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// What is wrong with a whole row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RowFault {
    /// What is wrong, one Chinese clause.
    pub(super) reason: String,
    /// What would be right, one Chinese clause.
    pub(super) expected: String,
}

impl RowFault {
    /// A line or record of more than [`LINE_BYTES_MAX`].
    pub(super) fn too_long(bytes: usize) -> Option<Self> {
        (bytes > LINE_BYTES_MAX).then(|| Self {
            reason: format!("本行有 {bytes} 字节，过长"),
            expected: format!("每行不超过 {} MiB", LINE_BYTES_MAX / MIB),
        })
    }
}

/// The records of a csv text. Lines without any character are passed over, but counted.
pub(super) struct Records<'a> {
    text: Text<'a>,
    start: usize,
    reader: ::csv::Reader<Cursor<Tail<'a>>>,
    record: ::csv::StringRecord,
    delimiter: char,
    next_number: u32,
}

impl<'a> Records<'a> {
    /// The records from the byte `start` on, of which the first line is row `first_number`.
    pub(super) fn new(text: &Text<'a>, start: usize, first_number: u32, delimiter: char) -> Self {
        let tail = Tail { text: text.clone(), start };
        let reader = ::csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(u8::try_from(delimiter).unwrap_or(b','))
            .from_reader(Cursor::new(tail));
        Self {
            text: text.clone(),
            start,
            reader,
            record: ::csv::StringRecord::new(),
            delimiter,
            next_number: first_number,
        }
    }

    fn offset(&self) -> usize {
        let read = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
        self.start.saturating_add(read).min(self.text.as_str().len())
    }
}

impl Iterator for Records<'_> {
    type Item = RawRow;

    fn next(&mut self) -> Option<RawRow> {
        let begin = self.offset();
        let fault = match self.reader.read_record(&mut self.record) {
            Ok(true) => None,
            Ok(false) => return None,
            // Neither reading memory nor UTF-8 that was checked can fail, but if it did the
            // row must not vanish.
            Err(_) => Some(RowFault {
                reason: "本行无法读出".to_owned(),
                expected: "UTF-8 文本".to_owned(),
            }),
        };
        let end = self.offset();
        let before = &self.text.as_str().as_bytes()[..begin];
        let whole = self.text.as_str().get(begin..end).unwrap_or_default();
        let (blank_lines, raw) = without_blank_lines(whole, before.ends_with(b"\r"));
        let number = self.next_number.saturating_add(blank_lines);
        self.next_number = number.saturating_add(1);
        let unclosed = || {
            let open = end == self.text.as_str().len() && ends_in_quotes(raw, self.delimiter);
            open.then(|| RowFault {
                reason: format!(
                    "引号没有闭合，从本行到文件末尾的 {} 行文字未能读出",
                    raw.lines().count()
                ),
                expected: "成对的英文双引号；单元格里的双引号写两遍".to_owned(),
            })
        };
        let fault = fault.or_else(|| RowFault::too_long(raw.len())).or_else(unclosed);
        let cells = self.record.iter().map(str::to_owned).collect();
        Some(RawRow { number, cells, fault })
    }
}

/// Cuts off the line ends that stand before a record; `after_return` says that the text
/// before ended with a carriage return, whose line feed is no line of its own.
fn without_blank_lines(whole: &str, after_return: bool) -> (u32, &str) {
    let mut rest = whole;
    if after_return {
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    let mut count = 0;
    while let Some(behind) = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\r', '\n'])) {
        rest = behind;
        count += 1;
    }
    (count, rest)
}

/// Whether a record's text ends inside a quoted cell.
fn ends_in_quotes(raw: &str, delimiter: char) -> bool {
    #[derive(PartialEq)]
    enum At {
        CellStart,
        Plain,
        Quoted,
        QuoteInQuoted,
    }
    let mut at = At::CellStart;
    for c in raw.chars() {
        at = match (at, c) {
            (At::Quoted, '"') => At::QuoteInQuoted,
            (At::Quoted, _) | (At::CellStart | At::QuoteInQuoted, '"') => At::Quoted,
            (_, c) if c == delimiter => At::CellStart,
            _ => At::Plain,
        };
    }
    at == At::Quoted
}

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
