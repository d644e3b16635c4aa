//! How often the terms of a query stand in given documents.
//!
//! Words are looked up in their lists of postings; parts, of which a need has many and with
//! long lists, are read off the documents themselves ([`super::forward`]).

use tantivy::postings::{Postings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet};

use super::candidates::{Candidate, WeightedTerm};
use super::forward::{CODES, Letter, Reading, code};
use super::live::Snapshot;
use super::lookup::{FieldReader, Lookup, OpenSegment};
use super::schema::SearchField;

/// Part of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Its title alone.
    Title,
    /// All of it.
    Text,
}

/// Occurrences of one term of a query in one place of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frequency {
    /// Place of the term in the query.
    pub term_idx: u32,
    /// Part of the document.
    pub place: Place,
    /// How often it occurs; parts are only told to be there, with 1.
    pub tf: u32,
    /// Number of terms in that part of the document, as the index rounds it: words for a word,
    /// distinct parts for a part.
    pub length: u32,
}

/// A list of postings is read through if it has fewer than this many for each candidate;
/// longer ones are skipped through.
const POSTINGS_PER_CANDIDATE: u32 = 24;

impl Snapshot {
    /// For each candidate, in the order given, the terms that it has: first words, then parts,
    /// each in the order of the terms, and a part in the text before the same in the title.
    ///
    /// Linear in the number of the words' postings or in words × candidates, whichever is
    /// less, and in the length of the candidates' texts.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn frequencies(
        &self,
        candidates: &[Candidate],
        lookup: &Lookup<'_>,
    ) -> tantivy::Result<Vec<Vec<Frequency>>> {
        let capacity = lookup.terms.len() / 2;
        let mut found: Vec<Vec<Frequency>> =
            candidates.iter().map(|_| Vec::with_capacity(capacity)).collect();
        let mut by_address: Vec<usize> = (0..candidates.len()).collect();
        by_address.sort_unstable_by_key(|idx| candidates[*idx].address);
        let of_segment = |a: &usize, b: &usize| {
            candidates[*a].address.segment_ord == candidates[*b].address.segment_ord
        };
        let parts = PartTerms::of(lookup.terms);
        let mut part_search = PartSearch::new(&parts);
        for group in by_address.chunk_by(of_segment) {
            let segment_ord = candidates[group[0]].address.segment_ord as usize;
            let segment = &self.open_segments()[segment_ord];
            let docs: Vec<(DocId, usize)> =
                group.iter().map(|idx| (candidates[*idx].address.doc_id, *idx)).collect();
            let wanted = Wanted::new(&docs, segment.reader.max_doc());
            let infos = &lookup.segments[segment_ord];
            for (term_idx, (term, info)) in lookup.terms.iter().zip(infos).enumerate() {
                if let (Some(SearchField::Words), Some(info)) = (term.field, info) {
                    let words = segment.field(SearchField::Words);
                    wanted.each_posting(words, info, |idx, tf, length| {
                        let term_idx = term_idx as u32;
                        found[idx].push(Frequency { term_idx, place: Place::Text, tf, length });
                    })?;
                }
            }
            for (doc, idx) in docs {
                part_search.read(segment, doc, &mut found[idx]);
            }
        }
        Ok(found)
    }
}

/// The candidates of one segment.
struct Wanted<'a> {
    /// Documents, ascending, each with its place among the candidates.
    docs: &'a [(DocId, usize)],
    /// A bit for each document of the segment.
    bits: Vec<u64>,
}

impl<'a> Wanted<'a> {
    fn new(docs: &'a [(DocId, usize)], max_doc: u32) -> Self {
        let mut bits = vec![0; max_doc as usize / 64 + 1];
        for (doc, _) in docs {
            bits[*doc as usize / 64] |= 1 << (doc % 64);
        }
        Self { docs, bits }
    }

    /// Hands over place, frequency and length of each candidate that has the term.
    fn each_posting(
        &self,
        FieldReader { inverted, norms }: &FieldReader,
        info: &TermInfo,
        mut take: impl FnMut(usize, u32, u32),
    ) -> tantivy::Result<()> {
        let with_tf = IndexRecordOption::WithFreqs;
        if info.doc_freq / POSTINGS_PER_CANDIDATE < self.docs.len() as u32 {
            let mut block = inverted.read_block_postings_from_terminfo(info, with_tf)?;
            while block.block_len() > 0 {
                for (doc, tf) in block.docs().iter().zip(block.freqs()) {
                    if self.bits[*doc as usize / 64] >> (doc % 64) & 1 == 1
                        && let Ok(at) = self.docs.binary_search_by_key(doc, |(doc, _)| *doc)
                    {
                        take(self.docs[at].1, *tf, norms.fieldnorm(*doc));
                    }
                }
                block.advance();
            }
        } else {
            let mut postings = inverted.read_postings_from_terminfo(info, with_tf)?;
            for (doc, idx) in self.docs {
                if postings.doc() < *doc {
                    postings.seek(*doc);
                }
                if postings.doc() == *doc {
                    take(*idx, postings.term_freq(), norms.fieldnorm(*doc));
                }
            }
        }
        Ok(())
    }
}

/// The parts of a query: characters by number, and pairs of them.
struct PartTerms {
    /// Places in the query of all parts, ascending.
    terms: Vec<u32>,
    /// By code: number of the character, from 1; 0 for those that the query has not.
    numbers: Vec<u16>,
    /// Characters without a code, with their numbers.
    rare: Vec<(char, u16)>,
    /// Number of characters, the others, numbered 0, counted as one.
    count: usize,
    /// By number: place among `terms` plus 1 of the character as a term; 0 if it is none.
    characters: Vec<u16>,
    /// By the numbers of both characters: the same of the pair.
    pairs: Vec<u16>,
}

impl PartTerms {
    fn of(terms: &[WeightedTerm]) -> Self {
        let mut parts = Self {
            terms: Vec::new(),
            numbers: vec![0; CODES],
            rare: Vec::new(),
            count: 1,
            characters: Vec::new(),
            pairs: Vec::new(),
        };
        let is_part = |t: &WeightedTerm| matches!(t.field, None | Some(SearchField::Characters));
        let of_parts = || (0u32..).zip(terms).filter(|(_, term)| is_part(term));
        for c in of_parts().flat_map(|(_, term)| term.term.chars()) {
            parts.add(c);
        }
        parts.characters = vec![0; parts.count];
        parts.pairs = vec![0; parts.count * parts.count];
        for (term_idx, term) in of_parts() {
            let mut chars = term.term.chars().map(|c| usize::from(parts.number_of(c)));
            let place = match (chars.next(), chars.next()) {
                (Some(only), None) => &mut parts.characters[only],
                (Some(first), Some(second)) => &mut parts.pairs[first * parts.count + second],
                (None, _) => continue,
            };
            parts.terms.push(term_idx);
            // A query has some hundred terms.
            *place = parts.terms.len() as u16;
        }
        parts
    }

    fn add(&mut self, c: char) {
        if self.number_of(c) == 0 {
            let number = self.count as u16;
            match code(c) {
                Some(code) => self.numbers[usize::from(code)] = number,
                None => self.rare.push((c, number)),
            }
            self.count += 1;
        }
    }

    fn number_of(&self, c: char) -> u16 {
        self.number(code(c).map_or(Letter::Rare(c), Letter::Coded))
    }

    fn number(&self, letter: Letter) -> u16 {
        match letter {
            Letter::Coded(code) => self.numbers[usize::from(code)],
            Letter::Rare(c) => self.rare.iter().find(|(of, _)| *of == c).map_or(0, |(_, n)| *n),
        }
    }
}

/// A part stands somewhere in the text.
const IN_TEXT: u8 = 1;
/// It stands in the title.
const IN_TITLE: u8 = 2;

/// Looks for the parts of a query in one document after the other.
struct PartSearch<'p> {
    parts: &'p PartTerms,
    reading: Reading,
    /// For each part where it stands.
    seen: Vec<u8>,
}

impl<'p> PartSearch<'p> {
    fn new(parts: &'p PartTerms) -> Self {
        Self { parts, reading: Reading::default(), seen: vec![0; parts.terms.len() + 1] }
    }

    fn read(&mut self, segment: &OpenSegment, doc: DocId, found: &mut Vec<Frequency>) {
        let Self { parts, reading, seen } = self;
        if parts.terms.is_empty() {
            return;
        }
        seen.fill(0);
        reading.open(&segment.forward, doc);
        let mut last = 0;
        reading.each(|letter, in_title| {
            let place = if in_title { IN_TEXT | IN_TITLE } else { IN_TEXT };
            let number = usize::from(parts.number(letter));
            // Place 0 is nobody's: it takes what is no part of the query.
            seen[usize::from(parts.characters[number])] |= place;
            seen[usize::from(parts.pairs[last * parts.count + number])] |= place;
            last = number;
        });
        let lengths = reading.lengths();
        for (term_idx, seen) in parts.terms.iter().zip(&seen[1..]) {
            let mut push = |place, length| {
                found.push(Frequency { term_idx: *term_idx, place, tf: 1, length });
            };
            if seen & IN_TEXT != 0 {
                push(Place::Text, lengths.text);
            }
            if seen & IN_TITLE != 0 {
                push(Place::Title, lengths.title);
            }
        }
    }
}
