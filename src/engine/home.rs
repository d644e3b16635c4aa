//! Where an installation keeps its files.

use std::path::{Path, PathBuf};

/// 工作目录: the folder with `data/duijie.db` and `index/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// The home in this folder; nothing is made yet.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// The store's file.
    pub fn database(&self) -> PathBuf {
        self.0.join("data").join("duijie.db")
    }

    /// The index's folder.
    pub fn index(&self) -> PathBuf {
        self.0.join("index")
    }
}
