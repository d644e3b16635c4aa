//! The directory as a viewer may know it.

use super::super::directory::{Directory, InstitutionEntry, LabEntry};
use super::Viewer;
use crate::model::RecordId;

impl Directory {
    /// The lab in a row, if the viewer may see it.
    pub(in crate::engine) fn seen_lab(&self, viewer: Viewer, row: i64) -> Option<&LabEntry> {
        self.lab(row).filter(|lab| viewer.sight_of_lab(self, lab).is_any())
    }

    /// The institution of that id, if the viewer may see it.
    pub(in crate::engine) fn seen_institution(
        &self,
        viewer: Viewer,
        id: RecordId,
    ) -> Option<&InstitutionEntry> {
        self.institution(id).filter(|known| viewer.sight_of_institution(self, known).is_any())
    }

    /// The institutions of a lab that the viewer may see, in the order that the lab names them.
    pub(in crate::engine) fn institutions_of<'a>(
        &'a self,
        viewer: Viewer,
        lab: &'a LabEntry,
    ) -> impl Iterator<Item = &'a InstitutionEntry> {
        lab.institution_ids.iter().filter_map(move |id| self.seen_institution(viewer, *id))
    }
}
