//! Pairs that are not in the network, offered to it at their reduced costs.

use super::Network;
use crate::assignment::circulation::Node;
use crate::assignment::cost::Cost;
use crate::assignment::pricing::Cheapest;
use crate::assignment::state::State;

impl<C: Cost> Network<'_, C> {
    /// Offers all pairs that are not in the network, at their reduced costs.
    pub(super) fn offer(
        &self,
        state: &State,
        offers: &mut Cheapest<C>,
        wanted: impl Fn(Node, Node) -> bool,
    ) {
        let (model, nodes) = (&*self.model, self.nodes);
        let folded = self.before.is_empty();
        for (agent, entry) in model.agents.iter().enumerate() {
            let node = nodes.agents + agent as Node;
            let own = self.flow.potential(node);
            let mut known = (0, C::ZERO);
            for task in 0..model.tasks.len() {
                let task_node = nodes.tasks + task as Node;
                let price = self.flow.potential(task_node);
                let mut slots = state.slots[agent] & model.tasks[task].slots;
                if !entry.bans.is_empty() {
                    slots &= model.allowed(agent, task);
                }
                if slots == 0 {
                    continue;
                }
                if folded && slots != known.0 {
                    known = (slots, model.cheapest(agent, slots).map_or(C::ZERO, |(cost, _)| cost));
                }
                let cost = model.cost(agent, task) + known.1 + own - price;
                if offers.wants(task, cost)
                    && wanted(node, task_node)
                    && !self.has(agent, task)
                    && (entry.one_slot || !state.has_decided(agent, task))
                {
                    offers.offer(task, agent, cost);
                }
            }
        }
    }
}
