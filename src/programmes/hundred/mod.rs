//! 百校对接计划: commissioners from Nanjing's districts and parks, posted in batches to universities
//! and institutes over three years.
//!
//! A [`Case`] with [`Parameters`] and [`Measured`] fit and richness is a [`Basis`]; [`solve`] makes
//! it a problem of assignment and the solution a [`Plan`], or says in a [`Refusal`] why there is
//! none; [`check`] holds any postings against the rules without the solver's help.

mod basis;
mod case;
mod change;
mod checking;
mod compiled;
mod coverage;
mod difference;
mod document;
mod explanation;
mod faults;
mod industries;
mod level;
mod measured;
mod parameters;
mod plan;
mod random_case;
mod reading;
mod refusal;
mod register;
mod repair;

#[cfg(test)]
mod laws;

pub use basis::Basis;
pub use case::{
    Batch, Case, Class, Commissioner, Evidence, HostInstitution, Posting, Sent, Tie, TieKind,
};
pub use change::{Change, ChangeError};
pub use checking::{Finding, check, check_posting};
pub use coverage::{ClassCoverage, CoverageStep, coverage};
pub use difference::{Difference, PostingDifference, difference};
pub use document::{Document, DocumentError, digest};
pub use explanation::{ALTERNATIVES, Alternative, Explanation, Idle, explain};
pub use faults::{CASE_FAULTS_MAX, CASE_PAIRS_MAX, CHANGES_MAX, CaseFault, change_faults};
pub use industries::{Affinities, Affinity, IndustryShares};
pub use level::{Level, Objective};
pub use measured::{FIT_MAX, Measure, Measured, Part, PartKind, RICHNESS_MAX};
pub use parameters::{Parameter, Parameters};
pub use plan::{Plan, PlanError, PlanStatus, UnknownName, objective_of, solve};
pub use random_case::RandomCases;
pub use reading::{
    BATCHES_MAX, CELL_CHARS_MAX, COMMISSIONERS_MAX, CaseErrors, INSTITUTIONS_MAX, Places, ROWS_MAX,
    SampleError, read_case, sample_case,
};
pub use refusal::{Collision, RELAXATIONS_MAX, Refusal, Relaxation};
pub use register::{Register, Relationship, register};
pub use repair::{RepairError, repair};
