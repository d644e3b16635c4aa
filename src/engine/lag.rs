//! How long changes wait for the index, by this process's own clock: the wall clock may jump.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Changes that were first seen within this time share a mark.
const STEP: Duration = Duration::from_millis(200);
/// Most marks; beyond, later changes share the last one and count as older than they are.
const MARKS_MAX: usize = 4_096;

/// 落后计时: when which change of the store was first seen.
#[derive(Debug, Default)]
pub(super) struct LagClock(Mutex<VecDeque<Mark>>);

#[derive(Debug, Clone, Copy)]
struct Mark {
    /// The last change of the store at that time.
    seq: i64,
    seen: Instant,
}

impl LagClock {
    /// How long the oldest change behind `indexed_seq` has been waiting at `now`, as far as
    /// it was noticed; 0 if the index is up to `store_seq`.
    pub fn waiting(&self, indexed_seq: i64, store_seq: i64, now: Instant) -> Duration {
        let mut marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        marks.retain(|mark| mark.seq > indexed_seq && mark.seq <= store_seq);
        let full = marks.len() >= MARKS_MAX;
        match marks.back_mut() {
            Some(last) if full || now.saturating_duration_since(last.seen) < STEP => {
                last.seq = store_seq;
            }
            Some(last) if last.seq == store_seq => {}
            _ if store_seq > indexed_seq => marks.push_back(Mark { seq: store_seq, seen: now }),
            _ => {}
        }
        marks.front().map_or(Duration::ZERO, |oldest| now.saturating_duration_since(oldest.seen))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_change_that_is_not_indexed_counts() {
        let clock = LagClock::default();
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let ms = |indexed, store, now| clock.waiting(indexed, store, at(now)).as_millis();
        assert_eq!(ms(5, 5, 0), 0);
        assert_eq!(ms(5, 9, 1_000), 0, "first seen now");
        assert_eq!(ms(5, 9, 3_000), 2_000);
        assert_eq!(ms(5, 20, 4_000), 3_000, "a later change does not make it younger");
        assert_eq!(ms(8, 20, 5_000), 4_000, "nor does a part of it");
        assert_eq!(ms(9, 20, 6_000), 2_000, "change 10 to 20 were seen after 4 s");
        assert_eq!(ms(20, 20, 7_000), 0);
        assert_eq!(ms(20, 21, 8_000), 0);
        assert_eq!(ms(0, 3, 9_000), 0, "another store");
    }
}
