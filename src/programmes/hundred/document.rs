//! The text of a plan: all that it was made from and what came of it, so that anybody can check it
//! later by itself. Its SHA-256 is what a published plan is known by.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::basis::Basis;
use super::plan::Plan;

/// The format's number; another one is not read.
const FORMAT: u32 = 1;

/// 计划文本
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    format: u32,
    /// What the plan was made from.
    pub basis: Basis,
    /// The plan.
    pub plan: Plan,
    /// Digest of the rules in force when it was made.
    pub rules: String,
}

/// A text that is no plan of this format.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// It is not JSON of this shape.
    #[error("not a plan: {0}")]
    Shape(#[from] serde_json::Error),
    /// It is of another format.
    #[error("plan of format {0}, wanted {FORMAT}")]
    Format(u32),
}

impl Document {
    /// A plan with what it was made from, under the rules of that digest.
    pub fn new(basis: Basis, plan: Plan, rules: String) -> Self {
        Self { format: FORMAT, basis, plan, rules }
    }

    /// The text: JSON with fields in a fixed order, maps by key; the same document is always the
    /// same text.
    ///
    /// # Errors
    /// Never for documents made by this module; what JSON cannot hold does not occur in them.
    pub fn text(&self) -> Result<String, DocumentError> {
        Ok(serde_json::to_string(self)?)
    }

    /// Reads a text.
    ///
    /// # Errors
    /// If it is no plan of this format.
    pub fn read(text: &str) -> Result<Self, DocumentError> {
        let read: Self = serde_json::from_str(text)?;
        if read.format == FORMAT { Ok(read) } else { Err(DocumentError::Format(read.format)) }
    }
}

/// 摘要: SHA-256 of a plan's text in hexadecimal.
pub fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Civil dates as they are printed.
pub(super) mod civil_date {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::model::CivilDate;

    pub fn serialize<S: Serializer>(date: &CivilDate, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(date)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<CivilDate, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|_| D::Error::custom(format!("{text:?} is no date")))
    }
}
