//! The pages in a real browser.

mod browser;
mod desk;
mod leads;
mod looks;
mod matches;
mod needs;
mod records;
mod searching;
mod signing_in;
mod world;
