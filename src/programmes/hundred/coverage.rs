//! 全覆盖: which institutions of a class are covered, by what, and when.

use std::collections::BTreeSet;

use super::basis::Basis;
use super::case::{Class, HostInstitution, Posting, Sent};

/// Covered institutions of a class after a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageStep {
    /// Id of the batch.
    pub batch: String,
    /// Institutions covered once it has gone.
    pub covered: usize,
}

/// 类别覆盖: of one class, over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassCoverage {
    /// The class.
    pub class: Class,
    /// Institutions of the class in the case.
    pub total: usize,
    /// Covered by 科技镇长团 before anybody is posted.
    pub by_sent: usize,
    /// Covered by a tie, and not by the above.
    pub by_tie: usize,
    /// Covered by a posting, and by none of the above.
    pub by_posting: usize,
    /// After each batch within the programme's years.
    pub steps: Vec<CoverageStep>,
    /// Ids of those that nothing covers at the deadline.
    pub uncovered: Vec<String>,
    /// Ids of those of which nobody knows whether they had sent members: to be asked.
    pub unknown: Vec<String>,
}

impl ClassCoverage {
    /// Institutions covered at the deadline.
    pub fn covered(&self) -> usize {
        self.by_sent + self.by_tie + self.by_posting
    }
}

/// Coverage of every class by 派驻 ∪ 科技镇长团 ∪ established ties.
pub fn coverage(basis: &Basis, postings: &[Posting]) -> Vec<ClassCoverage> {
    Class::ALL.iter().map(|class| coverage_of(basis, postings, *class)).collect()
}

fn coverage_of(basis: &Basis, postings: &[Posting], class: Class) -> ClassCoverage {
    let tied = basis.tied();
    let mut own: Vec<&HostInstitution> =
        basis.case.institutions.iter().filter(|own| own.classes.contains(&class)).collect();
    own.sort_by(|a, b| a.id.cmp(&b.id));
    let is_open = |own: &HostInstitution| own.sent != Sent::Yes && !tied.contains(own.id.as_str());
    let open: Vec<&str> =
        own.iter().filter(|own| is_open(own)).map(|own| own.id.as_str()).collect();
    let by_sent = own.iter().filter(|own| own.sent == Sent::Yes).count();
    let by_tie = own.len() - open.len() - by_sent;
    let in_time: Vec<_> = basis.case.batches.iter().filter(|own| basis.is_in_time(own)).collect();
    let mut posted: BTreeSet<&str> = BTreeSet::new();
    let mut steps = Vec::new();
    for batch in &in_time {
        let here = postings.iter().filter(|posting| posting.batch == batch.id);
        let hosts = here.map(|posting| posting.institution.as_str());
        posted.extend(hosts.filter(|id| open.contains(id)));
        let covered = by_sent + by_tie + posted.len();
        steps.push(CoverageStep { batch: batch.id.clone(), covered });
    }
    let unknown = own.iter().filter(|own| own.sent == Sent::Unknown);
    ClassCoverage {
        class,
        total: own.len(),
        by_sent,
        by_tie,
        by_posting: posted.len(),
        steps,
        uncovered: open
            .iter()
            .filter(|id| !posted.contains(*id))
            .map(|id| (*id).to_owned())
            .collect(),
        unknown: unknown.map(|own| own.id.clone()).collect(),
    }
}
