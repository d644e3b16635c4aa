//! How the service is.

use serde::Serialize;
use utoipa::ToSchema;

use crate::engine;

/// The process lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    pub status: &'static str,
}

/// 索引状态: the index against the store.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct IndexStatus {
    /// Documents in the index.
    pub documents: u64,
    /// Segments it is in.
    pub segments: usize,
    /// Bytes on disk.
    pub size_bytes: u64,
    /// Statistics snapshot in use.
    pub statistics: String,
    /// Version of analyser and dictionary.
    pub analyzer: String,
    /// Last change that is indexed; null if the index is not this store's.
    pub indexed_seq: Option<i64>,
    /// Last change of the store.
    pub store_seq: i64,
    /// Changes that are not indexed yet.
    pub lag: i64,
    /// How long the oldest of them has been waiting, in seconds.
    pub lag_seconds: f64,
    /// `sound`; `building`: nothing can be answered yet; `damaged`: its folder is, answers come
    /// from memory while it is mended; `in_memory`: its folder cannot be written.
    pub state: &'static str,
    /// What is wrong with the folder and what to do, a Chinese sentence; null if nothing is.
    pub fault: Option<String>,
    /// How far a rebuild has come; null if none is under way.
    pub rebuild: Option<RebuildProgress>,
}

/// How far a rebuild has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct RebuildProgress {
    /// Records indexed.
    pub done: u64,
    /// Records to index; 0 if they are not counted yet.
    pub total: u64,
}

/// 就绪状态: the index, and the inbox behind it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Readiness {
    /// The index.
    #[serde(flatten)]
    pub index: IndexStatus,
    /// The inbox: that it is behind keeps nobody from asking.
    pub inbox: InboxStatus,
}

/// How far notices are behind the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct InboxStatus {
    /// Changes that are waiting to be met.
    pub lag: i64,
    /// Changes of imports that are met when nothing newer is waiting.
    pub backlog: i64,
}

/// Index and inbox as they are told.
pub fn readiness(index: &engine::IndexStatus, inbox: engine::InboxStatus) -> Readiness {
    let inbox = InboxStatus { lag: inbox.lag, backlog: inbox.backlog };
    Readiness { index: index_status(index), inbox }
}

/// The status as it is told.
pub fn index_status(status: &engine::IndexStatus) -> IndexStatus {
    IndexStatus {
        documents: status.documents,
        segments: status.segments,
        size_bytes: status.size_bytes,
        statistics: status.statistics.clone(),
        analyzer: status.analyzer.clone(),
        indexed_seq: status.indexed_seq,
        store_seq: status.store_seq,
        lag: status.lag(),
        lag_seconds: status.waiting.as_millis() as f64 / 1_000.0,
        state: status.state().as_str(),
        fault: status.fault.as_ref().map(engine::fault_message),
        rebuild: status.rebuild.map(|p| RebuildProgress { done: p.done, total: p.total }),
    }
}
