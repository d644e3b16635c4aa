//! What the case is called, when it begins, what it sets otherwise, and its batches.

use super::Files;
use super::columns::{BATCHES, BATCHES_MAX, File};
use super::sheet::text;
use crate::model::CivilDate;
use crate::programmes::fault::{Fault, Faults};
use crate::programmes::hundred::Batch;
use crate::programmes::rules::RuleBook;
use crate::programmes::toml_fields::Document;

/// Largest `case.toml`, in bytes.
const CASE_BYTES_MAX: usize = 64 * 1024;

/// Name, start and parameters from `case.toml`.
pub(super) fn settings(
    files: &Files<'_>,
    book: &RuleBook,
    faults: &mut Faults,
) -> (String, Option<CivilDate>, Vec<(String, i64)>) {
    let none = (String::new(), None, Vec::new());
    let Some((file, bytes)) = files.bytes(File::Case) else { return none };
    let text = match text(bytes, CASE_BYTES_MAX) {
        Ok(text) => text,
        Err(found) => {
            let expected = "请另存为 UTF-8 编码的文本".to_owned();
            let (file, field) = (file.to_owned(), String::new());
            faults.add(Fault { file, line: 0, field, found, expected });
            return none;
        }
    };
    let Some(document) = Document::parse(file, &text, faults) else { return none };
    let mut fields = document.fields();
    let name = fields.text("name", faults).unwrap_or_default();
    let start = fields.date("start", faults);
    // For people; nothing follows from them.
    fields.optional_text("notes", faults);
    let given = fields.integers("parameters", faults);
    fields.finish(faults);
    let mut parameters = Vec::new();
    for (key, value, line) in given {
        match book.check_override(&key, value) {
            Ok(()) => parameters.push((key, value)),
            Err(bad) => faults.add(Fault {
                file: file.to_owned(),
                line,
                field: format!("parameters.{key}"),
                found: bad.found,
                expected: bad.expected,
            }),
        }
    }
    (name, start, parameters)
}

/// The batches by date.
pub(super) fn batches(files: &Files<'_>, faults: &mut Faults) -> Vec<Batch> {
    let limit = (BATCHES_MAX, "批次");
    let Some(sheet) = files.sheet(File::Batches, BATCHES, limit, faults) else {
        return Vec::new();
    };
    let mut read: Vec<(Batch, super::sheet::Row<'_>)> = Vec::new();
    for row in sheet.rows() {
        let id = row.text("id", faults);
        let (start, end) = (row.date("start", faults), row.date("end", faults));
        let places = row.number("places", faults);
        let (Some(id), Some(start), Some(end)) = (id, start, end) else { continue };
        if let Some((_, first)) = read.iter().find(|(other, _)| other.id == id) {
            let found = format!("“{id}”与第 {} 行重复", first.line);
            faults.add(row.fault("id", found, "每个批次一行，编号不重复"));
            continue;
        }
        if end.ends_in_china() <= start.begins_in_china() {
            let found = format!("结束 {end} 早于开始 {start}");
            faults.add(row.fault("end", found, "结束日期不得早于开始日期"));
            continue;
        }
        let name = row.cell("name");
        let name = if name.is_empty() { id.clone() } else { name.to_owned() };
        read.push((Batch { id, name, start, end, places }, row));
    }
    read.sort_by_key(|(batch, _)| batch.start.begins_in_china());
    for pair in read.windows(2) {
        let [(earlier, _), (later, row)] = pair else { continue };
        if later.start.begins_in_china() < earlier.end.ends_in_china() {
            let found = format!(
                "“{}”（{} 起）与“{}”（到 {}）重叠",
                later.id, later.start, earlier.id, earlier.end
            );
            faults.add(row.fault("start", found, "各批次的日期不得重叠"));
        }
    }
    read.into_iter().map(|(batch, _)| batch).collect()
}
