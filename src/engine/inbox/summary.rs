//! How much is new, by park, institution and kind.

use std::collections::BTreeMap;

use super::super::permission::Extent;
use super::super::{Engine, EngineError, Viewer};
use super::belonging::visitor;
use crate::model::{Kind, RecordId};

/// How many of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxCount {
    /// Park or institution.
    pub id: RecordId,
    /// Its name.
    pub name: String,
    /// Notices.
    pub count: usize,
}

/// 概览: how many notices are new, without the daily limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxSummary {
    /// They are behind this notice.
    pub since: i64,
    /// And go up to this one.
    pub until: i64,
    /// All of them.
    pub total: usize,
    /// By the kind of the record that was new or changed: needs, achievements, labs.
    pub kinds: [(Kind, usize); 3],
    /// By the park, or city, of the need's firm, as far as the viewer may know it; most first.
    pub parks: Vec<InboxCount>,
    /// By the lab's institution; most first.
    pub institutions: Vec<InboxCount>,
}

impl Engine {
    /// How much is new to the viewer since their last visit, or behind `since`.
    ///
    /// # Errors
    /// [`EngineError::NotSignedIn`] for the anonymous.
    pub async fn inbox_summary(
        &self,
        viewer: Viewer,
        since: Option<i64>,
    ) -> Result<InboxSummary, EngineError> {
        let visitor = visitor(viewer)?;
        let since = match since {
            Some(since) => since,
            None => self.store.seen_notice(&visitor).await?,
        };
        let until = self.store.last_notice().await?.max(since);
        let directory = self.directory();
        let notices = self.notices_between(since, until).await?;
        let found = self.belonging(viewer, &directory, notices).await?;
        let mut kinds = [Kind::Need, Kind::Achievement, Kind::Lab].map(|kind| (kind, 0));
        let (mut parks, mut institutions) = (BTreeMap::new(), BTreeMap::new());
        for belonging in &found {
            let met = belonging.notice.met_kind;
            kinds.iter_mut().filter(|(kind, _)| *kind == met).for_each(|(_, count)| *count += 1);
            // The public summary of a need does not tell whose it is.
            let sight = viewer.sight_of_need(&directory, belonging.need);
            let firm = belonging.need.enterprise.filter(|_| sight.extent > Extent::Public);
            let firm = firm.and_then(|id| directory.enterprise(id));
            let park = firm.and_then(|firm| directory.places.office_of(firm));
            let park = park.and_then(|id| directory.places.office(id));
            if let Some(park) = park {
                let name = park.names.first().cloned().unwrap_or_default();
                parks.entry(park.id).or_insert((name, 0)).1 += 1;
            }
            for institution in directory.institutions_of(viewer, belonging.lab) {
                let name = institution.name.clone();
                institutions.entry(institution.id).or_insert((name, 0)).1 += 1;
            }
        }
        let (parks, institutions) = (most_first(parks), most_first(institutions));
        Ok(InboxSummary { since, until, total: found.len(), kinds, parks, institutions })
    }
}

/// Largest first, ties by id.
fn most_first(counts: BTreeMap<RecordId, (String, usize)>) -> Vec<InboxCount> {
    let counts = counts.into_iter().map(|(id, (name, count))| InboxCount { id, name, count });
    let mut counts: Vec<InboxCount> = counts.collect();
    counts.sort_by_key(|of| (std::cmp::Reverse(of.count), of.id));
    counts
}
