//! Rows of cells → rows under headers: notes and titles above, the header row, footnotes.

use std::sync::Arc;

use super::csv::RawRow;
use super::error::IntakeError;
use super::headers::{self, IgnoredColumn, Mapping};
use super::limits::{COLUMNS_MAX, HEADER_ROWS_MAX};
use super::notes::{Notes, Skipped};
use super::refused::{Origin, Refused};
use super::row::{Cell, Row, Value};
use crate::model::Kind;

/// A header row that was found.
#[derive(Debug)]
pub(super) struct Header {
    number: u32,
    /// Columns up to the last header.
    width: usize,
    cells: Vec<String>,
    mapping: Mapping,
    /// Rows above it.
    titles: Vec<(u32, String)>,
}

impl Header {
    /// How many rows that hold something are not below it, itself included.
    pub(super) fn rows_above(&self) -> usize {
        self.titles.len() + 1
    }
}

/// Whether a first cell begins a note.
pub(super) fn is_note(cell: &str) -> bool {
    cell.trim_start().starts_with('#')
}

/// Finds the header row: the first with at least two known columns and all required ones,
/// among the first [`HEADER_ROWS_MAX`] rows that are neither blank nor notes.
///
/// # Errors
/// If there is none ([`IntakeError::MissingColumns`], with how many columns the best row has),
/// or if it has two headers of one column, an unknown unit or too many columns.
pub(super) fn find_header(
    kind: Kind,
    rows: impl Iterator<Item = RawRow>,
) -> Result<Header, (usize, IntakeError)> {
    let mut titles: Vec<(u32, String)> = Vec::new();
    let mut unit = None;
    let mut best: Option<(usize, Vec<String>, Vec<String>)> = None;
    let mut seen = 0;
    for row in rows.filter(|row| !row.is_blank()) {
        let note = row.cells.first().is_some_and(|cell| is_note(cell));
        if !note {
            let count = row.cells.len();
            let placed = row.cells.iter().enumerate();
            let placed = placed.map(|(at, cell)| (headers::place(at, cell), cell.as_str()));
            let mapping = headers::map(kind, placed.take(COLUMNS_MAX + 1), unit);
            let missing = mapping.missing(kind);
            let known = mapping.bound.len();
            if known >= 2 && missing.is_empty() {
                if let Some(fault) = mapping.fault {
                    return Err((known, fault));
                }
                let last = row.cells.iter().rposition(|cell| !cell.trim().is_empty());
                let width = last.map_or(0, |last| last + 1);
                if width > COLUMNS_MAX {
                    let fault = IntakeError::TooManyColumns { row: row.number, columns: count };
                    return Err((known, fault));
                }
                let number = row.number;
                return Ok(Header { number, width, cells: row.cells, mapping, titles });
            }
            if best.as_ref().is_none_or(|(most, _, _)| known > *most) {
                let found = row.cells.iter().map(|cell| headers::compact(cell));
                let found = found.filter(|cell| !cell.is_empty()).take(COLUMNS_MAX).collect();
                best = Some((known, missing, found));
            }
            unit = headers::table_unit(row.cells.iter().map(String::as_str)).or(unit);
            seen += 1;
        }
        titles.push((row.number, row_text(&row.cells)));
        if seen == HEADER_ROWS_MAX {
            break;
        }
    }
    let (known, missing, found) =
        best.unwrap_or_else(|| (0, Mapping::default().missing(kind), Vec::new()));
    Err((known, IntakeError::MissingColumns { missing, found }))
}

/// The rows of a table below its header.
pub(super) struct Grid<'a> {
    rows: Box<dyn Iterator<Item = RawRow> + Send + 'a>,
    header: Header,
    origin: Arc<Origin>,
}

impl<'a> Grid<'a> {
    /// The table whose header row is `header`; `rows` are all its rows from above the header on.
    pub(super) fn new(
        header: Header,
        rows: impl Iterator<Item = RawRow> + Send + 'a,
        origin: &Arc<Origin>,
        notes: &mut Notes,
    ) -> Self {
        notes.header_row = Some(header.number);
        notes.columns = header.mapping.bound.iter().map(|bound| bound.mapped()).collect();
        notes.ignored.extend(header.mapping.ignored.iter().cloned());
        for (row, text) in &header.titles {
            let kind = if is_note(text) { Skipped::note } else { Skipped::title };
            notes.skip(kind(*row, text));
        }
        let last = header.number;
        let rows = rows.skip_while(move |row| row.number <= last);
        Self { rows: Box::new(rows), header, origin: Arc::clone(origin) }
    }

    /// The next row that holds something, or why it cannot be read as cells.
    pub(super) fn next_row(&mut self, notes: &mut Notes) -> Option<Result<Row, Vec<Refused>>> {
        loop {
            let raw = self.rows.next()?;
            if raw.is_blank() {
                continue;
            }
            if let Some(footnote) = footnote(&raw) {
                notes.skip(Skipped::footnote(raw.number, footnote));
                continue;
            }
            return Some(match self.misfit(&raw) {
                Some(refused) => Err(vec![refused]),
                None => Ok(self.row(raw, notes)),
            });
        }
    }

    /// Why the row does not fit under the headers.
    fn misfit(&self, raw: &RawRow) -> Option<Refused> {
        if let Some(fault) = &raw.fault {
            let value = row_text(&raw.cells);
            let (reason, expected) = (fault.reason.as_str(), fault.expected.as_str());
            return Some(self.origin.refused(raw.number, None, &value, reason, expected));
        }
        let (width, count) = (self.header.width, raw.cells.len());
        let beyond = raw.cells.iter().enumerate().skip(width);
        let extra = beyond.into_iter().find(|(_, cell)| !cell.trim().is_empty());
        let expected = format!("与表头一样 {width} 格；含分隔符的内容要用双引号括起来");
        if let Some((position, cell)) = extra {
            let place = headers::place(position, "");
            let reason = format!("本行有 {count} 格，比表头多，这一格没有表头");
            return Some(self.origin.refused(raw.number, Some(&place), cell, reason, expected));
        }
        if count < width {
            let place = headers::place(count, &self.header.cells[count]);
            let reason = format!("本行只有 {count} 格，从这一格起缺失");
            return Some(self.origin.refused(raw.number, Some(&place), "", reason, expected));
        }
        None
    }

    fn row(&self, mut raw: RawRow, notes: &mut Notes) -> Row {
        for (position, header) in self.header.cells.iter().take(self.header.width).enumerate() {
            if header.trim().is_empty() && !raw.cells[position].trim().is_empty() {
                let place = headers::place(position, "");
                let reason = "没有表头，但有内容".to_owned();
                notes.ignore(IgnoredColumn { place, reason });
            }
        }
        let bound = self.header.mapping.bound.iter();
        let cells = bound.map(|bound| Cell {
            bound: Arc::clone(bound),
            value: Value::Text(std::mem::take(&mut raw.cells[bound.position])),
        });
        Row::new(raw.number, &self.origin, cells.collect())
    }
}

/// The text of a footnote: a row with one filled cell that says it is a note.
fn footnote(raw: &RawRow) -> Option<&str> {
    const OPENINGS: [&str; 6] = ["注", "备注", "说明", "填表", "填报", "附注"];
    let mut filled = raw.cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    let text = filled.next()?;
    let alone = raw.cells.len() > 1 && filled.next().is_none() && raw.fault.is_none();
    let opening = text.trim_start_matches(['*', '※', '（', '(']);
    (alone && OPENINGS.iter().any(|word| opening.starts_with(word))).then_some(text)
}

/// The filled cells of a row on one line.
fn row_text(cells: &[String]) -> String {
    let filled: Vec<&str> =
        cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    filled.join(" ")
}
