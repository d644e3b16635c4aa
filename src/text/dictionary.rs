//! The words that the user's trade adds to the general dictionary.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::stop_words::StopWords;
use super::synonyms::Synonyms;

/// The texts of the four dictionary files.
#[derive(Debug, Clone, Copy)]
pub struct DictionaryFiles<'a> {
    /// `terms.tsv`: header, then `term<TAB>industry`.
    pub terms: &'a str,
    /// `synonyms.tsv`: header, then `canonical<TAB>variant;variant…`.
    pub synonyms: &'a str,
    /// `stop_words.txt`: one function word per line.
    pub stop_words: &'a str,
    /// `boilerplate.txt`: one word per line.
    pub boilerplate: &'a str,
}

/// Why a dictionary cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DictionaryError {
    /// A line does not have the form of its file.
    #[error("{file}, line {line}: cannot use {text:?}")]
    Line {
        /// Name of the file.
        file: &'static str,
        /// Number of the line, counted from 1.
        line: usize,
        /// The line.
        text: String,
    },
}

/// 词典: domain terms, synonyms and stop words, normalised.
#[derive(Debug, Clone)]
pub struct Dictionary {
    terms: Vec<String>,
    known: HashSet<String>,
    pub(super) synonyms: Synonyms,
    pub(super) stop_words: StopWords,
    fingerprint: String,
}

impl Dictionary {
    /// Reads the files.
    ///
    /// # Errors
    /// The first line that does not have the form of its file, with its number.
    pub fn parse(files: DictionaryFiles<'_>) -> Result<Self, DictionaryError> {
        let mut terms = Vec::new();
        let mut known = HashSet::new();
        for (line, row) in data_lines(files.terms).skip(1) {
            let term = row.split('\t').next().unwrap_or_default().trim();
            let term = super::normalize(term).as_str().to_owned();
            if term.chars().count() < 2 || term.contains(' ') {
                return Err(DictionaryError::Line {
                    file: "terms.tsv",
                    line,
                    text: row.to_owned(),
                });
            }
            if known.insert(term.clone()) {
                terms.push(term);
            }
        }
        let mut hash = Sha256::new();
        for text in [files.terms, files.synonyms, files.stop_words, files.boilerplate] {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        }
        let fingerprint = hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect();
        Ok(Self {
            terms,
            known,
            synonyms: Synonyms::parse(files.synonyms)?,
            stop_words: StopWords::parse(files.stop_words, files.boilerplate),
            fingerprint,
        })
    }

    /// The domain terms, in the order of the file.
    pub fn terms(&self) -> &[String] {
        &self.terms
    }

    /// All names of what a normalised term names, the canonical one among them; empty if it
    /// has no other.
    pub fn names_of(&self, term: &str) -> &[String] {
        self.synonyms.group(term).map_or(&[], |group| self.synonyms.names_of(group))
    }

    /// Whether a normalised word is a domain term.
    pub fn contains(&self, word: &str) -> bool {
        self.known.contains(word)
    }

    /// A hash of all files, 16 hexadecimal digits: an index built with another one is stale.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

/// The lines of a data file that are neither empty nor comments, with their numbers from 1.
pub(super) fn data_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(idx, line)| (idx + 1, line.trim_end_matches('\r')))
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_line_is_named() {
        let files = DictionaryFiles {
            terms: "# note\nterm\tindustry\n膜电极\t储能与氢能\n膜\t储能与氢能\n",
            synonyms: "canonical\tvariants\n",
            stop_words: "",
            boilerplate: "",
        };
        let error = Dictionary::parse(files).unwrap_err();
        assert_eq!(error.to_string(), "terms.tsv, line 4: cannot use \"膜\\t储能与氢能\"");
    }
}
