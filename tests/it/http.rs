//! The JSON door on a real socket.

mod errors;
mod matching;
mod operations;
mod records;
mod search;
mod visibility;
