//! A file as notes and a run of drafts.

use std::borrow::Cow;
use std::sync::Arc;

use super::csv::{DELIMITERS, Records, Text};
use super::encoding::decode;
use super::error::IntakeError;
use super::grid::{self, Grid, Header};
use super::jsonl::{self, Lines};
use super::limits::{FILE_BYTES_MAX, ROWS_MAX};
use super::notes::{Notes, Skipped};
use super::options::{Format, Options};
use super::pending::PendingDraft;
use super::record;
use super::refused::{Origin, Refused};
use super::tables::Tables;
use crate::model::Kind;

/// 数据表: the records of one file, in the order of its rows.
///
/// An iterator: each row is either a draft or all that is wrong with it. Rows are read as they
/// are asked for, so that a large file can be imported in batches.
pub struct Sheet<'a> {
    kind: Kind,
    source: String,
    tables: &'a Tables,
    notes: Notes,
    rows: Rows<'a>,
}

enum Rows<'a> {
    Grid(Grid<'a>),
    Lines(Lines<'a>),
}

/// Reads a file of records of one kind.
///
/// `tables` are what areas, industries and provinces are checked against. The header row is
/// found here, the rows are read as the sheet is iterated.
///
/// ```
/// use duijie::intake::{Options, Tables, read};
/// use duijie::model::Kind;
///
/// let file = "需求编号,需求名称,预算（万元）\nn-1,膜电极寿命短,80\nn-2,,面议\n";
/// let tables = Tables::default();
/// let mut sheet = read(Kind::Need, file.as_bytes(), &Options::new("需求.csv"), &tables).unwrap();
/// assert_eq!(sheet.next().unwrap().unwrap().draft().external_id, "n-1");
/// let refused = sheet.next().unwrap().unwrap_err();
/// let columns: Vec<_> = refused.iter().map(|r| r.column.as_deref().unwrap()).collect();
/// assert_eq!(columns, ["B 需求名称", "C 预算（万元）"]);
/// ```
///
/// # Errors
/// [`IntakeError`] if nothing of the file can be read; a bad row is no such error.
pub fn read<'a>(
    kind: Kind,
    bytes: &'a [u8],
    options: &Options,
    tables: &'a Tables,
) -> Result<Sheet<'a>, IntakeError> {
    options.check()?;
    if !Kind::IMPORTED.contains(&kind) {
        return Err(IntakeError::NotImported { kind });
    }
    if bytes.len() > FILE_BYTES_MAX {
        return Err(IntakeError::FileTooLarge { size_bytes: bytes.len() });
    }
    let decoded = decode(bytes, options.encoding)?;
    let format = options.format.unwrap_or_else(|| Format::sniff(&options.file, &decoded.text));
    let mut notes = Notes {
        format,
        encoding: decoded.encoding,
        bom: decoded.bom,
        delimiter: None,
        header_row: None,
        columns: Vec::new(),
        ignored: Vec::new(),
        skipped: Vec::new(),
    };
    let origin = Arc::new(Origin { file: options.file.clone(), sheet: None });
    let rows = match format {
        Format::Jsonl => Rows::Lines(lines(kind, decoded.text, &origin)?),
        Format::Csv => {
            Rows::Grid(table(kind, decoded.text, options.delimiter, &origin, &mut notes)?)
        }
    };
    Ok(Sheet { kind, source: options.source.clone(), tables, notes, rows })
}

impl Sheet<'_> {
    /// How the file was read, as far as it was read.
    pub fn notes(&self) -> &Notes {
        &self.notes
    }
}

impl Iterator for Sheet<'_> {
    type Item = Result<PendingDraft, Vec<Refused>>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = match &mut self.rows {
            Rows::Grid(grid) => grid.next_row(&mut self.notes),
            Rows::Lines(lines) => lines.next_row(&mut self.notes),
        }?;
        Some(row.and_then(|row| record::pending(self.kind, row, &self.source, self.tables)))
    }
}

fn lines<'a>(
    kind: Kind,
    text: Cow<'a, str>,
    origin: &Arc<Origin>,
) -> Result<Lines<'a>, IntakeError> {
    let text = Text(Arc::new(text));
    within_limit(&text, || jsonl::count(text.as_str()))?;
    Ok(Lines::new(kind, text, origin))
}

fn table<'a>(
    kind: Kind,
    text: Cow<'a, str>,
    delimiter: Option<char>,
    origin: &Arc<Origin>,
    notes: &mut Notes,
) -> Result<Grid<'a>, IntakeError> {
    let text = Text(Arc::new(text));
    let (start, first_number) = leading_notes(text.as_str(), notes);
    let records = |delimiter| Records::new(&text, start, first_number, delimiter);
    let (delimiter, header) = match delimiter {
        Some(delimiter) => {
            let found = grid::find_header(kind, records(delimiter));
            (delimiter, found.map_err(|(_, error)| error)?)
        }
        None => sniffed(kind, records)?,
    };
    notes.delimiter = Some(delimiter);
    within_limit(&text, || {
        records(delimiter).filter(|row| !row.is_blank()).count().saturating_sub(header.rows_above())
    })?;
    Ok(Grid::new(header, records(delimiter), origin, notes))
}

/// The delimiter with which a header row is found, and that row. If none does, the error of
/// the one that comes nearest.
fn sniffed<'a>(
    kind: Kind,
    records: impl Fn(char) -> Records<'a>,
) -> Result<(char, Header), IntakeError> {
    let mut nearest: Option<(usize, IntakeError)> = None;
    for delimiter in DELIMITERS {
        match grid::find_header(kind, records(delimiter)) {
            Ok(header) => return Ok((delimiter, header)),
            Err((known, error)) if nearest.as_ref().is_none_or(|(most, _)| known > *most) => {
                nearest = Some((known, error));
            }
            Err(_) => {}
        }
    }
    let (_, error) = nearest.unwrap_or_else(|| {
        (0, IntakeError::MissingColumns { missing: Vec::new(), found: Vec::new() })
    });
    Err(error)
}

/// Passes over the lines at the top that begin with `#`, and blank ones among them, and returns
/// the byte and the row at which the table begins. These lines are no csv: a quote in them
/// opens no cell.
pub(super) fn leading_notes(text: &str, notes: &mut Notes) -> (usize, u32) {
    let (mut start, mut number) = (0, 1_u32);
    loop {
        let rest = &text[start..];
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let line = &rest[..end];
        if rest.is_empty() || !(line.trim().is_empty() || grid::is_note(line)) {
            return (start, number);
        }
        if grid::is_note(line) {
            notes.skip(Skipped::note(number, line));
        }
        let line_end = if rest[end..].starts_with("\r\n") { 2 } else { 1 };
        start = (start + end + line_end).min(text.len());
        number = number.saturating_add(1);
    }
}

/// Refuses a file of too many rows before any of them is imported. Only a file of many
/// lines is counted exactly.
fn within_limit(text: &Text<'_>, rows: impl FnOnce() -> usize) -> Result<(), IntakeError> {
    let line_ends = text.as_str().bytes().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    if line_ends < ROWS_MAX {
        return Ok(());
    }
    match rows() {
        rows if rows > ROWS_MAX => Err(IntakeError::TooManyRows { rows }),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[path = "sheet_tests.rs"]
mod tests;
