//! Files → drafts: encodings, header synonyms, units; every bad cell named. Knows no store.
//!
//! [`read`] opens a file of one kind and gives a [`Sheet`]: [`Notes`] on how it was read, and
//! one item per row, either a [`PendingDraft`] or everything that is wrong with the row. A
//! bad row never costs a good one, and nothing is dropped without being told: an unknown
//! column, a note, a byte.

mod columns;
mod csv;
mod defaults;
mod encoding;
mod error;
mod excerpt;
mod fields;
mod grid;
mod headers;
mod jsonl;
mod limits;
mod notes;
mod options;
mod pending;
mod record;
mod refused;
mod row;
mod sheet;
mod tables;

pub use columns::{column_label, column_names};
pub use encoding::{Decoded, Encoding, decode};
pub use error::IntakeError;
pub use excerpt::{Excerpt, excerpt};
pub use headers::{IgnoredColumn, MappedColumn, Unit};
pub(crate) use jsonl::Pairs;
pub use limits::{
    COLUMNS_MAX, FILE_BYTES_MAX, HEADER_ROWS_MAX, LINE_BYTES_MAX, ROWS_MAX, SKIPPED_ROWS_MAX,
    VALUE_CHARS_MAX,
};
pub use notes::{Notes, Skipped, SkippedKind};
pub use options::{Format, Options};
pub use pending::{PendingDraft, Unresolved};
pub use refused::Refused;
pub use sheet::{Sheet, read};
pub use tables::{TableError, Tables, code_rows};
