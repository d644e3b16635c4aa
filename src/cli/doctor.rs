//! `duijie doctor`

use clap::Args;
use serde_json::json;

use super::output::{print, print_json, table};
use super::{Global, Outcome};
use crate::engine::{Finding, Severity};

/// 检查数据库、索引与词典
#[derive(Debug, Args)]
pub(super) struct Doctor {}

impl Doctor {
    pub(super) async fn run(self, global: &Global) -> anyhow::Result<Outcome> {
        let looked = match global.engine().await {
            Ok(engine) => engine.doctor().await,
            Err(error) => Err(error),
        };
        // A home that cannot even be opened is a finding like any other.
        let findings = looked.unwrap_or_else(|error| {
            let advice =
                "请停止所有 duijie 进程后重试；若数据库文件已损坏，请用备份替换 data/duijie.db";
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
        "dictionary" => "词典",
        other => other,
    }
}
