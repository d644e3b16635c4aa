//! From a lab, or one achievement, to the open needs that it may answer.
//!
//! Needs that share words are found in the index; the best of them are each asked as they
//! would be the other way round, with nothing but the given evidence to be found (`held`).

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::freshness::{MovedOn, Texts};
use super::held::{Answered, Held, NEEDS_SCORED, OpenNeed, Side, stand_in};
use super::matching::{LIMIT_MAX, LabMatch, explain, result_id};
use super::need_filter::CheckedNeeds;
use super::ranking::Ranking;
use super::records::check_limit;
use super::veil::Veil;
use super::{
    Engine, EngineError, MatchEvidence, MatchReason, NeedFilters, NeedName, Preferences, Viewer,
    blocking,
};
use crate::matching::{Band, Wish};
use crate::model::{Body, CivilDate, Kind, RecordId};
use crate::store::Stored;
use crate::text::Analyzer;

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
        let side = match request.subject {
            Subject::Lab(_) => Side::Lab(subject.row.0),
            Subject::Achievement(_) => {
                Side::Document(subject.row.0, stand_in(viewer, &subject, &self.directory()))
            }
        };
        let held = Arc::new(blocking(self.holding(viewer, &snapshot, extras, side)).await?);
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
            blocking(move || held.needs_sharing(&title, &body)).await?
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
                    Some(OpenNeed::of(stored, need, sight))
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
