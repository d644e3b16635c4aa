//! Reading, listing and creating records.

use super::{Engine, EngineError, Viewer};
use crate::model::{Draft, Kind, Record, RecordId};
use crate::store::Outcome;

/// Most records on one page.
pub const LIST_LIMIT_MAX: usize = 200;

/// A record as a viewer may see it.
pub type RecordView = Record;

impl Engine {
    /// The record of that id, external id or `source:external_id`.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if there is none that the viewer may see;
    /// [`EngineError::Ambiguous`] if several sources have that external id.
    pub async fn find_record(
        &self,
        viewer: Viewer,
        kind: Kind,
        name: &str,
    ) -> Result<RecordView, EngineError> {
        Ok(viewer.view(self.named(viewer, kind, name).await?.record))
    }

    /// A page of records behind `after`, in the order of their ids, and whether there are more.
    ///
    /// # Errors
    /// [`EngineError::TooLarge`] if `limit` is over [`LIST_LIMIT_MAX`].
    pub async fn list_records(
        &self,
        viewer: Viewer,
        kind: Kind,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<(Vec<RecordView>, bool), EngineError> {
        check_limit(limit, LIST_LIMIT_MAX)?;
        let mut shown = Vec::with_capacity(limit);
        let mut after = after;
        // What may not be seen is passed over, so that a page does not tell how much there is.
        loop {
            let page = self.store.list(kind, after, limit + 1).await?;
            let exhausted = page.len() <= limit;
            after = page.last().map(|s| s.record.meta.id);
            for stored in page {
                if viewer.may_see(&stored.record) {
                    if shown.len() == limit {
                        return Ok((shown, true));
                    }
                    shown.push(viewer.view(stored.record));
                }
            }
            if exhausted {
                return Ok((shown, false));
            }
        }
    }

    /// Creates a record. Whoever asks for matches afterwards finds it indexed.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`]; [`EngineError::Exists`]; [`EngineError::Store`] if it
    /// names a record that does not exist.
    pub async fn create_record(
        &self,
        viewer: Viewer,
        draft: Draft,
    ) -> Result<RecordView, EngineError> {
        if !viewer.may_write() {
            return Err(EngineError::Forbidden { action: "create a record" });
        }
        let kind = draft.body.kind();
        let draft = draft.checked()?;
        let known = self.store.find(kind, Some(&draft.source), &draft.external_id).await?;
        if !known.is_empty() {
            return Err(EngineError::Exists {
                kind,
                source_name: draft.source,
                external_id: draft.external_id,
            });
        }
        let written = self.store.put(&[draft], "local").await?;
        let Some((id, Outcome::Created | Outcome::Updated | Outcome::Unchanged)) = written.first()
        else {
            return Err(EngineError::Interrupted("the store gave no id".to_owned()));
        };
        self.catch_up_if_free().await?;
        let stored = self.store.get(kind, *id).await?;
        let record = stored
            .map(|s| s.record)
            .ok_or_else(|| EngineError::NotFound { kind, name: id.to_string() })?;
        Ok(viewer.view(record))
    }

    /// How many live records of a kind there are.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn count_records(&self, kind: Kind) -> Result<u64, EngineError> {
        Ok(self.store.count(kind).await?)
    }
}

/// Refuses a limit of 0 or above `limit_max`.
pub(super) fn check_limit(limit: usize, limit_max: usize) -> Result<(), EngineError> {
    match limit {
        0 => Err(EngineError::BadRequest { field: "limit", reason: "至少为 1".to_owned() }),
        _ if limit > limit_max => {
            Err(EngineError::TooLarge { field: "limit", found: limit, limit: limit_max })
        }
        _ => Ok(()),
    }
}
