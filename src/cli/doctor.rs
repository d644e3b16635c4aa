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
        let findings = global.engine().await?.doctor().await?;
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
        "store" => "数据库",
        "records" => "记录",
        "index" => "索引",
        "dictionary" => "词典",
        other => other,
    }
}
