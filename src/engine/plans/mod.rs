//! 百校对接计划 on the store: measuring, solving, keeping, explaining, forking, publishing.
//!
//! What a plan is and which rules it keeps is the business of `programmes`; here it gets its
//! figures from matching and store, is kept as a record, and is shown to those who may see it.

mod cache;
mod desk;
mod forks;
mod making;
mod measuring;
mod open_needs;
mod ordering;
mod publishing;
mod reading;
mod tables;

use crate::model::{PlanState, RecordId, Timestamp};
use crate::programmes::hundred::{Case, Change, Refusal};

pub(super) use cache::PlansRead;
pub use desk::{Desk, DeskMatch, DeskNeed};
pub use forks::{FORKS_MAX, Fork, ForkOutcome, PlanComparison};
pub use reading::{PlanAccount, PlanDocument};
pub(super) use tables::PlanTables;

/// 计划目录: a plan as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanHead {
    /// Its id.
    pub id: RecordId,
    /// What people call it.
    pub name: String,
    /// Draft, in force, or no more.
    pub state: PlanState,
    /// The plan whose place it takes.
    pub replaces: Option<RecordId>,
    /// SHA-256 of its text.
    pub digest: String,
    /// Its revision, for `If-Match`.
    pub revision: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a new plan is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanSource {
    /// A case: fit and richness are measured anew.
    Case(Box<Case>),
    /// Another plan with changes: its measures stay.
    Plan {
        /// Id of that plan.
        plan: String,
        /// What is otherwise.
        changes: Vec<Change>,
        /// Keep as many of its postings as can be kept, before anything else.
        repair: bool,
    },
}

/// 编制要求
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanOrder {
    /// What to call it; else what the case or the other plan is called.
    pub name: Option<String>,
    /// What it is made from.
    pub source: PlanSource,
}

/// What came of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanOutcome {
    /// A plan, kept as a draft.
    Kept(PlanHead),
    /// There is none, and nothing was kept.
    Impossible(Box<Refusal>),
}

/// How far measuring has come: of needs matched, then of achievements counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measuring {
    /// Done.
    pub done: usize,
    /// Of so many.
    pub total: usize,
}
