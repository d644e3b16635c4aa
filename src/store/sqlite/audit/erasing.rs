//! Takes away what entries say, and leaves their digests: the seals over them stay right.

use sqlx::{Row, SqliteConnection, SqlitePool};

use super::digest::{payload, select_entries};
use crate::model::{Body, Event, Kind, Meta, Provenance, Record, RecordId, Timestamp};
use crate::store::sqlite::put::{self, Asked, changed};
use crate::store::sqlite::read::select_records;
use crate::store::sqlite::row;
use crate::store::sqlite::write::{remember, unlink, update, write_aside};
use crate::store::sqlite::writer::{Writing, Written};
use crate::store::{Outcome, RowId, StoreError, Stored, shape};

/// A record of which nothing personal shall be left.
pub(in crate::store::sqlite) struct Erasure {
    pub(in crate::store::sqlite) kind: Kind,
    pub(in crate::store::sqlite) id: RecordId,
    /// Who erases it.
    pub(in crate::store::sqlite) by: String,
    /// What is remembered of it, checked.
    pub(in crate::store::sqlite) note: Vec<Asked>,
}

impl Erasure {
    /// # Errors
    /// If there is nothing to erase, or the note is refused: it is to be undone then.
    pub async fn write(self, writing: &mut Writing<'_>) -> Result<Written, StoreError> {
        let Self { kind, id, by, note } = self;
        let found = sqlx::query(select_records!("WHERE r.id = $1 AND r.kind = $2"))
            .bind(id.to_string())
            .bind(kind.as_str())
            .fetch_optional(&mut *writing.conn)
            .await?
            .ok_or(StoreError::NotFound { kind, id })?;
        let Stored { row, record } = row::stored(&found)?;
        let body = record.body.redacted().ok_or(StoreError::NotErasable { kind })?;
        // The name may tell of a person too, as a login does.
        let external_id = format!("erased:{id}");
        if record.meta.external_id == external_id {
            return Ok(vec![(Stored { row, record }, Outcome::Unchanged)]);
        }
        // First, since the digests are made with the record's name.
        erase_entries(writing.conn, row).await?;
        sqlx::query("UPDATE records SET external_id = $1 WHERE row = $2")
            .bind(&external_id)
            .bind(row.0)
            .execute(&mut *writing.conn)
            .await?;
        let meta = changed(record.meta, writing, &by);
        let meta = Meta {
            external_id,
            deleted_at: Some(meta.updated_at),
            // One that was merged cannot be given its place back any more.
            merged_into: None,
            provenance: Provenance { source_url: String::new(), ..meta.provenance },
            ..meta
        };
        let stored = Stored { row, record: Record { meta, body } };
        let conn = &mut *writing.conn;
        update(conn, row, &stored.record, &shape::to_json(&stored.record.body)).await?;
        write_aside(conn, row, "").await?;
        unlink(conn, row).await?;
        remember(conn, &[(row, "delete")]).await?;
        let noted: Result<Written, StoreError> =
            put::write(writing, note).await?.into_iter().collect();
        noted.map(|_| vec![(stored, Outcome::Updated)])
    }
}

/// Events that are too old to be kept.
pub(in crate::store::sqlite) struct Pruning(Vec<i64>);

/// The rows of the oldest events from before an instant that still say something.
pub(in crate::store::sqlite) async fn aged_events(
    readers: &SqlitePool,
    before: Timestamp,
    limit: usize,
) -> Result<Pruning, StoreError> {
    let rows = sqlx::query_scalar(
        "SELECT row FROM changes WHERE kind = 'event' AND digest IS NULL AND changed_at < $1
         ORDER BY seq LIMIT $2",
    )
    .bind(before.0)
    .bind(limit as i64)
    .fetch_all(readers)
    .await?;
    Ok(Pruning(rows))
}

impl Pruning {
    /// How many events it is.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Leaves of each that it happened, when, and who did it.
    pub async fn write(self, writing: &mut Writing<'_>) -> Result<Written, StoreError> {
        let mut pruned = Vec::with_capacity(self.0.len());
        for number in self.0 {
            let found = sqlx::query(select_records!("WHERE r.row = $1"))
                .bind(number)
                .fetch_one(&mut *writing.conn)
                .await?;
            let mut stored = row::stored(&found)?;
            let Body::Event(event) = stored.record.body else { continue };
            erase_entries(writing.conn, stored.row).await?;
            let bare = Event { action: event.action, subject: None, detail: String::new() };
            stored.record.body = Body::Event(bare);
            let json = shape::to_json(&stored.record.body);
            update(writing.conn, stored.row, &stored.record, &json).await?;
            pruned.push((stored, Outcome::Updated));
        }
        Ok(pruned)
    }
}

/// Puts its digest in the place of what each entry of a record says.
async fn erase_entries(conn: &mut SqliteConnection, row: RowId) -> Result<(), StoreError> {
    let entries = sqlx::query(select_entries!("WHERE h.row = $1 AND h.digest IS NULL"))
        .bind(row.0)
        .fetch_all(&mut *conn)
        .await?;
    for entry in &entries {
        let seq: i64 = entry.try_get("seq")?;
        sqlx::query(
            "UPDATE changes SET digest = $1, salt = NULL, body = '', source_url = ''
             WHERE seq = $2",
        )
        .bind(payload(entry)?.to_vec())
        .bind(seq)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}
