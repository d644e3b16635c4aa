//! The integration tests, one module per boundary.

// Files → drafts: the shipped data, and one law for every encoding and format.
mod intake;
