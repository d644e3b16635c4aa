//! What clients change of leads: a new one, a step, an acceptance, a plan.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{ETAG, LOCATION};
use axum::http::{HeaderMap, HeaderName, StatusCode};

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::{IfMatch, JsonText, Object, etag, once};
use super::leads::{Named, Tagged, tagged};
use super::views;
use crate::engine::{LeadPlan, NewLead, NewStep};
use crate::model::{Contract, Fen, LeadState, Mode, Resource, Side};

const LEAD_KEYS: [&str; 6] = ["need", "lab", "resource", "owner", "due_on", "note"];
const STEP_KEYS: [&str; 6] = ["to", "note", "reason", "due_on", "owner", "contract"];
const CONTRACT_KEYS: [&str; 4] = ["mode", "amount", "amount_fen", "terms"];
const ACCEPT_KEYS: [&str; 3] = ["side", "accepted", "note"];
const PLAN_KEYS: [&str; 3] = ["owner", "due_on", "note"];

type Created = (StatusCode, [(HeaderName, String); 2], Json<views::Lead>);

/// Makes a lead of a need and a lab. There is one of a need, a lab and a resource; the problem
/// `exists` names it.
#[utoipa::path(
    post, path = "/api/v1/leads", tag = "leads", summary = "Makes a lead",
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request does nothing again; 200 characters at most")),
    request_body = views::LeadBody,
    responses((
        status = 201, description = "The new lead", body = views::Lead,
        headers(("Location" = String, description = "Its address"), ("ETag" = String, description = "Its revision, for If-Match")),
    ))
)]
pub(super) async fn create_lead(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    JsonText(text): JsonText,
) -> Result<Created, Problem> {
    let mut body = Object::parse(&text, &LEAD_KEYS)?;
    let (need, lab) = (body.text("need")?, body.text("lab")?);
    let new = NewLead {
        need: body.given("need", need, "需求的编号")?,
        lab: body.given("lab", lab, "实验室的编号")?,
        resource: body.parsed("resource")?.unwrap_or(Resource::Achievement),
        owner: body.text("owner")?,
        due_on: body.parsed("due_on")?,
        note: body.text("note")?.unwrap_or_default(),
    };
    let once = once(&headers, "POST /api/v1/leads", &text)?;
    let lead = app.engine.create_lead(caller.viewer, new, once).await?;
    let meta = &lead.record.meta;
    let location = (LOCATION, format!("/api/v1/leads/{}", meta.id));
    Ok((StatusCode::CREATED, [location, (ETAG, etag(meta.revision))], Json(views::lead(&lead))))
}

/// Takes a lead to another state. Of two changes of one revision the second is told so.
#[utoipa::path(
    post, path = "/api/v1/leads/{name}/transitions", tag = "leads", summary = "Takes a step",
    params(
        ("name" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001"),
        ("If-Match" = String, Header, description = "The ETag that was read", example = "\"3\""),
        ("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request does nothing again; 200 characters at most"),
    ),
    request_body = views::StepBody,
    responses((
        status = 200, description = "The lead afterwards", body = views::Lead,
        headers(("ETag" = String, description = "Its revision, for If-Match")),
    ))
)]
pub(super) async fn move_lead(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
    revision: IfMatch,
    headers: HeaderMap,
    JsonText(text): JsonText,
) -> Result<Tagged, Problem> {
    let Path(name) = name?;
    let mut body = Object::parse(&text, &STEP_KEYS)?;
    let expected = Some(revision.required()?);
    let to = body.parsed::<LeadState>("to")?;
    let contract = body.object("contract", "contract.", &CONTRACT_KEYS)?;
    let step = NewStep {
        to: body.given("to", to, "要到的状态，如 screened")?,
        note: body.text("note")?.unwrap_or_default(),
        reason: body.text("reason")?.unwrap_or_default(),
        due_on: body.parsed("due_on")?,
        owner: body.text("owner")?,
        contract: contract.map(contract_of).transpose()?,
    };
    let once = once(&headers, &format!("POST /api/v1/leads/{name}/transitions"), &text)?;
    Ok(tagged(&app.engine.move_lead(caller.viewer, &name, expected, step, once).await?))
}

/// Puts down that a side accepts a lead, or takes that back. A side speaks for itself; those in
/// charge say on what ground.
#[utoipa::path(
    post, path = "/api/v1/leads/{name}/acceptances", tag = "leads", summary = "Accepts",
    params(
        ("name" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001"),
        ("If-Match" = String, Header, description = "The ETag that was read", example = "\"3\""),
        ("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request does nothing again; 200 characters at most"),
    ),
    request_body = views::AcceptBody,
    responses((
        status = 200, description = "The lead afterwards", body = views::Lead,
        headers(("ETag" = String, description = "Its revision, for If-Match")),
    ))
)]
pub(super) async fn accept_lead(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
    revision: IfMatch,
    headers: HeaderMap,
    JsonText(text): JsonText,
) -> Result<Tagged, Problem> {
    let Path(name) = name?;
    let mut body = Object::parse(&text, &ACCEPT_KEYS)?;
    let expected = Some(revision.required()?);
    let side = body.parsed::<Side>("side")?;
    let side = body.given("side", side, "enterprise（企业）或 institution（高校院所）")?;
    let accepted = body.flag("accepted")?.unwrap_or(true);
    let note = body.text("note")?.unwrap_or_default();
    let once = once(&headers, &format!("POST /api/v1/leads/{name}/acceptances"), &text)?;
    let answer = (side, accepted, note);
    Ok(tagged(&app.engine.accept_lead(caller.viewer, &name, expected, answer, once).await?))
}

/// Changes who looks after a lead and until when the next step is due.
#[utoipa::path(
    put, path = "/api/v1/leads/{name}", tag = "leads", summary = "Plans a lead",
    params(
        ("name" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001"),
        ("If-Match" = String, Header, description = "The ETag that was read", example = "\"3\""),
    ),
    request_body = views::PlanBody,
    responses((
        status = 200, description = "The lead afterwards", body = views::Lead,
        headers(("ETag" = String, description = "Its revision, for If-Match")),
    ))
)]
pub(super) async fn plan_lead(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
    revision: IfMatch,
    JsonText(text): JsonText,
) -> Result<Tagged, Problem> {
    let Path(name) = name?;
    let mut body = Object::parse(&text, &PLAN_KEYS)?;
    let expected = Some(revision.required()?);
    let (has_owner, has_due_on) = (body.names("owner"), body.names("due_on"));
    let (owner, due_on) = (body.text("owner")?, body.parsed("due_on")?);
    let plan = LeadPlan {
        owner: has_owner.then_some(owner),
        due_on: has_due_on.then_some(due_on),
        note: body.text("note")?.unwrap_or_default(),
    };
    Ok(tagged(&app.engine.plan_lead(caller.viewer, &name, expected, plan).await?))
}

fn contract_of(mut given: Object) -> Result<Contract, Problem> {
    let mode = given.text("mode")?;
    let mode = given.given("mode", mode, "合作方式，如 technology_transfer（技术转让）")?;
    let amount = amount(&mut given)?;
    let terms = given.texts_by_name("terms")?;
    Ok(Contract { mode: Mode::parse(&mode), amount, terms })
}

/// 80 may be meant as 80万元 or as 80元, so a text has its unit.
fn amount(given: &mut Object) -> Result<Fen, Problem> {
    const EXPECTED: &str = "带单位的金额 amount，如 80万元；或以分为单位的整数 amount_fen";
    let (text, fen) = (given.text("amount")?, given.number("amount_fen")?);
    let invalid = |found: &str| Problem::invalid("contract.amount", found, EXPECTED);
    match (text, fen) {
        (Some(_), Some(_)) => Err(invalid("与 amount_fen 同时给出")),
        (None, None) => Err(invalid("没有给出")),
        (Some(text), None) if text.trim_end().ends_with(|c: char| c.is_numeric()) => {
            Err(invalid("没有写单位"))
        }
        (Some(text), None) => text.parse().map_err(|_| invalid(&format!("“{text}”不是金额"))),
        (None, Some(fen)) => {
            let amount = i64::try_from(fen).ok().and_then(Fen::new);
            amount.ok_or_else(|| invalid(&format!("{fen} 分超过一万亿元")))
        }
    }
}
