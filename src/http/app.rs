//! What every handler needs.

use std::num::NonZero;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Bytes;
use serde_json::Value;
use tokio::sync::Semaphore;

use super::error::Problem;
use super::gate::Gate;
use super::limits::{
    self, BODY_TIMEOUT, HEAD_TIMEOUT, REQUEST_TIMEOUT, STREAMS_MAX, WRITE_TIMEOUT,
};
use super::metrics::Metrics;
use super::rate::RateLimit;
use super::server::ServeOptions;
use super::{docs, openapi};
use crate::engine::{Engine, Viewer};

/// 时限: how long clients and handlers may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a request's head, or TLS, to arrive; so long an idle connection is kept.
    pub head: Duration,
    /// For a request's body to arrive.
    pub body: Duration,
    /// For a request as a whole.
    pub request: Duration,
    /// For a client to take some of its answer.
    pub write: Duration,
}

impl Default for Timeouts {
    /// [`HEAD_TIMEOUT`], [`BODY_TIMEOUT`], [`REQUEST_TIMEOUT`] and [`WRITE_TIMEOUT`].
    fn default() -> Self {
        let (head, write) = (HEAD_TIMEOUT, WRITE_TIMEOUT);
        Self { head, body: BODY_TIMEOUT, request: REQUEST_TIMEOUT, write }
    }
}

/// 服务: the engine, and the door's own counters and limits.
pub struct App {
    pub(crate) engine: Arc<Engine>,
    /// Who asks if a request shows nothing.
    pub(crate) viewer: Viewer,
    pub(crate) gate: Gate,
    /// Places for streams of events.
    pub(super) streams: Arc<Semaphore>,
    pub(crate) metrics: Metrics,
    pub(super) timeouts: Timeouts,
    speaks_tls: bool,
    pub(super) rate: Option<RateLimit>,
    /// The limits that are told, and the description that tells them once somebody asks.
    limits: Vec<Value>,
    described: OnceLock<Result<Described, String>>,
}

/// The API, described.
pub(super) struct Described {
    /// OpenAPI, for programs.
    pub json: Bytes,
    /// HTML, for people.
    pub page: Bytes,
}

impl App {
    /// The door to `engine`; a request that shows nothing is `viewer`'s.
    pub(super) fn new(engine: Arc<Engine>, viewer: Viewer, options: &ServeOptions) -> Self {
        let (gate, metrics) = (Gate::for_this_machine(), Metrics::default());
        let rate = options.rate_per_s.filter(|_| viewer != Viewer::Local);
        let limits = limits::told(options, rate.map(NonZero::get));
        Self {
            engine,
            viewer,
            gate,
            streams: Arc::new(Semaphore::new(STREAMS_MAX)),
            metrics,
            timeouts: options.timeouts,
            speaks_tls: options.tls.is_some(),
            rate: rate.map(RateLimit::new),
            limits,
            described: OnceLock::new(),
        }
    }

    /// Whether clients reach this service by TLS only.
    pub(crate) fn speaks_tls(&self) -> bool {
        self.speaks_tls
    }

    /// The description of the API with this service's limits, made once.
    pub(super) fn described(&self) -> Result<&Described, Problem> {
        let made = self.described.get_or_init(|| {
            let document = serde_json::to_value(openapi::with_limits(&self.limits));
            let document = document.map_err(|error| error.to_string())?;
            let page = docs::page(&document).into();
            Ok(Described { json: document.to_string().into(), page })
        });
        made.as_ref().map_err(|error| Problem::internal(error))
    }
}
