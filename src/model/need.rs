//! What firms look for.

use super::area::Area;
use super::date::CivilDate;
use super::id::RecordId;
use super::industry::Industry;
use super::maturity::Maturity;
use super::mode::Mode;
use super::money::Fen;
use super::text_field::{NAME_CHARS_MAX, PROSE_CHARS_MAX, Refusal, bounded, optional, required};

/// 技术需求: a technology need of an enterprise, in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The firm that has it; may be unknown.
    pub enterprise_id: Option<RecordId>,
    /// Title.
    pub title: String,
    /// Text.
    pub body: String,
    /// Industry it arises in.
    pub industry: Option<Industry>,
    /// Technology areas it falls into.
    pub areas: Vec<Area>,
    /// Money set aside for it.
    pub budget: Option<Fen>,
    /// Modes of cooperation wanted.
    pub modes: Vec<Mode>,
    /// To be solved by this date.
    pub deadline: Option<CivilDate>,
    /// Least maturity wanted.
    pub maturity_wanted: Option<Maturity>,
}

impl Need {
    /// Checks the texts and lists.
    ///
    /// # Errors
    /// If the title is blank, or a text or list is too long.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.title = required("title", &self.title, NAME_CHARS_MAX)?;
        self.body = optional("body", &self.body, PROSE_CHARS_MAX)?;
        self.areas = bounded("areas", self.areas)?;
        self.modes = bounded("modes", self.modes)?;
        Ok(self)
    }
}
