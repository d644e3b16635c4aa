//! Scores in whole steps.

use std::iter::Sum;
use std::ops::{Add, AddAssign};

/// Steps of 1.
const STEPS: f32 = 8_192.0;
/// 2²³: from here on a number has no fraction.
const WHOLE: f32 = 8_388_608.0;
/// The largest part of a score. With a few thousand parts, more than any query has, the sum
/// stays below the largest number.
const PART_MAX: f32 = 256.0;

/// 得分: a score, or a part of one, in steps of 2⁻¹³.
///
/// Whole numbers have the same sum in any order. So a score that was added up term by term
/// over all documents is exactly the sum of the contributions that are told later, and is equal
/// for documents that are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Score(u32);

impl Score {
    /// The smallest that is more than nothing.
    pub const STEP: Self = Self(1);

    /// The nearest step to a part of a score; 0 for what is not positive, at most 256.
    pub fn of(part: f32) -> Self {
        // Added to a power of two, a smaller number is rounded to a whole one, which then stands
        // in the last bits: quicker than a conversion, and for many at once.
        let rounded = part.clamp(0.0, PART_MAX) * STEPS + WHOLE;
        Self(rounded.to_bits() - WHOLE.to_bits())
    }

    /// As a number.
    ///
    /// ```
    /// use duijie::index::Score;
    /// assert_eq!(Score::of(1.5).value(), 1.5);
    /// assert!((Score::of(0.3).value() - 0.3).abs() < 1e-4);
    /// assert_eq!(Score::of(-1.0).value(), 0.0);
    /// assert_eq!(Score::of(1e9).value(), 256.0);
    /// ```
    pub fn value(self) -> f64 {
        f64::from(self.0) / f64::from(STEPS)
    }
}

impl Add for Score {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sum for Score {
    fn sum<I: Iterator<Item = Self>>(scores: I) -> Self {
        scores.fold(Self::default(), Add::add)
    }
}
