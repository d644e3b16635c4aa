//! Random legal bodies of all five kinds.

use duijie::model::{
    Achievement, AchievementKind, Alias, Area, Body, CivilDate, CreditCode, Enterprise, Fen,
    Industry, Institution, InstitutionClass, InstitutionKind, Lab, LabKind, Maturity, Mode, Need,
    RecordId, SchoolCode,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

/// Records that bodies may name.
#[derive(Default)]
pub struct References {
    pub institutions: Vec<RecordId>,
    pub labs: Vec<RecordId>,
    pub enterprises: Vec<RecordId>,
}

/// One body of each kind.
pub fn one_of_each_kind(references: &References) -> impl Strategy<Value = Vec<Body>> {
    (
        institution(),
        lab(references.institutions.clone()),
        achievement(references.labs.clone()),
        enterprise(),
        need(references.enterprises.clone()),
    )
        .prop_map(|(institution, lab, achievement, enterprise, need)| {
            vec![institution, lab, achievement, enterprise, need]
        })
}

/// Any text without control characters: all scripts, quotes, line breaks, astral characters.
pub fn text() -> impl Strategy<Value = String> {
    "[\\PC\n\t]{0,40}".prop_map(|text| text.trim().to_owned())
}

/// Any date, with any precision.
pub fn date() -> impl Strategy<Value = CivilDate> {
    (1900..=2200, of((1..=12, of(1..=28)))).prop_map(|(year, rest)| {
        let text = match rest {
            None => format!("{year}"),
            Some((month, None)) => format!("{year}-{month}"),
            Some((month, Some(day))) => format!("{year}-{month}-{day}"),
        };
        text.parse().unwrap()
    })
}

fn name() -> impl Strategy<Value = String> {
    text().prop_map(|text| format!("{text}名"))
}

fn credit_code() -> impl Strategy<Value = CreditCode> {
    "[0-9A-HJ-NPQRTUWXY]{17}".prop_map(|start| {
        "0123456789ABCDEFGHJKLMNPQRTUWXY"
            .chars()
            .find_map(|last| format!("{start}{last}").parse().ok())
            .expect("one of the characters is right")
    })
}

fn school_code() -> impl Strategy<Value = SchoolCode> {
    "[0-9]{5}([0-9]{5})?".prop_map(|code| code.parse().unwrap())
}

fn aliases() -> impl Strategy<Value = Vec<Alias>> {
    let alias = (name(), of(date()), of(date()))
        .prop_map(|(name, valid_from, valid_until)| Alias { name, valid_from, valid_until });
    vec(alias, 0..3)
}

fn areas() -> impl Strategy<Value = Vec<Area>> {
    vec((of("[A-H][0-9]{2,4}"), text()).prop_map(|(code, name)| Area { code, name }), 0..3)
}

fn industry() -> impl Strategy<Value = Option<Industry>> {
    of((of("[0-9]{4}"), text()).prop_map(|(code, name)| Industry { code, name }))
}

fn modes() -> impl Strategy<Value = Vec<Mode>> {
    let mode = prop_oneof![
        Just(Mode::TechnologyTransfer),
        Just(Mode::PatentLicence),
        Just(Mode::JointDevelopment),
        Just(Mode::Equity),
        Just(Mode::JointLab),
        // A synonym that was kept as it was must not turn into what it means.
        Just(Mode::Other("转让".to_owned())),
        text().prop_map(Mode::Other),
    ];
    vec(mode, 0..4)
}

fn maturity() -> impl Strategy<Value = Option<Maturity>> {
    of((1..=9_u8).prop_map(|level| Maturity::new(level).unwrap()))
}

fn institution() -> impl Strategy<Value = Body> {
    (
        (name(), select(InstitutionKind::ALL), vec(select(InstitutionClass::ALL), 0..5)),
        (text(), text(), of(credit_code()), of(school_code()), aliases(), text()),
    )
        .prop_map(|((name, kind, classes), rest)| {
            let (province, city, credit_code, school_code, aliases, website) = rest;
            let body = Institution {
                name,
                kind,
                classes,
                province,
                city,
                credit_code,
                school_code,
                aliases,
                website,
            };
            Body::Institution(body.checked().unwrap())
        })
}

fn lab(institutions: Vec<RecordId>) -> impl Strategy<Value = Body> {
    (
        (vec(select(institutions), 0..4), name(), select(LabKind::ALL), areas()),
        (text(), text(), of(date()), aliases()),
    )
        .prop_map(|((institution_ids, name, kind, areas), rest)| {
            let (profile, contact, expires_on, aliases) = rest;
            let body =
                Lab { institution_ids, name, kind, areas, profile, contact, expires_on, aliases };
            Body::Lab(body.checked().unwrap())
        })
}

fn achievement(labs: Vec<RecordId>) -> impl Strategy<Value = Body> {
    (
        (vec(select(labs), 0..4), name(), text(), vec(text(), 0..5)),
        (select(AchievementKind::ALL), of(date()), maturity(), modes(), text()),
    )
        .prop_map(|((lab_ids, title, summary, keywords), rest)| {
            let (kind, date, maturity, modes, rights) = rest;
            let body = Achievement {
                lab_ids,
                title,
                summary,
                keywords,
                kind,
                date,
                maturity,
                modes,
                rights,
            };
            Body::Achievement(body.checked().unwrap())
        })
}

fn enterprise() -> impl Strategy<Value = Body> {
    ((name(), of(credit_code()), text(), industry()), (text(), text(), text(), aliases())).prop_map(
        |((name, credit_code, park, industry), (province, city, contact, aliases))| {
            let body =
                Enterprise { name, credit_code, park, industry, province, city, contact, aliases };
            Body::Enterprise(body.checked().unwrap())
        },
    )
}

fn need(enterprises: Vec<RecordId>) -> impl Strategy<Value = Body> {
    let budget = of((0..1_000_000_000_000_i64).prop_map(|fen| Fen::new(fen).unwrap()));
    (
        (of(select(enterprises)), name(), text(), industry(), areas()),
        (budget, modes(), of(date()), maturity()),
    )
        .prop_map(|((enterprise_id, title, body, industry, areas), rest)| {
            let (budget, modes, deadline, maturity_wanted) = rest;
            let need = Need {
                enterprise_id,
                title,
                body,
                industry,
                areas,
                budget,
                modes,
                deadline,
                maturity_wanted,
            };
            Body::Need(need.checked().unwrap())
        })
}
