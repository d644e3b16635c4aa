//! duijie (对接) pairs enterprises' technology needs with the labs of universities and
//! institutes, in Chinese, with reasons. `ARCHITECTURE.md` is the map of this house; the
//! modules stand in its storeys, each using only those above it.

pub mod data;

pub mod model;
pub mod text;

pub mod assignment;
pub mod evaluation;
pub mod index;
pub mod intake;
pub mod store;

pub mod matching;
pub mod programmes;

pub mod engine;

pub mod http;

pub mod web;

pub mod bench;

pub mod cli;
