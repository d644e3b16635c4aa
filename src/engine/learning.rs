//! Weights learned from judgement files: features by the production matcher, fits by
//! `matching`.

use std::collections::HashMap;

use rayon::prelude::*;

use super::judged::{EvaluationFiles, Judged, Topic};
use super::ranking::{Question, rank};
use super::{EngineError, shipped_weights};
use crate::data::Data;
use crate::index::{Contribution, Scope};
use crate::matching::{
    FeatureSums, HELD_DOCUMENTS, HELD_LABS, JudgedTopic, LevelModel, Potential, Strength, Weights,
    learn_factors, learn_level,
};

/// Wrong labs that a right one is compared with.
const WRONG_LABS: usize = 30;

/// What is judged in the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JudgedThings {
    /// Documents, by levels 1 to 4.
    Documents,
    /// Labs, as right or not.
    Labs,
}

impl super::Engine {
    /// Learns weights from judgements and gives them as the text of a weights file.
    /// `trained_on` says on what, for people.
    ///
    /// # Errors
    /// [`EngineError::Evaluation`] names the file and line that cannot be used.
    pub async fn learn(
        data: &Data,
        files: EvaluationFiles,
        things: JudgedThings,
        trained_on: String,
    ) -> Result<String, EngineError> {
        let analyzer = super::load_analyzer(data).await?;
        super::blocking(move || {
            let judged = match things {
                JudgedThings::Documents => Judged::documents(analyzer, &files)?,
                JudgedThings::Labs => Judged::labs(analyzer, &files, 0)?,
            };
            let lessons = Lessons::of(&judged)?;
            let weights = lessons.learn(&judged, |_| true)?;
            Ok::<_, EngineError>(shipped_weights::to_json(&Weights { trained_on, ..weights }))
        })
        .await
    }
}

/// What the judgements of each topic teach about factors.
pub(super) struct Lessons {
    topics: Vec<JudgedTopic>,
}

impl Lessons {
    /// Reads the features of everything that is judged, with the weights that learning begins
    /// at.
    pub fn of(judged: &Judged) -> Result<Self, EngineError> {
        let begin = Weights::by_hand();
        let of_topic = |topic: &Topic| match &judged.labs {
            None => documents_of(judged, &begin, topic),
            Some(labs) => {
                labs_of(judged, &begin, topic, Scope { labs: Some(labs), public_only: false })
            }
        };
        let topics = judged.topics.par_iter().map(of_topic).collect::<Result<_, _>>()?;
        Ok(Self { topics })
    }

    /// Learns from the topics that `used` says yes to, by their places.
    pub fn learn(
        &self,
        judged: &Judged,
        used: impl Fn(usize) -> bool + Sync,
    ) -> Result<Weights, EngineError> {
        let mut weights = Weights::by_hand();
        let topics: Vec<&JudgedTopic> =
            self.topics.iter().enumerate().filter(|(idx, _)| used(*idx)).map(|(_, t)| t).collect();
        let held = if judged.labs.is_some() { HELD_LABS } else { HELD_DOCUMENTS };
        weights.factors = learn_factors(&topics, weights.factors, held);
        if judged.labs.is_none() {
            weights.levels = learn_levels(judged, &weights, used)?;
        }
        Ok(weights)
    }
}

fn learn_levels(
    judged: &Judged,
    weights: &Weights,
    used: impl Fn(usize) -> bool + Sync,
) -> Result<LevelModel, EngineError> {
    let topics = judged.topics.par_iter().enumerate().filter(|(idx, _)| used(*idx));
    let of_topics: Vec<Vec<JudgedDocument>> = topics
        .map(|(_, topic)| judged_documents(judged, weights, topic))
        .collect::<Result<_, _>>()?;
    let all: Vec<JudgedDocument> = of_topics.into_iter().flatten().collect();
    let learn = |level: u8| {
        let rows: Vec<_> =
            all.iter().map(|d| (d.level >= level, d.strength.regressors())).collect();
        learn_level(&rows)
    };
    Ok(LevelModel { at_least: [learn(2), learn(3), learn(4)] })
}

/// A judged document as the matcher sees it.
pub(super) struct JudgedDocument {
    pub name: String,
    pub level: u8,
    pub strength: Strength,
}

/// The judged documents of a topic, by name.
pub(super) fn judged_documents(
    judged: &Judged,
    weights: &Weights,
    topic: &Topic,
) -> Result<Vec<JudgedDocument>, EngineError> {
    let question = Question::new(&judged.analyzer, &judged.snapshot, weights, &topic.need)?;
    let potential = Potential::new(&question.query, &question.weighted);
    let contributions = by_row(judged, weights, topic, &question)?;
    Ok(topic
        .judged
        .iter()
        .map(|(row, name, level)| {
            let strength = potential.strength(contributions.get(row).map_or(&[], Vec::as_slice));
            JudgedDocument { name: name.clone(), level: *level, strength }
        })
        .collect())
}

fn by_row(
    judged: &Judged,
    weights: &Weights,
    topic: &Topic,
    question: &Question,
) -> Result<HashMap<i64, Vec<Contribution>>, EngineError> {
    let rows: Vec<i64> = topic.judged.iter().map(|(row, ..)| *row).collect();
    let documents = question.of_rows(&judged.snapshot, weights, &rows)?;
    let contributions = question.contributions(&judged.snapshot, weights, &documents)?;
    Ok(documents.iter().map(|d| d.row).zip(contributions).collect())
}

/// What contributions are of each feature, by unit factors.
fn feature_sums<'c>(
    question: &Question,
    weights: &Weights,
    contributions: impl IntoIterator<Item = &'c Contribution>,
) -> FeatureSums {
    let mut sums = FeatureSums::default();
    for contribution in contributions {
        let idx = question.feature(contribution).idx();
        // Learning begins at factors that are all positive.
        sums[idx] += contribution.score.value() / weights.factors[idx];
    }
    sums
}

fn documents_of(
    judged: &Judged,
    weights: &Weights,
    topic: &Topic,
) -> Result<JudgedTopic, EngineError> {
    let question = Question::new(&judged.analyzer, &judged.snapshot, weights, &topic.need)?;
    let contributions = by_row(judged, weights, topic, &question)?;
    let rows: Vec<(u8, FeatureSums)> = topic
        .judged
        .iter()
        .map(|(row, _, level)| {
            let of = contributions.get(row).map_or(&[][..], Vec::as_slice);
            (*level, feature_sums(&question, weights, of))
        })
        .collect();
    Ok(JudgedTopic::of(&rows))
}

/// The right labs against the best wrong ones, each by its best documents.
fn labs_of(
    judged: &Judged,
    weights: &Weights,
    topic: &Topic,
    scope: Scope<'_>,
) -> Result<JudgedTopic, EngineError> {
    let ranking = rank(&judged.analyzer, &judged.snapshot, weights, &topic.need, scope)?;
    let is_right = |lab: i64| topic.judged.iter().any(|(row, ..)| *row == lab);
    let right = ranking.labs.iter().filter(|lab| is_right(lab.lab));
    let wrong = ranking.labs.iter().filter(|lab| !is_right(lab.lab)).take(WRONG_LABS);
    let rows: Vec<(u8, FeatureSums)> = right
        .map(|lab| (2, lab))
        .chain(wrong.map(|lab| (1, lab)))
        .map(|(level, lab)| {
            let documents: Vec<_> =
                lab.documents.iter().map(|idx| ranking.documents[*idx].clone()).collect();
            let question = &ranking.question;
            let of = question.contributions(&judged.snapshot, weights, &documents)?;
            Ok((level, feature_sums(question, weights, of.iter().flatten())))
        })
        .collect::<Result<_, EngineError>>()?;
    Ok(JudgedTopic::of(&rows))
}
