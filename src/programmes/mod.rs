//! Policy: rules as data, and what follows from them. Knows matches only as numbers with reasons.

mod fault;
pub mod hundred;
pub mod rules;
mod toml_fields;

pub use fault::{FAULTS_MAX, Fault, Faults, near_names};
