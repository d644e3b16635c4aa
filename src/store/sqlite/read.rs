//! Answers. Each is one statement, so that it shows the store at one moment; only `rows`
//! takes several when it is asked for many.

use std::collections::HashMap;

use sqlx::{QueryBuilder, Sqlite, SqlitePool};

use super::row;
use crate::model::{Kind, Record, RecordId, Timestamp};
use crate::store::{BATCH_MAX, Change, RowId, StoreError, Stored};

/// Rows fetched by one statement: enough for the candidates of one match.
const ROWS_CHUNK: usize = 500;

/// A statement that selects records with their asides, all or those of a table before them.
macro_rules! select_records {
    ($rest:literal) => {
        select_records!("", $rest)
    };
    ($table:literal, $rest:literal) => {
        concat!(
            "SELECT r.row, r.kind, r.id, r.source, r.external_id, r.owner, r.visibility,
                r.revision, r.created_at, r.created_by, r.updated_at, r.updated_by,
                r.deleted_at, r.merged_into, r.source_url, r.as_of, r.body, a.aside
             FROM ",
            $table,
            "records r LEFT JOIN asides a ON a.row = r.row ",
            $rest
        )
    };
}
pub(super) use select_records;

pub(super) async fn get(
    readers: &SqlitePool,
    kind: Kind,
    id: RecordId,
) -> Result<Option<Stored>, StoreError> {
    sqlx::query(select_records!("WHERE r.id = $1 AND r.kind = $2"))
        .bind(id.to_string())
        .bind(kind.as_str())
        .fetch_optional(readers)
        .await?
        .as_ref()
        .map(row::stored)
        .transpose()
}

pub(super) async fn find(
    readers: &SqlitePool,
    kind: Kind,
    source: Option<&str>,
    external_id: &str,
) -> Result<Vec<Stored>, StoreError> {
    // Those of that name, and those that took their places.
    sqlx::query(select_records!(
        "WHERE r.id IN (
            WITH RECURSIVE named (id, merged_into) AS (
                SELECT n.id, n.merged_into FROM records n
                WHERE n.kind = $1 AND n.external_id = $2 AND ($3 IS NULL OR n.source = $3)
                UNION
                SELECT n.id, n.merged_into FROM named m JOIN records n ON n.id = m.merged_into)
            SELECT id FROM named)
           AND r.deleted_at IS NULL ORDER BY r.id"
    ))
    .bind(kind.as_str())
    .bind(external_id)
    .bind(source)
    .fetch_all(readers)
    .await?
    .iter()
    .map(row::stored)
    .collect()
}

pub(super) async fn rows(readers: &SqlitePool, rows: &[RowId]) -> Result<Vec<Stored>, StoreError> {
    if rows.len() > BATCH_MAX {
        return Err(StoreError::BatchTooLarge { count: rows.len() });
    }
    let mut found: HashMap<RowId, Stored> = HashMap::with_capacity(rows.len());
    for chunk in rows.chunks(ROWS_CHUNK) {
        let mut query = QueryBuilder::<Sqlite>::new(select_records!("WHERE r.row IN ("));
        let mut list = query.separated(", ");
        for row in chunk {
            list.push_bind(row.0);
        }
        query.push(")");
        // Its text depends on the number of rows: not worth a place among the prepared ones.
        for row in query.build().persistent(false).fetch_all(readers).await? {
            let stored = row::stored(&row)?;
            found.insert(stored.row, stored);
        }
    }
    Ok(rows.iter().filter_map(|row| found.get(row).cloned()).collect())
}

pub(super) async fn list(
    readers: &SqlitePool,
    kind: Kind,
    after: Option<RecordId>,
    limit: usize,
) -> Result<Vec<Stored>, StoreError> {
    sqlx::query(select_records!(
        "WHERE r.kind = $1 AND r.deleted_at IS NULL AND r.id > $2 ORDER BY r.id LIMIT $3"
    ))
    .bind(kind.as_str())
    // Every id is behind the empty text.
    .bind(after.map(|id| id.to_string()).unwrap_or_default())
    .bind(page(limit))
    .fetch_all(readers)
    .await?
    .iter()
    .map(row::stored)
    .collect()
}

pub(super) async fn referring(
    readers: &SqlitePool,
    kind: Kind,
    (to_kind, to_id): (Kind, RecordId),
    after: Option<RecordId>,
    limit: usize,
) -> Result<Vec<Stored>, StoreError> {
    // From the named record to those that name it: the other way round all of a kind are read.
    sqlx::query(select_records!(
        "records t CROSS JOIN links l ON l.to_row = t.row CROSS JOIN ",
        "WHERE r.row = l.from_row AND t.id = $1 AND t.kind = $2 AND r.kind = $3 AND r.deleted_at IS NULL AND r.id > $4
         ORDER BY r.id LIMIT $5"
    ))
    .bind(to_id.to_string())
    .bind(to_kind.as_str())
    .bind(kind.as_str())
    .bind(after.map(|id| id.to_string()).unwrap_or_default())
    .bind(page(limit))
    .fetch_all(readers)
    .await?
    .iter()
    .map(row::stored)
    .collect()
}

pub(super) async fn count(readers: &SqlitePool, kind: Kind) -> Result<u64, StoreError> {
    let count: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM records WHERE kind = $1 AND deleted_at IS NULL")
            .bind(kind.as_str())
            .fetch_one(readers)
            .await?;
    Ok(count.unsigned_abs())
}

pub(super) async fn revision(
    readers: &SqlitePool,
    kind: Kind,
    id: RecordId,
    revision: u64,
) -> Result<Option<Record>, StoreError> {
    let Ok(revision) = i64::try_from(revision) else { return Ok(None) };
    let found = sqlx::query(
        "SELECT r.row, r.kind, r.id, r.source, r.external_id, h.owner, h.visibility, h.revision,
            r.created_at, r.created_by, h.changed_at AS updated_at, h.changed_by AS updated_by,
            h.deleted_at, h.merged_into, h.source_url, h.as_of, h.body, NULL AS aside
         FROM records r JOIN changes h ON h.row = r.row
         WHERE r.id = $1 AND r.kind = $2 AND h.revision = $3 AND h.digest IS NULL",
    )
    .bind(id.to_string())
    .bind(kind.as_str())
    .bind(revision)
    .fetch_optional(readers)
    .await?;
    Ok(found.as_ref().map(row::stored).transpose()?.map(|stored| stored.record))
}

pub(super) async fn changes(
    readers: &SqlitePool,
    seq: i64,
    limit: usize,
) -> Result<Vec<Change>, StoreError> {
    sqlx::query(
        "SELECT seq, row, kind, id, revision FROM changes WHERE seq > $1 ORDER BY seq LIMIT $2",
    )
    .bind(seq)
    .bind(page(limit))
    .fetch_all(readers)
    .await?
    .iter()
    .map(row::change)
    .collect()
}

/// Number of the last change, 0 before the first.
pub(super) async fn last_seq(readers: &SqlitePool) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) FROM changes").fetch_one(readers).await?)
}

/// Number and instant of the last change.
pub(super) async fn last_change(
    readers: &SqlitePool,
) -> Result<Option<(i64, Timestamp)>, StoreError> {
    let last: Option<(i64, i64)> =
        sqlx::query_as("SELECT seq, changed_at FROM changes ORDER BY seq DESC LIMIT 1")
            .fetch_optional(readers)
            .await?;
    Ok(last.map(|(seq, at)| (seq, Timestamp(at))))
}

pub(super) fn page(limit: usize) -> i64 {
    // BATCH_MAX is far below i64's largest.
    limit.min(BATCH_MAX) as i64
}
