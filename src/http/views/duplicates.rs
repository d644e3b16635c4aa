//! Records that may be one, and merges.

use serde::Serialize;
use utoipa::ToSchema;

use super::matching::spans;
use crate::engine::{DuplicatePair, DuplicateSide, DuplicatesPage};
use crate::model::{self, Body};

/// A page of pairs.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Duplicates {
    /// In the order of the older records.
    pub items: Vec<Duplicate>,
    /// Records that were looked at for this page.
    pub looked_at: usize,
    /// `after` of the next page; null on the last. A page without pairs may have a next one.
    pub next: Option<String>,
}

/// 疑似重复: two records that may be one.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Duplicate {
    /// How alike they are, 0.7 to 1.
    pub similarity: f64,
    /// What they have in common: `name`, `text`, `numbers`, `house`, `kind`, `year`.
    pub agrees: Vec<&'static str>,
    /// In Chinese.
    pub agrees_labels: Vec<&'static str>,
    /// In what they differ.
    pub differs: Vec<&'static str>,
    /// In Chinese.
    pub differs_labels: Vec<&'static str>,
    /// The two, the older one first.
    pub records: Vec<DuplicateRecord>,
}

/// One of the two.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DuplicateRecord {
    /// Public id.
    pub id: String,
    /// Where it comes from.
    pub source: String,
    /// Its id there.
    pub external_id: String,
    /// Title or name.
    pub title: String,
    /// What of the title the other has not.
    pub title_spans: Vec<[u32; 2]>,
    /// Body, profile or abstract.
    pub text: String,
    /// What of the text the other has not.
    pub text_spans: Vec<[u32; 2]>,
}

/// 合并: one record in the place of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Merge {
    /// Its id: by it the merge is taken back.
    pub id: String,
    /// Kind of both records.
    pub kind: &'static str,
    /// In Chinese.
    pub kind_label: &'static str,
    /// The record that stays.
    pub kept_id: String,
    /// The record whose place it took.
    pub merged_id: String,
    /// Records that named the merged one and name the kept one now.
    pub moved: usize,
    /// It was taken back.
    pub undone: bool,
    /// When it was made.
    pub created_at: String,
    /// Who made it.
    pub created_by: String,
}

/// Two records to be merged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct MergeBody {
    /// `need`, `lab` or `achievement`.
    pub kind: String,
    /// The record that stays: id, external id or `source:external_id`.
    pub kept: String,
    /// The record whose place it takes.
    pub merged: String,
}

/// A page of pairs as it is shown.
pub fn duplicates(page: &DuplicatesPage) -> Duplicates {
    Duplicates {
        items: page.pairs.iter().map(duplicate).collect(),
        looked_at: page.looked_at,
        next: page.next.map(|id| id.to_string()),
    }
}

/// A pair as it is shown.
pub fn duplicate(pair: &DuplicatePair) -> Duplicate {
    let likeness = &pair.likeness;
    Duplicate {
        similarity: likeness.value,
        agrees: likeness.agrees.iter().map(|aspect| aspect.as_str()).collect(),
        agrees_labels: likeness.agrees.iter().map(|aspect| aspect.label()).collect(),
        differs: likeness.differs.iter().map(|aspect| aspect.as_str()).collect(),
        differs_labels: likeness.differs.iter().map(|aspect| aspect.label()).collect(),
        records: pair.sides.iter().map(side).collect(),
    }
}

fn side(side: &DuplicateSide) -> DuplicateRecord {
    let meta = &side.record.meta;
    let text = match &side.record.body {
        Body::Need(body) => body.body.as_str(),
        Body::Lab(body) => &body.profile,
        Body::Achievement(body) => &body.summary,
        _ => "",
    };
    DuplicateRecord {
        id: meta.id.to_string(),
        source: meta.source.clone(),
        external_id: meta.external_id.clone(),
        title: side.record.body.title().to_owned(),
        title_spans: spans(&side.title_spans),
        text: text.to_owned(),
        text_spans: spans(&side.text_spans),
    }
}

/// A merge as it is shown; `None` of another record.
pub fn merge(record: &model::Record) -> Option<Merge> {
    let Body::Merge(body) = &record.body else { return None };
    Some(Merge {
        id: record.meta.id.to_string(),
        kind: body.kind.as_str(),
        kind_label: body.kind.label(),
        kept_id: body.kept_id.to_string(),
        merged_id: body.merged_id.to_string(),
        moved: body.moved.len(),
        undone: body.undone,
        created_at: record.meta.created_at.to_string(),
        created_by: record.meta.created_by.clone(),
    })
}
