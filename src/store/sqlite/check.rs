//! The store's check of itself.

use std::collections::HashSet;

use sqlx::{SqliteConnection, SqlitePool};

use super::read::select_records;
use super::row;
use crate::store::{RowId, StoreError, Stored};

/// Most findings of one sort that are reported; one damaged page can have thousands.
const FINDINGS_MAX: usize = 20;
/// Records read at a time.
const RECORDS_CHUNK: i64 = 1000;

pub(super) async fn check(readers: &SqlitePool) -> Result<Vec<String>, StoreError> {
    // One transaction: what is written meanwhile is not seen half.
    let mut tx = readers.begin().await?;
    let mut findings: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(20)")
        .fetch_all(&mut *tx)
        .await?
        .into_iter()
        .filter(|line: &String| line != "ok")
        .map(|line| format!("the database file is damaged: {line}"))
        .collect();
    if !findings.is_empty() {
        // What a damaged file says further is not worth reading.
        return Ok(findings);
    }
    let orphaned: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT \"table\" FROM pragma_foreign_key_check ORDER BY 1")
            .fetch_all(&mut *tx)
            .await?;
    findings
        .extend(orphaned.iter().map(|table| format!("{table} holds rows of records that are not")));
    for (statement, finding) in RULES {
        let rows: Vec<i64> = sqlx::query_scalar(*statement).fetch_all(&mut *tx).await?;
        findings.extend(rows.iter().take(FINDINGS_MAX).map(|row| format!("row {row}: {finding}")));
    }
    check_records(&mut tx, &mut findings).await?;
    Ok(findings)
}

/// Statements that select the rows that break a rule, and what is said of them.
const RULES: &[(&str, &str)] = &[
    (
        "SELECT r.row FROM records r LEFT JOIN changes h ON h.row = r.row
         GROUP BY r.row, r.revision
         HAVING COUNT(h.seq) <> r.revision OR COALESCE(MAX(h.revision), 0) <> r.revision
         ORDER BY r.row",
        "its history has not one entry for each revision",
    ),
    (
        "SELECT r.row FROM records r JOIN changes h ON h.row = r.row AND h.revision = r.revision
         WHERE (h.digest IS NULL AND h.body <> r.body) OR h.kind <> r.kind OR h.id <> r.id OR h.owner <> r.owner
            OR h.visibility <> r.visibility OR h.source_url <> r.source_url
            OR COALESCE(h.as_of, '') <> COALESCE(r.as_of, '')
            OR COALESCE(h.deleted_at, -1) <> COALESCE(r.deleted_at, -1)
            OR COALESCE(h.merged_into, '') <> COALESCE(r.merged_into, '')
         ORDER BY r.row",
        "the last entry of its history is not what it says",
    ),
    (
        "SELECT row FROM changes
         WHERE (salt IS NULL) = (digest IS NULL)
            OR (digest IS NOT NULL AND (body <> '' OR source_url <> '' OR length(digest) <> 32))
         GROUP BY row ORDER BY row",
        "an entry of its history neither says something nor was erased",
    ),
    (
        // Of an erased record there is an entry behind, which says that it was deleted.
        "SELECT r.row FROM records r JOIN changes h ON h.row = r.row AND h.revision = r.revision
         WHERE h.digest IS NOT NULL AND r.kind <> 'event' ORDER BY r.row",
        "the last entry of its history was erased, and it was not",
    ),
    (
        "SELECT a.row FROM asides a JOIN records r ON r.row = a.row
         WHERE r.deleted_at IS NOT NULL AND r.merged_into IS NULL ORDER BY a.row",
        "its contact was not erased with it",
    ),
];

/// Reads every record, and compares the links with what the bodies name.
async fn check_records(
    conn: &mut SqliteConnection,
    findings: &mut Vec<String>,
) -> Result<(), StoreError> {
    let most = findings.len() + FINDINGS_MAX;
    let mut last = 0;
    while findings.len() < most {
        let rows = sqlx::query(select_records!("WHERE r.row > $1 ORDER BY r.row LIMIT $2"))
            .bind(last)
            .bind(RECORDS_CHUNK)
            .fetch_all(&mut *conn)
            .await?;
        if rows.is_empty() {
            break;
        }
        for found in &rows {
            match row::stored(found) {
                Ok(stored) => {
                    last = stored.row.0;
                    if !links_are_right(conn, &stored).await? {
                        findings.push(format!("row {last}: its links are not what it names"));
                    }
                }
                Err(StoreError::Unreadable { row: RowId(row), reason }) => {
                    last = row;
                    findings.push(format!("row {row}: cannot be read: {reason}"));
                }
                Err(err) => return Err(err),
            }
        }
    }
    findings.truncate(most);
    Ok(())
}

/// Whether the links of a live record lead to exactly what it names, and those of a tombstone
/// nowhere. What is named may have been deleted since.
async fn links_are_right(conn: &mut SqliteConnection, stored: &Stored) -> Result<bool, StoreError> {
    let live = stored.record.meta.deleted_at.is_none();
    let named: HashSet<(String, String)> = stored
        .record
        .body
        .references()
        .iter()
        .filter(|_| live)
        .map(|(kind, id)| (kind.as_str().to_owned(), id.to_string()))
        .collect();
    let linked: Vec<(String, String)> = sqlx::query_as(
        "SELECT t.kind, t.id FROM links l JOIN records t ON t.row = l.to_row WHERE l.from_row = $1",
    )
    .bind(stored.row.0)
    .fetch_all(conn)
    .await?;
    Ok(linked.len() == named.len() && linked.iter().all(|link| named.contains(link)))
}
