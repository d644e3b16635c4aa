//! A generated folder in a home of its own, imported once.

use std::path::Path;

use super::{BenchError, world};
use crate::data::Data;
use crate::engine::{Engine, Home};
use crate::intake::Options;
use crate::model::Kind;

/// Files by kind, in an order in which every reference is there.
const FILES: [(Kind, &str); 4] = [
    (Kind::Institution, "institutions.jsonl"),
    (Kind::Lab, "labs.jsonl"),
    (Kind::Achievement, "achievements.jsonl"),
    (Kind::Need, "needs.jsonl"),
];
/// Bytes read of a file at a time, in whole lines: a file of gigabytes is not read at once.
const CHUNK_BYTES: usize = 16 << 20;

/// Opens the home and imports the folder's files into it, unless it has them already.
/// `progress` is told the bytes done and in all.
///
/// # Errors
/// If a file cannot be read or has a bad row, or the engine fails.
pub async fn load(
    home: &Home,
    data: &Data,
    folder: &Path,
    mut progress: impl FnMut(u64, u64),
) -> Result<Engine, BenchError> {
    // Written last, so that a home that was filled only half is filled again.
    let done_mark = home.folder().join("loaded");
    let engine = Engine::open(home, data).await?;
    if done_mark.exists() {
        return Ok(engine);
    }
    let size = |name: &str| std::fs::metadata(folder.join(name)).map_or(0, |m| m.len());
    let total = FILES.iter().map(|(_, name)| size(name)).sum();
    let mut done = 0;
    for (kind, name) in FILES {
        let path = folder.join(name);
        let bytes = std::fs::read(&path).map_err(|e| world::file_error(&path, e))?;
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let cut = rest.len().min(CHUNK_BYTES);
            let line_end = rest[cut..].iter().position(|b| *b == b'\n');
            let (chunk, behind) = rest.split_at(line_end.map_or(rest.len(), |at| cut + at + 1));
            let report = engine.import(kind, chunk, &Options::new(name), |_| {}).await?;
            if let Some(refused) = report.refused.first() {
                return Err(BenchError::Line {
                    path: path.display().to_string(),
                    line: refused.row as usize,
                    reason: refused.reason.clone(),
                });
            }
            rest = behind;
            done += chunk.len() as u64;
            progress(done, total);
        }
    }
    engine.catch_up().await?;
    std::fs::write(&done_mark, "").map_err(|e| world::file_error(&done_mark, e))?;
    Ok(engine)
}
