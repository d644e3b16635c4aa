//! Rows of the database as records, checked like everything that comes from outside.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::model::{Meta, Provenance, Record, Timestamp};
use crate::store::{Change, RowId, StoreError, Stored, shape};

/// Why a row is no record.
type Unreadable = Box<dyn std::error::Error + Send + Sync>;

/// The record in a row with the columns of `records` and an `aside`, which may be null.
pub(super) fn stored(row: &SqliteRow) -> Result<Stored, StoreError> {
    let number = RowId(row.try_get("row")?);
    record(row)
        .map(|record| Stored { row: number, record })
        .map_err(|err| StoreError::Unreadable { row: number, reason: err.to_string() })
}

fn record(row: &SqliteRow) -> Result<Record, Unreadable> {
    let kind = row.try_get::<&str, _>("kind")?.parse()?;
    let aside: Option<String> = row.try_get("aside")?;
    let as_of: Option<&str> = row.try_get("as_of")?;
    let merged_into: Option<&str> = row.try_get("merged_into")?;
    let deleted_at: Option<i64> = row.try_get("deleted_at")?;
    Ok(Record {
        meta: Meta {
            id: row.try_get::<&str, _>("id")?.parse()?,
            source: row.try_get("source")?,
            external_id: row.try_get("external_id")?,
            owner: row.try_get("owner")?,
            visibility: row.try_get::<&str, _>("visibility")?.parse()?,
            revision: row.try_get::<i64, _>("revision")?.try_into()?,
            created_at: Timestamp(row.try_get("created_at")?),
            created_by: row.try_get("created_by")?,
            updated_at: Timestamp(row.try_get("updated_at")?),
            updated_by: row.try_get("updated_by")?,
            deleted_at: deleted_at.map(Timestamp),
            merged_into: merged_into.map(str::parse).transpose()?,
            provenance: Provenance {
                source_url: row.try_get("source_url")?,
                as_of: as_of.map(str::parse).transpose()?,
            },
        },
        body: shape::from_json(kind, row.try_get("body")?, aside.unwrap_or_default())?,
    })
}

/// The entry of the feed in a row of `changes`.
pub(super) fn change(row: &SqliteRow) -> Result<Change, StoreError> {
    let number = RowId(row.try_get("row")?);
    let read = || -> Result<Change, Unreadable> {
        Ok(Change {
            seq: row.try_get("seq")?,
            row: number,
            kind: row.try_get::<&str, _>("kind")?.parse()?,
            id: row.try_get::<&str, _>("id")?.parse()?,
            revision: row.try_get::<i64, _>("revision")?.try_into()?,
        })
    };
    read().map_err(|err| StoreError::Unreadable { row: number, reason: err.to_string() })
}
