//! How people name a record: by id, external id, or `source:external_id`.

use super::{Engine, EngineError, Viewer};
use crate::intake::Unresolved;
use crate::model::{Kind, RecordId};
use crate::store::{Store, StoreError, Stored};

/// Most merges, one upon the other, that are followed from an id.
const MERGES_MAX: usize = 32;

/// Finds the live record that a name means.
pub(super) async fn resolve(
    store: &dyn Store,
    kind: Kind,
    name: &str,
) -> Result<Result<Stored, Unresolved>, StoreError> {
    let name = name.trim();
    if let Ok(id) = name.parse::<RecordId>() {
        let mut found = store.get(kind, id).await?;
        // One that was merged is the one that took its place.
        for _ in 0..MERGES_MAX {
            let Some(kept) = found.as_ref().and_then(|stored| stored.record.meta.merged_into)
            else {
                break;
            };
            found = store.get(kind, kept).await?;
        }
        if let Some(stored) = found.filter(|s| s.record.meta.deleted_at.is_none()) {
            return Ok(Ok(stored));
        }
    }
    let mut found = store.find(kind, None, name).await?;
    if found.is_empty()
        && let Some((source, external_id)) = name.split_once(':')
    {
        found = store.find(kind, Some(source), external_id).await?;
    }
    Ok(match found.len() {
        0 => Err(Unresolved::Missing),
        1 => Ok(found.swap_remove(0)),
        _ => {
            let sources = found.into_iter().map(|s| s.record.meta.source).collect();
            Err(Unresolved::Ambiguous(sources))
        }
    })
}

impl Engine {
    /// The record of that name, if the viewer may see it.
    pub(super) async fn named(
        &self,
        viewer: Viewer,
        kind: Kind,
        name: &str,
    ) -> Result<Stored, EngineError> {
        let not_found = || EngineError::NotFound { kind, name: name.to_owned() };
        match resolve(self.store.as_ref(), kind, name).await? {
            Ok(stored) if self.sight_of(viewer, &stored.record).is_any() => Ok(stored),
            Ok(_) | Err(Unresolved::Missing) => Err(not_found()),
            Err(Unresolved::Ambiguous(sources)) if viewer == Viewer::Local => {
                Err(EngineError::Ambiguous { kind, name: name.to_owned(), sources })
            }
            // Which sources have it is not for everybody.
            Err(Unresolved::Ambiguous(_)) => Err(not_found()),
        }
    }
}
