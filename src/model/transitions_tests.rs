//! Laws of the shipped table of transitions, and of applying it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::data::Data;
use crate::model::{Fen, Mode, RecordId, Resource};

fn shipped() -> Transitions {
    Transitions::parse(&Data::embedded().text(FILE).unwrap()).unwrap()
}

fn found() -> Lead {
    let (need, lab) = (RecordId::generate(), RecordId::generate());
    Lead::found(need, lab, Resource::Achievement, Timestamp(0))
}

fn contract() -> Contract {
    let amount = Fen::new(1).unwrap();
    Contract { mode: Mode::Equity, amount, terms: BTreeMap::new() }
}

fn step(to: LeadState) -> Step {
    Step { to, note: String::new(), reason: String::new(), due_on: None, contract: None }
}

/// A lead in a state, by the table alone, with everything that steps need.
fn in_state(table: &Transitions, state: LeadState) -> Lead {
    let mut lead = found();
    (lead.accepted_by_enterprise, lead.accepted_by_institution) = (true, true);
    let forward: &[LeadState] = match state {
        LeadState::Closed => &[LeadState::Closed],
        other => &LeadState::ALL[1..=LeadState::ALL.iter().position(|s| *s == other).unwrap()],
    };
    for to in forward {
        lead = table.take(&lead, full(table, lead.state, *to), None, Timestamp(1)).unwrap();
    }
    lead
}

/// A step with all that its rule needs.
fn full(table: &Transitions, from: LeadState, to: LeadState) -> Step {
    let rule = table.all().iter().find(|rule| (rule.from, rule.to) == (from, to)).unwrap();
    let needs = |requirement| rule.needs.contains(&requirement);
    let text = |given: bool| if given { "因此".to_owned() } else { String::new() };
    Step {
        note: text(needs(Requirement::Note)),
        reason: text(needs(Requirement::Reason)),
        contract: needs(Requirement::Contract).then(contract),
        ..step(to)
    }
}

#[test]
fn every_state_is_reached_from_found_and_every_state_can_be_closed() {
    let table = shipped();
    let mut reached = BTreeSet::from([LeadState::Found]);
    loop {
        let next: BTreeSet<LeadState> = reached.iter().flat_map(|from| table.ways(*from)).collect();
        if next.is_subset(&reached) {
            break;
        }
        reached.extend(next);
    }
    assert_eq!(reached.into_iter().collect::<Vec<_>>(), LeadState::ALL);
    for state in LeadState::ALL.iter().filter(|state| **state != LeadState::Closed) {
        assert!(table.ways(*state).any(|to| to == LeadState::Closed), "{state:?}");
    }
    assert_eq!(table.ways(LeadState::Landed).collect::<Vec<_>>(), [LeadState::Closed]);
    assert!(table.ways(LeadState::Closed).next().is_some(), "it can be reopened");
}

#[test]
fn each_rule_holds_and_nothing_else_is_possible() {
    let table = shipped();
    for from in LeadState::ALL.iter().copied() {
        let lead = in_state(&table, from);
        for to in LeadState::ALL.iter().copied() {
            let rule = table.all().iter().find(|rule| (rule.from, rule.to) == (from, to));
            let Some(rule) = rule else {
                let refused = table.take(&lead, step(to), None, Timestamp(2)).unwrap_err();
                assert!(matches!(refused, StepRefusal::NoWay { .. }), "{from:?} {to:?}");
                continue;
            };
            let good = full(&table, from, to);
            for role in Role::ALL {
                let taken = table.take(&lead, good.clone(), Some(*role), Timestamp(2));
                assert_eq!(taken.is_ok(), rule.roles.contains(role), "{from:?} {to:?} {role:?}");
            }
            let next = table.take(&lead, good.clone(), None, Timestamp(2)).unwrap();
            assert_eq!((next.state, next.state_since), (to, Timestamp(2)));
            assert_eq!(next.earlier.last(), Some(&Stay { state: from, since: lead.state_since }));
            assert_eq!(
                next.accepted(),
                lead.accepted() && !rule.clears.contains(&Effect::Accepted)
            );
            for requirement in &rule.needs {
                let (mut lead, mut bad) = (lead.clone(), good.clone());
                match requirement {
                    Requirement::Accepted => lead.accepted_by_institution = false,
                    Requirement::Note => bad.note = " ".to_owned(),
                    Requirement::Reason => bad.reason.clear(),
                    Requirement::Contract => (bad.contract, lead.contract) = (None, None),
                }
                let refused = table.take(&lead, bad, None, Timestamp(2));
                assert!(refused.is_err(), "{from:?} {to:?} without {requirement:?}");
            }
            let unasked = |needed, bad: Step| {
                let taken = table.take(&lead, bad, None, Timestamp(2));
                assert_eq!(taken.is_ok(), rule.needs.contains(&needed), "{from:?} {to:?}");
            };
            let reason = "因此".to_owned();
            unasked(Requirement::Reason, Step { reason, ..good.clone() });
            unasked(Requirement::Contract, Step { contract: Some(contract()), ..good.clone() });
        }
    }
}

#[test]
fn a_side_speaks_for_itself_and_those_in_charge_speak_with_a_note() {
    let table = shipped();
    let lead = found();
    let accept = |side, note: &str, role| table.accept(&lead, side, true, note.to_owned(), role);
    for (role, side, bare, noted) in [
        (Some(Role::Enterprise), Side::Enterprise, true, true),
        (Some(Role::Enterprise), Side::Institution, false, false),
        (Some(Role::Institution), Side::Institution, true, true),
        (Some(Role::Institution), Side::Enterprise, false, false),
        (Some(Role::Office), Side::Enterprise, false, true),
        (Some(Role::Commissioner), Side::Institution, false, true),
        (Some(Role::Auditor), Side::Enterprise, false, false),
        (Some(Role::Admin), Side::Enterprise, false, false),
        (None, Side::Enterprise, false, true),
    ] {
        assert_eq!(accept(side, "", role).is_ok(), bare, "{role:?} {side:?}");
        assert_eq!(accept(side, "电话确认", role).is_ok(), noted, "{role:?} {side:?}");
    }
    let one = accept(Side::Enterprise, "", Some(Role::Enterprise)).unwrap();
    assert!(one.accepted_by_enterprise && !one.accepted());
    let back = table.accept(&one, Side::Enterprise, false, String::new(), Some(Role::Enterprise));
    assert_eq!(Ok(lead.clone()), back);
    for state in LeadState::ALL.iter().copied() {
        let lead = in_state(&table, state);
        let role = Some(Role::Enterprise);
        let back = table.accept(&lead, Side::Enterprise, false, String::new(), role);
        let may = state < LeadState::Visited;
        assert_eq!(back.is_ok(), may, "{state:?}");
        assert_eq!(table.binds(state), !may && state != LeadState::Closed, "{state:?}");
    }
}

#[test]
fn bad_rules_are_told_by_their_line() {
    for (row, reason) in [
        ("found\tfar\toffice\t\t", "far"),
        ("found\tscreened\tking\t\t", "king"),
        ("found\tscreened\toffice\tluck\t", "luck"),
        ("found\tscreened\toffice\t\tnote", "note"),
        ("found\tfound\toffice\t\t", "the same"),
        ("found\tclosed\toffice\t\t", "reason"),
        ("found\tscreened\toffice\t\t\nfound\tscreened\toffice\t\t", "twice"),
    ] {
        let text = format!("from\tto\troles\tneeds\tclears\n{row}\n");
        let told = Transitions::parse(&text).unwrap_err().to_string();
        assert!(told.contains(reason) && told.contains("line"), "{told}");
    }
}

/// Something that somebody tries with a lead.
#[derive(Debug, Clone)]
enum Try {
    Step(usize, bool, bool, bool, Option<usize>),
    Accept(bool, bool, bool, Option<usize>),
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let role = || proptest::option::of(0..Role::ALL.len());
    let one = prop_oneof![
        (0..LeadState::ALL.len(), any::<bool>(), any::<bool>(), any::<bool>(), role()).prop_map(
            |(to, note, reason, contract, role)| Try::Step(to, note, reason, contract, role)
        ),
        (any::<bool>(), any::<bool>(), any::<bool>(), role())
            .prop_map(|(side, yes, note, role)| Try::Accept(side, yes, note, role)),
    ];
    proptest::collection::vec(one, 0..60)
}

proptest! {
    /// Whatever is tried, in whatever order: a lead is only where the table lets it be, with
    /// all that its state needs, and remembers the way it came.
    #[test]
    fn random_walks_stay_within_the_table(tries in tries()) {
        let table = shipped();
        let mut lead = found();
        for (at, attempt) in (1..).zip(tries) {
            let text = |given| if given { "因此".to_owned() } else { String::new() };
            let taken = match attempt {
                Try::Step(to, note, reason, with_contract, role) => {
                    let role = role.map(|idx| Role::ALL[idx]);
                    let step = Step {
                        note: text(note),
                        reason: text(reason),
                        contract: with_contract.then(contract),
                        ..step(LeadState::ALL[to])
                    };
                    table.take(&lead, step, role, Timestamp(at))
                }
                Try::Accept(side, yes, note, role) => {
                    let role = role.map(|idx| Role::ALL[idx]);
                    table.accept(&lead, Side::ALL[usize::from(side)], yes, text(note), role)
                }
            };
            let Ok(next) = taken else { continue };
            prop_assert_eq!(next.clone().checked().unwrap(), next.clone());
            prop_assert!(!table.binds(next.state) || next.accepted());
            prop_assert_eq!(next.state == LeadState::Closed, !next.close_reason.is_empty());
            if next.state != lead.state {
                prop_assert!(table.ways(lead.state).any(|to| to == next.state));
            }
            lead = next;
        }
        let mut way: Vec<Stay> = lead.earlier.clone();
        way.push(Stay { state: lead.state, since: lead.state_since });
        prop_assert_eq!(way[0].state, LeadState::Found);
        for pair in way.windows(2) {
            prop_assert!(table.ways(pair[0].state).any(|to| to == pair[1].state));
            prop_assert!(pair[0].since <= pair[1].since);
        }
    }
}
