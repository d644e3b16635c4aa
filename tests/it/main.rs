//! The integration tests, one binary; one module per boundary.

/// The laws that every store keeps, run on each of them.
mod store_contract;
