//! Document frequencies of very many terms in little room.

use std::hash::Hasher;
use std::io::{self, Write};

/// Bits of a hash that are kept beside those that choose the bucket.
const KEY_BITS: u32 = 32;
/// About how many terms share a bucket, as a power of two.
const BUCKET_BITS: u32 = 4;
/// Frequencies below are kept exactly; of larger ones, eight bits less.
const EXACT: u32 = 1 << 15;
const DROPPED_BITS: u32 = 8;

/// 文档频率表: by a hash of the term, 6 bytes for each.
///
/// Terms are sorted into buckets by the first bits of their hashes, of which there are more the
/// more terms there are; inside a bucket the next 32 bits tell them apart. With a million terms
/// that makes 48 bits: a term that is not kept is taken for another with probability 4 in 10⁹.
/// Frequencies of 32,768 and more are rounded down by less than 0.8 %.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DocumentFrequencies {
    bucket_bits: u32,
    /// Where each bucket starts, and the end of the last.
    starts: Vec<u32>,
    keys: Vec<u32>,
    codes: Vec<u16>,
}

impl DocumentFrequencies {
    /// Of hashes, ascending and distinct, and their frequencies. Linear in their number.
    pub fn of(counted: Vec<(u64, u32)>) -> Self {
        let bucket_bits = counted.len().checked_ilog2().unwrap_or(0).saturating_sub(BUCKET_BITS);
        let mut frequencies = Self {
            bucket_bits,
            starts: vec![0; (1 << bucket_bits) + 1],
            keys: Vec::with_capacity(counted.len()),
            codes: Vec::with_capacity(counted.len()),
        };
        for (hash, df) in counted {
            let (bucket, key) = frequencies.place(hash);
            frequencies.starts[bucket + 1] += 1;
            frequencies.keys.push(key);
            frequencies.codes.push(encode(df));
        }
        for at in 1..frequencies.starts.len() {
            frequencies.starts[at] += frequencies.starts[at - 1];
        }
        frequencies
    }

    /// The frequency of the term with this hash, if it is kept.
    pub fn get(&self, hash: u64) -> Option<u32> {
        let (bucket, key) = self.place(hash);
        let (start, end) = (self.starts[bucket] as usize, self.starts[bucket + 1] as usize);
        let at = self.keys[start..end].binary_search(&key).ok()?;
        Some(decode(self.codes[start + at]))
    }

    /// Feeds everything to a digest.
    pub fn digest(&self, digest: &mut impl Hasher) {
        digest.write_u32(self.bucket_bits);
        self.starts.iter().for_each(|start| digest.write_u32(*start));
        self.keys.iter().for_each(|key| digest.write_u32(*key));
        self.codes.iter().for_each(|code| digest.write_u16(*code));
    }

    /// Writes the table.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&self.bucket_bits.to_le_bytes())?;
        out.write_all(&(self.keys.len() as u32).to_le_bytes())?;
        for number in self.starts.iter().chain(&self.keys) {
            out.write_all(&number.to_le_bytes())?;
        }
        self.codes.iter().try_for_each(|code| out.write_all(&code.to_le_bytes()))
    }

    /// Reads a table that [`Self::write`] wrote and leaves what is behind it in `bytes`; `None`
    /// if it is cut off or makes no sense.
    pub fn read(bytes: &mut &[u8]) -> Option<Self> {
        let mut rest = *bytes;
        let mut numbers = |count: usize| -> Option<Vec<u32>> {
            let (taken, behind) = rest.split_at_checked(count.checked_mul(4)?)?;
            rest = behind;
            Some(taken.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)).collect())
        };
        let header = numbers(2)?;
        let (bucket_bits, count) = (header[0], header[1] as usize);
        if bucket_bits > u64::BITS - KEY_BITS {
            return None;
        }
        let starts = numbers((1usize << bucket_bits) + 1)?;
        let keys = numbers(count)?;
        let (codes, behind) = rest.split_at_checked(count.checked_mul(2)?)?;
        let codes = codes.as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b)).collect();
        *bytes = behind;
        let sound = starts.is_sorted() && starts.last() == Some(&(count as u32));
        sound.then_some(Self { bucket_bits, starts, keys, codes })
    }

    fn place(&self, hash: u64) -> (usize, u32) {
        let bucket = hash.checked_shr(u64::BITS - self.bucket_bits).unwrap_or(0);
        let key = (hash << self.bucket_bits) >> (u64::BITS - KEY_BITS);
        (bucket as usize, key as u32)
    }
}

fn encode(df: u32) -> u16 {
    let code = if df < EXACT { df } else { EXACT | (df >> DROPPED_BITS).min(EXACT - 1) };
    code as u16
}

fn decode(code: u16) -> u32 {
    let code = u32::from(code);
    if code < EXACT { code } else { (code - EXACT) << DROPPED_BITS }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_put_in_comes_out(
            counted in prop::collection::btree_map(any::<u64>(), 2u32..8_000_000, 0..400),
            other in any::<u64>(),
        ) {
            let table = DocumentFrequencies::of(counted.clone().into_iter().collect());
            for (hash, df) in &counted {
                let found = table.get(*hash).unwrap();
                prop_assert!(found <= *df && f64::from(*df - found) < 0.008 * f64::from(*df));
                prop_assert!(*df >= EXACT || found == *df);
            }
            prop_assert_eq!(table.get(other).is_some(), counted.contains_key(&other));
            let mut bytes = Vec::new();
            table.write(&mut bytes).unwrap();
            bytes.extend(b"behind");
            let mut rest = bytes.as_slice();
            prop_assert_eq!(DocumentFrequencies::read(&mut rest), Some(table));
            prop_assert_eq!(rest, b"behind");
        }
    }
}
