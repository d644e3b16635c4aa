//! The JSON door: `/api/v1`, OpenAPI, health and metrics over HTTP.
//!
//! A handler converts in, calls the engine once and converts out. Who may see and change what
//! is the engine's business; what a client may send and how much of it is decided here. The
//! shapes of all JSON stand in [`views`], which the command line uses too.

mod accept;
mod activities;
mod app;
mod audit;
mod caller;
mod case_body;
mod coverage;
mod desk;
mod dismissals;
mod docs;
mod duplicates;
mod error;
mod extract;
mod filters;
mod gate;
mod guard;
mod health;
mod imports;
mod inbox;
mod jobs;
mod lead_changes;
mod leads;
mod limits;
mod matching;
mod metrics;
mod observe;
mod offices;
mod openapi;
mod openapi_problems;
mod pages;
mod permissions;
mod plan_answers;
mod plans;
mod points;
mod rate;
mod record_body;
mod records;
mod reports;
mod request_id;
mod routes;
mod rules;
mod search;
mod server;
mod sessions;
mod strictness;
mod tls;
mod tokens;
mod users;
pub mod views;
mod wire;

pub use app::{App, Timeouts};
pub(crate) use caller::{Caller, ClientAddress, SESSION_COOKIE, SignedIn};
pub use error::{Problem, ProblemCode};
pub(crate) use extract::Params;
pub(crate) use jobs::events as job_events;
pub use limits::{
    BODY_BYTES_MAX, BODY_TIMEOUT, CONNECTIONS_MAX, HEAD_BYTES_MAX, HEAD_TIMEOUT, HEADERS_MAX,
    HEARTBEAT_EVERY, HEAVY_PER_CORE_MAX, HEAVY_QUEUE_MAX, LIST_LIMIT_DEFAULT, MATCH_LIMIT_DEFAULT,
    RATE_BURST_S, RATE_PER_S_DEFAULT, READY_LAG_MAX, REQUEST_TIMEOUT, SEARCH_LIMIT_DEFAULT,
    SHUTDOWN_GRACE, STREAM_TIME_MAX, STREAMS_MAX, UPLOAD_BYTES_MAX, UPLOAD_TIMEOUT, WRITE_TIMEOUT,
};
pub use openapi::document as openapi;
pub use pages::{API, Asked, Pages};
pub use server::{ServeError, ServeOptions, Server};
pub use tls::{TlsError, TlsFiles};
