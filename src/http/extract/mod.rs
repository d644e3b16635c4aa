//! What a client sent, read strictly: an unknown name or a value of the wrong sort is told.

mod body;
mod if_match;
mod object;
mod once;
mod params;
mod upload;

pub(super) use body::JsonText;
pub(super) use if_match::{IfMatch, Known, MustMatch, etag};
pub(super) use object::{Object, found};
pub(super) use once::once;
pub(crate) use params::Params;
pub(super) use upload::upload;
