//! What a client sent, read strictly: an unknown name or a value of the wrong sort is told.

mod body;
mod object;
mod params;

pub(super) use body::JsonText;
pub(super) use object::{Object, found};
pub(super) use params::Params;
