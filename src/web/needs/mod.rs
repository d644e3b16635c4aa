//! Needs: the list, one of them with what it comes to, and the form in which it is written.

mod assist;
mod editing;
mod fields;
mod list;
mod show;

pub(super) use editing::{create, edit_form, new_form, preview, save};
pub(super) use list::list;
pub(super) use show::show;

pub(super) use assist::{CellTold, institutions, mark_of, marked};
