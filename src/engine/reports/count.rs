//! Counting: facts and a period in, figures out.
//!
//! What happened in the period is additive: of a period that is made of others it is the sum.
//! What is there at its end, and medians, are not. Parts of one whole sum to it.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;

use super::facts::{ActivityFact, Facts, LeadFact};
use super::period::{Period, day_of};
use crate::model::{ActivityKind, CommissionerRole, Fen, LeadState, Mode, RecordId, Stay};

/// What is not known, as people read it.
const UNKNOWN: &str = "未知";

/// 单位
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A number of things.
    Count,
    /// Money, in fen.
    Fen,
}

/// 指标: a figure with what it is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// The stable English name.
    pub name: &'static str,
    /// The Chinese name.
    pub label: &'static str,
    /// The figure.
    pub value: i64,
    /// What it counts.
    pub unit: Unit,
    /// Of how many.
    pub of: i64,
    /// Of how many of what.
    pub of_label: &'static str,
    /// Whether it is the sum over the parts of the period.
    pub additive: bool,
}

/// 分组: the leads, apart by one property. The parts sum to all leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The stable English name of the property.
    pub name: &'static str,
    /// Its Chinese name.
    pub label: &'static str,
    /// Its values: states in their order, others by leads, what is unknown last.
    pub parts: Vec<Part>,
}

/// 分组的一项
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// The value; empty if it is unknown.
    pub name: String,
    /// As people read it.
    pub label: String,
    /// Leads at the end of the period.
    pub leads: i64,
    /// Of these, made in the period.
    pub created: i64,
    /// Of these, signed in the period.
    pub signed: i64,
    /// What these come to, in fen.
    pub signed_fen: i64,
}

/// 停留天数: of the leads that left a state in the period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Days {
    /// The state.
    pub state: LeadState,
    /// How many leads came into it in the period.
    pub entered: i64,
    /// How many left it in the period: the median is of them.
    pub left: i64,
    /// Median of the days that they were in it; `None` if none left it.
    pub median: Option<f64>,
}

/// 角色计数: activities by the role in which they were done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleCount {
    /// The role; `None` if it was not said.
    pub role: Option<CommissionerRole>,
    /// Activities in the period.
    pub activities: i64,
    /// Visits among them.
    pub visits: i64,
}

/// 专员计数: what somebody did in each role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommissionerCount {
    /// Who; `None` if it was not written down by a user.
    pub user: Option<RecordId>,
    /// As 宣传员.
    pub publicist: i64,
    /// As 播种机.
    pub sower: i64,
    /// As 参谋长.
    pub adviser: i64,
    /// In a role that was not said.
    pub unspecified: i64,
}

/// 报告
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Over which days.
    pub period: Period,
    /// Whose work alone it is about, if it is 述职.
    pub commissioner: Option<RecordId>,
    /// The figures.
    pub figures: Vec<Figure>,
    /// The leads by state, mode, park and university.
    pub groups: Vec<Group>,
    /// Ways through the states.
    pub days: Vec<Days>,
    /// Activities by role.
    pub roles: Vec<RoleCount>,
    /// Activities by commissioner and role: all commissioners, and who else did something.
    pub commissioners: Vec<CommissionerCount>,
}

/// Counts.
pub(super) fn count(facts: &Facts, period: Period, commissioner: Option<RecordId>) -> Report {
    let leads: Vec<Counted<'_>> =
        facts.leads.iter().filter_map(|lead| Counted::of(lead, period)).collect();
    let done: Vec<&ActivityFact> =
        facts.activities.iter().filter(|a| period.has(a.on.last_day())).collect();
    Report {
        period,
        commissioner,
        figures: figures(facts, &leads, &done, period),
        groups: groups(&leads),
        days: LeadState::ALL.iter().map(|state| days(&leads, period, *state)).collect(),
        roles: roles(&done),
        commissioners: commissioners(&facts.commissioners, &done),
    }
}

/// A lead that was there at the end of the period.
struct Counted<'a> {
    fact: &'a LeadFact,
    /// The state at the end of the period.
    state: LeadState,
    created: bool,
    /// What was signed in the period, if the contract still stands.
    signed: Option<&'a (Mode, Fen)>,
}

impl<'a> Counted<'a> {
    fn of(fact: &'a LeadFact, period: Period) -> Option<Self> {
        let created = day_of(fact.created);
        if created > period.until {
            return None;
        }
        let before = fact.stays.iter().take_while(|stay| day_of(stay.since) <= period.until);
        let state = before.last().or(fact.stays.first())?.state;
        // Signed again counts once, when it was signed for good.
        let signing = fact.stays.iter().rfind(|stay| stay.state == LeadState::Signed);
        let in_period = signing.is_some_and(|stay| period.has(day_of(stay.since)));
        let signed = fact.contract.as_ref().filter(|_| in_period);
        Some(Self { fact, state, created: period.has(created), signed })
    }

    fn entered(&self, period: Period, state: LeadState) -> i64 {
        let into =
            self.fact.stays.iter().filter(|s| s.state == state && period.has(day_of(s.since)));
        counted(into.count())
    }
}

fn figures(
    facts: &Facts,
    leads: &[Counted<'_>],
    done: &[&ActivityFact],
    period: Period,
) -> Vec<Figure> {
    let there = facts.needs.iter().filter(|need| day_of(need.created) <= period.until);
    let there: HashSet<RecordId> = there.map(|need| need.id).collect();
    let new = facts.needs.iter().filter(|need| period.has(day_of(need.created)));
    let followed: HashSet<RecordId> = leads.iter().map(|lead| lead.fact.need).collect();
    let entered = |state| leads.iter().map(|lead| lead.entered(period, state)).sum();
    let active: HashSet<RecordId> = done.iter().filter_map(|activity| activity.by).collect();
    let active = facts.commissioners.iter().filter(|id| active.contains(id));
    let visits = done.iter().filter(|activity| activity.kind == ActivityKind::Visit);
    let signed = counted(leads.iter().filter(|lead| lead.signed.is_some()).count());
    let amount = leads.iter().filter_map(|lead| lead.signed).map(|(_, amount)| amount.get()).sum();
    let (needs, all) = (counted(there.len()), counted(leads.len()));
    let (activities, people) = (counted(done.len()), counted(facts.commissioners.len()));
    let figure = |name, label, value, of, of_label| Figure {
        name,
        label,
        value,
        unit: Unit::Count,
        of,
        of_label,
        additive: true,
    };
    let at_end = |figure| Figure { additive: false, ..figure };
    vec![
        figure("new_needs", "新增需求", counted(new.count()), needs, "期末需求"),
        at_end(figure(
            "needs_followed",
            "已跟进的需求",
            counted(there.intersection(&followed).count()),
            needs,
            "期末需求",
        )),
        figure(
            "leads_created",
            "新增线索",
            counted(leads.iter().filter(|lead| lead.created).count()),
            all,
            "期末线索",
        ),
        figure("visited", "进入调研的线索", entered(LeadState::Visited), all, "期末线索"),
        figure("signed", "签约", signed, all, "期末线索"),
        Figure {
            unit: Unit::Fen, ..figure("signed_amount", "签约金额", amount, signed, "份签约")
        },
        figure("landed", "落地", entered(LeadState::Landed), all, "期末线索"),
        figure("closed", "关闭", entered(LeadState::Closed), all, "期末线索"),
        figure("activities", "活动", activities, activities, "活动"),
        figure("visits", "走访", counted(visits.count()), activities, "活动"),
        at_end(figure(
            "active_commissioners",
            "有活动的专员",
            counted(active.count()),
            people,
            "专员",
        )),
    ]
}

fn groups(leads: &[Counted<'_>]) -> Vec<Group> {
    type Key = (usize, String, String);
    let group = |name, label, key: &dyn Fn(&Counted<'_>) -> Key| {
        let mut parts: BTreeMap<Key, Part> = BTreeMap::new();
        for lead in leads {
            let key = key(lead);
            let new = || Part { name: key.1.clone(), label: key.2.clone(), ..Part::default() };
            let part = parts.entry(key.clone()).or_insert_with(new);
            part.leads += 1;
            part.created += i64::from(lead.created);
            part.signed += i64::from(lead.signed.is_some());
            part.signed_fen += lead.signed.map_or(0, |(_, amount)| amount.get());
        }
        let mut parts: Vec<(Key, Part)> = parts.into_iter().collect();
        // States have an order of their own; of others the largest first, then by name.
        parts.sort_by_key(|((rank, ..), part)| {
            (*rank, std::cmp::Reverse(if name == "state" { 0 } else { part.leads }))
        });
        Group { name, label, parts: parts.into_iter().map(|(_, part)| part).collect() }
    };
    let named = |name: Option<&String>, unknown: &str| match name {
        Some(name) => (0, name.clone(), name.clone()),
        None => (1, String::new(), unknown.to_owned()),
    };
    vec![
        group("state", "状态", &|lead| {
            (lead.state as usize, lead.state.as_str().to_owned(), lead.state.label().to_owned())
        }),
        group("mode", "合作方式", &|lead| match &lead.fact.contract {
            Some((mode, _)) => (0, mode.as_str().to_owned(), mode.label().to_owned()),
            None => (1, String::new(), "未签约".to_owned()),
        }),
        group("park", "园区", &|lead| named(lead.fact.park.as_ref(), UNKNOWN)),
        group("university", "高校院所", &|lead| named(lead.fact.university.as_ref(), UNKNOWN)),
    ]
}

fn days(leads: &[Counted<'_>], period: Period, state: LeadState) -> Days {
    let mut left: Vec<i64> = Vec::new();
    for lead in leads {
        for pair in lead.fact.stays.windows(2) {
            let [Stay { state: of, since }, next] = pair else { continue };
            let (came, went) = (day_of(*since), day_of(next.since));
            if *of == state && period.has(went) {
                left.push(days_between(came, went));
            }
        }
    }
    left.sort_unstable();
    let entered = leads.iter().map(|lead| lead.entered(period, state)).sum();
    Days { state, entered, left: counted(left.len()), median: median(&left) }
}

fn roles(done: &[&ActivityFact]) -> Vec<RoleCount> {
    let all = CommissionerRole::ALL.iter().copied().map(Some).chain([None]);
    let row = |role| {
        let of: Vec<_> = done.iter().filter(|activity| activity.role == role).collect();
        let visits = of.iter().filter(|activity| activity.kind == ActivityKind::Visit).count();
        RoleCount { role, activities: counted(of.len()), visits: counted(visits) }
    };
    all.map(row).collect()
}

fn commissioners(known: &[RecordId], done: &[&ActivityFact]) -> Vec<CommissionerCount> {
    let mut rows: BTreeMap<(bool, Option<RecordId>), CommissionerCount> = BTreeMap::new();
    let row = |user| CommissionerCount { user, publicist: 0, sower: 0, adviser: 0, unspecified: 0 };
    // Those who wrote something down without having signed in stand last.
    let key = |user: Option<RecordId>| (user.is_none(), user);
    for id in known {
        rows.insert(key(Some(*id)), row(Some(*id)));
    }
    for activity in done {
        let row = rows.entry(key(activity.by)).or_insert_with(|| row(activity.by));
        *match activity.role {
            Some(CommissionerRole::Publicist) => &mut row.publicist,
            Some(CommissionerRole::Sower) => &mut row.sower,
            Some(CommissionerRole::Adviser) => &mut row.adviser,
            None => &mut row.unspecified,
        } += 1;
    }
    rows.into_values().collect()
}

/// The middle of sorted numbers; of an even number of them the mean of both.
fn median(sorted: &[i64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        count if count % 2 == 1 => Some(sorted[middle] as f64),
        _ => Some((sorted[middle - 1] + sorted[middle]) as f64 / 2.0),
    }
}

fn days_between(from: Date, until: Date) -> i64 {
    i64::from((until - from).get_days()).max(0)
}

fn counted(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
#[path = "count_tests.rs"]
mod tests;
