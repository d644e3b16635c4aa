//! Whole-system figures that others can take again: `duijie bench …`.
//!
//! Everything measured is the production code on text made here (`corpus`); every figure
//! that compares comes from runs that alternate in one process. Parts of the program are
//! measured by `benches/`, quality by `duijie evaluate`.

mod assign;
mod client;
mod corpus;
mod figures;
mod generate;
mod inbox;
mod indexing;
mod leads;
mod load;
mod matching;
mod pages;
mod plan;
mod plan_check;
mod random_problem;
mod serve;
mod service;
mod words;
mod world;
mod write;

pub use assign::{
    AssignChecks, AssignFigures, AssignOptions, Scores, bench_assign, check_assignments,
};
pub use client::Client;
pub use figures::Times;
pub use generate::{GenerateOptions, Generated, generate};
pub use inbox::{InboxFigures, bench_inbox};
pub use indexing::{IndexFigures, bench_index};
pub use leads::{LeadsFigures, LeadsOptions, bench_leads};
pub use load::load;
pub use matching::{MatchFigures, MatchOptions, bench_match};
pub use pages::{PageFigures, bench_pages};
pub use plan::{PlanFigures, PlanOptions, bench_plan};
pub use plan_check::{PlanChecks, check_plans};
pub use random_problem::{random_levels, random_number, random_problem};
pub use serve::{ServeLevel, bench_serve};
pub use words::{WordLines, write_words};
pub use write::{WriteFigures, WriteOptions, bench_write};

/// Why a measurement was not taken.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// A file of the folder cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// What happened.
        #[source]
        source: std::io::Error,
    },
    /// The folder was not made by `bench generate`.
    #[error("{path}, line {line}: {reason}")]
    Line {
        /// The file.
        path: String,
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// There is nothing to measure with.
    #[error("{0}")]
    Empty(&'static str),
    /// There is nothing to assign, or no way to do it.
    #[error("无法指派：{0}")]
    Assignment(#[from] crate::assignment::SolveError),
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] crate::engine::EngineError),
    /// The index failed.
    #[error(transparent)]
    Index(#[from] crate::index::IndexError),
    /// The service does not run.
    #[error(transparent)]
    Serve(#[from] crate::http::ServeError),
    /// The service did not answer as it should.
    #[error("{what}: {reason}")]
    Http {
        /// What was asked, or the status of the answer.
        what: String,
        /// What happened.
        reason: String,
    },
}

impl BenchError {
    fn http(what: &str, reason: &impl std::fmt::Display) -> Self {
        Self::Http { what: what.to_owned(), reason: reason.to_string() }
    }
}
