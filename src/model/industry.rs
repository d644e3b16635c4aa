//! Industries by the national standard.

use super::code_table::{CodeTable, nearness};

/// Edition of the industry codes.
const EDITION: &str = "GB/T 4754-2017";

/// 国民经济行业: an industry, by its code in GB/T 4754-2017 where it is known, else by the
/// words of its source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Industry {
    /// Code without edition, such as `3841`, or a section's letter.
    pub code: Option<String>,
    /// Chinese name.
    pub name: String,
}

impl Industry {
    /// Code with its edition (`GB/T 4754-2017:3841`), else the name.
    pub fn as_text(&self) -> String {
        match &self.code {
            Some(code) => format!("{EDITION}:{code}"),
            None => self.name.clone(),
        }
    }

    /// How near the industries are in the tree of codes, 0-1: 1 for the same, 0 for different
    /// divisions (a section such as 制造业 says too little); 3841 and 3842 0.67, 384 and 3841
    /// 0.8, 3841 and 3832 0.33. Industries without a code are the same or not. Symmetric.
    pub fn nearness(&self, other: &Industry) -> f64 {
        // Two digits for a division, one more a level; a section's letter lies above.
        let depth = |code: &str| code.len().saturating_sub(1);
        match (&self.code, &other.code) {
            (Some(own), Some(other)) => nearness(own, other, depth),
            _ => f64::from(u8::from(self.name == other.name)),
        }
    }
}

/// The known industries, from `data/reference/industries.tsv`.
#[derive(Debug, Default, Clone)]
pub struct IndustryTable(CodeTable);

impl IndustryTable {
    /// Builds the table from rows of code and name.
    pub fn from_rows<'a>(rows: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(CodeTable::from_rows(rows))
    }

    /// Whether no industry is known.
    pub fn is_empty(&self) -> bool {
        self.0.len() == 0
    }

    /// The industry meant by a code (`GB/T 4754-2017:3841`, `3841`) or a name; words that
    /// name no known industry are kept. `None` for a code that does not exist in this edition.
    pub fn resolve(&self, text: &str) -> Option<Industry> {
        let is_code =
            |text: &str| text.bytes().all(|b| b.is_ascii_digit()) || text.starts_with("GB/T");
        let (code, name) = self.0.resolve(EDITION, is_code, text)?;
        Some(Industry { code, name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn industries_are_nearer_the_deeper_their_common_ancestor_lies() {
        let industry = |code: &str| Industry { code: Some(code.to_owned()), name: code.to_owned() };
        let near = |a: &str, b: &str| {
            let found = industry(a).nearness(&industry(b));
            assert_eq!(found, industry(b).nearness(&industry(a)), "{a} {b}");
            (found * 100.0).round()
        };
        assert_eq!(near("3841", "3841"), 100.0);
        assert_eq!(near("384", "3841"), 80.0);
        assert_eq!(near("3841", "3842"), 67.0);
        assert_eq!(near("38", "3841"), 50.0);
        assert_eq!(near("3841", "3832"), 33.0);
        assert_eq!(near("3841", "3941"), 0.0);
        assert_eq!(near("C", "3841"), 0.0);
    }

    #[test]
    fn a_code_that_does_not_exist_is_refused_and_free_words_are_kept() {
        let table =
            IndustryTable::from_rows([("38", "电气机械和器材制造业"), ("3841", "锂离子电池制造")]);
        assert_eq!(table.resolve("3841").unwrap().as_text(), "GB/T 4754-2017:3841");
        assert_eq!(table.resolve("锂离子电池制造"), table.resolve("GB/T 4754-2017:3841"));
        assert_eq!(table.resolve("9999"), None);
        assert_eq!(table.resolve("新能源").unwrap().code, None);
    }
}
