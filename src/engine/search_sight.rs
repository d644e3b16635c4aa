//! What a search may find on behalf of a viewer.
//!
//! A need of which somebody sees the public summary alone is found by the words of its title:
//! otherwise whoever tries words would learn what its text says.

use std::sync::Arc;

use super::directory::Directory;
use super::permission::Viewer;
use crate::index::{EntryKind, Promise};
use crate::text::{Analyzer, TokenKind, View, normalize};

/// 检索视野: asked about every document that has the words of a query.
pub(super) struct SearchSight {
    viewer: Viewer,
    directory: Arc<Directory>,
    /// The words of the query, normalised.
    words: Vec<String>,
}

impl SearchSight {
    pub fn new(
        viewer: Viewer,
        directory: Arc<Directory>,
        analyzer: &Analyzer,
        query: &str,
    ) -> Self {
        let analysis = analyzer.analyze(query);
        let words = analysis.view(View::Words).filter(|t| t.kind != TokenKind::Constituent);
        let words = words.map(|word| analysis.surface(word).to_owned()).collect();
        Self { viewer, directory, words }
    }

    /// Whether the viewer may be told of a document.
    pub fn sees(&self, promise: &Promise) -> bool {
        if self.viewer == Viewer::Local {
            return true;
        }
        if promise.kind != EntryKind::Need {
            return promise.public || !self.viewer.public_only();
        }
        let Some(need) = self.directory.need(promise.row) else { return false };
        let sight = self.viewer.sight_of_need(&self.directory, need);
        if !sight.hides_text() {
            return true;
        }
        let title = normalize(&need.title);
        let mut in_title = self.words.iter().map(|word| title.as_str().contains(word.as_str()));
        let found = if promise.any_word {
            in_title.any(|found| found)
        } else {
            in_title.all(|found| found)
        };
        sight.is_any() && found
    }
}
