//! A problem as the solver reads it: prohibitions merged by pair, slots that cannot be full
//! without a limit, and, for those who look for a conflict, some constraints left out.

use super::cost::Cost;
use super::problem::{Costs, Problem, SLOTS_MAX};
use super::solution::Constraint;

/// Sets of slots as words.
pub(super) type Mask = u64;

#[derive(Debug, Clone)]
pub(super) struct ModelAgent<C> {
    /// Tasks at most; never more than there are.
    pub capacity: u32,
    /// Whether all their tasks are in one slot.
    pub one_slot: bool,
    /// Where they may serve.
    pub slots: Mask,
    /// What each slot costs, by index.
    pub slot_costs: Vec<C>,
    /// Slots in which tasks are prohibited, by task.
    pub bans: Vec<(usize, Mask)>,
}

#[derive(Debug, Clone)]
pub(super) struct ModelTask<C> {
    pub min: u32,
    pub max: u32,
    pub slots: Mask,
    pub opening: C,
}

/// 模型
#[derive(Debug, Clone)]
pub(super) struct Model<'a, C> {
    pub agents: Vec<ModelAgent<C>>,
    pub tasks: Vec<ModelTask<C>>,
    /// Pairings at most, where that can be reached.
    pub slots: Vec<Option<u32>>,
    /// Agents at most, where there are more.
    pub agents_max: Option<usize>,
    /// What pairs cost; without them, nothing.
    costs: Option<&'a Costs<C>>,
    /// Pairs that there have to be, each once, ordered: agent, task, and the slots it may be in.
    pub forced: Vec<(usize, usize, Mask)>,
}

impl<'a, C: Cost> Model<'a, C> {
    /// All of a problem.
    pub(super) fn of(problem: &'a Problem<C>) -> Self {
        let costs = |agent: usize| {
            let mut costs = vec![C::ZERO; problem.slots.len()];
            problem.agents[agent].slots.iter().for_each(|c| costs[c.slot] = c.cost);
            costs
        };
        let mut model = Self::shaped(problem, costs, |_| true);
        model.costs = Some(&problem.costs);
        for (task, entry) in model.tasks.iter_mut().zip(&problem.tasks) {
            task.opening = entry.opening;
        }
        model.tighten();
        model
    }

    /// What of a problem decides whether it has a solution, with the constraints that are kept.
    pub(super) fn without_costs<D: Cost>(
        problem: &Problem<D>,
        kept: impl Fn(Constraint) -> bool,
    ) -> Self {
        Self::shaped(problem, |_| vec![C::ZERO; problem.slots.len()], kept)
    }

    fn shaped<D: Cost>(
        problem: &Problem<D>,
        slot_costs: impl Fn(usize) -> Vec<C>,
        kept: impl Fn(Constraint) -> bool,
    ) -> Self {
        let every = all_slots(problem.slots.len());
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let (agent_count, task_count) = (count(problem.agents.len()), count(problem.tasks.len()));
        let agents = problem.agents.iter().enumerate().map(|(idx, agent)| ModelAgent {
            capacity: match kept(Constraint::AgentCapacity(idx)) {
                true => agent.capacity.min(task_count),
                false => task_count,
            },
            one_slot: kept(Constraint::OneSlot(idx)),
            slots: match kept(Constraint::AgentSlots(idx)) {
                true => agent.slots.iter().fold(0, |mask, choice| mask | 1 << choice.slot),
                false => every,
            },
            slot_costs: slot_costs(idx),
            bans: Vec::new(),
        });
        let tasks = problem.tasks.iter().enumerate().map(|(idx, task)| ModelTask {
            min: if kept(Constraint::TaskMinimum(idx)) { task.demand_min } else { 0 },
            max: match kept(Constraint::TaskMaximum(idx)) {
                true => task.demand_max,
                false => task.demand_max.max(agent_count),
            },
            slots: if kept(Constraint::TaskSlots(idx)) { task.slots.0 & every } else { every },
            opening: C::ZERO,
        });
        let mut agents: Vec<ModelAgent<C>> = agents.collect();
        let tasks: Vec<ModelTask<C>> = tasks.collect();
        let banned = problem.prohibitions.iter().filter(|p| kept(Constraint::Prohibited(p.reason)));
        banned.for_each(|p| agents[p.agent].bans.push((p.task, p.slots.0)));
        agents.iter_mut().for_each(|agent| merge(&mut agent.bans, |a, b| a | b));
        let kept_forced =
            problem.forced.iter().enumerate().filter(|&(idx, _)| kept(Constraint::Forced(idx)));
        let mut forced: Vec<_> = kept_forced
            .map(|(_, f)| ((f.agent, f.task), f.slot.map_or(every, |slot| 1 << slot)))
            .collect();
        merge(&mut forced, |a, b| a & b);
        let serves: u64 = agents.iter().map(|agent| u64::from(agent.capacity)).sum();
        let served: u64 = tasks.iter().map(|task| u64::from(task.max.min(agent_count))).sum();
        let slots = problem.slots.iter().enumerate().map(|(idx, slot)| {
            let capacity = slot.capacity.filter(|_| kept(Constraint::SlotCapacity(idx)))?;
            (u64::from(capacity) < serves.min(served)).then_some(capacity)
        });
        let agents_max = problem.agents_max.filter(|_| kept(Constraint::AgentsMax));
        Self {
            slots: slots.collect(),
            agents_max: agents_max.filter(|&most| most < agent_count).map(|most| most as usize),
            agents,
            tasks,
            costs: None,
            forced: forced.into_iter().map(|((agent, task), slots)| (agent, task, slots)).collect(),
        }
    }

    /// Lowers the limits of slots to what their tasks can take. A flow does not tie the slot an
    /// agent serves in to what single pairs are barred from: without this, it lets as many agents
    /// into a slot as its limit says, whoever they then serve, and what it costs is far from any
    /// solution's. (To tie tasks to their slots as well made solving slower and proved no more;
    /// `docs/assignment.md`.) Looks at every pair once, if a slot is limited at all. Not for those
    /// who look for a conflict: there, it would hide the constraints that lower the limits.
    fn tighten(&mut self) {
        if !self.has_limited_slots() {
            return;
        }
        let mut takes = vec![0_u64; self.slots.len()];
        for (task, entry) in self.tasks.iter().enumerate() {
            let mut able = vec![0_u32; self.slots.len()];
            for agent in 0..self.agents.len() {
                each(self.allowed(agent, task)).for_each(|slot| able[slot] += 1);
            }
            takes
                .iter_mut()
                .zip(able)
                .for_each(|(sum, able)| *sum += u64::from(able.min(entry.max)));
        }
        for (limit, takes) in self.slots.iter_mut().zip(takes) {
            *limit = limit.map(|most| u32::try_from(takes).map_or(most, |takes| takes.min(most)));
        }
    }

    /// Slots in which the two can be paired.
    pub(super) fn allowed(&self, agent: usize, task: usize) -> Mask {
        let entry = &self.agents[agent];
        let banned = match entry.bans.binary_search_by_key(&task, |&(task, _)| task) {
            Ok(at) => entry.bans[at].1,
            Err(_) => 0,
        };
        entry.slots & self.tasks[task].slots & !banned
    }

    /// What a pair costs, its slot aside.
    #[inline]
    pub(super) fn cost(&self, agent: usize, task: usize) -> C {
        self.costs.map_or(C::ZERO, |costs| costs.of(agent, task))
    }

    /// The cheapest of some slots for an agent, the first of equals; `None` without any.
    pub(super) fn cheapest(&self, agent: usize, slots: Mask) -> Option<(C, usize)> {
        let costs = &self.agents[agent].slot_costs;
        each(slots).map(|slot| (costs[slot], slot)).min()
    }

    /// Whether some slot can be full.
    pub(super) fn has_limited_slots(&self) -> bool {
        self.slots.iter().any(Option::is_some)
    }

    /// Whether that concerns tasks too, because some are not served in every slot.
    pub(super) fn has_tied_tasks(&self) -> bool {
        let every = all_slots(self.slots.len());
        self.has_limited_slots() && self.tasks.iter().any(|task| task.slots != every)
    }
}

/// The slots of a set, in order.
pub(super) fn each(mut slots: Mask) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let slot = slots.trailing_zeros() as usize;
        slots &= slots.wrapping_sub(1);
        (slot < SLOTS_MAX).then_some(slot)
    })
}

fn all_slots(count: usize) -> Mask {
    if count >= SLOTS_MAX { Mask::MAX } else { (1 << count) - 1 }
}

/// Orders by key and makes entries with the same key one.
fn merge<K: Ord + Copy>(entries: &mut Vec<(K, Mask)>, join: impl Fn(Mask, Mask) -> Mask) {
    entries.sort_unstable();
    entries.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 = join(kept.1, next.1);
        }
        same
    });
}
