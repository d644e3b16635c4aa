//! Firms.

use super::code::CreditCode;
use super::industry::Industry;
use super::institution::{Alias, region};
use super::text_field::{NAME_CHARS_MAX, Refusal, optional, required};

/// 企业: a firm in a park.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enterprise {
    /// Full name.
    pub name: String,
    /// Unified social credit code, if known.
    pub credit_code: Option<CreditCode>,
    /// The park it sits in; empty if unknown.
    pub park: String,
    /// Its industry, if known.
    pub industry: Option<Industry>,
    /// Short name of its province; empty if unknown.
    pub province: String,
    /// Short name of its city; empty if unknown.
    pub city: String,
    /// How to reach it. Personal data: shown and kept apart from the rest.
    pub contact: String,
    /// Other names.
    pub aliases: Vec<Alias>,
}

impl Enterprise {
    /// Checks the texts and shortens the region names.
    ///
    /// # Errors
    /// If the name is blank or a text is too long.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.name = required("name", &self.name, NAME_CHARS_MAX)?;
        self.park = optional("park", &self.park, NAME_CHARS_MAX)?;
        self.province = region("province", &self.province)?;
        self.city = region("city", &self.city)?;
        self.contact = optional("contact", &self.contact, NAME_CHARS_MAX)?;
        self.aliases = Alias::check_all(self.aliases)?;
        Ok(self)
    }
}
