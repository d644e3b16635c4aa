//! What can be wrong with the folder of the index, and a look at it that changes nothing.

use std::fmt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use tantivy::TantivyError;

use super::folder;
use super::generation::{self, STATISTICS_FILE};
use super::resident::{self, ResidentDirectory};
use super::statistics::Statistics;
use crate::text::Analyzer;

/// 索引故障: the folder is not what this process wrote or opened. Answers never come from what
/// is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexFault {
    /// The folder, or the name of the generation in use, is gone.
    Missing,
    /// A file is gone, shorter, or has other bytes.
    Damaged {
        /// What was found, in English, with the name of the file.
        reason: String,
    },
    /// It was built from another store.
    Foreign,
    /// The folder cannot be written.
    Unwritable {
        /// What the system says.
        reason: String,
    },
}

impl fmt::Display for IndexFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("the index is gone"),
            Self::Damaged { reason } => write!(f, "the index is damaged: {reason}"),
            Self::Foreign => f.write_str("the index was built from another store"),
            Self::Unwritable { reason } => write!(f, "the index cannot be written: {reason}"),
        }
    }
}

/// 磁盘检查: what was found in the folder of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    /// The folder of this version.
    pub folder: PathBuf,
    /// Whether there is an index for this version, right or not.
    pub found: bool,
    /// Each file that is wrong, with the reason in English.
    pub damaged: Vec<(String, String)>,
    /// The saved statistics are missing or damaged; they are counted anew then.
    pub statistics_unreadable: bool,
    /// Why nothing can be written, if so.
    pub unwritable: Option<String>,
    /// Generations that a rebuild left behind when it was cut off.
    pub leftovers: Vec<String>,
}

/// Looks at the folder of a version. Reads every file of the generation in use.
pub(super) fn examine(version: &Path, analyzer: &Analyzer) -> Examination {
    let mut found = Examination {
        folder: version.to_owned(),
        found: folder::has_current(version),
        damaged: Vec::new(),
        statistics_unreadable: false,
        unwritable: folder::probe(version).err().map(|error| error.to_string()),
        leftovers: folder::leftovers(version),
    };
    match folder::current(version) {
        Some(name) => {
            let folder = version.join(name);
            found.damaged = damaged_files(&folder, analyzer);
            found.statistics_unreadable = Statistics::load(&folder.join(STATISTICS_FILE)).is_none();
        }
        None if found.found => {
            found.damaged.push(("CURRENT".to_owned(), "it names no generation".to_owned()));
        }
        None => {}
    }
    found
}

/// The files of a generation that are wrong on disk, whoever has them in memory.
pub(super) fn damaged_files(folder: &Path, analyzer: &Analyzer) -> Vec<(String, String)> {
    let metas = generation::guarded(|| {
        let index =
            tantivy::Index::open(ResidentDirectory::open(folder).map_err(TantivyError::from)?)?;
        let metas = index.load_metas()?;
        Ok((metas.payload.unwrap_or_default(), metas.segments))
    });
    let (payload, segments) = match metas {
        Ok(metas) => metas,
        Err(error) => return vec![("meta.json".to_owned(), error.to_string())],
    };
    if generation::parse_payload(&payload, analyzer).is_none() {
        return vec![("meta.json".to_owned(), "it names no position of the store".to_owned())];
    }
    let files: Vec<PathBuf> =
        segments.iter().flat_map(|s| generation::files_of(s.id(), s.delete_opstamp())).collect();
    let mut damaged: Vec<(String, String)> = files
        .par_iter()
        .filter_map(|file| {
            let error = resident::check_on_disk(&folder.join(file)).err()?;
            Some((file.display().to_string(), error.to_string()))
        })
        .collect();
    damaged.sort();
    damaged
}
