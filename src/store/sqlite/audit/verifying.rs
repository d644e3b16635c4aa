//! Holds the entries of the log and its seals against each other.
//!
//! A seal's hash says whether something was touched. What it was is told by the shortened digests
//! beside the seal, which are believed for that only.

use futures_util::TryStreamExt;
use sqlx::{Row, SqlitePool};

use super::digest::{Chain, Entry, Noted, select_entries};
use super::sealing::seal;
use crate::store::{LogHash, Mismatch, Seal, StoreError, Verified};

/// Seals read at a time: the entries beside each take up to 80 KB.
const SEALS_CHUNK: usize = 100;

/// Recomputes the seals behind `after`, `limit` at most, up to the first that does not fit.
pub(in crate::store::sqlite) async fn verify(
    readers: &SqlitePool,
    after: Option<&Seal>,
    limit: usize,
) -> Result<Verified, StoreError> {
    let mut verified =
        Verified { last: after.copied(), seals: 0, rows: 0, erased: 0, mismatch: None };
    let rows = sqlx::query(
        "SELECT number, first_seq, last_seq, rows, sealed_at, hash, entries FROM seals
         WHERE number > $1 ORDER BY number LIMIT $2",
    )
    .bind(after.map_or(i64::MIN, |seal| seal.number.cast_signed()))
    // SEALS_CHUNK is far below i64's largest.
    .bind(limit.min(SEALS_CHUNK) as i64)
    .fetch_all(readers)
    .await?;
    for row in &rows {
        let number: i64 = row.try_get("number")?;
        let found = seal(row)?;
        let expected = verified.last.map_or(1, |seal| seal.number.cast_signed() + 1);
        if number != expected {
            verified.mismatch = Some(if number > expected {
                Mismatch::SealMissing(expected.unsigned_abs())
            } else {
                Mismatch::SealChanged(found.number)
            });
            break;
        }
        let entries = Entries::read(readers, verified.last.as_ref(), found.last_seq).await?;
        let noted = Noted::read_all(row.try_get("entries")?);
        if let Some(mismatch) = entries.mismatch(&found, noted) {
            verified.mismatch = Some(mismatch);
            break;
        }
        verified.last = Some(found);
        verified.seals += 1;
        verified.rows += found.rows;
        verified.erased += entries.erased;
    }
    Ok(verified)
}

/// The entries that stand where a seal covers them.
struct Entries {
    chain: Chain,
    noted: Vec<Noted>,
    erased: u64,
}

impl Entries {
    async fn read(
        readers: &SqlitePool,
        after: Option<&Seal>,
        last_seq: i64,
    ) -> Result<Self, StoreError> {
        let chain = Chain::behind(after.map(|seal| seal.hash));
        let mut read = Self { chain, noted: Vec::new(), erased: 0 };
        let mut rows =
            sqlx::query(select_entries!("WHERE h.seq > $1 AND h.seq <= $2 ORDER BY h.seq"))
                .bind(after.map_or(i64::MIN, |seal| seal.last_seq))
                .bind(last_seq)
                .fetch(readers);
        while let Some(row) = rows.try_next().await? {
            let entry = Entry::of(&row)?;
            read.chain.add(&entry);
            read.noted.push(entry.noted());
            read.erased += u64::from(entry.is_erased);
        }
        Ok(read)
    }

    /// What is wrong with them, or with the seal; `sealed` is what stands beside the seal.
    fn mismatch(&self, seal: &Seal, sealed: Option<Vec<Noted>>) -> Option<Mismatch> {
        let found = &self.noted;
        let hash = self.hash(seal);
        let changed = Some(Mismatch::SealChanged(seal.number));
        let Some(sealed) = sealed else { return changed };
        let bounds = sealed.first().zip(sealed.last()).map(|(a, b)| (a.seq, b.seq));
        let is_whole =
            bounds == Some((seal.first_seq, seal.last_seq)) && sealed.len() as u64 == seal.rows;
        if !is_whole {
            return changed;
        }
        match (hash == seal.hash, first_difference(&sealed, found)) {
            (true, None) => None,
            // The entries are right, so what stands beside the seal is not.
            (true, Some(_)) | (false, None) => changed,
            (false, difference) => difference,
        }
    }

    fn hash(&self, seal: &Seal) -> LogHash {
        let Seal { number, first_seq, last_seq, rows, at, .. } = *seal;
        let (number, rows) = (number.cast_signed(), rows.cast_signed());
        self.chain.close(number, first_seq, last_seq, rows, at.0)
    }
}

/// The first entry that is not what stands beside the seal.
fn first_difference(sealed: &[Noted], found: &[Noted]) -> Option<Mismatch> {
    let same = sealed.iter().zip(found).take_while(|(was, is)| was == is).count();
    let stands = |list: &[Noted], entry: &Noted| {
        list.iter().find(|other| other.short == entry.short).map(|other| other.seq)
    };
    Some(match (sealed.get(same), found.get(same)) {
        (None, None) => return None,
        (Some(was), is) if is.is_none_or(|is| was.seq < is.seq) => match stands(found, was) {
            Some(seq) => Mismatch::Moved { seq, from: was.seq },
            None => Mismatch::Missing(was.seq),
        },
        (was, Some(is)) => match stands(sealed, is) {
            Some(from) => Mismatch::Moved { seq: is.seq, from },
            None if was.is_some_and(|was| was.seq == is.seq) => Mismatch::Changed(is.seq),
            None => Mismatch::Inserted(is.seq),
        },
        (Some(was), None) => Mismatch::Missing(was.seq),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(entries: &[(i64, u8)]) -> Vec<Noted> {
        entries.iter().map(|(seq, byte)| Noted { seq: *seq, short: [*byte; 8] }).collect()
    }

    #[test]
    fn the_first_difference_is_named_by_what_was_done() {
        let sealed = noted(&[(1, 1), (2, 2), (3, 3)]);
        for (found, named) in [
            (noted(&[(1, 1), (2, 2), (3, 3)]), None),
            (noted(&[(1, 1), (2, 9), (3, 3)]), Some(Mismatch::Changed(2))),
            (noted(&[(1, 1), (3, 3)]), Some(Mismatch::Missing(2))),
            (noted(&[(1, 1), (2, 2)]), Some(Mismatch::Missing(3))),
            (noted(&[]), Some(Mismatch::Missing(1))),
            (noted(&[(0, 9), (1, 1), (2, 2), (3, 3)]), Some(Mismatch::Inserted(0))),
            (noted(&[(1, 1), (2, 2), (3, 3), (4, 4)]), Some(Mismatch::Inserted(4))),
            (noted(&[(1, 2), (2, 1), (3, 3)]), Some(Mismatch::Moved { seq: 1, from: 2 })),
            (noted(&[(1, 1), (3, 3), (7, 2)]), Some(Mismatch::Moved { seq: 7, from: 2 })),
            (noted(&[(-1, 3), (1, 1), (2, 2)]), Some(Mismatch::Moved { seq: -1, from: 3 })),
        ] {
            assert_eq!(first_difference(&sealed, &found), named, "{found:?}");
        }
    }
}
