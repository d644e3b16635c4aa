//! Texts of plans that were read last: reading one of some megabytes takes longer than asking it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::RecordId;
use crate::programmes::hundred::Document;

/// Documents that are kept.
const KEPT: usize = 4;

/// A plan and the digest of its text.
type Key = (RecordId, String);

/// 已读计划: the last few, the newest at the end.
#[derive(Default)]
pub(in crate::engine) struct PlansRead {
    kept: Mutex<VecDeque<(Key, Arc<Document>)>>,
}

impl PlansRead {
    /// That of a text, if it is kept.
    pub fn get(&self, key: &Key) -> Option<Arc<Document>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let idx = kept.iter().position(|(own, _)| own == key)?;
        let found = kept.remove(idx)?;
        let document = found.1.clone();
        kept.push_back(found);
        Some(document)
    }

    /// Keeps one, in the place of the one that was not asked for longest.
    pub fn put(&self, key: Key, document: Arc<Document>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(own, _)| *own != key);
        while kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back((key, document));
    }
}
