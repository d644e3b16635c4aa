//! The production matcher against judgements.

use std::time::Instant;

use rayon::prelude::*;

use super::EngineError;
use super::judged::{EvaluationFiles, Judged, LabsOptions, Topic};
use super::learning::{JudgedDocument, Lessons, judged_documents};
use super::ranking::rank;
use super::shipped_weights::load_weights;
use crate::data::Data;
use crate::evaluation::{Bin, auc, bootstrap_interval, ndcg, reciprocal_rank, reliability};
use crate::index::Scope;
use crate::matching::Weights;

/// Depth of nDCG, hits and reciprocal rank.
const DEPTH: usize = 10;
/// A pair is relevant from this level on.
const RELEVANT_LEVEL: u8 = 3;
/// Folds at most.
pub const FOLDS_MAX: u32 = 100;

/// Figures of re-ranking each topic's judged documents.
#[derive(Debug, Clone, PartialEq)]
pub struct RerankEvaluation {
    /// Mean nDCG@10 over topics with something to gain.
    pub ndcg: f64,
    /// Mean AUC of level ≥ 3 over topics with both sorts.
    pub auc: f64,
    /// 1 / (1 + mean absolute error of the predicted level), over all pairs.
    pub contest_score: f64,
    /// Predicted probability of level ≥ 3 against what was judged.
    pub reliability: Vec<Bin>,
    /// How much AUC gains over weights that nobody has learned, on the same topics.
    pub auc_gain: Gain,
    /// What the weights were trained on.
    pub trained_on: String,
    /// Topics judged.
    pub topics: usize,
    /// Seconds for ranking all topics, index building and learning not counted.
    pub seconds: f64,
}

/// A mean of differences between paired measurements, with its 95 % interval (bootstrap over
/// topics).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gain {
    /// The mean.
    pub mean: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Figures of ranking labs.
#[derive(Debug, Clone, PartialEq)]
pub struct LabsEvaluation {
    /// Share of topics with a right lab on the first place.
    pub hit_1: f64,
    /// Share of topics with a right lab among the first ten.
    pub hit_10: f64,
    /// Mean reciprocal rank of the first right lab among the first ten.
    pub mrr: f64,
    /// What the weights were trained on.
    pub trained_on: String,
    /// Topics judged.
    pub topics: usize,
    /// Seconds for ranking all topics, index building and learning not counted.
    pub seconds: f64,
}

impl super::Engine {
    /// Re-ranks the judged documents of each topic by the production matcher: with the shipped
    /// weights, or, with `folds`, each topic with weights learned on the topics of the other
    /// folds alone.
    ///
    /// # Errors
    /// [`EngineError::Evaluation`] names the file and line that cannot be used.
    pub async fn evaluate_rerank(
        data: &Data,
        files: EvaluationFiles,
        folds: Option<u32>,
    ) -> Result<RerankEvaluation, EngineError> {
        let analyzer = super::load_analyzer(data).await?;
        let shipped = load_weights(data)?;
        super::blocking(move || rerank(&Judged::documents(analyzer, &files)?, shipped, folds)).await
    }

    /// Ranks labs for each topic by the production matcher, with weights as for
    /// [`Self::evaluate_rerank`].
    ///
    /// # Errors
    /// [`EngineError::Evaluation`] names the file and line that cannot be used.
    pub async fn evaluate_labs(
        data: &Data,
        files: EvaluationFiles,
        options: LabsOptions,
        folds: Option<u32>,
    ) -> Result<LabsEvaluation, EngineError> {
        let analyzer = super::load_analyzer(data).await?;
        let shipped = load_weights(data)?;
        super::blocking(move || {
            let all = Judged::labs(analyzer, &files, options.documents_min)?;
            // Whatever is ranked, learning sees all labs and all topics of the other folds.
            let weights = Folded::of(&all, shipped, folds)?;
            labs(&all.named(options.name_contains.as_deref().unwrap_or_default()), &weights)
        })
        .await
    }
}

/// Weights for each fold: learned without it.
struct Folded {
    folds: u32,
    weights: Vec<Weights>,
}

impl Folded {
    /// Learns on `judged`; without folds, the shipped weights are for all.
    fn of(judged: &Judged, shipped: Weights, folds: Option<u32>) -> Result<Self, EngineError> {
        let Some(folds) = folds else { return Ok(Self { folds: 1, weights: vec![shipped] }) };
        let lessons = Lessons::of(judged)?;
        let learn = |fold| lessons.learn(judged, |idx| judged.topics[idx].fold(folds) != fold);
        let weights = (0..folds).into_par_iter().map(learn).collect::<Result<_, _>>()?;
        Ok(Self { folds, weights })
    }

    fn for_topic(&self, topic: &Topic) -> &Weights {
        &self.weights[topic.fold(self.folds) as usize]
    }

    fn trained_on(&self) -> String {
        match self.weights.as_slice() {
            [shipped] => shipped.trained_on.clone(),
            _ => format!(
                "{} folds by topic: each topic by weights learned on the others",
                self.folds
            ),
        }
    }
}

fn rerank(
    judged: &Judged,
    shipped: Weights,
    folds: Option<u32>,
) -> Result<RerankEvaluation, EngineError> {
    let weights = Folded::of(judged, shipped, folds)?;
    let by_hand = Weights::by_hand();
    let started = Instant::now();
    let ranked: Vec<Vec<JudgedDocument>> = judged
        .topics
        .par_iter()
        .map(|topic| ranked_documents(judged, weights.for_topic(topic), topic))
        .collect::<Result<_, EngineError>>()?;
    let seconds = started.elapsed().as_secs_f64();
    let levels =
        |ranked: &[JudgedDocument]| -> Vec<u8> { ranked.iter().map(|d| d.level).collect() };
    let auc_of = |ranked: &[JudgedDocument]| {
        let relevant: Vec<bool> = ranked.iter().map(|d| d.level >= RELEVANT_LEVEL).collect();
        auc(&relevant)
    };
    let (mut wrong, mut pairs, mut predictions, mut gains) = (0, 0, Vec::new(), Vec::new());
    for (topic, documents) in judged.topics.iter().zip(&ranked) {
        let model = &weights.for_topic(topic).levels;
        for document in documents {
            wrong += usize::from(model.predicted(document.strength).abs_diff(document.level));
            pairs += 1;
            let probability = model.probability(RELEVANT_LEVEL, document.strength);
            predictions.push((probability, document.level >= RELEVANT_LEVEL));
        }
        let unlearned = auc_of(&ranked_documents(judged, &by_hand, topic)?);
        gains.extend(auc_of(documents).zip(unlearned).map(|(auc, unlearned)| auc - unlearned));
    }
    let (low, high) = bootstrap_interval(&gains);
    Ok(RerankEvaluation {
        ndcg: mean(ranked.iter().filter_map(|ranked| ndcg(&levels(ranked), DEPTH))),
        auc: mean(ranked.iter().filter_map(|ranked| auc_of(ranked))),
        contest_score: 1.0 / (1.0 + wrong as f64 / f64::from(pairs.max(1) as u32)),
        reliability: reliability(&predictions),
        auc_gain: Gain { mean: mean(gains.iter().copied()), low, high },
        trained_on: weights.trained_on(),
        topics: judged.topics.len(),
        seconds,
    })
}

/// A topic's judged documents in ranked order, ties by name.
fn ranked_documents(
    judged: &Judged,
    weights: &Weights,
    topic: &Topic,
) -> Result<Vec<JudgedDocument>, EngineError> {
    let mut documents = judged_documents(judged, weights, topic)?;
    documents.sort_by(|a, b| {
        b.strength.matched.total_cmp(&a.strength.matched).then_with(|| a.name.cmp(&b.name))
    });
    Ok(documents)
}

fn labs(judged: &Judged, weights: &Folded) -> Result<LabsEvaluation, EngineError> {
    let started = Instant::now();
    let ranked: Vec<Vec<bool>> = judged
        .topics
        .par_iter()
        .map(|topic| {
            let scope = Scope { labs: judged.labs.as_ref(), public_only: false };
            let of_fold = weights.for_topic(topic);
            let ranking = rank(&judged.analyzer, &judged.snapshot, of_fold, &topic.need, scope)?;
            let right = |row: i64| topic.judged.iter().any(|(lab, ..)| *lab == row);
            Ok(ranking.labs.iter().take(DEPTH).map(|lab| right(lab.lab)).collect())
        })
        .collect::<Result<_, EngineError>>()?;
    let hits = |depth| mean(ranked.iter().map(|r| f64::from(r.iter().take(depth).any(|x| *x))));
    Ok(LabsEvaluation {
        hit_1: hits(1),
        hit_10: hits(DEPTH),
        mrr: mean(ranked.iter().map(|r| reciprocal_rank(r, DEPTH))),
        trained_on: weights.trained_on(),
        topics: judged.topics.len(),
        seconds: started.elapsed().as_secs_f64(),
    })
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0usize);
    for value in values {
        sum += value;
        count += 1;
    }
    if count == 0 { 0.0 } else { sum / count as f64 }
}
