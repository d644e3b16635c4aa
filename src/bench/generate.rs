//! `bench generate`: a folder of import files of any size.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use fastrand::Rng;
use serde_json::json;

use super::BenchError;
use super::corpus::Corpus;
use crate::text::Analyzer;

/// Achievements of a lab, on average: as in the judged data.
const ACHIEVEMENTS_PER_LAB: usize = 18;
/// Labs of an institution, on average.
const LABS_PER_INSTITUTION: usize = 25;
/// Labs that work on one topic, on average.
const LABS_PER_TOPIC: usize = 8;
const TOPICS_MAX: usize = 4_000;
/// Words of an achievement: title and abstract.
const ACHIEVEMENT_WORDS: (usize, usize) = (9, 91);
/// Words of a need: title and body.
const NEED_WORDS: (usize, usize) = (8, 27);

/// What is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GenerateOptions {
    /// Number of achievements; labs and institutions follow from it.
    pub achievements: usize,
    /// Number of needs.
    pub needs: usize,
    /// The same seed gives the same files.
    pub seed: u64,
}

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generated {
    /// Institutions.
    pub institutions: usize,
    /// Labs.
    pub labs: usize,
    /// Achievements.
    pub achievements: usize,
    /// Needs.
    pub needs: usize,
    /// Bytes of the achievements' titles and abstracts.
    pub text_bytes: u64,
}

/// Writes `institutions.jsonl`, `labs.jsonl`, `achievements.jsonl` and `needs.jsonl`, which
/// `duijie import` reads. `progress` is told the achievements done. Linear in their number.
///
/// # Errors
/// If the folder cannot be written.
pub fn generate(
    analyzer: &Analyzer,
    folder: &Path,
    options: GenerateOptions,
    mut progress: impl FnMut(u64),
) -> Result<Generated, BenchError> {
    let GenerateOptions { achievements, needs, seed } = options;
    let labs = achievements.div_ceil(ACHIEVEMENTS_PER_LAB).max(1);
    let institutions = labs.div_ceil(LABS_PER_INSTITUTION);
    let rng = &mut Rng::with_seed(seed);
    let corpus = Corpus::new(analyzer, (labs / LABS_PER_TOPIC).clamp(1, TOPICS_MAX), rng);
    fs::create_dir_all(folder).map_err(|source| super::world::file_error(folder, source))?;
    let mut out = Lines::create(folder, "institutions.jsonl")?;
    for idx in 0..institutions {
        let name = format!("虚构大学{idx}");
        out.write(&json!({"external_id": format!("i{idx}"), "name": name, "kind": "university"}))?;
    }
    out.finish()?;
    let mut out = Lines::create(folder, "labs.jsonl")?;
    let topics: Vec<usize> = (0..labs).map(|_| rng.usize(..corpus.topics())).collect();
    for (idx, topic) in topics.iter().enumerate() {
        let institution = rng.usize(..institutions);
        out.write(&json!({
            "external_id": format!("l{idx}"),
            "institution_ids": [format!("i{institution}")],
            "name": format!("{}实验室", corpus.title(*topic, 3, rng)),
            "profile": corpus.prose(*topic, 40, rng),
        }))?;
    }
    out.finish()?;
    let mut out = Lines::create(folder, "achievements.jsonl")?;
    let mut text_bytes = 0;
    for idx in 0..achievements {
        let lab = rng.usize(..labs);
        let title = corpus.title(topics[lab], ACHIEVEMENT_WORDS.0, rng);
        let summary = corpus.prose(topics[lab], ACHIEVEMENT_WORDS.1, rng);
        text_bytes += (title.len() + summary.len()) as u64;
        out.write(&json!({
            "external_id": format!("a{idx}"),
            "lab_ids": [format!("l{lab}")],
            "title": title,
            "abstract": summary,
        }))?;
        progress(idx as u64 + 1);
    }
    out.finish()?;
    let mut out = Lines::create(folder, "needs.jsonl")?;
    for idx in 0..needs {
        let topic = topics[rng.usize(..labs)];
        out.write(&json!({
            "external_id": format!("n{idx}"),
            "title": corpus.title(topic, NEED_WORDS.0, rng),
            "body": corpus.prose(topic, NEED_WORDS.1, rng),
        }))?;
    }
    out.finish()?;
    Ok(Generated { institutions, labs, achievements, needs, text_bytes })
}

/// A file with one JSON object per line.
struct Lines {
    path: std::path::PathBuf,
    out: BufWriter<File>,
}

impl Lines {
    fn create(folder: &Path, name: &str) -> Result<Self, BenchError> {
        let path = folder.join(name);
        let file = File::create(&path).map_err(|e| super::world::file_error(&path, e))?;
        Ok(Self { path, out: BufWriter::new(file) })
    }

    fn write(&mut self, object: &serde_json::Value) -> Result<(), BenchError> {
        writeln!(self.out, "{object}").map_err(|e| super::world::file_error(&self.path, e))
    }

    fn finish(mut self) -> Result<(), BenchError> {
        self.out.flush().map_err(|e| super::world::file_error(&self.path, e))
    }
}
