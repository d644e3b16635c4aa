//! Changes of records. Each call is one transaction that takes the file's write lock at its
//! start: what it reads cannot change until it commits.

use std::collections::HashMap;

use sqlx::{SqliteConnection, SqlitePool};

use super::read::select_records;
use super::row;
use crate::model::{Draft, Kind, Record, RecordId, Timestamp};
use crate::store::{BATCH_MAX, Outcome, RowId, StoreError, Stored, shape};

/// Takes the write lock at once: a transaction that read first and asked for the lock later
/// would fail if another had written in between.
const BEGIN: &str = "BEGIN IMMEDIATE";

pub(super) async fn put(
    writer: &SqlitePool,
    drafts: &[Draft],
    by: &str,
) -> Result<Vec<(RecordId, Outcome)>, StoreError> {
    if drafts.len() > BATCH_MAX {
        return Err(StoreError::BatchTooLarge { count: drafts.len() });
    }
    for (draft_idx, draft) in drafts.iter().enumerate() {
        draft
            .clone()
            .checked()
            .and_then(|draft| shape::check(&draft.body))
            .map_err(|refusal| StoreError::IllegalDraft { draft_idx, refusal })?;
    }
    let mut outcomes = Vec::with_capacity(drafts.len());
    let mut tx = writer.begin_with(BEGIN).await?;
    let mut batch = Batch { conn: &mut tx, by, at: Timestamp::now(), live_rows: HashMap::new() };
    for draft in drafts {
        outcomes.push(batch.write(draft).await?);
    }
    tx.commit().await?;
    Ok(outcomes)
}

pub(super) async fn delete(
    writer: &SqlitePool,
    kind: Kind,
    id: RecordId,
    expected: Option<u64>,
    by: &str,
) -> Result<(), StoreError> {
    let mut tx = writer.begin_with(BEGIN).await?;
    let found = sqlx::query(select_records!("WHERE r.id = $1 AND r.kind = $2"))
        .bind(id.to_string())
        .bind(kind.as_str())
        .fetch_optional(&mut *tx)
        .await?
        .ok_or(StoreError::NotFound { kind, id })?;
    let Stored { row, record } = row::stored(&found)?;
    let found = record.meta.revision;
    if let Some(expected) = expected.filter(|expected| *expected != found) {
        return Err(StoreError::RevisionConflict { id, expected, found });
    }
    if record.meta.deleted_at.is_some() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE records SET deleted_at = $2, updated_at = $2, updated_by = $3,
            revision = revision + 1
         WHERE row = $1",
    )
    .bind(row.0)
    .bind(Timestamp::now().0)
    .bind(by)
    .execute(&mut *tx)
    .await?;
    // A tombstone needs to reach nobody and names nothing.
    write_contact(&mut tx, row, "").await?;
    unlink(&mut tx, row).await?;
    remember(&mut tx, row, "delete").await?;
    tx.commit().await?;
    Ok(())
}

/// One call of `put`, inside its transaction.
struct Batch<'a> {
    conn: &'a mut SqliteConnection,
    by: &'a str,
    at: Timestamp,
    /// Rows of the records that drafts named, known to be live: `put` deletes nothing.
    live_rows: HashMap<(Kind, RecordId), RowId>,
}

impl Batch<'_> {
    async fn write(&mut self, draft: &Draft) -> Result<(RecordId, Outcome), StoreError> {
        let targets = self.targets(draft).await?;
        let old = sqlx::query(select_records!(
            "WHERE r.kind = $1 AND r.source = $2 AND r.external_id = $3"
        ))
        .bind(draft.body.kind().as_str())
        .bind(&draft.source)
        .bind(&draft.external_id)
        .fetch_optional(&mut *self.conn)
        .await?
        .as_ref()
        .map(row::stored)
        .transpose()?;
        let contact = shape::contact(&draft.body);
        match old {
            Some(old) if says(&old.record, draft) => Ok((old.record.meta.id, Outcome::Unchanged)),
            Some(old) => {
                self.update(&old, draft).await?;
                if shape::contact(&old.record.body) != contact {
                    write_contact(self.conn, old.row, contact).await?;
                }
                let revived = old.record.meta.deleted_at.is_some();
                if revived || old.record.body.references() != draft.body.references() {
                    unlink(self.conn, old.row).await?;
                    link(self.conn, old.row, &targets).await?;
                }
                let op = if revived { "revive" } else { "update" };
                remember(self.conn, old.row, op).await?;
                Ok((old.record.meta.id, Outcome::Updated))
            }
            None => {
                let id = RecordId::generate();
                let row = self.create(id, draft).await?;
                if !contact.is_empty() {
                    write_contact(self.conn, row, contact).await?;
                }
                link(self.conn, row, &targets).await?;
                remember(self.conn, row, "create").await?;
                Ok((id, Outcome::Created))
            }
        }
    }

    /// The rows of the records that the draft names.
    async fn targets(&mut self, draft: &Draft) -> Result<Vec<RowId>, StoreError> {
        let (kind, ids) = draft.body.references();
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(row) = self.live_rows.get(&(kind, id)) {
                rows.push(*row);
                continue;
            }
            let row = sqlx::query_scalar(
                "SELECT row FROM records WHERE id = $1 AND kind = $2 AND deleted_at IS NULL",
            )
            .bind(id.to_string())
            .bind(kind.as_str())
            .fetch_optional(&mut *self.conn)
            .await?
            .map(RowId)
            .ok_or(StoreError::DanglingReference { kind, id })?;
            self.live_rows.insert((kind, id), row);
            rows.push(row);
        }
        Ok(rows)
    }

    async fn create(&mut self, id: RecordId, draft: &Draft) -> Result<RowId, StoreError> {
        let row = sqlx::query_scalar(
            "INSERT INTO records (kind, id, source, external_id, owner, visibility, revision,
                created_at, created_by, updated_at, updated_by, source_url, as_of, body)
             VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $7, $8, $9, $10, $11)
             RETURNING row",
        )
        .bind(draft.body.kind().as_str())
        .bind(id.to_string())
        .bind(&draft.source)
        .bind(&draft.external_id)
        .bind(&draft.owner)
        .bind(draft.visibility.as_str())
        .bind(self.at.0)
        .bind(self.by)
        .bind(&draft.provenance.source_url)
        .bind(draft.provenance.as_of.map(|date| date.to_string()))
        .bind(shape::to_json(&draft.body))
        .fetch_one(&mut *self.conn)
        .await?;
        Ok(RowId(row))
    }

    /// A revived record stands for itself again, so that it is merged into no other.
    async fn update(&mut self, old: &Stored, draft: &Draft) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE records SET owner = $2, visibility = $3, revision = revision + 1,
                updated_at = $4, updated_by = $5, deleted_at = NULL, merged_into = NULL,
                source_url = $6, as_of = $7, body = $8
             WHERE row = $1",
        )
        .bind(old.row.0)
        .bind(&draft.owner)
        .bind(draft.visibility.as_str())
        .bind(self.at.0)
        .bind(self.by)
        .bind(&draft.provenance.source_url)
        .bind(draft.provenance.as_of.map(|date| date.to_string()))
        .bind(shape::to_json(&draft.body))
        .execute(&mut *self.conn)
        .await?;
        Ok(())
    }
}

/// Whether the record says already what the draft says. Bodies are compared, not their JSON,
/// which may be an older version's.
fn says(record: &Record, draft: &Draft) -> bool {
    let meta = &record.meta;
    meta.deleted_at.is_none()
        && meta.owner == draft.owner
        && meta.visibility == draft.visibility
        && meta.provenance == draft.provenance
        && record.body == draft.body
}

/// Writes the row as it is now into the feed and history.
async fn remember(
    conn: &mut SqliteConnection,
    row: RowId,
    op: &'static str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO changes (op, changed_at, changed_by, row, kind, id, revision, owner,
            visibility, deleted_at, merged_into, source_url, as_of, body)
         SELECT $2, updated_at, updated_by, row, kind, id, revision, owner,
            visibility, deleted_at, merged_into, source_url, as_of, body
         FROM records WHERE row = $1",
    )
    .bind(row.0)
    .bind(op)
    .execute(conn)
    .await?;
    Ok(())
}

/// Replaces the contact; an empty one is erased.
async fn write_contact(
    conn: &mut SqliteConnection,
    row: RowId,
    contact: &str,
) -> Result<(), StoreError> {
    if contact.is_empty() {
        sqlx::query("DELETE FROM contacts WHERE row = $1").bind(row.0).execute(conn).await?;
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO contacts (row, contact) VALUES ($1, $2)
         ON CONFLICT (row) DO UPDATE SET contact = excluded.contact",
    )
    .bind(row.0)
    .bind(contact)
    .execute(conn)
    .await?;
    Ok(())
}

async fn unlink(conn: &mut SqliteConnection, row: RowId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM links WHERE from_row = $1").bind(row.0).execute(conn).await?;
    Ok(())
}

async fn link(
    conn: &mut SqliteConnection,
    row: RowId,
    targets: &[RowId],
) -> Result<(), StoreError> {
    for target in targets {
        // A body may name a record twice; that is one link.
        sqlx::query(
            "INSERT INTO links (from_row, to_row) VALUES ($1, $2)
             ON CONFLICT (from_row, to_row) DO NOTHING",
        )
        .bind(row.0)
        .bind(target.0)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}
