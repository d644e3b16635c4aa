//! A generated folder, read back.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use serde_json::Value;

use super::BenchError;
use crate::index::{Entry, EntryKind, Facts};

/// A need's title and body.
pub(super) type NeedTexts = (String, String);

pub(super) fn file_error(path: &Path, source: io::Error) -> BenchError {
    BenchError::File { path: path.display().to_string(), source }
}

/// The labs and achievements as the index sees them, with row numbers as a store would give.
pub(super) fn entries(folder: &Path) -> Result<Vec<Entry>, BenchError> {
    let mut entries: Vec<Entry> = Vec::new();
    let labs = folder.join("labs.jsonl");
    each_object(&labs, |object| {
        let row = entries.len() as i64 + 1;
        let text = |key: &str| text(&object, key);
        entries.push(entry(row, EntryKind::Lab, vec![row], text("name")?, text("profile")?));
        Ok(())
    })?;
    each_object(&folder.join("achievements.jsonl"), |object| {
        let row = entries.len() as i64 + 1;
        let lab = object["lab_ids"][0].as_str().and_then(|id| id.strip_prefix('l'));
        let lab: i64 = lab.and_then(|n| n.parse().ok()).ok_or("no lab_ids of bench generate")?;
        let (title, body) = (text(&object, "title")?, text(&object, "abstract")?);
        entries.push(entry(row, EntryKind::Achievement, vec![lab + 1], title, body));
        Ok(())
    })?;
    Ok(entries)
}

/// The needs' texts.
pub(super) fn needs(folder: &Path) -> Result<Vec<NeedTexts>, BenchError> {
    let mut needs = Vec::new();
    each_object(&folder.join("needs.jsonl"), |object| {
        needs.push((text(&object, "title")?, text(&object, "body")?));
        Ok(())
    })?;
    if needs.is_empty() { Err(BenchError::Empty("no need to measure with")) } else { Ok(needs) }
}

fn entry(row: i64, kind: EntryKind, labs: Vec<i64>, title: String, body: String) -> Entry {
    Entry {
        row,
        revision: 1,
        kind,
        labs,
        public: true,
        facts: Facts::default(),
        title,
        keywords: Vec::new(),
        body,
    }
}

fn text(object: &Value, key: &str) -> Result<String, String> {
    object[key].as_str().map(str::to_owned).ok_or_else(|| format!("no text under {key:?}"))
}

/// Reads a file of one object per line.
fn each_object(
    path: &Path,
    mut take: impl FnMut(Value) -> Result<(), String>,
) -> Result<(), BenchError> {
    let file = File::open(path).map_err(|e| file_error(path, e))?;
    for (line, text) in (1..).zip(BufReader::new(file).lines()) {
        let text = text.map_err(|e| file_error(path, e))?;
        let taken = serde_json::from_str(&text).map_err(|e| e.to_string()).and_then(&mut take);
        taken.map_err(|reason| BenchError::Line {
            path: path.display().to_string(),
            line,
            reason,
        })?;
    }
    Ok(())
}
