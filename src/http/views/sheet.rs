//! Tables for spreadsheets and for printers.

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, Table};

/// What tells Excel that a file is UTF-8.
const BOM: char = '\u{FEFF}';
/// What begins a formula in a spreadsheet.
pub(super) const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Rows as CSV for spreadsheets: UTF-8 with BOM, lines as they want them. No cell is a formula.
pub fn spreadsheet<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        // A vector takes everything that is written.
        let _ = writer.write_record(row.map(|cell| harmless(&cell)));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    format!("{BOM}{}", String::from_utf8_lossy(&bytes))
}

/// Rows below a header, aligned for a printer or a terminal; numbers stand in `right` columns.
pub(super) fn printed<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
    right: &[usize],
) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    table.set_header(header);
    for row in rows {
        table.add_row(row);
    }
    for column_idx in right {
        if let Some(column) = table.column_mut(*column_idx) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    if cell.starts_with(FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, want) in [("-1", "'-1"), ("@a", "'@a"), ("\ta", "'\ta"), ("80万元", "80万元")]
        {
            assert_eq!(harmless(cell), want);
        }
    }
}
