//! The JSON door on a real socket.

mod accounts;
mod audit;
mod changes;
mod coverage;
mod day;
mod docs;
mod errors;
mod hostile;
mod inbox;
mod index_state;
mod jobs;
mod leads;
mod logs;
mod matching;
mod operations;
mod plans;
mod points;
mod records;
mod reports;
mod search;
mod serving;
mod tls;
mod visibility;
