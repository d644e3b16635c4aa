//! The audit log.

use serde::Serialize;
use utoipa::ToSchema;

use crate::engine::{self, AuditLine};
use crate::model::Body;
use crate::store;

/// 审计条目: who did what and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Number of the entry; grows in the order of the changes.
    pub seq: i64,
    /// When.
    pub at: String,
    /// Who: a user's id, or a door (`local`, `import`).
    pub by: String,
    /// What that user is called, if known.
    pub by_name: Option<String>,
    /// What was done (`create`, `update`, `delete`, `revive`) or happened (`contact_read` …).
    pub action: &'static str,
    /// In Chinese.
    pub action_label: &'static str,
    /// Kind of the record that changed; of an event that of the record it is about.
    pub kind: Option<&'static str>,
    /// In Chinese.
    pub kind_label: Option<&'static str>,
    /// The record's id.
    pub id: Option<String>,
    /// The record's revision after the change; null of events.
    pub revision: Option<u64>,
    /// What the record was called then; null if it has no name or that was erased.
    pub title: Option<String>,
    /// What else is known of an event.
    pub detail: Option<String>,
    /// What the record said then was erased; digests of it stay.
    pub erased: bool,
}

/// 封存: the log up to a change, by hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Seal {
    /// 1 for the first.
    pub number: u64,
    /// The first entry it covers.
    pub first_seq: i64,
    /// The last entry it covers.
    pub last_seq: i64,
    /// Entries it covers.
    pub rows: u64,
    /// When it was made.
    pub at: String,
    /// Stands for the log up to there: keep it elsewhere and have it compared by
    /// `duijie audit verify --expect`.
    pub hash: String,
}

/// How far the log is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SealedLog {
    /// The newest seal; null before the first.
    pub seal: Option<Seal>,
    /// Entries that no seal covers yet.
    pub waiting: u64,
}

/// What came of holding the log against its seals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LogVerification {
    /// Whether nothing speaks against the log.
    pub right: bool,
    /// The last seal that is right.
    pub seal: Option<Seal>,
    /// Entries under right seals.
    pub rows: u64,
    /// Those among them whose content was erased.
    pub erased: u64,
    /// Entries that no seal covers yet.
    pub waiting: u64,
    /// The first thing that is not what was sealed, a Chinese sentence.
    pub mismatch: Option<String>,
    /// Whether the expected hash is that of a right seal; null without one.
    pub has_expected: Option<bool>,
}

/// An entry as it is shown.
pub fn audit_entry(line: &AuditLine) -> AuditEntry {
    let entry = &line.entry;
    let (action, change) = (line.action(), &entry.change);
    let (subject, detail, revision) = match &entry.body {
        Some(Body::Event(event)) => (event.subject, Some(event.detail.clone()), None),
        _ => (Some((change.kind, change.id)), None, Some(change.revision)),
    };
    let title = entry.body.as_ref().map(Body::title).filter(|title| !title.is_empty());
    AuditEntry {
        seq: change.seq,
        at: entry.at.to_string(),
        by: entry.by.clone(),
        by_name: line.by_name.clone(),
        action: action.as_str(),
        action_label: action.label(),
        kind: subject.map(|(kind, _)| kind.as_str()),
        kind_label: subject.map(|(kind, _)| kind.label()),
        id: subject.map(|(_, id)| id.to_string()),
        revision,
        title: title.map(str::to_owned),
        detail: detail.filter(|detail| !detail.is_empty()),
        erased: entry.body.is_none(),
    }
}

fn seal(seal: &store::Seal) -> Seal {
    Seal {
        number: seal.number,
        first_seq: seal.first_seq,
        last_seq: seal.last_seq,
        rows: seal.rows,
        at: seal.at.to_string(),
        hash: seal.hash.to_string(),
    }
}

/// How far the log is sealed, as it is shown.
pub fn sealed_log(sealed: &store::Sealed) -> SealedLog {
    SealedLog { seal: sealed.newest.as_ref().map(seal), waiting: sealed.waiting }
}

/// What came of a verification, as it is shown.
pub fn log_verification(found: &engine::LogVerification) -> LogVerification {
    LogVerification {
        right: found.is_right(),
        seal: found.last.as_ref().map(seal),
        rows: found.rows,
        erased: found.erased,
        waiting: found.waiting,
        mismatch: found.mismatch.as_ref().map(engine::mismatch_message),
        has_expected: found.has_expected,
    }
}
