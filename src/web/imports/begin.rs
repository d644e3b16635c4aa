//! Sending a file. What it would do is looked at first; nothing is written yet.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartError, MultipartRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

use crate::engine::ImportOrder;
use crate::http::{App, Problem, ProblemCode, UPLOAD_BYTES_MAX, UPLOAD_TIMEOUT, views};
use crate::intake::{Encoding, Options};
use crate::model::Kind;
use crate::web::page::{Page, page, page_of};
use crate::web::shell::{Frame, Shell};

/// Encodings that can be chosen: for programs, for people.
const ENCODINGS: [(&str, &str); 5] = [
    ("", "自动识别"),
    ("utf-8", "UTF-8"),
    ("gb18030", "GB18030（GBK）"),
    ("utf-16le", "UTF-16 LE"),
    ("utf-16be", "UTF-16 BE"),
];

#[derive(Template)]
#[template(path = "imports/form.html")]
struct FormPage {
    frame: Frame,
    kinds: [Kind; 5],
    encodings: [(&'static str, &'static str); 5],
    chosen: Chosen,
    jobs: Vec<views::Job>,
    mib: usize,
    problem: Option<String>,
}

/// What was chosen beside the file.
struct Chosen {
    kind: Kind,
    encoding: String,
    source: String,
}

impl Default for Chosen {
    fn default() -> Self {
        let source = Options::new("").source;
        Self { kind: Kind::Achievement, encoding: String::new(), source }
    }
}

fn form_page(app: &App, shell: Shell, chosen: Chosen) -> Result<FormPage, Problem> {
    let jobs = app.engine.list_jobs(shell.caller.viewer)?;
    let imports = jobs.iter().filter(|job| Kind::IMPORTED.contains(&job.kind));
    Ok(FormPage {
        frame: shell.frame,
        kinds: Kind::IMPORTED,
        encodings: ENCODINGS,
        chosen,
        jobs: imports.map(views::job_without_report).collect(),
        mib: UPLOAD_BYTES_MAX >> 20,
        problem: None,
    })
}

/// The form.
pub(in crate::web) async fn form(State(app): State<Arc<App>>, shell: Shell) -> Page {
    page(&form_page(&app, shell, Chosen::default())?)
}

/// Takes a file and begins to look at it.
pub(in crate::web) async fn upload(
    State(app): State<Arc<App>>,
    shell: Shell,
    form: Result<Multipart, MultipartRejection>,
) -> Page {
    let place = app.engine.job_place(shell.caller.viewer)?;
    let mut chosen = Chosen::default();
    let received = match form {
        Ok(form) => {
            let received = tokio::time::timeout(UPLOAD_TIMEOUT, receive(form, &mut chosen)).await;
            received.unwrap_or_else(|_| {
                let detail =
                    format!("文件在 {} 秒内没有到齐，请拆小后重试", UPLOAD_TIMEOUT.as_secs());
                Err(Problem::new(ProblemCode::BodyTimeout, detail))
            })
        }
        Err(_) => Err(Problem::new(ProblemCode::BadRequest, "请用本页的表单上传文件")),
    };
    let order = received.and_then(|(name, bytes)| order(&chosen, name, bytes));
    match order {
        Ok(order) => {
            let status = place.import(order);
            Ok(Redirect::to(&format!("/import/{}", status.id)).into_response())
        }
        Err(problem) => {
            let mut told = form_page(&app, shell, chosen)?;
            told.problem = Some(problem.view().detail);
            let status = StatusCode::from_u16(problem.view().status);
            page_of(status.unwrap_or(StatusCode::BAD_REQUEST), &told)
        }
    }
}

/// The file's name and bytes; what is chosen beside it goes into `chosen`.
async fn receive(mut form: Multipart, chosen: &mut Chosen) -> Result<(String, Vec<u8>), Problem> {
    let mut file = None;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let name = field.file_name().unwrap_or_default().to_owned();
            file = Some((name, field.bytes().await.map_err(broken)?.to_vec()));
            continue;
        }
        let text = field.text().await.map_err(broken)?;
        match name.as_str() {
            "kind" => {
                let kind = text.parse::<Kind>().ok().filter(|kind| Kind::IMPORTED.contains(kind));
                let right = "高校院所、实验室、成果、企业、需求之一";
                let found = format!("是“{text}”");
                chosen.kind = kind.ok_or_else(|| Problem::invalid("kind", &found, right))?;
            }
            "encoding" => chosen.encoding = text,
            "source" => chosen.source = text,
            _ => {
                let detail = format!("没有“{name}”这个字段，请用本页的表单上传");
                return Err(Problem::new(ProblemCode::UnknownField, detail));
            }
        }
    }
    let chosen = file.filter(|(name, bytes)| !name.is_empty() || !bytes.is_empty());
    chosen.ok_or_else(|| Problem::new(ProblemCode::InvalidValue, "请先选择一个文件"))
}

fn broken(error: MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let mib = UPLOAD_BYTES_MAX >> 20;
        let detail = format!("文件超过上限 {mib} MiB，请拆成几个");
        return Problem::new(ProblemCode::TooLarge, detail);
    }
    tracing::debug!(%error, "the upload broke off");
    Problem::new(ProblemCode::BadRequest, "文件没有发送完整，请重试")
}

/// To look at the file; nothing is written.
fn order(chosen: &Chosen, name: String, bytes: Vec<u8>) -> Result<ImportOrder, Problem> {
    let mut options = Options::new(name).with_source(chosen.source.trim());
    if !chosen.encoding.is_empty() {
        let found = format!("是“{}”", chosen.encoding);
        let wrong = |_| Problem::invalid("encoding", &found, "从列表中选择");
        options.encoding = Some(chosen.encoding.parse::<Encoding>().map_err(wrong)?);
    }
    Ok(ImportOrder { kind: chosen.kind, bytes, options, dry_run: true })
}
