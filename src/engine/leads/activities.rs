//! What was done, for a lead or for none in particular.

use super::draft;
use crate::engine::records::{LIST_LIMIT_MAX, RecordView, check_limit};
use crate::engine::{Engine, EngineError, Once, Viewer, blocking};
use crate::model::{
    Activity, ActivityKind, Body, CivilDate, CommissionerRole, Kind, RecordId, Refusal, Timestamp,
};
use crate::store::{Existing, Write};

/// 新活动: as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewActivity {
    /// The lead it was done for, by id or external id.
    pub lead: Option<String>,
    /// The posting on which it was done, by id.
    pub posting: Option<String>,
    /// What was done.
    pub kind: ActivityKind,
    /// In which of a commissioner's roles.
    pub role: Option<CommissionerRole>,
    /// When; today in China if `None`.
    pub on: Option<CivilDate>,
    /// Where.
    pub place: String,
    /// What came of it.
    pub text: String,
}

/// 活动筛选: what is `None` does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivityQuery {
    /// Done for this lead, by id or external id.
    pub lead: Option<String>,
    /// Done on this posting, by id.
    pub posting: Option<String>,
    /// Of this sort.
    pub kind: Option<ActivityKind>,
    /// In this role.
    pub role: Option<CommissionerRole>,
    /// On this day or later.
    pub from: Option<CivilDate>,
    /// On this day or earlier.
    pub until: Option<CivilDate>,
}

impl Engine {
    /// Writes down what was done.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] if the viewer does not see the lead or the posting; [`EngineError::Forbidden`];
    /// [`EngineError::Refused`] if a text is missing or too long, or the day has not come yet or
    /// is none.
    pub async fn create_activity(
        &self,
        viewer: Viewer,
        new: NewActivity,
        once: Option<Once>,
    ) -> Result<RecordView, EngineError> {
        let lead_id = match &new.lead {
            None => None,
            Some(name) => Some(self.named(viewer, Kind::Lead, name).await?.record.meta.id),
        };
        let posting_id = match &new.posting {
            None => None,
            Some(name) => Some(self.named(viewer, Kind::Posting, name).await?.record.meta.id),
        };
        let today = Timestamp::now().day_in_china();
        let on = new.on.unwrap_or(today);
        if on.day().is_none() || on > today {
            let reason = format!("“{on}”不是已到的某一天");
            return Err(Refusal::new("on", reason, "不晚于今天的日期，如 2026-05-06").into());
        }
        let NewActivity { kind, role, place, text, .. } = new;
        let activity = Activity { lead_id, posting_id, kind, role, on, place, text }.checked()?;
        let draft = draft(RecordId::generate().to_string(), Body::Activity(activity));
        self.check_may_create(viewer, &draft)?;
        let write = Write { draft, existing: Existing::Refused };
        let (stored, _) = self.write_one(viewer, write, once).await?;
        Ok(self.shown(viewer, stored.record))
    }

    /// A page of activities behind `after`, in the order of their ids, and whether there are
    /// more. Linear in the number of activities.
    ///
    /// # Errors
    /// [`EngineError::TooLarge`] if `limit` is over [`LIST_LIMIT_MAX`];
    /// [`EngineError::NotFound`] if the viewer does not see the lead or the posting.
    pub async fn list_activities(
        &self,
        viewer: Viewer,
        query: ActivityQuery,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<(Vec<RecordView>, bool), EngineError> {
        check_limit(limit, LIST_LIMIT_MAX)?;
        let lead = match &query.lead {
            None => None,
            Some(name) => Some(self.named(viewer, Kind::Lead, name).await?.record.meta.id),
        };
        let posting = match &query.posting {
            None => None,
            Some(name) => Some(self.named(viewer, Kind::Posting, name).await?.record.meta.id),
        };
        let directory = self.directory();
        let found = blocking(move || {
            let passing = directory.activities().filter(|(_, activity)| {
                (lead.is_none() || activity.lead == lead)
                    && (posting.is_none() || activity.posting == posting)
                    && query.kind.is_none_or(|kind| kind == activity.kind)
                    && (query.role.is_none() || activity.role == query.role)
                    && query.from.is_none_or(|from| activity.on >= from)
                    && query.until.is_none_or(|until| activity.on.last_day() <= until.last_day())
                    && viewer.sight_of_activity(&directory, activity).is_any()
            });
            Ok::<Vec<_>, EngineError>(passing.map(|(id, found)| (id, found.row)).collect())
        })
        .await?;
        let (page, more) = self.page_of(found, after, limit).await?;
        Ok((page.into_iter().map(|stored| self.shown(viewer, stored.record)).collect(), more))
    }
}
