//! What it would cost to insist: for each task of an agent, how much more the best solution
//! costs that pairs the two.
//!
//! A pair more in the cheapest flow is a shortest way round: from its task back to its agent. One
//! tree of shortest paths tells that for all tasks of an agent. Where the flow is the whole truth
//! (no pair's slot depends on others) so is the regret. Elsewhere it is the least it can be, and
//! true if the pairs of that flow find their slots; only if they do not, the problem is solved
//! with the pair forced.

use std::sync::Arc;

use super::check::check;
use super::circulation::Search;
use super::cost::Cost;
use super::error::{Limits, SolveError};
use super::model::Model;
use super::network::Network;
use super::placing::{place, rearrange};
use super::problem::Problem;
use super::search::{Goal, Outcome, search_from};
use super::solution::{Pairing, Solution, Status};
use super::state::State;
use super::valid::validate;

/// 后悔值
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Regret<C> {
    /// The best objective with the pair, less the solution's: zero or more if that is optimal.
    pub cost: C,
    /// Whether that is exact: `Limit` if work on it had to be cut short.
    pub status: Status<C>,
}

/// The regrets of a solution, agent by agent.
#[derive(Debug, Clone)]
pub struct Regrets<'a, C> {
    model: Arc<Model<'a, C>>,
    root: State,
    network: Network<'a, C>,
    objective: C,
    /// The tasks of each agent in the solution, in order.
    own: Vec<Vec<usize>>,
    limits: Limits,
    /// What the cheapest flow costs, and whether it is the whole truth.
    relaxed: C,
    exact: bool,
    /// Its pairs in slots, where these are the whole truth too.
    base: Option<Vec<Pairing>>,
}

impl<'a, C: Cost> Regrets<'a, C> {
    /// Of a solution; `limits` are for each pair. Solves the problem's flow once, with all pairs.
    ///
    /// # Errors
    /// If the problem makes no sense, or the solution is none of it.
    pub fn new(
        problem: &'a Problem<C>,
        solution: &Solution<C>,
        limits: Limits,
    ) -> Result<Self, SolveError> {
        validate(problem)?;
        if !check(problem, solution).is_empty() {
            return Err(SolveError::NotASolution);
        }
        let model = Arc::new(Model::of(problem));
        let root = State::root(&model).ok_or(SolveError::NotASolution)?;
        let mut network = Network::new_whole(Arc::clone(&model), &root);
        if !network.solve(&root) {
            return Err(SolveError::NotASolution);
        }
        let (relaxed, exact) = (network.cost(), network.is_exact(&root));
        let pairs = network.chosen().map(|p| (p.agent as usize, p.task as usize, p.slots));
        let base = place(&model, &root, pairs.collect()).ok().map(|(_, pairings)| pairings);
        let objective = solution.objective;
        let mut own = vec![Vec::new(); problem.agents.len()];
        for pairing in &solution.pairings {
            own[pairing.agent].push(pairing.task);
        }
        Ok(Self { model, root, network, objective, own, limits, relaxed, exact, base })
    }

    /// By task, that of the agent's pair with it, in whatever slot; `None` where the pair is in
    /// no solution. One search for shortest paths, O(pairs × log), where slots do not couple
    /// pairs.
    ///
    /// # Errors
    /// If there is no such agent, or limits left it open whether a pair is possible.
    pub fn of(&self, agent: usize) -> Result<Vec<Option<Regret<C>>>, SolveError> {
        let mut regrets = vec![None; self.model.tasks.len()];
        let ways = self.ways_to(agent)?;
        for (idx, more) in self.network.detours(&ways, agent) {
            let task = self.network.pairs()[idx].task as usize;
            regrets[task] = self.regret(&ways, idx, more)?;
        }
        Ok(regrets)
    }

    /// The `count` tasks that are not the agent's with the least regret, the least first, equal
    /// ones by task. The flow's detours are the least that regrets can be, so only the nearest
    /// are looked at closely.
    ///
    /// # Errors
    /// As [`Regrets::of`].
    pub fn nearest(
        &self,
        agent: usize,
        count: usize,
    ) -> Result<Vec<(usize, Regret<C>)>, SolveError> {
        let ways = self.ways_to(agent)?;
        let task_of = |idx: usize| self.network.pairs()[idx].task as usize;
        let mut detours = self.network.detours(&ways, agent);
        detours.retain(|&(idx, _)| self.own[agent].binary_search(&task_of(idx)).is_err());
        detours.sort_unstable_by_key(|&(idx, more)| (more, task_of(idx)));
        let mut nearest: Vec<(usize, Regret<C>)> = Vec::new();
        for (idx, more) in detours {
            let least = self.relaxed + more - self.objective;
            if nearest.get(count.saturating_sub(1)).is_some_and(|(_, known)| known.cost < least) {
                break;
            }
            if let Some(regret) = self.regret(&ways, idx, more)? {
                nearest.push((task_of(idx), regret));
                nearest.sort_unstable_by_key(|(task, regret)| (regret.cost, *task));
            }
        }
        nearest.truncate(count);
        Ok(nearest)
    }

    fn ways_to(&self, agent: usize) -> Result<Search<C>, SolveError> {
        let known = agent < self.model.agents.len();
        known.then(|| self.network.ways_to(agent)).ok_or(SolveError::UnknownAgent(agent))
    }

    /// That of a pair whose detour costs `more`.
    fn regret(
        &self,
        ways: &Search<C>,
        idx: usize,
        more: C,
    ) -> Result<Option<Regret<C>>, SolveError> {
        let least = self.relaxed + more;
        if self.exact || self.is_placed(ways, idx, least) {
            let cost = least - self.objective;
            return Ok(Some(Regret { cost, status: Status::Optimal }));
        }
        self.insist(idx)
    }

    /// Whether the flow with this pair is a solution, at its own cost.
    fn is_placed(&self, ways: &Search<C>, idx: usize, least: C) -> bool {
        let (come, go) = self.network.detour(ways, idx);
        let fits = |pairings: &[Pairing]| {
            let agents = pairings.chunk_by(|a, b| a.agent == b.agent).count();
            self.model.agents_max.is_none_or(|most| agents <= most)
        };
        let moved = self.base.as_ref().and_then(|base| {
            let pairs = self.network.pairs();
            let (come, go) = (come.iter().map(|&idx| pairs[idx]), go.iter().map(|&idx| pairs[idx]));
            rearrange(&self.model, &self.root, base, come, go)
        });
        if moved.is_some_and(|(cost, pairings)| cost == least && fits(&pairings)) {
            return true;
        }
        let made = self.network.chosen_indexes().filter(|idx| !go.contains(idx));
        let pairs = made.chain(come).map(|idx| self.network.pairs()[idx]);
        let pairs = pairs.map(|pair| (pair.agent as usize, pair.task as usize, pair.slots));
        let placed = place(&self.model, &self.root, pairs.collect());
        placed.is_ok_and(|(cost, pairings)| cost == least && fits(&pairings))
    }

    /// Solves the problem with the pair, from the flow of the one without.
    fn insist(&self, idx: usize) -> Result<Option<Regret<C>>, SolveError> {
        let nodes = self.limits.nodes_max;
        let (mut network, mut state) = (self.network.clone(), self.root.clone());
        let pair = network.force(idx);
        state.slots[pair.agent as usize] &= pair.slots;
        state.counted[pair.agent as usize] = true;
        let model = Arc::clone(&self.model);
        match search_from(model, network, state, Goal::Best, nodes, None) {
            Outcome::Found { cost, gap, .. } => {
                let status = if gap == C::ZERO { Status::Optimal } else { Status::Limit { gap } };
                Ok(Some(Regret { cost: cost - self.objective, status }))
            }
            Outcome::Nothing => Ok(None),
            Outcome::Limit => Err(SolveError::NothingFound { nodes }),
        }
    }
}
