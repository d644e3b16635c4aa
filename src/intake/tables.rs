//! The reference tables that cells are checked against, and how their files are read.

use crate::model::{AreaTable, IndustryTable, RegionTable};

/// 对照表: areas, industries and regions. An empty table checks nothing.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    /// Technology areas.
    pub areas: AreaTable,
    /// Industries.
    pub industries: IndustryTable,
    /// Regions.
    pub regions: RegionTable,
}

impl Tables {
    /// The tables in the texts of `areas.tsv`, `industries.tsv` and `regions.tsv`.
    ///
    /// # Errors
    /// [`TableError`] of the first line that cannot be read.
    pub fn from_tsv(areas: &str, industries: &str, regions: &str) -> Result<Self, TableError> {
        let named = |table| move |fault| TableError { table, ..fault };
        Ok(Self {
            areas: AreaTable::from_rows(code_rows(areas).map_err(named("areas"))?),
            industries: IndustryTable::from_rows(
                code_rows(industries).map_err(named("industries"))?,
            ),
            regions: RegionTable::from_rows(code_rows(regions).map_err(named("regions"))?),
        })
    }
}

/// A line of a reference table that is no row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the table of {table} is no `code<TAB>name`: {text}")]
pub struct TableError {
    /// Which table.
    pub table: &'static str,
    /// Line, from 1.
    pub line: usize,
    /// The line.
    pub text: String,
}

/// The codes and names in a table of tab-separated columns, in the order of the lines.
///
/// Lines that begin with `#` and blank lines are left out, and so is a header line, which has
/// `code` for a code. Columns behind the second are not looked at.
///
/// # Errors
/// [`TableError`] of the first line without a code or a name.
pub fn code_rows(text: &str) -> Result<Vec<(&str, &str)>, TableError> {
    let mut rows = Vec::new();
    for (line_idx, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let mut cells = line.split('\t').map(str::trim);
        match (cells.next(), cells.next()) {
            (Some("code"), _) if rows.is_empty() => {}
            (Some(code), Some(name)) if !code.is_empty() && !name.is_empty() => {
                rows.push((code, name));
            }
            _ => {
                let text = super::refused::shortened(line);
                return Err(TableError { table: "codes", line: line_idx + 1, text });
            }
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_and_the_header_are_no_rows_and_a_line_without_a_name_is_named() {
        let text = "# 说明\ncode\tname\tparent\nE\t工程\t\n\nE02\t无机非金属材料\tE\n";
        assert_eq!(code_rows(text).unwrap(), [("E", "工程"), ("E02", "无机非金属材料")]);
        assert_eq!(code_rows("E\t工程\nE02").unwrap_err().line, 2);
    }

    #[test]
    fn the_error_names_the_table() {
        let error = Tables::from_tsv("A\t数理", "38", "").unwrap_err();
        assert_eq!((error.table, error.line), ("industries", 1));
    }
}
