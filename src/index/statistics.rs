//! What is known of all documents together, pinned.

use std::fs;
use std::hash::Hasher;
use std::io::{self, Read, Write};
use std::path::Path;

use fnv::FnvHasher;
use tantivy::Searcher;
use tantivy::schema::IndexRecordOption;
use tantivy::termdict::TermMerger;

use super::entry::EntryKind;
use super::schema::{Fields, SearchField};

const MAGIC: &[u8; 8] = b"djstat01";

/// 统计快照: number of documents, lengths and document frequencies at one moment.
///
/// Scores are computed from a snapshot, so that they can be repeated, compared between
/// answers and do not move with every unrelated write. Deleted documents do not count. A
/// term is known by a 64-bit hash: among ten million terms two collide with probability
/// 3 in a million, and would share a frequency.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    id: String,
    fields: [FieldStatistics; SearchField::ALL.len()],
    /// Sorted hashes of field and term, with the frequencies at the same places.
    hashes: Vec<u64>,
    frequencies: Vec<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct FieldStatistics {
    documents: u64,
    length: u64,
}

impl Statistics {
    /// No document at all.
    pub fn empty() -> Self {
        Self::assemble([FieldStatistics::default(); SearchField::ALL.len()], Vec::new())
    }

    /// Names the snapshot: equal for equal statistics.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How many documents have the field.
    pub fn documents(&self, field: SearchField) -> u64 {
        self.fields[field.ordinal()].documents
    }

    /// Mean number of terms in the field; 0 without documents.
    pub fn average_length(&self, field: SearchField) -> f64 {
        let FieldStatistics { documents, length } = self.fields[field.ordinal()];
        if documents == 0 { 0.0 } else { length as f64 / documents as f64 }
    }

    /// In how many documents the term stands in the field. Logarithmic in the number of terms.
    pub fn document_frequency(&self, field: SearchField, term: &str) -> u64 {
        match self.hashes.binary_search(&hash(field, term.as_bytes())) {
            Ok(at) => self.frequencies[at].into(),
            Err(_) => 0,
        }
    }

    /// Counts the documents of a searcher. Linear in the number of terms, and in the number
    /// of postings of segments with deletions.
    pub(super) fn count(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let mut totals = [FieldStatistics::default(); SearchField::ALL.len()];
        let mut counted: Vec<(u64, u32)> = Vec::new();
        for segment in searcher.segment_readers() {
            let kinds = segment.fast_fields().u64("kind")?;
            for field in SearchField::ALL {
                let norms = segment.get_fieldnorms_reader(fields.text(field))?;
                let total = &mut totals[field.ordinal()];
                for doc in segment.doc_ids_alive() {
                    let is_need = kinds.first(doc) == Some(EntryKind::Need.code());
                    let of_need = matches!(field, SearchField::NeedWords | SearchField::NeedParts);
                    if is_need == of_need {
                        total.documents += 1;
                        total.length += u64::from(norms.fieldnorm(doc));
                    }
                }
                let inverted = segment.inverted_index(fields.text(field))?;
                let alive = segment.alive_bitset();
                let mut merger = TermMerger::new(vec![inverted.terms().stream()?]);
                while merger.advance() {
                    let key = hash(field, merger.key());
                    for (_, info) in merger.current_segment_ords_and_term_infos() {
                        let df = match alive {
                            None => info.doc_freq,
                            Some(alive) => inverted
                                .read_postings_from_terminfo(&info, IndexRecordOption::Basic)?
                                .doc_freq_given_deletes(alive),
                        };
                        if df > 0 {
                            counted.push((key, df));
                        }
                    }
                }
            }
        }
        Ok(Self::assemble(totals, counted))
    }

    fn assemble(
        fields: [FieldStatistics; SearchField::ALL.len()],
        mut counted: Vec<(u64, u32)>,
    ) -> Self {
        counted.sort_unstable();
        // The same term of several segments.
        counted.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0 };
            same
        });
        let (hashes, frequencies): (Vec<u64>, Vec<u32>) = counted.into_iter().unzip();
        let mut digest = FnvHasher::default();
        for field in &fields {
            digest.write_u64(field.documents);
            digest.write_u64(field.length);
        }
        for (hash, df) in hashes.iter().zip(&frequencies) {
            digest.write_u64(*hash);
            digest.write_u32(*df);
        }
        let id = format!("{:016x}", digest.finish());
        Self { id, fields, hashes, frequencies }
    }

    /// Writes the snapshot to a file, atomically.
    pub(super) fn save(&self, path: &Path) -> io::Result<()> {
        let partial = path.with_extension("partial");
        let mut out = io::BufWriter::new(fs::File::create(&partial)?);
        out.write_all(MAGIC)?;
        for field in &self.fields {
            out.write_all(&field.documents.to_le_bytes())?;
            out.write_all(&field.length.to_le_bytes())?;
        }
        out.write_all(&(self.hashes.len() as u64).to_le_bytes())?;
        for hash in &self.hashes {
            out.write_all(&hash.to_le_bytes())?;
        }
        for df in &self.frequencies {
            out.write_all(&df.to_le_bytes())?;
        }
        out.write_all(self.id.as_bytes())?;
        out.into_inner().map_err(|e| e.into_error())?.sync_all()?;
        fs::rename(partial, path)
    }

    /// Reads a saved snapshot; `None` if there is none or it is damaged.
    pub(super) fn load(path: &Path) -> Option<Self> {
        let bytes = fs::read(path).ok()?;
        let mut rest = bytes.as_slice();
        let mut magic = [0; 8];
        rest.read_exact(&mut magic).ok()?;
        let mut word = || -> Option<u64> {
            let mut bytes = [0; 8];
            rest.read_exact(&mut bytes).ok()?;
            Some(u64::from_le_bytes(bytes))
        };
        let mut fields = [FieldStatistics::default(); SearchField::ALL.len()];
        for field in &mut fields {
            *field = FieldStatistics { documents: word()?, length: word()? };
        }
        let count = usize::try_from(word()?).ok()?;
        let (hashes, frequencies_and_id) = rest.split_at_checked(count.checked_mul(8)?)?;
        let (frequencies, id) = frequencies_and_id.split_at_checked(count * 4)?;
        let hashes = hashes.as_chunks::<8>().0.iter().map(|b| u64::from_le_bytes(*b));
        let frequencies = frequencies.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b));
        let loaded = Self::assemble(fields, hashes.zip(frequencies).collect());
        (magic == *MAGIC && loaded.id.as_bytes() == id).then_some(loaded)
    }
}

fn hash(field: SearchField, term: &[u8]) -> u64 {
    let mut hasher = FnvHasher::default();
    hasher.write_u8(field.ordinal() as u8);
    hasher.write(term);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_snapshot_is_read_back_and_damage_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("statistics");
        let fields = [FieldStatistics { documents: 3, length: 30 }; SearchField::ALL.len()];
        let counted = vec![(hash(SearchField::Words, "膜电极".as_bytes()), 2), (7, 1)];
        let statistics = Statistics::assemble(fields, counted);
        statistics.save(&path).unwrap();
        let loaded = Statistics::load(&path).unwrap();
        assert_eq!(loaded, statistics);
        assert_eq!(loaded.document_frequency(SearchField::Words, "膜电极"), 2);
        assert_eq!(loaded.document_frequency(SearchField::Parts, "膜电极"), 0);
        for (at, byte) in [(10, 0xff), (100, 0xff)] {
            let mut bytes = fs::read(&path).unwrap();
            bytes[at] ^= byte;
            let damaged = folder.path().join("damaged");
            fs::write(&damaged, bytes).unwrap();
            assert_eq!(Statistics::load(&damaged), None, "byte {at}");
        }
    }
}
