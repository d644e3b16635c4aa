//! `duijie evaluate rerank|labs`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::output::{print, print_json, table};
use super::{Global, Outcome};
use crate::engine::{Engine, EvaluationFiles, LabsOptions};

/// What the weights in use were trained on.
const TRAINED_ON: &str = "nothing: plain weights, chosen by hand on the dev judgements";

/// 用评判数据衡量匹配质量
#[derive(Debug, Subcommand)]
pub(super) enum Evaluate {
    /// 每条需求内，对已评判的成果重新排序
    Rerank(Files),
    /// 为每个题目排实验室
    Labs {
        #[command(flatten)]
        files: Files,
        /// 只排至少有这么多成果的实验室
        #[arg(long, default_value_t = 5, value_name = "N")]
        min_documents: usize,
        /// 只排名称含此文字的实验室，如 实验室
        #[arg(long, value_name = "TEXT")]
        name_contains: Option<String>,
    },
}

/// The three files of an evaluation.
#[derive(Debug, Clone, Args)]
pub(super) struct Files {
    /// 成果，每行一个 JSON 对象
    #[arg(long, value_name = "F.jsonl")]
    documents: PathBuf,
    /// 题目，每行一个 JSON 对象
    #[arg(long, value_name = "F.jsonl")]
    topics: PathBuf,
    /// 评判：题目、成果、等级，以制表符分隔
    #[arg(long, value_name = "F.tsv")]
    qrels: PathBuf,
}

impl Files {
    async fn read(&self) -> anyhow::Result<EvaluationFiles> {
        let read = async |path: &PathBuf| {
            tokio::fs::read_to_string(path)
                .await
                .map_err(|error| anyhow::anyhow!("无法读取 {}：{error}", path.display()))
        };
        Ok(EvaluationFiles {
            documents: read(&self.documents).await?,
            topics: read(&self.topics).await?,
            judgements: read(&self.qrels).await?,
        })
    }
}

impl Evaluate {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let data = global.data();
        let (measures, topics, seconds) = match self {
            Self::Rerank(files) => {
                let found = Engine::evaluate_rerank(&data, files.read().await?).await?;
                let measures = vec![("ndcg@10", found.ndcg), ("auc@3", found.auc)];
                (measures, found.topics, found.seconds)
            }
            Self::Labs { files, min_documents, name_contains } => {
                let options = LabsOptions { documents_min: min_documents, name_contains };
                let found = Engine::evaluate_labs(&data, files.read().await?, options).await?;
                let measures =
                    vec![("hit@1", found.hit_1), ("hit@10", found.hit_10), ("mrr@10", found.mrr)];
                (measures, found.topics, found.seconds)
            }
        };
        if global.json {
            let mut object = json!({
                "n_topics": topics,
                "seconds": seconds,
                "trained_on": TRAINED_ON,
            });
            for (name, value) in measures {
                object[name] = json!(value);
            }
            print_json(&object)?;
        } else {
            let mut rows = table(&["指标", "值"]);
            for (name, value) in measures {
                rows.add_row([name.to_owned(), format!("{value:.4}")]);
            }
            rows.add_row(["题目数".to_owned(), topics.to_string()]);
            rows.add_row(["用时".to_owned(), format!("{seconds:.2} 秒")]);
            print(&rows.to_string());
        }
        Ok(Outcome::Done)
    }
}
