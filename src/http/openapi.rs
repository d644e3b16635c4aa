//! The description of the API for programs.
//!
//! Paths and schemas come from the handlers and views; examples are built from the very types
//! that are sent, and problems from the codes there are, so that neither can drift.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde_json::Value;
use utoipa::OpenApi;
use utoipa::openapi::example::Example;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, Ref, RefOr, Response};

use super::app::App;
use super::error::{Problem, ProblemCode as Code};
use super::openapi_problems::codes;
use super::views::{self, examples};
use super::{
    activities, audit, coverage, desk, dismissals, docs, duplicates, health, imports, inbox, jobs,
    lead_changes, leads, matching, offices, permissions, plan_answers, plans, points, records,
    reports, rules, search, sessions, strictness, tokens, users,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "duijie 对接",
        description = "Matches enterprises' technology needs with labs, with reasons. \
            Errors are `application/problem+json`; program against their `code`.",
        license(name = "MIT OR Apache-2.0")
    ),
    paths(
        matching::match_labs,
        matching::match_needs,
        points::points_of_need,
        coverage::coverage_of_need,
        coverage::why_not,
        coverage::compare_labs,
        search::search,
        records::list_institutions,
        records::find_institution,
        records::create_institution,
        records::change_institution,
        records::delete_institution,
        records::history_of_institution,
        imports::bulk_institutions,
        imports::import_institutions,
        records::list_labs,
        records::find_lab,
        records::create_lab,
        records::change_lab,
        records::delete_lab,
        records::history_of_lab,
        imports::bulk_labs,
        imports::import_labs,
        records::list_achievements,
        records::find_achievement,
        records::create_achievement,
        records::change_achievement,
        records::delete_achievement,
        records::history_of_achievement,
        imports::bulk_achievements,
        imports::import_achievements,
        records::list_enterprises,
        records::find_enterprise,
        records::create_enterprise,
        records::change_enterprise,
        records::delete_enterprise,
        records::history_of_enterprise,
        imports::bulk_enterprises,
        imports::import_enterprises,
        records::list_needs,
        records::find_need,
        records::create_need,
        records::change_need,
        records::delete_need,
        records::history_of_need,
        imports::bulk_needs,
        imports::import_needs,
        sessions::sign_in,
        sessions::sign_out,
        sessions::sign_out_everywhere,
        sessions::who_am_i,
        sessions::change_password,
        tokens::list_tokens,
        tokens::create_token,
        tokens::revoke_token,
        users::list_users,
        users::create_user,
        users::find_user,
        users::change_user,
        users::reset_password,
        offices::list_offices,
        offices::create_office,
        offices::find_office,
        offices::change_office,
        leads::list_leads,
        lead_changes::create_lead,
        leads::find_lead,
        lead_changes::plan_lead,
        lead_changes::move_lead,
        lead_changes::accept_lead,
        leads::list_lead_history,
        activities::list_lead_activities,
        activities::create_lead_activity,
        leads::list_lead_board,
        leads::list_lead_transitions,
        activities::list_activities,
        activities::create_activity,
        dismissals::list_dismissals,
        dismissals::create_dismissal,
        dismissals::delete_dismissal,
        reports::report,
        plans::list_plans,
        plans::create_plan,
        plans::find_plan,
        plans::delete_plan,
        plans::publish_plan,
        plans::export_plan,
        plan_answers::find_plan_explanations,
        plan_answers::find_plan_check,
        plan_answers::find_plan_coverage,
        plan_answers::find_plan_relationships,
        plan_answers::what_if_plan,
        plan_answers::find_plan_difference,
        plans::list_postings,
        desk::read_desk,
        rules::list_rules,
        rules::find_rule,
        duplicates::list_duplicates,
        duplicates::merge_records,
        duplicates::undo_merge,
        audit::list_audit,
        audit::audit_seal,
        inbox::read_inbox,
        inbox::mark_inbox_seen,
        inbox::read_inbox_summary,
        permissions::list_permissions,
        jobs::list_jobs,
        jobs::find_job,
        jobs::cancel_job,
        jobs::watch_job,
        openapi_json,
        docs::docs,
        health::healthz,
        health::readyz,
        health::metrics,
    ),
    components(schemas(views::Problem))
)]
struct Description;

/// Name of the way in which callers say who they are.
const BEARER: &str = "bearer";

/// The whole description.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Description::openapi();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
    let bearer = bearer.description(Some("A session's token (`djs_…`) or an API token (`djt_…`)"));
    let scheme = SecurityScheme::Http(bearer.build());
    document.components.get_or_insert_default().add_security_scheme(BEARER, scheme);
    // Everything may be asked without one, and answers with what is public.
    document.security =
        Some(vec![SecurityRequirement::default(), SecurityRequirement::new(BEARER, [""; 0])]);
    strictness::tell(&mut document);
    for (path, item) in &mut document.paths.paths {
        for operation in
            [&mut item.get, &mut item.post, &mut item.put, &mut item.delete].into_iter().flatten()
        {
            illustrate(operation);
            let mut told = HashSet::new();
            for code in codes(path, operation) {
                if told.insert(code) {
                    describe(operation, code);
                }
            }
        }
    }
    document
}

/// The whole description with what a service lets in.
pub(super) fn with_limits(limits: &[Value]) -> utoipa::openapi::OpenApi {
    let mut document = document();
    let told = limits.iter().map(|limit| {
        let unit = limit["unit"].as_str().filter(|unit| !unit.is_empty());
        format!(
            "{} {}{}",
            limit["name"].as_str().unwrap_or_default(),
            limit["value"],
            unit.map(|unit| format!(" {unit}")).unwrap_or_default()
        )
    });
    let told = told.collect::<Vec<_>>().join(", ");
    let description = document.info.description.get_or_insert_default();
    description.push_str(&format!(" Limits: {told}. An answer that a limit causes names it."));
    let extension = Extensions::builder().add("x-limits", limits).build();
    document.info.extensions = Some(extension);
    document
}

/// This description.
#[utoipa::path(
    get, path = "/openapi.json", tag = "operations",
    responses((status = 200, description = "OpenAPI 3", body = Object))
)]
pub(super) async fn openapi_json(
    State(app): State<Arc<App>>,
) -> Result<impl IntoResponse, Problem> {
    Ok(([(CONTENT_TYPE, "application/json")], app.described()?.json.clone()))
}

/// Gives a request and its answer their examples.
fn illustrate(operation: &mut Operation) {
    let id = operation.operation_id.clone().unwrap_or_default();
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        for content in body.content.values_mut() {
            set_example(content, examples::request(&id));
        }
    }
    for response in operation.responses.responses.values_mut() {
        let RefOr::T(response) = response else { continue };
        for (form, content) in &mut response.content {
            set_example(content, examples::answer(&id, form));
        }
    }
}

fn set_example(content: &mut RefOr<Content>, example: Option<Value>) {
    if let RefOr::T(content) = content {
        content.example = example;
    }
}

/// Adds a problem to the answers of its status.
fn describe(operation: &mut Operation, code: Code) {
    const CONTENT: &str = "application/problem+json";
    let response = operation
        .responses
        .responses
        .entry(code.status().as_str().to_owned())
        .or_insert_with(|| RefOr::T(Response::new("")));
    let RefOr::T(response) = response else { return };
    if !response.description.is_empty() {
        response.description.push('；');
    }
    response.description.push_str(code.title());
    let content = response
        .content
        .entry(CONTENT.to_owned())
        .or_insert_with(|| RefOr::T(Content::new(Some(Ref::from_schema_name("Problem")))));
    if let RefOr::T(content) = content {
        let example = Example::builder().value(Some(examples::problem(code))).build();
        content.examples.insert(code.as_str().to_owned(), RefOr::T(example));
    }
}
