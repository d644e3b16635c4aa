//! The words by which a need is broken into points, read from `dictionary/point_words.tsv`.

use std::collections::HashMap;

use super::PointKind;

/// What a word does to the phrase that it stands in. A word may have several roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Role {
    /// Says nothing when it is alone.
    Plain,
    /// No phrase goes over it.
    Cut,
    /// Is left off at the front of a phrase.
    Lead,
    /// Is left off at the back of a phrase.
    Tail,
    /// Is left off at the front of a phrase if the rest says enough.
    LeadVerb,
    /// A verb that is part of names: 驱动 in 驱动电机.
    VerbPart,
    /// A general name of things or ways: a verb before it is a part of the whole.
    Name,
    /// A verb whose object stands behind it: no name goes over it.
    Act,
    /// A verb that makes what follows larger.
    Raise,
    /// A verb that makes what follows smaller.
    Lower,
    /// Stands before an application.
    Use,
    /// Is in no technical phrase.
    Never,
    /// A single character that a name may follow at once.
    Opens,
    /// A single character that may follow a name at once.
    Closes,
    /// A single character that names begin with.
    Prefix,
    /// An effect that is mostly set and seldom wished for: a speed, a diameter.
    Parameter,
}

/// Words that are looked for anywhere in a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Marker {
    /// A heading below which a firm talks of itself or of money.
    AsideHeading,
    /// A heading below which it says what it wants.
    AskedHeading,
    /// A sentence about a firm, its people and its contracts.
    AsideSentence,
    /// A clause about markets, policy or partners.
    AsideClause,
    /// A clause about how things were or are elsewhere.
    Background,
    /// A clause about how things are now.
    Present,
    /// A clause that says what is wanted.
    Wish,
    /// A clause about something to be done.
    Plan,
}

/// Why the words cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("point_words.tsv, line {line}: {text:?} is no role with words")]
pub struct PointWordsError {
    /// Number of the line, counted from 1.
    pub line: usize,
    /// The line.
    pub text: String,
}

/// 技术点词表: heads that tell what a phrase is, and words that bound, trim or exclude phrases.
#[derive(Debug, Clone, Default)]
pub struct PointWords {
    /// Ends of phrases with what they make them; `None` for ends that only look so.
    heads: HashMap<String, Option<PointKind>>,
    /// Length of the longest end, in characters.
    head_chars_max: usize,
    roles: HashMap<String, Vec<Role>>,
    markers: HashMap<Marker, Vec<String>>,
}

impl PointWords {
    /// Reads lines `role<TAB>word;word;…`, a header line first, `#` lines ignored.
    ///
    /// # Errors
    /// The first line that is not of that form or has an unknown role.
    pub fn parse(text: &str) -> Result<Self, PointWordsError> {
        let mut words = Self::default();
        let lines = text.lines().zip(1..).filter(|(line, _)| {
            let line = line.trim();
            !line.is_empty() && !line.starts_with('#')
        });
        for (row, line) in lines.skip(1) {
            let fault = || PointWordsError { line, text: row.to_owned() };
            let (role, list) = row.split_once('\t').ok_or_else(fault)?;
            let list: Vec<String> = list
                .split(';')
                .map(|word| crate::text::normalize(word.trim()).as_str().to_owned())
                .filter(|word| !word.is_empty())
                .collect();
            if !words.add(role.trim(), list) {
                return Err(fault());
            }
        }
        words.head_chars_max = words.heads.keys().map(|w| w.chars().count()).max().unwrap_or(0);
        Ok(words)
    }

    fn add(&mut self, role: &str, list: Vec<String>) -> bool {
        if let Some(kind) = PointKind::from_name(role) {
            self.heads.extend(list.into_iter().map(|word| (word, Some(kind))));
        } else if role == "no_head" {
            self.heads.extend(list.into_iter().map(|word| (word, None)));
        } else if let Some(role) = role_of(role) {
            for word in list {
                self.roles.entry(word).or_default().push(role);
            }
        } else if let Some(marker) = marker_of(role) {
            self.markers.entry(marker).or_default().extend(list);
        } else {
            return false;
        }
        true
    }

    /// Whether a normalised word has a role.
    pub(super) fn is(&self, word: &str, role: Role) -> bool {
        self.roles.get(word).is_some_and(|roles| roles.contains(&role))
    }

    /// What a normalised phrase is by its longest known end, and the length of that end in
    /// characters.
    pub(super) fn head(&self, phrase: &str) -> Option<(PointKind, usize)> {
        let starts: Vec<usize> = phrase.char_indices().map(|(at, _)| at).collect();
        let first = starts.len().saturating_sub(self.head_chars_max);
        let ends = starts[first..].iter().map(|at| &phrase[*at..]);
        let (kind, length) = ends.enumerate().find_map(|(idx, end)| {
            self.heads.get(end).map(|kind| (*kind, starts.len() - first - idx))
        })?;
        kind.map(|kind| (kind, length))
    }

    /// Whether a normalised text has one of a marker's words.
    pub(super) fn marks(&self, marker: Marker, text: &str) -> bool {
        self.markers.get(&marker).is_some_and(|words| words.iter().any(|w| text.contains(&**w)))
    }
}

fn role_of(name: &str) -> Option<Role> {
    Some(match name {
        "plain" => Role::Plain,
        "cut" => Role::Cut,
        "lead" => Role::Lead,
        "tail" => Role::Tail,
        "lead_verb" => Role::LeadVerb,
        "verb_part" => Role::VerbPart,
        "name" => Role::Name,
        "act" => Role::Act,
        "raise" => Role::Raise,
        "lower" => Role::Lower,
        "use" => Role::Use,
        "never" => Role::Never,
        "opens" => Role::Opens,
        "closes" => Role::Closes,
        "prefix" => Role::Prefix,
        "parameter" => Role::Parameter,
        _ => return None,
    })
}

fn marker_of(name: &str) -> Option<Marker> {
    Some(match name {
        "aside_heading" => Marker::AsideHeading,
        "asked_heading" => Marker::AskedHeading,
        "aside_sentence" => Marker::AsideSentence,
        "aside_clause" => Marker::AsideClause,
        "background" => Marker::Background,
        "present" => Marker::Present,
        "wish" => Marker::Wish,
        "plan" => Marker::Plan,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Result<PointWords, PointWordsError> {
        PointWords::parse(&format!("role\twords\n{text}\n"))
    }

    #[test]
    fn the_longest_end_decides() {
        let words = words("product\t机;件\nno_head\t有机;条件\nmaterial\t有机硅").unwrap();
        assert_eq!(words.head("采摘机"), Some((PointKind::Product, 1)));
        assert_eq!(words.head("工作条件"), None);
        assert_eq!(words.head("有机硅"), Some((PointKind::Material, 3)));
        assert_eq!(words.head(""), None);
    }

    #[test]
    fn an_unknown_role_is_named_with_its_line() {
        let error = words("product\t机\nprodukt\t件").unwrap_err();
        assert_eq!(error.line, 3);
        assert_eq!(words("product").unwrap_err().line, 2);
    }
}
