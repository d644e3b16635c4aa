//! What of an entry is hashed. This never changes: seals of older versions must stay right.
//!
//! SHA-256 throughout. Every field has its length before it, so that no two lists of fields look
//! alike. What a record says goes in as a digest of its own, with the entry's random salt.

use sha2::{Digest, Sha256};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, ValueRef};

use crate::store::LogHash;

/// Bytes of a digest.
pub(super) const DIGEST_BYTES: usize = 32;
/// Bytes of a digest that are kept for each entry beside its seal: enough to tell entries apart.
const SHORT_BYTES: usize = 8;
/// Bytes for each entry beside its seal: its number and its shortened digest.
const ENTRY_BYTES: usize = 8 + SHORT_BYTES;

/// Entries with what their digests are made of, all or some.
macro_rules! select_entries {
    ($rest:literal) => {
        concat!(
            "SELECT h.seq, h.op, h.changed_at, h.changed_by, h.row, h.kind, h.id, h.revision,
                h.owner, h.visibility, h.deleted_at, h.merged_into, h.as_of, h.source_url, h.body,
                h.salt, h.digest, r.source, r.external_id
             FROM changes h LEFT JOIN records r ON r.row = h.row ",
            $rest
        )
    };
}
pub(super) use select_entries;

/// Fields, one after the other.
struct Fields(Sha256);

impl Fields {
    fn new() -> Self {
        Self(Sha256::new())
    }

    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    fn number(self, number: i64) -> Self {
        self.bytes(&number.to_le_bytes())
    }

    /// A column, whatever it holds; what is missing is not what is empty.
    fn column(self, row: &SqliteRow, name: &str) -> Result<Self, sqlx::Error> {
        match column(row, name)? {
            Some(bytes) => Ok(self.bytes(b"+").bytes(bytes)),
            None => Ok(self.bytes(b"-")),
        }
    }

    fn digest(self) -> [u8; DIGEST_BYTES] {
        self.0.finalize().into()
    }
}

/// The bytes of a text, as they are, or of a digest; `None` of NULL.
pub(super) fn column<'r>(row: &'r SqliteRow, name: &str) -> Result<Option<&'r [u8]>, sqlx::Error> {
    if row.try_get_raw(name)?.is_null() {
        return Ok(None);
    }
    // A text that is no UTF-8 is damage to be found, not a reason to stop.
    row.try_get_unchecked(name).map(Some)
}

/// The digest of what an entry says, which stays when that is erased.
pub(super) fn payload(row: &SqliteRow) -> Result<[u8; DIGEST_BYTES], sqlx::Error> {
    let fields = Fields::new().column(row, "salt")?;
    let fields = fields.column(row, "source")?.column(row, "external_id")?;
    Ok(fields.column(row, "source_url")?.column(row, "body")?.digest())
}

/// An entry as seals see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) seq: i64,
    content: [u8; DIGEST_BYTES],
    /// What it said was erased.
    pub(super) is_erased: bool,
}

impl Entry {
    /// Of a row of [`select_entries`].
    pub fn of(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let seq = row.try_get("seq")?;
        let kept = column(row, "digest")?;
        // Beside a digest there must be nothing: it would be shown and not be covered.
        let is_bare = column(row, "salt")?.is_none()
            && column(row, "body")? == Some(b"")
            && column(row, "source_url")? == Some(b"");
        let payload = match kept {
            Some(kept) if is_bare => kept.to_vec(),
            _ => payload(row)?.to_vec(),
        };
        let mut fields = Fields::new();
        for name in ["op", "changed_by", "kind", "id", "owner", "visibility"] {
            fields = fields.column(row, name)?;
        }
        for name in ["changed_at", "row", "revision"] {
            fields = fields.number(row.try_get(name)?);
        }
        let deleted_at: Option<i64> = row.try_get("deleted_at")?;
        fields = fields.bytes(deleted_at.map_or_else(String::new, |at| at.to_string()).as_bytes());
        let fields = fields.column(row, "merged_into")?.column(row, "as_of")?.bytes(&payload);
        Ok(Self { seq, content: fields.digest(), is_erased: kept.is_some() })
    }

    /// As it is kept beside its seal.
    pub fn noted(&self) -> Noted {
        let mut short = [0; SHORT_BYTES];
        short.copy_from_slice(&self.content[..SHORT_BYTES]);
        Noted { seq: self.seq, short }
    }
}

/// An entry as it is kept beside its seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Noted {
    pub(super) seq: i64,
    pub(super) short: [u8; SHORT_BYTES],
}

impl Noted {
    pub fn write(self, to: &mut Vec<u8>) {
        to.extend(self.seq.to_le_bytes());
        to.extend(self.short);
    }

    /// All that stand one after the other; `None` if the last is cut.
    pub fn read_all(bytes: &[u8]) -> Option<Vec<Self>> {
        if !bytes.len().is_multiple_of(ENTRY_BYTES) {
            return None;
        }
        let read = |bytes: &[u8]| {
            let (seq, short) = bytes.split_at_checked(8)?;
            Some(Self {
                seq: i64::from_le_bytes(seq.try_into().ok()?),
                short: short.try_into().ok()?,
            })
        };
        bytes.chunks(ENTRY_BYTES).map(read).collect()
    }
}

/// 链: entries one after the other, from a seal on.
#[derive(Clone, Copy)]
pub(super) struct Chain(LogHash);

impl Chain {
    /// Behind a seal, or at the beginning of the log.
    pub fn behind(hash: Option<LogHash>) -> Self {
        Self(hash.unwrap_or(LogHash([0; DIGEST_BYTES])))
    }

    pub fn add(&mut self, entry: &Entry) {
        let fields = Fields::new().bytes(&self.0.0).number(entry.seq).bytes(&entry.content);
        self.0 = LogHash(fields.digest());
    }

    /// The hash of a seal over what was added.
    pub fn close(self, number: i64, first_seq: i64, last_seq: i64, rows: i64, at: i64) -> LogHash {
        let fields = Fields::new().bytes(&self.0.0).number(number).number(first_seq);
        LogHash(fields.number(last_seq).number(rows).number(at).digest())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seals that are in databases must stay right: this value was the first version's.
    #[test]
    fn the_chain_is_that_of_the_first_version() {
        let mut chain = Chain::behind(None);
        for seq in 1..=3 {
            chain.add(&Entry { seq, content: [seq as u8; DIGEST_BYTES], is_erased: false });
        }
        let hash = chain.close(1, 1, 3, 3, 1_760_000_000_000).to_string();
        assert_eq!(hash, "d1fc4cd523caee251600b3a668589be9650bcb8490ac60800d024d6b42641330");
        assert_eq!(hash.parse::<LogHash>().unwrap().to_string(), hash);
        assert!(format!("{hash}0").parse::<LogHash>().is_err());
        assert!("甲".repeat(21).parse::<LogHash>().is_err());
    }

    #[test]
    fn fields_do_not_run_into_each_other() {
        let of = |a: &str, b: &str| Fields::new().bytes(a.as_bytes()).bytes(b.as_bytes()).digest();
        assert_ne!(of("ab", "c"), of("a", "bc"));
        assert_ne!(of("", "a"), of("a", ""));
    }

    #[test]
    fn what_is_noted_is_read_back() {
        let noted = Noted { seq: -7, short: *b"12345678" };
        let mut bytes = Vec::new();
        noted.write(&mut bytes);
        assert_eq!(Noted::read_all(&bytes), Some(vec![noted]));
        assert_eq!(Noted::read_all(&bytes[1..]), None);
    }
}
