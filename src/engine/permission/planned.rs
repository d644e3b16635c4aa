//! Plans and postings as a viewer may know them, judged by the directory alone.

use super::super::directory::{Directory, PlanEntry, PostingEntry};
use super::{Relations, Sight, Viewer};
use crate::model::Kind;

impl Viewer {
    /// What they see of a plan.
    pub(in crate::engine) fn sight_of_plan(self, directory: &Directory, plan: &PlanEntry) -> Sight {
        self.sight(directory, Kind::Plan, plan.visibility, |_| Relations::default())
    }

    /// What they see of a posting.
    pub(in crate::engine) fn sight_of_posting(
        self,
        directory: &Directory,
        posting: &PostingEntry,
    ) -> Sight {
        self.sight(directory, Kind::Posting, posting.visibility, |standing| {
            standing.to_posting(posting.user)
        })
    }
}
