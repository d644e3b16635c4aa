//! What is known of all documents together, pinned.

use std::fs;
use std::hash::Hasher;
use std::io::{self, Write};
use std::path::Path;

use fnv::{FnvHashMap, FnvHasher};
use rayon::prelude::*;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, SegmentReader};

use super::bm25::Bm25;
use super::document_frequencies::DocumentFrequencies;
use super::entry::EntryKind;
use super::forward::{LengthCodes, Reading};
use super::schema::{Fields, SearchField};

const MAGIC: &[u8; 8] = b"djstat02";
/// Documents whose pairs of characters are counted; of more, a sample.
const PAIR_DOCUMENTS: u64 = 100_000;
/// Number of the list of pairs, behind those of the fields.
const PAIRS: usize = SearchField::ALL.len();

/// 统计快照: number of documents, lengths and document frequencies at one moment.
///
/// Scores are computed from a snapshot, so that they can be repeated, compared between
/// answers and do not move with every unrelated write. Deleted documents do not count.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    id: String,
    totals: Totals,
    frequencies: DocumentFrequencies,
}

/// Numbers and summed lengths of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Totals {
    /// Of each field, in words.
    fields: [FieldTotals; SearchField::ALL.len()],
    /// Of labs and achievements, in distinct parts.
    parts: FieldTotals,
    /// Of their titles, in distinct parts.
    title_parts: FieldTotals,
    /// Pairs are counted in one of so many documents.
    pair_scale: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct FieldTotals {
    documents: u64,
    length: u64,
}

impl FieldTotals {
    fn add(&mut self, length: u32) {
        self.documents += 1;
        self.length += u64::from(length);
    }

    fn average(self) -> f64 {
        if self.documents == 0 { 0.0 } else { self.length as f64 / self.documents as f64 }
    }
}

impl Totals {
    const COUNT: usize = SearchField::ALL.len() + 2;

    fn each(&self) -> impl Iterator<Item = FieldTotals> {
        self.fields.into_iter().chain([self.parts, self.title_parts])
    }

    fn each_mut(&mut self) -> impl Iterator<Item = &mut FieldTotals> {
        self.fields.iter_mut().chain([&mut self.parts, &mut self.title_parts])
    }
}

impl Statistics {
    /// No document at all.
    #[cfg(test)]
    pub(crate) fn empty() -> Self {
        Self::assemble(Totals::default(), Vec::new())
    }

    /// Names the snapshot: equal for equal statistics.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How many documents have the field.
    pub fn documents(&self, field: SearchField) -> u64 {
        self.totals.fields[field.ordinal()].documents
    }

    /// Mean length of the field's texts in words; 0 without documents.
    pub fn average_length(&self, field: SearchField) -> f64 {
        self.totals.fields[field.of_length().ordinal()].average()
    }

    /// Mean number of distinct parts of labs and achievements; 0 without documents.
    pub fn average_parts(&self) -> f64 {
        self.totals.parts.average()
    }

    /// Mean number of distinct parts in their titles; 0 without documents.
    pub fn average_title_parts(&self) -> f64 {
        self.totals.title_parts.average()
    }

    /// In how many documents the term stands in the field; `None` if in at most one: so small
    /// a frequency is not kept. Logarithmic in the number of terms.
    pub fn document_frequency(&self, field: SearchField, term: &str) -> Option<u64> {
        self.frequencies.get(hash(field.ordinal(), term.as_bytes())).map(u64::from)
    }

    /// Inverse document frequency of a term in the field.
    pub fn idf(&self, field: SearchField, term: &str) -> f64 {
        Bm25::idf(self.documents(field), self.document_frequency(field, term).unwrap_or(1))
    }

    /// In about how many labs and achievements a pair of characters stands; `None` if in at
    /// most one of those that were counted. Logarithmic in the number of terms.
    pub fn pair_frequency(&self, pair: &str) -> Option<u64> {
        let sampled = self.frequencies.get(hash(PAIRS, pair.as_bytes()))?;
        Some(u64::from(sampled) * self.totals.pair_scale)
    }

    /// The frequency to assume of a pair that has none: that of one in the sample.
    pub fn least_pair_frequency(&self) -> u64 {
        self.totals.pair_scale
    }

    /// Counts the documents of a searcher. Linear in the number of terms and documents, in the
    /// length of at most [`PAIR_DOCUMENTS`] texts, and in the number of postings of segments
    /// with deletions.
    pub(super) fn count(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let mut totals = Totals::default();
        let mut lists = Vec::new();
        for segment in searcher.segment_readers() {
            count_lengths(segment, fields, &mut totals)?;
            lists.extend(SearchField::ALL.map(|field| (segment, field)));
        }
        let documents = totals.fields[SearchField::Words.ordinal()].documents;
        totals.pair_scale = documents.div_ceil(PAIR_DOCUMENTS).max(1);
        let (counted, pairs) = rayon::join(
            || {
                let counted = lists.into_par_iter();
                let counted =
                    counted.map(|(segment, field)| count_terms(segment, fields.text(field), field));
                counted.collect::<tantivy::Result<Vec<_>>>()
            },
            || count_pairs(searcher, totals.pair_scale),
        );
        let mut counted = counted?.concat();
        counted.extend(pairs?);
        counted.par_sort_unstable();
        // The same term of several segments.
        counted.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0 };
            same
        });
        counted.retain(|(_, df)| *df > 1);
        Ok(Self::assemble(totals, counted))
    }

    /// `counted` is sorted by hash, each at most once.
    fn assemble(totals: Totals, counted: Vec<(u64, u32)>) -> Self {
        let frequencies = DocumentFrequencies::of(counted);
        Self { id: id_of(&totals, &frequencies), totals, frequencies }
    }

    /// Writes the snapshot to a file, atomically.
    pub(super) fn save(&self, path: &Path) -> io::Result<()> {
        let partial = path.with_extension("partial");
        let mut out = io::BufWriter::new(fs::File::create(&partial)?);
        out.write_all(MAGIC)?;
        for total in self.totals.each() {
            out.write_all(&total.documents.to_le_bytes())?;
            out.write_all(&total.length.to_le_bytes())?;
        }
        out.write_all(&self.totals.pair_scale.to_le_bytes())?;
        self.frequencies.write(&mut out)?;
        out.write_all(self.id.as_bytes())?;
        out.into_inner().map_err(|e| e.into_error())?.sync_all()?;
        fs::rename(partial, path)
    }

    /// Reads a saved snapshot; `None` if there is none or it is damaged.
    pub(super) fn load(path: &Path) -> Option<Self> {
        let bytes = fs::read(path).ok()?;
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let mut totals = Totals::default();
        let (head, behind) = rest.split_at_checked(Totals::COUNT * 16)?;
        for (total, pair) in totals.each_mut().zip(head.as_chunks::<16>().0) {
            let (documents, length) = pair.split_at(8);
            total.documents = u64::from_le_bytes(documents.try_into().ok()?);
            total.length = u64::from_le_bytes(length.try_into().ok()?);
        }
        let (scale, behind) = behind.split_at_checked(8)?;
        totals.pair_scale = u64::from_le_bytes(scale.try_into().ok()?);
        rest = behind;
        let frequencies = DocumentFrequencies::read(&mut rest)?;
        let id = id_of(&totals, &frequencies);
        (id.as_bytes() == rest).then_some(Self { id, totals, frequencies })
    }
}

fn id_of(totals: &Totals, frequencies: &DocumentFrequencies) -> String {
    let mut digest = FnvHasher::default();
    for total in totals.each() {
        digest.write_u64(total.documents);
        digest.write_u64(total.length);
    }
    digest.write_u64(totals.pair_scale);
    frequencies.digest(&mut digest);
    format!("{:016x}", digest.finish())
}

/// Numbers of documents and lengths of their fields.
fn count_lengths(
    segment: &SegmentReader,
    fields: &Fields,
    totals: &mut Totals,
) -> tantivy::Result<()> {
    let kinds = segment.fast_fields().u64("kind")?;
    let forward = segment.fast_fields().u64("forward")?;
    for field in SearchField::ALL {
        let norms = segment.get_fieldnorms_reader(fields.text(field.of_length()))?;
        for doc in segment.doc_ids_alive() {
            let is_need = kinds.first(doc) == Some(EntryKind::Need.code());
            let of_need = matches!(field, SearchField::NeedWords | SearchField::NeedCharacters);
            if is_need == of_need {
                totals.fields[field.ordinal()].add(norms.fieldnorm(doc));
            }
        }
    }
    for doc in segment.doc_ids_alive() {
        let is_need = kinds.first(doc) == Some(EntryKind::Need.code());
        if let Some(first) = forward.first(doc).filter(|_| !is_need) {
            let codes = LengthCodes::of(first);
            totals.parts.add(FieldNormReader::id_to_fieldnorm(codes.text));
            totals.title_parts.add(FieldNormReader::id_to_fieldnorm(codes.title));
        }
    }
    Ok(())
}

/// The pairs of characters of one in `scale` labs and achievements, chosen by their rows, by
/// their hashes, with the numbers of those documents that have them.
fn count_pairs(searcher: &Searcher, scale: u64) -> tantivy::Result<Vec<(u64, u32)>> {
    // Beside the number of documents the last one, so that a pair counts once in each.
    let mut counted: FnvHashMap<(char, char), (u32, u32)> = FnvHashMap::default();
    let mut reading = Reading::default();
    let mut number = 0;
    for segment in searcher.segment_readers() {
        let columns = segment.fast_fields();
        let (kinds, rows) = (columns.u64("kind")?, columns.u64("row")?);
        let forward = columns.u64("forward")?;
        for doc in segment.doc_ids_alive() {
            let is_need = kinds.first(doc) == Some(EntryKind::Need.code());
            let row = rows.first(doc).unwrap_or_default();
            if is_need || !finish(row).is_multiple_of(scale) {
                continue;
            }
            number += 1;
            reading.open(&forward, doc);
            let mut last = None;
            reading.each_char(|c| {
                if let (Some(first), Some(second)) = (last, c) {
                    let (count, last_doc) = counted.entry((first, second)).or_default();
                    if *last_doc != number {
                        (*count, *last_doc) = (*count + 1, number);
                    }
                }
                last = c;
            });
        }
    }
    let several = counted.into_iter().filter(|(_, (count, _))| *count > 1);
    Ok(several
        .map(|((first, second), (count, _))| {
            let mut pair = String::from(first);
            pair.push(second);
            (hash(PAIRS, pair.as_bytes()), count)
        })
        .collect())
}

/// The terms of a field by their hashes, with the numbers of documents that have them.
fn count_terms(
    segment: &SegmentReader,
    handle: Field,
    field: SearchField,
) -> tantivy::Result<Vec<(u64, u32)>> {
    let inverted = segment.inverted_index(handle)?;
    let alive = segment.alive_bitset();
    let mut counted = Vec::with_capacity(inverted.terms().num_terms());
    let mut terms = inverted.terms().stream()?;
    while terms.advance() {
        let df = match alive {
            None => terms.value().doc_freq,
            Some(alive) => inverted
                .read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?
                .doc_freq_given_deletes(alive),
        };
        if df > 0 {
            counted.push((hash(field.ordinal(), terms.key()), df));
        }
    }
    Ok(counted)
}

fn hash(list: usize, term: &[u8]) -> u64 {
    let mut hasher = FnvHasher::default();
    hasher.write_u8(list as u8);
    hasher.write(term);
    // FNV leaves the last bytes out of the first bits, which choose the bucket.
    finish(hasher.finish())
}

/// The last step of MurmurHash3: every bit comes to depend on every other.
fn finish(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_snapshot_is_read_back_and_damage_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("statistics");
        let totals = Totals {
            fields: [FieldTotals { documents: 3, length: 30 }; SearchField::ALL.len()],
            parts: FieldTotals { documents: 3, length: 60 },
            title_parts: FieldTotals { documents: 3, length: 12 },
            pair_scale: 10,
        };
        let mut counted = vec![
            (hash(SearchField::Words.ordinal(), "膜电极".as_bytes()), 2),
            (hash(PAIRS, "电极".as_bytes()), 3),
        ];
        counted.sort_unstable();
        let statistics = Statistics::assemble(totals, counted);
        statistics.save(&path).unwrap();
        let loaded = Statistics::load(&path).unwrap();
        assert_eq!(loaded, statistics);
        assert_eq!(loaded.document_frequency(SearchField::Words, "膜电极"), Some(2));
        assert_eq!(loaded.document_frequency(SearchField::NeedWords, "膜电极"), None);
        assert_eq!(
            (loaded.pair_frequency("电极"), loaded.pair_frequency("极电")),
            (Some(30), None)
        );
        assert_eq!(loaded.least_pair_frequency(), 10);
        assert_eq!((loaded.average_parts(), loaded.average_title_parts()), (20.0, 4.0));
        let sound = fs::read(&path).unwrap();
        let damaged = folder.path().join("damaged");
        for at in 0..sound.len() {
            let mut bytes = sound.clone();
            bytes[at] ^= 0x20;
            fs::write(&damaged, bytes).unwrap();
            assert_eq!(Statistics::load(&damaged), None, "byte {at}");
        }
        fs::write(&damaged, &sound[..sound.len() / 2]).unwrap();
        assert_eq!(Statistics::load(&damaged), None);
    }
}
