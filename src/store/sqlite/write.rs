//! A record into its tables: the row, what stands beside it, the links, and the entry of feed and history.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::model::Record;
use crate::store::{RowId, StoreError};

/// A new record with the JSON of its body.
pub(super) struct NewRow<'a> {
    pub(super) record: &'a Record,
    pub(super) json: &'a str,
}

/// Most rows of one statement that writes or looks up several.
const ROWS_MAX: usize = 64;

/// The items in their order, in parts that share a statement. The parts have one of few sizes,
/// so that the statements stay prepared.
pub(super) fn parts<T>(mut items: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let mut size = ROWS_MAX;
        while size > items.len() {
            size /= 4;
        }
        let (part, rest) = items.split_at(size);
        items = rest;
        (size > 0).then_some(part)
    })
}

/// Writes new records and returns their rows, in their order.
pub(super) async fn insert(
    conn: &mut SqliteConnection,
    new: &[NewRow<'_>],
) -> Result<Vec<RowId>, StoreError> {
    let mut rows = Vec::with_capacity(new.len());
    for part in parts(new) {
        let mut statement = QueryBuilder::<Sqlite>::new(
            "INSERT INTO records (kind, id, source, external_id, created_at, created_by, owner,
                visibility, revision, updated_at, updated_by, deleted_at, merged_into, source_url,
                as_of, body) ",
        );
        statement.push_values(part, |mut row, NewRow { record, json }| {
            let meta = &record.meta;
            row.push_bind(record.body.kind().as_str())
                .push_bind(meta.id.to_string())
                .push_bind(&meta.source)
                .push_bind(&meta.external_id)
                .push_bind(meta.created_at.0)
                .push_bind(&meta.created_by)
                .push_bind(&meta.owner)
                .push_bind(meta.visibility.as_str())
                .push_bind(meta.revision.cast_signed())
                .push_bind(meta.updated_at.0)
                .push_bind(&meta.updated_by)
                .push_bind(meta.deleted_at.map(|at| at.0))
                .push_bind(meta.merged_into.map(|id| id.to_string()))
                .push_bind(&meta.provenance.source_url)
                .push_bind(meta.provenance.as_of.map(|date| date.to_string()))
                .push_bind(*json);
        });
        statement.push(" RETURNING row");
        let mut written: Vec<i64> = statement.build_query_scalar().fetch_all(&mut *conn).await?;
        // Numbers grow in the order of the values; in which order they are returned is open.
        written.sort_unstable();
        rows.extend(written.into_iter().map(RowId));
    }
    Ok(rows)
}

/// Writes the next revision of the record in a row; `json` is its body's.
pub(super) async fn update(
    conn: &mut SqliteConnection,
    row: RowId,
    record: &Record,
    json: &str,
) -> Result<(), StoreError> {
    let meta = &record.meta;
    sqlx::query(
        "UPDATE records SET owner = $1, visibility = $2, revision = $3,
            updated_at = $4, updated_by = $5, deleted_at = $6, merged_into = $7,
            source_url = $8, as_of = $9, body = $10
         WHERE row = $11",
    )
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
    .bind(row.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes rows as they are now into feed and history, in the order given, each with what was
/// done.
pub(super) async fn remember(
    conn: &mut SqliteConnection,
    changed: &[(RowId, &'static str)],
) -> Result<(), StoreError> {
    for part in parts(changed) {
        let mut statement = QueryBuilder::<Sqlite>::new("WITH changed (idx, row, op) AS (");
        statement.push_values((0i64..).zip(part), |mut values, (idx, (row, op))| {
            values.push_bind(idx).push_bind(row.0).push_bind(*op);
        });
        statement.push(
            ") INSERT INTO changes (op, changed_at, changed_by, row, kind, id, revision, owner,
                visibility, deleted_at, merged_into, source_url, as_of, body, salt)
             SELECT c.op, r.updated_at, r.updated_by, r.row, r.kind, r.id, r.revision, r.owner,
                r.visibility, r.deleted_at, r.merged_into, r.source_url, r.as_of, r.body,
                randomblob(16)
             FROM changed c CROSS JOIN records r WHERE r.row = c.row ORDER BY c.idx",
        );
        statement.build().execute(&mut *conn).await?;
    }
    Ok(())
}

/// Replaces what stands beside the body; an empty one is erased.
pub(super) async fn write_aside(
    conn: &mut SqliteConnection,
    row: RowId,
    aside: &str,
) -> Result<(), StoreError> {
    if aside.is_empty() {
        sqlx::query("DELETE FROM asides WHERE row = $1").bind(row.0).execute(conn).await?;
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO asides (row, aside) VALUES ($1, $2)
         ON CONFLICT (row) DO UPDATE SET aside = excluded.aside",
    )
    .bind(row.0)
    .bind(aside)
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
