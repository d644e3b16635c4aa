//! The characters of a document, read from the document instead of from postings.
//!
//! Of pairs of characters there are so many that lists of their postings would be the larger
//! part of the index, and a need shares single characters with nearly every document. To score
//! a few hundred documents exactly it is far cheaper to walk through their texts: a run of 200
//! characters takes less than a microsecond. The text is kept as runs of
//! characters (no punctuation, no Latin words) with one byte for a frequent and two for
//! another character, in a column of 64-bit words, which is read at any place without unpacking.

use fnv::FnvHashSet;
use tantivy::columnar::Column;
use tantivy::fieldnorm::FieldNormReader;

use crate::text::Analysis;

/// Characters with a code of one byte, the most frequent of technical and general prose.
const FREQUENT: &str = "一的不在电和与有用大人时分成可于以机到中动上度出化是制合下面过个为量后行工了年高能来率体小子测器方地件国数开力对实内线水加间业生发自要多两道外定压提理流相光长天接作前片这模试平性控次型通设系全主学低热本法点家位结比部计产我三重级料现得路里气种同心统公验建入温进之无事单车装台物说程差降配并会解备期等应起们放基表由回报经最变研样关向然那正也每区网";
/// Ends a run, and fills up the last word.
const END: u8 = 0;
/// First byte of the codes of two bytes: the basic ideographs, 256 for each first byte.
const PLAIN: u8 = 173;
/// The first basic ideograph.
const PLAIN_BASE: u32 = 0x4e00;
/// Before the three bytes of any other character.
const OTHER: u8 = 255;
/// Length codes of text and title, and the title's bytes.
const HEADER_BYTES: usize = 4;

/// Number of characters that have a code of one or two bytes, and of the end.
pub(super) const CODES: usize = PLAIN as usize + ((OTHER - PLAIN) as usize) * 256;

/// The code of a character as a number below [`CODES`]; `None` for a rare one.
pub(super) fn code(c: char) -> Option<u16> {
    let plain = (c as u32).wrapping_sub(PLAIN_BASE);
    match ALPHABET.code.get(plain as usize) {
        Some(0) => Some(u16::from(PLAIN) + plain as u16),
        Some(code) => Some((*code).into()),
        None => None,
    }
}

/// Codes of the frequent characters.
struct Alphabet {
    /// By basic ideograph; 0 for those that are not frequent.
    code: Vec<u8>,
    frequent: Vec<char>,
}

static ALPHABET: std::sync::LazyLock<Alphabet> = std::sync::LazyLock::new(|| {
    let frequent: Vec<char> = FREQUENT.chars().collect();
    let mut code = vec![0; CODES - usize::from(PLAIN)];
    for (at, c) in (1u8..).zip(&frequent) {
        code[(*c as u32 - PLAIN_BASE) as usize] = at;
    }
    Alphabet { code, frequent }
});

/// Puts the runs of a title and of the text behind it together.
pub(super) fn encode(title: &Analysis, body: &Analysis) -> Vec<u64> {
    let mut parts = DistinctParts::default();
    title.runs().for_each(|c| parts.add(c));
    let title_length = parts.count();
    parts.add(None);
    body.runs().for_each(|c| parts.add(c));
    let lengths = [parts.count(), title_length].map(FieldNormReader::fieldnorm_to_id);
    let mut bytes = vec![lengths[0], lengths[1], 0, 0];
    write_runs(title, &mut bytes);
    // A longer title than can be told is body from there on.
    let title_bytes = u16::try_from(bytes.len() - HEADER_BYTES).unwrap_or(u16::MAX);
    bytes[2..HEADER_BYTES].copy_from_slice(&title_bytes.to_le_bytes());
    write_runs(body, &mut bytes);
    while bytes.len() % 8 != 0 {
        bytes.push(END);
    }
    bytes.as_chunks::<8>().0.iter().map(|chunk| u64::from_le_bytes(*chunk)).collect()
}

/// Counts the distinct characters and pairs of runs.
#[derive(Default)]
struct DistinctParts {
    known: FnvHashSet<(char, char)>,
    last: Option<char>,
}

impl DistinctParts {
    fn add(&mut self, c: Option<char>) {
        if let Some(c) = c {
            // No character has the number 0.
            self.known.insert((c, '\0'));
            if let Some(last) = self.last {
                self.known.insert((last, c));
            }
        }
        self.last = c;
    }

    fn count(&self) -> u32 {
        self.known.len() as u32
    }
}

fn write_runs(analysis: &Analysis, bytes: &mut Vec<u8>) {
    for c in analysis.runs() {
        let Some(c) = c else {
            bytes.push(END);
            continue;
        };
        match code(c) {
            Some(code) if code < PLAIN.into() => bytes.push(code as u8),
            Some(code) => {
                let [first, second] = (code - u16::from(PLAIN)).to_be_bytes();
                bytes.extend([PLAIN + first, second]);
            }
            None => {
                let [a, b, c, _] = (c as u32).to_le_bytes();
                bytes.extend([OTHER, a, b, c]);
            }
        }
    }
}

/// Numbers of distinct parts of a document, as the codes by which the index keeps lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct LengthCodes {
    /// Of title and text together.
    pub text: u8,
    /// Of the title.
    pub title: u8,
}

impl LengthCodes {
    /// From the first word of a document.
    pub fn of(first: u64) -> Self {
        let [text, title, ..] = first.to_le_bytes();
        Self { text, title }
    }
}

/// What is read of one document; kept between documents.
#[derive(Default)]
pub(super) struct Reading {
    words: Vec<u64>,
    bytes: Vec<u8>,
}

impl Reading {
    /// Reads the document's runs.
    pub fn open(&mut self, column: &Column<u64>, doc: u32) {
        let rows = column.index.value_row_ids(doc);
        self.words.resize(rows.len(), 0);
        column.values.get_range(u64::from(rows.start), &mut self.words);
        self.bytes.resize(self.words.len() * 8, END);
        for (bytes, word) in self.bytes.as_chunks_mut::<8>().0.iter_mut().zip(&self.words) {
            *bytes = word.to_le_bytes();
        }
    }

    /// The codes of the document's lengths; zeros if it has no runs.
    pub fn length_codes(&self) -> LengthCodes {
        self.words.first().map_or(LengthCodes::default(), |first| LengthCodes::of(*first))
    }

    /// Hands over each character with whether it stands in the title.
    pub fn each(&self, mut take: impl FnMut(Letter, bool)) {
        let Some((header, runs)) = self.bytes.split_at_checked(HEADER_BYTES) else { return };
        let title_end = usize::from(u16::from_le_bytes([header[2], header[3]])).min(runs.len());
        let start = each_letter(runs, 0, title_end, |letter| take(letter, true));
        each_letter(runs, start, runs.len(), |letter| take(letter, false));
    }

    /// Hands over each character, and `None` behind each run.
    pub fn each_char(&self, mut take: impl FnMut(Option<char>)) {
        self.each(|letter, _| {
            take(match letter {
                Letter::Coded(0) => None,
                Letter::Coded(code) => char_of(code),
                Letter::Rare(c) => Some(c),
            });
        });
    }
}

/// A character of a document, or the end of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letter {
    /// By its code; 0 for the end of a run.
    Coded(u16),
    /// One without a code.
    Rare(char),
}

/// Reads from `at` until `end` is reached, and tells where it came to a stop.
#[inline(always)]
fn each_letter(runs: &[u8], mut at: usize, end: usize, mut take: impl FnMut(Letter)) -> usize {
    while at < end {
        let first = runs[at];
        if first == OTHER {
            let byte = |behind: usize| u32::from(runs.get(at + behind).copied().unwrap_or(END));
            let scalar = byte(1) | byte(2) << 8 | byte(3) << 16;
            take(Letter::Rare(char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER)));
            at += 4;
            continue;
        }
        // Without a branch: whether the next code has one byte or two cannot be foreseen.
        let second = u16::from(runs.get(at + 1).copied().unwrap_or(END));
        let is_long = u16::from(first >= PLAIN);
        // Of a short code this is nothing, and may be larger than can be told.
        let page = u16::from(first.wrapping_sub(PLAIN)) << 8;
        let long = u16::from(PLAIN).wrapping_add(page).wrapping_add(second);
        let mask = is_long.wrapping_neg();
        take(Letter::Coded((long & mask) | (u16::from(first) & !mask)));
        at += 1 + usize::from(is_long);
    }
    at
}

fn char_of(code: u16) -> Option<char> {
    match code.checked_sub(PLAIN.into()) {
        Some(plain) => char::from_u32(PLAIN_BASE + u32::from(plain)),
        None => ALPHABET.frequent.get(usize::from(code) - 1).copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Analyzer, Dictionary, DictionaryFiles};

    #[test]
    fn the_codes_are_distinct_and_leave_room() {
        let mut sorted = ALPHABET.frequent.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), usize::from(PLAIN) - 1);
        assert!(sorted.iter().all(|c| ('\u{4e00}'..='\u{9fff}').contains(c)));
    }

    #[test]
    fn the_runs_come_back() {
        let files = DictionaryFiles {
            terms: "term\tindustry\n",
            synonyms: "",
            stop_words: "",
            boilerplate: "",
        };
        let analyzer = Analyzer::new(Dictionary::parse(files).unwrap());
        let title = analyzer.analyze("膜电极的A㐀");
        let body = analyzer.analyze("龘，\u{20000}鿿x射线，SiC 3 mm");
        let words = encode(&title, &body);
        let mut reading = Reading::default();
        for word in &words {
            reading.bytes.extend_from_slice(&word.to_le_bytes());
        }
        reading.words = words;
        assert_eq!(reading.length_codes(), LengthCodes { text: 17, title: 9 });
        let mut all = String::new();
        reading.each_char(|c| all.push(c.unwrap_or('|')));
        let mut letters = 0;
        reading.each(|_, in_title| letters += usize::from(in_title));
        let (in_title, behind): (String, String) =
            (all.chars().take(letters).collect(), all.chars().skip(letters).collect());
        assert_eq!(in_title, "膜电极的|a|㐀|");
        assert_eq!(behind.trim_end_matches('|'), "龘|\u{20000}鿿|x|射线");
    }
}
