//! Pairs have been chosen; which slots are they in? Finds places for them all, the cheapest
//! where none of them need more than one place, else by rule of thumb.

use super::circulation::{Circulation, Node};
use super::cost::Cost;
use super::model::{Mask, each};

/// Pairs that have to be in one slot.
#[derive(Debug, Clone)]
pub(super) struct Party<'c, C> {
    /// Places they need together.
    pub size: u32,
    /// Slots in which all of them can be.
    pub slots: Mask,
    /// What each place costs, by slot.
    pub costs: &'c [C],
}

/// A slot for each party, or the parties that have got none. `free` are the places of each slot.
pub(super) fn seat<C: Cost>(
    parties: &[Party<'_, C>],
    free: &[Option<u32>],
) -> Result<Vec<usize>, Vec<usize>> {
    let lost: Vec<usize> = (0..parties.len()).filter(|&p| parties[p].slots == 0).collect();
    if !lost.is_empty() {
        return Err(lost);
    }
    let shares = shares(parties, free)?;
    let mut seats: Vec<Option<usize>> = vec![None; parties.len()];
    let mut free: Vec<Option<u32>> = free.to_vec();
    let mut take = |party: usize, slot: usize| match &mut free[slot] {
        Some(rest) if *rest < parties[party].size => false,
        Some(rest) => {
            *rest -= parties[party].size;
            true
        }
        None => true,
    };
    for (party, shares) in shares.iter().enumerate() {
        if let [slot] = shares[..]
            && take(party, slot)
        {
            seats[party] = Some(slot);
        }
    }
    let mut split: Vec<usize> = (0..parties.len()).filter(|&p| seats[p].is_none()).collect();
    split.sort_by_key(|&p| std::cmp::Reverse(parties[p].size));
    for &party in &split {
        let mut slots: Vec<usize> = each(parties[party].slots).collect();
        slots.sort_by_key(|&slot| parties[party].costs[slot]);
        seats[party] = slots.into_iter().find(|&slot| take(party, slot));
    }
    let seated: Option<Vec<usize>> = seats.iter().copied().collect();
    seated.ok_or_else(|| (0..parties.len()).filter(|&p| seats[p].is_none()).collect())
}

/// Slots that each party's places are in, as if a party could be split: as cheap as can be.
fn shares<C: Cost>(
    parties: &[Party<'_, C>],
    free: &[Option<u32>],
) -> Result<Vec<Vec<usize>>, Vec<usize>> {
    let root = (parties.len() + free.len()) as Node;
    let mut flow = Circulation::new(root as usize + 1);
    let slot_node = |slot: usize| (parties.len() + slot) as Node;
    let total: u32 = parties.iter().map(|party| party.size).sum();
    for (slot, &free) in free.iter().enumerate() {
        let arc = flow.add(slot_node(slot), root);
        flow.set(arc, 0, free.unwrap_or(total), C::ZERO);
    }
    let mut places = vec![Vec::new(); parties.len()];
    for (idx, party) in parties.iter().enumerate() {
        let cheapest = each(party.slots).map(|slot| party.costs[slot]).min().unwrap_or(C::ZERO);
        flow.set_potential(idx as Node, C::ZERO - cheapest);
        for slot in each(party.slots) {
            let arc = flow.add(idx as Node, slot_node(slot));
            flow.set(arc, 0, party.size, party.costs[slot]);
            places[idx].push((slot, arc));
        }
        let arc = flow.add(root, idx as Node);
        flow.set(arc, party.size, party.size, C::ZERO);
    }
    flow.restore().map_err(|_| (0..parties.len()).collect::<Vec<_>>())?;
    let used = |places: &Vec<(usize, u32)>| {
        let used = places.iter().filter(|&&(_, arc)| flow.flow(arc) > 0);
        used.map(|&(slot, _)| slot).collect()
    };
    Ok(places.iter().map(used).collect())
}
