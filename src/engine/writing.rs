//! Records written or deleted on behalf of somebody, and known to whoever asks next.

use super::{Engine, EngineError, Once, Viewer};
use crate::model::{Kind, RecordId};
use crate::store::{Outcome, StoreError, Stored, Write};

impl Engine {
    /// Writes a record that its author may write. A repeated request writes nothing: the record
    /// comes back as it is now, if it is still there for its author.
    ///
    /// # Errors
    /// As [`crate::store::Store::write`]; [`EngineError::NotFound`] if a repeated request's record
    /// is not there any more, or no longer for its author.
    pub(super) async fn write_one(
        &self,
        viewer: Viewer,
        write: Write,
        once: Option<Once>,
    ) -> Result<(Stored, Outcome), EngineError> {
        let (kind, name) = (write.draft.body.kind(), write.draft.external_id.clone());
        let request = once.map(|once| once.of(viewer));
        let mut written = self.store.write(&[write], request.as_ref(), &viewer.author()).await?;
        // A call is answered with as many records as it has drafts.
        let (stored, outcome) = written.pop().ok_or(StoreError::Closed)?;
        if outcome != Outcome::Repeated {
            self.took_place(&stored);
        } else if stored.record.meta.deleted_at.is_some()
            || !self.sight_of(viewer, &stored.record).is_any()
        {
            return Err(EngineError::NotFound { kind, name });
        }
        Ok((stored, outcome))
    }

    /// Writes several records in one transaction, and lets everybody who keeps something in memory
    /// know: for those who have checked by themselves what may be written.
    ///
    /// # Errors
    /// As [`crate::store::Store::write`].
    pub(super) async fn write_and_tell(
        &self,
        writes: &[Write],
        by: &str,
    ) -> Result<Vec<(Stored, Outcome)>, EngineError> {
        let written = self.store.write(writes, None, by).await?;
        self.accounts.written();
        for (stored, _) in &written {
            self.took_place(stored);
        }
        Ok(written)
    }

    /// Deletes a record that its author may delete, if it is at `revision` or that is `None`.
    ///
    /// # Errors
    /// As [`crate::store::Store::delete`].
    pub(super) async fn delete_one(
        &self,
        viewer: Viewer,
        kind: Kind,
        id: RecordId,
        revision: Option<u64>,
    ) -> Result<(), EngineError> {
        self.store.delete(kind, id, revision, &viewer.author()).await?;
        if let Some(tombstone) = self.store.get(kind, id).await? {
            self.took_place(&tombstone);
        }
        Ok(())
    }

    /// A record was written: whoever asks this process next is answered accordingly, and the
    /// index is told.
    pub(super) fn took_place(&self, stored: &Stored) {
        self.directory.wrote(stored);
        self.written.notify_one();
    }
}
