//! An import as it goes on, and what became of it: the columns as they were taken, bad cells where they stand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use crate::engine::{ImportOrder, JobStatus};
use crate::http::{App, Problem, ProblemCode, job_events, views};
use crate::intake::{Excerpt, column_label, excerpt};
use crate::model::Kind;
use crate::web::page::{Page, page};
use crate::web::shell::{Frame, Shell};

/// Bad rows that are shown; all are in the file that is given back.
const ROWS_SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "imports/job.html")]
struct JobPage {
    frame: Frame,
    job: views::Job,
    /// Columns of the file, and what they are taken for; `None` for those that are left out.
    columns: Vec<(String, Option<&'static str>)>,
    file: String,
    /// How far it has come, in percent.
    percent: u64,
    /// In seconds, if that can be told.
    left: Option<u64>,
    bad: Option<BadRows>,
    /// The file is still here.
    is_kept: bool,
}

/// Bad rows in the file's own shape.
struct BadRows {
    header: Vec<String>,
    rows: Vec<BadRow>,
    /// How many rows have a bad cell, of those that are told.
    count: usize,
}

struct BadRow {
    number: u32,
    cells: Vec<BadCell>,
    /// What is wrong with the row as a whole, or with a column that it does not have.
    reasons: Vec<String>,
}

struct BadCell {
    text: String,
    /// What is wrong with it.
    wrong: Option<String>,
}

/// The page of an import.
pub(in crate::web) async fn job(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(id): Path<String>,
) -> Page {
    let viewer = shell.caller.viewer;
    let status = app.engine.watch_job(viewer, &id)?.borrow().clone();
    let file = app.engine.file_of_job(viewer, &id)?;
    let told = views::job(&status);
    let bad = bad_rows(&status, file.clone()).await?;
    let columns = columns(&told, status.kind);
    let left = told.rows_per_s.filter(|rate| *rate > 0.0 && told.done < told.total);
    #[expect(clippy::cast_precision_loss, reason = "rows are far fewer than 2^52")]
    let left = left.map(|rate| ((told.total - told.done) as f64 / rate).ceil() as u64);
    page(&JobPage {
        frame: shell.frame,
        percent: (100 * told.done).checked_div(told.total).unwrap_or(0).min(100),
        left,
        file: file.as_ref().map(|order| order.options.file.clone()).unwrap_or_default(),
        is_kept: file.is_some(),
        job: told,
        columns,
        bad,
    })
}

fn columns(job: &views::Job, kind: Kind) -> Vec<(String, Option<&'static str>)> {
    let Some(report) = &job.report else { return Vec::new() };
    let taken = report.columns.iter();
    let taken = taken.map(|c| (c.place.clone(), Some(column_label(kind, c.column))));
    taken.chain(report.ignored_columns.iter().map(|place| (place.clone(), None))).collect()
}

/// The bad rows of an import that is over, if its file is still here.
async fn bad_rows(
    status: &JobStatus,
    file: Option<Arc<ImportOrder>>,
) -> Result<Option<BadRows>, Problem> {
    let (Some(report), Some(order)) = (status.report.clone(), file) else { return Ok(None) };
    let rows: BTreeSet<u32> = report.refused.iter().map(|refused| refused.row).collect();
    let count = rows.len();
    if count == 0 {
        return Ok(None);
    }
    let shown: BTreeSet<u32> = rows.into_iter().take(ROWS_SHOWN).collect();
    let cut = tokio::task::spawn_blocking(move || {
        excerpt(&order.bytes, &report.notes, &shown).map(|cut| (cut, report))
    });
    let cut = cut.await.map_err(|error| Problem::internal(&error))?;
    let (cut, report) = cut.map_err(|error| Problem::internal(&error))?;
    let mut wrong: BTreeMap<u32, Vec<(Option<&str>, String)>> = BTreeMap::new();
    for refused in &report.refused {
        let told = format!("{}；应为：{}", refused.reason, refused.expected);
        wrong.entry(refused.row).or_default().push((refused.column.as_deref(), told));
    }
    let Excerpt { header, rows } = cut;
    let rows = rows.into_iter().map(|(number, cells)| {
        let wrong = wrong.remove(&number).unwrap_or_default();
        bad_row(number, cells, header.len(), wrong)
    });
    Ok(Some(BadRows { rows: rows.collect(), header, count }))
}

fn bad_row(
    number: u32,
    cells: Vec<String>,
    width: usize,
    wrong: Vec<(Option<&str>, String)>,
) -> BadRow {
    let mut cells: Vec<BadCell> =
        cells.into_iter().map(|text| BadCell { text, wrong: None }).collect();
    while cells.len() < width {
        cells.push(BadCell { text: String::new(), wrong: None });
    }
    let mut reasons = Vec::new();
    for (column, told) in wrong {
        let place = column.and_then(|column| letters(column.split(' ').next()?));
        match place.and_then(|place| cells.get_mut(place)).filter(|_| width > 0) {
            Some(cell) => cell.wrong = Some(told),
            None => reasons.push(match column {
                Some(column) => format!("{column}：{told}"),
                None => told,
            }),
        }
    }
    BadRow { number, cells, reasons }
}

/// The place of a column by a spreadsheet's letters, from 0.
fn letters(name: &str) -> Option<usize> {
    let mut place = 0_usize;
    for letter in name.bytes() {
        if !letter.is_ascii_uppercase() {
            return None;
        }
        place = place.checked_mul(26)?.checked_add(usize::from(letter - b'A') + 1)?;
    }
    place.checked_sub(1)
}

/// The same as events, for the script.
pub(in crate::web) async fn watch(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let status = app.engine.watch_job(shell.caller.viewer, &id)?;
    Ok(job_events(&app, status)?.into_response())
}

/// Takes over what was looked at.
pub(in crate::web) async fn go_ahead(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(id): Path<String>,
) -> Page {
    let viewer = shell.caller.viewer;
    let Some(file) = app.engine.file_of_job(viewer, &id)? else {
        let detail = "这个文件已不在内存中（其后又上传过较大的文件），请重新上传";
        return Err(Problem::new(ProblemCode::NotFound, detail));
    };
    let place = app.engine.job_place(viewer)?;
    let status = place.import(ImportOrder { dry_run: false, ..(*file).clone() });
    Ok(Redirect::to(&format!("/import/{}", status.id)).into_response())
}

/// Stops at the next batch of rows; what was written stays.
pub(in crate::web) async fn cancel(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(id): Path<String>,
) -> Page {
    app.engine.cancel_job(shell.caller.viewer, &id)?;
    Ok(Redirect::to(&format!("/import/{id}")).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_count_as_a_spreadsheet_does() {
        for (name, place) in [("A", 0), ("Z", 25), ("AA", 26), ("AZ", 51), ("BA", 52)] {
            assert_eq!(letters(name), Some(place), "{name}");
        }
        for none in ["", "a", "预算", "A1"] {
            assert_eq!(letters(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_wrong_stands_in_its_cell_and_the_rest_beside_the_row() {
        let wrong = vec![(Some("B 预算"), "b".to_owned()), (None, "row".to_owned())];
        let row = bad_row(3, vec!["x".to_owned()], 3, wrong);
        let told: Vec<_> = row.cells.iter().map(|cell| cell.wrong.as_deref()).collect();
        assert_eq!(told, [None, Some("b"), None]);
        assert_eq!(row.reasons, ["row"]);
    }
}
