//! What people see: tables that align in Chinese, highlighted spans, bars, progress.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{Cell, ColumnConstraint, ContentArrangement, Table, Width};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::model::Span;

/// Width of a table where there is no terminal, in columns.
const WIDTH_WITHOUT_TERMINAL: u16 = 100;
const BOLD: &str = "\u{1b}[1;33m";
const PLAIN: &str = "\u{1b}[0m";

/// A line for people, beside the result.
pub(super) fn say(line: &str) {
    // A reader who has gone away needs no message.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The result, for people.
pub(super) fn print(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The result, for programs: one JSON object.
///
/// # Errors
/// If the value cannot be written as JSON.
pub(super) fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    print(&serde_json::to_string_pretty(value)?);
    Ok(())
}

/// One of several results, for programs: a JSON object on a line of its own.
///
/// # Errors
/// If the value cannot be written as JSON.
pub(super) fn print_line(value: &impl Serialize) -> anyhow::Result<()> {
    print(&serde_json::to_string(value)?);
    Ok(())
}

/// An empty table as wide as the terminal.
pub(super) fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    if !std::io::stdout().is_terminal() {
        table.set_width(WIDTH_WITHOUT_TERMINAL);
    }
    table.set_header(header.iter().map(Cell::new));
    table
}

/// Gives a column a fixed width, so that tables one below the other align.
pub(super) fn fix_width(table: &mut Table, column_idx: usize, width: u16) {
    if let Some(column) = table.column_mut(column_idx) {
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
    }
}

/// `text` with its spans (sorted, apart) marked: bold in a terminal, else between 【 and 】.
pub(super) fn highlighted(text: &str, spans: &[Span]) -> String {
    let (open, close) =
        if std::io::stdout().is_terminal() { (BOLD, PLAIN) } else { ("【", "】") };
    let mut marked = String::with_capacity(text.len() + spans.len() * 8);
    for (idx, c) in (0u32..).zip(text.chars()) {
        if spans.iter().any(|s| s.end == idx) {
            marked.push_str(close);
        }
        if spans.iter().any(|s| s.start == idx) {
            marked.push_str(open);
        }
        marked.push(c);
    }
    if spans.iter().any(|s| s.end as usize == text.chars().count()) {
        marked.push_str(close);
    }
    marked
}

/// A bar of `width` cells, `share` (0-1) of them full.
pub(super) fn bar(share: f64, width: usize) -> String {
    let full = ((share.clamp(0.0, 1.0) * width as f64).round()) as usize;
    format!("{}{}", "█".repeat(full), "░".repeat(width - full))
}

/// A progress bar on stderr with rate and time left; silent where nobody looks.
pub(super) fn progress(title: &str, total: u64) -> ProgressBar {
    progress_of(title, total, "{prefix} [{bar:30}] {pos}/{len}  {per_sec}  还需 {eta}")
}

/// The same for bytes, of as many as will be told.
pub(super) fn progress_bytes(title: &str) -> ProgressBar {
    let template = "{prefix} [{bar:30}] {bytes}/{total_bytes}  {bytes_per_sec}  还需 {eta}";
    progress_of(title, 0, template)
}

fn progress_of(title: &str, total: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(total);
    let style = ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("█▉░");
    bar.set_style(style);
    bar.set_prefix(title.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_marked_on_their_characters() {
        let spans = [Span::new(0, 3), Span::new(5, 7)];
        assert_eq!(highlighted("膜电极的寿命测试", &spans), "【膜电极】的寿【命测】试");
        assert_eq!(highlighted("膜", &[Span::new(0, 1)]), "【膜】");
    }

    #[test]
    fn a_bar_is_as_full_as_its_share() {
        assert_eq!(bar(0.5, 4), "██░░");
        assert_eq!(bar(7.0, 2), "██");
    }
}
