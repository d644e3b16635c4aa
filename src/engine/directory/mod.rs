//! Small facts of all live records in memory: for filters, facets, names, permissions and counts.

mod entries;
mod known;
mod places;
mod shared_map;

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{Body, Kind, RecordId};
use crate::store::{Position, RowId, Store, StoreError, Stored};

use places::Places;
use shared_map::SharedMap;

pub(super) use known::KnownDirectory;

pub use entries::{
    ActivityEntry, DismissalEntry, EnterpriseEntry, InstitutionEntry, LabEntry, LeadEntry,
    NeedEntry, OfficeEntry, PlanEntry, PostingEntry, UserEntry,
};

/// Records read at once.
const PAGE: usize = 2_000;

/// The kinds that stand in the directory.
const LISTED: [Kind; 11] = [
    Kind::Institution,
    Kind::Lab,
    Kind::Office,
    Kind::Enterprise,
    Kind::Need,
    Kind::User,
    Kind::Lead,
    Kind::Activity,
    Kind::Dismissal,
    Kind::Plan,
    Kind::Posting,
];

/// A directory that has followed the feed, and the revisions of the records that it has read.
type CaughtUp = (Directory, HashMap<RowId, u64>);

/// 名录: the facts of all live records but achievements. Some 300 bytes for a lab or a firm, 100
/// for a need, 200 for a lead.
#[derive(Debug, Clone, Default)]
pub(super) struct Directory {
    /// Up to which change of the store it is.
    pub position: Option<Position>,
    institutions: Arc<HashMap<RecordId, InstitutionEntry>>,
    labs: Arc<HashMap<i64, LabEntry>>,
    lab_rows: Arc<HashMap<RecordId, i64>>,
    /// Offices, and what stands for parks.
    pub places: Arc<Places>,
    users: Arc<HashMap<RecordId, UserEntry>>,
    enterprises: SharedMap<RecordId, EnterpriseEntry>,
    needs: SharedMap<i64, NeedEntry>,
    need_rows: SharedMap<RecordId, i64>,
    leads: SharedMap<RecordId, LeadEntry>,
    /// The leads of a need, and those of a lab.
    leads_of: SharedMap<RecordId, Vec<RecordId>>,
    activities: SharedMap<RecordId, ActivityEntry>,
    dismissals: SharedMap<RecordId, DismissalEntry>,
    /// The dismissals of a user.
    dismissals_of: SharedMap<RecordId, Vec<RecordId>>,
    plans: SharedMap<RecordId, PlanEntry>,
    postings: SharedMap<RecordId, PostingEntry>,
    /// The needs of a firm.
    needs_of: SharedMap<RecordId, Vec<RecordId>>,
}

impl Directory {
    /// Reads all records that stand here. Linear in their number.
    pub async fn read(store: &dyn Store) -> Result<Self, StoreError> {
        // Changes made meanwhile are behind this position and taken over next.
        let mut directory = Self { position: Some(store.position().await?), ..Self::default() };
        for kind in LISTED {
            let mut after = None;
            loop {
                let page = store.list(kind, after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.record.meta.id);
                for stored in &page {
                    directory.update(stored);
                }
            }
        }
        Ok(directory)
    }

    /// Whether records of that kind stand here.
    fn lists(kind: Kind) -> bool {
        LISTED.contains(&kind)
    }

    /// Takes over the records that have changed, from this process or another, and tells which
    /// revisions it has read. `None` if nothing has changed. Linear in the number of changes.
    async fn caught_up(&self, store: &dyn Store) -> Result<Option<CaughtUp>, StoreError> {
        let position = store.position().await?;
        if self.position == Some(position) {
            return Ok(None);
        }
        let Some(mut own) = self.position.filter(|own| own.epoch == position.epoch) else {
            return Ok(Some((Self::read(store).await?, HashMap::new())));
        };
        let (mut directory, mut revisions) = (self.clone(), HashMap::new());
        while own.seq < position.seq {
            let changes = store.changes(own.seq, PAGE).await?;
            let Some(last) = changes.last() else { break };
            own.seq = last.seq;
            let listed = changes.iter().filter(|change| Self::lists(change.kind));
            let mut rows: Vec<RowId> = listed.map(|c| c.row).collect();
            rows.sort_unstable();
            rows.dedup();
            for stored in store.rows(&rows).await? {
                directory.update(&stored);
                revisions.insert(stored.row, stored.record.meta.revision);
            }
        }
        directory.position = Some(own);
        Ok(Some((directory, revisions)))
    }

    /// Takes over a changed record, if it is one that stands here.
    pub fn update(&mut self, stored: &Stored) {
        let Stored { row: RowId(row), record } = stored;
        let meta = &record.meta;
        if meta.deleted_at.is_some() {
            self.remove(record.body.kind(), *row, meta.id);
            return;
        }
        let id = meta.id;
        match &record.body {
            Body::Institution(body) => {
                let entry = InstitutionEntry::of(meta, body);
                Arc::make_mut(&mut self.institutions).insert(id, entry);
            }
            Body::Lab(body) => {
                Arc::make_mut(&mut self.labs).insert(*row, LabEntry::of(meta, body));
                Arc::make_mut(&mut self.lab_rows).insert(id, *row);
            }
            Body::Office(body) => Arc::make_mut(&mut self.places).insert(OfficeEntry::of(id, body)),
            Body::User(body) => {
                Arc::make_mut(&mut self.users).insert(id, UserEntry::of(body));
            }
            Body::Enterprise(body) => {
                self.enterprises.insert(id, EnterpriseEntry::of(meta, body));
            }
            Body::Need(body) => {
                self.unlist_need(*row);
                if let Some(firm) = body.enterprise_id {
                    list(&mut self.needs_of, firm, id);
                }
                self.needs.insert(*row, NeedEntry::of(meta, body));
                self.need_rows.insert(id, *row);
            }
            Body::Lead(body) => {
                self.unlist_lead(id);
                list(&mut self.leads_of, body.need_id, id);
                list(&mut self.leads_of, body.lab_id, id);
                self.leads.insert(id, LeadEntry::of(RowId(*row), meta, body));
            }
            Body::Activity(body) => {
                self.activities.insert(id, ActivityEntry::of(RowId(*row), meta, body));
            }
            Body::Dismissal(body) => {
                self.unlist_dismissal(id);
                list(&mut self.dismissals_of, body.user_id, id);
                self.dismissals.insert(id, DismissalEntry::of(RowId(*row), body));
            }
            Body::Plan(body) => {
                self.plans.insert(id, PlanEntry::of(RowId(*row), meta, body));
            }
            Body::Posting(body) => {
                self.postings.insert(id, PostingEntry::of(RowId(*row), meta, body));
            }
            Body::Achievement(_) | Body::Token(_) | Body::Merge(_) | Body::Event(_) => {}
        }
    }

    fn remove(&mut self, kind: Kind, row: i64, id: RecordId) {
        match kind {
            Kind::Institution => drop(Arc::make_mut(&mut self.institutions).remove(&id)),
            Kind::Lab => {
                Arc::make_mut(&mut self.labs).remove(&row);
                Arc::make_mut(&mut self.lab_rows).remove(&id);
            }
            Kind::Office => Arc::make_mut(&mut self.places).remove(id),
            Kind::User => drop(Arc::make_mut(&mut self.users).remove(&id)),
            Kind::Enterprise => drop(self.enterprises.remove(&id)),
            Kind::Need => {
                self.unlist_need(row);
                self.needs.remove(&row);
                self.need_rows.remove(&id);
            }
            Kind::Lead => {
                self.unlist_lead(id);
                self.leads.remove(&id);
            }
            Kind::Activity => drop(self.activities.remove(&id)),
            Kind::Dismissal => {
                self.unlist_dismissal(id);
                self.dismissals.remove(&id);
            }
            Kind::Plan => drop(self.plans.remove(&id)),
            Kind::Posting => drop(self.postings.remove(&id)),
            Kind::Achievement | Kind::Token | Kind::Merge | Kind::Event => {}
        }
    }

    /// Forgets whose lead it is.
    fn unlist_lead(&mut self, id: RecordId) {
        let parties = self.leads.get(&id).map(|lead| [lead.need, lead.lab]);
        for party in parties.into_iter().flatten() {
            unlist(&mut self.leads_of, party, id);
        }
    }

    /// Forgets whose dismissal it is.
    fn unlist_dismissal(&mut self, id: RecordId) {
        if let Some(user) = self.dismissals.get(&id).map(|dismissal| dismissal.user) {
            unlist(&mut self.dismissals_of, user, id);
        }
    }

    /// Forgets whose need it is.
    fn unlist_need(&mut self, row: i64) {
        if let Some(NeedEntry { id, enterprise: Some(firm), .. }) = self.needs.get(&row) {
            unlist(&mut self.needs_of, *firm, *id);
        }
    }

    /// The row of a lab.
    pub fn lab_row(&self, id: RecordId) -> Option<i64> {
        self.lab_rows.get(&id).copied()
    }

    /// The institution of that id.
    pub fn institution(&self, id: RecordId) -> Option<&InstitutionEntry> {
        self.institutions.get(&id)
    }

    /// All institutions.
    pub fn institutions(&self) -> impl Iterator<Item = &InstitutionEntry> {
        self.institutions.values()
    }

    /// All labs with their rows.
    pub fn labs(&self) -> impl Iterator<Item = (i64, &LabEntry)> {
        self.labs.iter().map(|(row, lab)| (*row, lab))
    }

    /// The lab in a row.
    pub fn lab(&self, row: i64) -> Option<&LabEntry> {
        self.labs.get(&row)
    }

    /// The lab of that id.
    pub fn lab_of(&self, id: RecordId) -> Option<&LabEntry> {
        self.lab(self.lab_row(id)?)
    }

    /// The user of that id.
    pub fn user(&self, id: RecordId) -> Option<&UserEntry> {
        self.users.get(&id)
    }

    /// All users.
    pub fn users(&self) -> impl Iterator<Item = (RecordId, &UserEntry)> {
        self.users.iter().map(|(id, user)| (*id, user))
    }

    /// The firm of that id.
    pub fn enterprise(&self, id: RecordId) -> Option<&EnterpriseEntry> {
        self.enterprises.get(&id)
    }

    /// All firms.
    pub fn enterprises(&self) -> impl Iterator<Item = &EnterpriseEntry> {
        self.enterprises.iter().map(|(_, firm)| firm)
    }

    /// The need in a row.
    pub fn need(&self, row: i64) -> Option<&NeedEntry> {
        self.needs.get(&row)
    }

    /// The need of that id.
    pub fn need_of(&self, id: RecordId) -> Option<&NeedEntry> {
        self.need(*self.need_rows.get(&id)?)
    }

    /// The needs of a firm.
    pub fn needs_of(&self, firm: RecordId) -> impl Iterator<Item = RecordId> {
        self.needs_of.get(&firm).into_iter().flatten().copied()
    }

    /// All needs with their rows.
    pub fn needs(&self) -> impl Iterator<Item = (i64, &NeedEntry)> {
        self.needs.iter().map(|(row, need)| (*row, need))
    }

    /// The lead of that id.
    pub fn lead(&self, id: RecordId) -> Option<&LeadEntry> {
        self.leads.get(&id)
    }

    /// All leads.
    pub fn leads(&self) -> impl Iterator<Item = &LeadEntry> {
        self.leads.iter().map(|(_, lead)| lead)
    }

    /// The leads of a need or of a lab.
    pub fn leads_of(&self, party: RecordId) -> impl Iterator<Item = &LeadEntry> {
        let ids = self.leads_of.get(&party).into_iter().flatten();
        ids.filter_map(|id| self.leads.get(id))
    }

    /// The plan of that id.
    pub fn plan(&self, id: RecordId) -> Option<&PlanEntry> {
        self.plans.get(&id)
    }

    /// All plans.
    pub fn plans(&self) -> impl Iterator<Item = (RecordId, &PlanEntry)> {
        self.plans.iter().map(|(id, plan)| (*id, plan))
    }

    /// All postings.
    pub fn postings(&self) -> impl Iterator<Item = (RecordId, &PostingEntry)> {
        self.postings.iter().map(|(id, posting)| (*id, posting))
    }

    /// All activities.
    pub fn activities(&self) -> impl Iterator<Item = (RecordId, &ActivityEntry)> {
        self.activities.iter().map(|(id, activity)| (*id, activity))
    }
}

impl Directory {
    /// The dismissals of a user.
    pub fn dismissals_of(
        &self,
        user: RecordId,
    ) -> impl Iterator<Item = (RecordId, &DismissalEntry)> {
        let ids = self.dismissals_of.get(&user).into_iter().flatten();
        ids.filter_map(|id| Some((*id, self.dismissals.get(id)?)))
    }
}

/// Adds an id to a list.
fn list(lists: &mut SharedMap<RecordId, Vec<RecordId>>, of: RecordId, id: RecordId) {
    let mut ids = lists.get(&of).cloned().unwrap_or_default();
    ids.push(id);
    lists.insert(of, ids);
}

/// Takes an id from a list; empty lists are not kept.
fn unlist(lists: &mut SharedMap<RecordId, Vec<RecordId>>, of: RecordId, id: RecordId) {
    let mut ids = lists.get(&of).cloned().unwrap_or_default();
    ids.retain(|known| *known != id);
    if ids.is_empty() {
        lists.remove(&of);
    } else {
        lists.insert(of, ids);
    }
}
