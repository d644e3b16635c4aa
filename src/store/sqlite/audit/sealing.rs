//! Chains the changes that no seal covers yet.
//!
//! Hashing is done beside the writer, which only adds the seal. Of two processes that seal at the
//! same time, the second finds the number taken and leaves it at that.

use futures_util::TryStreamExt;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqlitePool};

use super::digest::{Chain, DIGEST_BYTES, Entry, select_entries};
use crate::model::Timestamp;
use crate::store::sqlite::writer::Writing;
use crate::store::{LogHash, SEAL_ROWS_MAX, Seal, Sealed, StoreError};

/// A seal that waits for the writer, who knows the time.
pub(in crate::store::sqlite) struct NewSeal {
    number: i64,
    first_seq: i64,
    last_seq: i64,
    rows: i64,
    chain: Chain,
    entries: Vec<u8>,
}

impl NewSeal {
    /// Adds it, unless another process has done so.
    pub async fn write(self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        let Self { number, first_seq, last_seq, rows, chain, entries } = self;
        let at = writing.at.0;
        sqlx::query(
            "INSERT INTO seals (number, first_seq, last_seq, rows, sealed_at, hash, entries)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (number) DO NOTHING",
        )
        .bind(number)
        .bind(first_seq)
        .bind(last_seq)
        .bind(rows)
        .bind(at)
        .bind(chain.close(number, first_seq, last_seq, rows, at).0.to_vec())
        .bind(entries)
        .execute(&mut *writing.conn)
        .await?;
        Ok(())
    }
}

/// The seal over the changes behind the newest one, [`SEAL_ROWS_MAX`] at most; `None` if there
/// are none.
pub(in crate::store::sqlite) async fn next_seal(
    readers: &SqlitePool,
) -> Result<Option<NewSeal>, StoreError> {
    let newest = newest_seal(readers).await?;
    let behind = newest.map_or(i64::MIN, |seal| seal.last_seq);
    let mut chain = Chain::behind(newest.map(|seal| seal.hash));
    let mut entries = Vec::new();
    let (mut first_seq, mut last_seq, mut rows) = (None, behind, 0);
    let mut unsealed = sqlx::query(select_entries!("WHERE h.seq > $1 ORDER BY h.seq LIMIT $2"))
        .bind(behind)
        .bind(SEAL_ROWS_MAX as i64)
        .fetch(readers);
    while let Some(row) = unsealed.try_next().await? {
        let entry = Entry::of(&row)?;
        chain.add(&entry);
        entry.noted().write(&mut entries);
        first_seq.get_or_insert(entry.seq);
        last_seq = entry.seq;
        rows += 1;
    }
    let number = newest.map_or(1, |seal| seal.number.cast_signed() + 1);
    Ok(first_seq.map(|first_seq| NewSeal { number, first_seq, last_seq, rows, chain, entries }))
}

/// The seal with the largest number.
pub(in crate::store::sqlite) async fn newest_seal(
    readers: &SqlitePool,
) -> Result<Option<Seal>, StoreError> {
    let found = sqlx::query(
        "SELECT number, first_seq, last_seq, rows, sealed_at, hash FROM seals
         ORDER BY number DESC LIMIT 1",
    )
    .fetch_optional(readers)
    .await?;
    found.as_ref().map(seal).transpose()
}

/// The seal with that hash.
pub(in crate::store::sqlite) async fn seal_of_hash(
    readers: &SqlitePool,
    hash: LogHash,
) -> Result<Option<Seal>, StoreError> {
    let found = sqlx::query(
        "SELECT number, first_seq, last_seq, rows, sealed_at, hash FROM seals WHERE hash = $1",
    )
    .bind(hash.0.to_vec())
    .fetch_optional(readers)
    .await?;
    found.as_ref().map(seal).transpose()
}

/// The newest seal, and how many changes are behind it.
pub(in crate::store::sqlite) async fn sealed(readers: &SqlitePool) -> Result<Sealed, StoreError> {
    let newest = newest_seal(readers).await?;
    let waiting: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM changes WHERE seq > $1")
        .bind(newest.map_or(i64::MIN, |seal| seal.last_seq))
        .fetch_one(readers)
        .await?;
    Ok(Sealed { newest, waiting: waiting.unsigned_abs() })
}

/// The seal in a row of `seals`. A hash of another length is no seal's: it fits nothing.
pub(super) fn seal(row: &SqliteRow) -> Result<Seal, StoreError> {
    let hash: Vec<u8> = row.try_get("hash")?;
    Ok(Seal {
        number: row.try_get::<i64, _>("number")?.unsigned_abs(),
        first_seq: row.try_get("first_seq")?,
        last_seq: row.try_get("last_seq")?,
        rows: row.try_get::<i64, _>("rows")?.unsigned_abs(),
        at: Timestamp(row.try_get("sealed_at")?),
        hash: LogHash(hash.try_into().unwrap_or([0; DIGEST_BYTES])),
    })
}
