//! Leads as they are: lists, one by one, their history, the board, and the rules.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderName;
use axum::http::header::ETAG;

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::{Params, etag};
use super::limits::LIST_LIMIT_DEFAULT;
use super::records::page_params;
use super::views;
use crate::engine::{LeadQuery, LeadView};
use crate::model::{LeadState, Timestamp};

/// The conditions of a list and of the board.
const CONDITIONS: [&str; 10] = [
    "state",
    "office",
    "institution",
    "owner",
    "need",
    "lab",
    "resource",
    "overdue",
    "updated_since",
    "today",
];

/// The name in an address.
pub(super) type Named = Result<Path<String>, PathRejection>;
/// A lead with the tag of its revision.
pub(super) type Tagged = ([(HeaderName, String); 1], Json<views::Lead>);

/// A page of leads in the order of their creation, of those that the caller may see.
#[utoipa::path(
    get, path = "/api/v1/leads", tag = "leads",
    params(
        ("limit" = Option<usize>, Query, description = "Leads wanted, 1 to 200; 50 if absent", example = 50),
        ("after" = Option<String>, Query, description = "`next` of the page before", example = "01997f00-0000-7000-8000-000000000001"),
        ("state" = Option<Vec<String>>, Query, description = "In one of these states"),
        ("office" = Option<String>, Query, description = "Firm in the area of this office or park: id, external id or name"),
        ("institution" = Option<String>, Query, description = "Lab of this institution"),
        ("owner" = Option<String>, Query, description = "Looked after by this user: id or login; `me`"),
        ("need" = Option<String>, Query, description = "Of this need"),
        ("lab" = Option<String>, Query, description = "Of this lab"),
        ("resource" = Option<String>, Query, description = "`achievement`, `talent`, `graduate` or `instrument`"),
        ("overdue" = Option<bool>, Query, description = "The day by which the next step was due is over"),
        ("updated_since" = Option<String>, Query, description = "Changed at this instant or later, RFC 3339"),
        ("today" = Option<String>, Query, description = "The day from which ageing is counted; today in China if absent"),
    ),
    responses((status = 200, description = "A page", body = views::Page<views::Lead>))
)]
pub(super) async fn list_leads(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<views::Page<views::Lead>>, Problem> {
    let known: Vec<&str> = ["limit", "after"].into_iter().chain(CONDITIONS).collect();
    let params = Params::read(query.as_deref(), &known)?;
    let (after, limit) = page_params(&params)?;
    let query = conditions(&params)?;
    let (leads, more) = app.engine.list_leads(caller.viewer, query, after, limit).await?;
    let next = leads.last().filter(|_| more).map(|lead| lead.record.meta.id.to_string());
    Ok(Json(views::Page { items: leads.iter().map(views::lead).collect(), next }))
}

/// How many leads are in each state, of those that the caller may see.
#[utoipa::path(
    get, path = "/api/v1/lead-board", tag = "leads",
    params(
        ("state" = Option<Vec<String>>, Query, description = "In one of these states"),
        ("office" = Option<String>, Query, description = "As of the list of leads"),
        ("institution" = Option<String>, Query, description = "As of the list of leads"),
        ("owner" = Option<String>, Query, description = "As of the list of leads"),
        ("need" = Option<String>, Query, description = "As of the list of leads"),
        ("lab" = Option<String>, Query, description = "As of the list of leads"),
        ("resource" = Option<String>, Query, description = "As of the list of leads"),
        ("overdue" = Option<bool>, Query, description = "As of the list of leads"),
        ("updated_since" = Option<String>, Query, description = "As of the list of leads"),
        ("today" = Option<String>, Query, description = "As of the list of leads"),
    ),
    responses((status = 200, description = "All states", body = views::Board))
)]
pub(super) async fn list_lead_board(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<views::Board>, Problem> {
    let params = Params::read(query.as_deref(), &CONDITIONS)?;
    let columns = app.engine.lead_board(caller.viewer, conditions(&params)?).await?;
    Ok(Json(views::board(&columns)))
}

/// A lead by its id. The tag is to be sent back with a change.
#[utoipa::path(
    get, path = "/api/v1/leads/{name}", tag = "leads", summary = "One lead",
    params(
        ("name" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001"),
        ("today" = Option<String>, Query, description = "The day from which ageing is counted; today in China if absent"),
    ),
    responses((
        status = 200, description = "The lead", body = views::Lead,
        headers(("ETag" = String, description = "Its revision, for If-Match")),
    ))
)]
pub(super) async fn find_lead(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
    RawQuery(query): RawQuery,
) -> Result<Tagged, Problem> {
    let Path(name) = name?;
    let today = Params::read(query.as_deref(), &["today"])?.parsed("today")?;
    Ok(tagged(&app.engine.find_lead(caller.viewer, &name, today).await?))
}

/// What has become of a lead, change by change.
#[utoipa::path(
    get, path = "/api/v1/leads/{name}/history", tag = "leads",
    params(
        ("name" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001"),
        ("limit" = Option<usize>, Query, description = "Changes wanted, 1 to 200; 50 if absent", example = 50),
        ("after" = Option<u64>, Query, description = "`next` of the page before", example = 50),
    ),
    responses((status = 200, description = "A page", body = views::LeadSteps))
)]
pub(super) async fn list_lead_history(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
    RawQuery(query): RawQuery,
) -> Result<Json<views::LeadSteps>, Problem> {
    let Path(name) = name?;
    let params = Params::read(query.as_deref(), &["limit", "after"])?;
    let limit = params.number("limit")?.unwrap_or(LIST_LIMIT_DEFAULT);
    let after = params.number("after")?.unwrap_or(0) as u64;
    let (steps, more) = app.engine.lead_history(caller.viewer, &name, after, limit).await?;
    let next = steps.last().filter(|_| more).map(|step| step.revision);
    Ok(Json(views::LeadSteps { items: steps.iter().map(views::lead_step).collect(), next }))
}

/// Which state of a lead may follow which, who may take the step, and what it needs.
#[utoipa::path(
    get, path = "/api/v1/lead-transitions", tag = "leads",
    responses((status = 200, description = "The rules", body = views::Transitions))
)]
pub(super) async fn list_lead_transitions(
    State(app): State<Arc<App>>,
    _: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<views::Transitions>, Problem> {
    Params::read(query.as_deref(), &[])?;
    Ok(Json(views::transitions(app.engine.transitions(), app.engine.contract_fields())))
}

/// A lead with the tag of its revision.
pub(super) fn tagged(lead: &LeadView) -> Tagged {
    ([(ETAG, etag(lead.record.meta.revision))], Json(views::lead(lead)))
}

fn conditions(params: &Params) -> Result<LeadQuery, Problem> {
    let state = |text: &str| {
        text.parse::<LeadState>()
            .map_err(|refusal| Problem::invalid("state", &refusal.reason, &refusal.expected))
    };
    let overdue = match params.one("overdue")?.as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(other) => {
            return Err(Problem::invalid("overdue", &format!("是“{other}”"), "true 或 false"));
        }
    };
    Ok(LeadQuery {
        states: params.all("state").map(state).collect::<Result<_, _>>()?,
        office: params.one("office")?,
        institution: params.one("institution")?,
        owner: params.one("owner")?,
        need: params.one("need")?,
        lab: params.one("lab")?,
        resource: params.parsed("resource")?,
        overdue,
        updated_since: params.parsed::<Timestamp>("updated_since")?,
        today: params.parsed("today")?,
    })
}
