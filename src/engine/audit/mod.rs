//! The audit log: who did what and when, and what else is remembered though nothing changed.
//!
//! Every change is in the log because it is in the history. `sealing` chains it and proves it,
//! `erasing` takes away what must not be kept, and is in the log itself.

mod contacts;
mod erasing;
mod sealing;

use std::collections::HashMap;
use std::str::FromStr;

use super::accounts::private_draft;
use super::records::check_limit;
use super::{Engine, EngineError, Viewer, naming};
use crate::model::{Action, Body, CivilDate, Draft, Event, Kind, Operation, RecordId, Refusal};
use crate::store::{AuditEntry, AuditFilter};

pub use erasing::{AUDIT_KEPT_DAYS_DEFAULT, AUDIT_KEPT_DAYS_MIN};
pub use sealing::{LogVerification, keep_sealed, mismatch_message};

/// Most entries on one page.
pub const AUDIT_LIMIT_MAX: usize = 1_000;

/// 操作: what an entry of the log tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditAction {
    /// A record was changed.
    Changed(Operation),
    /// Something else happened.
    Happened(Action),
}

impl AuditAction {
    /// The stable English name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Changed(operation) => operation.as_str(),
            Self::Happened(action) => action.as_str(),
        }
    }

    /// The Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Changed(operation) => operation.label(),
            Self::Happened(action) => action.label(),
        }
    }
}

impl FromStr for AuditAction {
    type Err = Refusal;

    /// Reads the English or the Chinese name.
    ///
    /// # Errors
    /// If the text is neither; the refusal lists what would be right.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        if let Ok(operation) = text.parse() {
            return Ok(Self::Changed(operation));
        }
        text.parse().map(Self::Happened).map_err(|refusal: Refusal| {
            let all = Operation::ALL.iter().map(|o| format!("{}（{}）", o.as_str(), o.label()));
            let all: Vec<String> = all.collect();
            let expected =
                refusal.expected.replacen("可用：", &format!("可用：{} ", all.join(" ")), 1);
            Refusal::new("action", refusal.reason, expected)
        })
    }
}

/// 审计查询: which entries of the log are wanted; all that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRequest {
    /// About this record: kind and any of its names. Deleted ones are known by their id.
    pub record: Option<(Kind, String)>,
    /// Done by this user (id or login), or through this door (`local`, `import`).
    pub by: Option<String>,
    /// What was done.
    pub action: Option<AuditAction>,
    /// From the beginning of this day in China.
    pub since: Option<CivilDate>,
    /// To the end of this day in China.
    pub until: Option<CivilDate>,
    /// Before this entry: `next` of the page before.
    pub before: Option<i64>,
    /// Entries wanted, 1 to [`AUDIT_LIMIT_MAX`].
    pub limit: usize,
}

impl AuditRequest {
    /// The newest `limit` entries.
    pub fn newest(limit: usize) -> Self {
        let (record, by, action) = (None, None, None);
        Self { record, by, action, since: None, until: None, before: None, limit }
    }
}

/// An entry for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// What the log has.
    pub entry: AuditEntry,
    /// What the one who did it is called, if that is a user whose name is known.
    pub by_name: Option<String>,
}

impl AuditLine {
    /// What was done; of an event that was erased only that it happened is known.
    pub fn action(&self) -> AuditAction {
        match &self.entry.body {
            Some(Body::Event(event)) => AuditAction::Happened(event.action),
            _ => AuditAction::Changed(self.entry.operation),
        }
    }
}

/// A page of the log, the newest entry first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// The entries.
    pub lines: Vec<AuditLine>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<i64>,
}

impl Engine {
    /// The entries of the log that are asked for, the newest first.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`]; [`EngineError::TooLarge`] over [`AUDIT_LIMIT_MAX`];
    /// [`EngineError::NotFound`] if there never was such a record.
    pub async fn audit_log(
        &self,
        viewer: Viewer,
        request: AuditRequest,
    ) -> Result<AuditPage, EngineError> {
        viewer.check_may_audit()?;
        check_limit(request.limit, AUDIT_LIMIT_MAX)?;
        let record = match &request.record {
            None => None,
            Some((kind, name)) => Some((*kind, self.ever_named(*kind, name).await?)),
        };
        let by = match request.by {
            None => None,
            Some(by) => Some(match naming::resolve(self.store.as_ref(), Kind::User, &by).await? {
                Ok(user) => user.record.meta.id.to_string(),
                Err(_) => by,
            }),
        };
        let (operation, action) = match request.action {
            None => (None, None),
            Some(AuditAction::Changed(operation)) => (Some(operation), None),
            Some(AuditAction::Happened(action)) => (None, Some(action)),
        };
        let since = request.since.map(CivilDate::begins_in_china);
        let until = request.until.map(CivilDate::ends_in_china);
        let filter = AuditFilter { record, by, operation, action, since, until };
        let mut entries = self.store.audit(&filter, request.before, request.limit + 1).await?;
        let is_last = entries.len() <= request.limit;
        entries.truncate(request.limit);
        let next = entries.last().filter(|_| !is_last).map(|entry| entry.change.seq);
        let lines = self.with_names(entries).await?;
        Ok(AuditPage { lines, next })
    }

    async fn with_names(&self, entries: Vec<AuditEntry>) -> Result<Vec<AuditLine>, EngineError> {
        let mut names: HashMap<String, Option<String>> = HashMap::new();
        let mut lines = Vec::with_capacity(entries.len());
        for entry in entries {
            if !names.contains_key(&entry.by) {
                let user = match entry.by.parse::<RecordId>() {
                    Ok(id) => self.store.get(Kind::User, id).await?,
                    Err(_) => None,
                };
                let name = user.map(|user| user.record.body.title().to_owned());
                names.insert(entry.by.clone(), name);
            }
            let by_name = names.get(&entry.by).cloned().flatten();
            lines.push(AuditLine { entry, by_name });
        }
        Ok(lines)
    }

    /// The id of a record that there is or was.
    async fn ever_named(&self, kind: Kind, name: &str) -> Result<RecordId, EngineError> {
        if let Ok(id) = name.trim().parse::<RecordId>()
            && self.store.get(kind, id).await?.is_some()
        {
            return Ok(id);
        }
        Ok(self.named(Viewer::Local, kind, name).await?.record.meta.id)
    }

    /// Remembers that something happened, for good when this returns.
    ///
    /// # Errors
    /// If the event is not legal, or the store fails.
    pub async fn note_event(&self, viewer: Viewer, event: Event) -> Result<(), EngineError> {
        self.note_events(viewer, vec![event]).await
    }

    pub(super) async fn note_events(
        &self,
        viewer: Viewer,
        events: Vec<Event>,
    ) -> Result<(), EngineError> {
        let drafts: Vec<Draft> = events.into_iter().map(event_draft).collect();
        self.store.put(&drafts, &viewer.author()).await?;
        Ok(())
    }
}

/// An event as a record of its own.
fn event_draft(event: Event) -> Draft {
    private_draft(&RecordId::generate().to_string(), Body::Event(event))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_read_by_any_of_their_names_and_a_wrong_one_is_told_all() {
        let read = |text: &str| text.parse::<AuditAction>();
        assert_eq!(read("update"), Ok(AuditAction::Changed(Operation::Update)));
        assert_eq!(read("查看联系方式"), Ok(AuditAction::Happened(Action::ContactRead)));
        let expected = read("look").unwrap_err().expected;
        for name in ["create", "恢复", "contact_read", "抹除个人信息"] {
            assert!(expected.contains(name), "{expected}");
        }
    }
}
