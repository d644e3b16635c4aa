//! Plans as records: lists, one by one, a new one, published, deleted, as a file.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::caller::Caller;
use super::case_body::{CASE_KEYS, case_of, changes_of};
use super::error::Problem;
use super::extract::{JsonText, MustMatch, Object, Params, etag, once};
use super::leads::Named;
use super::records::{page_params, viewed};
use super::views;
use crate::engine::{PlanOrder, PlanSource};
use crate::model::PlanState;

const ORDER_KEYS: [&str; 5] = ["name", "case", "from", "changes", "repair"];

type Accepted = (StatusCode, [(HeaderName, String); 1], Json<views::Job>);
type Tagged<T> = ([(HeaderName, String); 1], Json<T>);

/// A page of plans in the order of their making, of those that the caller may see: drafts are the
/// office's.
#[utoipa::path(
    get, path = "/api/v1/plans", tag = "plans", summary = "A page of plans",
    params(
        ("limit" = Option<usize>, Query, description = "Plans wanted, 1 to 200; 50 if absent", example = 50),
        ("after" = Option<String>, Query, description = "`next` of the page before", example = "01997f00-0000-7000-8000-000000000001"),
        ("state" = Option<String>, Query, description = "`draft`, `published` or `superseded`"),
    ),
    responses((status = 200, description = "A page", body = views::Page<views::PlanHead>))
)]
pub(super) async fn list_plans(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<views::Page<views::PlanHead>>, Problem> {
    let params = Params::read(query.as_deref(), &["limit", "after", "state"])?;
    let (after, limit) = page_params(&params)?;
    let state = params.parsed::<PlanState>("state")?;
    let (heads, more) = app.engine.list_plans(caller.viewer, state, after, limit)?;
    let next = heads.last().filter(|_| more).map(|head| head.id.to_string());
    Ok(Json(views::Page { items: heads.iter().map(views::plan_head).collect(), next }))
}

/// Makes a plan: of a case, or of another plan with changes. It is made in a job, which tells the
/// draft that was kept, or, if rules and wishes collide, which ones and the cheapest way out.
#[utoipa::path(
    post, path = "/api/v1/plans", tag = "plans", summary = "Makes a plan",
    params(("Idempotency-Key" = Option<String>, Header, description = "Sent again with the same key, the request is answered with the job that it has begun, while that is remembered; 200 characters at most")),
    request_body = views::PlanOrder,
    responses((
        status = 202, description = "The job", body = views::Job,
        headers(("Location" = String, description = "Its address")),
    ))
)]
pub(super) async fn create_plan(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    JsonText(text): JsonText,
) -> Result<Accepted, Problem> {
    let order = order(&text)?;
    let once = once(&headers, "POST /api/v1/plans", &text)?;
    let status = app.engine.begin_plan(caller.viewer, order, once).await?;
    let location = format!("/api/v1/jobs/{}", status.id);
    Ok((StatusCode::ACCEPTED, [(LOCATION, location)], Json(views::job(&status))))
}

/// A plan: its postings, how good it is level by level, how good that is known to be, and the
/// numbers in the rules that it was made with. The tag is to be sent back with a change.
#[utoipa::path(
    get, path = "/api/v1/plans/{id}", tag = "plans", summary = "One plan",
    params(("id" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001")),
    responses((
        status = 200, description = "The plan", body = views::Plan,
        headers(("ETag" = String, description = "Its revision, for If-Match")),
    ))
)]
pub(super) async fn find_plan(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
) -> Result<Tagged<views::Plan>, Problem> {
    let Path(name) = name?;
    let (plan, coverage) = app.engine.plan_coverage(caller.viewer, &name).await?;
    let tag = etag(plan.head.revision);
    Ok(([(ETAG, tag)], Json(views::plan(&plan, &coverage, app.engine.rules()))))
}

/// Publishes a draft: its postings come into force, the plan whose place it takes steps back, and
/// it never changes again.
#[utoipa::path(
    post, path = "/api/v1/plans/{id}/publish", tag = "plans", summary = "Publishes a draft",
    params(
        ("id" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001"),
        ("If-Match" = String, Header, description = "The `ETag` that you have read; `*`: any", example = "\"1\""),
    ),
    responses((
        status = 200, description = "The plan afterwards", body = views::PlanHead,
        headers(("ETag" = String, description = "Its revision, for If-Match")),
    ))
)]
pub(super) async fn publish_plan(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
    MustMatch(revision): MustMatch,
) -> Result<Tagged<views::PlanHead>, Problem> {
    let Path(name) = name?;
    let plan = app.engine.publish_plan(caller.viewer, &name, revision).await?;
    Ok(([(ETAG, etag(plan.head.revision))], Json(views::plan_head(&plan.head))))
}

/// Deletes a draft. What was published stays.
#[utoipa::path(
    delete, path = "/api/v1/plans/{id}", tag = "plans", summary = "Deletes a draft",
    params(
        ("id" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001"),
        ("If-Match" = String, Header, description = "The `ETag` that you have read; `*`: any", example = "\"1\""),
    ),
    responses((status = 204, description = "It is deleted"))
)]
pub(super) async fn delete_plan(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
    MustMatch(revision): MustMatch,
) -> Result<StatusCode, Problem> {
    let Path(name) = name?;
    app.engine.delete_plan(caller.viewer, &name, revision).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The postings of a plan as a file: for spreadsheets, or to be printed.
#[utoipa::path(
    get, path = "/api/v1/plans/{id}/export", tag = "plans", summary = "A plan as a file",
    params(
        ("id" = String, Path, description = "Id", example = "01997f00-0000-7000-8000-000000000001"),
        ("format" = Option<String>, Query, description = "`csv` (if absent) or `text`", example = "csv"),
    ),
    responses((status = 200, description = "The file", content(
        (String = "text/csv"),
        (String = "text/plain"),
    )))
)]
pub(super) async fn export_plan(
    State(app): State<Arc<App>>,
    caller: Caller,
    name: Named,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let Path(name) = name?;
    let format = Params::read(query.as_deref(), &["format"])?.one("format")?;
    let is_csv = match format.as_deref() {
        None | Some("csv") => true,
        Some("text") => false,
        Some(other) => {
            return Err(Problem::invalid("format", &format!("是“{other}”"), "csv 或 text"));
        }
    };
    let (plan, coverage) = app.engine.plan_coverage(caller.viewer, &name).await?;
    if is_csv {
        let file = format!("attachment; filename=\"plan-{}.csv\"", plan.head.id);
        let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, &file)];
        return Ok((headers, views::plan_csv(&plan)).into_response());
    }
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok((headers, views::plan_text(&plan, &coverage)).into_response())
}

/// The postings in force, or those of one published plan, that the caller may see.
#[utoipa::path(
    get, path = "/api/v1/postings", tag = "plans", summary = "Postings",
    params(("plan" = Option<String>, Query, description = "Of this plan, by id; of all plans in force if absent")),
    responses((status = 200, description = "The postings", body = views::Postings))
)]
pub(super) async fn list_postings(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<views::Postings>, Problem> {
    let plan = Params::read(query.as_deref(), &["plan"])?.one("plan")?;
    let records = app.engine.list_postings(caller.viewer, plan.as_deref()).await?;
    let items = records.iter().map(|record| viewed(views::posting(record)));
    Ok(Json(views::Postings { items: items.collect::<Result<_, _>>()? }))
}

/// What is ordered: of a case, or of another plan.
fn order(text: &str) -> Result<PlanOrder, Problem> {
    let mut body = Object::parse(text, &ORDER_KEYS)?;
    let name = body.text("name")?;
    let (case, from) = (body.inner("case", &CASE_KEYS)?, body.text("from")?);
    let source = match (case, from) {
        (Some(case), None) => {
            if let Some(key) = ["changes", "repair"].into_iter().find(|key| body.names(key)) {
                return Err(Problem::invalid(key, "与 case 同时给出", "只与 from 一起给出"));
            }
            PlanSource::Case(Box::new(case_of(case)?))
        }
        (None, Some(plan)) => {
            let changes = changes_of(&mut body)?;
            PlanSource::Plan { plan, changes, repair: body.flag("repair")?.unwrap_or(false) }
        }
        (Some(_), Some(_)) => {
            return Err(Problem::invalid("from", "与 case 同时给出", "case 与 from 只给一个"));
        }
        (None, None) => {
            let right = "案例 case，或另一份计划的编号 from";
            return Err(Problem::invalid("case", "没有给出", right));
        }
    };
    Ok(PlanOrder { name, source })
}
