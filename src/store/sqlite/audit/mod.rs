//! The audit log over the table of changes: `digest` says what of an entry is hashed, `sealing`
//! chains what is new, `verifying` holds entries and seals against each other, `reading` answers
//! questions, `erasing` takes away what an entry says and leaves its digest.

mod digest;
mod erasing;
mod reading;
mod sealing;
mod verifying;

pub(super) use erasing::{Erasure, Pruning, aged_events};
pub(super) use reading::audit;
pub(super) use sealing::{NewSeal, newest_seal, next_seal, seal_of_hash, sealed};
pub(super) use verifying::verify;
