//! What is done to a lead: a step, a side's word, a plan, an activity. Whatever is refused is
//! shown again on the lead's page with what was written; nothing is lost.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};

use super::filled::Filled;
use super::show::refused;
use super::steps::{OTHER, StepTold, form_of, term_name};
use crate::engine::{EngineError, LeadPlan, NewActivity, NewStep};
use crate::http::{App, Problem, ProblemCode};
use crate::model::{Contract, Fen, LeadState, Mode, Refusal, Side};
use crate::store::StoreError;
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::shell::Shell;

/// Where those are led who come from there.
const BOARD: &str = "/leads";

/// Takes a step.
pub(in crate::web) async fn step(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(name): Path<String>,
    form: Form,
) -> Page {
    let filled = Filled::read(&app, &form)?;
    let outcome = take_step(&app, &shell, &name, &filled).await;
    told(&app, shell, &name, filled, outcome).await
}

/// Takes a step from the board, or leads to the page where it asks for more.
pub(in crate::web) async fn move_on(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(name): Path<String>,
    form: Form,
) -> Page {
    let filled = Filled::read(&app, &form)?;
    let to = filled.get("to").parse::<LeadState>().map_err(EngineError::from)?;
    let lead = app.engine.find_lead(shell.caller.viewer, &name, None).await?;
    let steps = StepTold::all(&lead, app.engine.transitions(), shell.role());
    let step = steps.iter().find(|step| step.to == to);
    if step.is_some_and(|step| !step.is_bare()) && filled.revision()? == lead.record.meta.revision {
        let address = format!("/leads/{name}?to={}#{}", to.as_str(), form_of(to));
        return Ok(Redirect::to(&address).into_response());
    }
    let outcome = take_step(&app, &shell, &name, &filled).await;
    told(&app, shell, &name, filled, outcome).await
}

async fn take_step(
    app: &App,
    shell: &Shell,
    name: &str,
    filled: &Filled,
) -> Result<(), EngineError> {
    let step = NewStep {
        to: filled.get("to").parse()?,
        note: filled.text("note"),
        reason: filled.text("reason"),
        due_on: filled.date("due_on")?,
        owner: None,
        contract: contract(app, filled)?,
    };
    let (viewer, revision) = (shell.caller.viewer, filled.revision()?);
    let once = filled.once(&format!("step of {name}"));
    app.engine.move_lead(viewer, name, Some(revision), step, once).await.map(drop)
}

/// What was agreed, if the form asked for it.
fn contract(app: &App, filled: &Filled) -> Result<Option<Contract>, EngineError> {
    if filled.get("mode").is_empty() {
        return Ok(None);
    }
    let mode = match filled.get("mode") {
        OTHER => Mode::Other(filled.text("other_mode")),
        name => Mode::parse(name),
    };
    let amount = filled.get("amount");
    // 80 may be meant as 80万元 or as 80元.
    if amount.ends_with(|c: char| c.is_numeric()) {
        let reason = format!("金额“{amount}”没有写单位");
        return Err(Refusal::new("amount", reason, "带单位的金额，如 80万元").into());
    }
    let amount = amount.parse::<Fen>()?;
    let given = app
        .engine
        .contract_fields()
        .of(&mode)
        .map(|field| (field.field.clone(), filled.text(&term_name(&field.field))));
    let terms = given.filter(|(_, text)| !text.is_empty()).collect();
    Ok(Some(Contract { mode, amount, terms }))
}

/// Puts down that a side wants the lead, or does not any more.
pub(in crate::web) async fn accept(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(name): Path<String>,
    form: Form,
) -> Page {
    let filled = Filled::read(&app, &form)?;
    let outcome = async {
        let side = filled.get("side").parse::<Side>()?;
        let answer = (side, filled.get("accepted") == "yes", filled.text("note"));
        let (viewer, revision) = (shell.caller.viewer, filled.revision()?);
        let once = filled.once(&format!("acceptance of {name}"));
        app.engine.accept_lead(viewer, &name, Some(revision), answer, once).await.map(drop)
    };
    let outcome = outcome.await;
    told(&app, shell, &name, filled, outcome).await
}

/// Changes who looks after it, and until when.
pub(in crate::web) async fn plan(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(name): Path<String>,
    form: Form,
) -> Page {
    let filled = Filled::read(&app, &form)?;
    let outcome = async {
        let plan = LeadPlan {
            owner: Some(Some(filled.text("owner")).filter(|owner| !owner.is_empty())),
            due_on: Some(filled.date("due_on")?),
            note: filled.text("note"),
        };
        let (viewer, revision) = (shell.caller.viewer, filled.revision()?);
        app.engine.plan_lead(viewer, &name, Some(revision), plan).await.map(drop)
    };
    let outcome = outcome.await;
    told(&app, shell, &name, filled, outcome).await
}

/// Writes down what was done.
pub(in crate::web) async fn write_activity(
    State(app): State<Arc<App>>,
    shell: Shell,
    Path(name): Path<String>,
    form: Form,
) -> Page {
    let filled = Filled::read(&app, &form)?;
    let outcome = async {
        let role = Some(filled.get("role")).filter(|role| !role.is_empty());
        let new = NewActivity {
            lead: Some(name.clone()),
            posting: None,
            kind: filled.get("kind").parse()?,
            role: role.map(str::parse).transpose()?,
            on: filled.date("on")?,
            place: filled.text("place"),
            text: filled.text("text"),
        };
        let once = filled.once(&format!("activity of {name}"));
        app.engine.create_activity(shell.caller.viewer, new, once).await.map(drop)
    };
    let outcome = outcome.await;
    told(&app, shell, &name, filled, outcome).await
}

/// Leads back to where one was, or shows the page again with what went wrong.
async fn told(
    app: &App,
    shell: Shell,
    name: &str,
    filled: Filled,
    outcome: Result<(), EngineError>,
) -> Page {
    let Err(error) = outcome else {
        let back = Some(filled.get("back")).filter(|back| {
            back.strip_prefix(BOARD).is_some_and(|rest| rest.is_empty() || rest.starts_with('?'))
        });
        let address = match back {
            Some(board) => format!("{board}#lead-{name}"),
            None => format!("/leads/{name}"),
        };
        return Ok(Redirect::to(&address).into_response());
    };
    let detail = match &error {
        EngineError::Refused(refusal) => format!("{}。{}。", refusal.reason, refusal.expected),
        EngineError::Store(StoreError::RevisionConflict { .. }) => {
            "这条线索刚被别人更改，您的这次操作没有执行。请先看下面的最新情况；您填写的内容都还在，核对后可以再提交。"
                .to_owned()
        }
        EngineError::Forbidden { .. } => {
            "您不能走这一步：它由其他角色办理，见下方可以办理的事项。".to_owned()
        }
        _ => String::new(),
    };
    let problem = Problem::from(error);
    if matches!(problem.code(), ProblemCode::NotSignedIn | ProblemCode::NotFound) {
        return Err(problem);
    }
    let detail = if detail.is_empty() { problem.view().detail } else { detail };
    refused(app, shell, name, filled, (problem.code().status(), detail)).await
}
