//! What a changed record is good for: a need meets all labs, an achievement or a lab's profile all
//! open needs.
//!
//! A need is asked as anybody on the machine would ask it. A document is held against each need
//! as the only evidence there is: who has other evidence for it was told before.

use std::sync::Arc;

use rayon::prelude::*;

use super::super::directory::{Directory, LabEntry};
use super::super::matching::NeedText;
use super::super::ranking::{Found, Question, Ranking, rank};
use super::super::reverse::{stand_in, stand_in_ranked};
use super::super::{Engine, EngineError, Preferences, Viewer, blocking};
use super::InboxRules;
use crate::index::{IndexError, Scope, Snapshot};
use crate::matching::{Query, Wish};
use crate::model::{Body, CivilDate, Need};
use crate::store::{Audience, NewNotice, NoticeReason, RowId, Stored};
use crate::text::View;

/// Needs with shared words that are looked at; most are left out if they are due.
const NEEDS_LOOKED_AT: usize = 2_000;
/// Open needs that a document is held against.
const NEEDS_HELD: usize = 200;
/// Labs of one achievement that are told of it.
const LABS_OF_ACHIEVEMENT: usize = 5;
/// Reasons that are kept of a notice.
const REASONS_KEPT: usize = 6;

/// Whether a need may still be solved on that day.
pub(super) fn is_open(deadline: Option<CivilDate>, today: CivilDate) -> bool {
    deadline.is_none_or(|deadline| deadline.last_day() >= today.last_day())
}

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
        let sharing = self.open_needs_sharing(&subject, snapshot, extras.today).await?;
        let needs = self.store.rows(&sharing).await?;
        let (analyzer, weights) = (self.analyzer.clone(), self.weights.clone());
        let snapshot = snapshot.clone();
        self.beside(move || {
            let given = snapshot.given_rows(&[subject.row]).map_err(IndexError::from)?;
            let public = snapshot.described(&given).iter().all(|d| snapshot.is_public(d));
            let audience = if public { Audience::Everybody } else { Audience::Insiders };
            let hold =
                |stored: &Stored| -> Result<Option<(Found, Ranking, RowId, u64)>, EngineError> {
                    let Body::Need(need) = &stored.record.body else { return Ok(None) };
                    if stored.record.meta.deleted_at.is_some() {
                        return Ok(None);
                    }
                    let text = NeedText { title: need.title.clone(), body: need.body.clone() };
                    let question = Question::new(&analyzer, &snapshot, &weights, &text)?;
                    let candidates = question.selective_among(&snapshot, &weights, &given)?;
                    let scope = Scope { labs: None, public_only: false };
                    let mut ranking =
                        question.rank(snapshot.clone(), &weights, scope, candidates)?;
                    ranking.labs = stand_in_ranked(&ranking.documents);
                    let labs: Vec<_> =
                        ranking.labs.iter().map(|r| (r, &subject.stand_in)).collect();
                    let extras = extras.with(Wish::from(need));
                    let found = ranking
                        .best_of(labs.into_iter(), Viewer::Local, &weights, &directory, &extras, 1)?
                        .pop();
                    let found = found.filter(|found| found.band <= rules.band);
                    Ok(found.map(|found| (found, ranking, stored.row, stored.record.meta.revision)))
                };
            let held: Vec<Option<_>> =
                needs.par_iter().map(hold).collect::<Result<_, EngineError>>()?;
            let mut held: Vec<_> = held.into_iter().flatten().collect();
            held.sort_by(|(a, _, a_row, _), (b, _, b_row, _)| {
                a.band.cmp(&b.band).then(b.share.total_cmp(&a.share)).then(a_row.cmp(b_row))
            });
            held.truncate(rules.needs_of_document);
            let told = held.iter().flat_map(|(found, ranking, need, revision)| {
                let labs = subject.labs.iter().take(LABS_OF_ACHIEVEMENT);
                labs.filter_map(|lab| notice((*need, *revision), *lab, found, ranking, audience))
            });
            Ok(told.collect())
        })
        .await
    }

    /// Rows of the open needs that share most words with a document.
    async fn open_needs_sharing(
        &self,
        subject: &Subject,
        snapshot: &Arc<Snapshot>,
        today: CivilDate,
    ) -> Result<Vec<RowId>, EngineError> {
        let (analyzer, directory) = (self.analyzer.clone(), self.directory());
        let (title, body) = (subject.title.clone(), subject.body.clone());
        let snapshot = snapshot.clone();
        self.beside(move || {
            let query = Query::new(&analyzer, &title, &body);
            let words = query.terms().iter().filter(|term| term.kind.view() == View::Words);
            let words: Vec<Arc<str>> = words.map(|term| term.term.clone()).collect();
            let found = snapshot.needs_with_words(&words, false, NEEDS_LOOKED_AT);
            let found = found.map_err(IndexError::from)?.into_iter();
            let open = found.filter(|row| {
                directory.need(*row).is_some_and(|need| is_open(need.deadline, today))
            });
            Ok(open.take(NEEDS_HELD).map(RowId).collect())
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
    row: i64,
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
        (!labs.is_empty()).then_some(Self { row, title, body, labs, stand_in })
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
