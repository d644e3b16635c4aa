//! What every handler needs.

use std::sync::Arc;
use std::time::Duration;

use super::gate::Gate;
use super::limits::{BODY_TIMEOUT, REQUEST_TIMEOUT};
use super::metrics::Metrics;
use crate::engine::{Engine, Viewer};

/// 时限: how long clients and handlers may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a request's body to arrive.
    pub body: Duration,
    /// For a request as a whole.
    pub request: Duration,
}

impl Default for Timeouts {
    /// [`BODY_TIMEOUT`] and [`REQUEST_TIMEOUT`].
    fn default() -> Self {
        Self { body: BODY_TIMEOUT, request: REQUEST_TIMEOUT }
    }
}

/// 服务: the engine, and the door's own counters and limits.
pub struct App {
    pub(super) engine: Arc<Engine>,
    /// Who asks if a request shows nothing.
    pub(super) viewer: Viewer,
    pub(super) gate: Gate,
    pub(super) metrics: Metrics,
    pub(super) timeouts: Timeouts,
}

impl App {
    /// The door to `engine`; a request that shows nothing is `viewer`'s.
    pub fn new(engine: Arc<Engine>, viewer: Viewer, timeouts: Timeouts) -> Self {
        let (gate, metrics) = (Gate::for_this_machine(), Metrics::default());
        Self { engine, viewer, gate, metrics, timeouts }
    }
}
