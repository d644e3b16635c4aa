//! 百校对接计划: commissioners from Nanjing's districts and parks, posted in batches to universities
//! and institutes over three years.

mod case;

pub use case::{
    Batch, Case, Class, Commissioner, Evidence, HostInstitution, Posting, Sent, Tie, TieKind,
};
