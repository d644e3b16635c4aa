//! Laws of the parts of structured fit.

use proptest::prelude::*;

use super::fit::{Fit, FitPart, FitScore, FitWeights, Offer, Priority, Wish};
use crate::index::{Facts, Score};
use crate::model::{Area, CivilDate, Industry, Maturity, ModeSet};

const GOOD_SCORE: f64 = 20.0;

fn day(text: &str) -> CivilDate {
    text.parse().unwrap()
}

fn today() -> CivilDate {
    day("2026-03-15")
}

fn area(code: &str) -> Area {
    Area { code: Some(code.to_owned()), name: code.to_owned() }
}

fn industry(code: &str) -> Industry {
    Industry { code: Some(code.to_owned()), name: code.to_owned() }
}

/// A need that asks for everything.
fn wish() -> Wish {
    Wish {
        areas: vec![area("E0203"), area("F0202")],
        industry: Some(industry("3841")),
        maturity: Maturity::new(6),
        modes: ModeSet::from_bits(0b101),
        deadline: Some(day("2026-12")),
        has_budget: true,
    }
}

fn facts(month: Option<&str>, maturity: u8, modes: u8) -> Facts {
    Facts {
        month: month.map(|text| Facts::month_of(day(text))),
        maturity: Maturity::new(maturity),
        modes: ModeSet::from_bits(modes),
    }
}

/// The parts of a lab with one document that answers the need well.
fn parts(offer: &Offer, facts: Facts) -> Vec<FitScore> {
    let (wish, weights) = (wish(), FitWeights::default());
    let fit = Fit::new(&wish, &weights, today(), GOOD_SCORE);
    fit.of_lab(offer, GOOD_SCORE, &[(7, Score::of(GOOD_SCORE as f32), facts)])
}

fn degree(part: FitPart, offer: &Offer, facts: Facts) -> Option<f64> {
    parts(offer, facts).into_iter().find(|found| found.part == part).unwrap().degree
}

fn offer(areas: &[&str], industries: &[&str], expires_on: Option<&str>) -> Offer {
    Offer {
        areas: areas.iter().map(|code| area(code)).collect(),
        industries: industries.iter().map(|code| industry(code)).collect(),
        expires_on: expires_on.map(day),
    }
}

#[test]
fn what_is_asked_for_is_named_and_what_is_not_known_adds_nothing() {
    let unknown = parts(&Offer::default(), Facts::default());
    let named: Vec<FitPart> = unknown.iter().map(|found| found.part).collect();
    assert_eq!(named, FitPart::ALL);
    assert!(unknown.iter().all(|p| p.degree.is_none() && p.value == 0.0 && p.document.is_none()));
    let bare = (Wish::default(), FitWeights::default());
    let fit = Fit::new(&bare.0, &bare.1, today(), GOOD_SCORE);
    let named: Vec<FitPart> =
        fit.of_lab(&Offer::default(), 5.0, &[]).iter().map(|found| found.part).collect();
    assert_eq!(named, [FitPart::Freshness, FitPart::Expiry], "of a bare text");
    let all_known =
        parts(&offer(&["E0203"], &["3841"], Some("2027")), facts(Some("2026-01"), 9, 0b11111));
    let unknown: Vec<FitPart> =
        all_known.iter().filter(|p| p.degree.is_none()).map(|p| p.part).collect();
    assert_eq!(unknown, [FitPart::Budget], "no record says what a lab's work costs");
}

#[test]
fn a_lab_that_fits_in_everything_gains_a_tenth_and_knows_from_which_document() {
    let found =
        parts(&offer(&["F0202"], &["3841"], Some("2026-12-31")), facts(Some("2026-03"), 6, 0b101));
    let sum: f64 = found.iter().map(|part| part.value).sum();
    assert!((sum - 0.1 * GOOD_SCORE).abs() < 8.0 * Score::STEP.value(), "{sum}");
    for part in found {
        let of_document =
            matches!(part.part, FitPart::Maturity | FitPart::Modes | FitPart::Freshness);
        assert_eq!(part.document, of_document.then_some(7), "{part:?}");
    }
}

#[test]
fn areas_count_by_the_nearest_two() {
    let near = |areas: &[&str]| degree(FitPart::Area, &offer(areas, &[], None), Facts::default());
    assert_eq!(near(&["E0203", "A01"]), Some(1.0));
    assert_eq!(near(&["E0201", "A01"]), Some(0.5));
    assert_eq!(near(&["A01"]), Some(0.0));
    let of = |codes: &[&str]| {
        degree(FitPart::Industry, &offer(&[], codes, None), Facts::default()).unwrap()
    };
    assert!(of(&["3841"]) > of(&["384"]) && of(&["384"]) > of(&["38"]) && of(&["38"]) > 0.0);
    assert_eq!(of(&["65"]), 0.0);
}

#[test]
fn maturity_beyond_what_is_wanted_is_no_worse_and_what_is_missing_costs_a_third_a_level() {
    let of =
        |level: u8| degree(FitPart::Maturity, &Offer::default(), facts(None, level, 0)).unwrap();
    let thirds: Vec<f64> = (1..=9).map(|level| (of(level) * 3.0).round()).collect();
    assert_eq!(thirds, [0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 3.0, 3.0, 3.0]);
}

#[test]
fn modes_count_by_the_share_that_one_achievement_is_offered_in() {
    let of = |bits: u8| degree(FitPart::Modes, &Offer::default(), facts(None, 0, bits));
    assert_eq!(of(0b101), Some(1.0));
    assert_eq!(of(0b111), Some(1.0));
    assert_eq!(of(0b001), Some(0.5));
    assert_eq!(of(0b010), Some(0.0));
    assert_eq!(of(0), None);
}

#[test]
fn freshness_halves_in_five_years_and_a_date_never_counts_less_than_none() {
    let of = |month: &str| {
        degree(FitPart::Freshness, &Offer::default(), facts(Some(month), 0, 0)).unwrap()
    };
    assert_eq!(of("2026-03"), 1.0);
    assert_eq!(of("2021-03"), 0.5);
    assert_eq!(of("2016-03"), 0.25);
    assert_eq!(of("2027-01"), 1.0, "what is announced is not fresher than fresh");
    assert!(of("1900") > 0.0);
}

#[test]
fn an_expired_profile_is_named_and_adds_nothing() {
    let of = |until: &str| {
        let lab = offer(&[], &[], Some(until));
        [FitPart::Expiry, FitPart::Period].map(|part| degree(part, &lab, Facts::default()))
    };
    assert_eq!(of("2026-03-14"), [Some(0.0), Some(0.0)]);
    assert_eq!(of("2026-03-15"), [Some(1.0), Some(0.0)]);
    assert_eq!(of("2026"), [Some(1.0), Some(1.0)]);
}

#[test]
fn a_policy_counts_by_its_weight_and_only_where_it_applies() {
    let (wish, weights) = (Wish::default(), FitWeights::default());
    let fit = Fit::new(&wish, &weights, today(), GOOD_SCORE);
    let of = |applies, weight, text_score| {
        let priority = Priority { name: "985", label: "985 工程", applies, weight };
        fit.of_priority(&priority, text_score)
    };
    assert_eq!(of(Some(true), 0.0, 10.0), 0.0);
    assert_eq!(of(Some(true), 0.5, 10.0), 5.0);
    assert_eq!(of(Some(true), 0.5, 1000.0), 10.0, "up to a good score");
    assert_eq!(of(Some(false), 0.5, 10.0), 0.0);
    assert_eq!(of(None, 0.5, 10.0), 0.0);
}

fn any_facts() -> impl Strategy<Value = Facts> {
    (prop::option::of(23_000u16..24_400), 0u8..=9, 0u8..32).prop_map(|(month, level, bits)| Facts {
        month,
        maturity: Maturity::new(level),
        modes: ModeSet::from_bits(bits),
    })
}

fn any_offer() -> impl Strategy<Value = Offer> {
    let areas = prop::sample::subsequence(vec!["E", "E02", "E0203", "E020301", "F0202"], 0..4);
    let industries = prop::sample::subsequence(vec!["C", "38", "384", "3841", "65"], 0..3);
    let until = prop::sample::select(vec![None, Some("2025"), Some("2026-05"), Some("2028")]);
    (areas, industries, until)
        .prop_map(|(areas, industries, until)| offer(&areas, &industries, until))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn parts_are_bounded_and_another_document_never_lowers_one(
        lab in any_offer(),
        documents in prop::collection::vec((0.0f32..30.0, any_facts()), 0..6),
        another in (0.0f32..30.0, any_facts()),
        gain in 0.0f64..30.0,
    ) {
        let (wish, weights) = (wish(), FitWeights::default());
        let fit = Fit::new(&wish, &weights, today(), GOOD_SCORE);
        let placed = |documents: &[(f32, Facts)]| -> Vec<(usize, Score, Facts)> {
            let numbered = documents.iter().enumerate();
            numbered.map(|(idx, (score, facts))| (idx, Score::of(*score), *facts)).collect()
        };
        // A lab's texts have earned at least what its best document has.
        let text_score = documents.iter().map(|(score, _)| f64::from(*score)).fold(0.0, f64::max);
        let before = fit.of_lab(&lab, text_score, &placed(&documents));
        for part in &before {
            let degree = part.degree.unwrap_or_default();
            prop_assert!((0.0..=1.0).contains(&degree), "{part:?}");
            let most = weights.of(part.part) * GOOD_SCORE;
            prop_assert!((0.0..=most).contains(&part.value), "{part:?}");
        }
        let sum: f64 = before.iter().map(|part| part.value).sum();
        prop_assert!(sum <= 0.1 * text_score + Score::STEP.value(), "{sum} of {text_score}");
        let mut more = documents.clone();
        more.push(another);
        // With another document the best three sum to no less.
        let after = fit.of_lab(&lab, text_score + gain, &placed(&more));
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(after.value >= before.value, "{before:?} {after:?}");
        }
    }
}
