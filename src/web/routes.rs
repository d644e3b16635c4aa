//! Every address of the pages.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use axum::{Extension, Router};

use super::headers::secure_all;
use super::origin::ours_only;
use super::shell::Demo;
use super::{
    account, assets, desk, imports, leads, matches, needs, plans, problem, records, search,
};
use crate::http::{App, Pages, UPLOAD_BYTES_MAX};

/// The pages; with the users of a demo, if it is one.
pub fn pages(demo: Option<Demo>) -> Pages {
    let routes = account_routes()
        .merge(finding_routes())
        .merge(need_routes())
        .merge(lead_routes())
        .merge(import_routes())
        .merge(plan_routes())
        .route("/assets/{name}", get(assets::asset))
        .layer(Extension(demo.map(Arc::new)))
        .layer(from_fn(ours_only))
        .layer(from_fn(secure_all));
    Pages { routes, problem: problem::show }
}

/// Who one is.
fn account_routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(account::begin))
        .route("/sign-in", get(account::sign_in_form).post(account::sign_in))
        .route("/sign-out", post(account::sign_out))
        .route("/sign-out-everywhere", post(account::sign_out_everywhere))
        .route("/account", get(account::account))
        .route("/account/password", post(account::change_password))
        .route("/switch", post(account::switch))
}

/// What there is.
fn finding_routes() -> Router<Arc<App>> {
    Router::new()
        .route("/search", get(search::search))
        .route("/labs/{name}", get(records::lab))
        .route("/achievements/{name}", get(records::achievement))
        .route("/institutions/{name}", get(records::institution))
        .route("/enterprises/{name}", get(records::enterprise))
}

/// Needs and what they come to.
fn need_routes() -> Router<Arc<App>> {
    Router::new()
        .route("/needs", get(needs::list).post(needs::create))
        .route("/needs/new", get(needs::new_form))
        .route("/needs/preview", post(needs::preview))
        .route("/needs/{name}", get(needs::show).post(needs::save))
        .route("/needs/{name}/edit", get(needs::edit_form))
        .route("/needs/{name}/labs/{lab}", get(matches::show))
        .route("/needs/{name}/labs/{lab}/brief", get(matches::brief))
        .route("/needs/{name}/compare", get(matches::compare))
        .route("/needs/{name}/why-not", get(matches::why_not))
}

/// Files of records. The file itself goes to an address that ends as that of the API does, so
/// that it has the time to arrive (`http/observe.rs`).
fn import_routes() -> Router<Arc<App>> {
    let upload = post(imports::upload).layer(DefaultBodyLimit::max(UPLOAD_BYTES_MAX));
    Router::new()
        .route("/import", get(imports::form).merge(upload))
        .route("/import/{id}", get(imports::job))
        .route("/import/{id}/events", get(imports::watch))
        .route("/import/{id}/go", post(imports::go_ahead))
        .route("/import/{id}/cancel", post(imports::cancel))
        .route("/import/{id}/refused.csv", get(imports::returned))
}

/// Leads and what becomes of them; where the day begins.
fn lead_routes() -> Router<Arc<App>> {
    Router::new()
        .route("/leads", get(leads::board).post(leads::create))
        .route("/leads/{name}", get(leads::show))
        .route("/leads/{name}/steps", post(leads::step))
        .route("/leads/{name}/move", post(leads::move_on))
        .route("/leads/{name}/acceptances", post(leads::accept))
        .route("/leads/{name}/plan", post(leads::plan))
        .route("/leads/{name}/activities", post(leads::write_activity))
        .route("/dismissals", get(leads::dismissals).post(leads::dismiss))
        .route("/dismissals/{name}/undo", post(leads::undo))
        .route("/desk", get(desk::show))
        .route("/desk/seen", post(desk::seen))
        .route("/report", get(desk::report))
        .route("/report.csv", get(desk::report_csv))
}

/// Plans of 百校对接计划.
fn plan_routes() -> Router<Arc<App>> {
    Router::new()
        .route("/plans", get(plans::list).post(plans::order))
        .route("/plans/jobs/{id}", get(plans::job))
        .route("/plans/jobs/{id}/events", get(plans::watch))
        .route("/plans/{name}", get(plans::show))
        .route("/plans/{name}/export", get(plans::export))
        .route("/plans/{name}/postings/{commissioner}", get(plans::why))
        .route("/plans/{name}/what-if", get(plans::what_if).post(plans::adopt))
        .route("/plans/{name}/publish", get(plans::ask).post(plans::publish))
}
