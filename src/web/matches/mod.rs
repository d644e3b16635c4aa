//! A need and a lab, side by side: why they match, what is still open; on paper for a meeting;
//! beside another lab; and why a lab is not among the first.

mod compare;
mod parts;
mod show;
mod side_by_side;
mod why_not;

pub(super) use compare::compare;
pub(super) use show::{brief, show};
pub(super) use why_not::why_not;
