//! Which needs a lab asks for.

use std::collections::HashSet;

use super::directory::EnterpriseEntry;
use super::filter::{AREA_RIGHT, unknown};
use super::{Engine, EngineError, Viewer};
use crate::model::{Area, CivilDate, Industry, Kind, Need, RecordId};

/// 需求筛选条件: as the caller names them; what is `None` does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct NeedFilters {
    /// Code or name of an area; areas below it count.
    pub area: Option<String>,
    /// Code or name of an industry; industries below it count.
    pub industry: Option<String>,
    /// Province or city of the need's firm, short or full name.
    pub region: Option<String>,
    /// Park of its firm.
    pub park: Option<String>,
    /// Its firm by id, external id or `source:external_id`.
    pub enterprise: Option<String>,
}

/// The conditions, checked.
#[derive(Debug, Clone)]
pub(super) struct CheckedNeeds {
    area: Option<Area>,
    industry: Option<Industry>,
    /// The firms that pass; `None` if all do, and needs of unknown firms.
    enterprises: Option<HashSet<RecordId>>,
    /// Needs that were to be solved before this day are no longer open.
    today: CivilDate,
}

impl Engine {
    /// Checks the conditions. Linear in the number of firms if one is about firms.
    pub(super) async fn check_needs(
        &self,
        viewer: Viewer,
        filters: &NeedFilters,
        today: CivilDate,
    ) -> Result<CheckedNeeds, EngineError> {
        let area = match &filters.area {
            None => None,
            Some(name) => {
                let known = self.tables.areas.resolve(name);
                Some(known.ok_or_else(|| unknown("area", name, AREA_RIGHT))?)
            }
        };
        let industry = match &filters.industry {
            None => None,
            Some(name) => {
                let right = "请填国民经济行业代码或名称，如 GB/T 4754-2017:3841、锂离子电池制造";
                let known = self.tables.industries.resolve(name).filter(|i| i.code.is_some());
                Some(known.ok_or_else(|| unknown("industry", name, right))?)
            }
        };
        let enterprises = self.enterprises_that_pass(viewer, filters).await?;
        Ok(CheckedNeeds { area, industry, enterprises, today })
    }

    async fn enterprises_that_pass(
        &self,
        viewer: Viewer,
        filters: &NeedFilters,
    ) -> Result<Option<HashSet<RecordId>>, EngineError> {
        let mut passing: Option<HashSet<RecordId>> = None;
        if let Some(name) = &filters.enterprise {
            let id = self.named(viewer, Kind::Enterprise, name).await?.record.meta.id;
            passing = Some([id].into());
        }
        if let Some(name) = &filters.region {
            let region = self.region(name)?;
            let inside = |e: &EnterpriseEntry| e.province == region || e.city == region;
            keep(&mut passing, self.enterprises(viewer, inside));
        }
        if let Some(park) = &filters.park {
            let found = self.enterprises(viewer, |e| e.park == park.trim());
            if found.is_empty() {
                return Err(unknown("park", park, "请填企业档案中所写的园区名称"));
            }
            keep(&mut passing, found);
        }
        Ok(passing)
    }

    /// The firms that the viewer may see and that pass a test. Linear in their number.
    fn enterprises(
        &self,
        viewer: Viewer,
        test: impl Fn(&EnterpriseEntry) -> bool,
    ) -> HashSet<RecordId> {
        let directory = self.directory();
        let passing = directory.enterprises().filter(|firm| test(firm));
        let seen = passing.filter(|firm| viewer.sight_of_enterprise(&directory, firm).is_any());
        seen.map(|firm| firm.id).collect()
    }
}

/// Keeps what is in both.
fn keep(passing: &mut Option<HashSet<RecordId>>, found: HashSet<RecordId>) {
    *passing = Some(match passing.take() {
        None => found,
        Some(before) => before.intersection(&found).copied().collect(),
    });
}

/// Whether a need may still be solved on that day.
pub(super) fn is_open(deadline: Option<CivilDate>, today: CivilDate) -> bool {
    deadline.is_none_or(|deadline| deadline.last_day() >= today.last_day())
}

impl CheckedNeeds {
    /// Whether a need is open and meets the conditions.
    pub fn passes(&self, need: &Need) -> bool {
        let within = |own: &Industry, other: &Industry| match (&own.code, &other.code) {
            (Some(own), Some(other)) => own.starts_with(other.as_str()),
            _ => false,
        };
        is_open(need.deadline, self.today)
            && self.area.as_ref().is_none_or(|a| need.areas.iter().any(|own| own.is_within(a)))
            && self
                .industry
                .as_ref()
                .is_none_or(|i| need.industry.as_ref().is_some_and(|own| within(own, i)))
            && self
                .enterprises
                .as_ref()
                .is_none_or(|known| need.enterprise_id.is_some_and(|id| known.contains(&id)))
    }
}
