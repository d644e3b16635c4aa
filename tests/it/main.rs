//! One binary for all tests across boundaries: a module per boundary.

mod support;

// Segmentation: domain terms inside compounds, false friends across word borders.
mod domain_terms;
// Files → drafts: the shipped data, and one law for every encoding and format.
mod intake;
// The laws that every store keeps, run on each of them.
mod store_contract;
