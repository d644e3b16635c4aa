//! How much the door lets in. Every limit is named in the error that it causes.

use std::time::Duration;

/// Largest request body, in bytes: 1 MiB.
pub const BODY_BYTES_MAX: usize = 1 << 20;
/// Longest wait for a request's body.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(20);
/// Longest time for a request as a whole.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// Matches and searches that are worked on at once, per core.
pub const HEAVY_PER_CORE_MAX: usize = 2;
/// Matches and searches that wait for their turn; one more is turned away.
pub const HEAVY_QUEUE_MAX: usize = 64;
/// When to try again after being turned away, in seconds.
pub const RETRY_AFTER_S: u64 = 1;
/// Changes that the index may be behind the store and still count as ready.
pub const READY_LAG_MAX: i64 = 1_000;
/// How long a change may wait for the index and the service still count as ready.
pub const READY_WAITING_MAX: Duration = Duration::from_secs(60);
/// Records on a page if the caller does not say.
pub const LIST_LIMIT_DEFAULT: usize = 50;
/// Labs in an answer if the caller does not say.
pub const MATCH_LIMIT_DEFAULT: usize = 10;
/// Labs that are held against the points of a need if the caller does not say.
pub const COVERAGE_LIMIT_DEFAULT: usize = 10;
/// Most labs of a team if the caller does not say.
pub const TEAM_SIZE_DEFAULT: usize = 3;
/// Place of the lab that another is held against if the caller does not say.
pub const WHY_NOT_RANK_DEFAULT: usize = 10;
/// Hits in an answer if the caller does not say.
pub const SEARCH_LIMIT_DEFAULT: usize = 20;
/// How long running requests may go on once the server is told to stop.
pub const SHUTDOWN_GRACE: Duration = Duration::from_secs(10);
/// How often the index looks for changes of the store.
pub const FOLLOW_EVERY: Duration = Duration::from_millis(400);
