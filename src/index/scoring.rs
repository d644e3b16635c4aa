//! The exact scores of given documents, and what they are made of.
//!
//! Words are looked up in their lists of postings; parts, of which a need has many and with
//! long lists, are read off the documents themselves ([`super::forward`]).

use tantivy::postings::{Postings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet};

use super::bm25::Bm25;
use super::candidates::{Candidate, Candidates, WeightedTerm};
use super::forward::{CODES, Letter, Reading, code};
use super::live::Snapshot;
use super::lookup::{FieldReader, Lookup, OpenSegment};
use super::schema::SearchField;
use super::score::Score;
use super::worth::{PartWorth, WordWorth, Worths};

/// Part of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Its title alone.
    Title,
    /// All of it.
    Text,
}

/// 得分项: what one term of a query adds to the score of a document in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contribution {
    /// Place of the term in what was looked up.
    pub term_idx: u32,
    /// Part of the document.
    pub place: Place,
    /// What it adds.
    pub score: Score,
}

/// A list of postings is read through if it has fewer than this many for each document;
/// longer ones are skipped through.
const POSTINGS_PER_DOCUMENT: u32 = 24;

impl Snapshot {
    /// The documents with their exact scores.
    ///
    /// Linear in the number of the words' postings or in words × documents, whichever is
    /// less, and in the length of the documents' texts.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn score(
        &self,
        Candidates { mut documents, counted }: Candidates,
        lookup: &Lookup,
        bm25: Bm25,
    ) -> tantivy::Result<Vec<Candidate>> {
        let addresses: Vec<DocAddress> = documents.iter().map(|d| d.address).collect();
        let worths = Worths::new(self.statistics(), bm25);
        let open = |term_idx: usize| !counted.get(term_idx).copied().unwrap_or(false);
        self.each_word(&addresses, lookup, open, &worths, |idx, contribution| {
            documents[idx].score += contribution.score;
        })?;
        let parts = PartTerms::of(&lookup.terms);
        let mut search = PartSearch::new(&parts, worths.of_parts());
        for document in documents.iter_mut().filter(|_| !parts.terms.is_empty()) {
            let segment = &self.open_segments()[document.address.segment_ord as usize];
            search.read(segment, document.address.doc_id);
            document.score += search.score();
        }
        Ok(documents)
    }

    /// What the scores of documents are made of, in the order given: first words, then parts,
    /// each in the order of the terms, and a part in the text before the same in the title.
    /// They sum to the [scores](Self::score). Costs as much.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn contributions(
        &self,
        documents: &[DocAddress],
        lookup: &Lookup,
        bm25: Bm25,
    ) -> tantivy::Result<Vec<Vec<Contribution>>> {
        let capacity = lookup.terms.len() / 2;
        let mut found: Vec<Vec<Contribution>> =
            documents.iter().map(|_| Vec::with_capacity(capacity)).collect();
        let worths = Worths::new(self.statistics(), bm25);
        self.each_word(
            documents,
            lookup,
            |_| true,
            &worths,
            |idx, contribution| {
                found[idx].push(contribution);
            },
        )?;
        let parts = PartTerms::of(&lookup.terms);
        let mut search = PartSearch::new(&parts, worths.of_parts());
        for (document, found) in documents.iter().zip(&mut found) {
            search.read(&self.open_segments()[document.segment_ord as usize], document.doc_id);
            search.each(|contribution| found.push(contribution));
        }
        Ok(found)
    }

    /// Hands over what each word that `used` says yes to adds to each document that has it, by
    /// the document's place; term by term for each document.
    fn each_word(
        &self,
        documents: &[DocAddress],
        lookup: &Lookup,
        used: impl Fn(usize) -> bool,
        worths: &Worths<'_>,
        mut take: impl FnMut(usize, Contribution),
    ) -> tantivy::Result<()> {
        let mut by_address: Vec<usize> = (0..documents.len()).collect();
        by_address.sort_unstable_by_key(|idx| documents[*idx]);
        let terms = || lookup.terms.iter().enumerate().filter(|(idx, _)| used(*idx));
        let words: Vec<(usize, WordWorth<'_>)> = terms()
            .filter(|(_, term)| term.field == Some(SearchField::Words))
            .map(|(idx, term)| (idx, worths.of_word(SearchField::Words, term.weight)))
            .collect();
        if words.is_empty() {
            return Ok(());
        }
        for group in
            by_address.chunk_by(|a, b| documents[*a].segment_ord == documents[*b].segment_ord)
        {
            let segment_ord = documents[group[0]].segment_ord as usize;
            let segment = &self.open_segments()[segment_ord];
            let docs: Vec<(DocId, usize)> =
                group.iter().map(|idx| (documents[*idx].doc_id, *idx)).collect();
            let wanted = Wanted::new(&docs, segment.reader.max_doc());
            let field = segment.field(SearchField::Words);
            for (term_idx, worth) in &words {
                let Some(info) = &lookup.segments[segment_ord][*term_idx] else { continue };
                let term_idx = *term_idx as u32;
                wanted.each_posting(field, info, |idx, tf, length_code| {
                    let score = worth.score(tf, length_code);
                    take(idx, Contribution { term_idx, place: Place::Text, score });
                })?;
            }
        }
        Ok(())
    }
}

/// The documents of one segment that are looked at.
struct Wanted<'a> {
    /// Ascending, each with its place among all.
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

    /// Hands over place, frequency and length code of each document that has the term.
    fn each_posting(
        &self,
        FieldReader { inverted, norms }: &FieldReader,
        info: &TermInfo,
        mut take: impl FnMut(usize, u32, u8),
    ) -> tantivy::Result<()> {
        let with_tf = IndexRecordOption::WithFreqs;
        if info.doc_freq / POSTINGS_PER_DOCUMENT < self.docs.len() as u32 {
            let mut block = inverted.read_block_postings_from_terminfo(info, with_tf)?;
            while block.block_len() > 0 {
                for (doc, tf) in block.docs().iter().zip(block.freqs()) {
                    if self.bits[*doc as usize / 64] >> (doc % 64) & 1 == 1
                        && let Ok(at) = self.docs.binary_search_by_key(doc, |(doc, _)| *doc)
                    {
                        take(self.docs[at].1, *tf, norms.fieldnorm_id(*doc));
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
                    take(*idx, postings.term_freq(), norms.fieldnorm_id(*doc));
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
    /// Their weights in the text and in the title.
    weights: Vec<(f32, f32)>,
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
            weights: Vec::new(),
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
            parts.weights.push((term.weight as f32, term.title_weight as f32));
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
    worth: &'p PartWorth,
    reading: Reading,
    /// For each part where it stands in the document at hand.
    seen: Vec<u8>,
}

impl<'p> PartSearch<'p> {
    fn new(parts: &'p PartTerms, worth: &'p PartWorth) -> Self {
        let seen = vec![0; parts.terms.len() + 1];
        Self { parts, worth, reading: Reading::default(), seen }
    }

    /// Reads a document.
    fn read(&mut self, segment: &OpenSegment, doc: DocId) {
        let Self { parts, reading, seen, .. } = self;
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
    }

    /// What a part of weight 1 is worth in the text and in the title of the document.
    fn worth(&self) -> (f32, f32) {
        let codes = self.reading.length_codes();
        let PartWorth { in_text, in_title } = self.worth;
        (in_text[usize::from(codes.text)], in_title[usize::from(codes.title)])
    }

    /// What all parts of the document are worth.
    fn score(&self) -> Score {
        let (in_text, in_title) = self.worth();
        let parts = self.parts.weights.iter().zip(&self.seen[1..]);
        let scores = parts.map(|((text_weight, title_weight), seen)| {
            // Without a branch: which parts a document has cannot be foreseen.
            let has = |place: u8| if seen & place == 0 { 0.0 } else { 1.0 };
            Score::of(has(IN_TEXT) * text_weight * in_text)
                + Score::of(has(IN_TITLE) * title_weight * in_title)
        });
        scores.sum()
    }

    /// Hands over the same one by one.
    fn each(&self, mut take: impl FnMut(Contribution)) {
        let (in_text, in_title) = self.worth();
        let parts = self.parts.terms.iter().zip(&self.parts.weights).zip(&self.seen[1..]);
        for ((term_idx, (text_weight, title_weight)), seen) in parts {
            let in_text = (IN_TEXT, Place::Text, text_weight * in_text);
            let in_title = (IN_TITLE, Place::Title, title_weight * in_title);
            for (bit, place, worth) in [in_text, in_title] {
                if seen & bit != 0 {
                    let score = Score::of(worth);
                    take(Contribution { term_idx: *term_idx, place, score });
                }
            }
        }
    }
}
