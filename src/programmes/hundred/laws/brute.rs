//! The best plan by trying everything: written from the rules, not from the compiled problem.
//!
//! Commissioner by commissioner, over what matters later: who is taken how often, and how many
//! places are left.

use std::collections::BTreeMap;

use crate::programmes::hundred::{
    Basis, Batch, Class, Commissioner, Level, Objective, Posting, Sent,
};

/// What matters later, and the sum so far with the postings that made it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    taken: Vec<u32>,
    placed: Vec<u32>,
    people: u32,
}

type Sum = (Vec<i64>, Vec<Posting>);

/// Objective and postings of the best plan, but for [`Level::Name`]; `None` if there is none.
pub(super) fn best(basis: &Basis, order: &[Level]) -> Option<(Objective, Vec<Posting>)> {
    let case = &basis.case;
    let renewals =
        |id: &str| case.forced.iter().flat_map(|own| &own.renewed).filter(|own| *own == id).count();
    let start = State {
        taken: vec![0; case.institutions.len()],
        placed: case.batches.iter().map(|own| u32::try_from(renewals(&own.id)).unwrap()).collect(),
        people: 0,
    };
    let over = |(own, placed): (&Batch, &u32)| own.places.is_some_and(|places| *placed > places);
    if case.batches.iter().zip(&start.placed).any(over) {
        return None;
    }
    let mut states: BTreeMap<State, Sum> =
        BTreeMap::from([(start, (vec![0; order.len()], Vec::new()))]);
    for commissioner in &case.commissioners {
        let choices = choices(basis, order, commissioner);
        let mut next: BTreeMap<State, Sum> = BTreeMap::new();
        for (state, (sum, postings)) in &states {
            for (batch, hosts, cost) in &choices {
                let Some(state) = step(basis, state, *batch, hosts) else { continue };
                let sum: Vec<i64> = sum.iter().zip(cost).map(|(a, b)| a + b).collect();
                if next.get(&state).is_none_or(|(known, _)| sum < *known) {
                    let mut postings = postings.clone();
                    postings.extend(
                        hosts.iter().map(|host| posted(basis, commissioner, *host, *batch)),
                    );
                    next.insert(state, (sum, postings));
                }
            }
        }
        states = next;
    }
    let complete = states.into_iter().filter(|(state, _)| {
        case.required.iter().all(|id| {
            case.institutions
                .iter()
                .zip(&state.taken)
                .any(|(own, taken)| own.id == *id && *taken > 0)
        })
    });
    let whole = complete.map(|(state, (mut sum, postings))| {
        for (level, value) in order.iter().zip(&mut sum) {
            *value += once(basis, *level, &state.taken);
        }
        (sum, postings)
    });
    let (sum, postings) = whole.min_by(|a, b| a.0.cmp(&b.0))?;
    Some((Objective(order.iter().copied().zip(sum).collect()), postings))
}

fn posted(basis: &Basis, commissioner: &Commissioner, host: usize, batch: usize) -> Posting {
    let institution = basis.case.institutions[host].id.clone();
    let forced = basis
        .case
        .forced
        .iter()
        .find(|own| own.commissioner == commissioner.id && own.institution == institution);
    Posting {
        commissioner: commissioner.id.clone(),
        institution,
        batch: basis.case.batches[batch].id.clone(),
        renewed: forced.map(|own| own.renewed.clone()).unwrap_or_default(),
    }
}

/// H1, H4 and places: what follows from one more commissioner, if it may be.
fn step(basis: &Basis, state: &State, batch: usize, hosts: &[usize]) -> Option<State> {
    let mut state = state.clone();
    if hosts.is_empty() {
        return Some(state);
    }
    state.people += 1;
    for host in hosts {
        state.taken[*host] += 1;
        state.placed[batch] += 1;
    }
    let crowded =
        state.taken.iter().any(|own| *own > basis.parameters.commissioners_per_institution.value);
    let full = basis.case.batches[batch].places.is_some_and(|most| state.placed[batch] > most);
    let many = state.people > basis.parameters.commissioners_max.value;
    (!crowded && !full && !many).then_some(state)
}

/// Everything that a commissioner may do, with what it costs.
fn choices(
    basis: &Basis,
    order: &[Level],
    own: &Commissioner,
) -> Vec<(usize, Vec<usize>, Vec<i64>)> {
    let case = &basis.case;
    let wanted: Vec<&Posting> =
        case.forced.iter().filter(|forced| forced.commissioner == own.id).collect();
    let mut choices = Vec::new();
    if wanted.is_empty() {
        choices.push((0, Vec::new(), vec![0; order.len()]));
    }
    for (idx, batch) in case.batches.iter().enumerate() {
        let may = own.batches.is_empty() || own.batches.contains(&batch.id);
        let in_time = batch.end.last_day() <= jiff::civil::date(2022, 12, 31);
        if !may || !in_time {
            continue;
        }
        let hosts: Vec<usize> =
            (0..case.institutions.len()).filter(|host| may_go(basis, own, *host, idx)).collect();
        let mut sets: Vec<Vec<usize>> = hosts.iter().map(|host| vec![*host]).collect();
        if basis.parameters.institutions_per_commissioner.value == 2 {
            let pairs = hosts
                .iter()
                .flat_map(|a| hosts.iter().filter(move |b| a < b).map(|b| vec![*a, *b]));
            sets.extend(pairs);
        }
        for set in sets {
            let has = |want: &&Posting| {
                set.iter().any(|host| case.institutions[*host].id == want.institution)
                    && (want.batch.is_empty() || want.batch == batch.id)
            };
            if wanted.iter().all(has) {
                let cost = order
                    .iter()
                    .map(|level| set.iter().map(|host| each(basis, *level, own, *host, idx)).sum());
                choices.push((idx, set.clone(), cost.collect()));
            }
        }
    }
    choices
}

/// H3, H5 and exclusions.
fn may_go(basis: &Basis, own: &Commissioner, host: usize, batch: usize) -> bool {
    let institution = &basis.case.institutions[host];
    let waits = match institution.sent {
        Sent::Yes => true,
        Sent::No => false,
        Sent::Unknown => basis.parameters.unknown_sent_blocks.value == 1,
    };
    let fit = basis.measured.fit.get(own.home()).and_then(|fit| fit.get(&institution.id));
    let excluded = basis.case.forbidden.contains(&(own.id.clone(), institution.id.clone()));
    !(batch == 0 && waits)
        && fit.is_some_and(|fit| fit.value >= basis.parameters.fit_min.value)
        && !excluded
}

/// What one posting adds to a level.
fn each(basis: &Basis, level: Level, own: &Commissioner, host: usize, batch: usize) -> i64 {
    let (institution, parameters) = (&basis.case.institutions[host], &basis.parameters);
    match level {
        Level::Fit => -i64::from(basis.measured.fit[own.home()][&institution.id].value),
        Level::Balance => {
            i64::from(parameters.travel_weight.value * (institution.distance_km.unwrap_or(0) / 100))
                + i64::from(parameters.load_weight.value * own.load)
        }
        Level::Change => {
            let published =
                basis.case.published.iter().find(|before| before.commissioner == own.id);
            published.map_or(0, |before| {
                i64::from(before.batch != basis.case.batches[batch].id)
                    - i64::from(before.institution == institution.id)
            })
        }
        Level::Lateness => i64::try_from(batch).unwrap(),
        _ => 0,
    }
}

/// What the institutions posted to add to a level.
fn once(basis: &Basis, level: Level, taken: &[u32]) -> i64 {
    let tied = |id: &str| basis.case.ties.iter().any(|own| own.institution == id);
    let hosts = basis.case.institutions.iter().zip(taken);
    let uncovered = |class: Class| {
        let open = hosts.clone().filter(|(own, taken)| {
            own.classes.contains(&class) && **taken == 0 && own.sent != Sent::Yes && !tied(&own.id)
        });
        i64::try_from(open.count()).unwrap()
    };
    let posted = hosts.clone().filter(|(_, taken)| **taken > 0).map(|(own, _)| own);
    match level {
        Level::Uncovered(class) => uncovered(class),
        Level::Richness => {
            -posted.map(|own| i64::from(basis.measured.richness[&own.id].value)).sum::<i64>()
        }
        Level::NewTies => -i64::try_from(posted.filter(|own| !tied(&own.id)).count()).unwrap(),
        _ => 0,
    }
}
