//! How far a technology has come.

use std::fmt;
use std::str::FromStr;

use super::text_field::Refusal;

/// 技术成熟度: technology readiness level, 1 (principle seen) to 9 (in service),
/// after GB/T 22900-2022.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Maturity(u8);

impl Maturity {
    /// The level, or `None` outside 1-9.
    pub fn new(level: u8) -> Option<Self> {
        (1..=9).contains(&level).then_some(Self(level))
    }

    /// The level, 1-9.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl FromStr for Maturity {
    type Err = Refusal;

    /// Reads `6`, `TRL6`, `TRL 6` and `6级`.
    ///
    /// # Errors
    /// If the text has another form or the level is outside 1-9.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let lower = text.trim().to_lowercase();
        let digits = lower.trim_start_matches("trl").trim_end_matches('级').trim();
        digits.parse().ok().and_then(Self::new).ok_or_else(|| {
            Refusal::new("maturity", format!("“{text}”不是成熟度"), "1 到 9 的整数，如 6 或 TRL6")
        })
    }
}

impl fmt::Display for Maturity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
