//! What has become of a lead: its revisions, as steps.

use super::super::records::check_limit;
use crate::engine::{Engine, EngineError, Viewer};
use crate::model::{Body, Kind, Lead, LeadState, Timestamp};

/// Most steps on one page.
pub const HISTORY_LIMIT_MAX: usize = 200;

/// 一步: a change of a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadStep {
    /// The lead's revision afterwards.
    pub revision: u64,
    /// When.
    pub at: Timestamp,
    /// Who; empty if the viewer may not know.
    pub by: String,
    /// The state before; `None` for the first.
    pub from: Option<LeadState>,
    /// What it said afterwards, as far as the viewer may know.
    pub lead: Lead,
}

impl Engine {
    /// A page of the changes of a lead behind revision `after`, in their order, and whether
    /// there are more.
    ///
    /// # Errors
    /// [`EngineError::NotFound`]; [`EngineError::TooLarge`] if `limit` is over
    /// [`HISTORY_LIMIT_MAX`].
    pub async fn lead_history(
        &self,
        viewer: Viewer,
        name: &str,
        after: u64,
        limit: usize,
    ) -> Result<(Vec<LeadStep>, bool), EngineError> {
        check_limit(limit, HISTORY_LIMIT_MAX)?;
        let meta = self.named(viewer, Kind::Lead, name).await?.record.meta;
        let until = meta.revision.min(after.saturating_add(limit as u64));
        let mut from = match after {
            0 => None,
            _ => self.lead_at(viewer, &meta, after).await?.map(|step| step.lead.state),
        };
        let mut steps = Vec::new();
        for revision in after.saturating_add(1)..=until {
            let Some(step) = self.lead_at(viewer, &meta, revision).await? else { continue };
            let state = step.lead.state;
            steps.push(LeadStep { from, ..step });
            from = Some(state);
        }
        Ok((steps, until < meta.revision))
    }

    /// A lead as it was at a revision.
    async fn lead_at(
        &self,
        viewer: Viewer,
        meta: &crate::model::Meta,
        revision: u64,
    ) -> Result<Option<LeadStep>, EngineError> {
        let Some(record) = self.store.revision(Kind::Lead, meta.id, revision).await? else {
            return Ok(None);
        };
        let record = self.shown(viewer, record);
        let Body::Lead(lead) = record.body else { return Ok(None) };
        let (at, by) = (record.meta.updated_at, record.meta.updated_by);
        Ok(Some(LeadStep { revision, at, by, from: None, lead }))
    }
}
