//! `bench pages`: how long the service takes for each page, and what it weighs.
//!
//! One request after the other over one connection, from this process: what the client does is
//! in the times too.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::Method;
use tokio::sync::oneshot;

use super::client::Client;
use super::{BenchError, world};
use crate::engine::{
    Engine, Filters, MatchQuestion, MatchRequest, Preferences, RecordView, Viewer,
};
use crate::http::{ServeOptions, Server};
use crate::model::{Kind, RecordId};
use crate::web::pages;

/// Records of each kind that are looked at, in turn.
const RECORDS: usize = 40;

/// Characters of a need's title that are searched for.
const WORD_CHARS: usize = 6;

/// Figures of one sort of page.
#[derive(Debug, Clone, PartialEq)]
pub struct PageFigures {
    /// The address, names of records left out.
    pub page: &'static str,
    /// How often it was asked for.
    pub requests: usize,
    /// Median, in milliseconds.
    pub p50_ms: f64,
    /// The 95th percentile, in milliseconds.
    pub p95_ms: f64,
    /// The heaviest answer, in bytes of HTML.
    pub bytes_max: usize,
}

/// Asks for every sort of page of a generated folder, which `engine` holds, `requests` times each.
/// `progress` is told the sorts done and in all.
///
/// # Errors
/// If the folder cannot be read, or a page does not come.
pub async fn bench_pages(
    engine: &Arc<Engine>,
    folder: &Path,
    requests: usize,
    mut progress: impl FnMut(u64, u64),
) -> Result<Vec<PageFigures>, BenchError> {
    // What was imported would be met beside.
    engine.skip_inbox().await?;
    let sorts = addresses(engine, folder).await?;
    let server = Server::bind(ServeOptions::for_testing()).await?.with_pages(pages(None));
    let mut client = Client::connect(server.addr()?).await?;
    let (stop, stopped) = oneshot::channel::<()>();
    let service = tokio::spawn(server.run(engine.clone(), async {
        // A sender that is gone is a wish to stop as well.
        let _ = stopped.await;
    }));
    let mut figures = Vec::with_capacity(sorts.len());
    for (done, (page, addresses)) in sorts.iter().enumerate() {
        figures.push(ask(&mut client, page, addresses, requests).await?);
        progress(done as u64 + 1, sorts.len() as u64);
    }
    drop(client);
    drop(stop);
    service.await.map_err(|error| BenchError::http("service", &error))??;
    Ok(figures)
}

/// One sort of page, its addresses in turn; the first round warms and is not counted.
async fn ask(
    client: &mut Client,
    page: &'static str,
    addresses: &[String],
    requests: usize,
) -> Result<PageFigures, BenchError> {
    let mut took: Vec<Duration> = Vec::with_capacity(requests);
    let mut bytes_max = 0;
    let warm = addresses.len().min(requests);
    for (turn, address) in addresses.iter().cycle().take(warm + requests).enumerate() {
        let began = Instant::now();
        let (status, body) =
            client.send(Method::GET, address, &[("accept", "text/html")], "").await?;
        let took_now = began.elapsed();
        if status != 200 {
            return Err(BenchError::http(address, &status));
        }
        bytes_max = bytes_max.max(body.len());
        if turn >= warm {
            took.push(took_now);
        }
    }
    took.sort_unstable();
    let at = |share: f64| {
        let rank = (took.len() as f64 * share).ceil() as usize;
        took.get(rank.saturating_sub(1)).map_or(0.0, |took| took.as_secs_f64() * 1e3)
    };
    Ok(PageFigures { page, requests: took.len(), p50_ms: at(0.5), p95_ms: at(0.95), bytes_max })
}

/// Addresses of every sort of page, over different records.
async fn addresses(
    engine: &Engine,
    folder: &Path,
) -> Result<Vec<(&'static str, Vec<String>)>, BenchError> {
    let viewer = Viewer::Local;
    let of = async |kind: Kind| -> Result<Vec<RecordView>, BenchError> {
        Ok(engine.list_records(viewer, kind, None, RECORDS).await?.0)
    };
    let ids = |records: &[RecordView]| -> Vec<RecordId> {
        records.iter().map(|record| record.meta.id).collect()
    };
    let needs = ids(&of(Kind::Need).await?);
    let mut matched = Vec::new();
    for need in &needs {
        let request = MatchRequest {
            question: MatchQuestion::Need(need.to_string()),
            limit: 2,
            filters: Filters::default(),
            preferences: Preferences::default(),
        };
        let answer = engine.match_labs(viewer, request).await?;
        let labs: Vec<RecordId> = answer.matches.iter().map(|found| found.lab.id).collect();
        if let [first, second] = labs[..] {
            matched.push((*need, first, second));
        }
    }
    if matched.is_empty() {
        return Err(BenchError::Empty("no need of the folder has two labs that match"));
    }
    let words = world::needs(folder)?.into_iter().take(RECORDS).map(|(title, _)| {
        let word: String = title.chars().take(WORD_CHARS).collect();
        format!("/search?q={}", percent(&word))
    });
    let records = |path: &str, ids: Vec<RecordId>| -> Vec<String> {
        ids.iter().map(|id| format!("/{path}/{id}")).collect()
    };
    let pairs = |end: &str| -> Vec<String> {
        matched.iter().map(|(need, lab, _)| format!("/needs/{need}/labs/{lab}{end}")).collect()
    };
    let beside = matched.iter().map(|(n, a, b)| format!("/needs/{n}/compare?lab={a}&with={b}"));
    let why_not = matched.iter().map(|(need, _, lab)| format!("/needs/{need}/why-not?lab={lab}"));
    Ok(vec![
        ("/search", words.collect()),
        ("/needs", vec!["/needs".to_owned()]),
        ("/needs/new", vec!["/needs/new".to_owned()]),
        ("/needs/…", records("needs", needs)),
        ("/needs/…/labs/…", pairs("")),
        ("/needs/…/labs/…/brief", pairs("/brief")),
        ("/needs/…/compare", beside.collect()),
        ("/needs/…/why-not", why_not.collect()),
        ("/labs/…", records("labs", ids(&of(Kind::Lab).await?))),
        ("/achievements/…", records("achievements", ids(&of(Kind::Achievement).await?))),
        ("/institutions/…", records("institutions", ids(&of(Kind::Institution).await?))),
        ("/import", vec!["/import".to_owned()]),
    ])
}

/// A text as a parameter.
fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
