//! From pairs to pairings: a slot for each, so that an agent's are in one where they have to be.

use super::cost::Cost;
use super::model::{Mask, Model, each};
use super::network::PairArc;
use super::seats::{Party, seat};
use super::solution::Pairing;
use super::state::State;

/// Pairings of the given pairs (each with the slots it can be in) and those that the state makes,
/// by agent and task, with what they cost; agents for whom there is no place, otherwise. If each
/// agent has one pair, the cheapest slots.
pub(super) fn place<C: Cost>(
    model: &Model<'_, C>,
    state: &State,
    mut pairs: Vec<(usize, usize, Mask)>,
) -> Result<(C, Vec<Pairing>), Vec<usize>> {
    let mut free = model.slots.clone();
    for &(_, _, slot) in &state.made {
        free[slot] = free[slot].map(|rest| rest - 1);
    }
    pairs.sort_unstable();
    let one_slot = |agent: usize| model.agents[agent].one_slot;
    let groups: Vec<&[(usize, usize, Mask)]> =
        pairs.chunk_by(|a, b| a.0 == b.0 && one_slot(a.0)).collect();
    let party = |group: &&[(usize, usize, Mask)]| {
        let agent = group[0].0;
        Party {
            size: group.len() as u32,
            slots: group.iter().fold(state.slots[agent], |slots, pair| slots & pair.2),
            costs: &model.agents[agent].slot_costs,
        }
    };
    let parties: Vec<Party<'_, C>> = groups.iter().map(party).collect();
    let agents =
        |lost: Vec<usize>| -> Vec<usize> { lost.into_iter().map(|at| groups[at][0].0).collect() };
    let seats = seat(&parties, &free).map_err(agents)?;
    let made = state.made.iter().map(|&(agent, task, slot)| Pairing { agent, task, slot });
    let placed = groups.iter().zip(seats).flat_map(|(group, slot)| {
        group.iter().map(move |&(agent, task, _)| Pairing { agent, task, slot })
    });
    let mut pairings: Vec<Pairing> = made.chain(placed).collect();
    pairings.sort_unstable();
    Ok((cost(model, &pairings), pairings))
}

/// Pairings after some pairs have come and gone, with what they cost: nobody else moves, so it may
/// be that there is a way and none is found.
pub(super) fn rearrange<C: Cost>(
    model: &Model<'_, C>,
    state: &State,
    pairings: &[Pairing],
    come: impl Iterator<Item = PairArc>,
    go: impl Iterator<Item = PairArc>,
) -> Option<(C, Vec<Pairing>)> {
    let gone: Vec<_> = go.map(|pair| (pair.agent as usize, pair.task as usize)).collect();
    let stays = |p: &&Pairing| !gone.contains(&(p.agent, p.task));
    let mut pairings: Vec<Pairing> = pairings.iter().filter(stays).copied().collect();
    let mut free = model.slots.clone();
    for pairing in &pairings {
        free[pairing.slot] = free[pairing.slot].map(|rest| rest - 1);
    }
    for pair in come {
        let (agent, task) = (pair.agent as usize, pair.task as usize);
        let entry = &model.agents[agent];
        let mut slots = pair.slots & state.slots[agent];
        if entry.one_slot {
            let own = pairings.iter().filter(|pairing| pairing.agent == agent);
            own.for_each(|pairing| slots &= 1 << pairing.slot);
        }
        let has_room = each(slots).filter(|&slot| free[slot] != Some(0));
        let slot = has_room.min_by_key(|&slot| (entry.slot_costs[slot], free[slot].is_some()))?;
        free[slot] = free[slot].map(|rest| rest - 1);
        pairings.push(Pairing { agent, task, slot });
    }
    pairings.sort_unstable();
    Some((cost(model, &pairings), pairings))
}

/// What pairings cost.
pub(super) fn cost<C: Cost>(model: &Model<'_, C>, pairings: &[Pairing]) -> C {
    let mut sum = C::ZERO;
    let mut served = vec![false; model.tasks.len()];
    for pairing in pairings {
        sum += model.cost(pairing.agent, pairing.task)
            + model.agents[pairing.agent].slot_costs[pairing.slot];
        if !std::mem::replace(&mut served[pairing.task], true) {
            sum += model.tasks[pairing.task].opening;
        }
    }
    sum
}
