//! The index against the store, row by row.

use std::cmp::Ordering;
use std::collections::HashSet;

use crate::index::Snapshot;
use crate::model::Kind;
use crate::store::{RowId, Store, StoreError};

/// Records read at once.
const PAGE: usize = 2_000;

/// 核对: which live records the index has at their revision, and which not. Records that have
/// changed behind the index's position count as neither.
#[derive(Debug, Default)]
pub(super) struct Agreement {
    /// Records that are in the index at their revision.
    pub same: u64,
    missing: Vec<String>,
    stale: Vec<String>,
    /// Rows in the index of records that are deleted or never were.
    superfluous: Vec<i64>,
}

impl Agreement {
    /// Compares. Linear in the number of records, 16 bytes for each.
    pub async fn of(
        store: &dyn Store,
        kinds: &[Kind],
        snapshot: &Snapshot,
        indexed_seq: i64,
    ) -> Result<Self, StoreError> {
        let mut stored: Vec<(i64, u64)> = Vec::new();
        for kind in kinds {
            let mut after = None;
            loop {
                let page = store.list(*kind, after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.record.meta.id);
                stored.extend(page.iter().map(|s| (s.row.0, s.record.meta.revision)));
            }
        }
        stored.sort_unstable();
        // Read behind the records: whatever changed while they were read is among these.
        let mut changed = HashSet::new();
        let mut seq = indexed_seq;
        loop {
            let changes = store.changes(seq, PAGE).await?;
            let Some(last) = changes.last() else { break };
            seq = last.seq;
            changed.extend(changes.iter().map(|change| change.row.0));
        }
        let mut found = Self::default();
        let (mut missing, mut stale) = (Vec::new(), Vec::new());
        for (row, difference) in differences(&stored, &snapshot.rows()) {
            match difference {
                _ if changed.contains(&row) => {}
                None => found.same += 1,
                Some(Difference::Missing) => missing.push(row),
                Some(Difference::Stale) => stale.push(row),
                Some(Difference::Superfluous) => found.superfluous.push(row),
            }
        }
        found.missing = names(store, &missing).await?;
        found.stale = names(store, &stale).await?;
        Ok(found)
    }

    /// What is wrong, with the first `named` of each sort; `None` if nothing is.
    pub fn complaint(&self, named: usize) -> Option<String> {
        let superfluous: Vec<String> =
            self.superfluous.iter().map(|row| format!("第 {row} 行")).collect();
        let sorts = [("缺少", &self.missing), ("修订号不同", &self.stale), ("多出", &superfluous)];
        let complaints: Vec<String> = sorts
            .iter()
            .filter(|(_, names)| !names.is_empty())
            .map(|(sort, names)| {
                let shown = &names[..names.len().min(named)];
                format!("{sort} {} 条（{}）", names.len(), shown.join("、"))
            })
            .collect();
        (!complaints.is_empty()).then(|| complaints.join("，"))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Difference {
    Missing,
    Stale,
    Superfluous,
}

/// Each row of either list with what is wrong with it. Both are sorted; the index may have a
/// row twice, the store not.
fn differences(stored: &[(i64, u64)], indexed: &[(i64, u64)]) -> Vec<(i64, Option<Difference>)> {
    let mut found = Vec::with_capacity(stored.len());
    let (mut stored, mut indexed) = (stored.iter().peekable(), indexed.iter().peekable());
    loop {
        let order = match (stored.peek(), indexed.peek()) {
            (None, None) => return found,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((a, _)), Some((b, _))) => a.cmp(b),
        };
        let of_store = if order.is_le() { stored.next() } else { None };
        let of_index = if order.is_ge() { indexed.next() } else { None };
        match (of_store, of_index) {
            (Some((row, revision)), Some((_, of_index))) => {
                found.push((*row, (revision != of_index).then_some(Difference::Stale)));
            }
            (Some((row, _)), None) => found.push((*row, Some(Difference::Missing))),
            (None, Some((row, _))) => found.push((*row, Some(Difference::Superfluous))),
            (None, None) => return found,
        }
    }
}

/// The external ids of records.
async fn names(store: &dyn Store, rows: &[i64]) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::with_capacity(rows.len());
    for page in rows.chunks(PAGE) {
        let rows: Vec<RowId> = page.iter().map(|row| RowId(*row)).collect();
        for stored in store.rows(&rows).await? {
            let meta = &stored.record.meta;
            names.push(format!("{}:{}", meta.source, meta.external_id));
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sort_of_difference_is_found() {
        let stored = [(1, 1), (2, 5), (4, 1), (6, 2)];
        let indexed = [(1, 1), (2, 4), (3, 1), (6, 2), (6, 2), (9, 1)];
        let wrong: Vec<(i64, Difference)> = differences(&stored, &indexed)
            .into_iter()
            .filter_map(|(row, difference)| Some((row, difference?)))
            .collect();
        use Difference::{Missing, Stale, Superfluous};
        let wanted =
            [(2, Stale), (3, Superfluous), (4, Missing), (6, Superfluous), (9, Superfluous)];
        assert_eq!(wrong, wanted);
    }
}
