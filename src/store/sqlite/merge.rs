//! One record takes the place of another that was the same, and gives it back.
//!
//! What a merge has moved is in the history: undoing it looks there for what was named before.

use sqlx::{Row, SqliteConnection};

use super::put::{self, changed, checked};
use super::read::select_records;
use super::row;
use super::write::{link, remember, unlink, update};
use super::writer::{Writing, Written};
use crate::model::{
    Body, Draft, Kind, MERGE_MOVED_MAX, Merge, Meta, Provenance, Record, RecordId, Visibility,
};
use crate::store::{Existing, Outcome, RowId, StoreError, Stored, Write, shape};

/// Source of the records that tell of merges.
const SOURCE: &str = "duijie";

/// Two records of one thing.
pub(super) struct Merging {
    pub(super) kind: Kind,
    /// The record that stays.
    pub(super) kept: RecordId,
    /// The record whose place it takes.
    pub(super) merged: RecordId,
    /// Who merges them.
    pub(super) by: String,
}

impl Merging {
    /// Answers with the record of the merge.
    pub async fn write(self, writing: &mut Writing<'_>) -> Result<Written, StoreError> {
        let Self { kind, kept, merged, by } = self;
        let kept_row = live(writing.conn, kind, kept).await?.row;
        let Stored { row, record } = live(writing.conn, kind, merged).await?;
        let naming = naming(writing.conn, row).await?;
        if naming.len() > MERGE_MOVED_MAX {
            return Err(StoreError::BatchTooLarge { count: naming.len() });
        }
        let moved: Vec<(Kind, RecordId)> = naming
            .iter()
            .map(|stored| (stored.record.body.kind(), stored.record.meta.id))
            .collect();
        let external_id = format!("{merged}:{}", record.meta.revision);
        let body =
            Body::Merge(Merge { kind, kept_id: kept, merged_id: merged, moved, undone: false });
        let draft = Draft {
            source: SOURCE.to_owned(),
            external_id,
            owner: String::new(),
            visibility: Visibility::Private,
            provenance: Provenance::default(),
            body,
        };
        let asked = checked(&[Write { draft, existing: Existing::Refused }], &by)?;
        for stored in naming {
            let body = stored.record.body.renamed(kind, merged, kept);
            rewrite(writing, stored, body, &by, Some((row, kept_row))).await?;
        }
        // The contact stays beside the tombstone, as all of it does: undoing gives it back.
        let meta = changed(record.meta, writing, &by);
        let deleted_at = Some(meta.updated_at);
        let meta = Meta { deleted_at, merged_into: Some(kept), ..meta };
        let tombstone = Record { meta, body: record.body };
        let json = shape::to_json(&tombstone.body);
        update(writing.conn, row, &tombstone, &json).await?;
        unlink(writing.conn, row).await?;
        remember(writing.conn, &[(row, "delete")]).await?;
        put::write(writing, asked).await?.into_iter().collect()
    }
}

/// A merge that is to be taken back.
pub(super) struct Unmerging {
    /// The record of the merge.
    pub(super) id: RecordId,
    /// Who takes it back.
    pub(super) by: String,
}

impl Unmerging {
    /// Answers with the record of the merge.
    pub async fn write(self, writing: &mut Writing<'_>) -> Result<Written, StoreError> {
        let Self { id, by } = self;
        let stored = live(writing.conn, Kind::Merge, id).await?;
        let Body::Merge(merge) = stored.record.body.clone() else {
            return Err(StoreError::NotFound { kind: Kind::Merge, id });
        };
        if merge.undone {
            return Ok(vec![(stored, Outcome::Unchanged)]);
        }
        let Merge { kind, kept_id: kept, merged_id: merged, .. } = merge;
        // One that was merged on since names what it named no more: the later merge goes first.
        let kept_row = live(writing.conn, kind, kept).await?.row;
        let tombstone = found(writing.conn, kind, merged).await?;
        let meta = &tombstone.record.meta;
        if meta.deleted_at.is_none() || meta.merged_into != Some(kept) {
            return Err(StoreError::NotFound { kind, id: merged });
        }
        let merged_row = tombstone.row;
        revive(writing, tombstone, &by).await?;
        for (kind_moved, id_moved) in &merge.moved {
            let moved = found(writing.conn, *kind_moved, *id_moved).await?;
            let body = &moved.record.body;
            if moved.record.meta.deleted_at.is_some() || !body.names(kind, kept) {
                continue;
            }
            let before = before(writing.conn, &moved, kind, merged).await?;
            let Some(body) = before.map(|before| given_back(body, &before, kind, kept, merged))
            else {
                continue;
            };
            let gives_up = !body.names(kind, kept);
            rewrite(writing, moved, body, &by, None).await?;
            relink(writing.conn, kind_moved, *id_moved, gives_up.then_some(kept_row), merged_row)
                .await?;
        }
        let undone = Body::Merge(Merge { undone: true, ..merge });
        let written = rewrite(writing, stored, undone, &by, None).await?;
        Ok(vec![(written, Outcome::Updated)])
    }
}

/// What a record says once it names the merged one again: what it said, if nobody has changed it
/// since; else what it says now, with the merged one where the kept one had taken its place.
fn given_back(now: &Body, before: &Body, kind: Kind, kept: RecordId, merged: RecordId) -> Body {
    if *now == before.renamed(kind, merged, kept) {
        return before.clone();
    }
    match (now.clone(), before.names(kind, kept)) {
        // It named both.
        (Body::Achievement(mut body), true) if kind == Kind::Lab => {
            body.lab_ids.push(merged);
            Body::Achievement(body)
        }
        (now, _) => now.renamed(kind, kept, merged),
    }
}

/// What a record said when it last named the merged one; `None` if that was erased.
async fn before(
    conn: &mut SqliteConnection,
    stored: &Stored,
    kind: Kind,
    merged: RecordId,
) -> Result<Option<Body>, StoreError> {
    let of = stored.record.body.kind();
    let entries = sqlx::query(
        "SELECT body FROM changes WHERE row = $1 AND digest IS NULL ORDER BY revision DESC",
    )
    .bind(stored.row.0)
    .fetch_all(conn)
    .await?;
    for entry in &entries {
        let body = shape::from_json(of, entry.try_get("body")?, String::new());
        let body = body
            .map_err(|err| StoreError::Unreadable { row: stored.row, reason: err.to_string() })?;
        if body.names(kind, merged) {
            return Ok(Some(with_aside_of(body, &stored.record.body)));
        }
    }
    Ok(None)
}

/// The history has nothing of what stands beside a body.
fn with_aside_of(mut body: Body, now: &Body) -> Body {
    match (&mut body, now) {
        (Body::Lab(body), Body::Lab(now)) => body.contact.clone_from(&now.contact),
        (Body::User(body), Body::User(now)) => body.password_hash.clone_from(&now.password_hash),
        _ => {}
    }
    body
}

/// Writes the next revision of a record that goes on as it is but for its body. With `moved` its
/// link to one row leads to another.
async fn rewrite(
    writing: &mut Writing<'_>,
    stored: Stored,
    body: Body,
    by: &str,
    moved: Option<(RowId, RowId)>,
) -> Result<Stored, StoreError> {
    let Stored { row, record } = stored;
    let record = Record { meta: changed(record.meta, writing, by), body };
    update(writing.conn, row, &record, &shape::to_json(&record.body)).await?;
    if let Some((from, to)) = moved {
        forget_link(writing.conn, row, from).await?;
        link(writing.conn, row, &[to]).await?;
    }
    remember(writing.conn, &[(row, "update")]).await?;
    Ok(Stored { row, record })
}

/// Lets a record name the merged one again, and the kept one no more if it gives that up.
async fn relink(
    conn: &mut SqliteConnection,
    kind: &Kind,
    id: RecordId,
    gives_up: Option<RowId>,
    merged: RowId,
) -> Result<(), StoreError> {
    let row = found(conn, *kind, id).await?.row;
    if let Some(kept) = gives_up {
        forget_link(conn, row, kept).await?;
    }
    link(conn, row, &[merged]).await
}

async fn forget_link(
    conn: &mut SqliteConnection,
    from: RowId,
    to: RowId,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM links WHERE from_row = $1 AND to_row = $2")
        .bind(from.0)
        .bind(to.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Makes a tombstone live again, with what it named.
async fn revive(writing: &mut Writing<'_>, tombstone: Stored, by: &str) -> Result<(), StoreError> {
    let Stored { row, record } = tombstone;
    let meta = changed(record.meta, writing, by);
    let meta = Meta { deleted_at: None, merged_into: None, ..meta };
    let record = Record { meta, body: record.body };
    update(writing.conn, row, &record, &shape::to_json(&record.body)).await?;
    for (kind, id) in record.body.references() {
        let target = found(writing.conn, kind, id).await?.row;
        link(writing.conn, row, &[target]).await?;
    }
    remember(writing.conn, &[(row, "revive")]).await
}

/// The record of that id, live or not.
async fn found(
    conn: &mut SqliteConnection,
    kind: Kind,
    id: RecordId,
) -> Result<Stored, StoreError> {
    let found = sqlx::query(select_records!("WHERE r.id = $1 AND r.kind = $2"))
        .bind(id.to_string())
        .bind(kind.as_str())
        .fetch_optional(conn)
        .await?;
    row::stored(&found.ok_or(StoreError::NotFound { kind, id })?)
}

async fn live(conn: &mut SqliteConnection, kind: Kind, id: RecordId) -> Result<Stored, StoreError> {
    let stored = found(conn, kind, id).await?;
    match stored.record.meta.deleted_at {
        None => Ok(stored),
        Some(_) => Err(StoreError::NotFound { kind, id }),
    }
}

/// The live records that name the record in a row.
async fn naming(conn: &mut SqliteConnection, row: RowId) -> Result<Vec<Stored>, StoreError> {
    sqlx::query(select_records!(
        "links l CROSS JOIN ",
        "WHERE l.to_row = $1 AND r.row = l.from_row AND r.deleted_at IS NULL ORDER BY r.row"
    ))
    .bind(row.0)
    .fetch_all(conn)
    .await?
    .iter()
    .map(row::stored)
    .collect()
}
