//! The small, versioned inputs that the product comes with: reference facts, dictionary and
//! sample. They are inside the binary; a folder of the same shape may take their place.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

/// Defines the embedded files by their paths under `data/`.
macro_rules! embedded {
    ($($path:literal),* $(,)?) => {
        /// Every embedded file: path under `data/`, text.
        const EMBEDDED: &[(&str, &str)] = &[
            $(($path, include_str!(concat!("../data/", $path)))),*
        ];
    };
}

embedded![
    "dictionary/terms.tsv",
    "dictionary/synonyms.tsv",
    "dictionary/stop_words.txt",
    "dictionary/boilerplate.txt",
    "dictionary/point_words.tsv",
    "leads/contract_fields.tsv",
    "leads/transitions.tsv",
    "programmes/hundred_universities.toml",
    "programmes/industry_disciplines.tsv",
    "programmes/new_institutes.toml",
    "programmes/new_institutes_outside.toml",
    "programmes/rooted_visits.toml",
    "programmes/shaoxing.toml",
    "programmes/shenzhen.toml",
    "ranker/weights.json",
    "reference/institutions.csv",
    "reference/labs.csv",
    "reference/areas.tsv",
    "reference/city_coordinates.tsv",
    "reference/industries.tsv",
    "reference/regions.tsv",
    "reference/parks.tsv",
    "reference/park_industries.tsv",
    "sample/institutions.csv",
    "sample/labs.jsonl",
    "sample/achievements.jsonl",
    "sample/enterprises.jsonl",
    "sample/needs.jsonl",
    "sample/nanjing/batches.csv",
    "sample/nanjing/case.toml",
    "sample/nanjing/clarified.csv",
    "sample/nanjing/commissioners.csv",
    "sample/nanjing/institutions.csv",
    "sample/nanjing/ties.csv",
];

/// 内置数据: where the data files are read from.
#[derive(Debug, Clone, Default)]
pub struct Data {
    folder: Option<PathBuf>,
}

/// A data file that is missing or cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("data file {path}: {source}")]
pub struct DataError {
    /// Path under the data folder.
    pub path: String,
    /// What happened.
    #[source]
    pub source: io::Error,
}

impl Data {
    /// The files inside the binary.
    pub fn embedded() -> Self {
        Self::default()
    }

    /// The files of a folder; one that it does not have is taken from the binary.
    pub fn from_folder(folder: &Path) -> Self {
        Self { folder: Some(folder.to_owned()) }
    }

    /// The text of a file, such as `dictionary/terms.tsv`.
    ///
    /// # Errors
    /// If there is no such file, or it cannot be read as UTF-8.
    pub fn text(&self, path: &str) -> Result<Cow<'static, str>, DataError> {
        let fault = |source| DataError { path: path.to_owned(), source };
        if let Some(folder) = &self.folder {
            match std::fs::read_to_string(folder.join(path)) {
                Ok(text) => return Ok(Cow::Owned(text)),
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(fault(error)),
                Err(_) => {}
            }
        }
        EMBEDDED
            .iter()
            .find(|(name, _)| *name == path)
            .map(|(_, text)| Cow::Borrowed(*text))
            .ok_or_else(|| fault(io::ErrorKind::NotFound.into()))
    }
}
