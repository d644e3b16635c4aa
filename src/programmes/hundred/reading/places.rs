//! Nanjing's districts and parks with their leading industries.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::data::{Data, DataError};

/// A row of the parks that stands for one whose name is not known.
const PLACE_HOLDER: &str = "gaochun-unnamed";
/// Code of the city in the table of regions; its children are the districts.
const CITY_CODE: &str = "3201";
/// Name of the city in the table of schemes.
const CITY: &str = "南京市";
/// 产业谱系 of the city that was in force when the programme began.
const CITY_SCHEME: &str = "4+4+1";

/// A park.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Park {
    name: String,
    aliases: Vec<String>,
    district: String,
    industries: Vec<String>,
}

/// 区与园区.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    districts: Vec<String>,
    parks: Vec<Park>,
    /// Leading industries by district, and by park under all its names.
    industries: HashMap<String, Vec<String>>,
}

impl Places {
    /// From `reference/regions.tsv`, `parks.tsv` and `park_industries.tsv`.
    ///
    /// # Errors
    /// If one of the files cannot be read.
    pub fn load(data: &Data) -> Result<Self, DataError> {
        let regions = data.text("reference/regions.tsv")?;
        let parks = data.text("reference/parks.tsv")?;
        let schemes = data.text("reference/park_industries.tsv")?;
        let districts = rows(&regions).filter(|row| row.get(2) == Some(&CITY_CODE));
        let parks = rows(&parks).skip(1).filter(|row| row.first() != Some(&PLACE_HOLDER));
        let cell = |row: &[&str], idx: usize| row.get(idx).copied().unwrap_or_default().to_owned();
        let districts: Vec<String> = districts.map(|row| cell(&row, 1)).collect();
        let parks: Vec<Park> = parks
            .map(|row| Park {
                name: cell(&row, 1),
                aliases: listed(row.get(2).copied().unwrap_or_default()),
                district: cell(&row, 3),
                industries: listed(row.get(6).copied().unwrap_or_default()),
            })
            .collect();
        let industries = industries(&districts, &parks, &leading(rows(&schemes).skip(1)));
        Ok(Self { districts, parks, industries })
    }

    /// The districts, 江北新区 among them.
    pub fn districts(&self) -> impl Iterator<Item = &str> + Clone {
        self.districts.iter().map(String::as_str)
    }

    /// The parks by their names.
    pub fn parks(&self) -> impl Iterator<Item = &str> + Clone {
        self.parks.iter().map(|park| park.name.as_str())
    }

    /// The district of that name, 区 may be left out.
    pub fn district(&self, name: &str) -> Option<&str> {
        self.districts()
            .find(|district| *district == name || district.trim_end_matches('区') == name)
    }

    /// Name and district of the park of that name or alias.
    pub fn park(&self, name: &str) -> Option<(&str, &str)> {
        let park = self
            .parks
            .iter()
            .find(|park| park.name == name || park.aliases.iter().any(|alias| alias == name))?;
        Some((&park.name, &park.district))
    }

    /// The leading industries of a park (by any of its names) or district: a park's own; else the
    /// latest scheme of its district; else those of all parks in the district; else the city's when
    /// the programme began. Of a home that is not known those of `district`, if that is.
    pub fn industries(&self, home: &str, district: Option<&str>) -> &[String] {
        let of = |name: &str| self.industries.get(name);
        of(home).or_else(|| of(district?)).map_or(&[], Vec::as_slice)
    }
}

/// Leading industries by district, and by park under all its names.
fn industries(
    districts: &[String],
    parks: &[Park],
    schemes: &BTreeMap<String, Vec<String>>,
) -> HashMap<String, Vec<String>> {
    let mut industries = HashMap::new();
    for district in districts {
        let of_parks = parks.iter().filter(|park| park.district == *district);
        let mut all: Vec<String> = schemes.get(district).cloned().unwrap_or_default();
        if all.is_empty() {
            all = of_parks.flat_map(|park| park.industries.clone()).collect();
            let mut seen = BTreeSet::new();
            all.retain(|industry| seen.insert(industry.clone()));
        }
        if all.is_empty() {
            all = schemes.get(CITY).cloned().unwrap_or_default();
        }
        industries.insert(district.clone(), all);
    }
    for park in parks {
        let own = match park.industries.is_empty() {
            true => industries.get(&park.district).cloned().unwrap_or_default(),
            false => park.industries.clone(),
        };
        for name in park.aliases.iter().chain([&park.name]) {
            industries.insert(name.clone(), own.clone());
        }
    }
    industries
}

/// The latest scheme of each district, and the city's of the programme's beginning.
fn leading<'a>(rows: impl Iterator<Item = Vec<&'a str>>) -> BTreeMap<String, Vec<String>> {
    let mut schemes: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    for row in rows {
        let [scope, scheme, year, _, industry, ..] = row[..] else { continue };
        if scope == CITY && scheme != CITY_SCHEME {
            continue;
        }
        let (latest, industries) = schemes.entry(scope.to_owned()).or_default();
        if year > latest.as_str() {
            year.clone_into(latest);
            industries.clear();
        }
        if year == latest.as_str() {
            industries.push(industry.to_owned());
        }
    }
    schemes.into_iter().map(|(scope, (_, industries))| (scope, industries)).collect()
}

/// The rows of a tab-separated text, comments and blank lines left out.
pub(super) fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('\t').map(str::trim).collect())
}

/// The entries of a cell.
pub(super) fn listed(cell: &str) -> Vec<String> {
    let entries = cell.split(';').map(str::trim).filter(|entry| !entry.is_empty());
    entries.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        Places::load(&Data::embedded()).unwrap()
    }

    #[test]
    fn nanjing_has_twelve_districts_and_parks_with_aliases() {
        let places = places();
        assert_eq!(places.districts().count(), 12);
        assert_eq!(places.district("江宁"), Some("江宁区"));
        assert_eq!(places.district("江北新区"), Some("江北新区"));
        assert_eq!(places.district("昆山"), None);
        assert_eq!(places.park("江宁开发区"), Some(("江宁经济技术开发区", "江宁区")));
        assert!(!places.parks().any(|park| park.contains("未查实")));
        for park in places.parks.iter() {
            assert!(places.district(&park.district).is_some(), "{park:?}");
        }
    }

    #[test]
    fn every_home_has_industries() {
        let places = places();
        assert_eq!(places.industries("徐庄高新区", None), ["软件和信息服务", "数字经济"]);
        assert_eq!(places.industries("徐庄软件园", None), ["软件和信息服务", "数字经济"]);
        // 溧水高新区 has none of its own: the latest scheme of its district.
        let of_district = ["新能源汽车", "智能制造装备"];
        assert_eq!(places.industries("溧水高新区", None), of_district);
        assert_eq!(places.industries("溧水某园", Some("溧水区")), of_district);
        // 雨花台区 has no scheme: those of its parks, each once.
        assert_eq!(places.industries("雨花台区", None).len(), 7);
        // 建邺区 has neither: the city's of 2017.
        assert_eq!(places.industries("建邺高新区", None).len(), 13);
        assert!(places.industries("昆山", None).is_empty());
        for home in places.districts().chain(places.parks()) {
            assert!(!places.industries(home, None).is_empty(), "{home}");
        }
    }
}
