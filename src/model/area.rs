//! Technology areas.

use super::code_table::{CodeTable, nearness};

/// Edition of the area codes: NSFC application codes as they were before 2020.
const EDITION: &str = "NSFC";

/// 技术领域: a technology area, by its NSFC code where it is known, else by the words of
/// its source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Area {
    /// Code without edition, such as `E02`.
    pub code: Option<String>,
    /// Chinese name.
    pub name: String,
}

impl Area {
    /// Code with its edition (`NSFC:E02`), else the name.
    pub fn as_text(&self) -> String {
        match &self.code {
            Some(code) => format!("{EDITION}:{code}"),
            None => self.name.clone(),
        }
    }

    /// Whether `self` is `other` or lies below it in the tree of codes, or has its name.
    pub fn is_within(&self, other: &Area) -> bool {
        match (&self.code, &other.code) {
            (Some(own), Some(other)) => own.starts_with(other.as_str()),
            _ => self.name == other.name,
        }
    }

    /// How near the areas are in the tree of codes, 0-1: 1 for the same, 0 for areas that have
    /// no more than a department in common (E, 工程与材料科学, says too little); E02 and E0203
    /// 0.67, E0201 and E0203 0.5. Areas without a code are the same or not. Symmetric.
    pub fn nearness(&self, other: &Area) -> f64 {
        // A department is a letter; behind it two digits a level.
        let depth = |code: &str| code.len().saturating_sub(1) / 2;
        match (&self.code, &other.code) {
            (Some(own), Some(other)) => nearness(own, other, depth),
            _ => f64::from(u8::from(self.name == other.name)),
        }
    }
}

/// The known areas, from `data/reference/areas.tsv`.
#[derive(Debug, Default, Clone)]
pub struct AreaTable(CodeTable);

impl AreaTable {
    /// Builds the table from rows of code and name.
    pub fn from_rows<'a>(rows: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(CodeTable::from_rows(rows))
    }

    /// Whether no area is known.
    pub fn is_empty(&self) -> bool {
        self.0.len() == 0
    }

    /// The area meant by a code (`NSFC:E02`, `E02`) or a name; words that name no known
    /// area are kept as they are. `None` for a code with the edition's prefix that does not exist.
    pub fn resolve(&self, text: &str) -> Option<Area> {
        let (code, name) = self.0.resolve(EDITION, |_| false, text)?;
        Some(Area { code, name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_nearer_the_deeper_their_common_ancestor_lies() {
        let area = |code: &str| Area { code: Some(code.to_owned()), name: code.to_owned() };
        let near = |a: &str, b: &str| {
            let found = area(a).nearness(&area(b));
            assert_eq!(found, area(b).nearness(&area(a)), "{a} {b}");
            (found * 100.0).round()
        };
        assert_eq!(near("E0203", "E0203"), 100.0);
        assert_eq!(near("E0203", "E020301"), 80.0);
        assert_eq!(near("E02", "E0203"), 67.0);
        assert_eq!(near("E0201", "E0203"), 50.0);
        assert_eq!(near("E02", "E020301"), 50.0);
        assert_eq!(near("E02", "E03"), 0.0);
        assert_eq!(near("E", "E03"), 0.0);
        assert_eq!(near("E02", "F02"), 0.0);
        let words = |name: &str| Area { code: None, name: name.to_owned() };
        assert_eq!(words("氢能").nearness(&words("氢能")), 1.0);
        assert_eq!(words("氢能").nearness(&words("储能")), 0.0);
        assert_eq!(words("E02").nearness(&area("E0203")), 0.0);
    }

    #[test]
    fn an_area_is_found_by_code_or_name_and_free_words_are_kept() {
        let table = AreaTable::from_rows([("E", "工程与材料科学"), ("E02", "无机非金属材料")]);
        let by_code = table.resolve("NSFC:E02").unwrap();
        assert_eq!(table.resolve("无机非金属材料").unwrap(), by_code);
        assert!(by_code.is_within(&table.resolve("E").unwrap()));
        assert_eq!(table.resolve("电子信息").unwrap().as_text(), "电子信息");
        assert_eq!(table.resolve("NSFC:Z99"), None);
    }
}
