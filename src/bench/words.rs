//! `bench words`: a generated folder as lines of words, for other search engines.
//!
//! They get the words that our index has and need no Chinese of their own, so that only the
//! search is compared.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use rayon::prelude::*;

use super::{BenchError, world};
use crate::matching::Query;
use crate::text::{Analyzer, View};

/// Documents analysed at once.
const BATCH: usize = 5_000;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordLines {
    /// Lines of `documents.txt`: labs and achievements.
    pub documents: usize,
    /// Their words.
    pub document_words: usize,
    /// Lines of `needs.txt` and of `totals.txt`.
    pub needs: usize,
    /// Their distinct words.
    pub need_words: usize,
}

/// Writes `documents.txt` and `needs.txt`, a line of words with spaces between for each, and
/// `totals.txt`, with the number of documents that have a word of the need in that line.
/// Linear in the length of the texts, times the number of needs that share a word.
///
/// # Errors
/// If the folder cannot be read or `out` not be written.
pub fn write_words(
    analyzer: &Analyzer,
    folder: &Path,
    out: &Path,
    mut progress: impl FnMut(u64, u64),
) -> Result<WordLines, BenchError> {
    fs::create_dir_all(out).map_err(|e| world::file_error(out, e))?;
    let needs: Vec<Vec<String>> = world::needs(folder)?
        .iter()
        .map(|(title, body)| needed_words(analyzer, title, body))
        .collect();
    let mut askers: HashMap<&str, Vec<usize>> = HashMap::new();
    for (need, words) in needs.iter().enumerate() {
        for word in words {
            askers.entry(word).or_default().push(need);
        }
    }
    // For each need its documents so far, and the last of them: a document counts once.
    let mut totals = vec![(0_usize, usize::MAX); needs.len()];
    let entries = world::entries(folder)?;
    let mut document_words = 0;
    let mut number = 0;
    write_lines(&out.join("documents.txt"), |write| {
        for batch in entries.chunks(BATCH) {
            let lines: Vec<Vec<String>> = batch
                .par_iter()
                .map(|entry| [&entry.title, &entry.body].map(|text| words(analyzer, text)).concat())
                .collect();
            for line in lines {
                document_words += line.len();
                for word in &line {
                    for need in askers.get(word.as_str()).into_iter().flatten() {
                        let (count, last) = &mut totals[*need];
                        *count += usize::from(*last != number);
                        *last = number;
                    }
                }
                number += 1;
                write(&line.join(" "))?;
            }
            progress(number as u64, entries.len() as u64);
        }
        Ok(())
    })?;
    write_lines(&out.join("needs.txt"), |write| {
        needs.iter().try_for_each(|words| write(&words.join(" ")))
    })?;
    write_lines(&out.join("totals.txt"), |write| {
        totals.iter().try_for_each(|(count, _)| write(&count.to_string()))
    })?;
    let need_words = needs.iter().map(Vec::len).sum();
    Ok(WordLines { documents: entries.len(), document_words, needs: needs.len(), need_words })
}

/// The words of a text as they are indexed, in their order.
fn words(analyzer: &Analyzer, text: &str) -> Vec<String> {
    let analysis = analyzer.analyze(text);
    analysis.view(View::Words).map(|token| in_one_piece(analysis.term(token))).collect()
}

/// The distinct words that a need is searched with.
fn needed_words(analyzer: &Analyzer, title: &str, body: &str) -> Vec<String> {
    let query = Query::new(analyzer, title, body);
    let words = query.terms().iter().filter(|term| term.kind.view() == View::Words);
    words.map(|term| in_one_piece(&term.term)).collect()
}

/// A term without the white space that would take it apart.
fn in_one_piece(term: &str) -> String {
    term.replace(char::is_whitespace, "_")
}

/// Writes a file line by line.
fn write_lines(
    path: &Path,
    lines: impl FnOnce(&mut dyn FnMut(&str) -> std::io::Result<()>) -> std::io::Result<()>,
) -> Result<(), BenchError> {
    let write = || {
        let mut file = BufWriter::new(File::create(path)?);
        lines(&mut |line| writeln!(file, "{line}"))?;
        file.flush()
    };
    write().map_err(|error| world::file_error(path, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Dictionary, DictionaryFiles};

    #[test]
    fn words_are_those_of_the_index_and_totals_count_documents_once() {
        let files = DictionaryFiles {
            terms: "term\tindustry\n膜电极\t储能与氢能\n",
            synonyms: "canonical\tvariants\n",
            stop_words: "",
            boilerplate: "",
        };
        let analyzer = Analyzer::new(Dictionary::parse(files).unwrap());
        let (folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("labs.jsonl", "{\"name\":\"膜电极\",\"profile\":\"膜电极\"}\n");
        write(
            "achievements.jsonl",
            "{\"lab_ids\":[\"l0\"],\"title\":\"黄酒\",\"abstract\":\"PEEK\"}\n",
        );
        write("needs.jsonl", "{\"title\":\"膜电极\",\"body\":\"膜电极\"}\n");
        let written = write_words(&analyzer, folder.path(), out.path(), |_, _| {}).unwrap();
        let read = |name: &str| fs::read_to_string(out.path().join(name)).unwrap();
        assert!(read("documents.txt").starts_with("膜电极 "), "{}", read("documents.txt"));
        assert!(read("documents.txt").ends_with("黄酒 peek\n"), "{}", read("documents.txt"));
        assert_eq!(read("totals.txt"), "1\n");
        assert_eq!((written.documents, written.needs), (2, 1));
    }
}
