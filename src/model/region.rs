//! Regions of China.

use std::collections::HashMap;

/// 地区: a province, a city or a district of Nanjing, by its administrative code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Administrative code: 2 digits for a province, 4 for a city, 6 for a district.
    pub code: String,
    /// Full name, such as 江苏省.
    pub name: String,
}

/// The known regions, from `data/reference/regions.tsv`.
#[derive(Debug, Default, Clone)]
pub struct RegionTable {
    by_short_name: HashMap<String, Region>,
}

impl RegionTable {
    /// Builds the table from rows of code and name.
    pub fn from_rows<'a>(rows: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut by_short_name: HashMap<String, Region> = HashMap::new();
        for (code, name) in rows {
            let region = Region { code: code.to_owned(), name: name.to_owned() };
            by_short_name
                .entry(Self::short_name(name).to_owned())
                .and_modify(|known| {
                    // 吉林 is a province before it is a city.
                    if code.len() < known.code.len() {
                        *known = region.clone();
                    }
                })
                .or_insert_with(|| region.clone());
        }
        Self { by_short_name }
    }

    /// Whether no region is known.
    pub fn is_empty(&self) -> bool {
        self.by_short_name.is_empty()
    }

    /// The region of that full or short name (江苏 or 江苏省).
    pub fn find(&self, name: &str) -> Option<&Region> {
        self.by_short_name.get(Self::short_name(name.trim()))
    }

    /// A region's name as people write it in tables: 江苏省 → 江苏, 南京市 → 南京,
    /// 内蒙古自治区 → 内蒙古. Names of two characters stay whole.
    ///
    /// ```
    /// use duijie::model::RegionTable;
    /// assert_eq!(RegionTable::short_name("广西壮族自治区"), "广西");
    /// assert_eq!(RegionTable::short_name("南京"), "南京");
    /// ```
    pub fn short_name(name: &str) -> &str {
        const ENDINGS: [&str; 8] = [
            "维吾尔自治区",
            "壮族自治区",
            "回族自治区",
            "自治区",
            "特别行政区",
            "省",
            "市",
            "地区",
        ];
        ENDINGS
            .iter()
            .find_map(|ending| name.strip_suffix(ending))
            .filter(|short| short.chars().count() >= 2)
            .unwrap_or(name)
    }
}
