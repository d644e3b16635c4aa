//! The pages in a real browser.

mod browser;
mod looks;
mod matches;
mod needs;
mod plans;
mod records;
mod searching;
mod signing_in;
mod world;
