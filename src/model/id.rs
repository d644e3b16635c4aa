//! Public identity of a record.

use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// 记录编号: the public id of a record, a UUIDv7.
///
/// Ids order by time of creation. They are public because, unlike a sequential
/// number, they do not tell how many records there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(Uuid);

impl RecordId {
    /// A new id, larger than those made before it by this process.
    pub fn generate() -> Self {
        Self(Uuid::now_v7())
    }

    /// The id's 16 bytes, big-endian, in the order of the ids.
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for RecordId {
    type Err = uuid::Error;

    /// Reads the hyphenated form.
    ///
    /// # Errors
    /// If `text` is not a UUID.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_and_round_trip() {
        let ids: Vec<RecordId> = (0..1000).map(|_| RecordId::generate()).collect();
        assert!(ids.is_sorted());
        assert_eq!(ids[7].to_string().parse::<RecordId>().unwrap(), ids[7]);
        assert!("need-07".parse::<RecordId>().is_err());
    }
}
