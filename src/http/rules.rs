//! The rules of the programmes, for everybody.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};

use super::app::App;
use super::caller::Caller;
use super::error::{Problem, ProblemCode};
use super::extract::Params;
use super::leads::Named;
use super::views;

/// All rules with their texts, sources and numbers in force.
#[utoipa::path(
    get, path = "/api/v1/rules", tag = "plans", summary = "The rules of the programmes",
    responses((status = 200, description = "The rules", body = views::RuleBook))
)]
pub(super) async fn list_rules(
    State(app): State<Arc<App>>,
    _: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<views::RuleBook>, Problem> {
    Params::read(query.as_deref(), &[])?;
    Ok(Json(views::rule_book(app.engine.rules())))
}

/// A rule by its id; upper and lower case are the same.
#[utoipa::path(
    get, path = "/api/v1/rules/{id}", tag = "plans", summary = "One rule",
    params(("id" = String, Path, description = "Id", example = "H1")),
    responses((status = 200, description = "The rule", body = views::Rule))
)]
pub(super) async fn find_rule(
    State(app): State<Arc<App>>,
    _: Caller,
    id: Named,
) -> Result<Json<views::Rule>, Problem> {
    let Path(id) = id?;
    let book = app.engine.rules();
    let missing = || {
        let near = book.near_rules(&id);
        let advice = match near.is_empty() {
            true => "全部规则见 /api/v1/rules".to_owned(),
            false => format!("相近的有：{}", near.join("、")),
        };
        Problem::new(ProblemCode::NotFound, format!("没有编号为“{id}”的规则；{advice}"))
    };
    let (pack, rule) = book.rule(&id).ok_or_else(missing)?;
    Ok(Json(views::rule(pack, rule)))
}
