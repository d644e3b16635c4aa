//! The tree of offices: which park a firm sits in, and what lies in whose area.

use std::collections::HashMap;

use super::entries::{EnterpriseEntry, OfficeEntry};
use crate::model::{OfficeLevel, RecordId};

/// Most steps up the tree: city, district, park, and room for what may come between.
const STEPS_MAX: usize = 8;

/// 机构树: the offices by id and by name.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Places {
    offices: HashMap<RecordId, OfficeEntry>,
    /// Offices that have a name, those of the same name in the order of their ids.
    by_name: HashMap<String, Vec<RecordId>>,
}

impl Places {
    pub(super) fn insert(&mut self, office: OfficeEntry) {
        self.remove(office.id);
        for name in &office.names {
            let ids = self.by_name.entry(name.clone()).or_default();
            ids.push(office.id);
            ids.sort_unstable();
            ids.dedup();
        }
        self.offices.insert(office.id, office);
    }

    pub(super) fn remove(&mut self, id: RecordId) {
        let Some(office) = self.offices.remove(&id) else { return };
        for name in office.names {
            if let Some(ids) = self.by_name.get_mut(&name) {
                ids.retain(|known| *known != id);
            }
        }
    }

    /// The office of that id.
    pub fn office(&self, id: RecordId) -> Option<&OfficeEntry> {
        self.offices.get(&id)
    }

    /// All offices.
    pub fn offices(&self) -> impl Iterator<Item = &OfficeEntry> {
        self.offices.values()
    }

    /// The office of that name; of several the oldest.
    pub fn named(&self, name: &str) -> Option<RecordId> {
        self.by_name.get(name)?.first().copied()
    }

    /// The office that a firm belongs to: the park that it names; if there is none of that name,
    /// the city that it sits in. Of several with the same name the oldest.
    pub fn office_of(&self, firm: &EnterpriseEntry) -> Option<RecordId> {
        let named = |name: &str, city: bool| {
            let ids = self.by_name.get(name).into_iter().flatten();
            let fits = |id: &&RecordId| {
                let level = self.offices.get(id).map(|office| office.level);
                level.is_some_and(|level| (level == OfficeLevel::City) == city)
            };
            ids.into_iter().find(fits).copied()
        };
        let city = || (!firm.city.is_empty()).then(|| named(&firm.city, true)).flatten();
        (!firm.park.is_empty()).then(|| named(&firm.park, false)).flatten().or_else(city)
    }

    /// Whether an office is `area` or lies below it.
    pub fn is_within(&self, office: RecordId, area: RecordId) -> bool {
        let mut at = Some(office);
        for _ in 0..STEPS_MAX {
            match at {
                Some(id) if id == area => return true,
                Some(id) => at = self.offices.get(&id).and_then(|office| office.parent),
                None => return false,
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Visibility;

    fn office(names: &[&str], level: OfficeLevel, parent: Option<RecordId>) -> OfficeEntry {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        OfficeEntry { id: RecordId::generate(), names, level, parent }
    }

    fn firm(park: &str, city: &str) -> EnterpriseEntry {
        EnterpriseEntry {
            id: RecordId::generate(),
            name: String::new(),
            park: park.to_owned(),
            province: String::new(),
            city: city.to_owned(),
            visibility: Visibility::Public,
        }
    }

    #[test]
    fn a_firm_belongs_to_its_park_or_else_to_its_city() {
        let mut places = Places::default();
        let city = office(&["南京"], OfficeLevel::City, None);
        let district = office(&["甲区"], OfficeLevel::District, Some(city.id));
        let park = office(&["甲园", "甲科技园"], OfficeLevel::Park, Some(district.id));
        for office in [&city, &district, &park] {
            places.insert(office.clone());
        }
        assert_eq!(places.office_of(&firm("甲科技园", "南京")), Some(park.id));
        assert_eq!(places.office_of(&firm("别处", "南京")), Some(city.id));
        assert_eq!(places.office_of(&firm("", "苏州")), None);
        assert!(places.is_within(park.id, city.id) && places.is_within(park.id, park.id));
        assert!(!places.is_within(city.id, park.id));
        // Under another name it is no longer found by the former.
        places.insert(OfficeEntry { names: vec!["乙园".to_owned()], ..park.clone() });
        assert_eq!(places.office_of(&firm("甲园", "")), None);
        assert_eq!(places.office_of(&firm("乙园", "")), Some(park.id));
    }

    #[test]
    fn a_circle_of_offices_ends() {
        let mut places = Places::default();
        let (mut first, mut second) =
            (office(&["a"], OfficeLevel::District, None), office(&["b"], OfficeLevel::Park, None));
        (first.parent, second.parent) = (Some(second.id), Some(first.id));
        let id = first.id;
        places.insert(first);
        places.insert(second);
        assert!(!places.is_within(id, RecordId::generate()));
    }
}
