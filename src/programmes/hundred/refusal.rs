//! When there is no plan: which rules and wishes collide, in sentences, and what it would take
//! least to give up.

use std::collections::BTreeSet;

use super::basis::Basis;
use super::case::Posting;
use super::change::Change;
use super::compiled::{Bar, Compiled};
use super::level::Level;
use super::plan::{Attempt, UnknownName, attempt};
use crate::assignment::{Constraint, Infeasible};

/// Bases that are tried in search of the cheapest relaxation.
pub const RELAXATIONS_MAX: usize = 64;

/// 冲突条款: one of those that cannot all be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// Id of the rule; `case` for what the case itself demands.
    pub rule: &'static str,
    /// What it demands here, a Chinese sentence.
    pub text: String,
}

/// 放宽方案: the cheapest way to a plan. What the case wishes is cheaper than choices of ours,
/// these are cheaper than the document's numbers; what has no number cannot be relaxed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relaxation {
    /// What is to be changed.
    pub changes: Vec<Change>,
    /// That in Chinese sentences.
    pub texts: Vec<String>,
}

/// 无可行方案
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What collides: without any one of them there would be a plan for the others.
    pub conflict: Vec<Collision>,
    /// The cheapest relaxation, if there is one within [`RELAXATIONS_MAX`] attempts.
    pub relaxation: Option<Relaxation>,
}

/// A change and what it costs.
type Offer = (u32, Change, String);

/// 障碍: what stands in the way of a plan, and what could be changed about it.
pub(super) struct Obstacle {
    conflict: Vec<Collision>,
    offers: Vec<Offer>,
}

impl Obstacle {
    /// Of constraints that collide.
    pub fn of(compiled: &Compiled<'_>, infeasible: &Infeasible) -> Self {
        let members = || infeasible.conflict.iter().copied();
        let offers = members().filter_map(|own| offer(compiled, own)).flatten();
        Self {
            conflict: members().map(|own| collision(compiled, own)).collect(),
            offers: offers.collect(),
        }
    }

    /// Of more renewals into a batch than it has places; the solver, to whom only the places are
    /// left that renewals do not take, cannot see it.
    pub fn overfull(basis: &Basis) -> Option<Self> {
        basis.case.batches.iter().find_map(|batch| {
            let places = batch.places?;
            let renewed = basis.case.forced.iter().filter(|own| own.renewed.contains(&batch.id));
            let renewed: Vec<&Posting> = renewed.collect();
            let needed = u32::try_from(renewed.len()).unwrap_or(u32::MAX);
            if needed <= places {
                return None;
            }
            let texts = renewed.iter().map(|own| Collision {
                rule: "case",
                text: format!("指定派驻“{}”续派到批次“{}”", forced_text(own), batch.name),
            });
            let full = Collision {
                rule: "case",
                text: format!("批次“{}”共{places}个名额（续派也占名额）", batch.name),
            };
            let more = Change::Places { batch: batch.id.clone(), places: Some(needed) };
            let text = format!("把批次“{}”的名额增加到{needed}个", batch.name);
            let offers = std::iter::once((needed - places, more, text));
            Some(Self {
                conflict: std::iter::once(full).chain(texts).collect(),
                offers: offers.chain(renewed.iter().map(|own| unforced(own))).collect(),
            })
        })
    }
}

/// Why there is no plan: what stands in the way, and the cheapest way around it.
///
/// # Errors
/// If the case is not whole.
pub(super) fn refusal(
    basis: &Basis,
    order: &[Level],
    obstacle: Obstacle,
) -> Result<Refusal, UnknownName> {
    let relaxation = cheapest(basis, order, obstacle.offers)?;
    Ok(Refusal { conflict: obstacle.conflict, relaxation })
}

/// Whatever resolves everything changes at least one member of every conflict that is found, so
/// trying their changes by rising cost finds the cheapest first.
fn cheapest(
    basis: &Basis,
    order: &[Level],
    offers: Vec<Offer>,
) -> Result<Option<Relaxation>, UnknownName> {
    let mut paths: Vec<Vec<Offer>> = Vec::new();
    // By cost, then in the order of finding.
    let mut open: BTreeSet<(u32, usize)> = BTreeSet::new();
    let mut tried: Vec<Basis> = Vec::new();
    let branch = |open: &mut BTreeSet<_>, paths: &mut Vec<_>, path: &[Offer], found: Vec<Offer>| {
        for offer in found {
            let mut path = path.to_vec();
            path.push(offer);
            open.insert((path.iter().map(|(cost, ..)| cost).sum(), paths.len()));
            paths.push(path);
        }
    };
    branch(&mut open, &mut paths, &[], offers);
    for _ in 0..RELAXATIONS_MAX {
        let Some((_, idx)) = open.pop_first() else { break };
        let path = paths[idx].clone();
        let changes: Vec<Change> = path.iter().map(|(_, change, _)| change.clone()).collect();
        let Ok(relaxed) = basis.with(&changes) else { continue };
        if tried.contains(&relaxed) {
            continue;
        }
        match attempt(&relaxed, order, None)? {
            Attempt::Plan(_) => return Ok(Some(relaxation(path))),
            Attempt::Blocked(obstacle) => branch(&mut open, &mut paths, &path, obstacle.offers),
            Attempt::Unsolved(_) => {}
        }
        tried.push(relaxed);
    }
    Ok(None)
}

/// The last word on each parameter and batch counts.
fn relaxation(path: Vec<Offer>) -> Relaxation {
    let same = |a: &Change, b: &Change| match (a, b) {
        (Change::Set { key: a, .. }, Change::Set { key: b, .. }) => a == b,
        (Change::Places { batch: a, .. }, Change::Places { batch: b, .. }) => a == b,
        _ => false,
    };
    let mut kept: Vec<Offer> = Vec::new();
    for offer in path {
        kept.retain(|own| !same(&own.1, &offer.1));
        kept.push(offer);
    }
    let (changes, texts) = kept.into_iter().map(|(_, change, text)| (change, text)).unzip();
    Relaxation { changes, texts }
}

/// What a constraint says in the words of the programme.
fn collision(compiled: &Compiled<'_>, constraint: Constraint) -> Collision {
    let basis = compiled.basis;
    let who = |agent: usize| compiled.commissioners[agent].id.as_str();
    let host = |task: usize| compiled.institutions[task].id.as_str();
    let batch = |slot: usize| &basis.case.batches[slot];
    let parameters = &basis.parameters;
    let (rule, text) = match constraint {
        Constraint::AgentCapacity(agent) => {
            let most = parameters.institutions_per_commissioner.value;
            ("H4", format!("“{}”最多派驻{most}所院校", who(agent)))
        }
        Constraint::AgentSlots(agent) => {
            let own = compiled.commissioners[agent].batches.join("、");
            ("case", format!("“{}”只能参加批次{own}", who(agent)))
        }
        Constraint::OneSlot(agent) => ("H6", format!("“{}”只参加一个批次", who(agent))),
        Constraint::TaskMaximum(task) => {
            let most = parameters.commissioners_per_institution.value;
            ("H4", format!("“{}”最多接收{most}名专员", host(task)))
        }
        Constraint::TaskMinimum(task) => ("case", format!("“{}”是必派院校", host(task))),
        Constraint::TaskSlots(task) => ("case", format!("“{}”只能安排在部分批次", host(task))),
        Constraint::SlotCapacity(slot) => {
            let places = batch(slot).places.unwrap_or(0);
            ("case", format!("批次“{}”共{places}个名额（续派也占名额）", batch(slot).name))
        }
        Constraint::AgentsMax => {
            ("H1", format!("专员最多{}名", parameters.commissioners_max.value))
        }
        Constraint::Prohibited(reason) => match compiled.bar(reason) {
            (Bar::Late, slot) => {
                let own = batch(slot);
                ("H2", format!("批次“{}”到{}，晚于期限{}", own.name, own.end, basis.deadline()))
            }
            (Bar::HasSent, task) => {
                ("H3", format!("“{}”已派科技镇长团成员，首批不安排", host(task)))
            }
            (Bar::MayHaveSent, task) => {
                ("H3", format!("“{}”是否已派科技镇长团成员不清楚，按参数首批不安排", host(task)))
            }
            (Bar::Misfit, task) => {
                let least = parameters.fit_min.value;
                ("H5", format!("与“{}”的匹配度应不低于{least}，未知不算符合", host(task)))
            }
            (Bar::Excluded, task) => ("case", format!("案例排除了部分专员到“{}”", host(task))),
        },
        Constraint::Forced(idx) => {
            ("case", format!("指定派驻“{}”", forced_text(&basis.case.forced[idx])))
        }
    };
    Collision { rule, text }
}

fn forced_text(own: &Posting) -> String {
    let batch =
        if own.batch.is_empty() { String::new() } else { format!("（批次{}）", own.batch) };
    format!("{} → {}{batch}", own.commissioner, own.institution)
}

/// What could be changed about a member of a conflict.
fn offer(compiled: &Compiled<'_>, constraint: Constraint) -> Option<Vec<Offer>> {
    let basis = compiled.basis;
    let parameters = &basis.parameters;
    let more = |cost, key: &'static str, value: u32, what: &str| {
        let change = Change::Set { key: key.to_owned(), value: i64::from(value) + 1 };
        vec![(cost, change, format!("将{what}由{value}提高到{}", value + 1))]
    };
    Some(match constraint {
        Constraint::AgentCapacity(_) => {
            let value = parameters.institutions_per_commissioner.value;
            more(3, "institutions_per_commissioner", value, "每名专员的院校数（H4）")
        }
        Constraint::TaskMaximum(_) => {
            let value = parameters.commissioners_per_institution.value;
            more(3, "commissioners_per_institution", value, "每所院校的专员数（H4）")
        }
        Constraint::AgentsMax => {
            more(4, "commissioners_max", parameters.commissioners_max.value, "专员总数（H1）")
        }
        Constraint::AgentSlots(agent) => {
            let commissioner = compiled.commissioners[agent].id.clone();
            let text = format!("让“{commissioner}”可以参加任何批次");
            vec![(1, Change::Batches { commissioner, batches: Vec::new() }, text)]
        }
        Constraint::TaskMinimum(task) => {
            let id = compiled.institutions[task].id.clone();
            let text = format!("不再要求必派“{id}”");
            vec![(2, Change::Unrequire(id), text)]
        }
        Constraint::SlotCapacity(slot) => {
            let own = &basis.case.batches[slot];
            let places = own.places? + 1;
            let text = format!("把批次“{}”的名额增加到{places}个", own.name);
            vec![(1, Change::Places { batch: own.id.clone(), places: Some(places) }, text)]
        }
        Constraint::Forced(idx) => vec![unforced(&basis.case.forced[idx])],
        Constraint::Prohibited(reason) => barred(compiled, compiled.bar(reason)),
        Constraint::OneSlot(_) | Constraint::TaskSlots(_) => return None,
    })
}

fn unforced(own: &Posting) -> Offer {
    let change = Change::Unforce {
        commissioner: own.commissioner.clone(),
        institution: own.institution.clone(),
    };
    (2, change, format!("取消指定派驻“{}”", forced_text(own)))
}

fn barred(compiled: &Compiled<'_>, (bar, idx): (Bar, usize)) -> Vec<Offer> {
    let basis = compiled.basis;
    match bar {
        Bar::HasSent => Vec::new(),
        Bar::Late => {
            let years = basis.parameters.years.value;
            let change = Change::Set { key: "years".to_owned(), value: i64::from(years) + 1 };
            vec![(5, change, format!("将期限由{years}年延长到{}年（H2）", years + 1))]
        }
        Bar::MayHaveSent => {
            let change = Change::Set { key: "unknown_sent_blocks".to_owned(), value: 0 };
            vec![(2, change, "对情况不明的院校只提示、不阻止（H3）".to_owned())]
        }
        Bar::Misfit => {
            let host = &compiled.institutions[idx].id;
            let least = basis.parameters.fit_min.value;
            let below = basis.measured.fit.values().filter_map(|own| own.get(host));
            let next = below.map(|own| own.value).filter(|value| *value < least).max();
            let Some(next) = next else { return Vec::new() };
            let change = Change::Set { key: "fit_min".to_owned(), value: next.into() };
            vec![(3, change, format!("将匹配度下限由{least}降到{next}（H5）"))]
        }
        Bar::Excluded => {
            let host = &compiled.institutions[idx].id;
            let pairs = basis.case.forbidden.iter().filter(|(_, own)| own == host);
            let offers = pairs.map(|(commissioner, institution)| {
                let change = Change::Allow {
                    commissioner: commissioner.clone(),
                    institution: institution.clone(),
                };
                (1, change, format!("不再排除“{commissioner} → {institution}”"))
            });
            offers.collect()
        }
    }
}
