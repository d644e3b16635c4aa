//! Which leads there are, and how many in each state: only those that the viewer may see.
//!
//! Conditions are checked against the directory in memory, linear in the number of leads, which
//! is fine up to some 100,000 of them; only the page that is shown is read from the store.

use super::{LeadView, days_since, is_overdue};
use crate::engine::directory::{Directory, LeadEntry};
use crate::engine::filter::unknown;
use crate::engine::records::{LIST_LIMIT_MAX, check_limit};
use crate::engine::{Engine, EngineError, Viewer, blocking};
use crate::model::{CivilDate, Kind, LeadState, RecordId, Resource, Timestamp};
use crate::store::{RowId, Stored};

/// 线索筛选: a lead must meet all conditions; what is empty does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeadQuery {
    /// In one of these states.
    pub states: Vec<LeadState>,
    /// Its firm sits in the area of this office or park, by id, external id or name.
    pub office: Option<String>,
    /// Its lab belongs to this institution, by any of its names.
    pub institution: Option<String>,
    /// This user looks after it, by id or login; `me` is whoever asks.
    pub owner: Option<String>,
    /// Of this need, by any of its names.
    pub need: Option<String>,
    /// Of this lab, by any of its names.
    pub lab: Option<String>,
    /// The firm is to get this.
    pub resource: Option<Resource>,
    /// The day by which the next step was due is over.
    pub overdue: bool,
    /// Changed at this instant or later.
    pub updated_since: Option<Timestamp>,
    /// The day from which ageing is counted; today in China if `None`.
    pub today: Option<CivilDate>,
}

/// The conditions, checked.
#[derive(Debug, Clone)]
struct Checked {
    query: LeadQuery,
    office: Option<RecordId>,
    institution: Option<RecordId>,
    owner: Option<RecordId>,
    need: Option<RecordId>,
    lab: Option<RecordId>,
    today: CivilDate,
}

/// 看板的一列: the leads of a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoardColumn {
    /// The state.
    pub state: LeadState,
    /// How many leads are in it.
    pub leads: u64,
    /// How many of them are late.
    pub overdue: u64,
    /// Days of the one that has been in it longest.
    pub oldest_days: Option<i64>,
}

impl Engine {
    /// A page of leads behind `after`, in the order of their ids, and whether there are more.
    ///
    /// # Errors
    /// [`EngineError::TooLarge`] if `limit` is over [`LIST_LIMIT_MAX`];
    /// [`EngineError::BadRequest`] or [`EngineError::NotFound`] if a condition has an unknown
    /// value.
    pub async fn list_leads(
        &self,
        viewer: Viewer,
        query: LeadQuery,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<(Vec<LeadView>, bool), EngineError> {
        check_limit(limit, LIST_LIMIT_MAX)?;
        let checked = self.check_lead_query(viewer, query).await?;
        let (directory, today) = (self.directory(), checked.today);
        let found = blocking(move || {
            let leads = directory.leads().filter(|lead| checked.passes(viewer, &directory, lead));
            Ok::<Vec<_>, EngineError>(leads.map(|lead| (lead.id, lead.row)).collect())
        })
        .await?;
        let (page, more) = self.page_of(found, after, limit).await?;
        Ok((self.lead_views(viewer, page, Some(today)), more))
    }

    /// How many leads are in each state, all states in their order.
    ///
    /// # Errors
    /// As [`Engine::list_leads`].
    pub async fn lead_board(
        &self,
        viewer: Viewer,
        query: LeadQuery,
    ) -> Result<Vec<BoardColumn>, EngineError> {
        let checked = self.check_lead_query(viewer, query).await?;
        let directory = self.directory();
        blocking(move || {
            let column = |state: &LeadState| BoardColumn {
                state: *state,
                leads: 0,
                overdue: 0,
                oldest_days: None,
            };
            let mut columns: Vec<BoardColumn> = LeadState::ALL.iter().map(column).collect();
            let leads = directory.leads().filter(|lead| checked.passes(viewer, &directory, lead));
            for lead in leads {
                let Some(column) = columns.iter_mut().find(|c| c.state == lead.state) else {
                    continue;
                };
                let days = days_since(lead.state_since, checked.today);
                column.leads += 1;
                column.overdue += u64::from(is_overdue(lead.state, lead.due_on, checked.today));
                column.oldest_days = column.oldest_days.max(Some(days));
            }
            Ok::<_, EngineError>(columns)
        })
        .await
    }

    /// Of the found records those of a page, in the order of their ids, and whether there are
    /// more. A page is not moved by what comes in meanwhile: new ids are larger.
    pub(in crate::engine) async fn page_of(
        &self,
        mut found: Vec<(RecordId, RowId)>,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<(Vec<Stored>, bool), EngineError> {
        found.retain(|(id, _)| after.is_none_or(|after| *id > after));
        if found.len() > limit {
            // The rest need not be in order.
            found.select_nth_unstable(limit);
        }
        let more = found.len() > limit;
        found.truncate(limit);
        found.sort_unstable();
        let rows: Vec<RowId> = found.iter().map(|(_, row)| *row).collect();
        let mut page = self.store.rows(&rows).await?;
        page.retain(|stored| stored.record.meta.deleted_at.is_none());
        Ok((page, more))
    }

    async fn check_lead_query(
        &self,
        viewer: Viewer,
        query: LeadQuery,
    ) -> Result<Checked, EngineError> {
        let of = async |kind: Kind, name: &Option<String>| match name {
            None => Ok(None),
            Some(name) => self.named(viewer, kind, name).await.map(|s| Some(s.record.meta.id)),
        };
        let office = match &query.office {
            None => None,
            Some(name) => Some(self.office_named(viewer, name).await?),
        };
        let owner = match &query.owner {
            None => None,
            Some(name) => Some(self.user_asked_for(viewer, name).await?),
        };
        Ok(Checked {
            office,
            institution: of(Kind::Institution, &query.institution).await?,
            owner,
            need: of(Kind::Need, &query.need).await?,
            lab: of(Kind::Lab, &query.lab).await?,
            today: query.today.unwrap_or_else(|| Timestamp::now().day_in_china()),
            query,
        })
    }

    /// The office or park of that id, external id or name.
    async fn office_named(&self, viewer: Viewer, name: &str) -> Result<RecordId, EngineError> {
        match self.named(viewer, Kind::Office, name).await {
            Ok(stored) => Ok(stored.record.meta.id),
            Err(EngineError::NotFound { .. }) => {
                let directory = self.directory();
                let mut offices = directory.places.offices();
                let named = offices.find(|office| office.names.iter().any(|known| known == name));
                let office = named.map(|office| office.id).filter(|_| viewer != Viewer::Anonymous);
                office.ok_or_else(|| unknown("office", name, "请填市、区或园区的名称或编号"))
            }
            Err(other) => Err(other),
        }
    }
}

impl Checked {
    fn passes(&self, viewer: Viewer, directory: &Directory, lead: &LeadEntry) -> bool {
        let query = &self.query;
        let is = |wanted: Option<RecordId>, found| wanted.is_none_or(|id| Some(id) == found);
        (query.states.is_empty() || query.states.contains(&lead.state))
            && query.resource.is_none_or(|resource| resource == lead.resource)
            && query.updated_since.is_none_or(|since| lead.updated_at >= since)
            && (!query.overdue || is_overdue(lead.state, lead.due_on, self.today))
            && is(self.owner, lead.owner)
            && is(self.need, Some(lead.need))
            && is(self.lab, Some(lead.lab))
            && self.institution.is_none_or(|id| {
                directory.lab_of(lead.lab).is_some_and(|lab| lab.institution_ids.contains(&id))
            })
            && self.office.is_none_or(|area| {
                let office = directory.office_of_need(lead.need);
                office.is_some_and(|office| directory.places.is_within(office, area))
            })
            && viewer.sight_of_lead(directory, lead).is_any()
    }
}

impl Directory {
    /// The office that the firm of a need belongs to.
    pub(in crate::engine) fn office_of_need(&self, need: RecordId) -> Option<RecordId> {
        let firm = self.enterprise(self.need_of(need)?.enterprise?)?;
        self.places.office_of(firm)
    }
}
