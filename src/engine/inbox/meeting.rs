//! What a changed record is good for: a need meets all labs, an achievement or a lab's profile all
//! open needs.
//!
//! A need is asked as anybody on the machine would ask it. A document is held against each need
//! as the only evidence there is: who has other evidence for it was told before.

use std::sync::Arc;

use rayon::prelude::*;

use super::super::directory::{Directory, LabEntry};
use super::super::held::{Answered, NEEDS_SCORED, OpenNeed, Side, stand_in};
use super::super::matching::NeedText;
use super::super::need_filter::is_open;
use super::super::permission::Sight;
use super::super::ranking::{Found, Ranking, rank};
use super::super::{Engine, EngineError, Preferences, Viewer, blocking};
use super::InboxRules;
use crate::index::{Scope, Snapshot};
use crate::matching::Wish;
use crate::model::{Body, Need};
use crate::store::{Audience, NewNotice, NoticeReason, RowId, Stored};

/// Labs of one achievement that are told of it.
const LABS_OF_ACHIEVEMENT: usize = 5;
/// Reasons that are kept of a notice.
const REASONS_KEPT: usize = 6;

impl Engine {
    /// What is to be told of a live record as it is now; nothing of other kinds than needs,
    /// achievements and labs.
    pub(super) async fn meet(
        &self,
        stored: &Stored,
        snapshot: &Arc<Snapshot>,
        rules: InboxRules,
    ) -> Result<Vec<NewNotice>, EngineError> {
        match &stored.record.body {
            Body::Need(need) => self.meet_labs(stored, need, snapshot, rules).await,
            Body::Achievement(_) | Body::Lab(_) => self.meet_needs(stored, snapshot, rules).await,
            _ => Ok(Vec::new()),
        }
    }

    async fn meet_labs(
        &self,
        stored: &Stored,
        need: &Need,
        snapshot: &Arc<Snapshot>,
        rules: InboxRules,
    ) -> Result<Vec<NewNotice>, EngineError> {
        let extras = self.extras(Wish::from(need), &Preferences::default());
        if !is_open(need.deadline, extras.today) {
            return Ok(Vec::new());
        }
        let text = NeedText { title: need.title.clone(), body: need.body.clone() };
        let (analyzer, weights) = (self.analyzer.clone(), self.weights.clone());
        let (directory, snapshot) = (self.directory(), snapshot.clone());
        let (need, need_revision) = (stored.row, stored.record.meta.revision);
        let labs = rules.labs_of_need;
        self.beside(move || {
            let told_to = |viewer: Viewer| -> Result<(Vec<NewNotice>, bool), EngineError> {
                let scope = Scope { labs: None, public_only: viewer.public_only() };
                let ranking = rank(&analyzer, &snapshot, &weights, &text, scope)?;
                let found = ranking.best_labs(viewer, &weights, &directory, &extras, labs)?;
                let found = found.into_iter().filter(|found| found.band <= rules.band);
                let (mut notices, mut public) = (Vec::new(), true);
                for found in found {
                    let mut documents = found.ranked.documents.iter();
                    public &= documents.all(|idx| snapshot.is_public(&ranking.documents[*idx]));
                    let (lab, audience) = (found.ranked.lab, Audience::Everybody);
                    notices.extend(notice((need, need_revision), lab, &found, &ranking, audience));
                }
                Ok((notices, public))
            };
            let (mut notices, public) = told_to(Viewer::Local)?;
            if !public {
                for notice in &mut notices {
                    notice.audience = Audience::Insiders;
                }
                let outside = told_to(Viewer::Anonymous)?.0.into_iter();
                let outside = outside.map(|n| NewNotice { audience: Audience::Outsiders, ..n });
                notices.extend(outside);
            }
            Ok(notices)
        })
        .await
    }

    async fn meet_needs(
        &self,
        stored: &Stored,
        snapshot: &Arc<Snapshot>,
        rules: InboxRules,
    ) -> Result<Vec<NewNotice>, EngineError> {
        let directory = self.directory();
        let Some(subject) = Subject::of(stored, &directory) else { return Ok(Vec::new()) };
        let extras = self.extras(Wish::default(), &Preferences::default());
        let today = extras.today;
        let side = Side::Document(stored.row.0, subject.stand_in);
        let hold = self.holding(Viewer::Local, snapshot, extras, side);
        let (title, body) = (subject.title, subject.body);
        let (held, open) = self
            .beside(move || {
                let held = hold()?;
                let sharing = held.needs_sharing(&title, &body)?.into_iter();
                let open = sharing.filter(|row| {
                    directory.need(*row).is_some_and(|need| is_open(need.deadline, today))
                });
                let open: Vec<RowId> = open.take(NEEDS_SCORED).map(RowId).collect();
                Ok((held, open))
            })
            .await?;
        let needs = self.store.rows(&open).await?;
        self.beside(move || {
            let audience = if held.is_public() { Audience::Everybody } else { Audience::Insiders };
            let needs = needs.iter().filter(|stored| stored.record.meta.deleted_at.is_none());
            let open: Vec<OpenNeed> = needs
                .filter_map(|stored| match &stored.record.body {
                    Body::Need(need) => Some(OpenNeed::of(stored, need, Sight::ALL)),
                    _ => None,
                })
                .collect();
            let answered = open.into_par_iter().map(|need| held.answer(need));
            let answered = answered.collect::<Result<Vec<Answered>, EngineError>>()?;
            let good = answered.into_iter().filter_map(|Answered { need, ranking, found }| {
                let found = found.filter(|found| found.band <= rules.band)?;
                Some((found, ranking, need))
            });
            let mut good: Vec<(Found, Ranking, OpenNeed)> = good.collect();
            good.sort_by(|(a, _, a_need), (b, _, b_need)| {
                let by_share = a.band.cmp(&b.band).then(b.share.total_cmp(&a.share));
                by_share.then(a_need.row.cmp(&b_need.row))
            });
            good.truncate(rules.needs_of_document);
            let told = good.iter().flat_map(|(found, ranking, need)| {
                let labs = subject.labs.iter().take(LABS_OF_ACHIEVEMENT);
                let need = (RowId(need.row), need.revision);
                labs.filter_map(move |lab| notice(need, *lab, found, ranking, audience))
            });
            Ok(told.collect())
        })
        .await
    }

    /// Work for the processor that others go before.
    async fn beside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let seat = self.inbox_seat.clone();
        blocking(move || seat.run(work)).await
    }
}

/// A document that needs are looked for with.
struct Subject {
    title: String,
    body: String,
    /// The rows of the labs whose evidence it is.
    labs: Vec<i64>,
    stand_in: LabEntry,
}

impl Subject {
    /// `None` if it is nobody's.
    fn of(stored: &Stored, directory: &Directory) -> Option<Self> {
        let row = stored.row.0;
        let (title, body, labs, stand_in) = match &stored.record.body {
            Body::Achievement(body) => {
                let labs: Vec<i64> =
                    body.lab_ids.iter().filter_map(|id| directory.lab_row(*id)).collect();
                let text = format!("{}\n{}", body.keywords.join("；"), body.summary);
                (body.title.clone(), text, labs, stand_in(Viewer::Local, stored, directory))
            }
            Body::Lab(body) => {
                let lab = directory.lab(row)?.clone();
                (body.name.clone(), body.profile.clone(), vec![row], lab)
            }
            _ => return None,
        };
        (!labs.is_empty()).then_some(Self { title, body, labs, stand_in })
    }
}

/// What is to be told of a lab that was found; `None` without evidence.
fn notice(
    (need, need_revision): (RowId, u64),
    lab: i64,
    found: &Found,
    ranking: &Ranking,
    audience: Audience,
) -> Option<NewNotice> {
    let best = &ranking.documents[*found.ranked.documents.first()?];
    let extras = found.extras.iter().filter(|extra| extra.value > 0.0).map(|e| e.reason());
    let score = found.ranked.score + found.extras.iter().map(|extra| extra.value).sum::<f64>();
    let mut reasons: Vec<NoticeReason> = found
        .reasons
        .iter()
        .cloned()
        .chain(extras)
        .map(|reason| NoticeReason {
            kind: reason.kind.as_str().to_owned(),
            name: reason.name.to_string(),
            field: reason.field.to_owned(),
            value: reason.value,
        })
        .collect();
    // Stable: what adds as much stays in its order.
    reasons.sort_by(|a, b| b.value.total_cmp(&a.value));
    reasons.truncate(REASONS_KEPT);
    Some(NewNotice {
        need,
        need_revision,
        lab: RowId(lab),
        document: RowId(best.row),
        document_revision: best.revision,
        audience,
        grade: found.band as u8,
        score,
        share: found.share,
        reasons,
    })
}
