//! 校地合作关系台账: the institutions with which ties stand, and what each rests on; the aim is
//! long, stable and deep ties with a hundred of them.

use std::collections::BTreeMap;

use super::basis::Basis;
use super::case::{Evidence, Posting, TieKind};

/// 台账条目
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// Id of the institution.
    pub institution: String,
    /// What the tie rests on, by date.
    pub evidence: Vec<Evidence>,
}

impl Relationship {
    /// The kinds of evidence there are.
    pub fn kinds(&self) -> Vec<TieKind> {
        let mut kinds: Vec<_> = self.evidence.iter().map(|own| own.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

/// 台账
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// By institution.
    pub relationships: Vec<Relationship>,
    /// Institutions that are aimed at.
    pub target: u32,
}

/// The register: ties of the case, postings as ties of people from their batch on, and whatever
/// else is known (`more`, by institution; signed contracts, for instance).
pub fn register(basis: &Basis, postings: &[Posting], more: &[(String, Evidence)]) -> Register {
    let mut all: BTreeMap<String, Vec<Evidence>> = BTreeMap::new();
    for tie in &basis.case.ties {
        all.entry(tie.institution.clone()).or_default().extend(tie.evidence.iter().cloned());
    }
    for posting in postings {
        let Some((_, batch)) = basis.batch(&posting.batch) else { continue };
        all.entry(posting.institution.clone()).or_default().push(Evidence {
            kind: TieKind::People,
            date: batch.start,
            text: format!("科技人才专员{}派驻（{}）", posting.commissioner, batch.name),
            source: "本计划".to_owned(),
        });
    }
    for (institution, evidence) in more {
        all.entry(institution.clone()).or_default().push(evidence.clone());
    }
    let relationships = all.into_iter().filter(|(_, evidence)| !evidence.is_empty());
    let relationships = relationships.map(|(institution, mut evidence)| {
        evidence.sort_by(|a, b| (a.date, a.kind, &a.text).cmp(&(b.date, b.kind, &b.text)));
        Relationship { institution, evidence }
    });
    Register {
        relationships: relationships.collect(),
        target: basis.parameters.relationships_target.value,
    }
}
