//! Examples of imports and jobs, for the description of the API.

use super::examples::{ID, text};
use super::{ImportColumn, ImportReport, Job, JobEvent, RefusedCell};

/// A job that has ended.
pub(super) fn job() -> Job {
    Job {
        id: ID.to_owned(),
        kind: "labs",
        kind_label: "实验室",
        dry_run: true,
        state: "done",
        label: "已完成",
        done: 2,
        total: 2,
        rows_per_s: Some(4_000.0),
        created_at: "2026-03-01T08:00:00.000Z".to_owned(),
        seconds: Some(0.0005),
        report: Some(report()),
        plan: None,
        refusal: None,
        failure: None,
    }
}

/// The same as a list tells it.
pub(super) fn listed_job() -> Job {
    Job { report: None, ..job() }
}

/// The same as its last event.
pub(super) fn event() -> Option<JobEvent> {
    Some(JobEvent { event: "end", data: serde_json::to_string(&job()).ok()? })
}

fn report() -> ImportReport {
    ImportReport {
        read: 2,
        created: 1,
        updated: 0,
        unchanged: 0,
        merged: 0,
        format: "csv".to_owned(),
        encoding: "UTF-8".to_owned(),
        columns: vec![ImportColumn { place: "A 编号".to_owned(), column: "external_id" }],
        ignored_columns: vec![],
        refused: vec![RefusedCell {
            file: "records.csv".to_owned(),
            sheet: None,
            row: 3,
            column: text("B 名称"),
            value: String::new(),
            reason: "不能为空".to_owned(),
            expected: "名称".to_owned(),
        }],
        refused_more: 0,
    }
}

/// A line to be imported.
pub(super) fn line(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "institutions" => "{\"external_id\": \"bulk-1\", \"name\": \"示例大学\"}\n",
        "labs" => "{\"external_id\": \"bulk-1\", \"name\": \"氢能实验室\"}\n",
        "achievements" => "{\"external_id\": \"bulk-1\", \"title\": \"长寿命膜电极\"}\n",
        "enterprises" => "{\"external_id\": \"bulk-1\", \"name\": \"示例氢能公司\"}\n",
        "needs" => "{\"external_id\": \"bulk-1\", \"title\": \"膜电极耐久性不足\"}\n",
        _ => return None,
    })
}

/// A table to be imported.
pub(super) fn table(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "institutions" | "labs" | "enterprises" => "external_id,name\ntable-1,示例氢能单位\n",
        "achievements" | "needs" => "external_id,title\ntable-1,膜电极耐久性\n",
        _ => return None,
    })
}
