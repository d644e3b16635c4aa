//! Matches that somebody does not want to see again, until one of the two texts changes.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::leads::draft;
use super::matching::{NeedName, NeedText};
use super::records::{LIST_LIMIT_MAX, RecordView, check_limit};
use super::{Engine, EngineError, Once, Viewer};
use crate::index::LabSet;
use crate::model::{Body, Dismissal, Kind, Lab, Need, RecordId};
use crate::store::{Existing, Stored, Write};

/// 忽略: as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDismissal {
    /// The need, by id, external id or `source:external_id`.
    pub need: String,
    /// The lab, likewise.
    pub lab: String,
    /// Why.
    pub reason: String,
}

/// 忽略的匹配: with what its two sides are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DismissedMatch {
    /// The dismissal.
    pub id: RecordId,
    /// What it says.
    pub dismissal: Dismissal,
    /// The need's title; empty if the viewer does not see it any more.
    pub need_title: String,
    /// The lab's name, likewise.
    pub lab_name: String,
}

impl Engine {
    /// Leaves a match out of the viewer's answers until the need or the lab's profile changes.
    /// Said again, it holds for the texts as they are now.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`] if nobody has signed in; [`EngineError::NotFound`] if the
    /// viewer does not see need or lab; [`EngineError::Refused`] if the reason is blank.
    pub async fn dismiss(
        &self,
        viewer: Viewer,
        new: NewDismissal,
        once: Option<Once>,
    ) -> Result<RecordView, EngineError> {
        let Some(user) = viewer.identity().map(|identity| identity.user) else {
            return Err(EngineError::Forbidden { action: "dismiss a match" });
        };
        let need = self.named(viewer, Kind::Need, &new.need).await?.record;
        let lab = self.named(viewer, Kind::Lab, &new.lab).await?.record;
        let (Body::Need(need_body), Body::Lab(lab_body)) = (&need.body, &lab.body) else {
            return Err(EngineError::NotFound { kind: Kind::Need, name: new.need });
        };
        let body = Dismissal {
            user_id: user,
            need_id: need.meta.id,
            lab_id: lab.meta.id,
            reason: new.reason,
            need_digest: digest_of_need(need_body),
            lab_digest: digest_of_lab(lab_body),
        };
        let name = format!("{user}:{}:{}", need.meta.id, lab.meta.id);
        let draft = draft(name, Body::Dismissal(body.checked()?));
        self.check_may_create(viewer, &draft)?;
        let write = Write { draft, existing: Existing::Updated };
        let (stored, _) = self.write_one(viewer, write, once).await?;
        Ok(self.shown(viewer, stored.record))
    }

    /// A page of the viewer's own dismissals behind `after`, in the order of their ids, and
    /// whether there are more. Whoever reads everything sees those of all.
    ///
    /// # Errors
    /// [`EngineError::TooLarge`] if `limit` is over [`LIST_LIMIT_MAX`].
    pub async fn list_dismissals(
        &self,
        viewer: Viewer,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<(Vec<RecordView>, bool), EngineError> {
        check_limit(limit, LIST_LIMIT_MAX)?;
        let Some(user) = viewer.identity().map(|identity| identity.user) else {
            return self.list_records(viewer, Kind::Dismissal, after, limit).await;
        };
        let directory = self.directory();
        let own: Vec<_> = directory.dismissals_of(user).map(|(id, own)| (id, own.row)).collect();
        let (page, more) = self.page_of(own, after, limit).await?;
        Ok((page.into_iter().map(|stored| self.shown(viewer, stored.record)).collect(), more))
    }

    /// [`Engine::list_dismissals`] with what need and lab are called.
    ///
    /// # Errors
    /// As [`Engine::list_dismissals`].
    pub async fn dismissed_matches(
        &self,
        viewer: Viewer,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<(Vec<DismissedMatch>, bool), EngineError> {
        let (records, more) = self.list_dismissals(viewer, after, limit).await?;
        let directory = self.directory();
        let told = records.into_iter().filter_map(|record| {
            let Body::Dismissal(dismissal) = record.body else { return None };
            let need = directory.need_of(dismissal.need_id);
            let need = need.filter(|need| viewer.sight_of_need(&directory, need).is_any());
            let lab = directory.lab_of(dismissal.lab_id);
            let lab = lab.filter(|lab| viewer.sight_of_lab(&directory, lab).is_any());
            Some(DismissedMatch {
                id: record.meta.id,
                need_title: need.map_or_else(String::new, |need| need.title.to_string()),
                lab_name: lab.map_or_else(String::new, |lab| lab.name.clone()),
                dismissal,
            })
        });
        Ok((told.collect(), more))
    }

    /// Takes a dismissal back: the match comes up again.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if there is none that the viewer may see;
    /// [`EngineError::Forbidden`] if it is another's.
    pub async fn undo_dismissal(&self, viewer: Viewer, name: &str) -> Result<(), EngineError> {
        let record = self.named(viewer, Kind::Dismissal, name).await?.record;
        self.check_may_change(viewer, &record, &record.body)?;
        self.delete_one(viewer, Kind::Dismissal, record.meta.id, None).await
    }

    /// The labs of a question without those that the viewer has dismissed for this need, and
    /// the rows of these, in their order.
    pub(super) async fn without_dismissed(
        &self,
        viewer: Viewer,
        need: &NeedName,
        text: &NeedText,
        labs: Option<LabSet>,
    ) -> Result<(Option<LabSet>, Vec<i64>), EngineError> {
        let directory = self.directory();
        let (Some(user), Some((need, _))) = (viewer.identity().map(|i| i.user), &need.record)
        else {
            return Ok((labs, Vec::new()));
        };
        let digest = digest(&text.title, &text.body);
        let said = directory.dismissals_of(user).map(|(_, dismissal)| dismissal);
        let said = said.filter(|d| d.need == *need && d.digests[0] == digest);
        let mut dismissed = Vec::new();
        for dismissal in said {
            let Some(lab) = self.store.get(Kind::Lab, dismissal.lab).await? else { continue };
            if matches!(&lab.record.body, Body::Lab(lab) if digest_of_lab(lab) == dismissal.digests[1])
            {
                dismissed.push(lab.row.0);
            }
        }
        if dismissed.is_empty() {
            return Ok((labs, dismissed));
        }
        dismissed.sort_unstable();
        let rows = directory.labs().map(|(row, _)| row);
        let kept = rows.filter(|row| {
            labs.as_ref().is_none_or(|labs| labs.contains(*row)) && !dismissed.contains(row)
        });
        Ok((Some(kept.collect()), dismissed))
    }

    /// The needs that the viewer has dismissed for a lab as it is now.
    pub(super) fn dismissed_for(&self, viewer: Viewer, subject: &Stored) -> DismissedNeeds {
        let user = viewer.identity().map(|identity| identity.user);
        let (Some(user), Body::Lab(lab)) = (user, &subject.record.body) else {
            return DismissedNeeds::default();
        };
        let (id, digest) = (subject.record.meta.id, digest_of_lab(lab));
        let directory = self.directory();
        let said = directory.dismissals_of(user).map(|(_, dismissal)| dismissal);
        let said = said.filter(|d| d.lab == id && d.digests[1] == digest);
        DismissedNeeds(said.map(|d| (d.need, d.digests[0].clone())).collect())
    }
}

/// Needs by id, each with the digest of the text that was dismissed.
#[derive(Debug, Default)]
pub(super) struct DismissedNeeds(HashMap<RecordId, String>);

impl DismissedNeeds {
    /// Whether the need, as it is now, was dismissed.
    pub fn has(&self, id: RecordId, need: &Need) -> bool {
        self.0.get(&id).is_some_and(|digest| *digest == digest_of_need(need))
    }
}

pub(super) fn digest_of_need(need: &Need) -> String {
    digest(&need.title, &need.body)
}

pub(super) fn digest_of_lab(lab: &Lab) -> String {
    digest(&lab.name, &lab.profile)
}

/// Of a title and what stands below it.
fn digest(title: &str, text: &str) -> String {
    let mut digest = Sha256::new();
    // Texts hold no NUL, so where one ends and the other begins is told.
    digest.update(format!("{title}\0{text}"));
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
