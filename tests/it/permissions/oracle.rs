//! The matrix of product.md in the words of the people who wrote it: who may know what.
//!
//! It is written against the facts of the world and shares nothing with the engine, so that a
//! mistake would have to be made twice.

use duijie::engine::{Identity, Viewer};
use duijie::model::{Body, Enterprise, Kind, RecordId, Role, Visibility};

use super::world::{Fact, World};

/// How much one must be allowed to see of a record to know a text of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Public,
    Matched,
    Full,
    Contact,
}

/// Whether a viewer may know a mark.
pub fn may_know(world: &World, viewer: Viewer, mark: usize) -> bool {
    let mark = world.mark(mark);
    if let Some(owner) = mark.owner {
        return owner == viewer;
    }
    let (level, contact) = sees(world, viewer, mark.of);
    // Whoever sees a lead knows which two it brings together, though not what these say.
    let is_id = mark.text == mark.of.to_string();
    if is_id && leads_of(world, mark.of).any(|lead| sees(world, viewer, lead).0.is_some()) {
        return true;
    }
    match mark.level {
        Level::Contact => contact,
        wanted => level.is_some_and(|level| level >= wanted),
    }
}

/// How much of a record a viewer sees, and whether with its contact.
pub fn sees(world: &World, viewer: Viewer, id: RecordId) -> (Option<Level>, bool) {
    let fact = &world.facts[&id];
    let public = (fact.visibility == Visibility::Public).then_some(Level::Public);
    let Viewer::User(who) = viewer else {
        return (public_kind(fact.kind).then_some(()).and(public), false);
    };
    let wanted = matches!(fact.kind, Kind::Need | Kind::Enterprise);
    let offered = matches!(fact.kind, Kind::Institution | Kind::Lab | Kind::Achievement);
    let planned = matches!(fact.kind, Kind::Plan | Kind::Posting);
    match who.role {
        Role::Auditor => (Some(Level::Full), false),
        Role::Admin if wanted || offered => (Some(Level::Full), false),
        Role::Office if planned => (Some(Level::Full), false),
        // Drafts are not public, and what is published is for those who are posted and posted to.
        Role::Commissioner | Role::Institution if planned => (public, false),
        _ if fact.kind == Kind::Activity => {
            (is_theirs(world, &who, fact).then_some(Level::Full), false)
        }
        Role::Office if offered => (Some(Level::Full), true),
        Role::Office if wanted && lies_in_area(world, &who, id) => (Some(Level::Full), true),
        Role::Office if fact.kind == Kind::Lead => {
            (lead_lies_in_area(world, &who, id).then_some(Level::Full), false)
        }
        Role::Commissioner if offered => {
            let accepted = leads_of(world, id).any(|lead| {
                accepted(world, lead)
                    && firm_of_lead(world, lead).is_some_and(|f| lies_in_area(world, &who, f))
            });
            (Some(Level::Full), is_of_institution(world, id, who.institution) || accepted)
        }
        Role::Commissioner if wanted => {
            if lies_in_area(world, &who, id) {
                return (Some(Level::Full), true);
            }
            as_party(world, id, public, |lead| {
                shows_need(world, lead)
                    && is_of_institution(world, lab_of_lead(world, lead), who.institution)
            })
        }
        Role::Commissioner if fact.kind == Kind::Lead => {
            let mine = lead_lies_in_area(world, &who, id)
                || is_of_institution(world, lab_of_lead(world, id), who.institution);
            (mine.then_some(Level::Full), false)
        }
        Role::Enterprise
            if wanted && firm(world, id) == who.enterprise && who.enterprise.is_some() =>
        {
            (Some(Level::Full), true)
        }
        Role::Enterprise if offered => as_party(world, id, public, |lead| {
            shows_lab(world, lead) && firm_of_lead(world, lead) == who.enterprise
        }),
        Role::Enterprise if fact.kind == Kind::Lead => {
            ((firm_of_lead(world, id) == who.enterprise).then_some(Level::Matched), false)
        }
        Role::Institution if offered && is_of_institution(world, id, who.institution) => {
            (Some(Level::Full), true)
        }
        Role::Institution if wanted => as_party(world, id, public, |lead| {
            shows_need(world, lead)
                && is_of_institution(world, lab_of_lead(world, lead), who.institution)
        }),
        Role::Institution if fact.kind == Kind::Lead => {
            let own = is_of_institution(world, lab_of_lead(world, id), who.institution);
            (own.then_some(Level::Matched), false)
        }
        _ if wanted || offered => (public, false),
        _ => (None, false),
    }
}

/// What was done for no lead is its author's, and that of whoever is in charge where they come
/// from.
fn is_theirs(world: &World, who: &Identity, fact: &Fact) -> bool {
    let Some(author) = fact.by else { return false };
    let in_charge = matches!(who.role, Role::Office | Role::Commissioner);
    author.user == who.user
        || in_charge && author.office.is_some_and(|office| within(world, office, who.office))
}

/// Whether an office is another one or below it.
fn within(world: &World, office: RecordId, area: Option<RecordId>) -> bool {
    let Body::Office(body) = &world.facts[&office].body else { unreachable!("an office") };
    Some(office) == area || body.parent_id.is_some_and(|parent| within(world, parent, area))
}

fn public_kind(kind: Kind) -> bool {
    Kind::IMPORTED.contains(&kind)
}

/// Of a record that is the other side of a lead, what the lead lets one see.
fn as_party(
    world: &World,
    id: RecordId,
    otherwise: Option<Level>,
    is_mine: impl Fn(RecordId) -> bool,
) -> (Option<Level>, bool) {
    let mine: Vec<RecordId> = leads_of(world, id).filter(|lead| is_mine(*lead)).collect();
    if mine.is_empty() {
        return (otherwise, false);
    }
    (Some(Level::Matched), mine.iter().any(|lead| accepted(world, *lead)))
}

/// The leads that a record takes part in: a need, a lab, a firm by its needs, an achievement by its
/// labs.
fn leads_of(world: &World, id: RecordId) -> impl Iterator<Item = RecordId> {
    let parties: Vec<RecordId> = match &world.facts[&id].body {
        Body::Enterprise(_) => {
            let needs = world.of_kind(Kind::Need).into_iter();
            needs.filter(|need| firm(world, *need) == Some(id)).collect()
        }
        Body::Achievement(body) => body.lab_ids.clone(),
        _ => vec![id],
    };
    world.of_kind(Kind::Lead).into_iter().filter(move |lead| match &world.facts[lead].body {
        Body::Lead(lead) => parties.contains(&lead.need_id) || parties.contains(&lead.lab_id),
        _ => unreachable!("of the kind lead"),
    })
}

/// A lead shows its need to the lab's side once the firm wants it, or if it was made by the firm or
/// an office or commissioner of its area.
fn shows_need(world: &World, lead: RecordId) -> bool {
    let fact = &world.facts[&lead];
    let Body::Lead(body) = &fact.body else { unreachable!("a lead") };
    let Some(maker) = fact.by else { return true };
    let firm = firm(world, body.need_id);
    body.accepted_by_enterprise
        || (maker.enterprise.is_some() && maker.enterprise == firm)
        || lead_lies_in_area(world, &maker, lead)
}

/// It shows its lab to the firm's side unless a firm made it and the institution has not answered.
fn shows_lab(world: &World, lead: RecordId) -> bool {
    let fact = &world.facts[&lead];
    let Body::Lead(body) = &fact.body else { unreachable!("a lead") };
    body.accepted_by_institution || fact.by.is_none_or(|maker| maker.role != Role::Enterprise)
}

fn accepted(world: &World, lead: RecordId) -> bool {
    let Body::Lead(lead) = &world.facts[&lead].body else { unreachable!("a lead") };
    lead.accepted_by_enterprise && lead.accepted_by_institution
}

fn lab_of_lead(world: &World, lead: RecordId) -> RecordId {
    let Body::Lead(lead) = &world.facts[&lead].body else { unreachable!("a lead") };
    lead.lab_id
}

fn firm_of_lead(world: &World, lead: RecordId) -> Option<RecordId> {
    let Body::Lead(lead) = &world.facts[&lead].body else { unreachable!("a lead") };
    firm(world, lead.need_id)
}

/// The firm that a need or a firm is about.
fn firm(world: &World, id: RecordId) -> Option<RecordId> {
    match &world.facts[&id].body {
        Body::Enterprise(_) => Some(id),
        Body::Need(need) => need.enterprise_id,
        _ => None,
    }
}

fn lead_lies_in_area(world: &World, who: &Identity, lead: RecordId) -> bool {
    firm_of_lead(world, lead).is_some_and(|firm| lies_in_area(world, who, firm))
}

/// Whether a firm, or a need's firm, sits in the area of an office: by its park, or by its city.
fn lies_in_area(world: &World, who: &Identity, id: RecordId) -> bool {
    let (Some(office), Some(firm)) = (who.office, firm(world, id)) else { return false };
    let Body::Enterprise(Enterprise { park, city, .. }) = &world.facts[&firm].body else {
        unreachable!("a firm")
    };
    let Body::Office(office) = &world.facts[&office].body else { unreachable!("an office") };
    match office.name.as_str() {
        "南京" => city == "南京",
        "甲区" => park.starts_with('甲'),
        "乙区" => park.starts_with('乙'),
        name => name == park,
    }
}

fn is_of_institution(world: &World, id: RecordId, institution: Option<RecordId>) -> bool {
    let Some(own) = institution else { return false };
    match &world.facts[&id].body {
        Body::Institution(_) => id == own,
        Body::Lab(lab) => lab.institution_ids.contains(&own),
        Body::Achievement(body) => {
            body.lab_ids.iter().any(|lab| is_of_institution(world, *lab, institution))
        }
        _ => false,
    }
}
