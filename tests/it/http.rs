//! The JSON door on a real socket.

mod accounts;
mod coverage;
mod docs;
mod errors;
mod hostile;
mod index_state;
mod logs;
mod matching;
mod operations;
mod points;
mod records;
mod search;
mod serving;
mod tls;
mod visibility;
