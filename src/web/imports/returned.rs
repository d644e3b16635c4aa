//! Bad rows as a file of the same shape, with a column that says why: to be mended and sent again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::http::{App, Problem, ProblemCode};
use crate::intake::{Refused, excerpt};
use crate::web::shell::Shell;

/// The column that says why.
const REASON: &str = "未导入的原因";
/// By which Excel knows UTF-8.
const BOM: &str = "\u{FEFF}";

/// The file of an import's bad rows.
pub(in crate::web) async fn returned(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let viewer = shell.caller.viewer;
    let status = app.engine.watch_job(viewer, &id)?.borrow().clone();
    let (Some(report), Some(order)) = (status.report, app.engine.file_of_job(viewer, &id)?) else {
        let detail = "这个文件已不在内存中，或还没有处理完，请重新上传";
        return Err(Problem::new(ProblemCode::NotFound, detail));
    };
    let made = tokio::task::spawn_blocking(move || {
        let rows: BTreeSet<u32> = report.refused.iter().map(|refused| refused.row).collect();
        let cut = excerpt(&order.bytes, &report.notes, &rows)?;
        Ok::<_, crate::intake::IntakeError>(sheet(&cut.header, cut.rows, &report.refused))
    });
    let made = made.await.map_err(|error| Problem::internal(&error))?;
    let text = made.map_err(|error| Problem::internal(&error))?;
    let text = text.map_err(|error| Problem::internal(&error))?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"refused.csv\""),
    ];
    Ok((headers, text).into_response())
}

fn sheet(
    header: &[String],
    rows: Vec<(u32, Vec<String>)>,
    refused: &[Refused],
) -> Result<Vec<u8>, csv::Error> {
    let mut reasons: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for cell in refused {
        let column = cell.column.as_deref().unwrap_or("整行");
        let told = format!("{column}：{}；应为：{}", cell.reason, cell.expected);
        reasons.entry(cell.row).or_default().push(told);
    }
    let width = rows.iter().map(|(_, cells)| cells.len()).chain([header.len()]).max().unwrap_or(0);
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(BOM.as_bytes().to_vec());
    let padded = |cells: &[String], last: String| {
        let blank = std::iter::repeat_n(String::new(), width - cells.len());
        cells.iter().cloned().chain(blank).chain([last]).collect::<Vec<_>>()
    };
    if !header.is_empty() {
        writer.write_record(padded(header, REASON.to_owned()))?;
    }
    for (number, cells) in rows {
        let why = reasons.remove(&number).unwrap_or_default().join(" ");
        writer.write_record(padded(&cells, why))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_has_the_shape_of_the_one_that_was_sent_and_says_why() {
        let refused = Refused {
            file: "x.csv".to_owned(),
            sheet: None,
            row: 3,
            column: Some("B 预算".to_owned()),
            value: "面议".to_owned(),
            reason: "不是金额".to_owned(),
            expected: "如 80万元".to_owned(),
        };
        let header = ["编号".to_owned(), "预算".to_owned()];
        let rows = vec![(3, vec!["n-1".to_owned(), "面议, 可谈".to_owned()])];
        let text = String::from_utf8(sheet(&header, rows, &[refused]).unwrap()).unwrap();
        assert_eq!(
            text,
            "\u{FEFF}编号,预算,未导入的原因\nn-1,\"面议, 可谈\",B 预算：不是金额；应为：如 80万元\n"
        );
    }
}
