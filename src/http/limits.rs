//! How much the door lets in. Every limit is named in the error that it causes, and those that
//! hold for every request in the description of the API ([`told`]).

use std::time::Duration;

use serde_json::{Value, json};

use super::error::ProblemCode;
use super::server::ServeOptions;
use crate::engine::JOBS_OPEN_PER_CALLER_MAX;

/// Largest request body, in bytes: 1 MiB.
pub const BODY_BYTES_MAX: usize = 1 << 20;
/// Longest wait for a request's body.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(20);
/// Largest file to import, in bytes: 64 MiB.
pub const UPLOAD_BYTES_MAX: usize = 64 << 20;
/// Longest wait for such a file.
pub const UPLOAD_TIMEOUT: Duration = Duration::from_secs(120);
/// Streams of events at the same time.
pub const STREAMS_MAX: usize = 32;
/// How long a stream of events lasts at most; clients come again.
pub const STREAM_TIME_MAX: Duration = Duration::from_secs(600);
/// How often a quiet stream of events shows that it lives.
pub const HEARTBEAT_EVERY: Duration = Duration::from_secs(10);
/// Longest time for a request as a whole; for one that brings a file [`UPLOAD_TIMEOUT`] more.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest wait for the head of a request: from the connection, or from the answer before. So long
/// an idle connection is kept.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest wait for a client to take some of its answer.
pub const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
/// Largest head of a request, address and headers together, in bytes: 32 KiB.
pub const HEAD_BYTES_MAX: usize = 32 << 10;
/// Most headers of a request. It is the parser's own default: another number would cost every
/// request an allocation.
pub const HEADERS_MAX: usize = 100;
/// Most bytes that a connection keeps of what it has read or will write.
pub const CONNECTION_BUFFER_BYTES_MAX: usize = 64 << 10;
/// Connections at the same time; well below the 1,024 files that a process may usually open.
pub const CONNECTIONS_MAX: usize = 512;
/// Connections beyond these that are told so; still more wait until there is room.
pub const PORCH_MAX: usize = 32;
/// How long the rest of what a client sends is thrown away once its request is refused, so that
/// it gets to read why.
pub const LINGER_MAX: Duration = Duration::from_secs(2);
/// How long such a client may be silent.
pub const LINGER_SILENCE_MAX: Duration = Duration::from_millis(200);
/// Requests a second of each client, lasting, if the caller does not say.
pub const RATE_PER_S_DEFAULT: u32 = 50;
/// How many seconds' worth of requests a client may send at once.
pub const RATE_BURST_S: u32 = 2;
/// Clients that are counted each on its own; all others share one account.
pub const RATE_CLIENTS_MAX: usize = 10_000;
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
/// How often the audit log is sealed.
pub const SEAL_EVERY: Duration = Duration::from_secs(2);
/// How often the index looks for changes of the store.
pub const FOLLOW_EVERY: Duration = Duration::from_millis(400);

/// The limits that hold for every request of a service, with the problem that tells of each.
pub(super) fn told(options: &ServeOptions, rate_per_s: Option<u32>) -> Vec<Value> {
    use ProblemCode as Code;
    let ms = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let (times, burst) =
        (options.timeouts, rate_per_s.map(|rate| rate.saturating_mul(RATE_BURST_S)));
    let rates = [
        ("rate_per_s", rate_per_s, "每个客户端每秒的请求数"),
        ("rate_burst", burst, "每个客户端可以一次连发的请求数"),
    ];
    let rates = rates.into_iter().filter_map(|(name, value, meaning)| {
        Some((name, u64::from(value?), "", Code::RateLimited, meaning))
    });
    let others = [
        ("body_bytes", BODY_BYTES_MAX as u64, "bytes", Code::TooLarge, "请求体的大小"),
        ("upload_bytes", UPLOAD_BYTES_MAX as u64, "bytes", Code::TooLarge, "导入文件的大小"),
        ("upload_ms", ms(UPLOAD_TIMEOUT), "ms", Code::BodyTimeout, "等待导入文件的时间"),
        ("jobs", JOBS_OPEN_PER_CALLER_MAX as u64, "", Code::TooManyJobs, "每位用户未结束的任务数"),
        ("streams", STREAMS_MAX as u64, "", Code::Busy, "同时打开的事件流数"),
        (
            "head_bytes",
            HEAD_BYTES_MAX as u64,
            "bytes",
            Code::HeadTooLarge,
            "网址与请求头合计的大小",
        ),
        ("headers", HEADERS_MAX as u64, "", Code::HeadTooLarge, "请求头的项数"),
        (
            "head_ms",
            ms(times.head),
            "ms",
            Code::HeadTimeout,
            "等待请求头的时间，空闲连接也只保留这么久",
        ),
        ("body_ms", ms(times.body), "ms", Code::BodyTimeout, "等待请求体的时间"),
        ("request_ms", ms(times.request), "ms", Code::Timeout, "处理一个请求的时间"),
        (
            "connections",
            options.connections_max as u64,
            "",
            Code::TooManyConnections,
            "同时打开的连接数",
        ),
        ("queue", HEAVY_QUEUE_MAX as u64, "", Code::Busy, "排队等待的匹配与搜索数"),
    ];
    let told = rates.chain(others).map(|(name, value, unit, code, meaning)| {
        json!({
            "name": name, "value": value, "unit": unit, "meaning": meaning,
            "status": code.status().as_u16(), "code": code.as_str(),
        })
    });
    told.collect()
}
