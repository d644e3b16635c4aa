//! Laws of reports on random facts: parts sum to the whole, weeks sum to the period.

use proptest::prelude::*;

use super::*;
use crate::engine::reports::facts::NeedFact;
use crate::engine::reports::period::PeriodKind;
use crate::model::{CivilDate, Timestamp};

const DAY_MS: i64 = 86_400_000;
/// 2026-05-04, a Monday, at noon in China.
const MONDAY_MS: i64 = 1_777_867_200_000;
const WEEKS: i64 = 4;

fn at(day: i64) -> Timestamp {
    Timestamp(MONDAY_MS + day * DAY_MS)
}

fn weeks(first: i64, count: i64) -> Period {
    let day = |day: i64| day_of(at(day));
    let (from, until) = (day(first * 7), day((first + count) * 7 - 1));
    Period { kind: PeriodKind::Range, from, until }
}

fn lead() -> impl Strategy<Value = LeadFact> {
    let stays = proptest::collection::vec((0..LeadState::ALL.len(), 0i64..9), 0..9);
    let names = || proptest::option::of("[甲乙丙]");
    (-10i64..28, stays, proptest::option::of(0i64..1_000), names(), names()).prop_map(
        |(created, steps, amount, park, university)| {
            let mut day = created;
            let mut stays = vec![Stay { state: LeadState::Found, since: at(created) }];
            for (state, days) in steps {
                day += days;
                stays.push(Stay { state: LeadState::ALL[state], since: at(day) });
            }
            let contract = amount.map(|fen| (Mode::Equity, Fen::new(fen).unwrap()));
            let need = RecordId::generate();
            LeadFact { need, created: at(created), stays, contract, park, university }
        },
    )
}

fn facts() -> impl Strategy<Value = Facts> {
    let activity = (0..5usize, proptest::option::of(0..3usize), 0i64..28, any::<bool>());
    let (leads, activities) =
        (proptest::collection::vec(lead(), 0..30), proptest::collection::vec(activity, 0..30));
    (leads, activities, proptest::collection::vec(-10i64..28, 0..20)).prop_map(
        |(mut leads, activities, needs)| {
            let needs: Vec<NeedFact> = needs
                .into_iter()
                .map(|day| NeedFact { id: RecordId::generate(), created: at(day) })
                .collect();
            for (lead, need) in leads.iter_mut().zip(&needs) {
                lead.need = need.id;
            }
            let user = RecordId::generate();
            let activities = activities.into_iter().map(|(kind, role, day, known)| ActivityFact {
                kind: ActivityKind::ALL[kind],
                role: role.map(|idx| CommissionerRole::ALL[idx]),
                on: at(day).day_in_china(),
                by: known.then_some(user),
            });
            let activities = activities.collect();
            Facts { leads, needs, activities, commissioners: vec![user, RecordId::generate()] }
        },
    )
}

fn figure(report: &Report, name: &str) -> Figure {
    *report.figures.iter().find(|figure| figure.name == name).unwrap()
}

proptest! {
    #[test]
    fn parts_sum_to_the_whole_and_no_part_is_larger(facts in facts()) {
        let report = count(&facts, weeks(0, WEEKS), None);
        for group in &report.groups {
            let sum = |of: fn(&Part) -> i64| group.parts.iter().map(of).sum::<i64>();
            prop_assert_eq!(sum(|p| p.leads), figure(&report, "leads_created").of);
            prop_assert_eq!(sum(|p| p.created), figure(&report, "leads_created").value);
            prop_assert_eq!(sum(|p| p.signed), figure(&report, "signed").value);
            prop_assert_eq!(sum(|p| p.signed_fen), figure(&report, "signed_amount").value);
        }
        let done = figure(&report, "activities").value;
        prop_assert_eq!(report.roles.iter().map(|r| r.activities).sum::<i64>(), done);
        let visits = figure(&report, "visits").value;
        prop_assert_eq!(report.roles.iter().map(|r| r.visits).sum::<i64>(), visits);
        let by = |c: &CommissionerCount| c.publicist + c.sower + c.adviser + c.unspecified;
        prop_assert_eq!(report.commissioners.iter().map(by).sum::<i64>(), done);
        for name in ["new_needs", "needs_followed", "leads_created", "visits", "active_commissioners"] {
            let figure = figure(&report, name);
            prop_assert!(figure.value <= figure.of, "{:?}", figure);
        }
        for days in &report.days {
            prop_assert_eq!(days.median.is_none(), days.left == 0);
        }
    }

    #[test]
    fn a_period_is_the_sum_of_its_weeks(facts in facts()) {
        let whole = count(&facts, weeks(0, WEEKS), None);
        let parts: Vec<Report> = (0..WEEKS).map(|week| count(&facts, weeks(week, 1), None)).collect();
        for expected in whole.figures.iter().filter(|figure| figure.additive) {
            let sum: i64 = parts.iter().map(|part| figure(part, expected.name).value).sum();
            prop_assert_eq!(sum, expected.value, "{}", expected.name);
        }
        for (idx, days) in whole.days.iter().enumerate() {
            prop_assert_eq!(parts.iter().map(|part| part.days[idx].entered).sum::<i64>(), days.entered);
            prop_assert_eq!(parts.iter().map(|part| part.days[idx].left).sum::<i64>(), days.left);
        }
        for (idx, role) in whole.roles.iter().enumerate() {
            let sum: i64 = parts.iter().map(|part| part.roles[idx].activities).sum();
            prop_assert_eq!(sum, role.activities);
        }
    }
}

#[test]
fn a_lead_is_counted_in_the_state_that_it_had_then_and_signed_when_it_was_for_good() {
    let stay = |state, day| Stay { state, since: at(day) };
    let lead = LeadFact {
        need: RecordId::generate(),
        created: at(0),
        stays: vec![
            stay(LeadState::Found, 0),
            stay(LeadState::Signed, 3),
            stay(LeadState::Proposed, 4),
            stay(LeadState::Signed, 9),
            stay(LeadState::Landed, 15),
        ],
        contract: Some((Mode::Equity, Fen::new(500).unwrap())),
        park: None,
        university: Some("甲大学".to_owned()),
    };
    let facts = Facts { leads: vec![lead], ..Facts::default() };
    let report = |week| count(&facts, weeks(week, 1), None);
    let states = |week: i64| report(week).groups[0].parts[0].name.clone();
    assert_eq!([states(0), states(1), states(2)], ["proposed", "signed", "landed"]);
    let signed = |week| figure(&report(week), "signed_amount").value;
    assert_eq!([signed(0), signed(1), signed(2)], [0, 500, 0]);
    let days = report(2).days[LeadState::Signed as usize];
    assert_eq!((days.left, days.median), (1, Some(6.0)));
    assert_eq!(report(1).groups[2].parts[0].label, UNKNOWN);
    assert_eq!(count(&Facts::default(), weeks(0, 1), None).groups[0].parts, []);
    let day: CivilDate = "2026-05-04".parse().unwrap();
    assert_eq!(day_of(at(0)), day.last_day());
}
