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

    /// A lab and its institutions as an answer tells of them.
    pub(in crate::engine) fn told_lab(
        &self,
        viewer: Viewer,
        lab: &LabEntry,
    ) -> (LabEntry, Vec<InstitutionEntry>) {
        let institutions: Vec<_> = self.institutions_of(viewer, lab).cloned().collect();
        let institution_ids = institutions.iter().map(|institution| institution.id).collect();
        (LabEntry { institution_ids, ..lab.clone() }, institutions)
    }
}
