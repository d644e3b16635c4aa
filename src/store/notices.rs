//! 通知: what the inbox tells, beside the records it was made of.
//!
//! Notices are derived: they stand in no feed and have no history, and can be made anew. They are
//! written together with how far the feed was met, so that no change is met twice and none is
//! left out, whoever breaks off when.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::{RowId, StoreError};
use crate::model::{Kind, Timestamp};

/// How long a notice is kept, in milliseconds: 30 days.
pub const NOTICES_KEPT_MS: i64 = 30 * 24 * 3_600_000;
/// Most notices that are kept; beyond, the oldest go.
pub const NOTICES_MAX: i64 = 200_000;

/// 受众: whose evidence a notice comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Public evidence, with which all evidence together says the same.
    Everybody,
    /// Evidence of which some is not public: for those who see all of it.
    Insiders,
    /// Public evidence, where all evidence says something else.
    Outsiders,
}

/// A part of what made a notice, as the ranking calls it.
#[derive(Debug, Clone, PartialEq)]
pub struct NoticeReason {
    /// Its sort.
    pub kind: String,
    /// The word, or what else it is called.
    pub name: String,
    /// Where the evidence has it; empty where that means nothing.
    pub field: String,
    /// What it adds to the score.
    pub value: f64,
}

/// A match to be told of.
#[derive(Debug, Clone, PartialEq)]
pub struct NewNotice {
    /// The need.
    pub need: RowId,
    /// Its revision.
    pub need_revision: u64,
    /// The lab.
    pub lab: RowId,
    /// The lab's best evidence: an achievement, or the lab itself.
    pub document: RowId,
    /// Its revision.
    pub document_revision: u64,
    /// Whose evidence it comes from.
    pub audience: Audience,
    /// How sure the match is: 0 is the best.
    pub grade: u8,
    /// Its score.
    pub score: f64,
    /// The share of what the need could score; comparable between needs.
    pub share: f64,
    /// Why, largest first.
    pub reasons: Vec<NoticeReason>,
}

/// A notice. [`Notices::notices`] leaves its reasons out.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Grows with every notice; never reused.
    pub id: i64,
    /// When it was made.
    pub at: Timestamp,
    /// The kind of the record whose change made it.
    pub met_kind: Kind,
    /// What it says.
    pub what: NewNotice,
}

/// A record that was met, with what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Met {
    /// Need, achievement or lab.
    pub kind: Kind,
    /// Its row.
    pub row: RowId,
    /// The revision that was met.
    pub revision: u64,
    /// It is deleted.
    pub gone: bool,
    /// What is to be told now.
    pub notices: Vec<NewNotice>,
}

/// 进度: which changes of the feed have been met: those up to `seq` that are not in the backlog.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Followed {
    /// Number of the last change that was met or put off.
    pub seq: i64,
    /// Parts of the feed that were put off: behind the first number, up to the second.
    pub backlog: Vec<(i64, i64)>,
}

/// The part of the store's contract that is about notices.
#[async_trait]
pub trait Notices {
    /// How far the feed has been met.
    async fn followed(&self) -> Result<Followed, StoreError>;

    /// Goes on from `from` to `to` and writes what came of it, as a whole or not at all.
    ///
    /// A met record's notices of other revisions are taken away first: those of a need, and
    /// those of which an achievement or a lab is the evidence; a deleted record's all. What is
    /// told already stays as it is. What is older than [`NOTICES_KEPT_MS`] or beyond
    /// [`NOTICES_MAX`] goes.
    ///
    /// # Errors
    /// [`StoreError::Overtaken`] if it is not at `from` any more: then nothing is written.
    async fn take_notices(
        &self,
        from: &Followed,
        to: &Followed,
        met: Vec<Met>,
    ) -> Result<(), StoreError>;

    /// The notices behind `after`, in the order of their ids, without their reasons, `limit` at
    /// most (never more than [`super::BATCH_MAX`]).
    async fn notices(&self, after: i64, limit: usize) -> Result<Vec<Notice>, StoreError>;

    /// The reasons of these notices by their ids; those that are gone are left out.
    async fn notice_reasons(
        &self,
        ids: &[i64],
    ) -> Result<BTreeMap<i64, Vec<NoticeReason>>, StoreError>;

    /// The largest id of a notice, 0 if there is none.
    async fn last_notice(&self) -> Result<i64, StoreError>;

    /// The last notice that somebody has seen, 0 if none.
    async fn seen_notice(&self, visitor: &str) -> Result<i64, StoreError>;

    /// Notes what somebody has seen. What was seen stays seen: a smaller number changes nothing.
    async fn see_notices(&self, visitor: &str, until: i64) -> Result<(), StoreError>;
}
