//! From a match to a lead.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use crate::engine::{EngineError, NewLead};
use crate::http::{App, Params, Problem, ProblemCode};
use crate::model::Resource;
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::shell::Shell;

/// Makes a lead; where there is one already, leads to it.
pub(in crate::web) async fn create(State(app): State<Arc<App>>, shell: Shell, form: Form) -> Page {
    let form = form.read(&["need", "lab", "note"])?;
    let new = NewLead {
        need: given(&form, "need")?,
        lab: given(&form, "lab")?,
        resource: Resource::Achievement,
        owner: None,
        due_on: None,
        note: form.one("note")?.unwrap_or_default(),
    };
    match app.engine.create_lead(shell.caller.viewer, new, None).await {
        Ok(lead) => Ok(to(&format!("/leads/{}", lead.record.meta.id))),
        Err(EngineError::LeadExists { id }) => Ok(to(&format!("/leads/{id}"))),
        Err(EngineError::Forbidden { .. }) if shell.role().is_some() => {
            let detail = "这条需求和这个实验室都不由您负责，不能由您建立线索；请联系需求所在园区或实验室所在高校的专员";
            Err(Problem::new(ProblemCode::Forbidden, detail))
        }
        Err(EngineError::Forbidden { .. }) => Err(EngineError::NotSignedIn.into()),
        Err(other) => Err(other.into()),
    }
}

/// A field that the page of a match sends.
pub(super) fn given(form: &Params, name: &str) -> Result<String, Problem> {
    let missing = || Problem::invalid(name, "没有给出", "请从匹配页面提交");
    form.one(name)?.ok_or_else(missing)
}

/// Leads there.
pub(super) fn to(address: &str) -> Response {
    Redirect::to(address).into_response()
}
