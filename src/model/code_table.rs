//! Names by code and codes by name, of one edition of a classification.

use std::collections::HashMap;

/// How near two nodes of a tree are, given the prefixes that stand for their ancestors and
/// themselves: 1 for the same node, else twice the depth of the deepest common ancestor by the
/// sum of both depths (Wu and Palmer 1994). The tops of the tree, of depth 0, have nothing in
/// common. Symmetric.
pub(super) fn nearness(own: &str, other: &str, depth: impl Fn(&str) -> usize) -> f64 {
    if own == other {
        return 1.0;
    }
    let common = own.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    // Codes are ASCII: a byte is a character.
    let depths = depth(own) + depth(other);
    if depths == 0 { 0.0 } else { 2.0 * depth(&own[..common]) as f64 / depths as f64 }
}

/// A classification: what areas and industries have in common.
#[derive(Debug, Default, Clone)]
pub(super) struct CodeTable {
    name_by_code: HashMap<String, String>,
    code_by_name: HashMap<String, String>,
}

impl CodeTable {
    /// Builds the table from rows of code and name. A name that stands on several levels means
    /// the highest, which has the shortest code.
    pub fn from_rows<'a>(rows: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut table = Self::default();
        for (code, name) in rows {
            let known = table.code_by_name.entry(name.to_owned());
            let known = known.or_insert_with(|| code.to_owned());
            if code.len() < known.len() {
                *known = code.to_owned();
            }
            table.name_by_code.insert(code.to_owned(), name.to_owned());
        }
        table
    }

    /// How many codes are known.
    pub fn len(&self) -> usize {
        self.name_by_code.len()
    }

    /// The code and name meant by a code, with or without `edition` in front, or by a name;
    /// words that name nothing known are kept without a code. `None` if the text is blank, or
    /// is a code that does not exist: one behind the edition, or one that `looks_like_code`.
    pub fn resolve(
        &self,
        edition: &str,
        looks_like_code: impl Fn(&str) -> bool,
        text: &str,
    ) -> Option<(Option<String>, String)> {
        let text = text.trim();
        let prefixed = text.strip_prefix(edition).map(|rest| rest.trim_start_matches([':', '：']));
        let code = prefixed.unwrap_or(text).to_uppercase();
        if let Some(name) = self.name_by_code.get(&code) {
            return Some((Some(code), name.clone()));
        }
        if prefixed.is_some() || text.is_empty() || looks_like_code(text) {
            return None;
        }
        Some((self.code_by_name.get(text).cloned(), text.to_owned()))
    }
}
