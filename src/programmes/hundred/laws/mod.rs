//! What every plan keeps, on random cases.

mod brute;

use super::*;

/// Cases of a law, unless `DUIJIE_PLAN_CASES` says otherwise.
fn cases(few: u64) -> u64 {
    std::env::var("DUIJIE_PLAN_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(few)
}

fn without_names(objective: &Objective) -> Objective {
    Objective(objective.0.iter().copied().filter(|(level, _)| *level != Level::Name).collect())
}

fn orders() -> [&'static [Level]; 2] {
    [&Level::ORDER, &Level::REPAIR_ORDER]
}

#[test]
fn a_plan_is_the_best_there_is() {
    let (mut plans, mut refusals) = (0, 0);
    for seed in 0..cases(500) {
        let mut world = RandomCases::new(seed);
        let most = if seed % 10 == 0 { 8 } else { 5 };
        let basis = world.basis(most);
        let order = orders()[usize::from(seed % 3 == 0)];
        let unnamed: Vec<Level> = order.iter().copied().filter(|own| *own != Level::Name).collect();
        let expected = brute::best(&basis, &unnamed);
        match (solve(&basis, order, None), expected) {
            (Ok(plan), Some((objective, _))) => {
                assert_eq!(without_names(&plan.objective), objective, "seed {seed}");
                assert_eq!(plan.status, PlanStatus::Optimal, "seed {seed}");
                let wrong: Vec<_> =
                    check(&basis, &plan.postings).into_iter().filter(|own| own.blocks).collect();
                assert!(wrong.is_empty(), "seed {seed}: {wrong:?}");
                let told = objective_of(&basis, order, &plan.postings).unwrap();
                assert_eq!(told, plan.objective, "seed {seed}");
                plans += 1;
            }
            (Err(PlanError::Impossible(_)), None) => refusals += 1,
            (found, expected) => panic!("seed {seed}: found {found:?}, expected {expected:?}"),
        }
    }
    assert!(plans > 0 && refusals > 0, "{plans} plans, {refusals} refusals");
}

#[test]
fn what_is_relaxed_makes_a_plan_possible() {
    let mut relaxed = 0;
    for seed in 0..cases(500) {
        let basis = RandomCases::new(seed).basis(5);
        let Err(PlanError::Impossible(refusal)) = solve(&basis, &Level::ORDER, None) else {
            continue;
        };
        assert!(!refusal.conflict.is_empty(), "seed {seed}");
        let Some(relaxation) = refusal.relaxation else { continue };
        let other = basis.with(&relaxation.changes).unwrap();
        assert!(solve(&other, &Level::ORDER, None).is_ok(), "seed {seed}: {relaxation:?}");
        relaxed += 1;
    }
    assert!(relaxed > 0);
}

#[test]
fn the_order_of_what_is_given_changes_nothing() {
    for seed in 0..cases(100) {
        let mut world = RandomCases::new(seed);
        let basis = world.basis(6);
        let mut shuffled = basis.clone();
        world.random.shuffle(&mut shuffled.case.commissioners);
        world.random.shuffle(&mut shuffled.case.institutions);
        world.random.shuffle(&mut shuffled.case.ties);
        world.random.shuffle(&mut shuffled.case.published);
        let plans = [basis, shuffled].map(|basis| solve(&basis, &Level::ORDER, None).ok());
        let [one, other] = plans;
        assert_eq!(one, other, "seed {seed}");
    }
}

#[test]
fn an_institution_that_nobody_may_go_to_changes_nothing() {
    for seed in 0..cases(100) {
        let basis = RandomCases::new(seed).basis(6);
        let mut more = basis.clone();
        more.case.institutions.insert(
            0,
            HostInstitution {
                id: "a-nobody-fits".to_owned(),
                classes: Vec::new(),
                city: "某市".to_owned(),
                sent: Sent::No,
                distance_km: None,
                disciplines: Vec::new(),
                key_labs: Vec::new(),
                richness: None,
            },
        );
        more.measured
            .richness
            .insert("a-nobody-fits".to_owned(), Measure { value: 1000, parts: Vec::new() });
        let plans = [basis, more].map(|basis| solve(&basis, &Level::ORDER, None).ok());
        let [one, other] = plans;
        assert_eq!(one, other, "seed {seed}");
    }
}

#[test]
fn more_richness_never_lowers_a_chance() {
    let mut posted = 0;
    for seed in 0..cases(100) {
        let basis = RandomCases::new(seed).basis(6);
        let Ok(plan) = solve(&basis, &Level::ORDER, None) else { continue };
        for host in plan.postings.iter().map(|own| &own.institution) {
            let mut richer = basis.clone();
            richer.measured.richness.get_mut(host).unwrap().value += 2;
            let plan = solve(&richer, &Level::ORDER, None).unwrap();
            assert!(
                plan.postings.iter().any(|own| own.institution == *host),
                "seed {seed}: {host}"
            );
            posted += 1;
        }
    }
    assert!(posted > 0);
}

#[test]
fn to_force_an_alternative_costs_exactly_its_regret() {
    let mut forced = 0;
    for seed in 0..cases(100) {
        let basis = RandomCases::new(seed).basis(6);
        let Ok(plan) = solve(&basis, &Level::ORDER, None) else { continue };
        let (explanations, idle) = explain(&basis, &Level::ORDER, &plan).unwrap();
        assert_eq!(explanations.len(), plan.postings.len(), "seed {seed}");
        let goes = |id: &str| plan.postings.iter().any(|own| own.commissioner == id);
        let stay = basis.case.commissioners.iter().filter(|own| !goes(&own.id)).count();
        assert_eq!(idle.len(), stay, "seed {seed}");
        for own in explanations {
            assert!(own.alternatives.windows(2).all(|two| two[0].regret.0 <= two[1].regret.0));
            for alternative in own.alternatives {
                let change = Change::Force(Posting {
                    commissioner: own.posting.commissioner.clone(),
                    institution: alternative.institution.clone(),
                    batch: String::new(),
                    renewed: Vec::new(),
                });
                let other = basis.with(&[change]).unwrap();
                let other = solve(&other, &Level::ORDER, Some(&plan)).unwrap();
                assert_eq!(
                    other.objective.less(&plan.objective),
                    alternative.regret,
                    "seed {seed}"
                );
                forced += 1;
            }
        }
    }
    assert!(forced > 0);
}

#[test]
fn a_repair_keeps_as_much_as_can_be_kept() {
    let mut repaired = 0;
    for seed in 0..cases(100) {
        let mut basis = RandomCases::new(seed).basis(6);
        basis.case.published.clear();
        // Where an institution has to be posted to, somebody else may have to move.
        basis.case.required.clear();
        let Ok(plan) = solve(&basis, &Level::ORDER, None) else { continue };
        let Some(leaves) = plan.postings.first().map(|own| own.commissioner.clone()) else {
            continue;
        };
        let Ok((changed, new)) =
            repair(&basis, &plan, &[Change::RemoveCommissioner(leaves.clone())])
        else {
            continue;
        };
        let (_, kept) = difference(&plan.postings, &new.postings);
        let others = plan.postings.iter().filter(|own| own.commissioner != leaves).count();
        // The others' postings are still allowed, so none of them need move.
        assert_eq!(kept, others, "seed {seed}");
        assert!(check(&changed, &new.postings).iter().all(|own| !own.blocks), "seed {seed}");
        repaired += 1;
    }
    assert!(repaired > 0);
}

#[test]
fn a_document_is_read_as_it_was_written() {
    for seed in 0..cases(20) {
        let basis = RandomCases::new(seed).basis(6);
        let Ok(plan) = solve(&basis, &Level::ORDER, None) else { continue };
        let document = Document::new(basis, plan, "rules".to_owned());
        let text = document.text().unwrap();
        assert_eq!(Document::read(&text).unwrap(), document, "seed {seed}");
        assert_eq!(digest(&text), digest(&Document::read(&text).unwrap().text().unwrap()));
    }
}
