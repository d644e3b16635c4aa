//! A row of named cells, and the refusals that it collects while it is read.

use std::str::FromStr;
use std::sync::Arc;

use super::headers::{Bound, Unit};
use super::refused::{Origin, Refused};
use crate::model::Refusal;

/// Stands in for a required text that was refused, so that the rest of the row can be checked.
const STAND_IN: &str = "〇";

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// Text as written; a list is still one string.
    Text(String),
    /// A list as such, from jsonl.
    List(Vec<String>),
}

impl Value {
    fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::List(items) => items.join(";"),
        }
    }
}

/// A cell under its column.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) bound: Arc<Bound>,
    pub(super) value: Value,
}

/// One row of a file.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) number: u32,
    origin: Arc<Origin>,
    cells: Vec<Cell>,
    /// With the position and column of the cell.
    refused: Vec<(usize, &'static str, Refused)>,
}

impl Row {
    pub(super) fn new(number: u32, origin: &Arc<Origin>, cells: Vec<Cell>) -> Self {
        Self { number, origin: Arc::clone(origin), cells, refused: Vec::new() }
    }

    pub(super) fn origin(&self) -> &Arc<Origin> {
        &self.origin
    }

    /// The place of a column in the file, or its canonical name if the file lacks it.
    pub(super) fn place(&self, column: &'static str) -> &str {
        self.cell(column).map_or(column, |cell| &cell.bound.place)
    }

    /// What the cell holds, as it is shown to people; empty if the file lacks the column.
    pub(super) fn shown(&self, column: &str) -> String {
        self.cell(column).map_or_else(String::new, |cell| cell.value.shown())
    }

    /// The trimmed text of a cell; empty if the file lacks the column.
    pub(super) fn text(&self, column: &str) -> String {
        match self.cell(column).map(|cell| &cell.value) {
            Some(Value::Text(text)) => text.trim().to_owned(),
            _ if self.was_refused(column) => STAND_IN.to_owned(),
            _ => String::new(),
        }
    }

    /// The unit of bare numbers in a column.
    pub(super) fn unit(&self, column: &str) -> Unit {
        self.cell(column).map_or(Unit::YUAN, |cell| cell.bound.unit)
    }

    /// The entries of a list cell, trimmed, blank ones left out, parted at `separators`.
    pub(super) fn items(&self, column: &str, separators: &[char]) -> Vec<String> {
        let tidy = |items: &mut dyn Iterator<Item = &str>| {
            items.map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
        };
        match self.cell(column).map(|cell| &cell.value) {
            Some(Value::Text(text)) => tidy(&mut text.split(separators)),
            Some(Value::List(items)) => tidy(&mut items.iter().map(String::as_str)),
            None => Vec::new(),
        }
    }

    /// Whether the cell holds a list as such, whose entries are not to be parted again.
    pub(super) fn is_list(&self, column: &str) -> bool {
        self.cell(column).is_some_and(|cell| matches!(cell.value, Value::List(_)))
    }

    /// The value of a cell; `None` if it is blank, or refused and noted as such.
    ///
    /// English names are read in any case.
    pub(super) fn parsed<T: FromStr<Err = Refusal>>(&mut self, column: &'static str) -> Option<T> {
        let text = self.text(column);
        if text.is_empty() || self.was_refused(column) {
            return None;
        }
        match text.parse().or_else(|refusal| text.to_lowercase().parse().map_err(|_| refusal)) {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.refuse(column, refusal.reason, refusal.expected);
                None
            }
        }
    }

    /// Refuses a cell and blanks it, or fills it with a stand-in if it must not be blank.
    /// Returns false if it was refused before.
    pub(super) fn refuse(
        &mut self,
        column: &'static str,
        reason: impl Into<String>,
        expected: impl Into<String>,
    ) -> bool {
        if self.was_refused(column) {
            return false;
        }
        let value = self.shown(column);
        let position = self.cell(column).map_or(usize::MAX, |cell| cell.bound.position);
        let refused =
            self.origin.refused(self.number, Some(self.place(column)), &value, reason, expected);
        self.refused.push((position, column, refused));
        self.cells.retain_mut(|cell| {
            if cell.bound.column.name != column {
                return true;
            }
            cell.value = Value::Text(String::new());
            !cell.bound.column.required
        });
        true
    }

    /// Whether a cell of the column was refused.
    pub(super) fn was_refused(&self, column: &str) -> bool {
        self.refused.iter().any(|(_, refused, _)| *refused == column)
    }

    /// The refusals in the order of the columns, a missing column last; `None` if all is well.
    pub(super) fn into_refused(mut self) -> Option<Vec<Refused>> {
        self.refused.sort_by_key(|(position, _, _)| *position);
        let refused: Vec<Refused> = self.refused.into_iter().map(|(_, _, r)| r).collect();
        (!refused.is_empty()).then_some(refused)
    }

    fn cell(&self, column: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.bound.column.name == column)
    }
}
