//! Which labs a question is about.

use super::directory::{Directory, InstitutionEntry, LabEntry};
use super::permission::Viewer;
use super::{Engine, EngineError, blocking};
use crate::index::LabSet;
use crate::model::{Area, InstitutionClass, InstitutionKind, Kind, LabKind, RecordId, RegionTable};

/// What an area is asked for by.
pub(super) const AREA_RIGHT: &str = "请填领域代码或名称，如 NSFC:E02、无机非金属材料";

/// 筛选条件: as the caller names them; what is `None` does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filters {
    /// Province or city of one of the lab's institutions, short or full name.
    pub region: Option<String>,
    /// A list that one of its institutions stands on.
    pub institution_class: Option<String>,
    /// Id or external id of one of its institutions.
    pub institution: Option<String>,
    /// Code or name of an area; areas below it count.
    pub area: Option<String>,
    /// Kind of the lab, or of one of its institutions (their names do not overlap).
    pub kind: Option<String>,
}

/// The conditions, checked.
struct Checked {
    viewer: Viewer,
    region: Option<String>,
    class: Option<InstitutionClass>,
    institution: Option<RecordId>,
    area: Option<Area>,
    lab_kind: Option<LabKind>,
    institution_kind: Option<InstitutionKind>,
}

impl Filters {
    /// Whether nothing is restricted.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Engine {
    /// The rows of the labs that pass; `None` if all do. Linear in the number of labs.
    pub(super) async fn labs_that_pass(
        &self,
        viewer: Viewer,
        filters: &Filters,
    ) -> Result<Option<LabSet>, EngineError> {
        let directory = self.directory();
        if filters.is_empty() && !viewer.public_only() {
            return Ok(None);
        }
        let checked = self.check(viewer, filters).await?;
        blocking(move || {
            let passing = directory
                .labs()
                .filter(|(_, lab)| viewer.sight_of_lab(&directory, lab).is_any())
                .filter(|(_, lab)| checked.passes(lab, &directory))
                .map(|(row, _)| row);
            Ok::<_, EngineError>(Some(passing.collect()))
        })
        .await
    }

    async fn check(&self, viewer: Viewer, filters: &Filters) -> Result<Checked, EngineError> {
        let region = filters.region.as_deref().map(|name| self.region(name)).transpose()?;
        let class = match &filters.institution_class {
            None => None,
            Some(name) => {
                let right =
                    "可用：985、211、double_first_class（双一流）、major_institute（大院大所）";
                let class = name.parse().map_err(|_| unknown("institution_class", name, right))?;
                Some(class)
            }
        };
        let institution = match &filters.institution {
            None => None,
            Some(name) => Some(self.named(viewer, Kind::Institution, name).await?.record.meta.id),
        };
        let area = match &filters.area {
            None => None,
            Some(name) => {
                let known = self.tables.areas.resolve(name).filter(|area| {
                    let directory = self.directory();
                    let used = |(_, lab): (i64, &LabEntry)| {
                        lab.areas.contains(area) && viewer.sight_of_lab(&directory, lab).is_any()
                    };
                    area.code.is_some() || directory.labs().any(used)
                });
                Some(known.ok_or_else(|| unknown("area", name, AREA_RIGHT))?)
            }
        };
        let (lab_kind, institution_kind) = match &filters.kind {
            None => (None, None),
            Some(name) => {
                let (lab, institution) = (name.parse().ok(), name.parse().ok());
                if lab.is_none() && institution.is_none() {
                    let right = "可用：laboratory（实验室）、team（团队）、centre（中心）、\
                                 platform（平台）、university（高校）、institute（科研院所）";
                    return Err(unknown("kind", name, right));
                }
                (lab, institution)
            }
        };
        Ok(Checked { viewer, region, class, institution, area, lab_kind, institution_kind })
    }
}

impl Engine {
    /// The short name of a province or city.
    pub(super) fn region(&self, name: &str) -> Result<String, EngineError> {
        match self.tables.regions.find(name) {
            Some(_) => Ok(RegionTable::short_name(name.trim()).to_owned()),
            None => Err(unknown("region", name, "请填省或市的名称，如 江苏、南京")),
        }
    }
}

/// What to say to a value that a filter does not have.
pub(super) fn unknown(field: &'static str, value: &str, right: &str) -> EngineError {
    EngineError::BadRequest { field, reason: format!("没有“{value}”这个取值；{right}") }
}

impl Checked {
    fn passes(&self, lab: &LabEntry, directory: &Directory) -> bool {
        let some_institution = |test: &dyn Fn(&InstitutionEntry) -> bool| {
            directory.institutions_of(self.viewer, lab).any(test)
        };
        self.region.as_ref().is_none_or(|r| some_institution(&|i| i.province == *r || i.city == *r))
            && self.class.is_none_or(|class| some_institution(&|i| i.classes.contains(&class)))
            && self.institution.is_none_or(|id| lab.institution_ids.contains(&id))
            && self.area.as_ref().is_none_or(|area| lab.areas.iter().any(|a| a.is_within(area)))
            && self.lab_kind.is_none_or(|kind| lab.kind == kind)
            && self.institution_kind.is_none_or(|kind| some_institution(&|i| i.kind == kind))
    }
}
