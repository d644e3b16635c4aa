//! `duijie bench generate|words|index`: generated text, and what becomes of it without an engine.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::{Folder, in_background, shown_on};
use crate::bench::{self, GenerateOptions, bench_index, write_words};
use crate::cli::Global;
use crate::engine::load_analyzer;

#[derive(Debug, Args)]
pub(in crate::cli) struct Generate {
    /// 成果数
    #[arg(long, value_name = "N")]
    achievements: usize,
    /// 需求数
    #[arg(long, value_name = "K")]
    needs: usize,
    /// 随机种子，相同则数据相同
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
    /// 写入此目录
    dir: PathBuf,
}

impl Generate {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Value> {
        let Self { achievements, needs, seed, dir } = self;
        let analyzer = load_analyzer(&global.data()).await?;
        let options = GenerateOptions { achievements, needs, seed };
        let made = in_background("生成成果", achievements as u64, move |bar| {
            bench::generate(&analyzer, &dir, options, |done| bar.set_position(done))
        })
        .await??;
        Ok(json!({
            "institutions": made.institutions, "labs": made.labs,
            "achievements": made.achievements, "needs": made.needs,
            "text_bytes": made.text_bytes, "seed": seed,
        }))
    }
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Words {
    #[command(flatten)]
    folder: Folder,
    /// 写入此目录
    out: PathBuf,
}

impl Words {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Value> {
        let Self { folder: Folder { dir }, out } = self;
        let analyzer = load_analyzer(&global.data()).await?;
        let written = in_background("写出词语", 0, move |bar| {
            write_words(&analyzer, &dir, &out, shown_on(bar))
        })
        .await??;
        Ok(json!({
            "documents": written.documents, "document_words": written.document_words,
            "needs": written.needs, "need_words": written.need_words,
        }))
    }
}

/// `bench index`.
pub(super) async fn index(Folder { dir }: Folder, global: &Global) -> anyhow::Result<Value> {
    let analyzer = load_analyzer(&global.data()).await?;
    let found =
        in_background("建立索引", 0, move |bar| bench_index(analyzer, &dir, shown_on(bar)))
            .await??;
    let documents = found.documents as f64;
    Ok(json!({
        "documents": found.documents,
        "text_bytes": found.text_bytes,
        "seconds": found.seconds,
        "docs_per_s": documents / found.seconds,
        "mb_per_s": found.text_bytes as f64 / 1e6 / found.seconds,
        "index_bytes": found.index_bytes,
        "index_bytes_per_doc": found.index_bytes as f64 / documents.max(1.0),
        "segments": found.segments,
        "peak_rss_mb": found.peak_rss_mb,
    }))
}
