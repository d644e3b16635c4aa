//! Work for the processor is let in a few at a time.

use std::future::Future;
use std::num::NonZero;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tracing::Instrument;

use super::error::{Problem, ProblemCode};
use super::limits::{HEAVY_PER_CORE_MAX, HEAVY_QUEUE_MAX};

/// 闸门: a number of permits to work and a bounded queue for them.
pub(crate) struct Gate {
    /// Working and waiting together.
    places: Arc<Semaphore>,
    working: Arc<Semaphore>,
}

impl Gate {
    /// [`HEAVY_PER_CORE_MAX`] permits for each core and [`HEAVY_QUEUE_MAX`] places to wait.
    pub fn for_this_machine() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self::new(cores * HEAVY_PER_CORE_MAX, HEAVY_QUEUE_MAX)
    }

    fn new(working: usize, waiting: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(working + waiting)),
            working: Arc::new(Semaphore::new(working)),
        }
    }

    /// Does `work` when its turn comes. Work that has begun goes on when its caller is gone,
    /// and keeps its permit until it is done: the limit holds for work, not for callers.
    ///
    /// # Errors
    /// [`ProblemCode::Busy`] if the queue is full, [`ProblemCode::Internal`] if the work panics.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Problem> {
        let busy = || {
            let detail =
                format!("同时进行的匹配与搜索已满（排队上限 {HEAVY_QUEUE_MAX}），请稍后重试");
            Problem::new(ProblemCode::Busy, detail).limit(HEAVY_QUEUE_MAX)
        };
        let place = self.places.clone().try_acquire_owned().map_err(|_| busy())?;
        let permit = self.working.clone().acquire_owned().await.map_err(|_| busy())?;
        let job = async move {
            let outcome = work.await;
            drop((permit, place));
            outcome
        };
        let job = tokio::spawn(job.in_current_span());
        // What a panic says may quote a need.
        job.await.map_err(|_| Problem::internal(&"the work panicked"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_finds_the_queue_full_is_turned_away_and_the_others_get_their_turn() {
        let gate = Arc::new(Gate::new(1, 1));
        let (go, gone) = tokio::sync::oneshot::channel::<()>();
        let first = gate.clone();
        let first = tokio::spawn(async move {
            first
                .run(async {
                    gone.await.ok();
                    1
                })
                .await
        });
        let second = gate.clone();
        let second = tokio::spawn(async move { second.run(async { 2 }).await });
        while gate.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let turned_away = gate.run(async { 3 }).await.unwrap_err();
        assert_eq!(turned_away.code(), ProblemCode::Busy);
        go.send(()).unwrap();
        assert_eq!(first.await.unwrap().unwrap(), 1);
        assert_eq!(second.await.unwrap().unwrap(), 2);
        assert_eq!(gate.run(async { 4 }).await.unwrap(), 4);
    }
}
