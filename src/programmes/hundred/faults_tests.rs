use super::*;
use crate::programmes::hundred::{Class, Evidence, Sent, Tie, TieKind};

fn posting(commissioner: &str, institution: &str, batch: &str, renewed: &[&str]) -> Posting {
    Posting {
        commissioner: commissioner.to_owned(),
        institution: institution.to_owned(),
        batch: batch.to_owned(),
        renewed: renewed.iter().map(|id| (*id).to_owned()).collect(),
    }
}

/// A case without a fault, its batches not in their order.
fn case() -> Case {
    let batch = |id: &str, start: &str, end: &str| Batch {
        id: id.to_owned(),
        name: id.to_owned(),
        start: start.parse().unwrap(),
        end: end.parse().unwrap(),
        places: None,
    };
    let commissioner = |id: &str| Commissioner {
        id: id.to_owned(),
        district: None,
        park: Some("甲园".to_owned()),
        batches: vec!["b1".to_owned()],
        load: 0,
    };
    let institution = |id: &str| HostInstitution {
        id: id.to_owned(),
        classes: vec![Class::C985],
        city: String::new(),
        sent: Sent::No,
        distance_km: None,
        disciplines: Vec::new(),
        key_labs: Vec::new(),
        richness: None,
    };
    let evidence = Evidence {
        kind: TieKind::Project,
        date: "2018".parse().unwrap(),
        text: "联合项目".to_owned(),
        source: "台账".to_owned(),
    };
    Case {
        name: "案例".to_owned(),
        start: "2019-12".parse().unwrap(),
        batches: vec![batch("b2", "2021", "2021-12"), batch("b1", "2020-03", "2020-12")],
        commissioners: vec![commissioner("c2"), commissioner("c1")],
        institutions: vec![institution("u2"), institution("u1")],
        ties: vec![Tie { institution: "u1".to_owned(), evidence: vec![evidence] }],
        forced: vec![posting("c1", "u1", "b1", &["b2"])],
        forbidden: vec![("c2".to_owned(), "u1".to_owned())],
        required: vec!["u2".to_owned()],
        published: vec![posting("c1", "u1", "b1", &[])],
        parameters: Vec::new(),
    }
}

#[test]
fn a_case_that_was_read_from_its_files_has_none() {
    let case = crate::programmes::hundred::sample_case(&crate::data::Data::embedded()).unwrap();
    assert_eq!(case.faults(), []);
    assert_eq!(case.clone().in_order(), case);
}

#[test]
fn every_fault_is_told_at_its_place() {
    assert_eq!(case().faults(), []);
    type Spoil = fn(&mut Case);
    let spoiled: [(&str, Spoil); 21] = [
        ("case.name", |case| case.name = " ".to_owned()),
        ("case.batches", |case| case.batches.clear()),
        ("case.batches[1].end", |case| case.batches[1].end = "2019".parse().unwrap()),
        ("case.batches[0].start", |case| case.batches[0].start = "2020-12".parse().unwrap()),
        ("case.commissioners", |case| case.commissioners.clear()),
        ("case.commissioners[0]", |case| case.commissioners[0].park = None),
        ("case.commissioners[1].id", |case| case.commissioners[1].id = "c1\n".to_owned()),
        ("case.commissioners[1].batches[0]", |case| case.commissioners[1].batches[0].push('x')),
        ("case.commissioners[1].batches[1]", |case| {
            case.commissioners[1].batches.push("b1".to_owned());
        }),
        ("case.institutions[1].id", |case| case.institutions[1].id = "u2".to_owned()),
        ("case.ties[0].institution", |case| case.ties[0].institution = "u9".to_owned()),
        ("case.ties[0].evidence", |case| case.ties[0].evidence.clear()),
        ("case.forced[0].commissioner", |case| case.forced[0].commissioner = "c9".to_owned()),
        ("case.forced[0].batch", |case| case.forced[0].batch = "b9".to_owned()),
        ("case.forced[0].batch", |case| case.forced[0].batch.clear()),
        ("case.forced[0].renewed", |case| case.forced[0].renewed = vec!["b1".to_owned()]),
        ("case.forced[1].batch", |case| case.forced.push(posting("c1", "u2", "b2", &[]))),
        ("case.published[1]", |case| case.published.push(case.published[0].clone())),
        ("case.published[0].batch", |case| case.published[0].batch.clear()),
        ("case.forbidden[0].institution", |case| case.forbidden[0].1.clear()),
        ("case.required[0]", |case| case.required[0] = "u9".to_owned()),
    ];
    for (place, spoil) in spoiled {
        let mut spoiled = case();
        spoil(&mut spoiled);
        let faults = spoiled.faults();
        assert!(faults.iter().any(|fault| fault.place == place), "{place}: {faults:?}");
    }
}

#[test]
fn what_is_in_order_has_its_lists_in_their_order_and_no_more_faults() {
    let case = case().in_order();
    assert_eq!(case.faults(), []);
    let ids: Vec<_> = case.batches.iter().map(|own| own.id.as_str()).collect();
    assert_eq!(ids, ["b1", "b2"]);
    assert!(case.commissioners.is_sorted_by_key(|own| &own.id));
    assert!(case.institutions.is_sorted_by_key(|own| &own.id));
}

#[test]
fn a_case_too_large_to_be_weighed_is_refused_before_it_is_looked_at() {
    let mut case = case();
    let one = case.commissioners[0].clone();
    case.commissioners = vec![one; CASE_PAIRS_MAX / 2 + 1];
    let places: Vec<_> = case.faults().into_iter().map(|fault| fault.place).collect();
    assert_eq!(places, ["case.commissioners", "case.institutions"]);
}

#[test]
fn what_changes_add_is_looked_at_like_a_case() {
    let mut own = case().commissioners[0].clone();
    own.park = None;
    let mut host = case().institutions[0].clone();
    host.id.clear();
    let changes = [Change::AddCommissioner(own), Change::AddInstitution(host)];
    let places: Vec<_> = change_faults("changes", &changes).into_iter().map(|f| f.place).collect();
    assert_eq!(places, ["changes[0].commissioner", "changes[1].institution.id"]);
    let many = vec![Change::Require("u1".to_owned()); CHANGES_MAX + 1];
    assert_eq!(change_faults("changes", &many)[0].place, "changes");
}
