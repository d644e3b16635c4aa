//! Reading, listing and creating records.

use super::import::Resolved;
use super::{Engine, EngineError, Once, Sight, Viewer};
use crate::intake::{self, Encoding, Format, Options, Refused};
use crate::model::{Body, Draft, Kind, Record, RecordId};
use crate::store::{Existing, Outcome, Write};

/// Most records on one page.
pub const LIST_LIMIT_MAX: usize = 200;

/// Source of created records that name none.
const DEFAULT_SOURCE: &str = "api";

/// A record as a viewer may see it.
pub type RecordView = Record;

impl Engine {
    /// The record of that id, external id or `source:external_id`.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if there is none that the viewer may see;
    /// [`EngineError::Ambiguous`] if several sources have that external id.
    pub async fn find_record(
        &self,
        viewer: Viewer,
        kind: Kind,
        name: &str,
    ) -> Result<RecordView, EngineError> {
        let record = self.named(viewer, kind, name).await?.record;
        let shown = self.shown(viewer, record);
        self.note_contacts(viewer, std::slice::from_ref(&shown)).await?;
        Ok(shown)
    }

    /// A page of records behind `after`, in the order of their ids, and whether there are more.
    ///
    /// # Errors
    /// [`EngineError::TooLarge`] if `limit` is over [`LIST_LIMIT_MAX`].
    pub async fn list_records(
        &self,
        viewer: Viewer,
        kind: Kind,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<(Vec<RecordView>, bool), EngineError> {
        check_limit(limit, LIST_LIMIT_MAX)?;
        let page = self.shown_page(viewer, kind, None, after, limit).await?;
        self.note_contacts(viewer, &page.0).await?;
        Ok(page)
    }

    /// The same of the records of which the viewer may know that they name a record: a lab's
    /// achievements, a firm's needs. Without contacts: who wants one asks for its record.
    ///
    /// # Errors
    /// As [`Engine::list_records`].
    pub async fn list_naming(
        &self,
        viewer: Viewer,
        kind: Kind,
        to: (Kind, RecordId),
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<(Vec<RecordView>, bool), EngineError> {
        check_limit(limit, LIST_LIMIT_MAX)?;
        self.shown_page(viewer, kind, Some(to), after, limit).await
    }

    async fn shown_page(
        &self,
        viewer: Viewer,
        kind: Kind,
        to: Option<(Kind, RecordId)>,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<(Vec<RecordView>, bool), EngineError> {
        let mut shown = Vec::with_capacity(limit);
        let mut after = after;
        let directory = self.directory();
        // What may not be seen is passed over, so that a page does not tell how much there is.
        loop {
            let page = match to {
                None => self.store.list(kind, after, limit + 1).await?,
                Some(to) => self.store.referring(kind, to, after, limit + 1).await?,
            };
            let exhausted = page.len() <= limit;
            after = page.last().map(|s| s.record.meta.id);
            for stored in page {
                let sight = viewer.sight_of(&directory, &stored.record);
                let sight = Sight { contact: sight.contact && to.is_none(), ..sight };
                if !sight.is_any() {
                    continue;
                }
                let record = viewer.shown(&directory, stored.record, sight);
                if to.is_some_and(|(_, to)| !names(&record, to)) {
                    continue;
                }
                if shown.len() == limit {
                    return Ok((shown, true));
                }
                shown.push(record);
            }
            if exhausted {
                return Ok((shown, false));
            }
        }
    }

    /// Creates a record. It is stored for good when this returns; the index takes it over soon
    /// after, see [`super::follow`]. A repeated request makes none: the first one's comes back.
    async fn create_record(
        &self,
        viewer: Viewer,
        draft: Draft,
        once: Option<Once>,
    ) -> Result<(RecordView, Outcome), EngineError> {
        let draft = draft.checked()?;
        self.check_may_create(viewer, &draft)?;
        let write = Write { draft, existing: Existing::Refused };
        let (stored, outcome) = self.write_one(viewer, write, once).await?;
        Ok((self.shown(viewer, stored.record), outcome))
    }

    /// A record as the viewer may see it.
    pub(super) fn shown(&self, viewer: Viewer, record: Record) -> RecordView {
        let directory = self.directory();
        let sight = viewer.sight_of(&directory, &record);
        viewer.shown(&directory, record, sight)
    }

    /// Creates a record from one JSON object on one line, whose keys are import columns:
    /// read, checked and resolved as a row of a file is. `source` is `api` if not given. If
    /// `once` was done before, nothing is made, and the outcome is [`Outcome::Repeated`].
    ///
    /// # Errors
    /// [`EngineError::Forbidden`]; [`EngineError::Exists`]; [`EngineError::Cells`] names every
    /// bad or unknown key; [`EngineError::Store`] if a record that it names was deleted
    /// meanwhile, or `once` was another.
    pub async fn create_from_json(
        &self,
        viewer: Viewer,
        kind: Kind,
        object: &str,
        once: Option<Once>,
    ) -> Result<(RecordView, Outcome), EngineError> {
        if viewer == Viewer::Anonymous {
            return Err(EngineError::Forbidden { action: "create a record" });
        }
        let draft = self.draft_from_json(kind, DEFAULT_SOURCE, object).await?;
        self.create_record(viewer, draft, once).await
    }

    /// The draft that one JSON object on one line is.
    pub(super) async fn draft_from_json(
        &self,
        kind: Kind,
        source: &str,
        object: &str,
    ) -> Result<Draft, EngineError> {
        let options = Options {
            format: Some(Format::Jsonl),
            encoding: Some(Encoding::Utf8),
            ..Options::new("request").with_source(source)
        };
        let tables = self.tables.clone();
        let pending = {
            let mut sheet = intake::read(kind, object.as_bytes(), &options, &tables)?;
            let (first, second) = (sheet.next(), sheet.next());
            let (Some(row), None) = (first, second) else {
                return Err(EngineError::BadRequest {
                    field: "body",
                    reason: "应为一行 JSON 对象".to_owned(),
                });
            };
            let pending = row.map_err(EngineError::Cells)?;
            let unknown = sheet.notes().ignored.iter().map(|column| Refused {
                file: options.file.clone(),
                sheet: None,
                row: pending.row(),
                column: Some(column.place.clone()),
                value: String::new(),
                reason: column.reason.clone(),
                expected: "导入列的名称".to_owned(),
            });
            let unknown: Vec<Refused> = unknown.collect();
            if !unknown.is_empty() {
                return Err(EngineError::Cells(unknown));
            }
            pending
        };
        let mut refused = Vec::new();
        let mut drafts =
            self.resolve_all(vec![pending], &mut Resolved::default(), &mut refused).await?;
        drafts.pop().map(|(_, draft)| draft).ok_or(EngineError::Cells(refused))
    }

    /// How many live records of a kind there are.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn count_records(&self, kind: Kind) -> Result<u64, EngineError> {
        Ok(self.store.count(kind).await?)
    }
}

/// Refuses a limit of 0 or above `limit_max`.
pub(super) fn check_limit(limit: usize, limit_max: usize) -> Result<(), EngineError> {
    match limit {
        0 => Err(EngineError::BadRequest { field: "limit", reason: "至少为 1".to_owned() }),
        _ if limit > limit_max => {
            Err(EngineError::TooLarge { field: "limit", found: limit, limit: limit_max })
        }
        _ => Ok(()),
    }
}

/// Whether a record, as it is shown, names another.
fn names(record: &Record, other: RecordId) -> bool {
    match &record.body {
        Body::Lab(lab) => lab.institution_ids.contains(&other),
        Body::Achievement(achievement) => achievement.lab_ids.contains(&other),
        Body::Need(need) => need.enterprise_id == Some(other),
        _ => false,
    }
}
