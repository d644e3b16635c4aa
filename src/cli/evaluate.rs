//! `duijie evaluate rerank|labs`

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::output::{print, print_json, table};
use super::{Global, Outcome};
use crate::engine::{Engine, EvaluationFiles, FOLDS_MAX, LabsOptions, RerankEvaluation};

/// 用评判数据衡量匹配质量
#[derive(Debug, Subcommand)]
pub(super) enum Evaluate {
    /// 每条需求内，对已评判的成果重新排序
    Rerank {
        #[command(flatten)]
        files: Files,
        #[command(flatten)]
        folds: Folds,
    },
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
        #[command(flatten)]
        folds: Folds,
    },
}

/// Whose weights are used.
#[derive(Debug, Clone, Args)]
pub(super) struct Folds {
    /// 分成 K 份，每份用其余各份学到的权重来排（交叉验证）；不给则用随程序发布的权重
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(2..=i64::from(FOLDS_MAX)))]
    cv: Option<u32>,
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
    /// The names of the files of documents and judgements, without their folders.
    pub fn names(&self) -> [String; 2] {
        [&self.documents, &self.qrels].map(|path| {
            let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
            format!("{}/{}", folder.display(), path.file_name().unwrap_or_default().display())
        })
    }

    pub async fn read(&self) -> anyhow::Result<EvaluationFiles> {
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
        match self {
            Self::Rerank { files, folds } => {
                let found = Engine::evaluate_rerank(&data, files.read().await?, folds.cv).await?;
                if global.json {
                    print_json(&rerank_json(&found))?;
                } else {
                    print_rerank(&found);
                }
            }
            Self::Labs { files, min_documents, name_contains, folds } => {
                let options = LabsOptions { documents_min: min_documents, name_contains };
                let files = files.read().await?;
                let found = Engine::evaluate_labs(&data, files, options, folds.cv).await?;
                if global.json {
                    print_json(&json!({
                        "hit@1": found.hit_1,
                        "hit@10": found.hit_10,
                        "mrr@10": found.mrr,
                        "n_topics": found.topics,
                        "seconds": found.seconds,
                        "trained_on": found.trained_on,
                    }))?;
                } else {
                    print_measures(
                        &[("hit@1", found.hit_1), ("hit@10", found.hit_10), ("mrr@10", found.mrr)],
                        (found.topics, found.seconds, &found.trained_on),
                    );
                }
            }
        }
        Ok(Outcome::Done)
    }
}

fn rerank_json(found: &RerankEvaluation) -> Value {
    let bins = found.reliability.iter().map(|bin| {
        json!({
            "from": bin.from,
            "to": bin.to,
            "pairs": bin.count,
            "predicted": bin.predicted,
            "observed": bin.observed,
        })
    });
    json!({
        "ndcg@10": found.ndcg,
        "auc@3": found.auc,
        "contest_score": found.contest_score,
        "reliability": bins.collect::<Vec<_>>(),
        "auc_gain": {
            "mean": found.auc_gain.mean,
            "low": found.auc_gain.low,
            "high": found.auc_gain.high,
        },
        "n_topics": found.topics,
        "seconds": found.seconds,
        "trained_on": found.trained_on,
    })
}

fn print_rerank(found: &RerankEvaluation) {
    print_measures(
        &[
            ("ndcg@10", found.ndcg),
            ("auc@3", found.auc),
            ("contest_score", found.contest_score),
            ("auc 比未学习的权重高", found.auc_gain.mean),
            ("　95% 区间下界", found.auc_gain.low),
            ("　95% 区间上界", found.auc_gain.high),
        ],
        (found.topics, found.seconds, &found.trained_on),
    );
    let mut rows = table(&["预测的概率", "对数", "平均预测", "实际相关（等级 ≥ 3）"]);
    for bin in &found.reliability {
        rows.add_row([
            format!("{:.1} – {:.1}", bin.from, bin.to),
            bin.count.to_string(),
            format!("{:.3}", bin.predicted),
            format!("{:.3}", bin.observed),
        ]);
    }
    print(&rows.to_string());
}

fn print_measures(measures: &[(&str, f64)], (topics, seconds, trained_on): (usize, f64, &str)) {
    let mut rows = table(&["指标", "值"]);
    for (name, value) in measures {
        rows.add_row([(*name).to_owned(), format!("{value:.4}")]);
    }
    rows.add_row(["题目数".to_owned(), topics.to_string()]);
    rows.add_row(["用时".to_owned(), format!("{seconds:.2} 秒")]);
    rows.add_row(["权重来自".to_owned(), trained_on.to_owned()]);
    print(&rows.to_string());
}
