//! Changing and deleting one record, and what it said before.
//!
//! A change says the whole record. What its author cannot see of it, they cannot mean to take
//! away: it stays.

use serde_json::{Map, Value};

use super::records::{LIST_LIMIT_MAX, RecordView, check_limit};
use super::{Engine, EngineError, Extent, Viewer};
use crate::model::{Body, Draft, Kind, Record};
use crate::store::{Existing, Write};

impl Engine {
    /// Makes a record say what a JSON object says, whose keys are import columns, if it is still
    /// at `revision`. Its source and external id stay, and so does a visibility that is not given.
    ///
    /// # Errors
    /// [`EngineError::NotFound`]; [`EngineError::Forbidden`] unless the viewer sees all of the
    /// record and may change it; [`EngineError::Cells`] names every bad key;
    /// [`EngineError::Store`] with `RevisionConflict`.
    pub async fn change_from_json(
        &self,
        viewer: Viewer,
        kind: Kind,
        name: &str,
        revision: Option<u64>,
        mut object: Map<String, Value>,
    ) -> Result<RecordView, EngineError> {
        let before = self.changeable(viewer, kind, name).await?;
        let meta = &before.meta;
        for (key, kept) in [
            ("external_id", meta.external_id.as_str()),
            ("visibility", meta.visibility.as_str()),
            ("owner", meta.owner.as_str()),
        ] {
            object.entry(key).or_insert_with(|| kept.into());
        }
        let object = Value::Object(object).to_string();
        let mut draft = self.draft_from_json(kind, &meta.source, &object).await?;
        check_same_name(&before, &draft)?;
        self.keep_unseen(viewer, &before, &mut draft.body);
        self.check_may_change(viewer, &before, &draft.body)?;
        let write = Write { draft, existing: Existing::Expected { id: meta.id, revision } };
        let (stored, _) = self.write_one(viewer, write, None).await?;
        Ok(self.shown(viewer, stored.record))
    }

    /// Deletes a record if it is still at `revision`. Records that name it stay.
    ///
    /// # Errors
    /// As [`Engine::change_from_json`].
    pub async fn delete_record(
        &self,
        viewer: Viewer,
        kind: Kind,
        name: &str,
        revision: Option<u64>,
    ) -> Result<(), EngineError> {
        let before = self.changeable(viewer, kind, name).await?;
        self.check_may_change(viewer, &before, &before.body)?;
        self.delete_one(viewer, kind, before.meta.id, revision).await
    }

    /// What a record said, the newest revision first, from the one before `before` on, and
    /// whether there are older ones. Contacts are in none of them.
    ///
    /// # Errors
    /// [`EngineError::NotFound`]; [`EngineError::Forbidden`] for those who see only a part of
    /// the record; [`EngineError::TooLarge`] if `limit` is over [`LIST_LIMIT_MAX`].
    pub async fn history(
        &self,
        viewer: Viewer,
        kind: Kind,
        name: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<(Vec<RecordView>, bool), EngineError> {
        check_limit(limit, LIST_LIMIT_MAX)?;
        let record = self.named(viewer, kind, name).await?.record;
        let sight = self.sight_of(viewer, &record);
        if sight.extent < Extent::Full {
            return Err(EngineError::Forbidden { action: "see the history of a record" });
        }
        let newest = record.meta.revision.min(before.map_or(u64::MAX, |b| b.saturating_sub(1)));
        let directory = self.directory();
        let mut shown = Vec::new();
        for revision in (1..=newest).rev() {
            if shown.len() == limit {
                return Ok((shown, true));
            }
            let earlier = self.store.revision(kind, record.meta.id, revision).await?;
            shown.extend(earlier.map(|earlier| viewer.shown(&directory, earlier, sight)));
        }
        Ok((shown, false))
    }

    /// The record of that name, of which the viewer must see all that it says.
    async fn changeable(
        &self,
        viewer: Viewer,
        kind: Kind,
        name: &str,
    ) -> Result<Record, EngineError> {
        let record = self.named(viewer, kind, name).await?.record;
        if self.sight_of(viewer, &record).extent < Extent::Full {
            return Err(EngineError::Forbidden { action: "change a record" });
        }
        Ok(record)
    }

    /// Leaves in a record what the viewer does not see of it: the contact, and records that it
    /// names.
    pub(super) fn keep_unseen(&self, viewer: Viewer, before: &Record, becomes: &mut Body) {
        let seen = self.shown(viewer, before.clone());
        let unseen = |all: &[_], seen: &[_]| -> Vec<_> {
            all.iter().filter(|id| !seen.contains(*id)).copied().collect()
        };
        match (&before.body, &seen.body, becomes) {
            (Body::Lab(before), Body::Lab(seen), Body::Lab(becomes)) => {
                keep_contact(&before.contact, &seen.contact, &mut becomes.contact);
                let kept = unseen(&before.institution_ids, &seen.institution_ids);
                becomes.institution_ids.extend(kept);
            }
            (Body::Enterprise(before), Body::Enterprise(seen), Body::Enterprise(becomes)) => {
                keep_contact(&before.contact, &seen.contact, &mut becomes.contact);
            }
            (Body::Achievement(before), Body::Achievement(seen), Body::Achievement(becomes)) => {
                becomes.lab_ids.extend(unseen(&before.lab_ids, &seen.lab_ids));
            }
            _ => {}
        }
    }
}

/// Whoever sees no contact and gives none leaves the one there is.
fn keep_contact(before: &str, seen: &str, becomes: &mut String) {
    if seen.is_empty() && becomes.is_empty() {
        becomes.push_str(before);
    }
}

/// A record is not renamed: its name is what imports know it by.
fn check_same_name(before: &Record, draft: &Draft) -> Result<(), EngineError> {
    let meta = &before.meta;
    for (field, is, becomes) in [
        ("external_id", &meta.external_id, &draft.external_id),
        ("source", &meta.source, &draft.source),
    ] {
        if is != becomes {
            let reason = format!("不能更改，应与记录相同（{is}），或省略");
            return Err(EngineError::BadRequest { field, reason });
        }
    }
    Ok(())
}
