//! `bench match`: how long matching a need takes, beside tantivy's own search.

use std::path::Path;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;

use super::figures::{Times, peak_rss_mb};
use super::{BenchError, world};
use crate::engine::{
    CoverageRequest, Engine, Filters, MatchQuestion, MatchRequest, Preferences, RankingTimes,
    Viewer,
};

/// Labs asked for.
pub(super) const LABS: usize = 20;
/// Characters of a need that labs are held against point by point, and those labs.
const CONVINCE_CHARS: usize = 300;
const CONVINCE_LABS: usize = 10;
/// Largest team of those labs.
const TEAM: usize = 3;
/// Documents that tantivy's own search is asked for.
const PLAIN_DOCUMENTS: usize = 100;
/// Least number of timed calls of each sort; few needs are gone through several times.
const CALLS_MIN: usize = 1_000;
/// Needs that are also ranked exhaustively.
const CHECKED_NEEDS: usize = 20;

/// How to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatchOptions {
    /// Threads that match at the same time, at least 1.
    pub threads: usize,
}

/// Figures of matching.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchFigures {
    /// Documents of the index.
    pub documents: u64,
    /// Segments of the index.
    pub segments: usize,
    /// Needs.
    pub needs: usize,
    /// Mean number of word terms of a need, those of tantivy's own search.
    pub words_mean: f64,
    /// A need's text to ranked labs with reasons, without sentences.
    pub ranked: Times,
    /// The stages of `ranked`.
    pub stages: StageFigures,
    /// Matches a second of all threads together, without sentences.
    pub per_s: f64,
    /// The whole answer with its sentences.
    pub explained: Times,
    /// A need of 300 characters to its points, ten ranked labs with reasons, the sentence for
    /// each point and lab, and the team.
    pub convince: Times,
    /// tantivy's default search for the 100 best documents by the need's words.
    pub plain: Times,
    /// Share of the ten best labs of an exhaustive ranking that are among the ten best here.
    pub top10_kept: f64,
    /// Most memory of the process.
    pub peak_rss_mb: Option<f64>,
}

/// Mean milliseconds of the stages of a match.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StageFigures {
    /// From the text to weighed terms that are looked up.
    pub question: f64,
    /// Finding the candidates.
    pub candidates: f64,
    /// Scoring them exactly and ranking their labs.
    pub scores: f64,
    /// The reasons of the best labs.
    pub reasons: f64,
}

impl StageFigures {
    fn of(times: &[RankingTimes]) -> Self {
        let mean = |stage: fn(&RankingTimes) -> Duration| {
            let sum: Duration = times.iter().map(stage).sum();
            sum.as_secs_f64() * 1e3 / times.len().max(1) as f64
        };
        Self {
            question: mean(|t| t.question),
            candidates: mean(|t| t.candidates),
            scores: mean(|t| t.scores),
            reasons: mean(|t| t.reasons),
        }
    }
}

/// Times of one thread.
#[derive(Default)]
struct Samples {
    ranked: Vec<RankingTimes>,
    explained: Vec<Duration>,
    convince: Vec<Duration>,
    plain: Vec<Duration>,
}

/// Matches the needs of a generated folder against its labs, which `engine` holds. Calls of
/// the different sorts take turns, so that whatever else the machine does meets all of them.
///
/// # Errors
/// If the folder or the engine fails.
pub async fn bench_match(
    engine: &std::sync::Arc<Engine>,
    folder: &Path,
    options: MatchOptions,
) -> Result<MatchFigures, BenchError> {
    let needs = std::sync::Arc::new(world::needs(folder)?);
    let runtime = Handle::current();
    let rounds = CALLS_MIN.div_ceil(needs.len()).max(1);
    let threads: Vec<_> = (0..options.threads)
        .map(|thread| {
            let (engine, needs, runtime) = (engine.clone(), needs.clone(), runtime.clone());
            std::thread::spawn(move || -> Result<Samples, BenchError> {
                let mut samples = Samples::default();
                // One round that is not counted warms caches.
                for round in 0..=rounds {
                    for (idx, need) in needs.iter().enumerate() {
                        let mine = idx % options.threads == thread;
                        if mine {
                            let turn = (idx + round) % SORTS;
                            let long = of_length(&needs, idx, CONVINCE_CHARS);
                            sample(&engine, &runtime, need, &long, turn, &mut samples)?;
                        }
                    }
                    if round == 0 {
                        samples = Samples::default();
                    }
                }
                Ok(samples)
            })
        })
        .collect();
    let all = tokio::task::spawn_blocking(move || {
        let mut all = Samples::default();
        for thread in threads {
            let samples = thread.join().map_err(|_| BenchError::Empty("a thread panicked"))??;
            all.ranked.extend(samples.ranked);
            all.explained.extend(samples.explained);
            all.convince.extend(samples.convince);
            all.plain.extend(samples.plain);
        }
        Ok::<_, BenchError>(all)
    });
    let all = all.await.map_err(|_| BenchError::Empty("a thread panicked"))??;
    let stages = StageFigures::of(&all.ranked);
    let ranked = Times::of(all.ranked.iter().map(RankingTimes::whole).collect());
    let words: usize =
        needs.iter().map(|(title, body)| engine.plain_terms(title, body).len()).sum();
    let status = engine.index_status().await?;
    Ok(MatchFigures {
        documents: status.documents,
        segments: status.segments,
        needs: needs.len(),
        words_mean: words as f64 / needs.len() as f64,
        ranked,
        stages,
        per_s: options.threads as f64 * 1e3 / ranked.mean_ms,
        explained: Times::of(all.explained),
        convince: Times::of(all.convince),
        plain: Times::of(all.plain),
        // Before the exhaustive ranking, which takes more than matching ever does.
        peak_rss_mb: peak_rss_mb(),
        top10_kept: top10_kept(engine, &needs)?,
    })
}

/// A need's text cut, or grown by those behind it, to so many characters.
fn of_length(needs: &[world::NeedTexts], first: usize, chars: usize) -> String {
    let (title, body) = &needs[first];
    let mut text = format!("{title}。{body}");
    for (_, body) in needs.iter().cycle().skip(first + 1).take(needs.len()) {
        if text.chars().count() >= chars {
            break;
        }
        text.push_str(body);
    }
    text.chars().take(chars).collect()
}

/// Sorts of calls that take turns.
const SORTS: usize = 4;

/// Takes one sample of each sort, beginning with another one each time.
fn sample(
    engine: &Engine,
    runtime: &Handle,
    (title, body): &world::NeedTexts,
    long: &str,
    turn: usize,
    samples: &mut Samples,
) -> Result<(), BenchError> {
    for sort in (turn..turn + SORTS).map(|sort| sort % SORTS) {
        match sort {
            0 => samples.ranked.push(engine.time_ranking(title, body, LABS)?),
            1 => samples.plain.push(engine.time_plain(title, body, PLAIN_DOCUMENTS)?),
            2 => {
                let request = CoverageRequest {
                    question: MatchQuestion::Text(long.to_owned()),
                    points: None,
                    limit: CONVINCE_LABS,
                    team_size: TEAM,
                    filters: Filters::default(),
                };
                let start = Instant::now();
                runtime.block_on(engine.coverage(Viewer::Local, request))?;
                samples.convince.push(start.elapsed());
            }
            _ => {
                let request = MatchRequest {
                    question: MatchQuestion::Text(format!("{title}。{body}")),
                    limit: LABS,
                    filters: Filters::default(),
                    preferences: Preferences::default(),
                };
                let start = Instant::now();
                runtime.block_on(engine.match_labs(Viewer::Local, request))?;
                samples.explained.push(start.elapsed());
            }
        }
    }
    Ok(())
}

fn top10_kept(engine: &Engine, needs: &[world::NeedTexts]) -> Result<f64, BenchError> {
    let (mut kept, mut all) = (0, 0);
    for (title, body) in needs.iter().take(CHECKED_NEEDS) {
        let (found, exact) = engine.compare_with_exhaustive(title, body, 10)?;
        kept += exact.iter().filter(|lab| found.contains(lab)).count();
        all += exact.len();
    }
    Ok(if all == 0 { 1.0 } else { f64::from(kept as u32) / f64::from(all as u32) })
}
