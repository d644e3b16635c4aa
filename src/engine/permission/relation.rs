//! How somebody stands to a record: whose it is, where it lies, who takes part in its leads.

use super::Identity;
use crate::engine::directory::{Directory, LabEntry, LeadEntry, UserEntry};
use crate::model::{Body, RecordId, Role};

/// 关系: how somebody stands to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// To every record.
    Anything,
    /// The record is about the firm or the institution that they belong to or are posted to.
    Own,
    /// It is about a firm in the area of their office, or in their park.
    Area,
    /// It is the other side of a lead of theirs.
    Party,
    /// The same, and both sides have accepted the lead.
    Accepted,
    /// It is their own account, or their own work.
    Themselves,
}

/// The relations in which somebody stands to a record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::engine) struct Relations {
    own: bool,
    area: bool,
    party: bool,
    accepted: bool,
    themselves: bool,
}

impl Relations {
    pub fn has(self, relation: Relation) -> bool {
        match relation {
            Relation::Anything => true,
            Relation::Own => self.own,
            Relation::Area => self.area,
            Relation::Party => self.party,
            Relation::Accepted => self.accepted,
            Relation::Themselves => self.themselves,
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            own: self.own || other.own,
            area: self.area || other.area,
            party: self.party || other.party,
            accepted: self.accepted || other.accepted,
            themselves: self.themselves || other.themselves,
        }
    }
}

/// Somebody in front of the facts.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Standing<'a> {
    pub who: &'a Identity,
    pub directory: &'a Directory,
}

impl<'a> Standing<'a> {
    /// To a record that says `body`; `id` is `None` if there is no such record yet. `by` is who
    /// made it. Linear in the number of leads of the record, and of a firm's or an institution's
    /// in that of theirs.
    pub fn to(self, id: Option<RecordId>, body: &Body, by: &str) -> Relations {
        match body {
            Body::Institution(_) => {
                id.map_or_else(Relations::default, |id| self.to_institution(id))
            }
            Body::Lab(body) => self.to_lab(id, &body.institution_ids),
            Body::Achievement(body) => {
                let labs = body.lab_ids.iter().filter_map(|id| self.directory.lab_of(*id));
                labs.map(|lab| self.to_lab_entry(lab)).fold(Relations::default(), Relations::or)
            }
            Body::Enterprise(_) => id.map_or_else(Relations::default, |id| self.to_enterprise(id)),
            Body::Need(body) => self.to_need(id, body.enterprise_id),
            Body::Lead(body) => self.to_parties(body.need_id, body.lab_id),
            Body::Activity(body) => self.to_activity(body.lead_id, by.parse().ok()),
            Body::User(_) => {
                Relations { themselves: id == Some(self.who.user), ..Relations::default() }
            }
            Body::Token(body) => {
                Relations { themselves: body.user_id == self.who.user, ..Relations::default() }
            }
            Body::Dismissal(body) => {
                Relations { themselves: body.user_id == self.who.user, ..Relations::default() }
            }
            Body::Posting(body) => self.to_posting(body.user_id),
            Body::Office(_) | Body::Plan(_) | Body::Merge(_) | Body::Event(_) => {
                Relations::default()
            }
        }
    }

    /// To a need of that firm.
    pub fn to_need(self, id: Option<RecordId>, enterprise: Option<RecordId>) -> Relations {
        let leads = id.into_iter().flat_map(|id| self.directory.leads_of(id));
        let (party, accepted) =
            self.through(leads, |lead| self.is_my_lab(lead.lab) && self.opens_need(lead));
        let own = enterprise.is_some() && enterprise == self.who.enterprise;
        Relations { own, area: self.in_my_area(enterprise), party, accepted, themselves: false }
    }

    /// To a lab.
    pub fn to_lab_entry(self, lab: &LabEntry) -> Relations {
        self.to_lab(Some(lab.id), &lab.institution_ids)
    }

    fn to_lab(self, id: Option<RecordId>, institutions: &[RecordId]) -> Relations {
        let leads = id.into_iter().flat_map(|id| self.directory.leads_of(id));
        let (party, accepted) =
            self.through(leads, |lead| self.is_my_need(lead.need) && self.opens_lab(lead));
        let own = self.who.institution.is_some_and(|own| institutions.contains(&own));
        Relations { own, party, accepted, ..Relations::default() }
    }

    /// To an institution.
    pub fn to_institution(self, id: RecordId) -> Relations {
        Relations { own: self.who.institution == Some(id), ..Relations::default() }
    }

    /// To a firm.
    pub fn to_enterprise(self, id: RecordId) -> Relations {
        let needs = self.directory.needs_of(id);
        let leads = needs.flat_map(|need| self.directory.leads_of(need));
        let (party, accepted) =
            self.through(leads, |lead| self.is_my_lab(lead.lab) && self.opens_need(lead));
        let own = self.who.enterprise == Some(id);
        Relations { own, area: self.in_my_area(Some(id)), party, accepted, themselves: false }
    }

    /// To a lead between these two, or to what was done for it.
    pub fn to_parties(self, need: RecordId, lab: RecordId) -> Relations {
        let enterprise = self.directory.need_of(need).and_then(|need| need.enterprise);
        let own =
            self.is_my_lab(lab) || (enterprise.is_some() && enterprise == self.who.enterprise);
        Relations { own, area: self.in_my_area(enterprise), ..Relations::default() }
    }

    /// To what was done for a lead, or for none, by a user.
    pub fn to_activity(self, lead: Option<RecordId>, by: Option<RecordId>) -> Relations {
        let lead = lead.and_then(|id| self.directory.lead(id));
        let of_lead = lead.map(|lead| self.to_parties(lead.need, lead.lab));
        let author = by.and_then(|id| self.directory.user(id));
        let in_area = author.and_then(|author| author.office).is_some_and(|o| self.covers(o));
        let own = Relations { themselves: by == Some(self.who.user), ..Relations::default() };
        // What was done for no lead lies where its author comes from.
        let place = Relations { area: in_area && lead.is_none(), ..Relations::default() };
        own.or(of_lead.unwrap_or_default()).or(place)
    }

    /// To a posting of a user's.
    pub fn to_posting(self, user: Option<RecordId>) -> Relations {
        Relations { own: user == Some(self.who.user), ..Relations::default() }
    }

    /// Whether a side of these leads is theirs, and whether one of those was accepted by both.
    fn through<'b>(
        self,
        leads: impl Iterator<Item = &'b LeadEntry>,
        is_mine: impl Fn(&LeadEntry) -> bool,
    ) -> (bool, bool) {
        let mine = leads.filter(|lead| is_mine(lead));
        mine.fold((false, false), |(_, accepted), lead| (true, accepted || lead.accepted()))
    }

    /// Whether a lead shows its need to the lab's side: the firm wants it, or it was made by the firm
    /// or by somebody in charge of it. Else whoever has a lab could read any need by making a lead.
    fn opens_need(self, lead: &LeadEntry) -> bool {
        let Some(maker) = self.maker(lead) else { return true };
        let enterprise = self.directory.need_of(lead.need).and_then(|need| need.enterprise);
        let of_firm = enterprise.is_some() && enterprise == maker.enterprise;
        let office = self.office_of(enterprise);
        let in_charge = maker
            .office
            .zip(office)
            .is_some_and(|(area, office)| self.directory.places.is_within(office, area));
        lead.accepted_by_enterprise || of_firm || in_charge
    }

    /// The same of its lab for the firm's side: labs are for office and commissioners to show.
    fn opens_lab(self, lead: &LeadEntry) -> bool {
        let Some(maker) = self.maker(lead) else { return true };
        lead.accepted_by_institution || maker.role != Role::Enterprise
    }

    /// The user who made a lead; `None` if it was made at the machine itself.
    fn maker(self, lead: &LeadEntry) -> Option<&'a UserEntry> {
        self.directory.user(lead.made_by?)
    }

    fn is_my_lab(self, lab: RecordId) -> bool {
        let lab = self.directory.lab_of(lab);
        self.who
            .institution
            .is_some_and(|own| lab.is_some_and(|lab| lab.institution_ids.contains(&own)))
    }

    /// Of their own firm, or of a firm in their park.
    fn is_my_need(self, need: RecordId) -> bool {
        let enterprise = self.directory.need_of(need).and_then(|need| need.enterprise);
        enterprise.is_some() && (enterprise == self.who.enterprise || self.in_my_area(enterprise))
    }

    fn in_my_area(self, enterprise: Option<RecordId>) -> bool {
        self.office_of(enterprise).is_some_and(|office| self.covers(office))
    }

    fn office_of(self, enterprise: Option<RecordId>) -> Option<RecordId> {
        let firm = enterprise.and_then(|id| self.directory.enterprise(id));
        firm.and_then(|firm| self.directory.places.office_of(firm))
    }

    fn covers(self, office: RecordId) -> bool {
        self.who.office.is_some_and(|area| self.directory.places.is_within(office, area))
    }
}
