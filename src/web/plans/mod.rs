//! Plans of 百校对接计划: ordered, looked at, explained, tried otherwise, published.
//!
//! The engine makes and explains them and `http::views` words them; here they become tables, and
//! pictures beside them (`chart`, `map`).

mod chart;
mod coverage;
mod jobs;
mod list;
mod map;
mod matrix;
mod postings;
mod publish;
mod show;
mod what_if;
mod why;
mod wishes;
mod words;

pub(super) use jobs::{job, watch};
pub(super) use list::{list, order};
pub(super) use publish::{ask, publish};
pub(super) use show::{export, show};
pub(super) use what_if::{adopt, what_if};
pub(super) use why::why;
