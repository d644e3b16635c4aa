//! Rows of a file as they stand in it, to be shown and given back in the file's own shape.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::csv::{Records, Text};
use super::encoding::decode;
use super::error::IntakeError;
use super::notes::Notes;
use super::options::Format;
use super::sheet::leading_notes;

/// 摘录: the header and some rows of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The cells of the header row; empty for jsonl.
    pub header: Vec<String>,
    /// The rows, each with its number as [`Refused::row`](super::Refused::row) has it; in
    /// jsonl one cell, the line.
    pub rows: Vec<(u32, Vec<String>)>,
}

/// Takes rows out of a file that was read before, with `notes` on how. Linear in the file.
///
/// ```
/// use duijie::intake::{Options, Tables, excerpt, read};
/// use duijie::model::Kind;
///
/// let file = "需求编号,需求名称\nn-1,膜电极\nn-2,\n".as_bytes();
/// let tables = Tables::default();
/// let sheet = read(Kind::Need, file, &Options::new("需求.csv"), &tables).unwrap();
/// let found = excerpt(file, sheet.notes(), &[3].into()).unwrap();
/// assert_eq!(found.header, ["需求编号", "需求名称"]);
/// assert_eq!(found.rows, [(3, vec!["n-2".to_owned(), String::new()])]);
/// ```
///
/// # Errors
/// If the file is not one that can be read in the encoding of the notes.
pub fn excerpt(bytes: &[u8], notes: &Notes, rows: &BTreeSet<u32>) -> Result<Excerpt, IntakeError> {
    let text = decode(bytes, Some(notes.encoding))?.text;
    if notes.format == Format::Jsonl {
        let lines = (1..).zip(text.lines()).filter(|(number, _)| rows.contains(number));
        let rows = lines.map(|(number, line)| (number, vec![line.to_owned()])).collect();
        return Ok(Excerpt { header: Vec::new(), rows });
    }
    let text = Text(Arc::new(text));
    let (start, first_number) = leading_notes(text.as_str(), &mut notes.clone());
    let delimiter = notes.delimiter.unwrap_or(',');
    let mut found = Excerpt { header: Vec::new(), rows: Vec::new() };
    for row in Records::new(&text, start, first_number, delimiter) {
        if Some(row.number) == notes.header_row {
            found.header = row.cells;
        } else if rows.contains(&row.number) {
            found.rows.push((row.number, row.cells));
        }
    }
    Ok(found)
}
