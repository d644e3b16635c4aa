//! The production matcher against judgements.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;
use serde_json::Value;

use super::EngineError;
use super::matching::NeedText;
use super::ranking::{Question, rank};
use crate::data::Data;
use crate::evaluation::{Judgement, Judgements, auc, ndcg, reciprocal_rank};
use crate::index::{Cursor, Entry, EntryKind, Index, LabSet, Scope, Score, Snapshot};
use crate::matching::Weights;
use crate::text::Analyzer;

/// Depth of nDCG, hits and reciprocal rank.
const DEPTH: usize = 10;
/// A pair is relevant from this level on.
const RELEVANT_LEVEL: u8 = 3;

/// Figures of re-ranking each topic's judged documents.
#[derive(Debug, Clone, PartialEq)]
pub struct RerankEvaluation {
    /// Mean nDCG@10 over topics with something to gain.
    pub ndcg: f64,
    /// Mean AUC of level ≥ 3 over topics with both sorts.
    pub auc: f64,
    /// Topics judged.
    pub topics: usize,
    /// Seconds for ranking all topics, index building not counted.
    pub seconds: f64,
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
    /// Topics judged.
    pub topics: usize,
    /// Seconds for ranking all topics, index building not counted.
    pub seconds: f64,
}

/// Which labs are ranked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabsOptions {
    /// Only labs with at least this many documents.
    pub documents_min: usize,
    /// Only labs, and topics with a right lab, whose name contains this.
    pub name_contains: Option<String>,
}

/// The texts of an evaluation.
#[derive(Debug, Clone)]
pub struct EvaluationFiles {
    /// Documents, one JSON object per line.
    pub documents: String,
    /// Topics, one JSON object per line.
    pub topics: String,
    /// Judgements.
    pub judgements: String,
}

impl super::Engine {
    /// Re-ranks the judged documents of each topic by the production matcher.
    ///
    /// # Errors
    /// [`EngineError::Evaluation`] names the file and line that cannot be used.
    pub async fn evaluate_rerank(
        data: &Data,
        files: EvaluationFiles,
    ) -> Result<RerankEvaluation, EngineError> {
        let analyzer = super::load_analyzer(data).await?;
        super::blocking(move || rerank(analyzer, &files)).await
    }

    /// Ranks labs for each topic by the production matcher.
    ///
    /// # Errors
    /// [`EngineError::Evaluation`] names the file and line that cannot be used.
    pub async fn evaluate_labs(
        data: &Data,
        files: EvaluationFiles,
        options: LabsOptions,
    ) -> Result<LabsEvaluation, EngineError> {
        let analyzer = super::load_analyzer(data).await?;
        super::blocking(move || labs(analyzer, &files, &options)).await
    }
}

fn rerank(
    analyzer: Arc<Analyzer>,
    files: &EvaluationFiles,
) -> Result<RerankEvaluation, EngineError> {
    let weights = Weights::default();
    let documents = parse_documents(&files.documents)?;
    let rows: HashMap<&str, i64> = documents.iter().map(|d| (d.id.as_str(), d.entry.row)).collect();
    let judgements = parse_judgements(&files.judgements)?;
    let topics = topics_with_needs(&judgements, &files.topics)?;
    for (_, _, judged) in &topics {
        if let Some(unknown) = judged.iter().find(|j| !rows.contains_key(j.document.as_str())) {
            return Err(bad("qrels", format!("没有编号为“{}”的成果", unknown.document)));
        }
    }
    let index = index_of(analyzer.clone(), &documents)?;
    let snapshot = index.snapshot();
    let started = Instant::now();
    let ranked: Vec<(Option<f64>, Option<f64>)> = topics
        .par_iter()
        .map(|(_, need, judged)| {
            let levels = rerank_topic(&analyzer, &snapshot, &weights, need, judged, &rows)?;
            let relevant: Vec<bool> = levels.iter().map(|l| *l >= RELEVANT_LEVEL).collect();
            Ok((ndcg(&levels, DEPTH), auc(&relevant)))
        })
        .collect::<Result<_, EngineError>>()?;
    Ok(RerankEvaluation {
        ndcg: mean(ranked.iter().filter_map(|(ndcg, _)| *ndcg)),
        auc: mean(ranked.iter().filter_map(|(_, auc)| *auc)),
        topics: topics.len(),
        seconds: started.elapsed().as_secs_f64(),
    })
}

/// The levels of a topic's judged documents in ranked order, ties by document id.
fn rerank_topic(
    analyzer: &Analyzer,
    snapshot: &Snapshot,
    weights: &Weights,
    need: &NeedText,
    judged: &[Judgement],
    rows: &HashMap<&str, i64>,
) -> Result<Vec<u8>, EngineError> {
    let question = Question::new(analyzer, snapshot, weights, need)?;
    let wanted: Vec<i64> = judged.iter().map(|j| rows[j.document.as_str()]).collect();
    let scored = question.of_rows(snapshot, weights, &wanted)?;
    let scores: HashMap<i64, Score> = scored.iter().map(|d| (d.row, d.score)).collect();
    let mut order: Vec<(Score, &Judgement)> = judged
        .iter()
        .map(|j| (scores.get(&rows[j.document.as_str()]).copied().unwrap_or_default(), j))
        .collect();
    order.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.document.cmp(&b.1.document)));
    Ok(order.iter().map(|(_, judgement)| judgement.level).collect())
}

fn labs(
    analyzer: Arc<Analyzer>,
    files: &EvaluationFiles,
    options: &LabsOptions,
) -> Result<LabsEvaluation, EngineError> {
    let weights = Weights::default();
    let mut documents = parse_documents(&files.documents)?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for document in &documents {
        let distinct: HashSet<&String> = document.labs.iter().collect();
        for lab in distinct {
            *counts.entry(lab.clone()).or_default() += 1;
        }
    }
    // Rows of labs in the order of their names, behind those of the documents, so that ties
    // are broken by name.
    let first = documents.len() as i64 + 1;
    let names: Vec<&String> = counts.keys().collect();
    let row_of: HashMap<&str, i64> =
        names.iter().zip(first..).map(|(name, row)| (name.as_str(), row)).collect();
    for document in &mut documents {
        document.entry.labs = document.labs.iter().map(|lab| row_of[lab.as_str()]).collect();
    }
    let takes_part =
        |name: &str| options.name_contains.as_ref().is_none_or(|part| name.contains(part.as_str()));
    let allowed: LabSet = counts
        .iter()
        .filter(|(name, count)| **count >= options.documents_min && takes_part(name))
        .map(|(name, _)| row_of[name.as_str()])
        .collect();
    let judgements = parse_judgements(&files.judgements)?;
    let mut topics = topics_with_needs(&judgements, &files.topics)?;
    topics.retain(|(_, _, judged)| judged.iter().any(|j| takes_part(&j.document)));
    let index = index_of(analyzer.clone(), &documents)?;
    let snapshot = index.snapshot();
    let started = Instant::now();
    let ranked: Vec<Vec<bool>> = topics
        .par_iter()
        .map(|(_, need, judged)| {
            let scope = Scope { labs: Some(&allowed), public_only: false };
            let ranking = rank(&analyzer, &snapshot, &weights, need, scope)?;
            let right = |row: i64| {
                let name = names[(row - first) as usize];
                judged.iter().any(|j| j.document == *name)
            };
            Ok(ranking.labs.iter().take(DEPTH).map(|lab| right(lab.lab)).collect())
        })
        .collect::<Result<_, EngineError>>()?;
    let hits = |depth| mean(ranked.iter().map(|r| f64::from(r.iter().take(depth).any(|x| *x))));
    Ok(LabsEvaluation {
        hit_1: hits(1),
        hit_10: hits(DEPTH),
        mrr: mean(ranked.iter().map(|r| reciprocal_rank(r, DEPTH))),
        topics: topics.len(),
        seconds: started.elapsed().as_secs_f64(),
    })
}

struct Document {
    id: String,
    labs: Vec<String>,
    entry: Entry,
}

fn parse_documents(text: &str) -> Result<Vec<Document>, EngineError> {
    let mut documents = Vec::new();
    for (row, value) in (1..).zip(objects("documents", text)?) {
        let body = text_of(&value, "body");
        let mut title = text_of(&value, "title");
        if value.get("body").is_none() {
            // Documents without a body are given by the content words of their titles; joined,
            // the analyser reads them as it reads any other.
            title.retain(|c| c != ' ');
        }
        documents.push(Document {
            id: text_of(&value, "id"),
            labs: list_of(&value, "labs"),
            entry: Entry {
                row,
                revision: 1,
                kind: EntryKind::Achievement,
                labs: vec![0],
                public: true,
                title,
                keywords: list_of(&value, "keywords"),
                body,
            },
        });
    }
    Ok(documents)
}

type Topic<'j> = (String, NeedText, &'j [Judgement]);

fn topics_with_needs<'j>(
    judgements: &'j Judgements,
    text: &str,
) -> Result<Vec<Topic<'j>>, EngineError> {
    let mut needs = HashMap::new();
    for value in objects("topics", text)? {
        let need = NeedText { title: text_of(&value, "title"), body: text_of(&value, "body") };
        needs.insert(text_of(&value, "id"), need);
    }
    judgements
        .topics()
        .map(|(id, judged)| match needs.remove(id) {
            Some(need) => Ok((id.to_owned(), need, judged)),
            None => Err(bad("topics", format!("没有编号为“{id}”的题目"))),
        })
        .collect()
}

fn parse_judgements(text: &str) -> Result<Judgements, EngineError> {
    Judgements::parse(text)
        .map_err(|error| bad("qrels", format!("第 {} 行不是 题目<TAB>成果<TAB>等级", error.line)))
}

fn index_of(analyzer: Arc<Analyzer>, documents: &[Document]) -> Result<Index, EngineError> {
    let index = Index::in_memory(analyzer)?;
    let entries: Vec<Entry> = documents.iter().map(|d| d.entry.clone()).collect();
    index.apply(&entries, &[], Cursor { epoch: 1, seq: 1 })?;
    Ok(index)
}

fn objects(file: &'static str, text: &str) -> Result<Vec<Value>, EngineError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(idx, line)| match serde_json::from_str::<Value>(line) {
            Ok(value) if value.is_object() => Ok(value),
            _ => Err(bad(file, format!("第 {} 行不是 JSON 对象", idx + 1))),
        })
        .collect()
}

fn text_of(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn list_of(value: &Value, key: &str) -> Vec<String> {
    let items = value[key].as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn bad(file: &str, reason: String) -> EngineError {
    EngineError::Evaluation { file: file.to_owned(), reason }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0usize);
    for value in values {
        sum += value;
        count += 1;
    }
    if count == 0 { 0.0 } else { sum / count as f64 }
}
