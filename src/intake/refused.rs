//! A cell that could not be taken, and why.

use super::limits::VALUE_CHARS_MAX;

/// 未导入的单元格: one bad cell, or a row that cannot be read as cells at all.
///
/// The sentences are Chinese: they are shown to the person who filled in the cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Name of the file.
    pub file: String,
    /// Name of the sheet, in files that have several.
    pub sheet: Option<String>,
    /// Row as a spreadsheet counts, the first row of the file is 1; in jsonl the line.
    pub row: u32,
    /// Where in the row: the spreadsheet's letter and the header (`C 预算（万元）`), in
    /// jsonl the key; `None` if the whole row is meant.
    pub column: Option<String>,
    /// What stood there, at most [`VALUE_CHARS_MAX`] characters of it.
    pub value: String,
    /// What is wrong with it, one clause.
    pub reason: String,
    /// What would be right, one clause.
    pub expected: String,
}

/// Where rows come from: named in every refusal.
#[derive(Debug, Clone, Default)]
pub(super) struct Origin {
    pub(super) file: String,
    pub(super) sheet: Option<String>,
}

impl Origin {
    /// The refusal of a cell (`column`) or of a whole row (`None`).
    pub(super) fn refused(
        &self,
        row: u32,
        column: Option<&str>,
        value: &str,
        reason: impl Into<String>,
        expected: impl Into<String>,
    ) -> Refused {
        Refused {
            file: self.file.clone(),
            sheet: self.sheet.clone(),
            row,
            column: column.map(str::to_owned),
            value: shortened(value),
            reason: reason.into(),
            expected: expected.into(),
        }
    }
}

/// `value`, cut off behind [`VALUE_CHARS_MAX`] characters and then marked with `…`.
pub(super) fn shortened(value: &str) -> String {
    match value.char_indices().nth(VALUE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_is_cut_between_characters() {
        let exact = "难".repeat(VALUE_CHARS_MAX);
        assert_eq!(shortened(&exact), exact);
        assert_eq!(shortened(&format!("{exact}题")), format!("{exact}…"));
    }
}
