//! Where labs that somebody names stand in the match of a need.

use std::sync::Arc;

use super::coverage::LabCoverage;
use super::extras::Extras;
use super::freshness::Judged;
use super::matching::{MatchQuestion, NeedName, NeedText};
use super::ranking::{CANDIDATES, Found};
use super::{Engine, EngineError, Filters, Preferences, Viewer, blocking};
use crate::index::{LabSet, Snapshot};
use crate::matching::{GivenPoint, Point};
use crate::model::Kind;
use crate::store::{RowId, Stored};

/// What is asked about named labs.
pub(super) struct Asked<'a> {
    pub question: &'a MatchQuestion,
    pub points: Option<&'a [GivenPoint]>,
    pub filters: &'a Filters,
    /// The labs by id, external id or `source:external_id`.
    pub labs: Vec<&'a str>,
    /// A place of the match whose lab is told too.
    pub rank: Option<usize>,
}

/// The labs that were asked about, all from one snapshot.
pub(super) struct Standings {
    pub need: NeedName,
    pub statistics: String,
    pub position: i64,
    pub points: Vec<Point>,
    /// In the order asked.
    pub labs: Vec<LabCoverage>,
    /// Whether each passes the filters.
    pub passing: Vec<bool>,
    /// The lab in the place asked for, or the last one if there are fewer.
    pub at_rank: Option<LabCoverage>,
}

impl Engine {
    /// The labs as they stand in the match with these filters. One that does not come up there
    /// is scored by the same terms and weights as if there were no other.
    pub(super) async fn standings(
        &self,
        viewer: Viewer,
        asked: Asked<'_>,
    ) -> Result<Standings, EngineError> {
        let mut named = Vec::with_capacity(asked.labs.len());
        for name in &asked.labs {
            named.push(self.named(viewer, Kind::Lab, name).await?);
        }
        let (need, text, wish) = self.asked_openly(viewer, asked.question).await?;
        let extras = self.extras(wish, &Preferences::default());
        let passing = self.labs_that_pass(viewer, asked.filters).await?;
        let passes: Vec<bool> = named
            .iter()
            .map(|lab| passing.as_ref().is_none_or(|labs| labs.contains(lab.row.0)))
            .collect();
        let snapshot = self.snapshot()?;
        let judged =
            self.judged(viewer, &snapshot, &text, passing, extras.clone(), CANDIDATES).await?;
        let holder = Arc::new(self.holder(snapshot.clone()));
        let rows: Vec<i64> = named.iter().map(|lab| lab.row.0).collect();
        let (listed, at_rank, points) = {
            let (holder, text) = (holder.clone(), text.clone());
            let given = asked.points.map(<[GivenPoint]>::to_vec);
            blocking(move || {
                let points = holder.points(&text, given.as_deref())?;
                let Judged { ranking, mut found, texts, .. } = judged;
                let place = asked.rank.map(|rank| rank.min(found.len()).saturating_sub(1));
                let row_at_rank = place.and_then(|p| found.get(p)).map(|f| f.ranked.lab);
                let mut ranked: Vec<(usize, Found)> = (1..).zip(found.drain(..)).collect();
                ranked.retain(|(_, found)| {
                    rows.contains(&found.ranked.lab) || Some(found.ranked.lab) == row_at_rank
                });
                let kept: Vec<i64> = ranked.iter().map(|(_, found)| found.ranked.lab).collect();
                let held = holder.hold(&ranking, ranked, &texts, &points);
                let listed: Vec<(i64, LabCoverage)> = kept.into_iter().zip(held).collect();
                let of_row = |row: i64| listed.iter().find(|(r, _)| *r == row);
                let at_rank = row_at_rank.and_then(of_row).map(|(_, lab)| lab.clone());
                Ok::<_, EngineError>((listed, at_rank, points))
            })
            .await?
        };
        let mut labs = Vec::with_capacity(named.len());
        for stored in &named {
            labs.push(match listed.iter().find(|(row, _)| *row == stored.row.0) {
                Some((_, lab)) => lab.clone(),
                None => self.unlisted(viewer, &snapshot, (&text, &extras), stored, &points).await?,
            });
        }
        Ok(Standings {
            need,
            statistics: snapshot.statistics().id().to_owned(),
            position: snapshot.cursor().map_or(0, |cursor| cursor.seq),
            points,
            labs,
            passing: passes,
            at_rank,
        })
    }

    /// A lab that does not come up in the match.
    async fn unlisted(
        &self,
        viewer: Viewer,
        snapshot: &Arc<Snapshot>,
        (need, extras): (&NeedText, &Extras),
        stored: &Stored,
        points: &[Point],
    ) -> Result<LabCoverage, EngineError> {
        let RowId(row) = stored.row;
        let only: LabSet = [row].into_iter().collect();
        let judged = self.judged(viewer, snapshot, need, Some(only), extras.clone(), 1).await?;
        let directory = self.directory();
        let missing =
            || EngineError::NotFound { kind: Kind::Lab, name: stored.record.meta.id.to_string() };
        let entry = directory.seen_lab(viewer, row).cloned().ok_or_else(missing)?;
        let (holder, stored) = (self.holder(snapshot.clone()), stored.clone());
        let points = points.to_vec();
        blocking(move || {
            let Judged { ranking, found, texts, .. } = judged;
            let found: Vec<(usize, Found)> = (1..).zip(found).collect();
            let mut held = holder.hold(&ranking, found, &texts, &points);
            let mut lab = held.pop().unwrap_or_else(|| {
                let (entry, institutions) = directory.told_lab(viewer, &entry);
                let apart = holder.hold_apart(entry, &stored, &points);
                LabCoverage { institutions, ..apart }
            });
            lab.rank = None;
            Ok::<_, EngineError>(lab)
        })
        .await
    }
}
