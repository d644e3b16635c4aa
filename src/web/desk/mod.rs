//! Where the day begins: what is new and what is due, and what has come of it.

mod due;
mod period;
mod report;
mod show;

pub(super) use report::{report, report_csv};
pub(super) use show::{seen, show};
