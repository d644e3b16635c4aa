//! Header cells → columns: synonyms, hints in brackets, units.

use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::columns::{Column, columns};
use super::error::IntakeError;
use crate::model::Kind;

/// 金额单位: the unit of bare numbers in a money column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// Chinese name.
    pub label: &'static str,
    /// How many fen one unit is.
    pub fen: i64,
}

impl Unit {
    /// 元: the unit where nothing else is said.
    pub const YUAN: Self = Self { label: "元", fen: 100 };
    const ALL: [Self; 4] = [
        Self { label: "亿元", fen: 10_000_000_000 },
        Self { label: "万元", fen: 1_000_000 },
        Self { label: "千元", fen: 100_000 },
        Self::YUAN,
    ];

    /// The unit that ends `text`, and what stands before it.
    fn split(text: &str) -> Option<(&str, Self)> {
        Self::ALL
            .into_iter()
            .find_map(|unit| text.strip_suffix(unit.label).map(|before| (before, unit)))
            .or_else(|| text.strip_suffix('亿').map(|before| (before, Self::ALL[0])))
            .or_else(|| text.strip_suffix('万').map(|before| (before, Self::ALL[1])))
    }
}

/// A header and the column that it means: one line of the mapping shown to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedColumn {
    /// Spreadsheet letter and header (`C 预算（万元）`), in jsonl the key.
    pub place: String,
    /// Canonical name of the column.
    pub column: &'static str,
    /// Unit of bare numbers, in a money column.
    pub unit: Option<Unit>,
}

/// A header whose cells are not imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoredColumn {
    /// Spreadsheet letter and header, in jsonl the key.
    pub place: String,
    /// Why, one Chinese clause.
    pub reason: String,
}

/// A column found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) column: &'static Column,
    pub(super) place: String,
    /// Position in the row, from 0.
    pub(super) position: usize,
    pub(super) unit: Unit,
}

impl Bound {
    pub(super) fn mapped(&self) -> MappedColumn {
        let unit = self.column.is_money().then_some(self.unit);
        MappedColumn { place: self.place.clone(), column: self.column.name, unit }
    }
}

/// What a header row means.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    pub(super) bound: Vec<Arc<Bound>>,
    pub(super) ignored: Vec<IgnoredColumn>,
    /// Two headers of one column, or a unit that is none.
    pub(super) fault: Option<IntakeError>,
}

impl Mapping {
    /// The required columns that have no header.
    pub(super) fn missing(&self, kind: Kind) -> Vec<String> {
        columns(kind)
            .filter(|column| column.required && !self.bound.iter().any(|b| b.column == *column))
            .map(Column::display)
            .collect()
    }
}

/// What one header means.
#[derive(Debug, PartialEq, Eq)]
struct Meaning {
    column: &'static Column,
    spare: bool,
    unit: Option<Unit>,
}

/// Maps the headers of a table, given with their places; `unit` is the unit that a row above
/// the headers names for the whole table.
pub(super) fn map<'h>(
    kind: Kind,
    headers: impl IntoIterator<Item = (String, &'h str)>,
    unit: Option<Unit>,
) -> Mapping {
    let mut mapping = Mapping::default();
    let mut found: Vec<(Meaning, Arc<Bound>)> = Vec::new();
    for (position, (place, header)) in headers.into_iter().enumerate() {
        if header.trim().is_empty() {
            continue;
        }
        match meaning(kind, header) {
            Ok(Some(meaning)) => {
                let unit = meaning.unit.or(unit).unwrap_or(Unit::YUAN);
                let bound = Bound { column: meaning.column, place, position, unit };
                found.push((meaning, Arc::new(bound)));
            }
            Ok(None) => {
                let reason = format!("{}没有这一列", kind.label());
                mapping.ignored.push(IgnoredColumn { place, reason });
            }
            Err(fault) => {
                mapping.fault.get_or_insert(fault);
            }
        }
    }
    for (meaning, bound) in &found {
        let same_column = |(other, _): &&(Meaning, Arc<Bound>)| other.column == meaning.column;
        let better = found.iter().filter(same_column).find(|(other, _)| !other.spare);
        match better {
            Some((_, better)) if meaning.spare => mapping.ignored.push(IgnoredColumn {
                place: bound.place.clone(),
                reason: format!("已取“{}”列", better.place),
            }),
            _ => {
                let first = mapping.bound.iter().find(|b| b.column == meaning.column);
                if let (Some(first), None) = (first, &mapping.fault) {
                    mapping.fault = Some(IntakeError::DuplicateColumn {
                        column: meaning.column.name,
                        first: first.place.clone(),
                        second: bound.place.clone(),
                    });
                }
                mapping.bound.push(Arc::clone(bound));
            }
        }
    }
    mapping
}

/// The column of `kind` that `header` means, if any.
fn meaning(kind: Kind, header: &str) -> Result<Option<Meaning>, IntakeError> {
    let full = normalised(header);
    let (bare, hints) = without_brackets(&full);
    let named = |name: &str| {
        let key = without_joints(name);
        columns(kind).find_map(|column| {
            let is_word = |words: &[&str]| words.contains(&name);
            let strong = without_joints(column.name) == key || is_word(column.words);
            (strong || is_word(column.spare)).then_some((column, !strong))
        })
    };
    let by_unit = || {
        let (before, unit) = Unit::split(&bare)?;
        let before = before.trim_end_matches(['/', ':', '-', '_', ',']);
        let (column, spare) = named(before.trim_end_matches("单位").trim_end_matches(':'))?;
        column.is_money().then_some((column, spare, Some(unit)))
    };
    let found = named(&full)
        .or_else(|| named(&bare))
        .map(|(column, spare)| (column, spare, None))
        .or_else(by_unit);
    let Some((column, spare, suffix_unit)) = found else {
        return Ok(None);
    };
    let mut unit = suffix_unit;
    if column.is_money() {
        const FOREIGN: [&str; 9] =
            ["美元", "欧元", "港元", "日元", "港币", "美金", "英镑", "usd", "eur"];
        if FOREIGN.iter().any(|money| full.contains(money)) {
            return Err(IntakeError::ForeignMoney { header: compact(header) });
        }
        unit = unit.or_else(|| hints.iter().find_map(|hint| unit_in(hint)));
    }
    Ok(Some(Meaning { column, spare, unit }))
}

/// The unit named by a hint such as `万元`, `单位:万元` or `万元,限整数`.
fn unit_in(hint: &str) -> Option<Unit> {
    hint.split([',', ';', '、', ':']).find_map(|piece| Unit::split(piece).map(|(_, unit)| unit))
}

/// The unit that a row above the headers names for the table: `单位：万元`.
pub(super) fn table_unit<'c>(cells: impl IntoIterator<Item = &'c str>) -> Option<Unit> {
    cells.into_iter().find_map(|cell| {
        let cell = normalised(cell).replace(['(', ')'], "");
        Unit::split(cell.rsplit_once("单位:")?.1)
            .filter(|(before, _)| matches!(*before, "" | "人民币"))
            .map(|(_, unit)| unit)
    })
}

/// `header` in compatibility form and lower case, without spaces, line breaks, asterisks, a
/// number in front or a colon behind.
pub(super) fn normalised(header: &str) -> String {
    let compact: String = header
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '\u{200B}' | '\u{FEFF}' | '"'))
        .collect();
    let unnumbered = without_number(&compact);
    unnumbered.trim_end_matches(':').to_owned()
}

/// `header` without a number in front: `1.`, `10、`, `(3)`.
fn without_number(header: &str) -> &str {
    let inner = header.strip_prefix('(').unwrap_or(header);
    let rest = inner.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = rest.len() < inner.len();
    let rest = if inner.len() < header.len() {
        rest.strip_prefix(')')
    } else {
        rest.strip_prefix(['.', '、', ')'])
    };
    match rest {
        Some(rest) if numbered && !rest.is_empty() => rest,
        _ => header,
    }
}

/// `header` without its brackets, and what stood in them.
fn without_brackets(header: &str) -> (String, Vec<String>) {
    let (mut bare, mut hints, mut depth) = (String::new(), Vec::new(), 0_usize);
    for c in header.chars() {
        match c {
            '(' | '[' | '【' => {
                depth += 1;
                hints.push(String::new());
            }
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(c),
            _ => hints.last_mut().into_iter().for_each(|hint| hint.push(c)),
        }
    }
    (bare.trim_end_matches(':').to_owned(), hints)
}

/// English names are read with or without their joints: `external_id`, `External ID`.
fn without_joints(name: &str) -> String {
    name.replace(['_', '-'], "")
}

/// A header on one line, as it is shown.
pub(super) fn compact(header: &str) -> String {
    header.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The place of a header: its spreadsheet letter and itself.
pub(super) fn place(position: usize, header: &str) -> String {
    let header = compact(header);
    let letter = letter(position);
    if header.is_empty() { letter } else { format!("{letter} {header}") }
}

/// Spreadsheet letter of a position: 0 is `A`, 26 is `AA`.
fn letter(position: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = position + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
#[path = "headers_tests.rs"]
mod tests;
