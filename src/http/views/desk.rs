//! A commissioner's desk.

use serde::Serialize;
use utoipa::ToSchema;

use super::inbox::{InboxSummary, inbox_summary};
use super::leads::{Board, board};
use super::matching::{InstitutionName, LabMatch, lab_match};
use super::plans::{Posting, posting};
use super::report::{ReportCommissioner, report_commissioner};
use crate::engine;

/// 工作台: my university, my park, my postings, my matches, and what I did in which role.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Desk {
    /// The university that I am posted to.
    pub institution: Option<InstitutionName>,
    /// The park or district that I come from.
    pub office: Option<OfficeName>,
    /// My postings in force.
    pub postings: Vec<Posting>,
    /// The newest needs of my park that labs of my university match fairly at least.
    pub matches: Vec<DeskMatch>,
    /// Needs of my park that were looked at.
    pub needs: usize,
    /// My leads by state.
    pub board: Board,
    /// What is new.
    pub inbox: InboxSummary,
    /// This year's activities by role (宣传员, 播种机, 参谋长).
    pub roles: Option<ReportCommissioner>,
}

/// An office, named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OfficeName {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
}

/// A need of my park with labs of my university.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DeskMatch {
    /// The need.
    pub need: DeskNeed,
    /// The best first, at most 3.
    pub labs: Vec<LabMatch>,
}

/// A need of my park.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeskNeed {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Its firm, by name.
    pub enterprise: String,
}

/// The desk as it is told.
pub fn desk(desk: &engine::Desk) -> Desk {
    let matches = desk.matches.iter().map(|own| DeskMatch {
        need: DeskNeed {
            id: own.need.id.to_string(),
            title: own.need.title.clone(),
            enterprise: own.need.enterprise.clone(),
        },
        labs: own.labs.iter().zip(1..).map(|(lab, rank)| lab_match(lab, rank)).collect(),
    });
    Desk {
        institution: desk
            .institution
            .as_ref()
            .map(|own| InstitutionName { id: own.id.to_string(), name: own.name.clone() }),
        office: desk
            .office
            .as_ref()
            .map(|(id, name)| OfficeName { id: id.to_string(), name: name.clone() }),
        postings: desk.postings.iter().filter_map(posting).collect(),
        matches: matches.collect(),
        needs: desk.needs,
        board: board(&desk.board),
        inbox: inbox_summary(&desk.inbox),
        roles: desk.roles.as_ref().map(report_commissioner),
    }
}
