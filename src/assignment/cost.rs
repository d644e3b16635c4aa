//! What is added up and made small: a number, or several in order of importance.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Neg, Sub};

/// Levels of an objective at most.
pub const LEVELS_MAX: usize = 12;
/// Numbers in a cost are between this and its negative (some 69 thousand million): as many of
/// them as there can be pairs, twice, still add up to less than an `i64` holds.
pub const NUMBER_MAX: i64 = 1 << 36;

/// 代价: smaller is better; may be negative. An ordered group: sums keep the order
/// (a < b ⇒ a + c < b + c), which is all that shortest paths ask for, so one solver serves
/// numbers and levels alike.
pub trait Cost:
    Copy
    + Ord
    + Debug
    + Send
    + Sync
    + Add<Output = Self>
    + Sub<Output = Self>
    + Neg<Output = Self>
    + AddAssign
{
    /// What costs nothing.
    const ZERO: Self;

    /// Whether its numbers stay within [`NUMBER_MAX`], so that no sum of them overflows.
    fn in_range(self) -> bool;
}

impl Cost for i64 {
    const ZERO: Self = 0;

    fn in_range(self) -> bool {
        (-NUMBER_MAX..=NUMBER_MAX).contains(&self)
    }
}

/// 分级代价: numbers of which an earlier one outweighs all later ones, whatever their size.
///
/// No weights are multiplied together, so nothing overflows and a difference of two is itself
/// readable level by level.
///
/// ```
/// use duijie::assignment::Levels;
/// let (a, b) = (Levels::of(&[1, 0]), Levels::of(&[0, 1_000_000]));
/// assert!(b < a);
/// assert_eq!((a - b).as_slice()[..2], [1, -1_000_000]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Levels([i64; LEVELS_MAX]);

impl Levels {
    /// The given levels, the most important first; those left out are 0, those beyond
    /// [`LEVELS_MAX`] are refused.
    ///
    /// # Panics
    /// If there are more than [`LEVELS_MAX`]: how many there are is the caller's own, not input.
    pub fn of(levels: &[i64]) -> Self {
        let mut all = [0; LEVELS_MAX];
        all[..levels.len()].copy_from_slice(levels);
        Self(all)
    }

    /// All levels, the most important first.
    pub fn as_slice(&self) -> &[i64] {
        &self.0
    }

    /// One level changed.
    pub fn with(mut self, level: usize, value: i64) -> Self {
        self.0[level] = value;
        self
    }
}

impl Cost for Levels {
    const ZERO: Self = Self([0; LEVELS_MAX]);

    fn in_range(self) -> bool {
        self.0.into_iter().all(Cost::in_range)
    }
}

impl Add for Levels {
    type Output = Self;
    #[inline]
    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl AddAssign for Levels {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own += other;
        }
    }
}

impl Sub for Levels {
    type Output = Self;
    #[inline]
    fn sub(mut self, other: Self) -> Self {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own -= other;
        }
        self
    }
}

impl Neg for Levels {
    type Output = Self;
    fn neg(mut self) -> Self {
        for own in &mut self.0 {
            *own = -*own;
        }
        self
    }
}
