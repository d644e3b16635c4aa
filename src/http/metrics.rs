//! Counters for Prometheus, each server's own.

use std::time::Duration;

use metrics::{counter, gauge, histogram, with_local_recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

use crate::engine::{InboxStatus, IndexStatus};

/// Upper bounds of the histogram of durations, in seconds.
const DURATION_BUCKETS_S: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// 指标: what is counted. Not global, so that several servers in a process do not mix.
pub(crate) struct Metrics {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
}

impl Default for Metrics {
    fn default() -> Self {
        let builder = PrometheusBuilder::new();
        // Bounds that are refused leave summaries, which are still right.
        let builder =
            builder.set_buckets(&DURATION_BUCKETS_S).unwrap_or_else(|_| PrometheusBuilder::new());
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        Self { recorder, handle }
    }
}

impl Metrics {
    /// Counts a request. All labels are of bounded variety.
    pub fn request(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let labels = [
            ("method", method.to_owned()),
            ("route", route.to_owned()),
            ("status", status.to_string()),
        ];
        with_local_recorder(&self.recorder, || {
            counter!("duijie_http_requests_total", &labels).increment(1);
            histogram!("duijie_http_request_duration_seconds", &labels).record(took);
        });
    }

    /// Counts an answer to a need.
    pub fn match_served(&self) {
        with_local_recorder(&self.recorder, || counter!("duijie_matches_total").increment(1));
    }

    /// Folds what was observed into the histograms, so that memory does not grow while nobody
    /// asks.
    pub fn tidy(&self) {
        self.handle.run_upkeep();
    }

    /// Everything in the text format of Prometheus.
    pub fn render(&self, index: &IndexStatus, inbox: InboxStatus) -> String {
        with_local_recorder(&self.recorder, || {
            gauge!("duijie_index_lag_changes").set(index.lag() as f64);
            gauge!("duijie_index_lag_seconds").set(index.waiting.as_secs_f64());
            gauge!("duijie_index_fault").set(f64::from(u8::from(index.fault.is_some())));
            gauge!("duijie_index_documents").set(index.documents as f64);
            gauge!("duijie_index_size_bytes").set(index.size_bytes as f64);
            gauge!("duijie_inbox_lag_changes").set(inbox.lag as f64);
            gauge!("duijie_inbox_backlog_changes").set(inbox.backlog as f64);
        });
        self.handle.render()
    }
}
