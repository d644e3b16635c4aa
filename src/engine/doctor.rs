//! Is everything in order, and what to do if not.

use super::{Engine, EngineError};
use crate::model::Kind;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// All is well.
    Good,
    /// It works, but something should be done.
    Warning,
    /// It does not work.
    Fault,
}

/// 检查结果: one thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at, stable English name.
    pub subject: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What was found, and what to do about it: Chinese.
    pub message: String,
}

impl Engine {
    /// Looks at store, index and dictionary.
    ///
    /// # Errors
    /// If the store cannot be asked at all.
    pub async fn doctor(&self) -> Result<Vec<Finding>, EngineError> {
        let mut findings = Vec::new();
        let mut find = |subject, severity, message: String| {
            findings.push(Finding { subject, severity, message });
        };
        let faults = self.store.check().await?;
        match faults.as_slice() {
            [] => find("store", Severity::Good, "数据库完好".to_owned()),
            faults => find(
                "store",
                Severity::Fault,
                format!("数据库有问题，请从备份恢复：{}", faults.join("；")),
            ),
        }
        let mut indexed = 0;
        let mut counts = Vec::new();
        for kind in Kind::ALL {
            let count = self.store.count(*kind).await?;
            counts.push(format!("{} {count}", kind.label()));
            if matches!(kind, Kind::Lab | Kind::Achievement | Kind::Need) {
                indexed += count;
            }
        }
        find("records", Severity::Good, counts.join("，"));
        let status = self.index_status().await?;
        let rebuild = "请运行 duijie index rebuild";
        if status.indexed_seq.is_none() && status.store_seq > 0 {
            find("index", Severity::Fault, format!("索引不是由此数据库建立的，{rebuild}"));
        } else if status.lag() > 0 {
            let message = format!("索引落后 {} 条变更，{rebuild}", status.lag());
            find("index", Severity::Warning, message);
        } else if status.documents != indexed {
            let message =
                format!("索引有 {} 篇，数据库有 {indexed} 条，{rebuild}", status.documents);
            find("index", Severity::Fault, message);
        } else {
            find("index", Severity::Good, format!("索引与数据库一致，共 {indexed} 篇"));
        }
        let dictionary = self.analyzer.dictionary();
        let message = format!(
            "词典 {} 个术语，版本 {}",
            dictionary.terms().len(),
            self.analyzer.fingerprint()
        );
        find("dictionary", Severity::Good, message);
        Ok(findings)
    }
}
