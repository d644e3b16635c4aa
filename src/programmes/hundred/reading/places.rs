//! Nanjing's districts and parks with their leading industries, and what serves an industry.

use std::collections::BTreeMap;

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
    /// Leading industries by district, and of the city.
    schemes: BTreeMap<String, Vec<String>>,
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
        Ok(Self {
            districts: districts.map(|row| cell(&row, 1)).collect(),
            parks: parks
                .map(|row| Park {
                    name: cell(&row, 1),
                    aliases: listed(row.get(2).copied().unwrap_or_default()),
                    district: cell(&row, 3),
                    industries: listed(row.get(6).copied().unwrap_or_default()),
                })
                .collect(),
            schemes: leading(rows(&schemes).skip(1)),
        })
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

    /// The leading industries of a park or district: a park's own; else the latest scheme of the
    /// district; else those of all parks in the district; else the city's when the programme began.
    pub fn industries(&self, home: &str) -> Vec<&str> {
        let park = self.parks.iter().find(|park| park.name == home);
        if let Some(park) = park.filter(|park| !park.industries.is_empty()) {
            return park.industries.iter().map(String::as_str).collect();
        }
        let district = park.map_or(home, |park| park.district.as_str());
        if let Some(scheme) = self.schemes.get(district).filter(|_| district != CITY) {
            return scheme.iter().map(String::as_str).collect();
        }
        let neighbours = self.parks.iter().filter(|park| park.district == district);
        let mut all: Vec<&str> = Vec::new();
        for industry in neighbours.flat_map(|park| &park.industries) {
            if !all.contains(&industry.as_str()) {
                all.push(industry);
            }
        }
        if all.is_empty() {
            all = self.schemes.get(CITY).into_iter().flatten().map(String::as_str).collect();
        }
        all
    }
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

/// 产业与学科对照表: what serves an industry, from `programmes/industry_disciplines.tsv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndustryTable(BTreeMap<String, Serving>);

/// What serves an industry; weights are 1-100.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Serving {
    /// Disciplines by name, with their weights.
    pub disciplines: Vec<(String, i64)>,
    /// Words in the names of key laboratories, with their weights.
    pub lab_words: Vec<(String, i64)>,
}

impl IndustryTable {
    /// Reads the table.
    ///
    /// # Errors
    /// If the file cannot be read, or an entry is not `NAME=WEIGHT` with a weight of 1 to 100.
    pub fn load(data: &Data) -> Result<Self, DataError> {
        const PATH: &str = "programmes/industry_disciplines.tsv";
        let text = data.text(PATH)?;
        let mut table = BTreeMap::new();
        for row in rows(&text).skip(1) {
            let entries = |idx: usize| weighted(row.get(idx).copied().unwrap_or_default());
            let (Some(disciplines), Some(lab_words)) = (entries(1), entries(2)) else {
                let what = format!("{}: entries are NAME=WEIGHT, 1-100", row.join("\t"));
                let source = std::io::Error::new(std::io::ErrorKind::InvalidData, what);
                return Err(DataError { path: PATH.to_owned(), source });
            };
            table.insert(row[0].to_owned(), Serving { disciplines, lab_words });
        }
        Ok(Self(table))
    }

    /// What serves that industry; nothing is known of an industry that is not in the table.
    pub fn serving(&self, industry: &str) -> Option<&Serving> {
        self.0.get(industry)
    }

    /// The industries of the table.
    pub fn industries(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

fn weighted(cell: &str) -> Option<Vec<(String, i64)>> {
    let entry = |entry: String| {
        let (name, weight) = entry.split_once('=')?;
        let weight = weight.parse().ok().filter(|weight| (1..=100).contains(weight))?;
        Some((name.to_owned(), weight))
    };
    listed(cell).into_iter().map(entry).collect()
}

/// The rows of a tab-separated text, comments and blank lines left out.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('\t').map(str::trim).collect())
}

fn listed(cell: &str) -> Vec<String> {
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
    fn every_home_has_industries_and_every_industry_is_served() {
        let (places, table) = (places(), IndustryTable::load(&Data::embedded()).unwrap());
        assert_eq!(places.industries("徐庄高新区"), ["软件和信息服务", "数字经济"]);
        // 溧水高新区 has none of its own: the latest scheme of its district.
        assert_eq!(places.industries("溧水高新区"), ["新能源汽车", "智能制造装备"]);
        // 建邺区 has no scheme either: the city's of 2017.
        assert_eq!(places.industries("建邺高新区").len(), 13);
        for home in places.districts().chain(places.parks()) {
            let industries = places.industries(home);
            assert!(!industries.is_empty(), "{home}");
            for industry in industries {
                assert!(
                    table.serving(industry).is_some_and(|s| !s.disciplines.is_empty()),
                    "{industry}"
                );
            }
        }
    }

    #[test]
    fn the_table_covers_every_industry_of_the_reference_data_and_names_what_there_is() {
        let data = Data::embedded();
        let table = IndustryTable::load(&data).unwrap();
        let parks = data.text("reference/parks.tsv").unwrap();
        let schemes = data.text("reference/park_industries.tsv").unwrap();
        let of_parks = rows(&parks).skip(1).flat_map(|row| listed(row[6]));
        let of_schemes = rows(&schemes).skip(1).filter(|row| row[0] != "绍兴市");
        let named: Vec<String> = of_parks.chain(of_schemes.map(|row| row[4].to_owned())).collect();
        let missing: Vec<&String> =
            named.iter().filter(|industry| table.serving(industry).is_none()).collect();
        assert!(missing.is_empty(), "{missing:?}");
        let needless: Vec<&str> =
            table.industries().filter(|known| !named.iter().any(|name| name == known)).collect();
        assert!(needless.is_empty(), "{needless:?}");

        let lists = include_str!("../../../../data/reference/disciplines.tsv");
        let lists = lists.replace("（自定）", "");
        let disciplines: Vec<String> =
            rows(&lists).skip(1).flat_map(|row| listed(row[2])).collect();
        let labs = data.text("reference/labs.csv").unwrap();
        for serving in table.0.values() {
            for (name, _) in &serving.disciplines {
                assert!(disciplines.contains(name), "{name}");
            }
            for (word, _) in &serving.lab_words {
                assert!(labs.contains(word.as_str()), "{word}");
            }
        }
    }
}
