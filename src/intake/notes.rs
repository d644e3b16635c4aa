//! What is told about a file besides its records.

use super::encoding::Encoding;
use super::headers::{IgnoredColumn, MappedColumn};
use super::limits::{COLUMNS_MAX, SKIPPED_ROWS_MAX};
use super::options::Format;
use super::refused::shortened;

/// How a file was read, for the person who imports it.
///
/// Ignored keys of jsonl, columns without a header and footnotes are known once the rows
/// that have them were read; everything else at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notes {
    /// Format taken.
    pub format: Format,
    /// Encoding taken.
    pub encoding: Encoding,
    /// Whether the file began with a byte order mark.
    pub bom: bool,
    /// Delimiter taken; `None` for jsonl.
    pub delimiter: Option<char>,
    /// The header row; `None` for jsonl.
    pub header_row: Option<u32>,
    /// The columns found, in the order of the file; empty for jsonl.
    pub columns: Vec<MappedColumn>,
    /// The columns whose cells are not imported, at most [`COLUMNS_MAX`].
    pub ignored: Vec<IgnoredColumn>,
    /// Notes, titles and footnotes, at most [`SKIPPED_ROWS_MAX`].
    pub skipped: Vec<Skipped>,
}

impl Notes {
    pub(super) fn skip(&mut self, skipped: Skipped) {
        if self.skipped.len() < SKIPPED_ROWS_MAX {
            self.skipped.push(skipped);
        }
    }

    pub(super) fn ignore(&mut self, column: IgnoredColumn) {
        let known = self.ignored.iter().any(|ignored| ignored.place == column.place);
        if !known && self.ignored.len() < COLUMNS_MAX {
            self.ignored.push(column);
        }
    }
}

/// A row that holds text for people and no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Row as a spreadsheet counts.
    pub row: u32,
    /// What kind of row it is.
    pub kind: SkippedKind,
    /// Its text, shortened.
    pub text: String,
}

impl Skipped {
    pub(super) fn note(row: u32, text: &str) -> Self {
        Self { row, kind: SkippedKind::Note, text: shortened(text) }
    }

    pub(super) fn title(row: u32, text: &str) -> Self {
        Self { row, kind: SkippedKind::Title, text: shortened(text) }
    }

    pub(super) fn footnote(row: u32, text: &str) -> Self {
        Self { row, kind: SkippedKind::Footnote, text: shortened(text) }
    }
}

/// Why a row holds no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkippedKind {
    /// It stands above the header row and begins with `#`.
    Note,
    /// It stands above the header row.
    Title,
    /// It stands below and begins with 注, 备注, 说明 or the like, in a single cell.
    Footnote,
}
