//! The store has the last word.
//!
//! The index follows a little behind. What it knows of an older revision is judged anew by
//! the present text, with the same terms and statistics, before it is shown: so that neither
//! a score nor a marked span speaks of a text that is no more. A record that only now has the
//! words is found as soon as the index has caught up.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::extras::Extras;
use super::matching::NeedText;
use super::ranking::{Found, Ranking, rank};
use super::{Engine, EngineError, Viewer, blocking};
use crate::index::{IndexError, LabSet, Scope, Snapshot};
use crate::store::{BATCH_MAX, RowId, Stored};

/// Live records that somebody may see, by row.
#[derive(Debug, Default)]
pub(super) struct Texts(HashMap<i64, Stored>);

impl Texts {
    /// The record of a row.
    pub fn get(&self, row: i64) -> Option<&Stored> {
        self.0.get(&row)
    }

    /// All records, in no order.
    pub fn all(&self) -> impl Iterator<Item = &Stored> {
        self.0.values()
    }

    /// Whether a row is still as it was at a revision.
    pub fn is_current(&self, row: i64, revision: u64) -> bool {
        self.get(row).is_some_and(|stored| stored.record.meta.revision == revision)
    }
}

/// A ranking with the records behind what is shown of it, all of them at the revision that
/// was scored.
pub(super) struct Judged {
    pub ranking: Ranking,
    pub found: Vec<Found>,
    pub texts: Texts,
    /// Revisions of the records that were scored by the store's text; `None` if they are gone.
    pub moved: BTreeMap<i64, Option<u64>>,
}

/// Records that have moved on since they were indexed.
pub(super) struct MovedOn {
    /// All candidates as they are now.
    pub texts: Texts,
    /// Which of them have moved on.
    pub rows: HashSet<i64>,
    /// What the index will say of those.
    pub fresh: Arc<Snapshot>,
    /// Their revisions; `None` if they are gone.
    pub moved: BTreeMap<i64, Option<u64>>,
}

impl Engine {
    /// Ranks, and judges anew what the index knows of older revisions. Costs no more than
    /// reading what is shown as long as nothing of it has changed.
    pub(super) async fn judged(
        &self,
        viewer: Viewer,
        snapshot: &Arc<Snapshot>,
        need: &NeedText,
        labs: Option<LabSet>,
        extras: Extras,
        limit: usize,
    ) -> Result<Judged, EngineError> {
        let labs = Arc::new(labs);
        let directory = self.directory();
        let weights = self.weights.clone();
        let best = move |ranking: &Ranking| {
            ranking.best_labs(viewer, &weights, &directory, &extras, limit)
        };
        let (ranking, found, best) = {
            let (snapshot, weights, labs) = (snapshot.clone(), self.weights.clone(), labs.clone());
            let (analyzer, need) = (self.analyzer.clone(), need.clone());
            blocking(move || {
                let scope = Scope { labs: (*labs).as_ref(), public_only: viewer.public_only() };
                let ranking = rank(&analyzer, &snapshot, &weights, &need, scope)?;
                let found = best(&ranking)?;
                Ok::<_, EngineError>((ranking, found, best))
            })
            .await?
        };
        let shown = ranking.shown(&found);
        let texts = self.texts(viewer, shown.keys().copied()).await?;
        if shown.iter().all(|(row, revision)| texts.is_current(*row, *revision)) {
            return Ok(Judged { ranking, found, texts, moved: BTreeMap::new() });
        }
        let MovedOn { texts, rows, fresh, moved } =
            self.moved_on(viewer, snapshot, &[&ranking]).await?;
        let weights = self.weights.clone();
        let mut ranking = ranking;
        let (ranking, found) = blocking(move || {
            let scope = Scope { labs: (*labs).as_ref(), public_only: viewer.public_only() };
            ranking.renew(fresh, &rows, &weights, scope)?;
            let found = best(&ranking)?;
            Ok::<_, EngineError>((ranking, found))
        })
        .await?;
        Ok(Judged { ranking, found, texts, moved })
    }

    /// What the store says of all candidates of some rankings by one snapshot: whatever comes
    /// up in place of what has changed is looked at too.
    pub(super) async fn moved_on(
        &self,
        viewer: Viewer,
        snapshot: &Arc<Snapshot>,
        rankings: &[&Ranking],
    ) -> Result<MovedOn, EngineError> {
        let candidates = rankings.iter().flat_map(|ranking| &ranking.documents);
        let texts = self.texts(viewer, candidates.map(|document| document.row)).await?;
        let rows: HashSet<i64> = rankings.iter().flat_map(|r| r.moved(&texts)).collect();
        let fresh = Arc::new(self.fresh(snapshot, &texts, &rows).await?);
        let revision = |row: &i64| texts.get(*row).map(|stored| stored.record.meta.revision);
        let moved = rows.iter().map(|row| (*row, revision(row))).collect();
        Ok(MovedOn { texts, rows, fresh, moved })
    }

    /// The live records of these rows that the viewer may see.
    pub(super) async fn texts(
        &self,
        viewer: Viewer,
        rows: impl Iterator<Item = i64>,
    ) -> Result<Texts, EngineError> {
        let mut rows: Vec<RowId> = rows.map(RowId).collect();
        rows.sort_unstable();
        rows.dedup();
        let mut stored = Vec::with_capacity(rows.len());
        for rows in rows.chunks(BATCH_MAX) {
            stored.extend(self.store.rows(rows).await?);
        }
        let directory = self.directory();
        let shown = stored.into_iter().filter(|s| {
            s.record.meta.deleted_at.is_none() && viewer.sight_of(&directory, &s.record).is_any()
        });
        Ok(Texts(shown.map(|s| (s.row.0, s)).collect()))
    }

    /// What the index will say of the records in `rows`, as far as `texts` has them.
    pub(super) async fn fresh(
        &self,
        snapshot: &Arc<Snapshot>,
        texts: &Texts,
        rows: &HashSet<i64>,
    ) -> Result<Snapshot, EngineError> {
        let moved: Vec<Stored> = rows.iter().filter_map(|row| texts.get(*row).cloned()).collect();
        let entries = self.entries(&moved).await?;
        let (snapshot, analyzer) = (snapshot.clone(), self.analyzer.clone());
        blocking(move || snapshot.of_fresh(&entries, &analyzer).map_err(IndexError::Tantivy)).await
    }
}

impl Ranking {
    /// Rows and indexed revisions of the documents behind what is shown.
    pub fn shown(&self, found: &[Found]) -> BTreeMap<i64, u64> {
        let of_extras = found.iter().flat_map(|lab| &lab.extras).filter_map(|e| e.document);
        let documents = found.iter().flat_map(|lab| lab.ranked.documents.iter().copied());
        let documents = documents.chain(of_extras).map(|idx| &self.documents[idx]);
        documents.map(|document| (document.row, document.revision)).collect()
    }

    /// Rows of the documents whose records have moved on, or are not to be seen any more.
    fn moved(&self, texts: &Texts) -> HashSet<i64> {
        let known = self.documents.iter().map(|d| (d.row, d.revision));
        known.filter(|(row, revision)| !texts.is_current(*row, *revision)).map(|k| k.0).collect()
    }
}
