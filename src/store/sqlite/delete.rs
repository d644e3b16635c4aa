//! What becomes of a record that is deleted: a tombstone.

use super::put::changed;
use super::read::select_records;
use super::row;
use super::write::{remember, unlink, update, write_aside};
use super::writer::{Writing, Written};
use crate::model::{Kind, Meta, RecordId};
use crate::store::{Outcome, StoreError, shape};

/// The record to delete.
pub(super) struct Deletion {
    pub(super) kind: Kind,
    pub(super) id: RecordId,
    /// The revision that the caller means to delete.
    pub(super) expected: Option<u64>,
    /// Who deletes it.
    pub(super) by: String,
}

impl Deletion {
    pub(super) async fn write(self, writing: &mut Writing<'_>) -> Result<Written, StoreError> {
        let Self { kind, id, expected, by } = self;
        let found = sqlx::query(select_records!("WHERE r.id = $1 AND r.kind = $2"))
            .bind(id.to_string())
            .bind(kind.as_str())
            .fetch_optional(&mut *writing.conn)
            .await?
            .ok_or(StoreError::NotFound { kind, id })?;
        let mut stored = row::stored(&found)?;
        let found = stored.record.meta.revision;
        if let Some(expected) = expected.filter(|expected| *expected != found) {
            return Err(StoreError::RevisionConflict { id, expected, found });
        }
        if stored.record.meta.deleted_at.is_some() {
            return Ok(vec![(stored, Outcome::Unchanged)]);
        }
        let meta = changed(stored.record.meta, writing, &by);
        stored.record.meta = Meta { deleted_at: Some(meta.updated_at), ..meta };
        let (conn, row) = (&mut *writing.conn, stored.row);
        update(conn, row, &stored.record, &shape::to_json(&stored.record.body)).await?;
        // A tombstone needs to reach nobody and names nothing.
        write_aside(conn, row, "").await?;
        unlink(conn, row).await?;
        remember(conn, &[(row, "delete")]).await?;
        Ok(vec![(stored, Outcome::Updated)])
    }
}
