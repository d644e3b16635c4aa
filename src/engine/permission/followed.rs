//! Leads and activities as a viewer may know them, judged by the directory alone.

use super::super::directory::{ActivityEntry, Directory, LeadEntry};
use super::relation::{Relations, Standing};
use super::{Sight, Viewer};
use crate::model::{Kind, Visibility};

/// Leads and what is done for them are never public.
pub(in crate::engine) const FOLLOWED_VISIBILITY: Visibility = Visibility::Matched;

impl Viewer {
    /// What they see of a lead.
    pub(in crate::engine) fn sight_of_lead(self, directory: &Directory, lead: &LeadEntry) -> Sight {
        let relations = match &self {
            Self::Local => return Sight::ALL,
            Self::Anonymous => Relations::default(),
            Self::User(who) => Standing { who, directory }.to_parties(lead.need, lead.lab),
        };
        self.sight(Kind::Lead, FOLLOWED_VISIBILITY, relations)
    }

    /// What they see of an activity.
    pub(in crate::engine) fn sight_of_activity(
        self,
        directory: &Directory,
        activity: &ActivityEntry,
    ) -> Sight {
        let relations = match &self {
            Self::Local => return Sight::ALL,
            Self::Anonymous => Relations::default(),
            Self::User(who) => Standing { who, directory }.to_activity(activity.lead, activity.by),
        };
        self.sight(Kind::Activity, FOLLOWED_VISIBILITY, relations)
    }
}
