//! Large problems: the network has only the pairs that promise most, and others are added as
//! prices show that they are missed. Nothing is lost by that: when no pair outside costs less
//! than its ends' prices say, the flow is the cheapest of all.

use super::cost::Cost;

/// Up to so many pairs, all are in the network from the start.
pub(super) const WHOLE_MAX: usize = 1 << 16;
/// Pairs a task gets at once, beside as many as may serve it.
pub(super) const PER_TASK: usize = 8;

/// The cheapest agents that each task has been offered, so many of them.
pub(super) struct Cheapest<C> {
    /// By task: costs with agents, in order.
    kept: Vec<Vec<(C, u32)>>,
    most: Vec<usize>,
    /// From here on, by task, an offer is of no interest; `None` while everything is.
    limit: Vec<Option<C>>,
}

impl<C: Cost> Cheapest<C> {
    /// `most` agents for each task, whatever they cost, or only if they cost less than `limit`.
    pub(super) fn new(most: Vec<usize>, limit: Option<C>) -> Self {
        Self { kept: vec![Vec::new(); most.len()], limit: vec![limit; most.len()], most }
    }

    /// Whether an offer would be kept.
    #[inline]
    pub(super) fn wants(&self, task: usize, cost: C) -> bool {
        self.limit[task].is_none_or(|limit| cost < limit)
    }

    /// Keeps an offer that is wanted.
    pub(super) fn offer(&mut self, task: usize, agent: usize, cost: C) {
        let (kept, most) = (&mut self.kept[task], self.most[task]);
        let at = kept.partition_point(|&(other, _)| other <= cost);
        kept.insert(at, (cost, agent as u32));
        kept.truncate(most);
        if kept.len() == most {
            self.limit[task] = kept.last().map(|&(cost, _)| cost);
        }
    }

    /// What was kept, by task, the cheapest first, of equals the first agent.
    pub(super) fn into_kept(self) -> Vec<Vec<(C, u32)>> {
        self.kept
    }
}
