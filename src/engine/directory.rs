//! Labs and institutions in memory, for filters, facets and names.

use std::collections::HashMap;

use super::permission::Viewer;
use crate::model::{
    Area, Body, CivilDate, InstitutionClass, InstitutionKind, Kind, LabKind, RecordId, Visibility,
};
use crate::store::{Position, RowId, Store, StoreError, Stored};

/// Records read at once.
const PAGE: usize = 2_000;

/// An institution as far as filters and answers need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstitutionEntry {
    /// Its id.
    pub id: RecordId,
    /// Its name.
    pub name: String,
    /// University or institute.
    pub kind: InstitutionKind,
    /// The lists it stands on.
    pub classes: Vec<InstitutionClass>,
    /// Short name of its province.
    pub province: String,
    /// Short name of its city.
    pub city: String,
    /// Whether everybody may see it.
    pub public: bool,
}

/// A lab as far as filters and answers need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabEntry {
    /// Its id.
    pub id: RecordId,
    /// Its id in its source.
    pub external_id: String,
    /// Its name.
    pub name: String,
    /// What it calls itself.
    pub kind: LabKind,
    /// Its areas.
    pub areas: Vec<Area>,
    /// Its profile is to be renewed by this date.
    pub expires_on: Option<CivilDate>,
    /// Its institutions.
    pub institution_ids: Vec<RecordId>,
    /// Whether everybody may see it.
    pub public: bool,
}

/// 名录: all live labs and institutions. Some 300 bytes for each.
#[derive(Debug, Clone, Default)]
pub(super) struct Directory {
    /// Up to which change of the store it is.
    pub position: Option<Position>,
    institutions: HashMap<RecordId, InstitutionEntry>,
    labs: HashMap<i64, LabEntry>,
    lab_rows: HashMap<RecordId, i64>,
}

impl Directory {
    /// Reads all labs and institutions. Linear in their number.
    pub async fn read(store: &dyn Store) -> Result<Self, StoreError> {
        // Changes made meanwhile are behind this position and taken over next.
        let mut directory = Self { position: Some(store.position().await?), ..Self::default() };
        for kind in [Kind::Institution, Kind::Lab] {
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

    /// Takes over the labs and institutions that have changed, from this process or another.
    /// `None` if nothing has. Linear in the number of changes.
    pub async fn caught_up(&self, store: &dyn Store) -> Result<Option<Self>, StoreError> {
        let position = store.position().await?;
        if self.position == Some(position) {
            return Ok(None);
        }
        let Some(mut own) = self.position.filter(|own| own.epoch == position.epoch) else {
            return Self::read(store).await.map(Some);
        };
        let mut directory = self.clone();
        while own.seq < position.seq {
            let changes = store.changes(own.seq, PAGE).await?;
            let Some(last) = changes.last() else { break };
            own.seq = last.seq;
            let listed = changes.iter().filter(|c| matches!(c.kind, Kind::Institution | Kind::Lab));
            let mut rows: Vec<RowId> = listed.map(|c| c.row).collect();
            rows.sort_unstable();
            rows.dedup();
            for stored in store.rows(&rows).await? {
                directory.update(&stored);
            }
        }
        directory.position = Some(own);
        Ok(Some(directory))
    }

    /// Takes over a changed record, if it is one that stands here.
    pub fn update(&mut self, stored: &Stored) {
        let Stored { row: RowId(row), record } = stored;
        let meta = &record.meta;
        match &record.body {
            Body::Institution(_) if meta.deleted_at.is_some() => {
                self.institutions.remove(&meta.id);
            }
            Body::Lab(_) if meta.deleted_at.is_some() => {
                self.labs.remove(row);
                self.lab_rows.remove(&meta.id);
            }
            Body::Institution(body) => {
                let entry = InstitutionEntry {
                    id: meta.id,
                    name: body.name.clone(),
                    kind: body.kind,
                    classes: body.classes.clone(),
                    province: body.province.clone(),
                    city: body.city.clone(),
                    public: meta.visibility == Visibility::Public,
                };
                self.institutions.insert(meta.id, entry);
            }
            Body::Lab(body) => {
                let entry = LabEntry {
                    id: meta.id,
                    external_id: meta.external_id.clone(),
                    name: body.name.clone(),
                    kind: body.kind,
                    areas: body.areas.clone(),
                    expires_on: body.expires_on,
                    institution_ids: body.institution_ids.clone(),
                    public: meta.visibility == Visibility::Public,
                };
                self.labs.insert(*row, entry);
                self.lab_rows.insert(meta.id, *row);
            }
            _ => {}
        }
    }

    /// The row of a lab.
    pub fn lab_row(&self, id: RecordId) -> Option<i64> {
        self.lab_rows.get(&id).copied()
    }

    /// The institution of that id, if the viewer may see it.
    pub fn institution(&self, viewer: Viewer, id: RecordId) -> Option<&InstitutionEntry> {
        self.institutions.get(&id).filter(|known| known.public || !viewer.public_only())
    }

    /// All labs with their rows.
    pub fn labs(&self) -> impl Iterator<Item = (i64, &LabEntry)> {
        self.labs.iter().map(|(row, lab)| (*row, lab))
    }

    /// The lab in a row, if the viewer may see it.
    pub fn lab(&self, viewer: Viewer, row: i64) -> Option<&LabEntry> {
        self.labs.get(&row).filter(|lab| lab.public || !viewer.public_only())
    }

    /// The institutions of a lab that the viewer may see, in the order that the lab names them.
    pub fn institutions_of<'a>(
        &'a self,
        viewer: Viewer,
        lab: &'a LabEntry,
    ) -> impl Iterator<Item = &'a InstitutionEntry> {
        lab.institution_ids.iter().filter_map(move |id| self.institution(viewer, *id))
    }
}
