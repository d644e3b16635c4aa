//! Writing a need: what it comes to while one writes, a draft, published.
//!
//! A draft is a need that nobody but its firm and those in charge sees; publishing it says who
//! else may. Everything goes through the engine's one way to write records.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::assist::Assist;
use super::fields::{MODES, NAMES, NeedFields};
use crate::engine::{EngineError, MatchQuestion, Once};
use crate::http::{App, Problem, ProblemCode};
use crate::model::{Body, Kind, Mode, RecordId, Role, Visibility};
use crate::web::form::Form;
use crate::web::page::{Page, page, page_of};
use crate::web::shell::{Frame, Shell};

/// Labs that are shown while one writes.
const LABS: usize = 5;
/// The header by which the script asks for what stands beside the form alone.
const FRAGMENT: &str = "x-fragment";
/// Where needs come from that were written here.
const SOURCE: &str = "pages";

#[derive(Template)]
#[template(path = "needs/form.html")]
struct FormPage {
    frame: Frame,
    fields: NeedFields,
    modes: [Mode; 5],
    assist: Option<Assist>,
    /// Of the need that is changed: its address and revision.
    kept: Option<(String, u64)>,
    /// A number of this form's own, so that sending it twice makes one need.
    once: String,
    /// Whether somebody writes for a firm that they have to name.
    names_firm: bool,
    is_draft: bool,
    problem: Option<String>,
    /// What is wrong with a field, by its name.
    wrong: Vec<(String, String)>,
}

impl FormPage {
    fn new(shell: &Shell, fields: NeedFields) -> Self {
        Self {
            frame: shell.frame.clone(),
            fields,
            modes: MODES,
            assist: None,
            kept: None,
            once: RecordId::generate().to_string(),
            names_firm: shell.role() != Some(Role::Enterprise),
            is_draft: true,
            problem: None,
            wrong: Vec::new(),
        }
    }

    /// What is wrong with a field.
    fn wrong(&self, name: &str) -> Option<&str> {
        self.wrong.iter().find(|(own, _)| own == name).map(|(_, wrong)| wrong.as_str())
    }

    /// With what went wrong when it was sent.
    fn refused(mut self, error: EngineError) -> Page {
        if let EngineError::Cells(cells) = &error {
            for cell in cells {
                let name = cell.column.clone().unwrap_or_default();
                let name = if name == "enterprise_id" { "enterprise".to_owned() } else { name };
                self.wrong.push((name, format!("{}；应为：{}", cell.reason, cell.expected)));
            }
        }
        let problem = Problem::from(error);
        if problem.code() == ProblemCode::NotSignedIn {
            return Err(problem);
        }
        self.problem = Some(problem.view().detail);
        page_of(problem.code().status(), &self)
    }
}

/// An empty form.
pub(in crate::web) async fn new_form(shell: Shell) -> Page {
    let fields = NeedFields { visibility: "public".to_owned(), ..NeedFields::default() };
    page(&FormPage::new(&shell, fields))
}

/// What the text comes to; nothing is kept.
pub(in crate::web) async fn preview(
    State(app): State<Arc<App>>,
    shell: Shell,
    headers: HeaderMap,
    form: Form,
) -> Page {
    let form = form.read(&NAMES)?;
    let fields = NeedFields::read(&form)?;
    let question = MatchQuestion::Text(fields.text());
    let assist = Assist::of(&app, shell.caller, question, LABS).await?;
    if headers.contains_key(FRAGMENT) {
        return page(&assist);
    }
    let mut told = FormPage::new(&shell, fields);
    told.once = form.one("once")?.unwrap_or(told.once);
    told.assist = Some(assist);
    page(&told)
}

/// Keeps a new need, as a draft or published.
pub(in crate::web) async fn create(State(app): State<Arc<App>>, shell: Shell, form: Form) -> Page {
    let form = form.read(&NAMES)?;
    let mut fields = NeedFields::read(&form)?;
    // What is no number of ours is that of nobody's form.
    let once = form.one("once")?.and_then(|text| text.parse::<RecordId>().ok());
    let once = once.unwrap_or_else(RecordId::generate).to_string();
    if let Some(firm) = shell.caller.grant.and_then(|grant| grant.identity.enterprise) {
        fields.enterprise = firm.to_string();
    }
    let mut columns = fields.columns();
    columns.insert("source".to_owned(), SOURCE.into());
    columns.insert("external_id".to_owned(), once.as_str().into());
    columns.insert("visibility".to_owned(), visibility(&fields, form.one("do")?.as_deref()));
    let object = Value::Object(columns).to_string();
    let digest = format!("{:x}", Sha256::digest(&object));
    let (viewer, key) = (shell.caller.viewer, Once { key: once.clone(), digest });
    match app.engine.create_from_json(viewer, Kind::Need, &object, Some(key)).await {
        Ok((need, _)) => Ok(to_need(&need.meta.id.to_string())),
        Err(error) => {
            let mut again = FormPage::new(&shell, fields);
            again.once = once;
            again.refused(error)
        }
    }
}

/// The form of a need that is kept.
pub(in crate::web) async fn edit_form(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(name): Path<String>,
) -> Page {
    let record = app.engine.find_record(shell.caller.viewer, Kind::Need, &name).await?;
    let Body::Need(need) = &record.body else {
        return Err(Problem::new(ProblemCode::NotFound, "没有这条需求，请核对编号"));
    };
    let mut told = FormPage::new(&shell, NeedFields::of(need, record.meta.visibility));
    told.is_draft = record.meta.visibility == Visibility::Private;
    told.kept = Some((format!("/needs/{}", record.meta.id), record.meta.revision));
    page(&told)
}

/// Keeps what a need says now.
pub(in crate::web) async fn save(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(name): Path<String>,
    form: Form,
) -> Page {
    let form = form.read(&NAMES)?;
    let fields = NeedFields::read(&form)?;
    let revision = form.number("revision")?.map(|revision| revision as u64);
    let mut columns = fields.columns();
    columns.insert("visibility".to_owned(), visibility(&fields, form.one("do")?.as_deref()));
    let engine = &app.engine;
    let viewer = shell.caller.viewer;
    match engine.change_from_json(viewer, Kind::Need, &name, revision, columns).await {
        Ok(_) => Ok(to_need(&name)),
        Err(error) => {
            let mut again = FormPage::new(&shell, fields);
            again.kept = Some((format!("/needs/{name}"), revision.unwrap_or_default()));
            again.refused(error)
        }
    }
}

/// Who may see it, by the button that was pressed.
fn visibility(fields: &NeedFields, button: Option<&str>) -> Value {
    match (button, fields.visibility.as_str()) {
        (Some("publish"), "matched") => Visibility::Matched.as_str().into(),
        (Some("publish"), _) => Visibility::Public.as_str().into(),
        _ => Visibility::Private.as_str().into(),
    }
}

fn to_need(name: &str) -> Response {
    Redirect::to(&format!("/needs/{name}")).into_response()
}
