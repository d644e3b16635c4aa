//! Is everything in order, and what to do if not. Looks and changes nothing.

use super::agreement::Agreement;
use super::indexing::INDEXED_KINDS;
use super::{Engine, EngineError, Viewer, blocking, mismatch_message};
use crate::index::{Examination, IndexFault};
use crate::model::{Kind, Timestamp};

/// What mends most that can be wrong with an index.
const REBUILD: &str = "请运行 duijie index rebuild";
/// Names of files or records in one finding.
const NAMED_MAX: usize = 5;
/// A change may be this far in the future: machines that share a store need not agree better.
const CLOCK_AHEAD_MAX_MS: i64 = 60_000;

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

impl Finding {
    fn new(subject: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self { subject, severity, message: message.into() }
    }
}

impl Engine {
    /// Looks at store, index and dictionary: reads every file of the index and compares it
    /// with the store row by row. Linear in the size of both.
    ///
    /// # Errors
    /// If the store cannot be asked at all.
    pub async fn doctor(&self) -> Result<Vec<Finding>, EngineError> {
        let mut findings = vec![self.store_finding().await?, self.records_finding().await?];
        let index = self.index.clone();
        let examined = blocking(move || Ok::<_, EngineError>(index.examine())).await?;
        findings.push(self.index_finding().await?);
        let empty = self.store.position().await?.seq == 0;
        findings.extend(examined.iter().flat_map(|found| folder_findings(found, empty)));
        findings.extend(self.rows_finding().await?);
        findings.push(self.audit_finding().await?);
        findings.push(self.inbox_finding().await?);
        let last = self.store.last_change().await?;
        findings.extend(last.and_then(|(_, at)| clock_finding(at, Timestamp::now())));
        let dictionary = self.analyzer.dictionary();
        let message = format!(
            "词典 {} 个术语，版本 {}",
            dictionary.terms().len(),
            self.analyzer.fingerprint()
        );
        findings.push(Finding::new("dictionary", Severity::Good, message));
        Ok(findings)
    }

    /// Mends what [`Engine::doctor`] complained of as far as it concerns the index.
    ///
    /// # Errors
    /// If the index cannot be rebuilt.
    pub async fn repair(&self) -> Result<(), EngineError> {
        self.catch_up_if_free().await?;
        let findings = self.doctor().await?;
        let wrong = |f: &Finding| f.subject.starts_with("index") && f.severity != Severity::Good;
        if findings.iter().any(wrong) { self.rebuild_index(|_| {}).await } else { Ok(()) }
    }

    async fn store_finding(&self) -> Result<Finding, EngineError> {
        let faults = self.store.check().await?;
        Ok(if faults.is_empty() {
            Finding::new("store", Severity::Good, "数据库完好")
        } else {
            let message =
                format!("数据库有问题，请用 duijie restore 从备份恢复：{}", faults.join("；"));
            Finding::new("store", Severity::Fault, message)
        })
    }

    async fn records_finding(&self) -> Result<Finding, EngineError> {
        let mut counts = Vec::new();
        for kind in Kind::ALL {
            counts.push(format!("{} {}", kind.label(), self.store.count(*kind).await?));
        }
        Ok(Finding::new("records", Severity::Good, counts.join("，")))
    }

    /// Whether the audit log is what was sealed.
    async fn audit_finding(&self) -> Result<Finding, EngineError> {
        let found = self.verify_log(Viewer::Local, None, |_, _| {}).await?;
        Ok(match found.mismatch {
            Some(mismatch) => {
                let message = format!(
                    "{}；请查明谁动过数据库文件，并与备份对照",
                    mismatch_message(&mismatch)
                );
                Finding::new("audit", Severity::Fault, message)
            }
            None => {
                let message =
                    format!("审计日志 {} 条与封存一致，{} 条待封存", found.rows, found.waiting);
                Finding::new("audit", Severity::Good, message)
            }
        })
    }

    /// How far notices are behind: nothing is wrong with that.
    async fn inbox_finding(&self) -> Result<Finding, EngineError> {
        let status = self.inbox_status().await?;
        let message = match (status.lag, status.backlog) {
            (0, 0) => "收件箱已跟上数据库".to_owned(),
            (lag, backlog) => {
                format!("收件箱还有 {} 条变更没有比对，运行中的服务会陆续完成", lag + backlog)
            }
        };
        Ok(Finding::new("inbox", Severity::Good, message))
    }

    /// Whether there is an index of this store, and how far it has come.
    async fn index_finding(&self) -> Result<Finding, EngineError> {
        let status = self.index_status().await?;
        let lag = status.lag();
        let foreign = self.index.snapshot().cursor().is_some();
        Ok(if status.store_seq == 0 {
            Finding::new("index", Severity::Good, "数据库是空的，还不需要索引")
        } else if status.indexed_seq.is_none() && foreign {
            let message = format!("索引不是由此数据库建立的，{REBUILD}");
            Finding::new("index", Severity::Fault, message)
        } else if status.indexed_seq.is_none() {
            let message = format!("此版本与词典还没有可用的索引，{REBUILD}");
            Finding::new("index", Severity::Fault, message)
        } else if lag < 0 {
            let message =
                format!("索引比数据库多 {} 条变更（数据库可能是从备份恢复的），{REBUILD}", -lag);
            Finding::new("index", Severity::Fault, message)
        } else if lag > 0 {
            let waiting = status.waiting.as_secs();
            let message = format!("索引落后 {lag} 条变更，已等待 {waiting} 秒，{REBUILD}");
            Finding::new("index", Severity::Warning, message)
        } else {
            let message = format!("索引已跟上数据库，共 {} 篇", status.documents);
            Finding::new("index", Severity::Good, message)
        })
    }

    /// Whether the index has exactly the live records, each at its revision; `None` if there
    /// is no index of this store to compare.
    async fn rows_finding(&self) -> Result<Option<Finding>, EngineError> {
        let snapshot = self.index.snapshot();
        let position = self.store.position().await?;
        let Some(cursor) = self.cursor(position) else { return Ok(None) };
        let agreement =
            Agreement::of(self.store.as_ref(), &INDEXED_KINDS, &snapshot, cursor.seq).await?;
        Ok(Some(match agreement.complaint(NAMED_MAX) {
            None => {
                let message = format!("逐条核对，{} 条记录的修订号都与索引一致", agreement.same);
                Finding::new("index_rows", Severity::Good, message)
            }
            Some(complaint) => {
                let message = format!("索引与数据库不一致：{complaint}；{REBUILD}");
                Finding::new("index_rows", Severity::Fault, message)
            }
        }))
    }
}

/// A last change in the future: the machine's clock was wrong then or is now. Nothing depends
/// on it but what people read.
fn clock_finding(last_change: Timestamp, now: Timestamp) -> Option<Finding> {
    (last_change.0 - now.0 > CLOCK_AHEAD_MAX_MS).then(|| {
        let message = format!(
            "最新变更的时间 {last_change} 在未来（现在是 {now}），请核对本机时钟；已有的记录不受影响"
        );
        Finding::new("clock", Severity::Warning, message)
    })
}

/// What is wrong with the folder of the index, each fault by itself.
fn folder_findings(found: &Examination, empty: bool) -> Vec<Finding> {
    let folder = found.folder.display();
    let mut findings = Vec::new();
    let mut find = |subject, severity, message: String| {
        findings.push(Finding::new(subject, severity, message));
    };
    if !found.damaged.is_empty() {
        let named: Vec<String> = found
            .damaged
            .iter()
            .take(NAMED_MAX)
            .map(|(file, reason)| format!("{file}（{reason}）"))
            .collect();
        let message = format!(
            "索引目录 {folder} 有 {} 个文件已损坏：{}；{REBUILD}，并检查磁盘",
            found.damaged.len(),
            named.join("、")
        );
        find("index_files", Severity::Fault, message);
    } else if found.found {
        find("index_files", Severity::Good, "磁盘上的索引文件校验无误".to_owned());
    } else if !empty {
        find("index_files", Severity::Fault, format!("索引目录 {folder} 里没有索引，{REBUILD}"));
    }
    if let Some(reason) = &found.unwritable {
        let message = format!(
            "索引目录 {folder} 无法写入（{reason}），索引只能放在内存里；请检查目录权限与磁盘空间，然后运行 duijie index rebuild"
        );
        find("index_folder", Severity::Fault, message);
    }
    if found.statistics_unreadable {
        let message = format!("保存的统计快照缺失或已损坏，每次启动要重新统计，{REBUILD}");
        find("index_statistics", Severity::Warning, message);
    }
    if !found.leftovers.is_empty() {
        let message = format!("有中断的重建留下的目录：{}；{REBUILD}", found.leftovers.join("、"));
        find("index_leftovers", Severity::Warning, message);
    }
    findings
}

/// A Chinese sentence on what is wrong with the folder of the index, and what to do.
pub fn fault_message(fault: &IndexFault) -> String {
    match fault {
        IndexFault::Missing => "磁盘上的索引不见了，请运行 duijie index rebuild".to_owned(),
        IndexFault::Damaged { reason } => {
            format!("磁盘上的索引已损坏（{reason}），请运行 duijie index rebuild，并检查磁盘")
        }
        IndexFault::Foreign => {
            "索引目录里是另一个数据库的索引，请运行 duijie index rebuild".to_owned()
        }
        IndexFault::Unwritable { reason } => {
            format!("索引目录无法写入（{reason}），请检查目录权限与磁盘空间；恢复后会自动重建")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_in_the_future_is_told() {
        let (now, late) = (Timestamp(7), Timestamp(7 + CLOCK_AHEAD_MAX_MS));
        assert_eq!(clock_finding(Timestamp(0), now), None);
        assert_eq!(clock_finding(late, now), None);
        assert_eq!(clock_finding(Timestamp(late.0 + 1), now).unwrap().subject, "clock");
    }
}
