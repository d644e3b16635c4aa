//! 专员工作台: my university, my park, my postings, my matches, and what I did in which role.

use super::open_needs::{is_in_area, newest_open};
use crate::engine::directory::InstitutionEntry;
use crate::engine::records::RecordView;
use crate::engine::{
    BoardColumn, CommissionerCount, Engine, EngineError, Filters, InboxSummary, LabMatch,
    LeadQuery, MatchQuestion, MatchRequest, Preferences, ReportQuery, Viewer,
};
use crate::matching::Band;
use crate::model::{PlanState, RecordId, Role};

/// Open needs of the park that are matched, the newest.
const NEEDS_MAX: usize = 20;
/// Labs that are shown for each.
const LABS_MAX: usize = 3;

/// A need of my park.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskNeed {
    /// Its id.
    pub id: RecordId,
    /// Its title.
    pub title: String,
    /// Its firm, by name.
    pub enterprise: String,
}

/// A need of my park with labs of my university.
#[derive(Debug, Clone, PartialEq)]
pub struct DeskMatch {
    /// The need.
    pub need: DeskNeed,
    /// Labs that match fairly at least, the best first.
    pub labs: Vec<LabMatch>,
}

/// 工作台
#[derive(Debug, Clone, PartialEq)]
pub struct Desk {
    /// The university that the commissioner is posted to.
    pub institution: Option<InstitutionEntry>,
    /// The park that they come from: id and name.
    pub office: Option<(RecordId, String)>,
    /// Their postings in force.
    pub postings: Vec<RecordView>,
    /// Needs of the park that are matched, the newest first; those without a lab are counted in
    /// `needs` alone.
    pub matches: Vec<DeskMatch>,
    /// Needs that were looked at.
    pub needs: usize,
    /// Their leads by state.
    pub board: Vec<BoardColumn>,
    /// What is new.
    pub inbox: InboxSummary,
    /// This year's activities by role; `None` if there are none.
    pub roles: Option<CommissionerCount>,
}

impl Engine {
    /// The desk of a commissioner. Matches the newest needs of their park.
    ///
    /// # Errors
    /// [`EngineError::NotSignedIn`]; [`EngineError::Forbidden`] for those who are not posted.
    pub async fn desk(&self, viewer: Viewer) -> Result<Desk, EngineError> {
        let who = viewer.identity().ok_or(EngineError::NotSignedIn)?;
        if who.role != Role::Commissioner {
            return Err(EngineError::Forbidden { action: "see a commissioner's desk" });
        }
        let directory = self.directory();
        let institution = who.institution.and_then(|id| directory.seen_institution(viewer, id));
        let office = who.office.and_then(|id| directory.places.office(id));
        let office = office.map(|own| (own.id, own.names.first().cloned().unwrap_or_default()));
        let mine = directory.postings().filter(|(_, own)| {
            let in_force =
                directory.plan(own.plan).is_some_and(|p| p.state == PlanState::Published);
            let bound = own.office.is_some()
                && own.office == who.office
                && own.institution.is_some()
                && own.institution == who.institution;
            in_force && (own.user == Some(who.user) || (own.user.is_none() && bound))
        });
        let rows: Vec<_> = mine.map(|(_, own)| own.row).collect();
        let mut postings = self.store.rows(&rows).await?;
        postings.retain(|own| own.record.meta.deleted_at.is_none());
        let postings = postings.into_iter().map(|own| self.shown(viewer, own.record)).collect();
        let needs = self.needs_of_office(viewer, who.office);
        let looked_at = needs.len();
        let mut matches = Vec::new();
        for need in needs {
            let request = MatchRequest {
                question: MatchQuestion::Need(need.id.to_string()),
                limit: LABS_MAX,
                filters: Filters {
                    institution: who.institution.map(|id| id.to_string()),
                    ..Filters::default()
                },
                preferences: Preferences::default(),
            };
            let mut labs = self.match_labs(viewer, request).await?.matches;
            labs.retain(|own| matches!(own.band, Band::Strong | Band::Fair));
            if !labs.is_empty() {
                matches.push(DeskMatch { need, labs });
            }
        }
        let own = ReportQuery {
            period: Some("year".to_owned()),
            commissioner: Some("me".to_owned()),
            today: None,
        };
        let roles = self.report(viewer, own).await?.commissioners;
        let leads = LeadQuery { owner: Some("me".to_owned()), ..LeadQuery::default() };
        Ok(Desk {
            institution: institution.cloned(),
            office,
            postings,
            matches,
            needs: looked_at,
            board: self.lead_board(viewer, leads).await?,
            inbox: self.inbox_summary(viewer, None).await?,
            roles: roles.into_iter().find(|own| own.user == Some(who.user)),
        })
    }

    /// Open needs of the firms in an office's area that the viewer may see, the newest first.
    fn needs_of_office(&self, viewer: Viewer, office: Option<RecordId>) -> Vec<DeskNeed> {
        let directory = self.directory();
        let Some(area) = office else { return Vec::new() };
        let newest = newest_open(&directory, NEEDS_MAX, |need, firm| {
            is_in_area(&directory, firm, area) && viewer.sight_of_need(&directory, need).is_any()
        });
        let newest = newest.into_iter().map(|(need, firm)| DeskNeed {
            id: need.id,
            title: need.title.to_string(),
            enterprise: firm.name.clone(),
        });
        newest.collect()
    }
}
