//! The shapes of what notices keep as JSON.

use serde::{Deserialize, Serialize};

use crate::store::NoticeReason;

#[derive(Serialize, Deserialize)]
struct ReasonShape(String, String, String, f64);

/// The JSON of the reasons of a notice.
pub fn reasons_to_json(reasons: &[NoticeReason]) -> String {
    let shape =
        |r: &NoticeReason| ReasonShape(r.kind.clone(), r.name.clone(), r.field.clone(), r.value);
    serde_json::json!(reasons.iter().map(shape).collect::<Vec<_>>()).to_string()
}

/// Reads them back.
///
/// # Errors
/// If it is no such JSON.
pub fn reasons_from_json(json: &str) -> Result<Vec<NoticeReason>, serde_json::Error> {
    let shapes: Vec<ReasonShape> = serde_json::from_str(json)?;
    let reason = |ReasonShape(kind, name, field, value)| NoticeReason { kind, name, field, value };
    Ok(shapes.into_iter().map(reason).collect())
}

/// The JSON of the parts of the feed that were put off.
pub fn backlog_to_json(backlog: &[(i64, i64)]) -> String {
    serde_json::json!(backlog).to_string()
}

/// Reads them back.
///
/// # Errors
/// If it is no such JSON.
pub fn backlog_from_json(json: &str) -> Result<Vec<(i64, i64)>, serde_json::Error> {
    serde_json::from_str(json)
}
