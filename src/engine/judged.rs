//! Judgement files as an index of their own, for evaluating and learning.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::EngineError;
use super::matching::NeedText;
use crate::evaluation::Judgements;
use crate::index::{Cursor, Entry, EntryKind, Facts, Index, LabSet, Snapshot};
use crate::text::Analyzer;

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

/// Which labs are ranked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabsOptions {
    /// Only labs with at least this many documents.
    pub documents_min: usize,
    /// Only labs, and topics with a right lab, whose name contains this.
    pub name_contains: Option<String>,
}

/// A judged need.
#[derive(Clone)]
pub(super) struct Topic {
    pub id: String,
    pub need: NeedText,
    /// Row of a document or lab, its name in the files, and its level; by name.
    pub judged: Vec<(i64, String, u8)>,
}

impl Topic {
    /// The fold of a topic among `folds`: the first 8 hexadecimal digits of the SHA-256 of its
    /// id, modulo their number.
    pub fn fold(&self, folds: u32) -> u32 {
        let digest = Sha256::digest(self.id.as_bytes());
        u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]) % folds
    }
}

/// Documents that are found, and needs with judgements on them or on their labs.
pub(super) struct Judged {
    pub analyzer: Arc<Analyzer>,
    pub snapshot: Arc<Snapshot>,
    pub topics: Vec<Topic>,
    /// The labs that take part, where labs are judged.
    pub labs: Option<LabSet>,
    /// Their rows by name.
    lab_rows: BTreeMap<String, i64>,
}

impl Judged {
    /// Judgements of documents.
    pub fn documents(
        analyzer: Arc<Analyzer>,
        files: &EvaluationFiles,
    ) -> Result<Self, EngineError> {
        let documents = parse_documents(&files.documents)?;
        let rows: HashMap<&str, i64> =
            documents.iter().map(|d| (d.id.as_str(), d.entry.row)).collect();
        let row = |name: &str| {
            let unknown = || bad("qrels", format!("没有编号为“{name}”的成果"));
            rows.get(name).copied().ok_or_else(unknown)
        };
        let topics = topics(files, row)?;
        let snapshot = snapshot_of(analyzer.clone(), &documents)?;
        Ok(Self { analyzer, snapshot, topics, labs: None, lab_rows: BTreeMap::new() })
    }

    /// Judgements of labs: which of them is right, among those with at least that many
    /// documents.
    pub fn labs(
        analyzer: Arc<Analyzer>,
        files: &EvaluationFiles,
        documents_min: usize,
    ) -> Result<Self, EngineError> {
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
        let row_of: HashMap<&str, i64> =
            counts.keys().zip(first..).map(|(name, row)| (name.as_str(), row)).collect();
        for document in &mut documents {
            document.entry.labs = document.labs.iter().map(|lab| row_of[lab.as_str()]).collect();
        }
        let lab_rows: BTreeMap<String, i64> = counts
            .iter()
            .filter(|(_, count)| **count >= documents_min)
            .map(|(name, _)| (name.clone(), row_of[name.as_str()]))
            .collect();
        // A lab that nobody has found is no answer, but its topic counts.
        let row = |name: &str| Ok(row_of.get(name).copied().unwrap_or_default());
        let topics = topics(files, row)?;
        let snapshot = snapshot_of(analyzer.clone(), &documents)?;
        let labs = Some(lab_rows.values().copied().collect());
        Ok(Self { analyzer, snapshot, topics, labs, lab_rows })
    }

    /// The same with those labs only whose names contain `part`, and topics that one of them is
    /// right for.
    pub fn named(&self, part: &str) -> Self {
        let has_named =
            |topic: &&Topic| topic.judged.iter().any(|(_, name, _)| name.contains(part));
        let lab_rows = self.lab_rows.iter().filter(|(name, _)| name.contains(part));
        let lab_rows: BTreeMap<String, i64> =
            lab_rows.map(|(name, row)| (name.clone(), *row)).collect();
        Self {
            analyzer: self.analyzer.clone(),
            snapshot: self.snapshot.clone(),
            topics: self.topics.iter().filter(has_named).cloned().collect(),
            labs: Some(lab_rows.values().copied().collect()),
            lab_rows,
        }
    }
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
                facts: Facts::default(),
                title,
                keywords: list_of(&value, "keywords"),
                body,
            },
        });
    }
    Ok(documents)
}

/// The judged topics with their needs, by id.
fn topics(
    files: &EvaluationFiles,
    row: impl Fn(&str) -> Result<i64, EngineError>,
) -> Result<Vec<Topic>, EngineError> {
    let judgements = Judgements::parse(&files.judgements).map_err(|error| {
        bad("qrels", format!("第 {} 行不是 题目<TAB>成果<TAB>等级", error.line))
    })?;
    let mut needs = HashMap::new();
    for value in objects("topics", &files.topics)? {
        let need = NeedText { title: text_of(&value, "title"), body: text_of(&value, "body") };
        needs.insert(text_of(&value, "id"), need);
    }
    let mut topics = Vec::new();
    for (id, judged) in judgements.topics() {
        let missing = || bad("topics", format!("没有编号为“{id}”的题目"));
        let need = needs.remove(id).ok_or_else(missing)?;
        let judged = judged.iter().map(|j| Ok((row(&j.document)?, j.document.clone(), j.level)));
        let mut judged: Vec<_> = judged.collect::<Result<_, EngineError>>()?;
        judged.sort_by(|a, b| a.1.cmp(&b.1));
        topics.push(Topic { id: id.to_owned(), need, judged });
    }
    Ok(topics)
}

fn snapshot_of(
    analyzer: Arc<Analyzer>,
    documents: &[Document],
) -> Result<Arc<Snapshot>, EngineError> {
    let index = Index::in_memory(analyzer)?;
    let entries: Vec<Entry> = documents.iter().map(|d| d.entry.clone()).collect();
    index.apply(&entries, &[], Cursor { epoch: 1, seq: 1 })?;
    Ok(index.snapshot())
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
