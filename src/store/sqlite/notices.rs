//! Notices in their tables.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection, SqlitePool};

use super::read::page;
use super::writer::Writing;
use crate::model::{Kind, Timestamp};
use crate::store::{
    Audience, Followed, Met, NOTICES_KEPT_MS, NOTICES_MAX, NewNotice, Notice, NoticeReason, RowId,
    StoreError, shape,
};

/// What is to be written about notices.
pub(super) enum NoticeTask {
    /// Going on, with what came of it.
    Take { from: Followed, to: Followed, met: Vec<Met> },
    /// What somebody has seen.
    See { visitor: String, until: i64 },
}

impl NoticeTask {
    /// About as many records as take so long to write.
    pub(super) fn records(&self) -> usize {
        match self {
            Self::Take { met, .. } => met.iter().map(|met| met.notices.len()).sum(),
            Self::See { .. } => 1,
        }
    }

    pub(super) async fn write(self, writing: &mut Writing<'_>) -> Result<(), StoreError> {
        let (conn, at) = (&mut *writing.conn, writing.at);
        match self {
            Self::Take { from, to, met } => {
                let moved = sqlx::query(
                    "UPDATE notices_followed SET seq = $1, backlog = $2
                     WHERE seq = $3 AND backlog = $4",
                )
                .bind(to.seq)
                .bind(shape::backlog_to_json(&to.backlog))
                .bind(from.seq)
                .bind(shape::backlog_to_json(&from.backlog))
                .execute(&mut *conn)
                .await?;
                if moved.rows_affected() == 0 {
                    return Err(StoreError::Overtaken);
                }
                for met in &met {
                    forget(conn, met).await?;
                    for notice in &met.notices {
                        insert(conn, at, met.kind, notice).await?;
                    }
                }
                prune(conn, at).await
            }
            Self::See { visitor, until } => {
                sqlx::query(
                    "INSERT INTO notices_seen (visitor, notice) VALUES ($1, $2)
                     ON CONFLICT (visitor) DO UPDATE SET notice = excluded.notice
                     WHERE excluded.notice > notices_seen.notice",
                )
                .bind(visitor)
                .bind(until)
                .execute(conn)
                .await?;
                Ok(())
            }
        }
    }
}

/// Takes away what was told of other revisions of a record.
async fn forget(conn: &mut SqliteConnection, met: &Met) -> Result<(), StoreError> {
    // No revision is 0.
    let kept = if met.gone { 0 } else { met.revision.cast_signed() };
    let statements: &[&'static str] = match met.kind {
        Kind::Need => &["DELETE FROM notices WHERE need_row = $1 AND need_revision <> $2"],
        Kind::Lab if met.gone => &["DELETE FROM notices WHERE lab_row = $1 AND $2 = 0"],
        _ => &["DELETE FROM notices WHERE document_row = $1 AND document_revision <> $2"],
    };
    for statement in statements {
        sqlx::query(*statement).bind(met.row.0).bind(kept).execute(&mut *conn).await?;
    }
    Ok(())
}

async fn insert(
    conn: &mut SqliteConnection,
    at: Timestamp,
    kind: Kind,
    notice: &NewNotice,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO notices (at, met_kind, need_row, lab_row, document_row, need_revision,
            document_revision, audience, grade, score, share, reasons)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (need_row, lab_row, document_row, audience) DO NOTHING",
    )
    .bind(at.0)
    .bind(kind.as_str())
    .bind(notice.need.0)
    .bind(notice.lab.0)
    .bind(notice.document.0)
    .bind(notice.need_revision.cast_signed())
    .bind(notice.document_revision.cast_signed())
    .bind(code(notice.audience))
    .bind(i64::from(notice.grade))
    .bind(notice.score)
    .bind(notice.share)
    .bind(shape::reasons_to_json(&notice.reasons))
    .execute(conn)
    .await?;
    Ok(())
}

async fn prune(conn: &mut SqliteConnection, at: Timestamp) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM notices WHERE at < $1")
        .bind(at.0 - NOTICES_KEPT_MS)
        .execute(&mut *conn)
        .await?;
    sqlx::query("DELETE FROM notices WHERE id <= (SELECT MAX(id) FROM notices) - $1")
        .bind(NOTICES_MAX)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn followed(readers: &SqlitePool) -> Result<Followed, StoreError> {
    let (seq, backlog): (i64, String) =
        sqlx::query_as("SELECT seq, backlog FROM notices_followed").fetch_one(readers).await?;
    let backlog = shape::backlog_from_json(&backlog).map_err(|reason| unreadable(0, reason))?;
    Ok(Followed { seq, backlog })
}

pub(super) async fn notices(
    readers: &SqlitePool,
    after: i64,
    limit: usize,
) -> Result<Vec<Notice>, StoreError> {
    sqlx::query(
        "SELECT id, at, met_kind, need_row, lab_row, document_row, need_revision,
            document_revision, audience, grade, score, share
         FROM notices WHERE id > $1 ORDER BY id LIMIT $2",
    )
    .bind(after)
    .bind(page(limit))
    .fetch_all(readers)
    .await?
    .iter()
    .map(|row| {
        let need: i64 = row.try_get("need_row")?;
        notice(row).map_err(|reason| unreadable(need, reason))
    })
    .collect()
}

fn notice(row: &SqliteRow) -> Result<Notice, Box<dyn std::error::Error + Send + Sync>> {
    let revision = |name: &str| -> Result<u64, Box<dyn std::error::Error + Send + Sync>> {
        Ok(row.try_get::<i64, _>(name)?.try_into()?)
    };
    Ok(Notice {
        id: row.try_get("id")?,
        at: Timestamp(row.try_get("at")?),
        met_kind: row.try_get::<&str, _>("met_kind")?.parse()?,
        what: NewNotice {
            need: RowId(row.try_get("need_row")?),
            need_revision: revision("need_revision")?,
            lab: RowId(row.try_get("lab_row")?),
            document: RowId(row.try_get("document_row")?),
            document_revision: revision("document_revision")?,
            audience: audience(row.try_get("audience")?),
            grade: row.try_get::<i64, _>("grade")?.try_into()?,
            score: row.try_get("score")?,
            share: row.try_get("share")?,
            reasons: Vec::new(),
        },
    })
}

pub(super) async fn reasons(
    readers: &SqlitePool,
    ids: &[i64],
) -> Result<BTreeMap<i64, Vec<NoticeReason>>, StoreError> {
    let mut found = BTreeMap::new();
    for id in ids {
        let row: Option<(i64, String)> =
            sqlx::query_as("SELECT need_row, reasons FROM notices WHERE id = $1")
                .bind(id)
                .fetch_optional(readers)
                .await?;
        if let Some((need, json)) = row {
            let reasons =
                shape::reasons_from_json(&json).map_err(|reason| unreadable(need, reason))?;
            found.insert(*id, reasons);
        }
    }
    Ok(found)
}

pub(super) async fn last(readers: &SqlitePool) -> Result<i64, StoreError> {
    let last = sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM notices");
    Ok(last.fetch_one(readers).await?)
}

pub(super) async fn seen(readers: &SqlitePool, visitor: &str) -> Result<i64, StoreError> {
    let seen = sqlx::query_scalar("SELECT notice FROM notices_seen WHERE visitor = $1");
    Ok(seen.bind(visitor).fetch_optional(readers).await?.unwrap_or_default())
}

fn code(audience: Audience) -> i64 {
    match audience {
        Audience::Everybody => 0,
        Audience::Insiders => 1,
        Audience::Outsiders => 2,
    }
}

/// What is not known is for the fewest.
fn audience(code: i64) -> Audience {
    match code {
        0 => Audience::Everybody,
        2 => Audience::Outsiders,
        _ => Audience::Insiders,
    }
}

fn unreadable(row: i64, reason: impl std::fmt::Display) -> StoreError {
    StoreError::Unreadable { row: RowId(row), reason: format!("a notice: {reason}") }
}
