//! What is new for somebody.

use serde::Serialize;
use utoipa::ToSchema;

use super::matching::{LabName, NeedName, lab_name, need_name};
use crate::engine;

/// 收件箱: what is new since the last visit.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Inbox {
    /// It is behind this notice.
    pub since: i64,
    /// And goes up to this one: what to send to `/api/v1/inbox/seen` once it was read.
    pub until: i64,
    /// The newest day first.
    pub days: Vec<InboxDay>,
    /// `after` of the next page; null if this is the last one.
    pub next: Option<i64>,
}

/// A day in China.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct InboxDay {
    /// Which.
    pub date: String,
    /// What is on this page, the group with the best notice first.
    pub groups: Vec<InboxGroup>,
    /// Notices of the day beyond those that are shown a day.
    pub more: usize,
    /// That as a Chinese sentence; null if there are none.
    pub more_label: Option<String>,
}

/// Notices of one need, or of one lab.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct InboxGroup {
    /// The best first.
    pub items: Vec<Notice>,
}

/// 提醒: a match that is new.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Notice {
    /// Its number.
    pub id: i64,
    /// When it was found.
    pub at: String,
    /// What was new or changed: `need`, `achievement` or `lab`.
    pub met: &'static str,
    /// That in Chinese.
    pub met_label: &'static str,
    /// The need.
    pub need: NeedName,
    /// The lab.
    pub lab: LabName,
    /// The best evidence; null if it is the lab's own profile.
    pub achievement: Option<AchievementName>,
    /// `strong` or `fair`.
    pub band: &'static str,
    /// The band in Chinese.
    pub label: &'static str,
    /// The score; comparable between labs for one need.
    pub score: f64,
    /// The share of what the need could score; comparable between needs.
    pub share: f64,
    /// The largest parts of the score.
    pub contributions: Vec<NoticeReason>,
    /// Why it is the caller's: `area`, `own_need`, `own_lab`; empty for whoever sees everything.
    pub ties: Vec<Tie>,
}

/// A named part of a notice's score.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NoticeReason {
    /// `text` (a word), `part` (pieces of words), `fit` or `policy`.
    pub kind: String,
    /// The need's word, or what else it is called in Chinese.
    pub name: String,
    /// `title` or `text`: where the evidence has it; absent where that means nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What it adds to the score.
    pub value: f64,
}

/// An achievement, named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AchievementName {
    /// Id.
    pub id: String,
    /// Id in its source.
    pub external_id: String,
    /// Title.
    pub title: String,
}

/// Why a notice is somebody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tie {
    /// `area`, `own_need` or `own_lab`.
    pub kind: &'static str,
    /// That in Chinese.
    pub label: &'static str,
}

/// What was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct InboxSeenBody {
    /// Up to this notice; everything there is if null.
    pub until: Option<i64>,
}

/// Up to where the inbox is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct InboxSeen {
    /// The last notice that counts as seen.
    pub seen: i64,
}

/// 收件箱概览: how many notices are new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct InboxSummary {
    /// They are behind this notice.
    pub since: i64,
    /// And go up to this one.
    pub until: i64,
    /// All of them.
    pub total: usize,
    /// By what was new or changed.
    pub kinds: Vec<KindCount>,
    /// By the park or city of the need's firm, most first.
    pub parks: Vec<PlaceCount>,
    /// By the lab's institution, most first.
    pub institutions: Vec<PlaceCount>,
}

/// How many of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct KindCount {
    /// `need`, `achievement` or `lab`.
    pub kind: &'static str,
    /// That in Chinese.
    pub label: &'static str,
    /// Notices.
    pub count: usize,
}

/// How many of a park or an institution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlaceCount {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Notices.
    pub count: usize,
}

/// The inbox as it is told.
pub fn inbox(answer: &engine::InboxAnswer) -> Inbox {
    let day = |day: &engine::InboxDay| InboxDay {
        date: day.date.to_string(),
        groups: day
            .groups
            .iter()
            .map(|group| InboxGroup { items: group.items.iter().map(notice).collect() })
            .collect(),
        more: day.more,
        more_label: (day.more > 0).then(|| more_label(day.more)),
    };
    Inbox {
        since: answer.since,
        until: answer.until,
        days: answer.days.iter().map(day).collect(),
        next: answer.next,
    }
}

/// What is said of notices that are not shown.
pub(super) fn more_label(more: usize) -> String {
    format!("另有 {more} 条")
}

fn notice(item: &engine::InboxItem) -> Notice {
    let contribution = |reason: &engine::InboxReason| NoticeReason {
        kind: reason.kind.clone(),
        name: reason.name.clone(),
        field: Some(reason.field.clone()).filter(|field| !field.is_empty()),
        value: reason.value,
    };
    let achievement = item.achievement.as_ref();
    Notice {
        id: item.id,
        at: item.at.to_string(),
        met: item.met_kind.as_str(),
        met_label: item.met_kind.label(),
        need: need_name(&item.need),
        lab: lab_name(&item.lab, &item.institutions),
        achievement: achievement.map(|(id, external_id, title)| AchievementName {
            id: id.to_string(),
            external_id: external_id.clone(),
            title: title.clone(),
        }),
        band: item.band.as_str(),
        label: item.band.label(),
        score: item.score,
        share: item.share,
        contributions: item.reasons.iter().map(contribution).collect(),
        ties: item.ties.iter().map(|t| Tie { kind: t.as_str(), label: t.label() }).collect(),
    }
}

/// The summary as it is told.
pub fn inbox_summary(summary: &engine::InboxSummary) -> InboxSummary {
    let kind = |(kind, count): &(crate::model::Kind, usize)| KindCount {
        kind: kind.as_str(),
        label: kind.label(),
        count: *count,
    };
    let place = |of: &engine::InboxCount| PlaceCount {
        id: of.id.to_string(),
        name: of.name.clone(),
        count: of.count,
    };
    InboxSummary {
        since: summary.since,
        until: summary.until,
        total: summary.total,
        kinds: summary.kinds.iter().map(kind).collect(),
        parks: summary.parks.iter().map(place).collect(),
        institutions: summary.institutions.iter().map(place).collect(),
    }
}
