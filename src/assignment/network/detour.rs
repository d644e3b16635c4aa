//! What one pair more would cost: the shortest way round, and whether that is all there is to it.

use super::{Network, PairArc};
use crate::assignment::circulation::{Node, Search};
use crate::assignment::cost::Cost;
use crate::assignment::model::Mask;
use crate::assignment::state::State;

impl<C: Cost> Network<'_, C> {
    /// Whether the cheapest flow is the whole truth: no agent's pairs depend on each other by
    /// their slots, nor on how many agents serve.
    pub(in crate::assignment) fn is_exact(&self, state: &State) -> bool {
        let model = &*self.model;
        let alone = |agent: usize| model.agents[agent].capacity <= 1;
        if model.agents_max.is_some() && !(0..model.agents.len()).all(alone) {
            return false;
        }
        let mut shared: Vec<Mask> = state.slots.clone();
        self.pairs.iter().for_each(|pair| shared[pair.agent as usize] &= pair.slots);
        let folded = self.before.is_empty();
        self.pairs.iter().all(|pair| {
            let agent = pair.agent as usize;
            let (own, slots) = (state.slots[agent], pair.slots & state.slots[agent]);
            let one_slot = model.agents[agent].one_slot && !alone(agent);
            match folded {
                true if one_slot => {
                    slots == 0
                        || model.cheapest(agent, shared[agent]).map(|(cost, _)| cost)
                            == model.cheapest(agent, slots).map(|(cost, _)| cost)
                }
                true => true,
                false => own.count_ones() <= 1 || slots == own && !one_slot,
            }
        })
    }

    /// The shortest ways round to an agent, after [`solve`](Self::solve).
    pub(in crate::assignment) fn ways_to(&self, agent: usize) -> Search<C> {
        self.flow.ways_to(self.nodes.agents + agent as Node)
    }

    /// What one more pair of an agent's would cost with each task, by index of the pair in
    /// [`pairs`](Self::pairs); nothing for those that are made.
    pub(in crate::assignment) fn detours(&self, ways: &Search<C>, agent: usize) -> Vec<(usize, C)> {
        let own = self.pairs.iter().enumerate().filter(|(_, pair)| pair.agent as usize == agent);
        let more = own.filter_map(|(idx, pair)| match self.flow.flow(pair.arc) {
            0 => Some((idx, self.flow.detour(ways, pair.arc)?)),
            _ => Some((idx, C::ZERO)),
        });
        more.collect()
    }

    /// The pairs that come and go if one more is made: indexes, those that come first.
    pub(in crate::assignment) fn detour(
        &self,
        ways: &Search<C>,
        idx: usize,
    ) -> (Vec<usize>, Vec<usize>) {
        if self.flow.flow(self.pairs[idx].arc) > 0 {
            return (Vec::new(), Vec::new());
        }
        // Arcs of pairs are the last ones, in the same order as the pairs.
        let first = self.pairs[0].arc;
        let arcs = self.flow.arcs_of(ways, self.pairs[idx].arc).into_iter();
        let turned = arcs.filter(|&arc| arc >= first).map(|arc| (arc - first) as usize);
        turned.partition(|&idx| self.flow.flow(self.pairs[idx].arc) == 0)
    }

    /// From now on this pair has to be made.
    pub(in crate::assignment) fn force(&mut self, idx: usize) -> PairArc {
        self.pairs[idx].forced = true;
        self.pairs[idx]
    }

    /// The pairs that can be made.
    pub(in crate::assignment) fn pairs(&self) -> &[PairArc] {
        &self.pairs
    }
}
