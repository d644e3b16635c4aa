//! What an index document carries beside its text: enough to hold a candidate against the
//! wishes of a need without reading its record.

use crate::model::{Achievement, CivilDate, Maturity, ModeSet};

/// 成果要素: date, maturity and modes of a piece of evidence, as far as they are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Facts {
    /// The month it was published, granted or finished in, by [`Facts::month_of`].
    pub month: Option<u16>,
    /// How far it has come.
    pub maturity: Option<Maturity>,
    /// In which modes it is offered.
    pub modes: ModeSet,
}

/// Where the maturity stands in the packed form, behind the month …
const MATURITY_BIT: u32 = 16;
/// … and the modes behind that.
const MODES_BIT: u32 = 20;

impl Facts {
    /// Those of an achievement.
    pub fn of(achievement: &Achievement) -> Self {
        Self {
            month: achievement.date.map(Self::month_of),
            maturity: achievement.maturity,
            modes: achievement.modes.iter().collect(),
        }
    }

    /// The number of the month that a date lies in, the last one that it may mean: counted
    /// from January of the year 0.
    pub fn month_of(date: CivilDate) -> u16 {
        let day = date.last_day();
        // Years are at most 2200 and months at most 12.
        day.year().unsigned_abs() * 12 + u16::from(day.month().unsigned_abs()) - 1
    }

    /// As one number; 0 if nothing is known.
    pub(super) fn packed(self) -> u64 {
        let month = self.month.map_or(0, u64::from);
        let maturity = self.maturity.map_or(0, |level| u64::from(level.get()));
        month | maturity << MATURITY_BIT | u64::from(self.modes.bits()) << MODES_BIT
    }

    pub(super) fn unpacked(packed: u64) -> Self {
        let month = packed as u16;
        let maturity = (packed >> MATURITY_BIT) as u8 & 0b1111;
        Self {
            month: (month > 0).then_some(month),
            maturity: Maturity::new(maturity),
            modes: ModeSet::from_bits((packed >> MODES_BIT) as u8),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_survive_the_index() {
        for month in [None, Some(1), Some(2021 * 12 + 5), Some(u16::MAX)] {
            for maturity in [None, Maturity::new(1), Maturity::new(9)] {
                for bits in 0..32 {
                    let facts = Facts { month, maturity, modes: ModeSet::from_bits(bits) };
                    assert_eq!(Facts::unpacked(facts.packed()), facts);
                }
            }
        }
        assert_eq!(Facts::default().packed(), 0);
    }

    #[test]
    fn a_year_counts_as_its_last_month() {
        let month = |text: &str| Facts::month_of(text.parse().unwrap());
        assert_eq!(month("2021"), month("2021-12-31"));
        assert_eq!(month("2021-06") + 6, month("2021"));
        assert_eq!(month("2020-12") + 1, month("2021-01"));
    }
}
