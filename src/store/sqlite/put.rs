//! What becomes of drafts: new records, further revisions, or nothing.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::read::select_records;
use super::row;
use super::write::{NewRow, insert, link, parts, remember, unlink, update, write_aside};
use super::writer::Writing;
use crate::model::{Draft, Kind, Meta, Record, RecordId};
use crate::store::{BATCH_MAX, Existing, Outcome, RowId, StoreError, Stored, Write, shape};

/// Most drafts that are looked up before the first of them is written.
const RUN_MAX: usize = 256;

/// A draft that was checked, with the JSON of its body: what can be done before the writer, of
/// which there is one for all.
pub(super) struct Asked {
    draft: Draft,
    json: String,
    by: Arc<str>,
    existing: Existing,
}

/// What became of a draft, or why it was refused.
type Fate = Result<(Stored, Outcome), StoreError>;

/// Checks the drafts of one call.
pub(super) fn checked(writes: &[Write], by: &str) -> Result<Vec<Asked>, StoreError> {
    if writes.len() > BATCH_MAX {
        return Err(StoreError::BatchTooLarge { count: writes.len() });
    }
    let by: Arc<str> = by.into();
    let mut checked = Vec::with_capacity(writes.len());
    for (draft_idx, Write { draft, existing }) in writes.iter().enumerate() {
        // Checked, and kept to the letter: spans count the characters as they were written.
        draft
            .clone()
            .checked()
            .and_then(|draft| draft.body.checked())
            .map_err(|refusal| StoreError::IllegalDraft { draft_idx, refusal })?;
        let json = shape::to_json(&draft.body);
        let existing = *existing;
        checked.push(Asked { draft: draft.clone(), json, by: by.clone(), existing });
    }
    Ok(checked)
}

/// Writes drafts in their order. One that is refused leaves nothing behind and does not keep the
/// others from being written.
///
/// # Errors
/// If the database fails.
pub(super) async fn write(
    writing: &mut Writing<'_>,
    asked: Vec<Asked>,
) -> Result<Vec<Fate>, StoreError> {
    let mut drafts = Drafts { writing, live_rows: HashMap::new() };
    let mut fates = Vec::with_capacity(asked.len());
    for run in runs(asked) {
        fates.extend(drafts.write(run).await?);
    }
    Ok(fates)
}

/// Kind, source and external id: what a draft calls its record.
type Name = (String, String, String);

fn name(draft: &Draft) -> Name {
    let kind = draft.body.kind().as_str().to_owned();
    (kind, draft.source.clone(), draft.external_id.clone())
}

/// The drafts in their order, cut where one names a record that another one before it names: in
/// a run, none changes what the others find.
fn runs(asked: Vec<Asked>) -> Vec<Vec<Asked>> {
    let mut runs = Vec::new();
    let (mut run, mut names) = (Vec::new(), HashSet::new());
    for asked in asked {
        let name = name(&asked.draft);
        if run.len() == RUN_MAX || names.contains(&name) {
            runs.push(std::mem::take(&mut run));
            names.clear();
        }
        names.insert(name);
        run.push(asked);
    }
    runs.push(run);
    runs
}

/// A record that there was not, not written yet.
struct New {
    record: Record,
    json: String,
    targets: Vec<RowId>,
}

/// What becomes of a draft that is not refused.
enum Decision {
    Unchanged(Stored),
    /// Another record stands for it.
    Merged(Stored),
    /// Written, and what feed and history call that.
    Updated(Stored, &'static str),
    /// The next of the new records.
    New,
}

/// Drafts inside their transaction.
struct Drafts<'a, 'w> {
    writing: &'a mut Writing<'w>,
    /// Rows of the records that drafts named, known to be live: drafts delete nothing.
    live_rows: HashMap<(Kind, RecordId), RowId>,
}

impl Drafts<'_, '_> {
    /// Writes a run: further revisions one by one, all new records together, and the entries of
    /// the feed in the order of the drafts.
    async fn write(&mut self, run: Vec<Asked>) -> Result<Vec<Fate>, StoreError> {
        let mut olds = self.olds(&run).await?;
        let mut decisions = Vec::with_capacity(run.len());
        let mut new = Vec::new();
        for asked in run {
            let old = olds.remove(&name(&asked.draft)).transpose();
            let decision = match old {
                Ok(old) => self.decide(asked, old, &mut new).await,
                Err(unreadable) => Err(unreadable),
            };
            match decision {
                Err(fault) if fault.is_fault() => return Err(fault),
                decision => decisions.push(decision),
            }
        }
        let mut created = self.create(new).await?.into_iter();
        let mut fates = Vec::with_capacity(decisions.len());
        let mut changes = Vec::new();
        for decision in decisions {
            fates.push(match decision {
                Ok(Decision::Unchanged(stored)) => Ok((stored, Outcome::Unchanged)),
                Ok(Decision::Merged(stored)) => Ok((stored, Outcome::Merged)),
                Ok(Decision::Updated(stored, op)) => {
                    changes.push((stored.row, op));
                    Ok((stored, Outcome::Updated))
                }
                Ok(Decision::New) => {
                    let stored = created.next().ok_or(sqlx::Error::RowNotFound)?;
                    changes.push((stored.row, "create"));
                    Ok((stored, Outcome::Created))
                }
                Err(refusal) => Err(refusal),
            });
        }
        remember(self.writing.conn, &changes).await?;
        Ok(fates)
    }

    /// Refuses a draft, changes the record that it names, or leaves a new one in `new`.
    async fn decide(
        &mut self,
        asked: Asked,
        old: Option<Stored>,
        new: &mut Vec<New>,
    ) -> Result<Decision, StoreError> {
        let live = old.as_ref().filter(|old| old.record.meta.deleted_at.is_none());
        // A record that is changed as it is known may go on naming what was deleted since.
        let held = match (asked.existing, live) {
            (Existing::Expected { .. }, Some(old)) => old.record.body.references(),
            _ => Vec::new(),
        };
        check_existing(&asked, live)?;
        let targets = self.targets(&asked.draft, &held).await?;
        let Some(old) = old else {
            new.push(self.new_record(asked, targets));
            return Ok(Decision::New);
        };
        let live = old.record.meta.deleted_at.is_none();
        if !live && old.record.meta.merged_into.is_some() {
            return match asked.existing {
                Existing::Updated => Ok(Decision::Merged(old)),
                Existing::Refused | Existing::Expected { .. } => Err(exists(&asked.draft)),
            };
        }
        let Asked { draft, json, by, .. } = asked;
        if live && says(&old.record, &draft) {
            return Ok(Decision::Unchanged(old));
        }
        let updated = self.update(old, draft, &by, &json, &targets).await?;
        Ok(Decision::Updated(updated, if live { "update" } else { "revive" }))
    }

    /// The records that the drafts name, live or not.
    async fn olds(
        &mut self,
        run: &[Asked],
    ) -> Result<HashMap<Name, Result<Stored, StoreError>>, StoreError> {
        let mut found = HashMap::new();
        for part in parts(run) {
            let mut statement =
                QueryBuilder::<Sqlite>::new("WITH names (kind, source, external_id) AS (");
            statement.push_values(part, |mut row, Asked { draft, .. }| {
                row.push_bind(draft.body.kind().as_str())
                    .push_bind(&draft.source)
                    .push_bind(&draft.external_id);
            });
            // The names first: of a list of names after IN, SQLite takes it that looking at all
            // records is cheaper.
            statement.push(") ").push(select_records!(
                "names n CROSS JOIN ",
                "WHERE r.kind = n.kind AND r.source = n.source AND r.external_id = n.external_id"
            ));
            let rows: Vec<SqliteRow> = statement.build().fetch_all(&mut *self.writing.conn).await?;
            for row in rows {
                let name =
                    (row.try_get("kind")?, row.try_get("source")?, row.try_get("external_id")?);
                found.insert(name, row::stored(&row));
            }
        }
        Ok(found)
    }

    /// The rows of the records that the draft names. All but those in `held` must be live.
    async fn targets(
        &mut self,
        draft: &Draft,
        held: &[(Kind, RecordId)],
    ) -> Result<Vec<RowId>, StoreError> {
        let references = draft.body.references();
        let mut rows = Vec::with_capacity(references.len());
        for (kind, id) in references {
            if let Some(row) = self.live_rows.get(&(kind, id)) {
                rows.push(*row);
                continue;
            }
            let found: Option<(i64, bool)> = sqlx::query_as(
                "SELECT row, deleted_at IS NULL FROM records WHERE id = $1 AND kind = $2",
            )
            .bind(id.to_string())
            .bind(kind.as_str())
            .fetch_optional(&mut *self.writing.conn)
            .await?;
            match found {
                Some((row, true)) => {
                    self.live_rows.insert((kind, id), RowId(row));
                    rows.push(RowId(row));
                }
                Some((row, false)) if held.contains(&(kind, id)) => rows.push(RowId(row)),
                _ => return Err(StoreError::DanglingReference { kind, id }),
            }
        }
        Ok(rows)
    }

    fn new_record(&mut self, asked: Asked, targets: Vec<RowId>) -> New {
        let Asked { draft, json, by, .. } = asked;
        let at = self.writing.at;
        let meta = Meta {
            id: self.writing.next_id(),
            source: draft.source,
            external_id: draft.external_id,
            owner: draft.owner,
            visibility: draft.visibility,
            revision: 1,
            created_at: at,
            created_by: by.as_ref().to_owned(),
            updated_at: at,
            updated_by: by.as_ref().to_owned(),
            deleted_at: None,
            merged_into: None,
            provenance: draft.provenance,
        };
        New { record: Record { meta, body: draft.body }, json, targets }
    }

    async fn create(&mut self, new: Vec<New>) -> Result<Vec<Stored>, StoreError> {
        let conn = &mut *self.writing.conn;
        let values: Vec<NewRow<'_>> =
            new.iter().map(|New { record, json, .. }| NewRow { record, json }).collect();
        let rows = insert(conn, &values).await?;
        let mut created = Vec::with_capacity(new.len());
        for (New { record, targets, .. }, row) in new.into_iter().zip(rows) {
            let aside = shape::aside(&record.body);
            if !aside.is_empty() {
                write_aside(conn, row, aside).await?;
            }
            link(conn, row, &targets).await?;
            created.push(Stored { row, record });
        }
        Ok(created)
    }

    /// A revived record stands for itself again, so that it is merged into no other.
    async fn update(
        &mut self,
        old: Stored,
        draft: Draft,
        by: &str,
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
            ..changed(meta, self.writing, by)
        };
        let record = Record { meta, body: draft.body };
        let conn = &mut *self.writing.conn;
        update(conn, row, &record, json).await?;
        let aside = shape::aside(&record.body);
        if shape::aside(&old_body) != aside {
            write_aside(conn, row, aside).await?;
        }
        if revived || old_body.references() != record.body.references() {
            unlink(conn, row).await?;
            link(conn, row, targets).await?;
        }
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

fn exists(draft: &Draft) -> StoreError {
    StoreError::Exists {
        kind: draft.body.kind(),
        source_name: draft.source.clone(),
        external_id: draft.external_id.clone(),
    }
}

/// Refuses a draft for which the live record is not what its caller takes it for.
fn check_existing(asked: &Asked, live: Option<&Stored>) -> Result<(), StoreError> {
    let kind = asked.draft.body.kind();
    match (asked.existing, live.map(|live| &live.record.meta)) {
        (Existing::Updated, _) | (Existing::Refused, None) => Ok(()),
        (Existing::Refused, Some(_)) => Err(exists(&asked.draft)),
        (Existing::Expected { id, revision }, Some(meta)) if meta.id == id => match revision {
            Some(expected) if expected != meta.revision => {
                Err(StoreError::RevisionConflict { id, expected, found: meta.revision })
            }
            _ => Ok(()),
        },
        (Existing::Expected { id, .. }, _) => Err(StoreError::NotFound { kind, id }),
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
