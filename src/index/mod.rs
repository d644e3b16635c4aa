//! What can be found: labs, achievements and needs by their terms, on tantivy.
//!
//! The index is derived from the store and disposable. It shows no text: it answers with
//! rows, and whoever shows a hit reads the record from the store. tantivy is used nowhere
//! else. Scores are computed from [`Statistics`] that are pinned, not from the live index,
//! so that an answer can be repeated and does not depend on how documents fell into segments.

mod among;
mod bm25;
mod candidates;
mod document_frequencies;
mod encoded;
mod entry;
mod facts;
mod fault;
mod folder;
mod forward;
mod fresh;
mod generation;
mod health;
mod live;
mod lookup;
mod pairs_query;
mod plain;
mod rebuild;
mod resident;
mod schema;
mod score;
mod scoring;
mod search;
mod statistics;
mod worth;

pub use among::Given;
pub use bm25::Bm25;
pub use candidates::{Candidate, Candidates, LabSet, Scope, WeightedTerm};
pub use entry::{Entry, EntryKind};
pub use facts::Facts;
pub use fault::{Examination, IndexFault};
pub use live::{Cursor, Index, IndexError, Snapshot};
pub use lookup::Lookup;
pub use rebuild::{Rebuild, Turn};
pub use schema::SearchField;
pub use score::Score;
pub use scoring::{Contribution, Place};
pub use search::{Hit, HitMatch, Promise, SearchResult, TextQuery};
pub use statistics::Statistics;
