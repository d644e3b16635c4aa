//! Questions to the log.

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite, SqlitePool};

use crate::model::Timestamp;
use crate::store::sqlite::row;
use crate::store::{AuditEntry, AuditFilter, BATCH_MAX, StoreError, shape};

/// The entries that pass the filter, the newest first, before `before` if it is given.
pub(in crate::store::sqlite) async fn audit(
    readers: &SqlitePool,
    filter: &AuditFilter,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<AuditEntry>, StoreError> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT h.seq, h.row, h.kind, h.id, h.revision, h.op, h.changed_at, h.changed_by, h.body,
            h.digest IS NULL AS is_there
         FROM changes h WHERE h.seq < ",
    );
    query.push_bind(before.unwrap_or(i64::MAX));
    let AuditFilter { record, by, operation, action, since, until } = filter;
    if let Some((kind, id)) = record {
        let id = id.to_string();
        query.push(" AND h.seq IN (SELECT c.seq FROM changes c JOIN records r ON r.row = c.row");
        query.push(" WHERE r.id = ").push_bind(id.clone());
        query.push(" AND r.kind = ").push_bind(kind.as_str());
        query.push(
            " UNION ALL SELECT e.seq FROM changes e
              WHERE e.kind = 'event' AND e.body <> '' AND json_extract(e.body, '$.subject[1]') = ",
        );
        query.push_bind(id).push(")");
    }
    if let Some(by) = by {
        query.push(" AND h.changed_by = ").push_bind(by);
    }
    if let Some(operation) = operation {
        // Events are told by what happened, not as records that were made.
        query.push(" AND h.kind <> 'event' AND h.op = ").push_bind(operation.as_str());
    }
    if let Some(action) = action {
        query
            .push(" AND h.kind = 'event' AND h.body <> '' AND json_extract(h.body, '$.action') = ");
        query.push_bind(action.as_str());
    }
    // The index on instants gives the bounds, the order of the feed the entries: sorting all that
    // lie between would cost more than reading them. Clocks jump, so that each is asked as well.
    if let Some(since) = since {
        query.push(" AND h.seq >= (SELECT MIN(seq) FROM changes WHERE changed_at >= ");
        query.push_bind(since.0).push(") AND +h.changed_at >= ").push_bind(since.0);
    }
    if let Some(until) = until {
        query.push(" AND h.seq <= (SELECT MAX(seq) FROM changes WHERE changed_at < ");
        query.push_bind(until.0).push(") AND +h.changed_at < ").push_bind(until.0);
    }
    query.push(" ORDER BY h.seq DESC LIMIT ");
    // BATCH_MAX is far below i64's largest.
    query.push_bind(limit.min(BATCH_MAX) as i64);
    query.build().fetch_all(readers).await?.iter().map(entry).collect()
}

fn entry(found: &SqliteRow) -> Result<AuditEntry, StoreError> {
    let change = row::change(found)?;
    let unreadable = |reason: String| StoreError::Unreadable { row: change.row, reason };
    let operation = found.try_get::<&str, _>("op")?;
    let operation = operation.parse().map_err(|err| unreadable(format!("{err}")))?;
    let body = if found.try_get("is_there")? {
        let json = found.try_get("body")?;
        let body = shape::from_json(change.kind, json, String::new());
        Some(body.map_err(|err| unreadable(err.to_string()))?)
    } else {
        None
    };
    let at = Timestamp(found.try_get("changed_at")?);
    Ok(AuditEntry { change, operation, at, by: found.try_get("changed_by")?, body })
}
