//! The pages in a real browser.

mod browser;
mod desk;
mod guarding;
mod imports;
mod leads;
mod looks;
mod matches;
mod needs;
mod plans;
mod planted;
mod records;
mod searching;
mod signing_in;
mod stories;
mod world;
