//! `bench inbox`: how long it takes from the write of an achievement until its notices are there.
//!
//! The service runs in this process and is asked over HTTP, as clients ask it. Each of the texts
//! that are written is about what one of the open needs is about, so that there is something to
//! tell.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::client::Client;
use super::figures::{Times, peak_rss_mb};
use super::service::Service;
use super::{BenchError, world};
use crate::engine::{Engine, Viewer};
use crate::model::Timestamp;

/// Pause between two looks for notices: what this adds to a time is at most as much.
const LOOKS_APART: Duration = Duration::from_millis(5);
/// Longest wait for the notices of one achievement.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// Figures of the inbox.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxFigures {
    /// Documents of the index.
    pub documents: u64,
    /// Needs of the folder.
    pub needs: usize,
    /// Achievements that were written.
    pub writes: usize,
    /// Of these, those that notices came of.
    pub told: usize,
    /// All notices that came of them.
    pub notices: usize,
    /// From sending an achievement until it was met and its notices could be read.
    pub took: Times,
    /// Most memory of the process.
    pub peak_rss_mb: Option<f64>,
}

/// Writes `writes` achievements one after the other to a service on `engine`, which holds the
/// folder's records.
///
/// # Errors
/// If the folder or the engine fails, or an achievement is not met in time.
pub async fn bench_inbox(
    engine: &Arc<Engine>,
    folder: &Path,
    writes: usize,
) -> Result<InboxFigures, BenchError> {
    let needs = world::needs(folder)?;
    // What was imported is not what is measured.
    engine.skip_inbox().await?;
    let service = Service::of(engine.clone()).await?;
    let mut client = Client::connect(service.addr).await?;
    // Another run on the same home writes other records.
    let run = Timestamp::now().0;
    let (mut took, mut told, mut notices) = (Vec::with_capacity(writes), 0, 0);
    for number in 0..writes {
        let (title, body) = &needs[number * (needs.len() / writes).max(1) % needs.len()];
        let before = engine.inbox_summary(Viewer::Local, Some(0)).await?.until;
        let achievement = json!({
            "external_id": format!("bench-{run}-{number}"),
            "lab_ids": [format!("l{}", number % 10)],
            "title": title, "abstract": body,
        });
        let began = Instant::now();
        let (status, answer) =
            client.post_json("/api/v1/achievements", &achievement.to_string()).await?;
        if status != 201 {
            return Err(BenchError::http(&status.to_string(), &String::from_utf8_lossy(&answer)));
        }
        while engine.inbox_status().await?.lag > 0 {
            if began.elapsed() > WAIT_MAX {
                return Err(BenchError::Empty("an achievement was not met within a minute"));
            }
            tokio::time::sleep(LOOKS_APART).await;
        }
        took.push(began.elapsed());
        let new = engine.inbox_summary(Viewer::Local, Some(before)).await?.total;
        told += usize::from(new > 0);
        notices += new;
    }
    let documents = engine.index_status().await?.documents;
    service.stop().await?;
    Ok(InboxFigures {
        documents,
        needs: needs.len(),
        writes,
        told,
        notices,
        took: Times::of(took),
        peak_rss_mb: peak_rss_mb(),
    })
}
