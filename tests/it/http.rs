//! The JSON door on a real socket.

mod coverage;
mod errors;
mod index_state;
mod matching;
mod operations;
mod points;
mod records;
mod search;
mod visibility;
