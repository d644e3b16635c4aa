//! `bench plan`: how long plans take. A random case of any size is solved, explained, forked and
//! repaired, without store or index: measuring fit and richness is not what is timed.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use fastrand::Rng;

use super::BenchError;
use super::figures::{Times, peak_rss_mb};
use crate::model::CivilDate;
use crate::programmes::hundred::{
    Basis, Batch, Case, Change, Class, Commissioner, FIT_MAX, HostInstitution, Level, Measure,
    Measured, Parameter, Parameters, Part, PartKind, Plan, PlanError, PlanStatus, Posting, Sent,
    check, coverage, difference, explain, repair, solve,
};
use crate::programmes::rules::Key;

/// Forks that are timed.
const FORKS: usize = 50;
/// Parks and districts that commissioners come from.
const HOMES: usize = 20;

/// The size of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanOptions {
    /// Commissioners.
    pub commissioners: usize,
    /// Institutions.
    pub institutions: usize,
    /// Batches, with places for all commissioners together.
    pub batches: usize,
    /// Equal seeds make equal cases.
    pub seed: u64,
}

/// Figures of plans.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanFigures {
    /// Postings of the plan.
    pub postings: usize,
    /// Whether it is proven that nothing is better.
    pub optimal: bool,
    /// Time of solving, in seconds.
    pub solve_seconds: f64,
    /// Time of explaining all postings with their alternatives and who stays, in seconds.
    pub explain_seconds: f64,
    /// Times of what-ifs, each with its coverage and differences.
    pub forks: Times,
    /// What the slowest of them was about, as the changes of the API name it.
    pub slowest_fork: &'static str,
    /// Of these, those that were impossible.
    pub forks_impossible: usize,
    /// Time of a repair after a commissioner has left, in seconds.
    pub repair_seconds: f64,
    /// Postings of others that the repair has changed.
    pub repair_moved: usize,
    /// Findings of the independent checker that block, in all of these plans. Must be none.
    pub violations: usize,
    /// Most memory of the process.
    pub peak_rss_mb: Option<f64>,
}

/// Takes the figures. `progress` hears how many of how many steps are done.
///
/// # Errors
/// If there is nobody to post, or no plan.
pub fn bench_plan(
    options: PlanOptions,
    mut progress: impl FnMut(usize, usize),
) -> Result<PlanFigures, BenchError> {
    let mut rng = Rng::with_seed(options.seed);
    let basis = random_basis(&mut rng, options);
    let steps = FORKS + 3;
    let began = Instant::now();
    let plan = solve(&basis, &Level::ORDER, None).map_err(no_plan)?;
    let solve_seconds = began.elapsed().as_secs_f64();
    progress(1, steps);
    let mut violations = blocking(&basis, &plan);

    let began = Instant::now();
    explain(&basis, &Level::ORDER, &plan).map_err(no_plan)?;
    let explain_seconds = began.elapsed().as_secs_f64();
    progress(2, steps);

    let (mut took, mut forks_impossible) = (Vec::with_capacity(FORKS), 0);
    let mut slowest = (Duration::ZERO, "");
    for number in 0..FORKS {
        let (kind, change) = random_change(&mut rng, &basis, &plan, number);
        let began = Instant::now();
        let forked = basis.with(&[change]).map_err(|_| BenchError::Empty("a change is wrong"))?;
        match solve(&forked, &Level::ORDER, Some(&plan)) {
            Ok(other) => {
                difference(&plan.postings, &other.postings);
                coverage(&forked, &other.postings);
                took.push(began.elapsed());
                violations += blocking(&forked, &other);
            }
            Err(PlanError::Impossible(_)) => {
                took.push(began.elapsed());
                forks_impossible += 1;
            }
            Err(error) => return Err(no_plan(error)),
        }
        slowest = slowest.max((took[number], kind));
        progress(3 + number, steps);
    }

    let leaving = plan.postings.first().ok_or(BenchError::Empty("nobody is posted"))?;
    let leaving = leaving.commissioner.clone();
    let began = Instant::now();
    let repaired = repair(&basis, &plan, &[Change::RemoveCommissioner(leaving.clone())]);
    let repair_seconds = began.elapsed().as_secs_f64();
    let (changed, new) = repaired.map_err(|_| BenchError::Empty("there is no repair"))?;
    violations += blocking(&changed, &new);
    let (differences, _) = difference(&plan.postings, &new.postings);
    progress(steps, steps);
    Ok(PlanFigures {
        postings: plan.postings.len(),
        optimal: plan.status == PlanStatus::Optimal,
        solve_seconds,
        explain_seconds,
        forks: Times::of(took),
        slowest_fork: slowest.1,
        forks_impossible,
        repair_seconds,
        repair_moved: differences.iter().filter(|own| own.commissioner != leaving).count(),
        violations,
        peak_rss_mb: peak_rss_mb(),
    })
}

fn no_plan(error: PlanError) -> BenchError {
    match error {
        PlanError::Unsolved(error) => error.into(),
        _ => BenchError::Empty("there is no plan for this case"),
    }
}

fn blocking(basis: &Basis, plan: &Plan) -> usize {
    check(basis, &plan.postings).iter().filter(|own| own.blocks).count()
}

/// One of the questions that an office asks, in turn, with its name.
fn random_change(
    rng: &mut Rng,
    basis: &Basis,
    plan: &Plan,
    number: usize,
) -> (&'static str, Change) {
    let case = &basis.case;
    let who = &case.commissioners[rng.usize(..case.commissioners.len())];
    let host = &case.institutions[rng.usize(..case.institutions.len())];
    let posting = plan.postings.get(rng.usize(..plan.postings.len().max(1)));
    let (commissioner, institution) = (who.id.clone(), host.id.clone());
    match number % 6 {
        0 => {
            let (batch, renewed) = (String::new(), Vec::new());
            ("force", Change::Force(Posting { commissioner, institution, batch, renewed }))
        }
        1 => {
            let pair = posting.map(|own| (own.commissioner.clone(), own.institution.clone()));
            let (commissioner, institution) = pair.unwrap_or((commissioner, institution));
            ("forbid", Change::Forbid { commissioner, institution })
        }
        2 => ("remove_commissioner", Change::RemoveCommissioner(commissioner)),
        3 => ("remove_institution", Change::RemoveInstitution(institution)),
        4 => {
            let batch = &case.batches[rng.usize(..case.batches.len())];
            let places = batch.places.map(|places| places.saturating_sub(2));
            ("places", Change::Places { batch: batch.id.clone(), places })
        }
        _ => {
            let most = i64::from(basis.parameters.commissioners_max.value);
            let key = "commissioners_max".to_owned();
            ("set", Change::Set { key, value: (most - 5).max(0) })
        }
    }
}

/// A case of the size that is asked for, of the make of the real one.
fn random_basis(rng: &mut Rng, options: PlanOptions) -> Basis {
    let each = options.commissioners.div_ceil(options.batches.max(1));
    let batches = (0..options.batches).map(|idx| batch(idx, options.batches, each));
    let batches: Vec<Batch> = batches.collect();
    let commissioners = (0..options.commissioners).map(|idx| Commissioner {
        id: format!("c-{idx:04}"),
        district: Some("某区".to_owned()),
        park: Some(format!("园区{}", rng.usize(..HOMES))),
        batches: match rng.u8(..10) {
            0 => vec![batches[rng.usize(..batches.len())].id.clone()],
            _ => Vec::new(),
        },
        load: rng.u32(0..=3),
    });
    let commissioners: Vec<_> = commissioners.collect();
    let institutions = (0..options.institutions).map(|idx| institution(rng, idx));
    let institutions: Vec<_> = institutions.collect();
    let measure = |value| {
        Measure::of(vec![Part { kind: PartKind::Given, name: String::new(), value }], u32::MAX)
    };
    let mut measured = Measured::default();
    for home in (0..HOMES).map(|idx| format!("园区{idx}")) {
        let row = measured.fit.entry(home).or_default();
        for own in &institutions {
            let value = rng.u32(0..=60) * 100;
            row.insert(own.id.clone(), measure(value.min(FIT_MAX)));
        }
    }
    let richness = institutions.iter().map(|own| (own.id.clone(), measure(rng.u32(20..=3_000))));
    measured.richness = richness.collect::<BTreeMap<_, _>>();
    let most = u32::try_from(options.commissioners).unwrap_or(u32::MAX);
    let case = Case {
        name: "随机案例".to_owned(),
        start: day(2020, 1, 1),
        batches,
        commissioners,
        institutions,
        ties: Vec::new(),
        forced: Vec::new(),
        forbidden: Vec::new(),
        required: Vec::new(),
        published: Vec::new(),
        parameters: Vec::new(),
    };
    Basis { case, parameters: parameters(most), measured }
}

/// As the rules have them, but for the number of commissioners.
fn parameters(commissioners_max: u32) -> Parameters {
    Parameters::from_fn(|key| {
        let value = match key {
            Key::CommissionersMax => commissioners_max,
            Key::Years => 3,
            Key::UnknownSentBlocks => 0,
            Key::RelationshipsTarget => 100,
            _ => 1,
        };
        Parameter { value, least: 0, most: u32::MAX }
    })
}

/// The three years in as many parts as there are batches, each of a month at least.
fn batch(idx: usize, count: usize, places: usize) -> Batch {
    const MONTHS: usize = 36;
    let month = |number: usize| {
        let (year, month) = (2020 + number / 12, number % 12 + 1);
        (i16::try_from(year).unwrap_or(i16::MAX), i8::try_from(month).unwrap_or(1))
    };
    let (first, next) = (idx * MONTHS / count, (idx + 1) * MONTHS / count);
    let (year, number) = month(first);
    let (last_year, last_number) = month(next.saturating_sub(1).max(first));
    Batch {
        id: format!("b{}", idx + 1),
        name: format!("第{}批", idx + 1),
        start: day(year, number, 1),
        end: day(last_year, last_number, 28),
        places: u32::try_from(places).ok(),
    }
}

fn day(year: i16, month: i8, day: i8) -> CivilDate {
    format!("{year:04}-{month:02}-{day:02}").parse().expect("a day that every month has")
}

fn institution(rng: &mut Rng, idx: usize) -> HostInstitution {
    let classes = match rng.u8(..10) {
        0..2 => vec![Class::C985, Class::KeyDoubleFirstClass],
        2..7 => vec![Class::KeyDoubleFirstClass],
        _ => vec![Class::MajorInstitute],
    };
    let sent = match rng.u8(..10) {
        0..2 => Sent::Yes,
        2..4 => Sent::No,
        _ => Sent::Unknown,
    };
    HostInstitution {
        id: format!("u-{idx:04}"),
        classes,
        city: "某市".to_owned(),
        sent,
        distance_km: Some(rng.u32(0..=2_500)),
        disciplines: Vec::new(),
        key_labs: Vec::new(),
        richness: None,
    }
}
