//! Public identity of a record.

use std::fmt;
use std::str::FromStr;

use uuid::{ContextV7, Uuid};

use super::Timestamp;

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

    /// The time that it was made for, in UTC milliseconds: its first 48 bits.
    fn milliseconds(self) -> u64 {
        (self.0.as_u128() >> 80) as u64
    }
}

/// 编号发生器: makes ids that grow, whatever the clock does.
#[derive(Debug, Default)]
pub struct RecordIds(ContextV7);

impl RecordIds {
    /// A new id for the time `at`, larger than all that were made here and than `floor`. While
    /// the clock is behind these, ids are made for the latest time that it showed.
    pub fn next(&mut self, at: Timestamp, floor: Option<RecordId>) -> RecordId {
        let id = self.make(at.0.max(0).unsigned_abs());
        match floor {
            Some(floor) if id <= floor => self.make(floor.milliseconds() + 1),
            _ => id,
        }
    }

    fn make(&mut self, milliseconds: u64) -> RecordId {
        let (seconds, nanos) = (milliseconds / 1000, (milliseconds % 1000) as u32 * 1_000_000);
        RecordId(Uuid::new_v7(uuid::Timestamp::from_unix(&self.0, seconds, nanos)))
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

    #[test]
    fn ids_grow_whatever_the_clock_does() {
        const HOUR_MS: i64 = 3_600_000;
        let now = Timestamp::now().0;
        let mut ids = RecordIds::default();
        let mut made: Vec<RecordId> = Vec::new();
        for at in [now, now, now - HOUR_MS, now + 365 * 24 * HOUR_MS, now, -1, i64::MAX >> 16] {
            made.extend((0..100).map(|_| ids.next(Timestamp(at), None)));
        }
        // Another process that has seen none of these, with a clock that is behind.
        let mut others = RecordIds::default();
        for _ in 0..100 {
            made.push(others.next(Timestamp(now - HOUR_MS), made.last().copied()));
        }
        assert!(made.is_sorted_by(|a, b| a < b));
    }
}
