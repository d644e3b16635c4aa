//! A draft whose references are still names, and how they become ids.

use std::sync::Arc;

use super::refused::{Origin, Refused};
use crate::model::{Body, Draft, Kind, RecordId};

/// 待定草稿: a checked record that names other records by id, external id or
/// `source:external_id`, as its file does.
///
/// The intake does not know the store. Whoever does looks the names of a batch of drafts up
/// ([`PendingDraft::references`]) and then turns each into a [`Draft`] ([`PendingDraft::resolve`]).
#[derive(Debug, Clone)]
pub struct PendingDraft {
    pub(super) row: u32,
    /// Its references are empty.
    pub(super) draft: Draft,
    pub(super) names: Vec<String>,
    /// Where the names stand, and as what.
    pub(super) place: String,
    pub(super) value: String,
    pub(super) origin: Arc<Origin>,
}

/// Why a name stands for no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unresolved {
    /// There is no such record.
    Missing,
    /// There are several of that external id; from these sources.
    Ambiguous(Vec<String>),
}

impl PendingDraft {
    /// Row of the file, as in [`Refused::row`].
    pub fn row(&self) -> u32 {
        self.row
    }

    /// The draft without its references.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// The names of the records that this one refers to, each once and in the order of the
    /// file, and the kind that they must be of.
    pub fn references(&self) -> (Kind, &[String]) {
        let kind = match &self.draft.body {
            Body::Achievement(_) => Kind::Lab,
            Body::Need(_) => Kind::Enterprise,
            _ => Kind::Institution,
        };
        (kind, &self.names)
    }

    /// The draft with its references, as `find` knows them. Names of one record count once.
    ///
    /// # Errors
    /// One refusal, of the cell, if `find` does not know one of the names; it says of each
    /// such name why. A list, so that rows refused here and by the sheet are treated alike.
    pub fn resolve<F>(self, mut find: F) -> Result<Draft, Vec<Refused>>
    where
        F: FnMut(Kind, &str) -> Result<RecordId, Unresolved>,
    {
        let (kind, names) = self.references();
        let (mut ids, mut reasons, mut missing) = (Vec::new(), Vec::new(), false);
        for name in names {
            match find(kind, name) {
                Ok(id) if ids.contains(&id) => {}
                Ok(id) => ids.push(id),
                Err(Unresolved::Missing) => {
                    missing = true;
                    reasons.push(format!("没有编号为“{name}”的{}", kind.label()));
                }
                Err(Unresolved::Ambiguous(sources)) => {
                    let several = sources.join("、");
                    reasons.push(format!("“{name}”在几个来源里都有：{several}"));
                }
            }
        }
        if !reasons.is_empty() {
            let expected = if missing {
                format!("已导入的{}的编号；请先导入它，或留空", kind.label())
            } else {
                "写明来源，如 来源:编号".to_owned()
            };
            let refused = self.origin.refused(
                self.row,
                Some(&self.place),
                &self.value,
                reasons.join("；"),
                expected,
            );
            return Err(vec![refused]);
        }
        let mut draft = self.draft;
        match &mut draft.body {
            Body::Lab(lab) => lab.institution_ids = ids,
            Body::Achievement(achievement) => achievement.lab_ids = ids,
            Body::Need(need) => need.enterprise_id = ids.first().copied(),
            _ => {}
        }
        Ok(draft)
    }
}
