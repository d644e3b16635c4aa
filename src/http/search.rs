//! Free search.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::Params;
use super::filters::filter_problem;
use super::limits::SEARCH_LIMIT_DEFAULT;
use super::views;
use crate::engine::{Filters, SearchRequest};
use crate::index::EntryKind;
use crate::model::Kind;

const PARAMS: [&str; 8] =
    ["q", "kind", "limit", "region", "institution_class", "institution", "area", "lab_kind"];

/// Finds labs, achievements and needs that have the words of a query.
#[utoipa::path(
    get,
    path = "/api/v1/search",
    tag = "search",
    params(
        ("q" = String, Query, description = "Words and quoted phrases", example = "膜电极 耐久性"),
        ("kind" = Option<String>, Query, description = "`lab`, `achievement`, `need`: repeated or separated by commas; all if absent", example = "lab,achievement"),
        ("limit" = Option<usize>, Query, description = "Hits wanted, 1 to 100; 20 if absent", example = 20),
        ("region" = Option<String>, Query, description = "Province or city of an institution", example = "江苏"),
        ("institution_class" = Option<String>, Query, description = "`985`, `211`, `double_first_class` or `major_institute`", example = "211"),
        ("institution" = Option<String>, Query, description = "An institution by id, external id or `source:external_id`", example = "inst-01"),
        ("area" = Option<String>, Query, description = "Code or name of an area; areas below it count", example = "NSFC:B"),
        ("lab_kind" = Option<String>, Query, description = "`laboratory`, `team`, `centre`, `platform`; or `university`, `institute`", example = "laboratory"),
    ),
    responses((status = 200, description = "Hits and facets", body = views::SearchAnswer))
)]
pub(super) async fn search(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<views::SearchAnswer>, Problem> {
    let params = Params::read(query.as_deref(), &PARAMS)?;
    let request = SearchRequest {
        query: params.one("q")?.unwrap_or_default(),
        kinds: kinds(&params)?,
        limit: params.number("limit")?.unwrap_or(SEARCH_LIMIT_DEFAULT),
        filters: Filters {
            region: params.one("region")?,
            institution_class: params.one("institution_class")?,
            institution: params.one("institution")?,
            area: params.one("area")?,
            kind: params.one("lab_kind")?,
        },
    };
    let (engine, viewer) = (app.engine.clone(), caller.viewer);
    let answer = app.gate.run(async move { engine.search(viewer, request).await }).await?;
    let answer = answer.map_err(|error| {
        // `kind` is taken by the kind of hit.
        filter_problem(error, |name| if name == "kind" { "lab_kind".into() } else { name.into() })
    })?;
    Ok(Json(views::search_answer(&answer, app.engine.tables())))
}

fn kinds(params: &Params) -> Result<Vec<EntryKind>, Problem> {
    let mut kinds = Vec::new();
    for name in params.all("kind").flat_map(|value| value.split([',', '，'])) {
        let kind = match name.parse::<Kind>() {
            Ok(Kind::Lab) => EntryKind::Lab,
            Ok(Kind::Achievement) => EntryKind::Achievement,
            Ok(Kind::Need) => EntryKind::Need,
            Ok(_) | Err(_) => {
                let right = "lab（实验室）、achievement（成果）、need（技术需求）";
                return Err(Problem::invalid("kind", &format!("没有“{name}”这个取值"), right));
            }
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    Ok(kinds)
}
