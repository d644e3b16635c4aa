//! Leads: the board, one of them with what can be done, and what is done.

mod acts;
mod board;
mod dismissals;
mod filled;
mod history;
mod making;
mod show;
mod steps;

pub(super) use acts::{accept, move_on, plan, step, write_activity};
pub(super) use board::{board, by_urgency};
pub(super) use dismissals::{dismiss, dismissals, undo};
pub(super) use making::create;
pub(super) use show::{is_ageing, show};

use super::shell::Shell;
use crate::engine::Viewer;
use crate::model::Role;

/// From so many days in a state on a lead is told to stand still.
const AGEING_DAYS: i64 = 30;

/// Whether somebody looks after leads, as opposed to taking part in them.
fn is_in_charge(shell: &Shell) -> bool {
    shell.caller.viewer == Viewer::Local
        || matches!(shell.role(), Some(Role::Office | Role::Commissioner))
}
