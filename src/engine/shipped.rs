//! The data that the product comes with, into the store.

use super::{Engine, EngineError, ImportProgress};
use crate::data::Data;
use crate::intake::Options;
use crate::model::Kind;

/// Files with their kinds and sources, in an order in which every reference is there.
const FILES: [(Kind, &str, &str); 7] = [
    (Kind::Institution, "reference/institutions.csv", "reference"),
    (Kind::Lab, "reference/labs.csv", "reference"),
    (Kind::Institution, "sample/institutions.csv", "sample"),
    (Kind::Lab, "sample/labs.jsonl", "sample"),
    (Kind::Achievement, "sample/achievements.jsonl", "sample"),
    (Kind::Enterprise, "sample/enterprises.jsonl", "sample"),
    (Kind::Need, "sample/needs.jsonl", "sample"),
];

impl Engine {
    /// Imports reference institutions and laboratories and the fictional sample, and brings
    /// the index up to date. Doing it twice changes nothing.
    ///
    /// # Errors
    /// If a file is missing or has a bad row, or the store fails.
    pub async fn load_shipped(
        &self,
        data: &Data,
        mut progress: impl FnMut(ImportProgress),
    ) -> Result<(), EngineError> {
        let mut before = 0;
        for (kind, path, source) in FILES {
            let text = data.text(path)?;
            let options = Options::new(path).with_source(source);
            let report = self
                .import(kind, text.as_bytes(), &options, |p| {
                    progress(ImportProgress { done: before + p.done });
                })
                .await?;
            if let Some(refused) = report.refused.first() {
                return Err(EngineError::BadRequest {
                    field: "data",
                    reason: format!("{} 第 {} 行：{}", refused.file, refused.row, refused.reason),
                });
            }
            before += report.read;
        }
        self.catch_up_if_free().await
    }

    /// About how many rows [`Engine::load_shipped`] reads.
    ///
    /// # Errors
    /// If a file is missing.
    pub fn shipped_rows(data: &Data) -> Result<u64, EngineError> {
        let mut rows = 0;
        for (_, path, _) in FILES {
            rows += data.text(path)?.lines().count() as u64;
        }
        Ok(rows)
    }
}
