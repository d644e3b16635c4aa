//! Every address, by what it is about.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post, put};
use tower_http::catch_panic::CatchPanicLayer;

use super::app::App;
use super::caller::identify;
use super::error::{Problem, ProblemCode};
use super::guard::guard;
use super::limits::BODY_BYTES_MAX;
use super::observe::{observe, panicked};
use super::pages::{Pages, show_problems};
use super::rate::limit_rate;
use super::{
    activities, audit, coverage, desk, dismissals, docs, duplicates, health, imports, inbox, jobs,
    lead_changes, leads, matching, offices, openapi, permissions, plan_answers, plans, points,
    records, reports, rules, search, sessions, tokens, users,
};

/// The addresses with their handlers, limits and observation.
pub(super) fn router(app: Arc<App>, pages: Option<Pages>) -> Router {
    let (pages, problem) = match pages {
        Some(pages) => (pages.routes, Some(pages.problem)),
        None => (Router::new(), None),
    };
    let router = pages
        .merge(matching_routes())
        .merge(routes_of_offers())
        .merge(routes_of_firms())
        .merge(account_routes())
        .merge(lead_routes())
        .merge(plan_routes())
        .merge(upkeep_routes())
        .merge(service_routes())
        .fallback(no_such_route)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), identify))
        .layer(from_fn_with_state(app.clone(), guard))
        .layer(from_fn_with_state(app.clone(), limit_rate));
    let router = match problem {
        Some(show) => router.layer(from_fn_with_state(show, show_problems)),
        None => router,
    };
    router.layer(from_fn_with_state(app.clone(), observe)).with_state(app)
}

/// What is asked about needs and labs.
fn matching_routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/match", post(matching::match_labs))
        .route("/api/v1/match/needs", post(matching::match_needs))
        .route("/api/v1/coverage", post(coverage::coverage_of_need))
        .route("/api/v1/why-not", post(coverage::why_not))
        .route("/api/v1/compare", post(coverage::compare_labs))
        .route("/api/v1/points", post(points::points_of_need))
        .route("/api/v1/search", get(search::search))
}

/// Institutions, labs and achievements.
fn routes_of_offers() -> Router<Arc<App>> {
    Router::new()
        .route(
            "/api/v1/institutions",
            get(records::list_institutions).post(records::create_institution),
        )
        .route(
            "/api/v1/institutions/{name}",
            get(records::find_institution)
                .put(records::change_institution)
                .delete(records::delete_institution),
        )
        .route("/api/v1/institutions/{name}/history", get(records::history_of_institution))
        .route("/api/v1/institutions/bulk", post(imports::bulk_institutions))
        .route("/api/v1/institutions/import", post(imports::import_institutions))
        .route("/api/v1/labs", get(records::list_labs).post(records::create_lab))
        .route(
            "/api/v1/labs/{name}",
            get(records::find_lab).put(records::change_lab).delete(records::delete_lab),
        )
        .route("/api/v1/labs/{name}/history", get(records::history_of_lab))
        .route("/api/v1/labs/bulk", post(imports::bulk_labs))
        .route("/api/v1/labs/import", post(imports::import_labs))
        .route(
            "/api/v1/achievements",
            get(records::list_achievements).post(records::create_achievement),
        )
        .route(
            "/api/v1/achievements/{name}",
            get(records::find_achievement)
                .put(records::change_achievement)
                .delete(records::delete_achievement),
        )
        .route("/api/v1/achievements/{name}/history", get(records::history_of_achievement))
        .route("/api/v1/achievements/bulk", post(imports::bulk_achievements))
        .route("/api/v1/achievements/import", post(imports::import_achievements))
}

/// Firms and their needs.
fn routes_of_firms() -> Router<Arc<App>> {
    Router::new()
        .route(
            "/api/v1/enterprises",
            get(records::list_enterprises).post(records::create_enterprise),
        )
        .route(
            "/api/v1/enterprises/{name}",
            get(records::find_enterprise)
                .put(records::change_enterprise)
                .delete(records::delete_enterprise),
        )
        .route("/api/v1/enterprises/{name}/history", get(records::history_of_enterprise))
        .route("/api/v1/enterprises/bulk", post(imports::bulk_enterprises))
        .route("/api/v1/enterprises/import", post(imports::import_enterprises))
        .route("/api/v1/needs", get(records::list_needs).post(records::create_need))
        .route(
            "/api/v1/needs/{name}",
            get(records::find_need).put(records::change_need).delete(records::delete_need),
        )
        .route("/api/v1/needs/{name}/history", get(records::history_of_need))
        .route("/api/v1/needs/bulk", post(imports::bulk_needs))
        .route("/api/v1/needs/import", post(imports::import_needs))
}

/// Who one is, and who others are.
fn account_routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/sessions", post(sessions::sign_in).delete(sessions::sign_out_everywhere))
        .route("/api/v1/sessions/current", delete(sessions::sign_out))
        .route("/api/v1/me", get(sessions::who_am_i))
        .route("/api/v1/me/password", put(sessions::change_password))
        .route("/api/v1/tokens", get(tokens::list_tokens).post(tokens::create_token))
        .route("/api/v1/tokens/{id}", delete(tokens::revoke_token))
        .route("/api/v1/users", get(users::list_users).post(users::create_user))
        .route("/api/v1/users/{name}", get(users::find_user).put(users::change_user))
        .route("/api/v1/users/{name}/password", post(users::reset_password))
        .route("/api/v1/offices", get(offices::list_offices).post(offices::create_office))
        .route("/api/v1/offices/{name}", get(offices::find_office).put(offices::change_office))
        .route("/api/v1/permissions", get(permissions::list_permissions))
}

/// What becomes of matches.
fn lead_routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/leads", get(leads::list_leads).post(lead_changes::create_lead))
        .route("/api/v1/leads/{name}", get(leads::find_lead).put(lead_changes::plan_lead))
        .route("/api/v1/leads/{name}/transitions", post(lead_changes::move_lead))
        .route("/api/v1/leads/{name}/acceptances", post(lead_changes::accept_lead))
        .route("/api/v1/leads/{name}/history", get(leads::list_lead_history))
        .route(
            "/api/v1/leads/{name}/activities",
            get(activities::list_lead_activities).post(activities::create_lead_activity),
        )
        .route("/api/v1/lead-board", get(leads::list_lead_board))
        .route("/api/v1/lead-transitions", get(leads::list_lead_transitions))
        .route(
            "/api/v1/activities",
            get(activities::list_activities).post(activities::create_activity),
        )
        .route(
            "/api/v1/dismissals",
            get(dismissals::list_dismissals).post(dismissals::create_dismissal),
        )
        .route("/api/v1/dismissals/{name}", delete(dismissals::delete_dismissal))
        .route("/api/v1/reports", get(reports::report))
        .route("/api/v1/inbox", get(inbox::read_inbox))
        .route("/api/v1/inbox/seen", post(inbox::mark_inbox_seen))
        .route("/api/v1/inbox/summary", get(inbox::read_inbox_summary))
}

/// Programmes: plans, what is published of them, their rules.
fn plan_routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/plans", get(plans::list_plans).post(plans::create_plan))
        .route("/api/v1/plans/{id}", get(plans::find_plan).delete(plans::delete_plan))
        .route("/api/v1/plans/{id}/explanations", get(plan_answers::find_plan_explanations))
        .route("/api/v1/plans/{id}/check", get(plan_answers::find_plan_check))
        .route("/api/v1/plans/{id}/coverage", get(plan_answers::find_plan_coverage))
        .route("/api/v1/plans/{id}/relationships", get(plan_answers::find_plan_relationships))
        .route("/api/v1/plans/{id}/what-if", post(plan_answers::what_if_plan))
        .route("/api/v1/plans/{id}/difference", get(plan_answers::find_plan_difference))
        .route("/api/v1/plans/{id}/publish", post(plans::publish_plan))
        .route("/api/v1/plans/{id}/export", get(plans::export_plan))
        .route("/api/v1/postings", get(plans::list_postings))
        .route("/api/v1/desk", get(desk::read_desk))
        .route("/api/v1/rules", get(rules::list_rules))
        .route("/api/v1/rules/{id}", get(rules::find_rule))
}

/// Keeping records right: duplicates, the audit log, imports.
fn upkeep_routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1/duplicates", get(duplicates::list_duplicates))
        .route("/api/v1/merges", post(duplicates::merge_records))
        .route("/api/v1/merges/{name}/undo", post(duplicates::undo_merge))
        .route("/api/v1/audit", get(audit::list_audit))
        .route("/api/v1/audit/seal", get(audit::audit_seal))
        .route("/api/v1/jobs", get(jobs::list_jobs))
        .route("/api/v1/jobs/{id}", get(jobs::find_job).delete(jobs::cancel_job))
        .route("/api/v1/jobs/{id}/events", get(jobs::watch_job))
}

/// The service itself.
fn service_routes() -> Router<Arc<App>> {
    Router::new()
        .route("/openapi.json", get(openapi::openapi_json))
        .route("/docs", get(docs::docs))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
}

/// The address has no such method.
async fn method_not_allowed() -> Problem {
    let detail = "该地址不支持此方法，可用的方法见响应头 Allow 与 /openapi.json";
    Problem::new(ProblemCode::MethodNotAllowed, detail)
}

/// There is no such address.
async fn no_such_route() -> Problem {
    Problem::new(ProblemCode::NoSuchRoute, "没有这个地址，可用的地址见 /openapi.json")
}
