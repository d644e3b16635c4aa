//! From rules to constraints: a case as a problem of assignment, and its solutions back.
//!
//! Commissioners are agents, institutions are tasks, batches are slots. Both lists are sorted by
//! id, and costs end with a number made of the pair's own names: the plan depends on what is in
//! the case, not on how it is written down.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::basis::Basis;
use super::case::{Class, Commissioner, HostInstitution, Posting, Sent};
use super::level::{Level, Objective};
use super::plan::{Plan, UnknownName};
use crate::assignment::{
    Agent, Costs, Forced, Levels, Pairing, Problem, Prohibition, Slot, SlotChoice, SlotSet,
    Solution, Status, Task, cost_of,
};

/// Travel counts by so many whole kilometres.
const KM_COUNTED: u32 = 100;
/// Bytes of the number of two names.
const NAME_BYTES: usize = 4;

/// Why pairs are not allowed; each is a reason of its own for each institution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bar {
    /// H2, for all institutions together: the batch is too late.
    Late,
    /// H3: the institution had sent members.
    HasSent,
    /// H3: nobody knows, and the parameter says that this blocks.
    MayHaveSent,
    /// H5: no fit, too little of it, or nobody knows.
    Misfit,
    /// The case itself says so.
    Excluded,
}

const BARS: [Bar; 5] = [Bar::Late, Bar::HasSent, Bar::MayHaveSent, Bar::Misfit, Bar::Excluded];

/// A case as a problem.
pub(super) struct Compiled<'a> {
    pub basis: &'a Basis,
    pub commissioners: Vec<&'a Commissioner>,
    pub institutions: Vec<&'a HostInstitution>,
    pub order: &'a [Level],
    pub problem: Problem<Levels>,
    /// What is uncovered before anybody is posted.
    at_start: Levels,
}

impl<'a> Compiled<'a> {
    /// Compiles: O(commissioners × institutions × batches).
    ///
    /// # Errors
    /// If the case names somebody or something that is not in it.
    pub fn of(basis: &'a Basis, order: &'a [Level]) -> Result<Self, UnknownName> {
        let commissioners: Vec<_> = basis.commissioners().into_values().collect();
        let institutions: Vec<_> = basis.institutions().into_values().collect();
        let names = Names::of(basis);
        let published = Published::of(basis);
        let draft = Drafting { basis, order, names: &names, published: &published };
        let agents = commissioners.iter().map(|own| draft.agent(own)).collect::<Result<_, _>>()?;
        let tied = basis.tied();
        let is_tied = |own: &HostInstitution| tied.contains(own.id.as_str());
        let required = &basis.case.required;
        if let Some(name) = required.iter().find(|id| !names.institutions.contains_key(id.as_str()))
        {
            return Err(UnknownName { name: name.clone() });
        }
        let tasks = institutions.iter().map(|own| draft.task(own, is_tied(own))).collect();
        let costs = Costs::from_fn(commissioners.len(), institutions.len(), |agent, task| {
            draft.cost(commissioners[agent], institutions[task])
        });
        let forced = draft.forced()?;
        let prohibitions = draft.prohibitions(&commissioners, &institutions)?;
        let problem = Problem {
            agents,
            tasks,
            slots: draft.slots(),
            agents_max: Some(basis.parameters.commissioners_max.value),
            costs,
            prohibitions,
            forced,
        };
        let uncovered = Class::ALL.map(|class| {
            let open = institutions.iter().filter(|own| {
                own.classes.contains(&class) && own.sent != Sent::Yes && !is_tied(own)
            });
            (Level::Uncovered(class), count(open))
        });
        let at_start = vector(order, &uncovered);
        Ok(Self { basis, commissioners, institutions, order, problem, at_start })
    }

    /// The objective of a sum of costs.
    pub fn objective(&self, costs: Levels) -> Objective {
        self.difference(self.at_start + costs)
    }

    /// Costs level by level, as a difference of two objectives.
    pub fn difference(&self, costs: Levels) -> Objective {
        Objective(self.order.iter().copied().zip(costs.as_slice().iter().copied()).collect())
    }

    /// The posting that a pairing stands for; renewals are those that the case demands.
    pub fn posting(&self, pairing: Pairing) -> Posting {
        let commissioner = &self.commissioners[pairing.agent].id;
        let institution = &self.institutions[pairing.task].id;
        let demanded = self.basis.case.forced.iter();
        let renewed = demanded
            .filter(|own| own.commissioner == *commissioner && own.institution == *institution)
            .flat_map(|own| own.renewed.iter().cloned())
            .collect();
        Posting {
            commissioner: commissioner.clone(),
            institution: institution.clone(),
            batch: self.basis.case.batches[pairing.slot].id.clone(),
            renewed,
        }
    }

    /// The pairing that stands for a posting.
    pub fn pairing(&self, posting: &Posting) -> Option<Pairing> {
        let agent = self.commissioners.binary_search_by(|own| own.id.cmp(&posting.commissioner));
        let task = self.institutions.binary_search_by(|own| own.id.cmp(&posting.institution));
        let (slot, _) = self.basis.batch(&posting.batch)?;
        Some(Pairing { agent: agent.ok()?, task: task.ok()?, slot })
    }

    /// The solution that a plan is; what it costs is told by its own objective.
    pub fn solution(&self, plan: &Plan) -> Solution<Levels> {
        let pairings: Vec<_> = plan.postings.iter().filter_map(|own| self.pairing(own)).collect();
        let objective = cost_of(&self.problem, &pairings);
        Solution { pairings, objective, status: Status::Optimal }
    }

    /// What a reason of the problem's prohibitions means: the bar, and at which institution
    /// (for [`Bar::Late`] in which batch).
    pub fn bar(&self, reason: u32) -> (Bar, usize) {
        let bars = u32::try_from(BARS.len()).unwrap_or(u32::MAX);
        (BARS[(reason % bars) as usize], (reason / bars) as usize)
    }
}

/// A vector of levels in their order; what the order leaves out is not looked at.
fn vector(order: &[Level], values: &[(Level, i64)]) -> Levels {
    values.iter().fold(Levels::default(), |vector, (level, value)| {
        match order.iter().position(|own| own == level) {
            Some(idx) => vector.with(idx, *value),
            None => vector,
        }
    })
}

fn count(things: impl Iterator) -> i64 {
    i64::try_from(things.count()).unwrap_or(i64::MAX)
}

/// The number of two names: the same wherever they stand, and without a pattern that could make
/// the sums of two plans equal.
fn name_number(one: &str, other: &str) -> i64 {
    let digest = Sha256::new().chain_update(one).chain_update([0]).chain_update(other).finalize();
    digest.iter().take(NAME_BYTES).fold(0, |number, byte| number << 8 | i64::from(*byte))
}

fn reason(bar: Bar, idx: usize) -> u32 {
    let place = BARS.iter().position(|own| *own == bar).unwrap_or_default();
    u32::try_from(idx * BARS.len() + place).unwrap_or(u32::MAX)
}

/// Where names stand.
struct Names<'a> {
    commissioners: BTreeMap<&'a str, usize>,
    institutions: BTreeMap<&'a str, usize>,
    batches: BTreeMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    fn of(basis: &'a Basis) -> Self {
        let batches = basis.case.batches.iter().zip(0..);
        Self {
            commissioners: basis.commissioners().into_keys().zip(0..).collect(),
            institutions: basis.institutions().into_keys().zip(0..).collect(),
            batches: batches.map(|(batch, idx)| (batch.id.as_str(), idx)).collect(),
        }
    }

    fn place(of: &BTreeMap<&str, usize>, name: &str) -> Result<usize, UnknownName> {
        of.get(name).copied().ok_or_else(|| UnknownName { name: name.to_owned() })
    }
}

/// The plan in force: who is where, and in which batch.
struct Published<'a> {
    pairs: Vec<(&'a str, &'a str)>,
    batches: BTreeMap<&'a str, &'a str>,
}

impl<'a> Published<'a> {
    fn of(basis: &'a Basis) -> Self {
        let postings = &basis.case.published;
        let mut pairs: Vec<_> = postings
            .iter()
            .map(|own| (own.commissioner.as_str(), own.institution.as_str()))
            .collect();
        pairs.sort_unstable();
        let batches = postings.iter().map(|own| (own.commissioner.as_str(), own.batch.as_str()));
        Self { pairs, batches: batches.collect() }
    }

    fn has(&self, commissioner: &str, institution: &str) -> bool {
        self.pairs.binary_search(&(commissioner, institution)).is_ok()
    }
}

/// The parts of the problem, one after the other.
struct Drafting<'a> {
    basis: &'a Basis,
    order: &'a [Level],
    names: &'a Names<'a>,
    published: &'a Published<'a>,
}

impl Drafting<'_> {
    /// H4, H6: at so many institutions, in one of these batches.
    fn agent(&self, own: &Commissioner) -> Result<Agent<Levels>, UnknownName> {
        let batches = &self.basis.case.batches;
        let slots: Vec<usize> = if own.batches.is_empty() {
            (0..batches.len()).collect()
        } else {
            let places = own.batches.iter().map(|id| Names::place(&self.names.batches, id));
            places.collect::<Result<_, _>>()?
        };
        let was_in = self.published.batches.get(own.id.as_str());
        let choice = |slot: usize| {
            let id = batches[slot].id.as_str();
            let cost = [
                (Level::Change, i64::from(was_in.is_some_and(|published| *published != id))),
                (Level::Lateness, i64::try_from(slot).unwrap_or(i64::MAX)),
            ];
            SlotChoice { slot, cost: vector(self.order, &cost) }
        };
        let capacity = self.basis.parameters.institutions_per_commissioner.value;
        Ok(Agent { capacity, slots: slots.into_iter().map(choice).collect() })
    }

    /// H4, and what is gained as soon as somebody is there.
    fn task(&self, own: &HostInstitution, is_tied: bool) -> Task<Levels> {
        let is_covered = own.sent == Sent::Yes || is_tied;
        let mut gains = vec![
            (Level::Richness, -i64::from(self.basis.measured.richness_of(&own.id))),
            (Level::NewTies, -i64::from(!is_tied)),
        ];
        if !is_covered {
            gains.extend(own.classes.iter().map(|class| (Level::Uncovered(*class), -1)));
        }
        Task {
            demand_min: u32::from(self.basis.case.required.contains(&own.id)),
            demand_max: self.basis.parameters.commissioners_per_institution.value,
            slots: SlotSet::ALL,
            opening: vector(self.order, &gains),
        }
    }

    fn cost(&self, commissioner: &Commissioner, institution: &HostInstitution) -> Levels {
        let parameters = &self.basis.parameters;
        let fit = self.basis.measured.fit_of(commissioner.home(), &institution.id);
        let km = institution.distance_km.unwrap_or(0);
        let balance = i64::from(parameters.travel_weight.value) * i64::from(km / KM_COUNTED)
            + i64::from(parameters.load_weight.value) * i64::from(commissioner.load);
        let is_kept = self.published.has(&commissioner.id, &institution.id);
        let values = [
            (Level::Fit, -fit.map_or(0, |fit| i64::from(fit.value))),
            (Level::Balance, balance),
            (Level::Change, -i64::from(is_kept)),
            (Level::Name, name_number(&commissioner.id, &institution.id)),
        ];
        vector(self.order, &values)
    }

    /// Places of the batches, less those that renewed postings take.
    fn slots(&self) -> Vec<Slot> {
        let renewals = |id: &str| {
            let forced = self.basis.case.forced.iter();
            let taken = forced.flat_map(|own| &own.renewed).filter(|batch| *batch == id).count();
            u32::try_from(taken).unwrap_or(u32::MAX)
        };
        let batches = self.basis.case.batches.iter();
        let left = batches.map(|batch| Slot {
            capacity: batch.places.map(|places| places.saturating_sub(renewals(&batch.id))),
        });
        left.collect()
    }

    fn forced(&self) -> Result<Vec<Forced>, UnknownName> {
        let forced = self.basis.case.forced.iter().map(|own| {
            let slot = match own.batch.as_str() {
                "" => None,
                id => Some(Names::place(&self.names.batches, id)?),
            };
            Ok(Forced {
                agent: Names::place(&self.names.commissioners, &own.commissioner)?,
                task: Names::place(&self.names.institutions, &own.institution)?,
                slot,
            })
        });
        forced.collect()
    }

    fn prohibitions(
        &self,
        commissioners: &[&Commissioner],
        institutions: &[&HostInstitution],
    ) -> Result<Vec<Prohibition>, UnknownName> {
        let batches = self.basis.case.batches.iter().zip(0..);
        let late: Vec<usize> =
            batches.filter(|(own, _)| !self.basis.is_in_time(own)).map(|(_, slot)| slot).collect();
        let first = SlotSet(1);
        let mut all = Vec::new();
        for (agent, commissioner) in commissioners.iter().enumerate() {
            for (task, institution) in institutions.iter().enumerate() {
                let mut bar = |slots, bar, idx| {
                    all.push(Prohibition { agent, task, slots, reason: reason(bar, idx) });
                };
                for slot in &late {
                    bar(SlotSet(1 << slot), Bar::Late, *slot);
                }
                match institution.sent {
                    Sent::Yes => bar(first, Bar::HasSent, task),
                    Sent::Unknown if self.basis.parameters.unknown_sent_blocks.value == 1 => {
                        bar(first, Bar::MayHaveSent, task);
                    }
                    Sent::Unknown | Sent::No => {}
                }
                let fit = self.basis.measured.fit_of(commissioner.home(), &institution.id);
                if fit.is_none_or(|fit| fit.value < self.basis.parameters.fit_min.value) {
                    bar(SlotSet::ALL, Bar::Misfit, task);
                }
            }
        }
        for (commissioner, institution) in &self.basis.case.forbidden {
            let agent = Names::place(&self.names.commissioners, commissioner)?;
            let task = Names::place(&self.names.institutions, institution)?;
            let reason = reason(Bar::Excluded, task);
            all.push(Prohibition { agent, task, slots: SlotSet::ALL, reason });
        }
        Ok(all)
    }
}
