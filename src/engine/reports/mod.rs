//! Reports: what has come of needs and leads in a period, of what the viewer may see.
//!
//! `facts` collects from the directory, `count` only counts; every figure comes with what it is
//! a part of, and what is not known is a part of its own.

mod count;
mod facts;
mod period;

use super::{Engine, EngineError, Viewer, blocking};
use crate::model::{CivilDate, RecordId, Timestamp};

pub use count::{CommissionerCount, Days, Figure, Group, Part, Report, RoleCount, Unit};
pub use period::{Period, PeriodKind};

/// 报告请求
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportQuery {
    /// Over which days, as [`Period::parse`] reads it; this week if `None`.
    pub period: Option<String>,
    /// 述职: only the work of this commissioner, by id or login; `me` is whoever asks.
    pub commissioner: Option<String>,
    /// The day that `week`, `month` and `year` are meant of; today in China if `None`.
    pub today: Option<CivilDate>,
}

/// Whose work a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scope {
    viewer: Viewer,
    commissioner: Option<RecordId>,
}

impl Engine {
    /// Counts what has come of needs and leads in a period. Linear in the number of needs, leads
    /// and activities in memory.
    ///
    /// # Errors
    /// [`EngineError::Forbidden`] if nobody has signed in; [`EngineError::Refused`] if the period
    /// is none; [`EngineError::NotFound`] if there is no such commissioner.
    pub async fn report(&self, viewer: Viewer, query: ReportQuery) -> Result<Report, EngineError> {
        if viewer == Viewer::Anonymous {
            return Err(EngineError::Forbidden { action: "report" });
        }
        let today = query.today.unwrap_or_else(|| Timestamp::now().day_in_china());
        let period = Period::parse(query.period.as_deref().unwrap_or("week"), today)?;
        let commissioner = match &query.commissioner {
            None => None,
            Some(name) => Some(self.user_asked_for(viewer, name).await?),
        };
        let directory = self.directory();
        let scope = Scope { viewer, commissioner };
        blocking(move || {
            let facts = facts::collect(&directory, scope);
            Ok::<_, EngineError>(count::count(&facts, period, commissioner))
        })
        .await
    }
}
