//! What becomes of drafts: new records, further revisions, or nothing.

use std::collections::HashMap;

use super::read::select_records;
use super::row;
use super::write::{insert, link, remember, unlink, update, write_contact};
use super::writer::{Writing, Written};
use crate::model::{Draft, Kind, Meta, Record, RecordId};
use crate::store::{BATCH_MAX, Outcome, RowId, StoreError, Stored, shape};

/// Drafts that were checked, with the JSON of their bodies: what can be done before the writer,
/// of which there is one for all.
pub(super) struct Drafts(Vec<(Draft, String)>);

/// What becomes of a live record that a draft names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    /// It says what the draft says.
    Updated,
    /// It stays as it is, and the call is refused.
    Refused,
}

impl Drafts {
    /// Checks the drafts of one call.
    pub(super) fn checked(drafts: &[Draft]) -> Result<Self, StoreError> {
        if drafts.len() > BATCH_MAX {
            return Err(StoreError::BatchTooLarge { count: drafts.len() });
        }
        let mut checked = Vec::with_capacity(drafts.len());
        for (draft_idx, draft) in drafts.iter().enumerate() {
            // Checked, and kept to the letter: spans count the characters as they were written.
            draft
                .clone()
                .checked()
                .and_then(|draft| shape::check(&draft.body))
                .map_err(|refusal| StoreError::IllegalDraft { draft_idx, refusal })?;
            checked.push((draft.clone(), shape::to_json(&draft.body)));
        }
        Ok(Self(checked))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Writes them in their order.
    pub(super) async fn write(
        self,
        writing: &mut Writing<'_>,
        by: &str,
        existing: Existing,
    ) -> Result<Written, StoreError> {
        let mut batch = Batch { writing, by, existing, live_rows: HashMap::new() };
        let mut written = Vec::with_capacity(self.0.len());
        for (draft, json) in self.0 {
            written.push(batch.write(draft, &json).await?);
        }
        Ok(written)
    }
}

/// One call, inside its transaction.
struct Batch<'a, 'w> {
    writing: &'a mut Writing<'w>,
    by: &'a str,
    existing: Existing,
    /// Rows of the records that drafts named, known to be live: drafts delete nothing.
    live_rows: HashMap<(Kind, RecordId), RowId>,
}

impl Batch<'_, '_> {
    async fn write(&mut self, draft: Draft, json: &str) -> Result<(Stored, Outcome), StoreError> {
        let targets = self.targets(&draft).await?;
        let Some(old) = self.old(&draft).await? else {
            return Ok((self.create(draft, json, &targets).await?, Outcome::Created));
        };
        let live = old.record.meta.deleted_at.is_none();
        if live && self.existing == Existing::Refused {
            let Draft { source: source_name, external_id, body, .. } = draft;
            return Err(StoreError::Exists { kind: body.kind(), source_name, external_id });
        }
        if live && says(&old.record, &draft) {
            return Ok((old, Outcome::Unchanged));
        }
        Ok((self.update(old, draft, json, &targets).await?, Outcome::Updated))
    }

    /// The record of the draft's name, live or not.
    async fn old(&mut self, draft: &Draft) -> Result<Option<Stored>, StoreError> {
        sqlx::query(select_records!("WHERE r.kind = $1 AND r.source = $2 AND r.external_id = $3"))
            .bind(draft.body.kind().as_str())
            .bind(&draft.source)
            .bind(&draft.external_id)
            .fetch_optional(&mut *self.writing.conn)
            .await?
            .as_ref()
            .map(row::stored)
            .transpose()
    }

    /// The rows of the records that the draft names.
    async fn targets(&mut self, draft: &Draft) -> Result<Vec<RowId>, StoreError> {
        let (kind, ids) = draft.body.references();
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(row) = self.live_rows.get(&(kind, id)) {
                rows.push(*row);
                continue;
            }
            let row = sqlx::query_scalar(
                "SELECT row FROM records WHERE id = $1 AND kind = $2 AND deleted_at IS NULL",
            )
            .bind(id.to_string())
            .bind(kind.as_str())
            .fetch_optional(&mut *self.writing.conn)
            .await?
            .map(RowId)
            .ok_or(StoreError::DanglingReference { kind, id })?;
            self.live_rows.insert((kind, id), row);
            rows.push(row);
        }
        Ok(rows)
    }

    async fn create(
        &mut self,
        draft: Draft,
        json: &str,
        targets: &[RowId],
    ) -> Result<Stored, StoreError> {
        let at = self.writing.at;
        let meta = Meta {
            id: self.writing.next_id(),
            source: draft.source,
            external_id: draft.external_id,
            owner: draft.owner,
            visibility: draft.visibility,
            revision: 1,
            created_at: at,
            created_by: self.by.to_owned(),
            updated_at: at,
            updated_by: self.by.to_owned(),
            deleted_at: None,
            merged_into: None,
            provenance: draft.provenance,
        };
        let record = Record { meta, body: draft.body };
        let conn = &mut *self.writing.conn;
        let row = insert(conn, &record, json).await?;
        let contact = shape::contact(&record.body);
        if !contact.is_empty() {
            write_contact(conn, row, contact).await?;
        }
        link(conn, row, targets).await?;
        remember(conn, row, "create").await?;
        Ok(Stored { row, record })
    }

    /// A revived record stands for itself again, so that it is merged into no other.
    async fn update(
        &mut self,
        old: Stored,
        draft: Draft,
        json: &str,
        targets: &[RowId],
    ) -> Result<Stored, StoreError> {
        let Stored { row, record: Record { meta, body: old_body } } = old;
        let revived = meta.deleted_at.is_some();
        let meta = Meta {
            owner: draft.owner,
            visibility: draft.visibility,
            provenance: draft.provenance,
            deleted_at: None,
            merged_into: None,
            ..changed(meta, self.writing, self.by)
        };
        let record = Record { meta, body: draft.body };
        let conn = &mut *self.writing.conn;
        update(conn, row, &record, json).await?;
        let contact = shape::contact(&record.body);
        if shape::contact(&old_body) != contact {
            write_contact(conn, row, contact).await?;
        }
        if revived || old_body.references() != record.body.references() {
            unlink(conn, row).await?;
            link(conn, row, targets).await?;
        }
        remember(conn, row, if revived { "revive" } else { "update" }).await?;
        Ok(Stored { row, record })
    }
}

/// The next revision of a record. The clock may have been ahead when it was created.
pub(super) fn changed(meta: Meta, writing: &Writing<'_>, by: &str) -> Meta {
    Meta {
        revision: meta.revision + 1,
        updated_at: writing.at.max(meta.created_at),
        updated_by: by.to_owned(),
        ..meta
    }
}

/// Whether the live record says already what the draft says. Bodies are compared, not their
/// JSON, which may be an older version's.
fn says(record: &Record, draft: &Draft) -> bool {
    let meta = &record.meta;
    meta.owner == draft.owner
        && meta.visibility == draft.visibility
        && meta.provenance == draft.provenance
        && record.body == draft.body
}
