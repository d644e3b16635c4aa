//! Intervals of numbers, with ends that belong to them or not.

/// Two values closer than this, relative to their size, are the same: 0.001 m and 1000 μm
/// differ in the last bits.
const SAME: f64 = 1e-9;

/// 区间: what a quantity may be, in the base unit of its dimension. An end may be infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end, not below the lower one.
    pub high: f64,
    /// Whether the lower end itself is left out (大于).
    pub low_open: bool,
    /// Whether the upper end itself is left out (小于).
    pub high_open: bool,
}

impl Interval {
    /// All from `low` to `high`, both included.
    pub fn closed(low: f64, high: f64) -> Self {
        Self { low, high, low_open: false, high_open: false }
    }

    /// One value.
    pub fn point(value: f64) -> Self {
        Self::closed(value, value)
    }

    /// `value` and more.
    pub fn at_least(value: f64) -> Self {
        Self::closed(value, f64::INFINITY)
    }

    /// `value` and less.
    pub fn at_most(value: f64) -> Self {
        Self::closed(f64::NEG_INFINITY, value)
    }

    /// Whether it is one value.
    pub fn is_point(self) -> bool {
        same(self.low, self.high)
    }

    /// Whether all of `other` lies inside.
    pub fn encloses(self, other: Self) -> bool {
        let low = below(self.low, other.low)
            || (same(self.low, other.low) && (!self.low_open || other.low_open));
        let high = below(other.high, self.high)
            || (same(self.high, other.high) && (!self.high_open || other.high_open));
        low && high
    }

    /// Whether no value lies in both.
    pub fn is_apart_from(self, other: Self) -> bool {
        self.is_below(other) || other.is_below(self)
    }

    /// Whether all of it is less than all of `other`.
    pub fn is_below(self, other: Self) -> bool {
        below(self.high, other.low)
            || (same(self.high, other.low) && (self.high_open || other.low_open))
    }

    /// The interval in a unit `factor` (positive) times as small.
    pub fn scaled(self, factor: f64) -> Self {
        Self { low: self.low * factor, high: self.high * factor, ..self }
    }
}

fn same(left: f64, right: f64) -> bool {
    let close = (left - right).abs() <= SAME * left.abs().max(right.abs());
    left == right || (close && left.is_finite() && right.is_finite())
}

fn below(left: f64, right: f64) -> bool {
    left < right && !same(left, right)
}
