//! Requests with a key: done once, however often they are sent.

use super::put::{self, Asked};
use super::read::select_records;
use super::row;
use super::writer::{Writing, Written};
use crate::store::{Outcome, REQUESTS_KEPT_MS, RequestKey, StoreError};

/// Writes the drafts of a request and remembers its key, or tells what came of it before.
///
/// # Errors
/// If the database fails; within, if a draft was refused or the key is another request's.
pub(super) async fn write(
    writing: &mut Writing<'_>,
    asked: Vec<Asked>,
    request: &RequestKey,
) -> Result<Result<Written, StoreError>, StoreError> {
    let at = writing.at.0;
    sqlx::query("DELETE FROM requests WHERE at < $1")
        .bind(at - REQUESTS_KEPT_MS)
        .execute(&mut *writing.conn)
        .await?;
    let done: Option<(String, i64)> =
        sqlx::query_as("SELECT digest, row FROM requests WHERE caller = $1 AND key = $2")
            .bind(&request.caller)
            .bind(&request.key)
            .fetch_optional(&mut *writing.conn)
            .await?;
    if let Some((digest, first)) = done {
        if digest != request.digest {
            return Ok(Err(StoreError::RequestReused { key: request.key.clone() }));
        }
        let found = sqlx::query(select_records!("WHERE r.row = $1"))
            .bind(first)
            .fetch_one(&mut *writing.conn)
            .await?;
        return Ok(row::stored(&found).map(|stored| vec![(stored, Outcome::Repeated)]));
    }
    let written: Result<Written, StoreError> =
        put::write(writing, asked).await?.into_iter().collect();
    if let Ok(written) = &written
        && let Some((first, _)) = written.first()
    {
        sqlx::query(
            "INSERT INTO requests (caller, key, digest, row, revision, at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&request.caller)
        .bind(&request.key)
        .bind(&request.digest)
        .bind(first.row.0)
        .bind(first.record.meta.revision.cast_signed())
        .bind(at)
        .execute(&mut *writing.conn)
        .await?;
    }
    Ok(written)
}
