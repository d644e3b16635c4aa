//! What must not be kept: personal data on request, old events by age.

use super::event_draft;
use crate::engine::{Engine, EngineError, Viewer};
use crate::model::{Action, CivilDate, Event, Kind, Timestamp};
use crate::store::Outcome;

/// Days for which events are kept whole if nobody says otherwise.
pub const AUDIT_KEPT_DAYS_DEFAULT: u32 = 400;
/// Fewest days for which they must be kept: the law asks for six months of logs at least.
pub const AUDIT_KEPT_DAYS_MIN: u32 = 183;

/// Events pruned with one transaction, so that others are not kept waiting.
const EVENTS_PER_BATCH: usize = 500;
const DAY_MS: i64 = 24 * 3_600_000;

impl Engine {
    /// Erases for good what a record says and ever said of persons; it is deleted with that. That
    /// it was erased, when and by whom, is in the log. Whether anything was left to erase.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`]; [`EngineError::NotFound`], [`EngineError::Ambiguous`];
    /// [`EngineError::BadRequest`] for kinds that hold no personal data or account for others.
    pub async fn erase_record(
        &self,
        viewer: Viewer,
        kind: Kind,
        name: &str,
    ) -> Result<bool, EngineError> {
        viewer.check_may_erase()?;
        let id = self.ever_named(kind, name).await?;
        let subject = Some((kind, id));
        let note = event_draft(Event { action: Action::Erased, subject, detail: String::new() });
        let outcome = self.store.erase(kind, id, &note, &viewer.author()).await?;
        if let Some(stored) = self.store.get(kind, id).await? {
            self.took_place(&stored);
        }
        Ok(outcome == Outcome::Updated)
    }

    /// Erases what events from before the day `before` (in China) say: that they happened, when,
    /// and who did it stays. Tells of how many; that it was done is in the log.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`]; [`EngineError::BadRequest`] if `kept_days` is under
    /// [`AUDIT_KEPT_DAYS_MIN`], or events were to go that are not that old.
    pub async fn prune_events(
        &self,
        viewer: Viewer,
        before: CivilDate,
        kept_days: u32,
    ) -> Result<usize, EngineError> {
        viewer.check_may_erase()?;
        let until = before.begins_in_china();
        check_age(until, kept_days, Timestamp::now())?;
        let mut pruned = 0;
        loop {
            let batch = self.store.prune_events(until, EVENTS_PER_BATCH).await?;
            pruned += batch;
            if batch < EVENTS_PER_BATCH {
                break;
            }
        }
        if pruned > 0 {
            let detail = format!("before {before}, {pruned} events");
            self.note_event(viewer, Event { action: Action::Pruned, subject: None, detail })
                .await?;
        }
        Ok(pruned)
    }
}

/// Whether what is older than `until` may go.
fn check_age(until: Timestamp, kept_days: u32, now: Timestamp) -> Result<(), EngineError> {
    if kept_days < AUDIT_KEPT_DAYS_MIN {
        let reason = format!(
            "为 {kept_days} 天，日志至少要留存六个月，请填 {AUDIT_KEPT_DAYS_MIN} 或更大的数"
        );
        return Err(EngineError::BadRequest { field: "kept_days", reason });
    }
    let newest = Timestamp(now.0 - i64::from(kept_days) * DAY_MS);
    if until > newest {
        let reason = format!(
            "{kept_days} 天以内的审计事件须保留，请填 {} 或更早的日期",
            newest.day_in_china()
        );
        return Err(EngineError::BadRequest { field: "before", reason });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_younger_than_half_a_year_goes_whatever_is_asked() {
        let now = Timestamp(1_800_000_000_000);
        let field = |days_ago: i64, kept_days| {
            let refused = check_age(Timestamp(now.0 - days_ago * DAY_MS), kept_days, now).err();
            refused.map(|error| match error {
                EngineError::BadRequest { field, .. } => field,
                other => panic!("{other:?}"),
            })
        };
        assert_eq!(field(400, AUDIT_KEPT_DAYS_DEFAULT), None);
        assert_eq!(field(399, AUDIT_KEPT_DAYS_DEFAULT), Some("before"));
        assert_eq!(field(183, AUDIT_KEPT_DAYS_MIN), None);
        assert_eq!(field(1_000, AUDIT_KEPT_DAYS_MIN - 1), Some("kept_days"));
    }
}
