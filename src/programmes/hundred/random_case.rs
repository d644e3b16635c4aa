//! Small random cases in which every rule has something to say, for laws and checks.

use std::collections::BTreeMap;

use super::{
    Basis, Batch, Case, Class, Commissioner, Evidence, HostInstitution, Measure, Measured,
    Parameter, Parameters, Part, PartKind, Posting, Sent, Tie, TieKind,
};
use crate::model::CivilDate;
use crate::programmes::rules::Key;

fn date(text: &str) -> CivilDate {
    text.parse().expect("a date of this file")
}

/// Batches of a year each; the fourth begins within three years of the start and ends after.
const DATES: [(&str, &str); 4] = [
    ("2020-03-01", "2020-12-31"),
    ("2021-01-01", "2021-12-31"),
    ("2022-01-01", "2022-12-31"),
    ("2023-01-01", "2023-12-31"),
];
const HOMES: [&str; 3] = ["甲园", "乙园", "丙区"];

/// 随机案例: the same of the same seed.
#[derive(Debug)]
pub struct RandomCases {
    /// What all chance is drawn from.
    pub random: fastrand::Rng,
}

impl RandomCases {
    /// Cases of that seed.
    pub fn new(seed: u64) -> Self {
        Self { random: fastrand::Rng::with_seed(seed) }
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.random.u32(..100) < percent
    }

    fn measure(&mut self, most: u32) -> Measure {
        let value = self.random.u32(0..=most);
        Measure::of(vec![Part { kind: PartKind::Given, name: String::new(), value }], most)
    }

    fn parameters(&mut self) -> Parameters {
        Parameters::from_fn(|key| {
            let value = match key {
                Key::CommissionersMax => self.random.u32(1..=9),
                Key::Years => 3,
                Key::UnknownSentBlocks => self.random.u32(0..=1),
                Key::InstitutionsPerCommissioner | Key::CommissionersPerInstitution => {
                    if self.random.u32(..5) == 0 { 2 } else { 1 }
                }
                Key::FitMin => self.random.u32(1..=2),
                Key::RelationshipsTarget => 100,
                _ => self.random.u32(0..=2),
            };
            Parameter { value, least: 0, most: 1000 }
        })
    }

    /// A case of at most so many commissioners and as many institutions (at least one of each),
    /// with its parameters and measures.
    pub fn basis(&mut self, most: usize) -> Basis {
        let parameters = self.parameters();
        let batch_count = self.random.usize(1..=4);
        let batches = (0..batch_count).map(|idx| Batch {
            id: format!("b{idx}"),
            name: format!("第{}批", idx + 1),
            start: date(DATES[idx].0),
            end: date(DATES[idx].1),
            places: self.random.bool().then(|| self.random.u32(0..=3)),
        });
        let batches: Vec<_> = batches.collect();
        let commissioners: Vec<_> =
            (0..self.random.usize(1..=most)).map(|idx| self.commissioner(idx, &batches)).collect();
        let institutions: Vec<_> =
            (0..self.random.usize(1..=most)).map(|idx| self.institution(idx)).collect();
        let mut fit: BTreeMap<String, BTreeMap<String, Measure>> = BTreeMap::new();
        let mut richness = BTreeMap::new();
        for own in &institutions {
            richness.insert(own.id.clone(), self.measure(3));
            for home in HOMES {
                if self.chance(85) {
                    let cell = self.measure(4);
                    fit.entry(home.to_owned()).or_default().insert(own.id.clone(), cell);
                }
            }
        }
        let mut case = Case {
            name: "随机案例".to_owned(),
            start: date("2019-12"),
            ties: self.ties(&institutions),
            batches,
            commissioners,
            institutions,
            forced: Vec::new(),
            forbidden: Vec::new(),
            required: Vec::new(),
            published: Vec::new(),
            parameters: Vec::new(),
        };
        self.wish(&mut case);
        Basis { case, parameters, measured: Measured { fit, richness } }
    }

    fn commissioner(&mut self, idx: usize, batches: &[Batch]) -> Commissioner {
        let some: Vec<String> =
            batches.iter().filter(|_| self.random.bool()).map(|own| own.id.clone()).collect();
        Commissioner {
            id: format!("c{idx}"),
            district: Some("某区".to_owned()),
            park: Some(HOMES[self.random.usize(..HOMES.len())].to_owned()),
            batches: if self.chance(60) { Vec::new() } else { some },
            load: self.random.u32(0..=3),
        }
    }

    fn institution(&mut self, idx: usize) -> HostInstitution {
        HostInstitution {
            id: format!("u{idx}"),
            classes: Class::ALL.into_iter().filter(|_| self.chance(40)).collect(),
            city: "某市".to_owned(),
            sent: [Sent::Yes, Sent::No, Sent::Unknown, Sent::No][self.random.usize(..4)],
            distance_km: self.random.bool().then(|| self.random.u32(0..=500)),
            disciplines: Vec::new(),
            key_labs: Vec::new(),
            richness: None,
        }
    }

    fn ties(&mut self, institutions: &[HostInstitution]) -> Vec<Tie> {
        let tied = institutions.iter().filter(|_| self.random.u32(..100) < 20);
        let evidence = || Evidence {
            kind: TieKind::Framework,
            date: date("2018"),
            text: "协议".to_owned(),
            source: "测试".to_owned(),
        };
        tied.map(|own| Tie { institution: own.id.clone(), evidence: vec![evidence()] }).collect()
    }

    /// What the case demands by itself.
    fn wish(&mut self, case: &mut Case) {
        let pair = |own: &mut Self, case: &Case| {
            let commissioner = &case.commissioners[own.random.usize(..case.commissioners.len())];
            let institution = &case.institutions[own.random.usize(..case.institutions.len())];
            (commissioner.id.clone(), institution.id.clone())
        };
        let posting = |own: &mut Self, case: &Case| {
            let (commissioner, institution) = pair(own, case);
            let batch = &case.batches[own.random.usize(..case.batches.len())];
            Posting { commissioner, institution, batch: batch.id.clone(), renewed: Vec::new() }
        };
        for _ in 0..3 {
            if self.chance(15) {
                let mut own = posting(self, case);
                if self.random.bool() {
                    own.batch = String::new();
                } else if own.batch == "b0" && case.batches.len() > 1 && self.random.bool() {
                    own.renewed = vec!["b1".to_owned()];
                }
                let is_new = !case.forced.iter().any(|other| {
                    (&other.commissioner, &other.institution)
                        == (&own.commissioner, &own.institution)
                });
                if is_new {
                    case.forced.push(own);
                }
            }
            if self.chance(30) {
                let own = pair(self, case);
                case.forbidden.push(own);
            }
            if self.chance(50) {
                let own = posting(self, case);
                if !case.published.iter().any(|other| other.commissioner == own.commissioner) {
                    case.published.push(own);
                }
            }
        }
        if self.chance(10) {
            let (_, own) = pair(self, case);
            case.required.push(own);
        }
    }
}
