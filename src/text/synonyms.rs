//! Names of the same thing.

use std::collections::HashMap;

use super::dictionary::DictionaryError;

/// 同义词: groups of names that mean the same in any technical text. Index and query both
/// write the group's canonical name, so that a synonym costs nothing at search time and the
/// frequencies of the names add up.
#[derive(Debug, Default, Clone)]
pub struct Synonyms {
    canonicals: Vec<String>,
    /// All names of each group, the canonical one among them.
    names_of_group: Vec<Vec<String>>,
    group_by_name: HashMap<String, u32>,
}

impl Synonyms {
    /// Reads lines `canonical<TAB>variant;variant…`, a header line first, `#` lines ignored.
    ///
    /// # Errors
    /// If a line has no variant, or a name stands in two groups.
    pub fn parse(text: &str) -> Result<Self, DictionaryError> {
        let mut synonyms = Self::default();
        for (line, row) in super::dictionary::data_lines(text).skip(1) {
            let fault = |text: &str| DictionaryError::Line {
                file: "synonyms.tsv",
                line,
                text: text.to_owned(),
            };
            let (canonical, variants) = row.split_once('\t').ok_or_else(|| fault(row))?;
            let group = synonyms.canonicals.len() as u32;
            let names = std::iter::once(canonical).chain(variants.split(';'));
            let mut known: Vec<String> = Vec::new();
            for name in names {
                let name = super::normalize(name.trim()).as_str().to_owned();
                if name.is_empty() {
                    continue;
                }
                match synonyms.group_by_name.insert(name.clone(), group) {
                    Some(other) if other != group => return Err(fault(row)),
                    _ => known.push(name),
                }
            }
            if known.len() < 2 {
                return Err(fault(row));
            }
            synonyms.canonicals.push(super::normalize(canonical.trim()).as_str().to_owned());
            synonyms.names_of_group.push(known);
        }
        Ok(synonyms)
    }

    /// The group of a normalised name.
    pub fn group(&self, name: &str) -> Option<u32> {
        self.group_by_name.get(name).copied()
    }

    /// The canonical name of a group.
    pub fn canonical(&self, group: u32) -> &str {
        &self.canonicals[group as usize]
    }

    /// All names of a group, normalised, the canonical one among them.
    pub fn names_of(&self, group: u32) -> &[String] {
        &self.names_of_group[group as usize]
    }

    /// All names of all groups, in no particular order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.group_by_name.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_to_its_canonical_one() {
        let synonyms = Synonyms::parse("canonical\tvariants\n碳化硅\tSiC;金刚砂\n").unwrap();
        let group = synonyms.group("sic").unwrap();
        assert_eq!(synonyms.canonical(group), "碳化硅");
        assert_eq!(synonyms.group("碳化硅"), Some(group));
        assert_eq!(synonyms.names_of(group), ["碳化硅", "sic", "金刚砂"]);
    }

    #[test]
    fn a_name_in_two_groups_is_refused() {
        let text = "canonical\tvariants\n碳化硅\tsic\n集成电路\tsic\n";
        let error = Synonyms::parse(text).unwrap_err();
        assert!(error.to_string().contains("line 3"), "{error}");
    }
}
