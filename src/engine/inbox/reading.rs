//! Somebody's inbox: what is new since their last visit, day by day, the best first.

use std::collections::{BTreeMap, HashMap};

use super::super::directory::{InstitutionEntry, LabEntry};
use super::super::matching::NeedName;
use super::super::records::check_limit;
use super::super::veil::VEILED_NAME;
use super::super::{Engine, EngineError, Viewer};
use super::belonging::{Belonging, Tie, visitor};
use crate::matching::{Band, ReasonKind};
use crate::model::{Body, CivilDate, Kind, RecordId, Timestamp};
use crate::store::{NoticeReason, RowId, Stored};

/// Notices a day that are shown if nothing else is asked for.
pub const PER_DAY: usize = 20;
/// Most notices a day that can be asked for, and most on one page.
pub const PER_DAY_MAX: usize = 100;

/// 分组: what stands together within a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Grouping {
    /// What is about one need.
    #[default]
    Need,
    /// What is about one lab.
    Lab,
}

/// A question for what is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InboxRequest {
    /// What is behind this notice; `None`: behind the last one that was seen.
    pub since: Option<i64>,
    /// Notices a day, 1 to [`PER_DAY_MAX`]; the rest of the day is counted.
    pub per_day: usize,
    /// What stands together.
    pub by: Grouping,
    /// Notices on a page, 1 to [`PER_DAY_MAX`].
    pub limit: usize,
    /// The last notice of the page before.
    pub after: Option<i64>,
}

impl Default for InboxRequest {
    fn default() -> Self {
        let by = Grouping::default();
        Self { since: None, per_day: PER_DAY, by, limit: PER_DAY_MAX, after: None }
    }
}

/// A part of a notice's score.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxReason {
    /// Stable name of its sort, as in answers to needs.
    pub kind: String,
    /// The word, or what else it is called.
    pub name: String,
    /// Where the evidence has it; empty where that means nothing.
    pub field: String,
    /// What it adds.
    pub value: f64,
}

/// 提醒: a match that is new to somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxItem {
    /// Its number.
    pub id: i64,
    /// When it was found.
    pub at: Timestamp,
    /// The kind of the record that was new or changed.
    pub met_kind: Kind,
    /// The need.
    pub need: NeedName,
    /// The lab.
    pub lab: LabEntry,
    /// Its institutions.
    pub institutions: Vec<InstitutionEntry>,
    /// Id, external id and title of the best evidence; `None` if it is the lab's own profile.
    pub achievement: Option<(RecordId, String, String)>,
    /// How sure.
    pub band: Band,
    /// The score; comparable between labs for one need.
    pub score: f64,
    /// The share of what the need could score; comparable between needs.
    pub share: f64,
    /// Why it matches, largest first.
    pub reasons: Vec<InboxReason>,
    /// Why it is theirs.
    pub ties: Vec<Tie>,
}

/// What stands together within a day.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxGroup {
    /// All of one need, or of one lab; the best first.
    pub items: Vec<InboxItem>,
}

/// A day in China.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxDay {
    /// Which.
    pub date: CivilDate,
    /// What is shown of it on this page, the group with the best notice first.
    pub groups: Vec<InboxGroup>,
    /// Notices of the day beyond those that are shown a day.
    pub more: usize,
}

/// What is new.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxAnswer {
    /// It is behind this notice.
    pub since: i64,
    /// And goes up to this one: what is to be marked as seen.
    pub until: i64,
    /// The newest day first.
    pub days: Vec<InboxDay>,
    /// The last notice of this page, if there is another behind it.
    pub next: Option<i64>,
}

impl Engine {
    /// What is new to the viewer. Reading it marks nothing as seen.
    ///
    /// # Errors
    /// [`EngineError::NotSignedIn`] for the anonymous; [`EngineError::TooLarge`] or
    /// [`EngineError::BadRequest`] if a number is not in its range.
    pub async fn inbox(
        &self,
        viewer: Viewer,
        request: InboxRequest,
    ) -> Result<InboxAnswer, EngineError> {
        let visitor = visitor(viewer)?;
        check_limit(request.limit, PER_DAY_MAX)?;
        if !(1..=PER_DAY_MAX).contains(&request.per_day) {
            let reason = format!("应在 1 到 {PER_DAY_MAX} 之间");
            return Err(EngineError::BadRequest { field: "per_day", reason });
        }
        let since = match request.since {
            Some(since) => since,
            None => self.store.seen_notice(&visitor).await?,
        };
        let until = self.store.last_notice().await?.max(since);
        let directory = self.directory();
        let notices = self.notices_between(since, until).await?;
        let mut by_day: BTreeMap<_, Vec<Belonging<'_>>> = BTreeMap::new();
        for belonging in self.belonging(viewer, &directory, notices).await? {
            let date = belonging.notice.at.day_in_china();
            by_day.entry(date.last_day()).or_default().push(belonging);
        }
        let mut days = Vec::with_capacity(by_day.len());
        for mut of_day in by_day.into_values().rev() {
            of_day.sort_by(|a, b| {
                let (a, b) = (&a.notice, &b.notice);
                let by_share = || b.what.share.total_cmp(&a.what.share);
                a.what.grade.cmp(&b.what.grade).then_with(by_share).then(b.id.cmp(&a.id))
            });
            let Some(first) = of_day.first() else { continue };
            let date = first.notice.at.day_in_china();
            let (items, more) = self.told(viewer, of_day, request.per_day).await?;
            days.push(InboxDay { date, groups: grouped(items, request.by), more });
        }
        let next = cut(&mut days, request.after, request.limit)?;
        Ok(InboxAnswer { since, until, days, next })
    }

    /// Marks what is up to `until`, by default everything, as seen, and says up to where that is
    /// now.
    ///
    /// # Errors
    /// [`EngineError::NotSignedIn`] for the anonymous; [`EngineError::BadRequest`] if there is no
    /// such notice yet.
    pub async fn mark_inbox_seen(
        &self,
        viewer: Viewer,
        until: Option<i64>,
    ) -> Result<i64, EngineError> {
        let visitor = visitor(viewer)?;
        let last = self.store.last_notice().await?;
        let until = until.unwrap_or(last);
        let before = self.store.seen_notice(&visitor).await?;
        if until > last.max(before) {
            let reason = "没有编号这么大的提醒，请填 inbox 返回的 until".to_owned();
            return Err(EngineError::BadRequest { field: "until", reason });
        }
        self.store.see_notices(&visitor, until).await?;
        Ok(self.store.seen_notice(&visitor).await?)
    }

    /// The first `per_day` of a day's notices that are still true, and how many more there are.
    async fn told(
        &self,
        viewer: Viewer,
        of_day: Vec<Belonging<'_>>,
        per_day: usize,
    ) -> Result<(Vec<InboxItem>, usize), EngineError> {
        let mut items = Vec::with_capacity(per_day.min(of_day.len()));
        let mut rest = of_day.into_iter();
        while items.len() < per_day && rest.len() > 0 {
            let part: Vec<_> = rest.by_ref().take(per_day - items.len()).collect();
            let rows = part.iter().flat_map(|b| [b.notice.what.need, b.notice.what.document]);
            let mut rows: Vec<RowId> = rows.collect();
            rows.sort_unstable();
            rows.dedup();
            let stored = self.store.rows(&rows).await?;
            let stored: HashMap<RowId, Stored> = stored.into_iter().map(|s| (s.row, s)).collect();
            let ids: Vec<i64> = part.iter().map(|b| b.notice.id).collect();
            let mut reasons = self.store.notice_reasons(&ids).await?;
            for belonging in part {
                let Some(reasons) = reasons.remove(&belonging.notice.id) else { continue };
                items.extend(self.item(viewer, belonging, &stored, reasons));
            }
        }
        Ok((items, rest.len()))
    }

    /// A notice as it may be shown; `None` if need or evidence have changed since, or the
    /// evidence is not for the viewer.
    fn item(
        &self,
        viewer: Viewer,
        belonging: Belonging<'_>,
        stored: &HashMap<RowId, Stored>,
        reasons: Vec<NoticeReason>,
    ) -> Option<InboxItem> {
        let Belonging { notice, need: _, lab, ties } = belonging;
        let what = &notice.what;
        let is_current = |row: RowId, revision: u64| {
            let record = &stored.get(&row)?.record;
            let meta = &record.meta;
            (meta.revision == revision && meta.deleted_at.is_none()).then_some(record)
        };
        let need = is_current(what.need, what.need_revision)?;
        let document = is_current(what.document, what.document_revision)?;
        if !self.sight_of(viewer, document).is_any() {
            return None;
        }
        let Body::Need(body) = &need.body else { return None };
        let title = body.title.clone();
        let hides_text = self.sight_of(viewer, need).hides_text();
        let reasons = if hides_text {
            veiled(reasons, &title)
        } else {
            reasons.into_iter().map(shown).collect()
        };
        let meta = &document.meta;
        let achievement = matches!(document.body, Body::Achievement(_));
        let (lab, institutions) = self.directory().told_lab(viewer, lab);
        Some(InboxItem {
            id: notice.id,
            at: notice.at,
            met_kind: notice.met_kind,
            need: NeedName { record: Some((need.meta.id, need.meta.external_id.clone())), title },
            lab,
            institutions,
            achievement: achievement
                .then(|| (meta.id, meta.external_id.clone(), document.body.title().to_owned())),
            band: band(what.grade),
            score: what.score,
            share: what.share,
            reasons,
            ties,
        })
    }
}

fn shown(reason: NoticeReason) -> InboxReason {
    let NoticeReason { kind, name, field, value } = reason;
    InboxReason { kind, name, field, value }
}

/// Words of a text that is not shown go under one name; words that the title has may be told.
fn veiled(reasons: Vec<NoticeReason>, title: &str) -> Vec<InboxReason> {
    let (text, part) = (ReasonKind::Text.as_str(), ReasonKind::Part.as_str());
    let (mut told, mut hidden) = (Vec::new(), 0.0);
    for reason in reasons {
        let of_text = reason.kind == text || reason.kind == part;
        if of_text && !title.contains(&reason.name) {
            hidden += reason.value;
        } else {
            told.push(shown(reason));
        }
    }
    if hidden > 0.0 {
        let (kind, name) = (part.to_owned(), VEILED_NAME.to_owned());
        told.push(InboxReason { kind, name, field: "text".to_owned(), value: hidden });
    }
    told.sort_by(|a, b| b.value.total_cmp(&a.value));
    told
}

fn band(grade: u8) -> Band {
    let bands = [Band::Strong, Band::Fair, Band::Weak];
    bands.into_iter().find(|band| *band as u8 == grade).unwrap_or(Band::None)
}

/// Items of one need, or one lab, together, in the order of the first of each.
fn grouped(items: Vec<InboxItem>, by: Grouping) -> Vec<InboxGroup> {
    let mut groups: Vec<InboxGroup> = Vec::new();
    let mut places: HashMap<Option<RecordId>, usize> = HashMap::new();
    for item in items {
        let of = match by {
            Grouping::Need => item.need.record.as_ref().map(|(id, _)| *id),
            Grouping::Lab => Some(item.lab.id),
        };
        let place = *places.entry(of).or_insert_with(|| {
            groups.push(InboxGroup { items: Vec::new() });
            groups.len() - 1
        });
        groups[place].items.push(item);
    }
    groups
}

/// Leaves the `limit` items behind `after`, and says which is the last of them if there are more.
fn cut(
    days: &mut Vec<InboxDay>,
    after: Option<i64>,
    limit: usize,
) -> Result<Option<i64>, EngineError> {
    let all = days.iter().flat_map(|day| &day.groups).flat_map(|group| &group.items);
    let ids: Vec<i64> = all.map(|item| item.id).collect();
    let start = match after {
        None => 0,
        Some(after) => match ids.iter().position(|id| *id == after) {
            Some(place) => place + 1,
            None => {
                let reason = "这一页之后的内容已变化，请从头读取".to_owned();
                return Err(EngineError::BadRequest { field: "after", reason });
            }
        },
    };
    let end = ids.len().min(start + limit);
    let kept = &ids[start..end];
    for day in days.iter_mut() {
        for group in &mut day.groups {
            group.items.retain(|item| kept.contains(&item.id));
        }
        day.groups.retain(|group| !group.items.is_empty());
    }
    days.retain(|day| !day.groups.is_empty());
    Ok(kept.last().copied().filter(|_| end < ids.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_text_that_is_not_shown_only_the_sum_is_told() {
        let reason = |kind: &str, name: &str, value| NoticeReason {
            kind: kind.to_owned(),
            name: name.to_owned(),
            field: "text".to_owned(),
            value,
        };
        let reasons = vec![
            reason("text", "膜电极", 2.0),
            reason("text", "梯度涂布", 1.5),
            reason("part", "配方", 1.0),
            reason("fit", "领域相符", 0.5),
        ];
        let told = veiled(reasons, "膜电极耐久性不足");
        let told: Vec<_> = told.iter().map(|r| (r.name.as_str(), r.value)).collect();
        assert_eq!(told, [(VEILED_NAME, 2.5), ("膜电极", 2.0), ("领域相符", 0.5)]);
    }
}
