//! Files into the store.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Engine, EngineError, Viewer, naming};
use crate::intake::{self, Notes, Options, PendingDraft, Refused, Unresolved};
use crate::model::{Body, Draft, Kind, RecordId};
use crate::store::{Existing, Outcome, Store, StoreError, Write};

/// Rows written with one transaction.
const ROWS_PER_BATCH: usize = 1_000;

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportProgress {
    /// Rows read.
    pub done: u64,
}

/// 导入结果: what became of the rows of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportReport {
    /// Rows read.
    pub read: u64,
    /// Records that are new.
    pub created: u64,
    /// Records that changed.
    pub updated: u64,
    /// Records that said that already.
    pub unchanged: u64,
    /// Records that were merged into others: left as they are.
    pub merged: u64,
    /// Every bad cell; a row with one is left out.
    pub refused: Vec<Refused>,
    /// Bad cells beyond those that were to be told.
    pub refused_more: u64,
    /// How the file was read.
    pub notes: Notes,
}

/// Whose rows they are, and what is to become of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Importer {
    /// On whose behalf: each row needs their permission.
    pub viewer: Viewer,
    /// Nothing is written; the report says what would be.
    pub dry_run: bool,
    /// Bad cells that are told; the others are counted.
    pub refused_max: usize,
}

/// What names mean, once they were looked up.
#[derive(Default)]
pub(super) struct Resolved(Meanings, Names);

/// By the source of the row, kind and name.
type Meanings = HashMap<(String, Kind, String), Result<RecordId, Unresolved>>;

/// Records by their titles and aliases, read once for each kind that is asked for.
#[derive(Default)]
struct Names(HashMap<Kind, HashMap<String, Vec<RecordId>>>);

impl Names {
    /// The only record of that name. Linear in the number of records, once.
    async fn find(
        &mut self,
        store: &dyn Store,
        kind: Kind,
        name: &str,
    ) -> Result<Result<RecordId, Unresolved>, StoreError> {
        if let Entry::Vacant(unread) = self.0.entry(kind) {
            let mut by_name: HashMap<String, Vec<RecordId>> = HashMap::new();
            let mut after = None;
            loop {
                let page = store.list(kind, after, ROWS_PER_BATCH).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.record.meta.id);
                for stored in &page {
                    let id = stored.record.meta.id;
                    for name in names_of(&stored.record.body) {
                        let ids = by_name.entry(name.to_owned()).or_default();
                        if !ids.contains(&id) {
                            ids.push(id);
                        }
                    }
                }
            }
            unread.insert(by_name);
        }
        let found = self.0.get(&kind).and_then(|names| names.get(name.trim()));
        Ok(match found.map(Vec::as_slice) {
            Some([only]) => Ok(*only),
            Some(several) => {
                Err(Unresolved::Ambiguous(several.iter().map(RecordId::to_string).collect()))
            }
            None => Err(Unresolved::Missing),
        })
    }
}

/// What an organisation is called; other records are never known by their titles.
fn names_of(body: &Body) -> Vec<&str> {
    let (name, aliases) = match body {
        Body::Institution(body) => (&body.name, &body.aliases),
        Body::Lab(body) => (&body.name, &body.aliases),
        Body::Enterprise(body) => (&body.name, &body.aliases),
        _ => return Vec::new(),
    };
    std::iter::once(name.as_str()).chain(aliases.iter().map(|a| a.name.as_str())).collect()
}

impl Engine {
    /// Imports a file of records of one kind. Good rows go in, bad cells are named. Importing
    /// the same file twice changes nothing. The index is brought up to date by
    /// [`Engine::catch_up`], once for all files.
    ///
    /// # Errors
    /// If nothing of the file can be read, or the store fails; batches that were written stay.
    pub async fn import(
        &self,
        kind: Kind,
        bytes: &[u8],
        options: &Options,
        mut progress: impl FnMut(ImportProgress),
    ) -> Result<ImportReport, EngineError> {
        let importer = Importer { viewer: Viewer::Local, dry_run: false, refused_max: usize::MAX };
        let go_on = |progress_now| {
            progress(progress_now);
            true
        };
        self.import_for(importer, kind, bytes, options, go_on).await
    }

    /// [`Engine::import`] on somebody's behalf. After each batch `progress` is told, and says
    /// whether to go on.
    pub(super) async fn import_for(
        &self,
        importer: Importer,
        kind: Kind,
        bytes: &[u8],
        options: &Options,
        mut progress: impl FnMut(ImportProgress) -> bool,
    ) -> Result<ImportReport, EngineError> {
        let tables = self.tables.clone();
        let mut sheet = intake::read(kind, bytes, options, &tables)?;
        let mut report = ImportReport {
            read: 0,
            created: 0,
            updated: 0,
            unchanged: 0,
            merged: 0,
            refused: Vec::new(),
            refused_more: 0,
            notes: sheet.notes().clone(),
        };
        let mut resolved = Resolved::default();
        loop {
            let (mut pending, mut refused) = (Vec::with_capacity(ROWS_PER_BATCH), Vec::new());
            let before = report.read;
            for row in sheet.by_ref().take(ROWS_PER_BATCH) {
                report.read += 1;
                match row {
                    Ok(draft) => pending.push(draft),
                    Err(cells) => refused.extend(cells),
                }
            }
            if report.read == before {
                break;
            }
            let drafts = self.resolve_all(pending, &mut resolved, &mut refused).await?;
            let outcomes = self.take_rows(importer, drafts, options, &mut refused).await?;
            for outcome in outcomes {
                match outcome {
                    Outcome::Created => report.created += 1,
                    Outcome::Updated => report.updated += 1,
                    Outcome::Merged => report.merged += 1,
                    Outcome::Unchanged | Outcome::Repeated => report.unchanged += 1,
                }
            }
            refused.sort_by_key(|refused| refused.row);
            let room = importer.refused_max.saturating_sub(report.refused.len());
            report.refused_more += refused.len().saturating_sub(room) as u64;
            report.refused.extend(refused.into_iter().take(room));
            if !progress(ImportProgress { done: report.read }) {
                break;
            }
        }
        report.notes = sheet.notes().clone();
        Ok(report)
    }

    /// Writes a batch of rows, or says what would become of them. Rows that the importer may
    /// not write are left out and told in `refused`.
    async fn take_rows(
        &self,
        importer: Importer,
        rows: Vec<(u32, Draft)>,
        options: &Options,
        refused: &mut Vec<Refused>,
    ) -> Result<Vec<Outcome>, EngineError> {
        let Importer { viewer, dry_run, .. } = importer;
        let (mut writes, mut outcomes) = (Vec::with_capacity(rows.len()), Vec::new());
        for (row, mut draft) in rows {
            if viewer != Viewer::Local || dry_run {
                match self.checked_row(viewer, &mut draft).await {
                    Ok(outcome) => outcomes.push(outcome),
                    Err(EngineError::Forbidden { .. }) => {
                        refused.push(forbidden_row(options, row, draft.external_id));
                        continue;
                    }
                    Err(error) => return Err(error),
                }
            }
            writes.push(Write { draft, existing: Existing::Updated });
        }
        if dry_run {
            return Ok(outcomes);
        }
        let written = self.store.write(&writes, None, &viewer.import_author()).await?;
        self.written.notify_one();
        Ok(written.into_iter().map(|(_, outcome)| outcome).collect())
    }

    /// Whether a viewer may write a row, and what would become of it. What they do not see of a
    /// record that is there stays in it.
    async fn checked_row(&self, viewer: Viewer, draft: &mut Draft) -> Result<Outcome, EngineError> {
        let kind = draft.body.kind();
        let mut found = self.store.find(kind, Some(&draft.source), &draft.external_id).await?;
        let Some(before) = found.pop().map(|stored| stored.record) else {
            self.check_may_create(viewer, draft)?;
            return Ok(Outcome::Created);
        };
        self.keep_unseen(viewer, &before, &mut draft.body);
        self.check_may_change(viewer, &before, &draft.body)?;
        let meta = &before.meta;
        let same = before.body == draft.body
            && meta.visibility == draft.visibility
            && meta.owner == draft.owner
            && meta.provenance == draft.provenance;
        Ok(if same { Outcome::Unchanged } else { Outcome::Updated })
    }

    /// Turns names into ids, and tells each draft's row; the drafts for which that fails are left
    /// out and told in `refused`.
    pub(super) async fn resolve_all(
        &self,
        pending: Vec<PendingDraft>,
        resolved: &mut Resolved,
        refused: &mut Vec<Refused>,
    ) -> Result<Vec<(u32, Draft)>, EngineError> {
        let mut drafts = Vec::with_capacity(pending.len());
        for draft in pending {
            let row = draft.row();
            let (kind, names) = draft.references();
            let source = draft.draft().source.clone();
            for name in names {
                if let Entry::Vacant(unknown) =
                    resolved.0.entry((source.clone(), kind, name.clone()))
                {
                    let found =
                        self.resolve_reference(&mut resolved.1, kind, &source, name).await?;
                    unknown.insert(found);
                }
            }
            let looked_up = draft.resolve(|kind, name| {
                resolved
                    .0
                    .get(&(source.clone(), kind, name.to_owned()))
                    .cloned()
                    .unwrap_or(Err(Unresolved::Missing))
            });
            match looked_up {
                Ok(draft) => drafts.push((row, draft)),
                Err(cells) => refused.extend(cells),
            }
        }
        Ok(drafts)
    }

    /// A name in a file means a record of the file's own source first, then one of that id,
    /// and last the only organisation that is called so.
    async fn resolve_reference(
        &self,
        names: &mut Names,
        kind: Kind,
        source: &str,
        name: &str,
    ) -> Result<Result<RecordId, Unresolved>, EngineError> {
        let own = self.store.find(kind, Some(source), name).await?;
        if let [only] = own.as_slice() {
            return Ok(Ok(only.record.meta.id));
        }
        let found = naming::resolve(self.store.as_ref(), kind, name).await?;
        match found.map(|stored| stored.record.meta.id) {
            Err(Unresolved::Missing) => Ok(names.find(self.store.as_ref(), kind, name).await?),
            found => Ok(found),
        }
    }
}

impl Viewer {
    /// Who has written imported rows.
    fn import_author(self) -> String {
        if self == Self::Local { "import".to_owned() } else { self.author() }
    }
}

/// A row that its sender may not write.
fn forbidden_row(options: &Options, row: u32, external_id: String) -> Refused {
    Refused {
        file: options.file.clone(),
        sheet: None,
        row,
        column: None,
        value: external_id,
        reason: "没有权限写入这条记录".to_owned(),
        expected: "本人所属机构、企业或辖区内的记录；否则请联系有权限的人导入".to_owned(),
    }
}
