//! The feed is met behind the index, so that nothing is told that cannot be found.
//!
//! What has been met is remembered in the store together with what came of it: a process that
//! breaks off, or two at once, neither lose a change nor meet it twice. A flood, such as an
//! import, is put off and met in small rounds while nothing newer is waiting.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::indexing::INDEXED_KINDS;
use super::super::{Engine, EngineError};
use super::InboxRules;
use crate::store::{Change, Followed, Met, RowId, StoreError, Stored};

/// Changes read at once.
const CHANGES_READ: usize = 500;
/// A round takes no further record after so long, so that what is newer waits no longer.
const ROUND_TAKES: Duration = Duration::from_millis(100);

/// 收件箱进度: how far behind the notices are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InboxStatus {
    /// Changes that are waiting to be met.
    pub lag: i64,
    /// Changes of floods that are met when nothing else is waiting.
    pub backlog: i64,
}

impl Engine {
    /// How far behind the notices are.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn inbox_status(&self) -> Result<InboxStatus, EngineError> {
        let followed = self.store.followed().await?;
        let position = self.store.position().await?;
        let backlog = followed.backlog.iter().map(|(from, to)| to - from).sum();
        Ok(InboxStatus { lag: (position.seq - followed.seq).max(0), backlog })
    }

    /// Meets some of the changes that the index has taken over, the newest part of the feed
    /// first, and says whether there may be more. Another process may meet them at the same time;
    /// one of the two writes what came of it.
    ///
    /// # Errors
    /// If store or index fails; what was met stays met.
    pub async fn meet_changes(&self, rules: InboxRules) -> Result<bool, EngineError> {
        let from = self.store.followed().await?;
        let position = self.store.position().await?;
        let Some(cursor) = self.cursor(position) else { return Ok(false) };
        // What the directory does not know yet could not be told.
        let known = self.directory().position.filter(|known| known.epoch == position.epoch);
        let until = cursor.seq.min(known.map_or(0, |known| known.seq));
        let mut to = from.clone();
        let mut met = Vec::new();
        if until - from.seq > rules.flood {
            to.backlog.push((from.seq, until));
            to.seq = until;
        } else if from.seq < until {
            (met, to.seq) = self.round(from.seq, until, rules).await?;
        } else if let Some(first) = to.backlog.first_mut() {
            (met, first.0) = self.round(first.0, first.1, rules).await?;
            to.backlog.retain(|(from, to)| from < to);
        } else {
            return Ok(false);
        }
        match self.store.take_notices(&from, &to, met).await {
            // Another process is at it; its work counts.
            Ok(()) | Err(StoreError::Overtaken) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// Leaves out what has not been met so far: nobody is told of it.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn skip_inbox(&self) -> Result<(), EngineError> {
        let (from, position) = (self.store.followed().await?, self.store.position().await?);
        let to = Followed { seq: position.seq, backlog: Vec::new() };
        Ok(self.store.take_notices(&from, &to, Vec::new()).await?)
    }

    /// What came of the first changes behind `from`, up to `until` at most, and the last of them.
    async fn round(
        &self,
        from: i64,
        until: i64,
        rules: InboxRules,
    ) -> Result<(Vec<Met>, i64), EngineError> {
        let began = Instant::now();
        let mut changes = self.store.changes(from, CHANGES_READ).await?;
        let all_read = changes.len() < CHANGES_READ;
        changes.retain(|change| change.seq <= until);
        let current = self.current(&changes).await?;
        let snapshot = self.snapshot()?;
        let (mut met, mut last) = (Vec::new(), from);
        for change in &changes {
            last = change.seq;
            let Some(stored) = current.get(&change.seq) else { continue };
            let gone = stored.record.meta.deleted_at.is_some();
            let notices =
                if gone { Vec::new() } else { self.meet(stored, &snapshot, rules).await? };
            let Change { kind, row, revision, .. } = *change;
            met.push(Met { kind, row, revision, gone, notices });
            if began.elapsed() > ROUND_TAKES {
                return Ok((met, last));
            }
        }
        // The feed has gaps.
        Ok((met, if all_read || changes.is_empty() { until } else { last }))
    }

    /// The records of the changes that can be met and are the last ones of theirs, by the
    /// number of the change: of the others a later change tells.
    async fn current(&self, changes: &[Change]) -> Result<HashMap<i64, Stored>, EngineError> {
        let of_interest = changes.iter().filter(|change| INDEXED_KINDS.contains(&change.kind));
        let mut rows: Vec<RowId> = of_interest.clone().map(|change| change.row).collect();
        rows.sort_unstable();
        rows.dedup();
        let stored = self.store.rows(&rows).await?;
        let by_row: HashMap<RowId, Stored> = stored.into_iter().map(|s| (s.row, s)).collect();
        let current = of_interest.filter_map(|change| {
            let stored = by_row.get(&change.row)?;
            (stored.record.meta.revision == change.revision).then(|| (change.seq, stored.clone()))
        });
        Ok(current.collect())
    }
}

/// Meets what the index takes over until the engine is dropped; looks at least `every` so long.
pub async fn follow_inbox(engine: Arc<Engine>, rules: InboxRules, every: Duration) {
    let indexed = engine.indexed.clone();
    let engine = Arc::downgrade(&engine);
    loop {
        // Nobody who is woken up early, or late, has to be told apart.
        let _ = tokio::time::timeout(every, indexed.notified()).await;
        loop {
            let Some(engine) = engine.upgrade() else { return };
            match engine.meet_changes(rules).await {
                Ok(true) => {}
                Ok(false) | Err(EngineError::NoIndex { .. }) => break,
                Err(error) => {
                    tracing::error!(%error, "the inbox did not follow the store");
                    break;
                }
            }
        }
    }
}
