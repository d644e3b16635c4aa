//! Postings that there are, have to be, or must not be.

use std::collections::{HashMap, HashSet};

use super::Files;
use super::columns::{EXCLUSIONS, File, POSTINGS, ROWS_MAX};
use super::sheet::Row;
use crate::programmes::fault::Faults;
use crate::programmes::hundred::{Batch, Commissioner, HostInstitution, Posting};

/// Separators of lists in a cell.
const SEPARATORS: [char; 3] = [';', '；', '、'];

/// What a row of postings says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum PostingKind {
    Forced,
    Published,
    Required,
}

const KINDS: &[(PostingKind, &[&str])] = &[
    (PostingKind::Forced, &["forced", "指定", "指定派驻"]),
    (PostingKind::Published, &["published", "已发布", "已公布", "已发布计划"]),
    (PostingKind::Required, &["required", "必派", "必派院校"]),
];

/// The names that a row may name.
pub(super) struct Known<'c> {
    /// By date.
    batches: Vec<&'c str>,
    commissioners: HashSet<&'c str>,
    institutions: HashSet<&'c str>,
}

impl<'c> Known<'c> {
    pub fn new(
        batches: &'c [Batch],
        commissioners: &'c [Commissioner],
        institutions: &'c [HostInstitution],
    ) -> Self {
        Self {
            batches: batches.iter().map(|batch| batch.id.as_str()).collect(),
            commissioners: commissioners.iter().map(|one| one.id.as_str()).collect(),
            institutions: institutions.iter().map(|host| host.id.as_str()).collect(),
        }
    }

    fn batch(&self, row: &Row<'_>, column: &str, id: &str, faults: &mut Faults) -> Option<usize> {
        let found = self.batches.iter().position(|batch| *batch == id);
        if found.is_none() {
            let expected = format!("应为已有批次之一：{}", self.batches.join("、"));
            faults.add(row.fault(column, format!("“{id}”不在任何批次之内"), expected));
        }
        found
    }

    fn commissioner(&self, row: &Row<'_>, faults: &mut Faults) -> Option<String> {
        let id = row.text("commissioner", faults)?;
        if self.commissioners.contains(id.as_str()) {
            return Some(id);
        }
        row.unknown("commissioner", ("专员", &id), self.commissioners.iter().copied(), faults);
        None
    }

    fn institution(&self, row: &Row<'_>, faults: &mut Faults) -> Option<String> {
        let id = row.text("institution", faults)?;
        if self.institutions.contains(id.as_str()) {
            return Some(id);
        }
        row.unknown("institution", ("高校院所", &id), self.institutions.iter().copied(), faults);
        None
    }
}

/// What `postings.csv` says.
#[derive(Default)]
pub(super) struct Postings {
    pub forced: Vec<Posting>,
    pub published: Vec<Posting>,
    pub required: Vec<String>,
}

/// The postings, each sort by commissioner.
pub(super) fn postings(files: &Files<'_>, known: &Known<'_>, faults: &mut Faults) -> Postings {
    let mut read = Postings::default();
    let limit = (ROWS_MAX, "派驻");
    let Some(sheet) = files.sheet(File::Postings, POSTINGS, limit, faults) else { return read };
    // By sort and commissioner, the first row with a batch: its line, and the batches it is for.
    let mut terms: HashMap<(PostingKind, String), (u32, Vec<String>)> = HashMap::new();
    let mut pairs: HashMap<(PostingKind, String, String), u32> = HashMap::new();
    for row in sheet.rows() {
        let word = row.text("kind", faults);
        let kind = word.and_then(|word| row.choice("kind", &word, KINDS, faults));
        let institution = known.institution(&row, faults);
        if kind == Some(PostingKind::Required) {
            if ["commissioner", "batch", "renewed"]
                .iter()
                .any(|column| !row.cell(column).is_empty())
            {
                faults.add(row.fault(
                    "kind",
                    "必派院校只写院校",
                    "要指定专员或批次，类型请填“指定”",
                ));
            }
            read.required.extend(institution);
            continue;
        }
        let commissioner = known.commissioner(&row, faults);
        let term = term(&row, kind, known, faults);
        let (Some(kind), Some(institution), Some(commissioner), Some((batch, renewed))) =
            (kind, institution, commissioner, term)
        else {
            continue;
        };
        let pair = (kind, commissioner.clone(), institution.clone());
        if let Some(first) = pairs.insert(pair, row.line) {
            let found = format!("“{commissioner}”派往“{institution}”与第 {first} 行重复");
            faults.add(row.fault("institution", found, "同一派驻只写一行；跨批次的写在续派批次"));
            continue;
        }
        if !batch.is_empty() {
            let all: Vec<String> = std::iter::once(&batch).chain(&renewed).cloned().collect();
            match terms.get(&(kind, commissioner.clone())) {
                Some((first, others)) if !others.contains(&batch) => {
                    let found = format!(
                        "“{commissioner}”在第 {first} 行派于“{}”，这里又派于“{batch}”，没有续派",
                        others.join("、")
                    );
                    faults.add(row.fault("batch", found, "一人只在一个批次；跨批次的填续派批次"));
                    continue;
                }
                Some(_) => {}
                None => {
                    terms.insert((kind, commissioner.clone()), (row.line, all));
                }
            }
        }
        let posting = Posting { commissioner, institution, batch, renewed };
        match kind {
            PostingKind::Published => read.published.push(posting),
            _ => read.forced.push(posting),
        }
    }
    read.forced.sort();
    read.published.sort();
    read.required.sort();
    read.required.dedup();
    read
}

/// The batch of a posting (empty: any), and the later ones that it was renewed for.
fn term(
    row: &Row<'_>,
    kind: Option<PostingKind>,
    known: &Known<'_>,
    faults: &mut Faults,
) -> Option<(String, Vec<String>)> {
    let (batches, renewed) = (row.list("batch", &SEPARATORS), row.list("renewed", &SEPARATORS));
    let before = faults.total();
    let first = batches.first().and_then(|id| known.batch(row, "batch", id, faults));
    if batches.len() > 1 {
        let found = format!("有 {} 个批次，没有续派", batches.len());
        faults.add(row.fault("batch", found, "只填一个批次；后面的批次填在续派批次"));
    }
    if batches.is_empty() && (kind == Some(PostingKind::Published) || !renewed.is_empty()) {
        faults.add(row.fault("batch", "没有填写", "已发布的和续派的派驻要写明批次"));
    }
    for id in &renewed {
        let later = known.batch(row, "renewed", id, faults);
        if let (Some(first), Some(later)) = (first, later)
            && later <= first
        {
            let found = format!("“{id}”不晚于“{}”", known.batches[first]);
            faults.add(row.fault("renewed", found, "续派的批次应在其后"));
        }
    }
    let batch = batches.into_iter().next().unwrap_or_default();
    (faults.total() == before).then_some((batch, renewed))
}

/// The pairs of commissioner and institution that there must not be, in order.
pub(super) fn exclusions(
    files: &Files<'_>,
    known: &Known<'_>,
    faults: &mut Faults,
) -> Vec<(String, String)> {
    let limit = (ROWS_MAX, "排除");
    let Some(sheet) = files.sheet(File::Exclusions, EXCLUSIONS, limit, faults) else {
        return Vec::new();
    };
    let mut read = Vec::new();
    for row in sheet.rows() {
        let (commissioner, institution) =
            (known.commissioner(&row, faults), known.institution(&row, faults));
        read.extend(commissioner.zip(institution));
    }
    read.sort();
    read.dedup();
    read
}
