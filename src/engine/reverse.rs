//! From a lab, or one achievement, to the open needs that it may answer.
//!
//! Needs that share words are found in the index; the best of them are each asked as they
//! would be the other way round, with nothing but the given evidence to be found. So score and
//! contributions of a need and a lab are the same in both directions.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::directory::{Directory, LabEntry};
use super::extras::Extras;
use super::freshness::{MovedOn, Texts};
use super::matching::{LIMIT_MAX, LabMatch, NeedText, explain, result_id};
use super::need_filter::CheckedNeeds;
use super::ranking::{Found, Question, Ranking};
use super::records::check_limit;
use super::veil::Veil;
use super::{
    Engine, EngineError, MatchEvidence, MatchReason, NeedFilters, NeedName, Preferences, Viewer,
    blocking,
};
use crate::index::{Candidate, Given, IndexError, LabSet, Scope, Snapshot};
use crate::matching::{Band, Query, RankedLab, Weights, Wish};
use crate::model::{Body, CivilDate, Kind, LabKind, RecordId};
use crate::store::Stored;
use crate::text::{Analyzer, View};

/// Needs that are scored exactly.
const NEEDS_SCORED: usize = 200;
/// Needs with shared words whose records are looked at for filters and deadlines, by which most
/// may be left out.
const NEEDS_LOOKED_AT: usize = 2_000;
/// Documents of a lab whose words needs are looked for with: its profile and the newest. All
/// of its documents count in the scores.
const DOCUMENTS_READ: usize = 200;
/// The row of an achievement's stand-in for a lab: of no record.
const STAND_IN_ROW: i64 = 0;

/// Whose needs are wanted, by id, external id or `source:external_id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A lab with all of its evidence.
    Lab(String),
    /// A single achievement, with what its labs say of themselves.
    Achievement(String),
}

/// A question for needs.
#[derive(Debug, Clone, PartialEq)]
pub struct NeedsRequest {
    /// Whose.
    pub subject: Subject,
    /// Needs wanted, 1 to [`LIMIT_MAX`].
    pub limit: usize,
    /// Which needs.
    pub filters: NeedFilters,
    /// What counts beside the texts.
    pub preferences: Preferences,
}

/// What was asked for, as it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectName {
    /// Lab or achievement.
    pub kind: Kind,
    /// Its id.
    pub id: RecordId,
    /// Its id in its source.
    pub external_id: String,
    /// Its name or title.
    pub title: String,
}

/// A need that matches.
#[derive(Debug, Clone, PartialEq)]
pub struct NeedMatch {
    /// The need.
    pub need: NeedName,
    /// Sum of the reasons' values: comparable between labs for a need, not between needs.
    pub score: f64,
    /// How sure.
    pub band: Band,
    /// As [`LabMatch::share`]: comparable between needs.
    pub share: f64,
    /// Why, largest first.
    pub reasons: Vec<MatchReason>,
    /// The sentences of the lab or achievement that earned it.
    pub evidence: Vec<MatchEvidence>,
}

/// Ranked needs.
#[derive(Debug, Clone, PartialEq)]
pub struct NeedsAnswer {
    /// Names the question together with the state that answered it: equal for equal answers.
    pub result_id: String,
    /// What was asked for.
    pub subject: SubjectName,
    /// Statistics snapshot that the scores come from.
    pub statistics: String,
    /// Feed position of the index.
    pub position: i64,
    /// The day from which age and expiry are counted; needs due before it are left out.
    pub today: CivilDate,
    /// Best first: by band, then by the score's share of what the need could score, ties by
    /// row.
    pub matches: Vec<NeedMatch>,
    /// Whether nothing is worth showing.
    pub no_good_match: bool,
}

/// A need to be held against the subject.
struct OpenNeed {
    row: i64,
    revision: u64,
    name: NeedName,
    text: NeedText,
    /// Its body may be matched by and not be shown.
    veiled: bool,
    wish: Wish,
}

/// What needs are held against.
struct Held {
    snapshot: Arc<Snapshot>,
    analyzer: Arc<Analyzer>,
    weights: Weights,
    directory: Arc<Directory>,
    viewer: Viewer,
    extras: Extras,
    given: Given,
    /// The lab; `None` for an achievement, which then stands for one itself.
    labs: Option<LabSet>,
    stand_in: Option<LabEntry>,
}

/// A need with the subject's place in its ranking.
struct Answered {
    need: OpenNeed,
    ranking: Ranking,
    found: Option<Found>,
}

impl Engine {
    /// Ranks the open needs that a lab or an achievement may answer, and says why.
    ///
    /// # Errors
    /// If there is no such record that the viewer may see, or a filter or preference has an
    /// unknown value.
    pub async fn match_needs(
        &self,
        viewer: Viewer,
        request: NeedsRequest,
    ) -> Result<NeedsAnswer, EngineError> {
        check_limit(request.limit, LIMIT_MAX)?;
        request.preferences.check()?;
        let extras = self.extras(Wish::default(), &request.preferences);
        let (today, described) = (extras.today, extras.described());
        let (kind, name) = match &request.subject {
            Subject::Lab(name) => (Kind::Lab, name),
            Subject::Achievement(name) => (Kind::Achievement, name),
        };
        let subject = self.named(viewer, kind, name).await?;
        let checked = self.check_needs(viewer, &request.filters, today).await?;
        let snapshot = self.snapshot()?;
        let held = Arc::new(self.held(viewer, &subject, snapshot.clone(), extras).await?);
        let needs = self.open_needs(&held, &subject, &checked).await?;
        let asked_needs: Vec<(i64, u64)> = needs.iter().map(|n| (n.row, n.revision)).collect();
        let (answered, texts, moved) = self.answered(&held, needs, request.limit).await?;
        let meta = &subject.record.meta;
        let asked = format!(
            "{:?} {} {:?} {} {described} {asked_needs:?}",
            meta.id, meta.revision, request.filters, request.limit
        );
        let result_id = result_id(viewer, &self.weights, &asked, &snapshot, &moved);
        let analyzer = self.analyzer.clone();
        let matches = blocking(move || {
            let explained = answered.into_par_iter().map(|a| told(a, &held, &texts, &analyzer));
            let explained = explained.collect::<Result<Vec<_>, EngineError>>()?;
            Ok::<Vec<NeedMatch>, EngineError>(explained.into_iter().flatten().collect())
        })
        .await?;
        Ok(NeedsAnswer {
            result_id,
            subject: SubjectName {
                kind,
                id: meta.id,
                external_id: meta.external_id.clone(),
                title: subject.record.body.title().to_owned(),
            },
            statistics: snapshot.statistics().id().to_owned(),
            position: snapshot.cursor().map_or(0, |c| c.seq),
            today,
            no_good_match: matches.iter().all(|m| m.band == Band::None),
            matches,
        })
    }

    /// The evidence of a lab, or the achievement and a stand-in for its labs.
    async fn held(
        &self,
        viewer: Viewer,
        subject: &Stored,
        snapshot: Arc<Snapshot>,
        extras: Extras,
    ) -> Result<Held, EngineError> {
        let directory = self.directory();
        let row = subject.row.0;
        let is_lab = matches!(subject.record.body, Body::Lab(_));
        let labs: Option<LabSet> = is_lab.then(|| [row].into_iter().collect());
        let stand_in = (!is_lab).then(|| stand_in(viewer, subject, &directory));
        let (analyzer, weights) = (self.analyzer.clone(), self.weights.clone());
        blocking(move || {
            let public_only = viewer.public_only();
            let given = match &labs {
                Some(labs) => snapshot.given_in(Scope { labs: Some(labs), public_only }),
                None => snapshot.given_rows(&[row]).map_err(IndexError::from)?,
            };
            Ok::<_, EngineError>(Held {
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
        })
        .await
    }

    /// Open needs that share words with the subject and pass the filters, at most
    /// [`NEEDS_SCORED`], those that share most.
    async fn open_needs(
        &self,
        held: &Arc<Held>,
        subject: &Stored,
        checked: &CheckedNeeds,
    ) -> Result<Vec<OpenNeed>, EngineError> {
        let texts = self.texts(held.viewer, held.newest().into_iter()).await?;
        let (title, body) = words_of(subject, &texts);
        let shared = {
            let held = held.clone();
            blocking(move || {
                let query = Query::new(&held.analyzer, &title, &body);
                let words = query.terms().iter().filter(|t| t.kind.view() == View::Words);
                let words: Vec<Arc<str>> = words.map(|t| t.term.clone()).collect();
                let public_only = held.viewer.public_only();
                let found = held.snapshot.needs_with_words(&words, public_only, NEEDS_LOOKED_AT);
                Ok::<_, EngineError>(found.map_err(IndexError::from)?)
            })
            .await?
        };
        let dismissed = self.dismissed_for(held.viewer, subject);
        let mut open = Vec::with_capacity(NEEDS_SCORED.min(shared.len()));
        for rows in shared.chunks(NEEDS_SCORED) {
            let texts = self.texts(held.viewer, rows.iter().copied()).await?;
            let stored = rows.iter().filter_map(|row| texts.get(*row));
            open.extend(stored.filter_map(|stored| match &stored.record.body {
                Body::Need(need)
                    if checked.passes(need) && !dismissed.has(stored.record.meta.id, need) =>
                {
                    let sight = held.viewer.sight_of(&held.directory, &stored.record);
                    let meta = &stored.record.meta;
                    let record = Some((meta.id, meta.external_id.clone()));
                    Some(OpenNeed {
                        row: stored.row.0,
                        revision: meta.revision,
                        name: NeedName { record, title: need.title.clone() },
                        text: NeedText { title: need.title.clone(), body: need.body.clone() },
                        veiled: sight.hides_text(),
                        wish: Wish::from(need),
                    })
                }
                _ => None,
            }));
            if open.len() >= NEEDS_SCORED {
                open.truncate(NEEDS_SCORED);
                break;
            }
        }
        Ok(open)
    }

    /// The `limit` best needs with the records behind what is shown, all of them at the revision
    /// that was scored: what the index knows of older ones is judged anew by the present text.
    async fn answered(
        &self,
        held: &Arc<Held>,
        needs: Vec<OpenNeed>,
        limit: usize,
    ) -> Result<(Vec<Answered>, Texts, BTreeMap<i64, Option<u64>>), EngineError> {
        let answered = {
            let held = held.clone();
            blocking(move || {
                let all = needs.into_par_iter().map(|need| held.answer(need));
                all.collect::<Result<Vec<Answered>, EngineError>>()
            })
            .await?
        };
        let order = best_first(&answered);
        let shown = |order: &[usize]| -> BTreeMap<i64, u64> {
            let best = order.iter().take(limit).map(|idx| &answered[*idx]);
            best.flat_map(|a| a.ranking.shown(a.found.as_slice())).collect()
        };
        let behind = shown(&order);
        let texts = self.texts(held.viewer, behind.keys().copied()).await?;
        if behind.iter().all(|(row, revision)| texts.is_current(*row, *revision)) {
            return Ok((cut(answered, &order, limit), texts, BTreeMap::new()));
        }
        let rankings: Vec<&Ranking> = answered.iter().map(|a| &a.ranking).collect();
        let MovedOn { texts, rows, fresh, moved } =
            self.moved_on(held.viewer, &held.snapshot, &rankings).await?;
        let held = held.clone();
        let answered = blocking(move || {
            let renewed = answered.into_par_iter().map(|a| held.renew(a, &fresh, &rows));
            renewed.collect::<Result<Vec<Answered>, EngineError>>()
        })
        .await?;
        let order = best_first(&answered);
        Ok((cut(answered, &order, limit), texts, moved))
    }
}

impl Held {
    fn scope(&self) -> Scope<'_> {
        Scope { labs: self.labs.as_ref(), public_only: self.viewer.public_only() }
    }

    /// Rows of the documents whose words needs are looked for with.
    fn newest(&self) -> Vec<i64> {
        let mut documents = self.snapshot.described(&self.given);
        // A lab's profile has no labs but itself; the rest by date, then by row.
        let is_own = |d: &Candidate| d.labs == [d.row];
        documents.sort_by_key(|d| (!is_own(d), std::cmp::Reverse((d.facts.month, d.row))));
        documents.iter().take(DOCUMENTS_READ).map(|document| document.row).collect()
    }

    /// Asks a need, with nothing but the given documents to be found.
    fn answer(&self, need: OpenNeed) -> Result<Answered, EngineError> {
        let Self { snapshot, weights, .. } = self;
        let question = Question::new(&self.analyzer, snapshot, weights, &need.text)?;
        let candidates = question.selective_among(snapshot, weights, &self.given)?;
        let ranking = question.rank(snapshot.clone(), weights, self.scope(), candidates)?;
        self.judged(need, ranking)
    }

    fn renew(
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

/// The achievement in the place of a lab.
pub(super) fn stand_in_ranked(documents: &[Candidate]) -> Vec<RankedLab> {
    let ranked = documents.iter().enumerate().take(1).map(|(idx, document)| RankedLab {
        lab: STAND_IN_ROW,
        score: document.score.value(),
        documents: vec![idx],
    });
    ranked.collect()
}

/// Titles, and what stands behind them, of a subject's documents.
fn words_of(subject: &Stored, texts: &Texts) -> (String, String) {
    let (mut titles, mut bodies) = (String::new(), String::new());
    let mut add = |title: &str, body: &[&str]| {
        titles.extend([title, "\n"]);
        body.iter().for_each(|text| bodies.extend([*text, "\n"]));
    };
    let mut all: Vec<&Stored> = texts.all().filter(|stored| stored.row != subject.row).collect();
    all.sort_unstable_by_key(|stored| stored.row);
    for stored in std::iter::once(subject).chain(all) {
        match &stored.record.body {
            Body::Lab(lab) => add(&lab.name, &[&lab.profile]),
            Body::Achievement(body) => {
                add(&body.title, &[&body.keywords.join("；"), &body.summary])
            }
            _ => {}
        }
    }
    (titles, bodies)
}

/// Places of the needs that the subject is found for, best first.
fn best_first(answered: &[Answered]) -> Vec<usize> {
    // Scores of needs are comparable only as shares of what each could score.
    let key = |idx: usize| {
        let Answered { need, found, .. } = &answered[idx];
        found.as_ref().map(|found| {
            let extras: f64 = found.extras.iter().map(|extra| extra.value).sum();
            (found.band, found.share * (1.0 + extras / found.ranked.score), need.row)
        })
    };
    let keyed = (0..answered.len()).filter_map(|idx| Some((key(idx)?, idx)));
    let mut order: Vec<_> = keyed.collect();
    order.sort_by(|((a_band, a, a_row), _), ((b_band, b, b_row), _)| {
        a_band.cmp(b_band).then(b.total_cmp(a)).then(a_row.cmp(b_row))
    });
    order.into_iter().map(|(_, idx)| idx).collect()
}

/// The first `limit` of them, in their order.
fn cut(answered: Vec<Answered>, order: &[usize], limit: usize) -> Vec<Answered> {
    let mut all: Vec<Option<Answered>> = answered.into_iter().map(Some).collect();
    order.iter().take(limit).filter_map(|idx| all[*idx].take()).collect()
}

fn told(
    answered: Answered,
    held: &Held,
    texts: &Texts,
    analyzer: &Arc<Analyzer>,
) -> Result<Option<NeedMatch>, EngineError> {
    let Answered { need, ranking, found } = answered;
    let Some(found) = found else { return Ok(None) };
    let (weights, title) = (&held.weights, &need.text.title);
    let veil = Veil::new(need.veiled, analyzer, &held.snapshot, weights, title)?;
    let by = veil.over(&ranking.question);
    let LabMatch { score, band, share, reasons, evidence, .. } =
        explain(found, &ranking, &by, texts, analyzer);
    Ok(Some(NeedMatch { need: need.name, score, band, share, reasons, evidence }))
}
