//! Why somebody goes where they go: rules met, parts of the fit, what the posting brings, what
//! the next best would cost; and why somebody stays.

use rayon::prelude::*;

use super::basis::Basis;
use super::case::{Class, Posting, Sent};
use super::checking::{Finding, check_posting};
use super::compiled::Compiled;
use super::level::{Level, Objective};
use super::measured::Measure;
use super::plan::{Plan, PlanError};
use crate::assignment::{self, Limits, Regrets};

/// Alternatives that an explanation names.
pub const ALTERNATIVES: usize = 3;

/// 备选: another institution for the same commissioner, and what choosing it would cost the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// Id of the institution.
    pub institution: String,
    /// 遗憾值: the objective of the best plan with this posting less that of this plan, level by
    /// level. The first level that is not zero decides and is above zero.
    pub regret: Objective,
}

/// 派驻说明
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The posting.
    pub posting: Posting,
    /// What each rule says of it.
    pub findings: Vec<Finding>,
    /// Its fit.
    pub fit: Measure,
    /// Richness of the institution.
    pub richness: Measure,
    /// Classes in which it covers an institution that nothing else covers.
    pub covers: Vec<Class>,
    /// Whether there was no tie before.
    pub is_new_tie: bool,
    /// Kilometres from Nanjing, if known.
    pub distance_km: Option<u32>,
    /// Other duties of the commissioner.
    pub load: u32,
    /// The next best, the best first.
    pub alternatives: Vec<Alternative>,
}

/// 未派驻: a commissioner who stays, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idle {
    /// Id of the commissioner.
    pub commissioner: String,
    /// Why, a Chinese sentence.
    pub reason: String,
}

/// Explanations of all postings, in the plan's order, with those who stay. One shortest-path tree
/// for each commissioner.
///
/// # Errors
/// If the case is not whole, or alternatives cannot be priced.
pub fn explain(
    basis: &Basis,
    order: &[Level],
    plan: &Plan,
) -> Result<(Vec<Explanation>, Vec<Idle>), PlanError> {
    let compiled = Compiled::of(basis, order)?;
    let solution = compiled.solution(plan);
    let regrets = Regrets::new(&compiled.problem, &solution, Limits::default())
        .map_err(PlanError::Unsolved)?;
    let explained = plan.postings.par_iter().filter_map(|posting| {
        let pairing = compiled.pairing(posting)?;
        let nearest = match regrets.nearest(pairing.agent, ALTERNATIVES) {
            Ok(nearest) => nearest,
            Err(error) => return Some(Err(PlanError::Unsolved(error))),
        };
        let alternatives = nearest.into_iter().map(|(task, regret)| Alternative {
            institution: compiled.institutions[task].id.clone(),
            regret: compiled.difference(regret.cost),
        });
        let alternatives = alternatives.collect();
        Some(Ok(explain_posting(basis, &compiled, posting, pairing, alternatives)))
    });
    let explanations = explained.collect::<Result<Vec<_>, PlanError>>()?;
    Ok((explanations, idle(basis, &compiled, plan)))
}

fn explain_posting(
    basis: &Basis,
    compiled: &Compiled<'_>,
    posting: &Posting,
    pairing: assignment::Pairing,
    alternatives: Vec<Alternative>,
) -> Explanation {
    let commissioner = compiled.commissioners[pairing.agent];
    let institution = compiled.institutions[pairing.task];
    let is_tied = basis.tied().contains(institution.id.as_str());
    let was_covered = is_tied || institution.sent == Sent::Yes;
    let fit = basis.measured.fit_of(commissioner.home(), &institution.id);
    Explanation {
        posting: posting.clone(),
        findings: check_posting(basis, posting),
        fit: fit.cloned().unwrap_or_default(),
        richness: basis.measured.richness.get(&institution.id).cloned().unwrap_or_default(),
        covers: if was_covered { Vec::new() } else { institution.classes.clone() },
        is_new_tie: !is_tied,
        distance_km: institution.distance_km,
        load: commissioner.load,
        alternatives,
    }
}

/// Who stays, and why.
fn idle(basis: &Basis, compiled: &Compiled<'_>, plan: &Plan) -> Vec<Idle> {
    let goes = |id: &str| plan.postings.iter().any(|own| own.commissioner == id);
    let staying = compiled.commissioners.iter().filter(|own| !goes(&own.id));
    let posted = plan.postings.iter().map(|own| &own.commissioner);
    let posted = posted.collect::<std::collections::BTreeSet<_>>().len();
    let reason = |home: &str| {
        let fits = compiled.institutions.iter().filter(|own| {
            let fit = basis.measured.fit_of(home, &own.id);
            fit.is_some_and(|fit| fit.value >= basis.parameters.fit_min.value)
        });
        let fits: Vec<_> = fits.collect();
        let free = fits.iter().filter(|own| {
            let here = plan.postings.iter().filter(|posting| posting.institution == own.id).count();
            here < basis.parameters.commissioners_per_institution.value as usize
        });
        if fits.is_empty() {
            let least = basis.parameters.fit_min.value;
            format!("“{home}”与任何院校的匹配度都不到{least}（H5），请补充主导产业或企业需求")
        } else if posted >= basis.parameters.commissioners_max.value as usize {
            format!("已派满{}名专员（H1）", basis.parameters.commissioners_max.value)
        } else if free.count() == 0 {
            format!("与“{home}”匹配的{}所院校都已有专员（H4）", fits.len())
        } else {
            "所能参加的批次没有名额，或期限已过，或被案例排除".to_owned()
        }
    };
    let idle = staying.map(|own| Idle { commissioner: own.id.clone(), reason: reason(own.home()) });
    idle.collect()
}
