//! A record into its tables: the row, the contact, the links, and the entry of feed and history.

use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Sqlite, SqliteConnection};

use crate::model::Record;
use crate::store::{RowId, StoreError};

/// A statement with the values of a record that change, as $1 to $10.
fn with_state<'q>(
    statement: &'static str,
    record: &'q Record,
    json: &'q str,
) -> Query<'q, Sqlite, SqliteArguments> {
    let meta = &record.meta;
    sqlx::query(statement)
        .bind(&meta.owner)
        .bind(meta.visibility.as_str())
        .bind(meta.revision.cast_signed())
        .bind(meta.updated_at.0)
        .bind(&meta.updated_by)
        .bind(meta.deleted_at.map(|at| at.0))
        .bind(meta.merged_into.map(|id| id.to_string()))
        .bind(&meta.provenance.source_url)
        .bind(meta.provenance.as_of.map(|date| date.to_string()))
        .bind(json)
}

/// Writes a new record and returns its row; `json` is its body's.
pub(super) async fn insert(
    conn: &mut SqliteConnection,
    record: &Record,
    json: &str,
) -> Result<RowId, StoreError> {
    let statement = "INSERT INTO records (owner, visibility, revision, updated_at, updated_by,
            deleted_at, merged_into, source_url, as_of, body,
            kind, id, source, external_id, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         RETURNING row";
    let meta = &record.meta;
    let row = with_state(statement, record, json)
        .bind(record.body.kind().as_str())
        .bind(meta.id.to_string())
        .bind(&meta.source)
        .bind(&meta.external_id)
        .bind(meta.created_at.0)
        .bind(&meta.created_by)
        .fetch_one(conn)
        .await?;
    Ok(RowId(sqlx::Row::try_get(&row, 0)?))
}

/// Writes the next revision of the record in a row; `json` is its body's.
pub(super) async fn update(
    conn: &mut SqliteConnection,
    row: RowId,
    record: &Record,
    json: &str,
) -> Result<(), StoreError> {
    let statement = "UPDATE records SET owner = $1, visibility = $2, revision = $3,
            updated_at = $4, updated_by = $5, deleted_at = $6, merged_into = $7,
            source_url = $8, as_of = $9, body = $10
         WHERE row = $11";
    with_state(statement, record, json).bind(row.0).execute(conn).await?;
    Ok(())
}

/// Writes the row as it is now into the feed and history.
pub(super) async fn remember(
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
pub(super) async fn write_contact(
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

/// Forgets what the record in a row names.
pub(super) async fn unlink(conn: &mut SqliteConnection, row: RowId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM links WHERE from_row = $1").bind(row.0).execute(conn).await?;
    Ok(())
}

/// Notes what the record in a row names.
pub(super) async fn link(
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
