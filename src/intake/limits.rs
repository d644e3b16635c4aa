//! How much a file may hold. Every limit is named in the error that it causes.

/// Largest file, in bytes: 200 MiB.
pub const FILE_BYTES_MAX: usize = 200 * MIB;
/// Most rows below the header row (csv) or lines (jsonl).
pub const ROWS_MAX: usize = 1_000_000;
/// Longest line or record, in bytes: 1 MiB. A longer row is refused, the others are kept.
pub const LINE_BYTES_MAX: usize = MIB;
/// Most columns of a table, most keys of one object.
pub const COLUMNS_MAX: usize = 200;
/// How far down the header row is looked for: this many rows, leading notes not counted.
pub const HEADER_ROWS_MAX: usize = 10;
/// Most notes and title rows that are reported; those beyond are skipped without a report.
pub const SKIPPED_ROWS_MAX: usize = 100;
/// Longest value that a refusal repeats, in Unicode scalar values; the rest is cut off.
pub const VALUE_CHARS_MAX: usize = 200;

/// Bytes of a mebibyte.
pub(super) const MIB: usize = 1 << 20;
