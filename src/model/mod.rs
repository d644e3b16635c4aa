//! The nouns of the trade, checked when they are built.
//!
//! Nothing here does input or output and nothing derives `serde`: each door
//! (files, store, HTTP) has its own shapes and converts. A value of one of
//! these types is therefore always legal, wherever it came from.

mod achievement;
mod area;
mod code;
mod code_table;
mod contract_fields;
mod date;
mod enterprise;
mod event;
mod id;
mod industry;
mod institution;
mod lab;
mod lead;
mod maturity;
mod mode;
mod money;
mod need;
mod office;
mod plan;
mod record;
mod redaction;
mod region;
mod renaming;
mod rule_table;
mod span;
mod text_field;
mod transitions;
mod user;

pub use achievement::{Achievement, AchievementKind};
pub use area::{Area, AreaTable};
pub use code::{CreditCode, SchoolCode};
pub use contract_fields::{ContractField, ContractFields, ValueSort};
pub use date::{CivilDate, Timestamp};
pub use enterprise::Enterprise;
pub use event::{Action, Event, MERGE_MOVED_MAX, Merge, Operation};
pub use id::{RecordId, RecordIds};
pub use industry::{Industry, IndustryTable};
pub use institution::{Alias, Institution, InstitutionClass, InstitutionKind};
pub use lab::{Lab, LabKind};
pub use lead::{
    Activity, ActivityKind, CommissionerRole, Contract, Dismissal, Lead, LeadState, Resource, Side,
    Stay,
};
pub use maturity::Maturity;
pub use mode::{Mode, ModeSet};
pub use money::Fen;
pub use need::Need;
pub use office::{Office, OfficeLevel};
pub use plan::{PLAN_BYTES_MAX, Plan, PlanState, Posting};
pub use record::{Body, Draft, Kind, Meta, Provenance, Record, Visibility};
pub use redaction::REDACTED;
pub use region::{Region, RegionTable};
pub use rule_table::RuleError;
pub use span::Span;
pub use text_field::{
    EXTERNAL_ID_CHARS_MAX, LIST_ITEMS_MAX, NAME_CHARS_MAX, PROSE_CHARS_MAX, Refusal,
};
pub use transitions::{Effect, Requirement, Step, StepRefusal, Transition, Transitions};
pub use user::{Role, Token, TokenKind, User};
