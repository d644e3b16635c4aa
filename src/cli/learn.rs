//! `duijie learn`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::evaluate::Files;
use super::output::{print, print_json};
use super::{Global, Outcome};
use crate::engine::{Engine, JudgedThings};

/// 从评判数据学习排序权重，写入文件；放进 --data 目录的 ranker/weights.json 即生效，删去即还原
#[derive(Debug, Args)]
pub(super) struct Learn {
    #[command(flatten)]
    files: Files,
    /// 写入的文件
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// 评判的是什么
    #[arg(long, value_enum, default_value_t = Things::Documents)]
    judged: Things,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Things {
    /// 成果，等级 1 至 4
    Documents,
    /// 实验室，对或不对
    Labs,
}

impl Learn {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let things = match self.judged {
            Things::Documents => JudgedThings::Documents,
            Things::Labs => JudgedThings::Labs,
        };
        let [documents, judgements] = self.files.names();
        let trained_on = format!("{judgements} on {documents}");
        let files = self.files.read().await?;
        let text = Engine::learn(&global.data(), files, things, trained_on.clone()).await?;
        if let Some(folder) = self.out.parent() {
            tokio::fs::create_dir_all(folder).await?;
        }
        tokio::fs::write(&self.out, text)
            .await
            .map_err(|error| anyhow::anyhow!("无法写入 {}：{error}", self.out.display()))?;
        if global.json {
            print_json(&json!({ "out": self.out, "trained_on": trained_on }))?;
        } else {
            print(&format!("已写入 {}", self.out.display()));
        }
        Ok(Outcome::Done)
    }
}
