//! How long a write takes over HTTP while many write, beside what the disk needs for one sync.
//!
//! Writers either write one record after the other, as fast as they are answered, or all together
//! so many a second. In the second case a write counts from the moment for which it was meant,
//! also if its writer was still waiting for the one before: otherwise a service that halts would
//! be asked less while it does, and its halt would count once. Writers wake up to a millisecond
//! late, which counts as well.

use std::fs::File;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fastrand::Rng;
use serde_json::json;
use tokio::task::JoinSet;

use super::client::Client;
use super::corpus::Corpus;
use super::service::Service;
use super::{BenchError, Times, world};
use crate::data::Data;
use crate::engine::Engine;

/// Syncs of the disk that are timed.
const SYNCS: usize = 200;
/// What is appended before each, in bytes: a page of the database.
const SYNC_BYTES: usize = 4096;
/// Texts that the records are made of, and words of each.
const TEXTS: usize = 500;
const TEXT_WORDS: usize = 120;
const TITLE_WORDS: usize = 10;
const TOPICS: usize = 20;

/// How [`bench_write`] measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteOptions {
    /// Connections that write at the same time, each one record after the other.
    pub writers: usize,
    /// For so long.
    pub duration: Duration,
    /// Writes a second of all writers together; `None`: as fast as they are answered.
    pub rate: Option<u32>,
}

/// 写入耗时: what was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WriteFigures {
    /// Records created.
    pub writes: usize,
    /// Records created in a second.
    pub per_s: f64,
    /// From the request to its answer; with a rate, from the moment for which it was meant.
    pub writes_took: Times,
    /// Appending a page to a file in the same folder and syncing it, before the writing.
    pub syncs_took: Times,
    /// Changes that the index had not taken over when the writing ended.
    pub index_lag: i64,
}

/// Serves a new home in `folder` on a free port of this machine, and creates achievements in it.
///
/// # Errors
/// If the folder cannot be written, or a record is not created.
pub async fn bench_write(
    folder: &Path,
    data: &Data,
    options: WriteOptions,
) -> Result<WriteFigures, BenchError> {
    let syncs_took = time_syncs(&folder.join("sync")).map_err(|e| world::file_error(folder, e))?;
    let service = Service::start(folder, data).await?;
    let texts: Arc<[String]> = texts(&service.engine).into();
    let began = Instant::now();
    let mut writers = JoinSet::new();
    for writer in 0..options.writers {
        let moments = Moments { began, options, writer };
        writers.spawn(write(service.addr, texts.clone(), moments));
    }
    let mut took = Vec::new();
    while let Some(writer) = writers.join_next().await {
        took.extend(writer.map_err(|e| BenchError::http("writer", &e))??);
    }
    let seconds = began.elapsed().as_secs_f64();
    let index_lag = service.engine.index_status().await?.lag();
    service.stop().await?;
    let writes = took.len();
    let per_s = writes as f64 / seconds;
    Ok(WriteFigures { writes, per_s, writes_took: Times::of(took), syncs_took, index_lag })
}

/// When one of the writers is to write.
#[derive(Debug, Clone, Copy)]
struct Moments {
    began: Instant,
    options: WriteOptions,
    /// Number of the writer, from 0.
    writer: usize,
}

impl Moments {
    /// Of its write number `turn`, which may have passed by now; `None` behind the end.
    fn of(&self, turn: usize) -> Option<Instant> {
        let Self { began, options, writer } = *self;
        let moment = match options.rate {
            None => Instant::now(),
            // The writers take turns, evenly.
            Some(rate) => {
                let number = turn * options.writers + writer;
                began + Duration::from_secs_f64(number as f64 / f64::from(rate))
            }
        };
        (moment < began + options.duration).then_some(moment)
    }
}

/// One writer: how long each of its writes took.
async fn write(
    addr: SocketAddr,
    texts: Arc<[String]>,
    moments: Moments,
) -> Result<Vec<Duration>, BenchError> {
    let mut client = Client::connect(addr).await?;
    let mut took = Vec::new();
    for (turn, text) in texts.iter().cycle().skip(moments.writer).enumerate() {
        let Some(meant) = moments.of(turn) else { break };
        if meant > Instant::now() {
            tokio::time::sleep_until(meant.into()).await;
        }
        let (status, answer) = client.post_json("/api/v1/achievements", text).await?;
        if status != 201 {
            return Err(BenchError::http(&status.to_string(), &String::from_utf8_lossy(&answer)));
        }
        took.push(meant.elapsed());
    }
    Ok(took)
}

/// Requests that create achievements.
fn texts(engine: &Engine) -> Vec<String> {
    let mut rng = Rng::with_seed(1);
    let corpus = Corpus::new(engine.analyzer(), TOPICS, &mut rng);
    let text = |idx: usize| {
        let topic = idx % TOPICS;
        json!({
            "title": corpus.title(topic, TITLE_WORDS, &mut rng),
            "abstract": corpus.prose(topic, TEXT_WORDS, &mut rng),
        })
        .to_string()
    };
    (0..TEXTS).map(text).collect()
}

/// What the disk needs to keep a page for good.
pub(super) fn time_syncs(path: &Path) -> std::io::Result<Times> {
    let mut file = File::create(path)?;
    let page = [0x5A; SYNC_BYTES];
    let mut took = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        let began = Instant::now();
        file.write_all(&page)?;
        file.sync_all()?;
        took.push(began.elapsed());
    }
    drop(file);
    std::fs::remove_file(path)?;
    Ok(Times::of(took))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writers_take_turns_and_a_late_one_still_counts_from_its_moment() {
        let began = Instant::now();
        let duration = Duration::from_secs(2);
        let options = WriteOptions { writers: 4, duration, rate: Some(8) };
        let after_ms = |writer, turn| {
            let moment = Moments { began, options, writer }.of(turn)?;
            Some((moment - began).as_millis())
        };
        assert_eq!([0, 1, 2].map(|turn| after_ms(0, turn)), [Some(0), Some(500), Some(1_000)]);
        assert_eq!([0, 1, 3].map(|turn| after_ms(3, turn)), [Some(375), Some(875), Some(1_875)]);
        assert_eq!(after_ms(0, 4), None, "behind the end");
        let moments = Moments { began, options: WriteOptions { rate: None, ..options }, writer: 3 };
        assert!(moments.of(7).is_some_and(|moment| moment >= began), "without a rate: now");
    }
}
