//! Leads and activities as a viewer may know them, judged by the directory alone.

use super::super::directory::{ActivityEntry, Directory, LeadEntry};
use super::{Sight, Viewer};
use crate::model::{Kind, Visibility};

/// Leads and what is done for them are never public.
pub(in crate::engine) const FOLLOWED_VISIBILITY: Visibility = Visibility::Matched;

impl Viewer {
    /// What they see of a lead.
    pub(in crate::engine) fn sight_of_lead(self, directory: &Directory, lead: &LeadEntry) -> Sight {
        self.sight(directory, Kind::Lead, FOLLOWED_VISIBILITY, |standing| {
            standing.to_parties(lead.need, lead.lab)
        })
    }

    /// What they see of an activity.
    pub(in crate::engine) fn sight_of_activity(
        self,
        directory: &Directory,
        activity: &ActivityEntry,
    ) -> Sight {
        self.sight(directory, Kind::Activity, FOLLOWED_VISIBILITY, |standing| {
            standing.to_activity(activity.lead, activity.by)
        })
    }
}
