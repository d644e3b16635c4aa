//! `duijie doctor`

use clap::Args;
use serde_json::json;

use super::output::{print, print_json, table};
use super::{Global, Outcome};
use crate::engine::{Engine, EngineError, Finding, Severity};

/// 检查数据库、索引与词典
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// 修复索引：跟上数据库，必要时重建，然后再检查一遍
    #[arg(long)]
    repair: bool,
}

impl Doctor {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let looked = self.look(global).await;
        // A home that cannot even be opened is a finding like any other.
        let findings = looked.unwrap_or_else(|error| {
            let advice =
                "请停止所有 duijie 进程后重试；若数据库文件已损坏，请用 duijie restore 从备份恢复";
            let message = format!("{}；{advice}", error.message());
            vec![Finding { subject: "home", severity: Severity::Fault, message }]
        });
        let healthy = findings.iter().all(|f| f.severity == Severity::Good);
        if global.json {
            let list: Vec<_> = findings
                .iter()
                .map(|f| {
                    let severity = severity_name(f);
                    json!({"subject": f.subject, "severity": severity, "message": f.message})
                })
                .collect();
            print_json(&json!({"healthy": healthy, "findings": list}))?;
        } else {
            let mut rows = table(&["", "检查", "结果"]);
            for finding in &findings {
                let mark = match finding.severity {
                    Severity::Good => "✓",
                    Severity::Warning => "!",
                    Severity::Fault => "✗",
                };
                rows.add_row([mark, label(finding), &finding.message]);
            }
            print(&rows.to_string());
        }
        Ok(if healthy { Outcome::Done } else { Outcome::Failed })
    }
}

impl Doctor {
    /// The index is taken as it is: opening it in the usual way would mend what is looked for.
    async fn look(&self, global: &Global) -> Result<Vec<Finding>, EngineError> {
        let engine = global.keep(Engine::start(&global.home(), &global.data()).await?);
        if self.repair {
            engine.repair().await?;
        }
        engine.doctor().await
    }
}

fn severity_name(finding: &Finding) -> &'static str {
    match finding.severity {
        Severity::Good => "good",
        Severity::Warning => "warning",
        Severity::Fault => "fault",
    }
}

fn label(finding: &Finding) -> &'static str {
    match finding.subject {
        "home" => "工作目录",
        "store" => "数据库",
        "records" => "记录",
        "index" => "索引",
        "index_files" => "索引文件",
        "index_folder" => "索引目录",
        "index_statistics" => "统计快照",
        "index_leftovers" => "残留目录",
        "index_rows" => "逐条核对",
        "audit" => "审计日志",
        "dictionary" => "词典",
        "clock" => "时钟",
        other => other,
    }
}
