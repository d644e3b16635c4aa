//! There is no solution; which constraints are it that cannot all be met? As few as possible:
//! without any one of them the others could be.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::blame::blame;
use super::cost::Cost;
use super::error::Limits;
use super::model::Model;
use super::network::Network;
use super::nothing::Nothing;
use super::problem::Problem;
use super::search::{Goal, Outcome, search};
use super::solution::Constraint;
use super::state::State;

/// A minimal set of constraints of a problem without a solution, in order (QuickXplain). Where
/// limits are reached, it is not known that there is no solution, so the set may be larger than
/// it needs to be; it is never one that could be met.
pub(super) fn conflict<C: Cost>(problem: &Problem<C>, limits: Limits) -> Vec<Constraint> {
    let search = Conflict { problem, limits };
    let all = all(problem);
    let guessed = search.guess(&all);
    let open = guessed.filter(|guessed| search.contradict(&guessed.iter().copied().collect()));
    let mut found = search.among(&mut BTreeSet::new(), false, &open.unwrap_or(all));
    found.sort_unstable();
    found
}

struct Conflict<'p, C> {
    problem: &'p Problem<C>,
    limits: Limits,
}

impl<C: Cost> Conflict<'_, C> {
    /// What the cheapest flow cannot get through, if that is what there is no solution for.
    fn guess(&self, all: &[Constraint]) -> Option<Vec<Constraint>> {
        let model: Arc<Model<'_, Nothing>> = Arc::new(Model::without_costs(self.problem, |_| true));
        let root = State::root(&model)?;
        let mut network = Network::new(model, &root);
        network.solve(&root);
        let blamed = blame(self.problem, &network.inside()?);
        Some(all.iter().copied().filter(|constraint| blamed.contains(constraint)).collect())
    }

    /// Those of `open` that are needed beside `kept`, which `grown` says has just got larger.
    fn among(
        &self,
        kept: &mut BTreeSet<Constraint>,
        grown: bool,
        open: &[Constraint],
    ) -> Vec<Constraint> {
        if grown && self.contradict(kept) {
            return Vec::new();
        }
        if open.len() <= 1 {
            return open.to_vec();
        }
        let (first, second) = open.split_at(open.len() / 2);
        let mut needed = self.with(kept, first, second);
        let found = self.with(kept, &needed, first);
        needed.extend(found);
        needed
    }

    fn with(
        &self,
        kept: &mut BTreeSet<Constraint>,
        more: &[Constraint],
        open: &[Constraint],
    ) -> Vec<Constraint> {
        kept.extend(more);
        let found = self.among(kept, !more.is_empty(), open);
        more.iter().for_each(|constraint| {
            kept.remove(constraint);
        });
        found
    }

    fn contradict(&self, kept: &BTreeSet<Constraint>) -> bool {
        let model: Model<'_, Nothing> =
            Model::without_costs(self.problem, |constraint| kept.contains(&constraint));
        matches!(search(model, Goal::Any, self.limits.nodes_max, &[], None), Outcome::Nothing)
    }
}

/// Which constraints are rather told of: those that concern many pairs, so that few are needed.
fn rank(constraint: &Constraint) -> u8 {
    match constraint {
        Constraint::SlotCapacity(_) | Constraint::AgentsMax => 0,
        Constraint::Prohibited(_) | Constraint::Forced(_) => 1,
        Constraint::TaskMinimum(_) | Constraint::TaskMaximum(_) | Constraint::TaskSlots(_) => 2,
        Constraint::AgentSlots(_) | Constraint::OneSlot(_) | Constraint::AgentCapacity(_) => 3,
    }
}

/// Everything that a problem demands, by rank.
fn all<C: Cost>(problem: &Problem<C>) -> Vec<Constraint> {
    let mut all = BTreeSet::new();
    for (idx, agent) in problem.agents.iter().enumerate() {
        all.insert(Constraint::AgentCapacity(idx));
        if agent.slots.len() < problem.slots.len() {
            all.insert(Constraint::AgentSlots(idx));
        }
        if problem.slots.len() > 1 {
            all.insert(Constraint::OneSlot(idx));
        }
    }
    for (idx, task) in problem.tasks.iter().enumerate() {
        all.insert(Constraint::TaskMaximum(idx));
        if task.demand_min > 0 {
            all.insert(Constraint::TaskMinimum(idx));
        }
        if !(0..problem.slots.len()).all(|slot| task.slots.has(slot)) {
            all.insert(Constraint::TaskSlots(idx));
        }
    }
    for (idx, slot) in problem.slots.iter().enumerate() {
        if slot.capacity.is_some() {
            all.insert(Constraint::SlotCapacity(idx));
        }
    }
    if problem.agents_max.is_some() {
        all.insert(Constraint::AgentsMax);
    }
    all.extend(problem.prohibitions.iter().map(|entry| Constraint::Prohibited(entry.reason)));
    all.extend((0..problem.forced.len()).map(Constraint::Forced));
    let mut all: Vec<Constraint> = all.into_iter().collect();
    all.sort_by_key(rank);
    all
}
