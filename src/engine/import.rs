//! Files into the store.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Engine, EngineError, naming};
use crate::intake::{self, Notes, Options, PendingDraft, Refused, Unresolved};
use crate::model::{Draft, Kind, RecordId};
use crate::store::Outcome;

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
    /// Every bad cell; a row with one is left out.
    pub refused: Vec<Refused>,
    /// How the file was read.
    pub notes: Notes,
}

/// What a name in a row of a source means, once it was looked up.
pub(super) type Resolved = HashMap<(String, Kind, String), Result<RecordId, Unresolved>>;

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
        let tables = self.tables.clone();
        let mut sheet = intake::read(kind, bytes, options, &tables)?;
        let mut report = ImportReport {
            read: 0,
            created: 0,
            updated: 0,
            unchanged: 0,
            refused: Vec::new(),
            notes: sheet.notes().clone(),
        };
        let mut resolved = Resolved::new();
        loop {
            let mut pending = Vec::with_capacity(ROWS_PER_BATCH);
            let before = report.read;
            for row in sheet.by_ref().take(ROWS_PER_BATCH) {
                report.read += 1;
                match row {
                    Ok(draft) => pending.push(draft),
                    Err(refused) => report.refused.extend(refused),
                }
            }
            if report.read == before {
                break;
            }
            let drafts = self.resolve_all(pending, &mut resolved, &mut report.refused).await?;
            for (_, outcome) in self.store.put(&drafts, "import").await? {
                match outcome {
                    Outcome::Created => report.created += 1,
                    Outcome::Updated => report.updated += 1,
                    Outcome::Unchanged => report.unchanged += 1,
                }
            }
            progress(ImportProgress { done: report.read });
        }
        report.notes = sheet.notes().clone();
        report.refused.sort_by_key(|refused| refused.row);
        Ok(report)
    }

    /// Turns names into ids; the drafts for which that fails are left out and told in `refused`.
    pub(super) async fn resolve_all(
        &self,
        pending: Vec<PendingDraft>,
        resolved: &mut Resolved,
        refused: &mut Vec<Refused>,
    ) -> Result<Vec<Draft>, EngineError> {
        let mut drafts = Vec::with_capacity(pending.len());
        for draft in pending {
            let (kind, names) = draft.references();
            let source = draft.draft().source.clone();
            for name in names {
                if let Entry::Vacant(unknown) = resolved.entry((source.clone(), kind, name.clone()))
                {
                    unknown.insert(self.resolve_reference(kind, &source, name).await?);
                }
            }
            let looked_up = draft.resolve(|kind, name| {
                resolved
                    .get(&(source.clone(), kind, name.to_owned()))
                    .cloned()
                    .unwrap_or(Err(Unresolved::Missing))
            });
            match looked_up {
                Ok(draft) => drafts.push(draft),
                Err(cells) => refused.extend(cells),
            }
        }
        Ok(drafts)
    }

    /// A name in a file means a record of the file's own source first.
    async fn resolve_reference(
        &self,
        kind: Kind,
        source: &str,
        name: &str,
    ) -> Result<Result<RecordId, Unresolved>, EngineError> {
        let own = self.store.find(kind, Some(source), name).await?;
        if let [only] = own.as_slice() {
            return Ok(Ok(only.record.meta.id));
        }
        let found = naming::resolve(self.store.as_ref(), kind, name).await?;
        Ok(found.map(|stored| stored.record.meta.id))
    }
}
