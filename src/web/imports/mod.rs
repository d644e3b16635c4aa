//! Files of records: sent, looked at before anything is written, taken over, bad rows given back.

mod begin;
mod job;
mod returned;

pub(super) use begin::{form, upload};
pub(super) use job::{cancel, go_ahead, job, watch};
pub(super) use returned::returned;
