//! A cost that is always nothing, for those who only ask whether there is a solution at all.

use std::ops::{Add, AddAssign, Neg, Sub};

use super::cost::Cost;

/// 零代价
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Nothing;

impl Cost for Nothing {
    const ZERO: Self = Self;

    fn in_range(self) -> bool {
        true
    }
}

impl Add for Nothing {
    type Output = Self;
    fn add(self, _: Self) -> Self {
        self
    }
}

impl Sub for Nothing {
    type Output = Self;
    fn sub(self, _: Self) -> Self {
        self
    }
}

impl Neg for Nothing {
    type Output = Self;
    fn neg(self) -> Self {
        self
    }
}

impl AddAssign for Nothing {
    fn add_assign(&mut self, _: Self) {}
}
