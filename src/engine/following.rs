//! The index follows the store's changes while the service runs, and gives way to those who wait
//! for answers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::{Engine, EngineError, blocking};
use crate::index::Cursor;
use crate::store::{Change, Position, RowId};

/// Changes taken over with one commit.
const CHANGES_PER_COMMIT: usize = 5_000;
/// The same while the index gives way: each commit is short, and its end a chance to hurry.
const CHANGES_GIVING_WAY: usize = 1_000;
/// The index gives way no longer when it is so many changes behind: half of what the service
/// calls ready …
const BEHIND_MAX: i64 = 500;
/// … or when a change has been waiting for so long.
const WAITING_MAX: Duration = Duration::from_secs(10);
/// Pause of [`follow`] behind each look, in which writes gather for the next commit.
const COMMITS_APART: Duration = Duration::from_millis(200);
/// By how much the priority of what gives way is lowered, of 19: it has a tenth of the
/// processor's time of each thread that competes with it, and all that these leave.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// How much of the processor the index takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// All cores: somebody waits for the index.
    Full,
    /// What others leave of one core, as long as it is not far behind.
    GivingWay,
}

/// 让路线程: one thread of low priority. So have the threads that are begun on it, such as
/// those of tantivy's writer.
pub(super) struct BackSeat(ThreadPool);

impl BackSeat {
    /// # Errors
    /// If the system denies a thread.
    pub fn new(name: &'static str) -> Result<Self, EngineError> {
        let pool = ThreadPoolBuilder::new()
            .num_threads(1)
            .thread_name(move |_| name.to_owned())
            .start_handler(|_| lower_priority())
            .build();
        pool.map(Self).map_err(|error| EngineError::Interrupted(error.to_string()))
    }

    /// Does the work there, what it does on several cores included, and waits for it.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.0.install(work)
    }
}

/// Of this thread. Other systems than Linux know the priority of a process only.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::warn!(%error, "work beside requests has the priority of everything else");
    }
}

impl Engine {
    pub(super) async fn follow_changes(
        &self,
        mut cursor: Cursor,
        position: Position,
        pace: Pace,
    ) -> Result<(), EngineError> {
        while cursor.seq < position.seq {
            let waiting = self.lag.waiting(cursor.seq, position.seq, Instant::now());
            let pace = allowed(pace, position.seq - cursor.seq, waiting);
            let limit = match pace {
                Pace::Full => CHANGES_PER_COMMIT,
                Pace::GivingWay => CHANGES_GIVING_WAY,
            };
            let changes = self.store.changes(cursor.seq, limit).await?;
            let Some(last) = changes.last() else { break };
            cursor.seq = last.seq;
            self.take_over(&changes, cursor, pace).await?;
        }
        Ok(())
    }

    async fn take_over(
        &self,
        changes: &[Change],
        cursor: Cursor,
        pace: Pace,
    ) -> Result<(), EngineError> {
        let mut rows: Vec<RowId> = changes.iter().map(|c| c.row).collect();
        rows.sort_unstable();
        rows.dedup();
        let stored = self.store.rows(&rows).await?;
        let entries = self.entries(&stored).await?;
        let removed: Vec<i64> =
            stored.iter().filter(|s| s.record.meta.deleted_at.is_some()).map(|s| s.row.0).collect();
        let (index, back_seat) = (self.index.clone(), self.back_seat.clone());
        blocking(move || match pace {
            Pace::Full => index.apply(&entries, &removed, cursor),
            Pace::GivingWay => back_seat.run(|| index.apply(&entries, &removed, cursor)),
        })
        .await
    }
}

/// The pace of an index that is so many changes behind, the oldest of which has been waiting.
fn allowed(pace: Pace, behind: i64, waiting: Duration) -> Pace {
    if behind > BEHIND_MAX || waiting > WAITING_MAX { Pace::Full } else { pace }
}

/// Keeps the index up to date until the engine is dropped: after each write of this process,
/// and by looking for the writes of others at least `every` so long. A stream of writes gives
/// some commits a second, not one for each write, and those who write and ask go first until
/// the index is far behind.
pub async fn follow(engine: Arc<Engine>, every: Duration) {
    let written = engine.written.clone();
    let engine = Arc::downgrade(&engine);
    loop {
        // Nobody who is woken up early, or late, has to be told apart.
        let _ = tokio::time::timeout(every.saturating_sub(COMMITS_APART), written.notified()).await;
        let Some(engine) = engine.upgrade() else { return };
        if let Err(error) = engine.keep_up(Pace::GivingWay).await {
            tracing::error!(%error, "the index did not follow the store");
        }
        engine.indexed.notify_one();
        drop(engine);
        tokio::time::sleep(COMMITS_APART).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_that_is_far_behind_gives_way_no_longer() {
        let at = |behind, waiting| allowed(Pace::GivingWay, behind, waiting);
        assert_eq!(at(BEHIND_MAX, WAITING_MAX), Pace::GivingWay);
        assert_eq!(at(BEHIND_MAX + 1, Duration::ZERO), Pace::Full);
        assert_eq!(at(1, WAITING_MAX + Duration::from_millis(1)), Pace::Full);
        assert_eq!(allowed(Pace::Full, 1, Duration::ZERO), Pace::Full);
    }

    /// Otherwise the index would not give way where it matters: its analysis and tantivy's
    /// threads are begun there.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_gives_way_has_a_low_priority_and_so_have_the_threads_it_begins() {
        let priority = || rustix::process::getpriority_process(None).unwrap();
        let usual = priority();
        let begun = BackSeat::new("index").unwrap().run(move || {
            let several = rayon::join(priority, priority);
            let inner = std::thread::spawn(priority).join().unwrap();
            [several.0, several.1, inner]
        });
        assert_eq!(begun, [(usual + NICENESS).min(19); 3]);
        assert_eq!(priority(), usual, "nobody else's");
    }
}
