//! Needs asked with nothing but the evidence of a lab, or one document, to be found.
//!
//! So score and contributions of a need and a lab are what they are among all labs. Which needs
//! are asked, and what is made of the answers, is left to the callers.

use std::collections::HashSet;
use std::sync::Arc;

use super::directory::{Directory, LabEntry};
use super::extras::Extras;
use super::matching::NeedText;
use super::permission::Sight;
use super::ranking::{Found, Question, Ranking};
use super::{Engine, EngineError, NeedName, Viewer};
use crate::index::{Candidate, Given, IndexError, LabSet, Scope, Snapshot};
use crate::matching::{Query, RankedLab, Weights, Wish};
use crate::model::{Body, LabKind, Need};
use crate::store::Stored;
use crate::text::{Analyzer, View};

/// Needs that are scored exactly.
pub(super) const NEEDS_SCORED: usize = 200;
/// Needs with shared words that are looked at for filters and deadlines, by which most may be left
/// out.
pub(super) const NEEDS_LOOKED_AT: usize = 2_000;
/// Documents of a lab whose words needs are looked for with: its profile and the newest. All
/// of its documents count in the scores.
const DOCUMENTS_READ: usize = 200;
/// The row of a document's stand-in for a lab: of no record.
const STAND_IN_ROW: i64 = 0;

/// What needs are held against.
pub(super) enum Side {
    /// A lab in this row with all of its documents.
    Lab(i64),
    /// The document in this row, and what stands for its lab.
    Document(i64, LabEntry),
}

/// A need to be held against something.
pub(super) struct OpenNeed {
    pub row: i64,
    pub revision: u64,
    pub name: NeedName,
    pub text: NeedText,
    /// Its body may be matched by and not be shown.
    pub veiled: bool,
    wish: Wish,
}

impl OpenNeed {
    pub fn of(stored: &Stored, need: &Need, sight: Sight) -> Self {
        let meta = &stored.record.meta;
        let record = Some((meta.id, meta.external_id.clone()));
        Self {
            row: stored.row.0,
            revision: meta.revision,
            name: NeedName { record, title: need.title.clone() },
            text: NeedText { title: need.title.clone(), body: need.body.clone() },
            veiled: sight.hides_text(),
            wish: Wish::from(need),
        }
    }
}

/// A need with the place that was found for it.
pub(super) struct Answered {
    pub need: OpenNeed,
    pub ranking: Ranking,
    pub found: Option<Found>,
}

/// A side in one snapshot.
pub(super) struct Held {
    pub snapshot: Arc<Snapshot>,
    analyzer: Arc<Analyzer>,
    pub weights: Weights,
    pub directory: Arc<Directory>,
    pub viewer: Viewer,
    extras: Extras,
    given: Given,
    /// The lab; `None` for a document.
    labs: Option<LabSet>,
    /// What stands for the lab of a document.
    stand_in: Option<LabEntry>,
}

impl Engine {
    /// What takes hold of a side: work for the processor, to be done where it is free.
    pub(super) fn holding(
        &self,
        viewer: Viewer,
        snapshot: &Arc<Snapshot>,
        extras: Extras,
        side: Side,
    ) -> impl FnOnce() -> Result<Held, EngineError> + Send + 'static {
        let (snapshot, analyzer) = (snapshot.clone(), self.analyzer.clone());
        let (weights, directory) = (self.weights.clone(), self.directory());
        move || {
            let (given, labs, stand_in) = match side {
                Side::Lab(row) => {
                    let labs: LabSet = [row].into_iter().collect();
                    let public_only = viewer.public_only();
                    let given = snapshot.given_in(Scope { labs: Some(&labs), public_only });
                    (given, Some(labs), None)
                }
                Side::Document(row, stand_in) => {
                    let given = snapshot.given_rows(&[row]).map_err(IndexError::from)?;
                    (given, None, Some(stand_in))
                }
            };
            Ok(Held {
                snapshot,
                analyzer,
                weights,
                directory,
                viewer,
                extras,
                given,
                labs,
                stand_in,
            })
        }
    }
}

impl Held {
    fn scope(&self) -> Scope<'_> {
        Scope { labs: self.labs.as_ref(), public_only: self.viewer.public_only() }
    }

    /// Whether everybody may see all of the evidence.
    pub fn is_public(&self) -> bool {
        self.snapshot.described(&self.given).iter().all(|d| self.snapshot.is_public(d))
    }

    /// Rows of the documents whose words needs are looked for with.
    pub fn newest(&self) -> Vec<i64> {
        let mut documents = self.snapshot.described(&self.given);
        // A lab's profile has no labs but itself; the rest by date, then by row.
        let is_own = |d: &Candidate| d.labs == [d.row];
        documents.sort_by_key(|d| (!is_own(d), std::cmp::Reverse((d.facts.month, d.row))));
        documents.iter().take(DOCUMENTS_READ).map(|document| document.row).collect()
    }

    /// Rows of at most [`NEEDS_LOOKED_AT`] needs that share most words with a text.
    pub fn needs_sharing(&self, title: &str, body: &str) -> Result<Vec<i64>, EngineError> {
        let query = Query::new(&self.analyzer, title, body);
        let words = query.terms().iter().filter(|term| term.kind.view() == View::Words);
        let words: Vec<Arc<str>> = words.map(|term| term.term.clone()).collect();
        let public_only = self.viewer.public_only();
        let found = self.snapshot.needs_with_words(&words, public_only, NEEDS_LOOKED_AT);
        Ok(found.map_err(IndexError::from)?)
    }

    /// Asks a need, with nothing but the given documents to be found.
    pub fn answer(&self, need: OpenNeed) -> Result<Answered, EngineError> {
        let Self { snapshot, weights, .. } = self;
        let question = Question::new(&self.analyzer, snapshot, weights, &need.text)?;
        let candidates = question.selective_among(snapshot, weights, &self.given)?;
        let ranking = question.rank(snapshot.clone(), weights, self.scope(), candidates)?;
        self.judged(need, ranking)
    }

    /// The same with what `fresh` has of the documents of `rows`.
    pub fn renew(
        &self,
        mut answered: Answered,
        fresh: &Arc<Snapshot>,
        rows: &HashSet<i64>,
    ) -> Result<Answered, EngineError> {
        answered.ranking.renew(fresh.clone(), rows, &self.weights, self.scope())?;
        self.judged(answered.need, answered.ranking)
    }

    fn judged(&self, need: OpenNeed, mut ranking: Ranking) -> Result<Answered, EngineError> {
        let Self { viewer, weights, directory, .. } = self;
        let extras = self.extras.with(need.wish.clone());
        let mut found = match &self.stand_in {
            None => ranking.best_labs(*viewer, weights, directory, &extras, 1)?,
            Some(lab) => {
                ranking.labs = stand_in_ranked(&ranking.documents);
                let labs: Vec<_> = ranking.labs.iter().map(|ranked| (ranked, lab)).collect();
                ranking.best_of(labs.into_iter(), *viewer, weights, directory, &extras, 1)?
            }
        };
        Ok(Answered { need, ranking, found: found.pop() })
    }
}

/// A lab that has nothing but one achievement, with what its labs say of themselves.
pub(super) fn stand_in(viewer: Viewer, subject: &Stored, directory: &Directory) -> LabEntry {
    let meta = &subject.record.meta;
    let ids = match &subject.record.body {
        Body::Achievement(body) => body.lab_ids.as_slice(),
        _ => &[],
    };
    let labs = ids.iter().filter_map(|id| directory.seen_lab(viewer, directory.lab_row(*id)?));
    let labs: Vec<&LabEntry> = labs.collect();
    LabEntry {
        id: meta.id,
        external_id: meta.external_id.clone(),
        name: subject.record.body.title().to_owned(),
        kind: labs.first().map_or(LabKind::Team, |lab| lab.kind),
        areas: labs.iter().flat_map(|lab| lab.areas.iter().cloned()).collect(),
        expires_on: labs.iter().filter_map(|lab| lab.expires_on).max_by_key(|d| d.last_day()),
        institution_ids: labs.iter().flat_map(|lab| lab.institution_ids.iter().copied()).collect(),
        visibility: meta.visibility,
    }
}

/// The document in the place of a lab.
fn stand_in_ranked(documents: &[Candidate]) -> Vec<RankedLab> {
    let ranked = documents.iter().enumerate().take(1).map(|(idx, document)| RankedLab {
        lab: STAND_IN_ROW,
        score: document.score.value(),
        documents: vec![idx],
    });
    ranked.collect()
}
