//! `bench serve`: what HTTP costs, against the same calls inside the process.
//!
//! Service, clients and callers share this process and its runtime, so that the clients' own
//! work counts against HTTP too. Both sorts take turns in short rounds, level by level.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::client::Client;
use super::matching::LABS;
use super::{BenchError, Times, world};
use crate::engine::{Engine, Filters, MatchQuestion, MatchRequest, Preferences, Viewer};
use crate::http::{ServeOptions, Server};

/// Connections, or callers, at the same time.
const LEVELS: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];
/// Timed rounds of each sort at each level.
const ROUNDS: usize = 4;

/// Figures with as many connections as callers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ServeLevel {
    /// Connections, each asking one thing after the other.
    pub connections: usize,
    /// Answers a second over HTTP.
    pub http_per_s: f64,
    /// The same from the engine.
    pub in_process_per_s: f64,
    /// From the request to its answer, over HTTP.
    pub http: Times,
    /// The same from the engine.
    pub in_process: Times,
}

/// A match as both sorts ask for it.
struct Question {
    request: MatchRequest,
    json: String,
}

/// Calls of one sort at one level.
#[derive(Default)]
struct Calls {
    took: Vec<Duration>,
    seconds: f64,
}

/// Matches the needs of a generated folder, which `engine` holds, `round` long for each round.
/// `progress` is told the rounds done and in all.
///
/// # Errors
/// If the folder cannot be read, or a call fails.
pub async fn bench_serve(
    engine: &Arc<Engine>,
    folder: &Path,
    round: Duration,
    mut progress: impl FnMut(u64, u64),
) -> Result<Vec<ServeLevel>, BenchError> {
    let questions: Arc<[Question]> = world::needs(folder)?.iter().map(question).collect();
    // What was imported would be met beside.
    engine.skip_inbox().await?;
    let server = Server::bind(ServeOptions::for_testing()).await?;
    let addr = server.addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let service = tokio::spawn(server.run(engine.clone(), async {
        // A sender that is gone is a wish to stop as well.
        let _ = stopped.await;
    }));
    let mut levels = Vec::with_capacity(LEVELS.len());
    let all = (LEVELS.len() * (ROUNDS + 1)) as u64;
    for (level, connections) in LEVELS.into_iter().enumerate() {
        let (mut http, mut in_process) = (Calls::default(), Calls::default());
        for turn in 0..=ROUNDS {
            let mut over_http = Calls::default();
            if turn % 2 == 0 {
                over_http = over_connections(addr, &questions, connections, round).await?;
            }
            let inside = by_callers(engine, &questions, connections, round).await?;
            if turn % 2 == 1 {
                over_http = over_connections(addr, &questions, connections, round).await?;
            }
            // The first turn warms connections and caches.
            if turn > 0 {
                http.add(over_http);
                in_process.add(inside);
            }
            progress((level * (ROUNDS + 1) + turn + 1) as u64, all);
        }
        levels.push(ServeLevel {
            connections,
            http_per_s: http.per_s(),
            in_process_per_s: in_process.per_s(),
            http: Times::of(http.took),
            in_process: Times::of(in_process.took),
        });
    }
    drop(stop);
    service.await.map_err(|e| BenchError::http("service", &e))??;
    Ok(levels)
}

fn question((title, body): &world::NeedTexts) -> Question {
    let text = format!("{title}。{body}");
    let json = json!({"text": text, "limit": LABS}).to_string();
    let question = MatchQuestion::Text(text);
    Question {
        request: MatchRequest {
            question,
            limit: LABS,
            filters: Filters::default(),
            preferences: Preferences::default(),
        },
        json,
    }
}

impl Calls {
    fn add(&mut self, others: Self) {
        self.took.extend(others.took);
        self.seconds += others.seconds;
    }

    fn per_s(&self) -> f64 {
        self.took.len() as f64 / self.seconds
    }
}

/// One round over HTTP.
async fn over_connections(
    addr: SocketAddr,
    questions: &Arc<[Question]>,
    connections: usize,
    round: Duration,
) -> Result<Calls, BenchError> {
    let mut clients = Vec::with_capacity(connections);
    for _ in 0..connections {
        clients.push(Client::connect(addr).await?);
    }
    let mut callers = JoinSet::new();
    let began = Instant::now();
    for (first, mut client) in clients.into_iter().enumerate() {
        let questions = questions.clone();
        callers.spawn(async move {
            let mut took = Vec::new();
            for question in questions.iter().cycle().skip(first) {
                let start = Instant::now();
                if start >= began + round {
                    break;
                }
                let (status, answer) = client.post_json("/api/v1/match", &question.json).await?;
                if status != 200 {
                    let answer = String::from_utf8_lossy(&answer);
                    return Err(BenchError::http(&status.to_string(), &answer));
                }
                took.push(start.elapsed());
            }
            Ok(took)
        });
    }
    all_of(callers, began).await
}

/// One round inside the process.
async fn by_callers(
    engine: &Arc<Engine>,
    questions: &Arc<[Question]>,
    callers: usize,
    round: Duration,
) -> Result<Calls, BenchError> {
    let mut running = JoinSet::new();
    let began = Instant::now();
    for first in 0..callers {
        let (engine, questions) = (engine.clone(), questions.clone());
        running.spawn(async move {
            let mut took = Vec::new();
            for question in questions.iter().cycle().skip(first) {
                let start = Instant::now();
                if start >= began + round {
                    break;
                }
                let answer = engine.match_labs(Viewer::Local, question.request.clone()).await?;
                std::hint::black_box(answer);
                took.push(start.elapsed());
            }
            Ok(took)
        });
    }
    all_of(running, began).await
}

async fn all_of(
    mut callers: JoinSet<Result<Vec<Duration>, BenchError>>,
    began: Instant,
) -> Result<Calls, BenchError> {
    let mut took = Vec::new();
    while let Some(caller) = callers.join_next().await {
        took.extend(caller.map_err(|e| BenchError::http("caller", &e))??);
    }
    Ok(Calls { took, seconds: began.elapsed().as_secs_f64() })
}
