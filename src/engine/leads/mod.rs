//! Leads: matches that somebody follows up, from found to landed or closed.
//!
//! Which step may follow which is data (`model::Transitions`); who may touch a lead at all is the
//! permissions' business. Every change names the revision that its caller has read, so of two
//! changes of one revision one is done and the other is told so.

mod activities;
mod change;
mod create;
mod history;
mod list;
mod owner;
mod people;

use super::{Engine, EngineError, Viewer};
use crate::data::Data;
use crate::model::{
    Body, CivilDate, ContractFields, Kind, Lead, LeadState, Provenance, Record, RecordId,
    Timestamp, Transitions,
};
use crate::model::{Draft, Role};
use crate::store::Stored;

pub use activities::{ActivityQuery, NewActivity};
pub use change::{LeadPlan, NewStep};
pub use create::NewLead;
pub use history::{HISTORY_LIMIT_MAX, LeadStep};
pub use list::{BoardColumn, LeadQuery};
pub use people::Person;

/// The source of what is written down here and comes from no file.
pub(super) const SOURCE: &str = "duijie";

/// 线索规则: steps and contracts, as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LeadRules {
    pub transitions: Transitions,
    pub contract_fields: ContractFields,
}

impl LeadRules {
    /// Reads both tables.
    pub fn load(data: &Data) -> Result<Self, EngineError> {
        Ok(Self {
            transitions: Transitions::parse(&data.text("leads/transitions.tsv")?)?,
            contract_fields: ContractFields::parse(&data.text("leads/contract_fields.tsv")?)?,
        })
    }
}

/// 线索: as a viewer may see it, with what it is called by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadView {
    /// The record.
    pub record: Record,
    /// What it says.
    pub lead: Lead,
    /// The need's title; empty if it was deleted.
    pub need_title: String,
    /// The need's firm, if the viewer may know it.
    pub firm: Option<(RecordId, String)>,
    /// The lab's name; empty if it was deleted.
    pub lab_name: String,
    /// The lab's institutions.
    pub institutions: Vec<(RecordId, String)>,
    /// Days since it came into its state, by the calendar of China.
    pub days_in_state: i64,
    /// The day by which the next step was due is over.
    pub overdue: bool,
}

impl Engine {
    /// The steps that a lead can take.
    pub fn transitions(&self) -> &Transitions {
        &self.lead_rules.transitions
    }

    /// What contracts of each mode tell.
    pub fn contract_fields(&self) -> &ContractFields {
        &self.lead_rules.contract_fields
    }

    /// The lead of that id or external id. Ageing is counted up to `today`, or today in China.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if there is none that the viewer may see.
    pub async fn find_lead(
        &self,
        viewer: Viewer,
        name: &str,
        today: Option<CivilDate>,
    ) -> Result<LeadView, EngineError> {
        let stored = self.named(viewer, Kind::Lead, name).await?;
        self.lead_view(viewer, stored, today)
    }

    /// A lead as it is told.
    fn lead_view(
        &self,
        viewer: Viewer,
        stored: Stored,
        today: Option<CivilDate>,
    ) -> Result<LeadView, EngineError> {
        let mut views = self.lead_views(viewer, vec![stored], today);
        views.pop().ok_or_else(|| EngineError::Interrupted("a record that is no lead".to_owned()))
    }

    /// Leads as they are told, in their order.
    fn lead_views(
        &self,
        viewer: Viewer,
        stored: Vec<Stored>,
        today: Option<CivilDate>,
    ) -> Vec<LeadView> {
        let today = today.unwrap_or_else(|| Timestamp::now().day_in_china());
        let directory = self.directory();
        let views = stored.into_iter().filter_map(|stored| {
            let record = self.shown(viewer, stored.record);
            let Body::Lead(lead) = record.body.clone() else { return None };
            let need = directory.need_of(lead.need_id);
            let need = need.filter(|need| viewer.sight_of_need(&directory, need).is_any());
            // The public summary of a need does not tell whose it is.
            let told = need.filter(|need| {
                viewer.sight_of_need(&directory, need).extent > super::Extent::Public
            });
            let firm = told.and_then(|need| directory.enterprise(need.enterprise?));
            let firm = firm.filter(|firm| viewer.sight_of_enterprise(&directory, firm).is_any());
            let lab = directory.lab_of(lead.lab_id);
            let lab = lab.filter(|lab| viewer.sight_of_lab(&directory, lab).is_any());
            Some(LeadView {
                need_title: need.map_or_else(String::new, |need| need.title.to_string()),
                firm: firm.map(|firm| (firm.id, firm.name.clone())),
                lab_name: lab.map_or_else(String::new, |lab| lab.name.clone()),
                institutions: lab
                    .into_iter()
                    .flat_map(|lab| directory.institutions_of(viewer, lab))
                    .map(|known| (known.id, known.name.clone()))
                    .collect(),
                days_in_state: days_since(lead.state_since, today),
                overdue: is_overdue(lead.state, lead.due_on, today),
                record,
                lead,
            })
        });
        views.collect()
    }
}

/// Days from an instant to a day, by the calendar of China; never negative.
pub(super) fn days_since(since: Timestamp, today: CivilDate) -> i64 {
    let span = today.last_day() - since.day_in_china().last_day();
    i64::from(span.get_days()).max(0)
}

/// Whether the next step of a lead is late. Of one that has landed or is closed none is due.
pub(super) fn is_overdue(state: LeadState, due_on: Option<CivilDate>, today: CivilDate) -> bool {
    let open = !matches!(state, LeadState::Landed | LeadState::Closed);
    open && due_on.is_some_and(|due| due.last_day() < today.last_day())
}

/// A draft of what is written down here.
pub(super) fn draft(external_id: String, body: Body) -> Draft {
    Draft {
        source: SOURCE.to_owned(),
        external_id,
        owner: String::new(),
        visibility: super::permission::FOLLOWED_VISIBILITY,
        provenance: Provenance::default(),
        body,
    }
}

/// What the viewer is by the rules of leads; `None` for the command line on the machine.
fn role_of(viewer: Viewer) -> Option<Role> {
    viewer.identity().map(|identity| identity.role)
}

/// Whether the viewer looks after leads, as opposed to taking part in them.
fn is_in_charge(viewer: Viewer) -> bool {
    let role = role_of(viewer);
    viewer == Viewer::Local || matches!(role, Some(Role::Office | Role::Commissioner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_by_the_calendar_of_china_and_a_due_day_is_good_till_its_end() {
        let at = |text: &str| Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let day = |text: &str| text.parse::<CivilDate>().unwrap();
        let since = at("2026-05-05T15:59:59Z");
        assert_eq!(days_since(since, day("2026-05-05")), 0);
        assert_eq!(days_since(at("2026-05-05T16:00:00Z"), day("2026-05-06")), 0);
        assert_eq!(days_since(since, day("2026-07-04")), 60);
        assert_eq!(days_since(since, day("2026-05-01")), 0, "a clock that was ahead");
        let late = |state, today| is_overdue(state, Some(day("2026-05-05")), day(today));
        assert!(!late(LeadState::Found, "2026-05-05") && late(LeadState::Found, "2026-05-06"));
        assert!(!late(LeadState::Landed, "2026-06-01") && !late(LeadState::Closed, "2026-06-01"));
        assert!(!is_overdue(LeadState::Found, None, day("2026-05-05")));
    }
}
