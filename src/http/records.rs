//! The five kinds of record: a page, one by name, a new one, a change, what they said before.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{ETAG, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::{JsonText, Known, MustMatch, Params, etag, once};
use super::limits::LIST_LIMIT_DEFAULT;
use super::record_body::import_object;
use super::views;
use crate::engine::Outcome;
use crate::model::{Kind, Record, RecordId};

type Named = Result<Path<String>, PathRejection>;
type Page = Json<views::Page<views::Record>>;
type Found = ([(HeaderName, String); 1], Json<views::Record>);

/// Tells that a request had been done before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// Defines the handlers of a kind, each with its own description and schemas.
macro_rules! handlers {
    ($kind:ident, $view:ident, $new:ident, $tag:tt, $path:tt, $one:tt, $past:tt,
     $list:ident, $find:ident, $create:ident, $change:ident, $delete:ident, $history:ident) => {
        #[doc = concat!("A page of ", $tag, " in the order of their creation.")]
        #[utoipa::path(
            get, path = $path, tag = $tag, summary = "A page in the order of creation",
            params(
                ("limit" = Option<usize>, Query, description = "Records wanted, 1 to 200; 50 if absent", example = 50),
                ("after" = Option<String>, Query, description = "`next` of the page before", example = "01997f00-0000-7000-8000-000000000001"),
            ),
            responses((status = 200, description = "A page", body = views::Page<views::$view>))
        )]
        pub(super) async fn $list(
            State(app): State<Arc<App>>,
            caller: Caller,
            RawQuery(query): RawQuery,
        ) -> Result<Page, Problem> {
            list(&app, caller, Kind::$kind, query.as_deref()).await
        }

        #[doc = concat!("One of the ", $tag, " by id, external id or `source:external_id`.")]
        #[utoipa::path(
            get, path = $one, tag = $tag, summary = "One record by any of its names",
            params(
                ("name" = String, Path, description = "Id, external id or `source:external_id`", example = "import:rec-01"),
                ("If-None-Match" = Option<String>, Header, description = "The `ETag` of what you have", example = "\"7\""),
            ),
            responses(
                (
                    status = 200, description = "The record", body = views::$view,
                    headers(("ETag" = String, description = "The revision, for `If-Match`")),
                ),
                (status = 304, description = "You have it already"),
            )
        )]
        pub(super) async fn $find(
            State(app): State<Arc<App>>,
            caller: Caller,
            name: Named,
            known: Known,
        ) -> Result<Response, Problem> {
            find(&app, caller, Kind::$kind, name, &known).await
        }

        #[doc = concat!("Creates one of the ", $tag, ". It is stored for good when this is answered;")]
        #[doc = "matching and search have it a moment later, when `/readyz` tells a lag of 0."]
        #[utoipa::path(
            post, path = $path, tag = $tag, summary = "Creates a record",
            params((
                "Idempotency-Key" = Option<String>, Header,
                description = "Your name for this request, 1 to 200 visible ASCII characters: sent again within a day, it makes nothing again",
                example = "5b1f6a0e-new-record-01"
            )),
            request_body = views::$new,
            responses((
                status = 201, description = "The new record", body = views::$view,
                headers(
                    ("Location" = String, description = "Its address"),
                    ("ETag" = String, description = "The revision, for `If-Match`"),
                ),
            ))
        )]
        pub(super) async fn $create(
            State(app): State<Arc<App>>,
            caller: Caller,
            headers: HeaderMap,
            JsonText(body): JsonText,
        ) -> Result<Response, Problem> {
            create(&app, caller, Kind::$kind, &headers, &body).await
        }

        #[doc = concat!("Makes one of the ", $tag, " say what the body says: what is not given is empty.")]
        #[doc = "Name and source stay, and so does a visibility that is not given, and what you do not see of the record."]
        #[utoipa::path(
            put, path = $one, tag = $tag, summary = "Changes a record",
            params(
                ("name" = String, Path, description = "Id, external id or `source:external_id`", example = "import:rec-01"),
                ("If-Match" = String, Header, description = "The `ETag` that you have read; `*`: any", example = "\"1\""),
            ),
            request_body = views::$new,
            responses((
                status = 200, description = "The record", body = views::$view,
                headers(("ETag" = String, description = "The revision, for `If-Match`")),
            ))
        )]
        pub(super) async fn $change(
            State(app): State<Arc<App>>,
            caller: Caller,
            name: Named,
            MustMatch(revision): MustMatch,
            JsonText(body): JsonText,
        ) -> Result<Found, Problem> {
            change(&app, caller, Kind::$kind, name, revision, &body).await
        }

        #[doc = concat!("Deletes one of the ", $tag, ". Records that name it stay.")]
        #[utoipa::path(
            delete, path = $one, tag = $tag, summary = "Deletes a record",
            params(
                ("name" = String, Path, description = "Id, external id or `source:external_id`", example = "import:rec-01"),
                ("If-Match" = String, Header, description = "The `ETag` that you have read; `*`: any", example = "\"1\""),
            ),
            responses((status = 204, description = "It is deleted"))
        )]
        pub(super) async fn $delete(
            State(app): State<Arc<App>>,
            caller: Caller,
            name: Named,
            MustMatch(revision): MustMatch,
        ) -> Result<StatusCode, Problem> {
            let Path(name) = name?;
            app.engine.delete_record(caller.viewer, Kind::$kind, &name, revision).await?;
            Ok(StatusCode::NO_CONTENT)
        }

        #[doc = concat!("What one of the ", $tag, " said, the newest revision first, with who and when;")]
        #[doc = "for those who see all of it. Contacts are in none of them."]
        #[utoipa::path(
            get, path = $past, tag = $tag, summary = "What a record said before",
            params(
                ("name" = String, Path, description = "Id, external id or `source:external_id`", example = "import:rec-01"),
                ("limit" = Option<usize>, Query, description = "Revisions wanted, 1 to 200; 50 if absent", example = 50),
                ("after" = Option<u64>, Query, description = "`next` of the page before", example = 7),
            ),
            responses((status = 200, description = "A page", body = views::Page<views::$view>))
        )]
        pub(super) async fn $history(
            State(app): State<Arc<App>>,
            caller: Caller,
            name: Named,
            RawQuery(query): RawQuery,
        ) -> Result<Page, Problem> {
            history(&app, caller, Kind::$kind, name, query.as_deref()).await
        }
    };
}

handlers!(
    Institution,
    Institution,
    NewInstitution,
    "institutions",
    "/api/v1/institutions",
    "/api/v1/institutions/{name}",
    "/api/v1/institutions/{name}/history",
    list_institutions,
    find_institution,
    create_institution,
    change_institution,
    delete_institution,
    history_of_institution
);
handlers!(
    Lab,
    Lab,
    NewLab,
    "labs",
    "/api/v1/labs",
    "/api/v1/labs/{name}",
    "/api/v1/labs/{name}/history",
    list_labs,
    find_lab,
    create_lab,
    change_lab,
    delete_lab,
    history_of_lab
);
handlers!(
    Achievement,
    Achievement,
    NewAchievement,
    "achievements",
    "/api/v1/achievements",
    "/api/v1/achievements/{name}",
    "/api/v1/achievements/{name}/history",
    list_achievements,
    find_achievement,
    create_achievement,
    change_achievement,
    delete_achievement,
    history_of_achievement
);
handlers!(
    Enterprise,
    Enterprise,
    NewEnterprise,
    "enterprises",
    "/api/v1/enterprises",
    "/api/v1/enterprises/{name}",
    "/api/v1/enterprises/{name}/history",
    list_enterprises,
    find_enterprise,
    create_enterprise,
    change_enterprise,
    delete_enterprise,
    history_of_enterprise
);
handlers!(
    Need,
    Need,
    NewNeed,
    "needs",
    "/api/v1/needs",
    "/api/v1/needs/{name}",
    "/api/v1/needs/{name}/history",
    list_needs,
    find_need,
    create_need,
    change_need,
    delete_need,
    history_of_need
);

async fn list(app: &App, caller: Caller, kind: Kind, query: Option<&str>) -> Result<Page, Problem> {
    let params = Params::read(query, &["limit", "after"])?;
    let (after, limit) = page_params(&params)?;
    page_of(app.engine.list_records(caller.viewer, kind, after, limit).await?, views::record)
}

/// Where a page begins and how long it is.
pub(super) fn page_params(params: &Params) -> Result<(Option<RecordId>, usize), Problem> {
    let limit = params.number("limit")?.unwrap_or(LIST_LIMIT_DEFAULT);
    Ok((params.after()?, limit))
}

/// Records of a page as they are told, and where the next begins.
pub(super) fn page_of<T>(
    (records, more): (Vec<Record>, bool),
    view: impl Fn(&Record) -> Option<T>,
) -> Result<Json<views::Page<T>>, Problem> {
    let next = records.last().filter(|_| more).map(|record| record.meta.id.to_string());
    let items = records.iter().map(|record| viewed(view(record))).collect::<Result<_, _>>()?;
    Ok(Json(views::Page { items, next }))
}

async fn find(
    app: &App,
    caller: Caller,
    kind: Kind,
    name: Named,
    known: &Known,
) -> Result<Response, Problem> {
    let Path(name) = name?;
    let record = app.engine.find_record(caller.viewer, kind, &name).await?;
    if known.has(record.meta.revision) {
        let tag = [(ETAG, etag(record.meta.revision))];
        return Ok((StatusCode::NOT_MODIFIED, tag).into_response());
    }
    Ok(told(&record)?.into_response())
}

async fn create(
    app: &App,
    caller: Caller,
    kind: Kind,
    headers: &HeaderMap,
    body: &str,
) -> Result<Response, Problem> {
    let mut object = import_object(kind, body)?;
    object.entry("external_id").or_insert_with(|| Value::String(RecordId::generate().to_string()));
    let object = Value::Object(object).to_string();
    let once = once(headers, &format!("POST /api/v1/{}", kind.plural()), body)?;
    let created = app.engine.create_from_json(caller.viewer, kind, &object, once).await?;
    let (record, outcome) = created;
    let location = format!("/api/v1/{}/{}", kind.plural(), record.meta.id);
    let mut headers = HeaderMap::new();
    if outcome == Outcome::Repeated {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok((StatusCode::CREATED, [(LOCATION, location)], headers, told(&record)?).into_response())
}

async fn change(
    app: &App,
    caller: Caller,
    kind: Kind,
    name: Named,
    revision: Option<u64>,
    body: &str,
) -> Result<Found, Problem> {
    let Path(name) = name?;
    let object = import_object(kind, body)?;
    let changed = app.engine.change_from_json(caller.viewer, kind, &name, revision, object);
    told(&changed.await?)
}

async fn history(
    app: &App,
    caller: Caller,
    kind: Kind,
    name: Named,
    query: Option<&str>,
) -> Result<Page, Problem> {
    let Path(name) = name?;
    let params = Params::read(query, &["limit", "after"])?;
    let limit = params.number("limit")?.unwrap_or(LIST_LIMIT_DEFAULT);
    let before = params.number("after")?.map(|revision| revision as u64);
    let (revisions, more) = app.engine.history(caller.viewer, kind, &name, before, limit).await?;
    let next = revisions.last().filter(|_| more).map(|last| last.meta.revision.to_string());
    let items = revisions.iter().map(|record| viewed(views::record(record)));
    Ok(Json(views::Page { items: items.collect::<Result<_, _>>()?, next }))
}

/// A record with its revision.
fn told(record: &Record) -> Result<Found, Problem> {
    Ok(([(ETAG, etag(record.meta.revision))], Json(viewed(views::record(record))?)))
}

/// What is told of a record. The engine gives records of the kind asked for.
pub(super) fn viewed<T>(view: Option<T>) -> Result<T, Problem> {
    view.ok_or_else(|| Problem::internal(&"a record without a view"))
}
