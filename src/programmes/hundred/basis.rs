//! What a plan is made from, looked up by name: the case with its parameters and measures.

use serde::{Deserialize, Serialize};

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use super::case::{Batch, Case, Commissioner, HostInstitution};
use super::measured::Measured;
use super::parameters::Parameters;

/// 依据: case, parameters, measures. Names in the case are those of records in it (its reader
/// has seen to that); what is not there is nobody's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// What the office has written down.
    pub case: Case,
    /// The numbers in the rules.
    pub parameters: Parameters,
    /// Fit and richness.
    pub measured: Measured,
}

impl Basis {
    /// Commissioners by id.
    pub fn commissioners(&self) -> BTreeMap<&str, &Commissioner> {
        self.case.commissioners.iter().map(|own| (own.id.as_str(), own)).collect()
    }

    /// Institutions by id.
    pub fn institutions(&self) -> BTreeMap<&str, &HostInstitution> {
        self.case.institutions.iter().map(|own| (own.id.as_str(), own)).collect()
    }

    /// The batch of that id and its place in the order of dates.
    pub fn batch(&self, id: &str) -> Option<(usize, &Batch)> {
        self.case.batches.iter().enumerate().find(|(_, batch)| batch.id == id)
    }

    /// H2: the last day on which a posting may lie. 以内 includes it; a start that is only known
    /// by month or year counts from its last day.
    pub fn deadline(&self) -> Date {
        let years = i64::from(self.parameters.years.value);
        self.case.start.last_day().saturating_add(years.years())
    }

    /// Whether a batch lies within the years of the programme.
    pub fn is_in_time(&self, batch: &Batch) -> bool {
        batch.end.last_day() <= self.deadline()
    }

    /// Institutions with an established tie.
    pub fn tied(&self) -> BTreeSet<&str> {
        let tied = self.case.ties.iter().filter(|tie| !tie.evidence.is_empty());
        tied.map(|tie| tie.institution.as_str()).collect()
    }
}
