//! What became of an imported file.

use serde::Serialize;
use utoipa::ToSchema;

use crate::engine;
use crate::intake::Refused;

/// 导入结果
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportReport {
    /// Rows read.
    pub read: u64,
    /// Records that are new.
    pub created: u64,
    /// Records that changed.
    pub updated: u64,
    /// Records that said that already.
    pub unchanged: u64,
    /// Rows of records that were merged into another, and left alone.
    pub merged: u64,
    /// Format taken: `csv` or `jsonl`.
    pub format: String,
    /// Encoding taken.
    pub encoding: String,
    /// The columns found and what they were taken for; empty for jsonl.
    pub columns: Vec<ImportColumn>,
    /// Columns that were not imported.
    pub ignored_columns: Vec<String>,
    /// Every bad cell; a row with one is left out.
    pub refused: Vec<RefusedCell>,
    /// Bad cells beyond those that are told.
    pub refused_more: u64,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportColumn {
    /// Spreadsheet letter and header: `C 预算（万元）`.
    pub place: String,
    /// The import column that it was taken for.
    pub column: &'static str,
}

/// A bad cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RefusedCell {
    /// Name of the file.
    pub file: String,
    /// Name of the sheet, in files that have several.
    pub sheet: Option<String>,
    /// Row as a spreadsheet counts, from 1; in jsonl the line.
    pub row: u32,
    /// Where in the row; null if the whole row is meant.
    pub column: Option<String>,
    /// What stood there.
    pub value: String,
    /// What is wrong with it, in Chinese.
    pub reason: String,
    /// What would be right, in Chinese.
    pub expected: String,
}

/// The report as it is told.
pub fn import_report(report: &engine::ImportReport) -> ImportReport {
    let notes = &report.notes;
    let columns = notes.columns.iter();
    ImportReport {
        read: report.read,
        created: report.created,
        updated: report.updated,
        unchanged: report.unchanged,
        merged: report.merged,
        format: notes.format.to_string(),
        encoding: notes.encoding.to_string(),
        columns: columns
            .map(|c| ImportColumn { place: c.place.clone(), column: c.column })
            .collect(),
        ignored_columns: notes.ignored.iter().map(|c| c.place.clone()).collect(),
        refused: report.refused.iter().map(refused_cell).collect(),
        refused_more: report.refused_more,
    }
}

fn refused_cell(refused: &Refused) -> RefusedCell {
    RefusedCell {
        file: refused.file.clone(),
        sheet: refused.sheet.clone(),
        row: refused.row,
        column: refused.column.clone(),
        value: refused.value.clone(),
        reason: refused.reason.clone(),
        expected: refused.expected.clone(),
    }
}
