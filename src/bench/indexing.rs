//! `bench index`: how fast texts become findable, and how much room that takes.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use super::figures::peak_rss_mb;
use super::{BenchError, world};
use crate::index::{Cursor, Index};
use crate::text::Analyzer;

/// Entries handed over at once, as the engine does.
const PAGE: usize = 1_000;

/// Figures of building an index.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IndexFigures {
    /// Labs and achievements indexed.
    pub documents: usize,
    /// UTF-8 bytes of their titles and texts.
    pub text_bytes: u64,
    /// From the first text to the committed index, reading the files not counted.
    pub seconds: f64,
    /// Bytes of all files of the index.
    pub index_bytes: u64,
    /// Number of segments.
    pub segments: usize,
    /// Most memory of the process, the texts included.
    pub peak_rss_mb: Option<f64>,
}

/// Indexes the labs and achievements of a generated folder, in a folder that is removed behind
/// it. `progress` is told the documents done and in all.
///
/// # Errors
/// If the folder cannot be read or the index not be written.
pub fn bench_index(
    analyzer: Arc<Analyzer>,
    folder: &Path,
    mut progress: impl FnMut(u64, u64),
) -> Result<IndexFigures, BenchError> {
    let entries = world::entries(folder)?;
    let text_bytes = entries.iter().map(|e| (e.title.len() + e.body.len()) as u64).sum();
    // On the same disk as the corpus: the system's folder for temporary files may be memory.
    let root = tempfile::tempdir_in(folder).map_err(|e| world::file_error(folder, e))?;
    let index = Arc::new(Index::open(root.path(), analyzer)?);
    let start = Instant::now();
    let mut rebuild = index.clone().try_turn()?.begin()?;
    for (done, page) in entries.chunks(PAGE).enumerate() {
        rebuild.add(page)?;
        progress(((done + 1) * PAGE).min(entries.len()) as u64, entries.len() as u64);
    }
    rebuild.finish(Cursor { epoch: 1, seq: 1 })?;
    Ok(IndexFigures {
        documents: entries.len(),
        text_bytes,
        seconds: start.elapsed().as_secs_f64(),
        index_bytes: index.size_bytes(),
        segments: index.snapshot().segments(),
        peak_rss_mb: peak_rss_mb(),
    })
}
