//! The pages: Chinese, rendered here, usable without JavaScript.
//!
//! A handler converts in, calls the engine and renders a template of `pages/templates`. Connection,
//! limits, sessions and problems are those of `http`, whose shapes of answers the templates show.
//! Nothing is loaded from elsewhere, and no page has script or style of its own in it.

mod account;
mod assets;
mod desk;
mod form;
mod headers;
mod imports;
mod leads;
mod marked;
mod matches;
mod needs;
mod origin;
mod page;
mod plans;
mod problem;
mod records;
mod routes;
mod search;
mod shell;

pub use routes::pages;
pub use shell::Demo;
