//! Rules as data: packs of them under `data/programmes/`, each rule with its text, source, binding
//! force and parameters. Amounts and thresholds are never code. What follows from a rule is left to
//! the programmes; what it says of something is a [`Verdict`].

mod book;
mod key;
mod pack;
mod reading;
mod verdict;

pub use book::{BadOverride, PACKS, RuleBook, RuleBookError};
pub use key::Key;
pub use pack::{Modality, Pack, PackKind, Parameter, Rule};
pub use verdict::Verdict;
