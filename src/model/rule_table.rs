//! Rules as tab-separated lines under a header: how a file of them is taken apart.

/// A line of a file of rules that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {reason}")]
pub struct RuleError {
    /// The file, by its path under the data folder.
    pub file: &'static str,
    /// Number of the line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// A line with its cells, in the order of the columns that were asked for.
#[derive(Debug)]
pub(super) struct Row<'a, const N: usize> {
    file: &'static str,
    line: usize,
    pub cells: [&'a str; N],
}

impl<const N: usize> Row<'_, N> {
    /// What is wrong with this line.
    pub fn fault(&self, reason: impl Into<String>) -> RuleError {
        RuleError { file: self.file, line: self.line, reason: reason.into() }
    }
}

/// The lines of a file whose header names exactly `columns`; blank lines and those that begin
/// with `#` are left out.
///
/// # Errors
/// If the header is another, or a line has another number of cells.
pub(super) fn rows<'a, const N: usize>(
    file: &'static str,
    text: &'a str,
    columns: [&str; N],
) -> Result<Vec<Row<'a, N>>, RuleError> {
    let lines = text.lines().zip(1..);
    let mut lines = lines.filter(|(text, _)| !text.trim().is_empty() && !text.starts_with('#'));
    let row = |text: &'a str, line: usize| {
        let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
        let count = cells.len();
        let cells = cells.try_into().map_err(|_| RuleError {
            file,
            line,
            reason: format!("{count} cells, {N} wanted: {}", columns.join(", ")),
        })?;
        Ok(Row { file, line, cells })
    };
    let Some((header, line)) = lines.next() else {
        return Err(RuleError { file, line: 1, reason: "there is no header".to_owned() });
    };
    if let Some(unknown) = header.split('\t').find(|name| !columns.contains(&name.trim())) {
        let reason = format!("unknown column {unknown:?}; known: {}", columns.join(", "));
        return Err(RuleError { file, line, reason });
    }
    if row(header, line)?.cells != columns {
        let reason = format!("the columns are to be {}", columns.join(", "));
        return Err(RuleError { file, line, reason });
    }
    lines.map(|(text, line)| row(text, line)).collect()
}

/// The entries of a cell that lists several, separated by `;`.
pub(super) fn listed(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').map(str::trim).filter(|entry| !entry.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_is_told_by_file_and_line() {
        let told = |text: &str| rows("f.tsv", text, ["a", "b"]).unwrap_err().to_string();
        assert!(told("").contains("no header"));
        assert_eq!(told("# x\n\na\tc\n"), "f.tsv, line 3: unknown column \"c\"; known: a, b");
        assert!(told("a\n").contains("line 1: 1 cells, 2 wanted"));
        assert!(told("b\ta\n").contains("line 1: the columns are to be a, b"));
        assert!(told("a\tb\n# x\n1\t2\t3\n").contains("line 3: 3 cells"));
        let good = rows("f.tsv", "a\tb\n1\t x;y \n", ["a", "b"]).unwrap();
        assert_eq!(good[0].cells, ["1", "x;y"]);
        assert_eq!(listed(good[0].cells[1]).collect::<Vec<_>>(), ["x", "y"]);
        assert!(good[0].fault("z").to_string().contains("line 2: z"));
    }
}
