//! Records that may be one thing told twice: found by their own texts, merged by people, and
//! parted again.

use std::collections::BTreeSet;

use super::matching::NeedText;
use super::ranking::Question;
use super::records::check_limit;
use super::{Engine, EngineError, Viewer, blocking};
use crate::index::{IndexError, Scope};
use crate::matching::{Aspect, LIKENESS_MIN, Likened, Likeness, Query, Told, differing};
use crate::model::{Body, Kind, Merge, Record, RecordId, Span};
use crate::store::{Outcome, RowId, StoreError, Stored};
use crate::text::View as TextView;

/// The kinds of which duplicates are looked for: never persons, nor what is theirs.
pub const MERGED_KINDS: [Kind; 3] = [Kind::Need, Kind::Lab, Kind::Achievement];

/// Most pairs on one page.
pub const DUPLICATES_LIMIT_MAX: usize = 200;
/// Records whose duplicates are looked for in one call: some milliseconds each.
const LOOKED_AT: usize = 200;
/// Records compared with each, those that share most words with it.
const COMPARED: usize = 20;
/// Documents that are asked for these: achievements and labs come mixed.
const CANDIDATES: usize = 60;

/// One of two records, for those who decide.
#[derive(Debug, Clone, PartialEq)]
pub struct DuplicateSide {
    /// The record, as its viewer may see it.
    pub record: Record,
    /// What of its title the other one's has not.
    pub title_spans: Vec<Span>,
    /// What of its text the other one's has not.
    pub text_spans: Vec<Span>,
}

/// 疑似重复: two records that may be one.
#[derive(Debug, Clone, PartialEq)]
pub struct DuplicatePair {
    /// How alike they are, and by what.
    pub likeness: Likeness,
    /// The older one first.
    pub sides: [DuplicateSide; 2],
}

/// A page of pairs.
#[derive(Debug, Clone, PartialEq)]
pub struct DuplicatesPage {
    /// In the order of the older records.
    pub pairs: Vec<DuplicatePair>,
    /// Records that were looked at for it.
    pub looked_at: usize,
    /// Where the next page begins; `None` on the last. A page may have no pair and still be
    /// followed by others.
    pub next: Option<RecordId>,
}

impl Engine {
    /// Pairs of records of a kind that may be one, whose older one is behind `after`.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`] for those who may not merge; [`EngineError::BadRequest`] for
    /// kinds that are not merged; [`EngineError::TooLarge`] over [`DUPLICATES_LIMIT_MAX`].
    pub async fn duplicates(
        &self,
        viewer: Viewer,
        kind: Kind,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<DuplicatesPage, EngineError> {
        check_may_merge(viewer, kind)?;
        check_limit(limit, DUPLICATES_LIMIT_MAX)?;
        let records = self.store.list(kind, after, LOOKED_AT).await?;
        let mut page = DuplicatesPage { pairs: Vec::new(), looked_at: 0, next: None };
        let is_last = records.len() < LOOKED_AT;
        let count = records.len();
        for stored in records {
            let id = stored.record.meta.id;
            let pairs = self.pairs_of(viewer, &stored).await?;
            // Each pair once: where its older record is.
            page.pairs.extend(pairs.into_iter().filter(|pair| pair.sides[0].record.meta.id == id));
            page.looked_at += 1;
            let is_end = page.looked_at == count && is_last;
            if page.pairs.len() >= limit || page.looked_at == count {
                page.next = (!is_end).then_some(id);
                break;
            }
        }
        Ok(page)
    }

    /// Pairs of this record and others that may be the same, the most alike first.
    ///
    /// # Errors
    /// As [`Engine::duplicates`]; [`EngineError::NotFound`], [`EngineError::Ambiguous`].
    pub async fn duplicates_of(
        &self,
        viewer: Viewer,
        kind: Kind,
        name: &str,
    ) -> Result<Vec<DuplicatePair>, EngineError> {
        check_may_merge(viewer, kind)?;
        let stored = self.named(viewer, kind, name).await?;
        self.pairs_of(viewer, &stored).await
    }

    async fn pairs_of(
        &self,
        viewer: Viewer,
        stored: &Stored,
    ) -> Result<Vec<DuplicatePair>, EngineError> {
        let own = Likened::new(told(&stored.record));
        let mut pairs = Vec::new();
        for other in self.promising(stored).await? {
            let likeness = own.likeness(&Likened::new(told(&other.record)));
            if likeness.value >= LIKENESS_MIN
                && self.sight_of(viewer, &other.record).is_any()
                && self.sight_of(viewer, &stored.record).is_any()
            {
                pairs.push(self.pair(viewer, likeness, [stored.record.clone(), other.record]));
            }
        }
        pairs.sort_by(|a, b| b.likeness.value.total_cmp(&a.likeness.value));
        Ok(pairs)
    }

    fn pair(&self, viewer: Viewer, likeness: Likeness, mut records: [Record; 2]) -> DuplicatePair {
        records.sort_by_key(|record| record.meta.id);
        let records = records.map(|record| self.shown(viewer, record));
        let [a, b] = &records;
        let [title_a, title_b] = differing([a.body.title(), b.body.title()]);
        let [text_a, text_b] = differing([told(a).text, told(b).text]);
        let [a, b] = records;
        let side =
            |record, title_spans, text_spans| DuplicateSide { record, title_spans, text_spans };
        DuplicatePair { likeness, sides: [side(a, title_a, text_a), side(b, title_b, text_b)] }
    }

    /// Live records of the same kind that share most words with this one: the index is asked with
    /// its own text.
    async fn promising(&self, stored: &Stored) -> Result<Vec<Stored>, EngineError> {
        let snapshot = self.snapshot()?;
        let (analyzer, weights) = (self.analyzer().clone(), self.weights.clone());
        let kind = stored.record.body.kind();
        let text = NeedText {
            title: stored.record.body.title().to_owned(),
            body: told(&stored.record).text.to_owned(),
        };
        let rows = blocking(move || {
            if kind == Kind::Need {
                let query = Query::new(&analyzer, &text.title, &text.body);
                let words = query.terms().iter().filter(|t| t.kind.view() == TextView::Words);
                let words: Vec<_> = words.map(|term| term.term.clone()).collect();
                let found = snapshot.needs_with_words(&words, false, COMPARED + 1);
                return Ok::<Vec<i64>, EngineError>(found.map_err(IndexError::from)?);
            }
            let question = Question::new(&analyzer, &snapshot, &weights, &text)?;
            let used = |idx| question.weighted.is_selective(idx);
            let found =
                question.candidates(&snapshot, &weights, Scope::default(), CANDIDATES, used)?;
            Ok(found.documents.into_iter().map(|document| document.row).collect())
        })
        .await?;
        let rows: Vec<RowId> =
            rows.into_iter().map(RowId).filter(|row| *row != stored.row).collect();
        let mut found = self.store.rows(&rows).await?;
        found.retain(|other| {
            other.record.body.kind() == kind && other.record.meta.deleted_at.is_none()
        });
        found.truncate(COMPARED);
        Ok(found)
    }

    /// Puts one record in the place of another: those that named the other one name it, and who
    /// looks for the other one finds it. Answers with the record of the merge.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`]; [`EngineError::BadRequest`]; [`EngineError::NotFound`],
    /// [`EngineError::Ambiguous`].
    pub async fn merge_records(
        &self,
        viewer: Viewer,
        kind: Kind,
        kept: &str,
        merged: &str,
    ) -> Result<Record, EngineError> {
        check_may_merge(viewer, kind)?;
        let kept = self.named(viewer, kind, kept).await?.record.meta.id;
        let merged = self.named(viewer, kind, merged).await?.record.meta.id;
        if kept == merged {
            let reason = "与保留的是同一条记录，请填另一条".to_owned();
            return Err(EngineError::BadRequest { field: "merged", reason });
        }
        let merge = self.store.merge(kind, kept, merged, &viewer.author()).await?;
        self.merge_took_place(&merge.record).await?;
        Ok(merge.record)
    }

    /// Takes a merge back, given by its id. What was changed since by others stays.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`]; [`EngineError::NotFound`]; [`EngineError::BadRequest`] if the
    /// records are not as the merge left them.
    pub async fn undo_merge(&self, viewer: Viewer, id: &str) -> Result<Record, EngineError> {
        let stored = self.named(viewer, Kind::Merge, id).await?;
        let Body::Merge(Merge { kind, .. }) = stored.record.body else {
            let name = id.to_owned();
            return Err(EngineError::NotFound { kind: Kind::Merge, name });
        };
        check_may_merge(viewer, kind)?;
        let undone = self.store.unmerge(stored.record.meta.id, &viewer.author()).await;
        let (merge, outcome) = undone.map_err(|error| match error {
            StoreError::NotFound { kind, id } => EngineError::BadRequest {
                field: "id",
                reason: format!(
                    "{} {id} 在合并之后又被合并、删除或抹除，不能撤销；若是又被合并，请先撤销后来的合并",
                    kind.label()
                ),
            },
            other => other.into(),
        })?;
        if outcome == Outcome::Updated {
            self.merge_took_place(&merge.record).await?;
        }
        Ok(merge.record)
    }

    /// Everybody who asks this process next is answered by what the merge has changed.
    async fn merge_took_place(&self, merge: &Record) -> Result<(), EngineError> {
        let Body::Merge(told) = &merge.body else { return Ok(()) };
        let two = [(told.kind, told.kept_id), (told.kind, told.merged_id)];
        for (kind, id) in told.moved.iter().copied().chain(two) {
            if let Some(stored) = self.store.get(kind, id).await? {
                self.took_place(&stored);
            }
        }
        Ok(())
    }
}

/// Whether a viewer may merge records of that kind.
fn check_may_merge(viewer: Viewer, kind: Kind) -> Result<(), EngineError> {
    if !viewer.changes_all(Kind::Merge) {
        return Err(EngineError::Forbidden { action: "merge records" });
    }
    if !MERGED_KINDS.contains(&kind) {
        let reason = format!("{}不作合并，可用：need、lab、achievement", kind.label());
        return Err(EngineError::BadRequest { field: "kind", reason });
    }
    Ok(())
}

/// What of a record is compared.
fn told(record: &Record) -> Told<'_> {
    let ids =
        |ids: &[RecordId]| -> BTreeSet<String> { ids.iter().map(RecordId::to_string).collect() };
    match &record.body {
        Body::Need(need) => Told {
            names: vec![&need.title],
            text: &need.body,
            facts: vec![(Aspect::House, ids(need.enterprise_id.as_slice()))],
        },
        Body::Lab(lab) => Told {
            names: std::iter::once(lab.name.as_str())
                .chain(lab.aliases.iter().map(|alias| alias.name.as_str()))
                .collect(),
            text: &lab.profile,
            facts: vec![(Aspect::House, ids(&lab.institution_ids))],
        },
        Body::Achievement(body) => Told {
            names: vec![&body.title],
            text: &body.summary,
            facts: vec![
                (Aspect::House, ids(&body.lab_ids)),
                (Aspect::Kind, [body.kind.as_str().to_owned()].into()),
                (Aspect::Year, body.date.iter().map(|date| date.year().to_string()).collect()),
            ],
        },
        _ => Told::default(),
    }
}
