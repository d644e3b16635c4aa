//! The five kinds of record: a page, one by name, a new one.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderName, StatusCode};
use serde_json::{Map, Value};

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::{JsonText, Object, Params, found};
use super::limits::LIST_LIMIT_DEFAULT;
use super::views;
use crate::intake::column_names;
use crate::model::{Fen, Kind, Record, RecordId};

type Named = Result<Path<String>, PathRejection>;
type Page = Json<views::Page<views::Record>>;
type Created = (StatusCode, [(HeaderName, String); 1], Json<views::Record>);

/// Defines the handlers of a kind, each with its own description and schemas.
macro_rules! handlers {
    ($kind:ident, $view:ident, $new:ident, $tag:tt, $path:tt, $one:tt,
     $list:ident, $find:ident, $create:ident) => {
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
            params(("name" = String, Path, description = "Id, external id or `source:external_id`", example = "import:rec-01")),
            responses((status = 200, description = "The record", body = views::$view))
        )]
        pub(super) async fn $find(
            State(app): State<Arc<App>>,
            caller: Caller,
            name: Named,
        ) -> Result<Json<views::Record>, Problem> {
            find(&app, caller, Kind::$kind, name).await
        }

        #[doc = concat!("Creates one of the ", $tag, ". It is stored for good when this is answered;")]
        #[doc = "matching and search have it a moment later, when `/readyz` tells a lag of 0."]
        #[utoipa::path(
            post, path = $path, tag = $tag, summary = "Creates a record",
            request_body = views::$new,
            responses((
                status = 201, description = "The new record", body = views::$view,
                headers(("Location" = String, description = "Its address")),
            ))
        )]
        pub(super) async fn $create(
            State(app): State<Arc<App>>,
            caller: Caller,
            JsonText(body): JsonText,
        ) -> Result<Created, Problem> {
            create(&app, caller, Kind::$kind, &body).await
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
    list_institutions,
    find_institution,
    create_institution
);
handlers!(
    Lab,
    Lab,
    NewLab,
    "labs",
    "/api/v1/labs",
    "/api/v1/labs/{name}",
    list_labs,
    find_lab,
    create_lab
);
handlers!(
    Achievement,
    Achievement,
    NewAchievement,
    "achievements",
    "/api/v1/achievements",
    "/api/v1/achievements/{name}",
    list_achievements,
    find_achievement,
    create_achievement
);
handlers!(
    Enterprise,
    Enterprise,
    NewEnterprise,
    "enterprises",
    "/api/v1/enterprises",
    "/api/v1/enterprises/{name}",
    list_enterprises,
    find_enterprise,
    create_enterprise
);
handlers!(
    Need,
    Need,
    NewNeed,
    "needs",
    "/api/v1/needs",
    "/api/v1/needs/{name}",
    list_needs,
    find_need,
    create_need
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
) -> Result<Json<views::Record>, Problem> {
    let Path(name) = name?;
    let record = app.engine.find_record(caller.viewer, kind, &name).await?;
    Ok(Json(viewed(views::record(&record))?))
}

async fn create(app: &App, caller: Caller, kind: Kind, body: &str) -> Result<Created, Problem> {
    let object = import_object(kind, body)?;
    let record = app.engine.create_from_json(caller.viewer, kind, &object).await?;
    let location = format!("/api/v1/{}/{}", kind.plural(), record.meta.id);
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(viewed(views::record(&record))?)))
}

/// What is told of a record. The engine gives records of the kind asked for.
pub(super) fn viewed<T>(view: Option<T>) -> Result<T, Problem> {
    view.ok_or_else(|| Problem::internal(&"a record without a view"))
}

/// The body as the import reads it, on one line. Here only the sorts of the values are
/// checked, more strictly than in files: a number is no text and a list is no text either.
fn import_object(kind: Kind, body: &str) -> Result<String, Problem> {
    const FEN: &str = "budget_fen";
    let columns: Vec<(&str, bool)> = column_names(kind).collect();
    let mut known: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    if kind == Kind::Need {
        known.push(FEN);
    }
    let mut given = Object::parse(body, &known)?;
    let mut object = Map::new();
    for (name, is_list) in columns {
        let Some(value) = given.take(name) else { continue };
        check_sort(name, is_list, &value)?;
        object.insert(name.to_owned(), value);
    }
    if let Some(value) = given.take(FEN) {
        let amount = value.as_i64().and_then(Fen::new).ok_or_else(|| {
            Problem::invalid(FEN, &found(&value), "以分为单位的非负整数，不超过一万亿元")
        })?;
        let budget = Value::String(format!("{}分", amount.get()));
        if object.insert("budget".to_owned(), budget).is_some() {
            return Err(Problem::invalid(FEN, "与 budget 同时给出", "两者只给一个"));
        }
    }
    object.entry("external_id").or_insert_with(|| Value::String(RecordId::generate().to_string()));
    Ok(Value::Object(object).to_string())
}

fn check_sort(name: &str, is_list: bool, value: &Value) -> Result<(), Problem> {
    let refuse = |found: &str, expected: &str| Err(Problem::invalid(name, found, expected));
    match (name, value) {
        ("maturity" | "maturity_wanted", Value::String(_)) => Ok(()),
        ("maturity" | "maturity_wanted", Value::Number(level)) if level.is_u64() => Ok(()),
        ("maturity" | "maturity_wanted", _) => refuse(&found(value), "1 到 9 的整数"),
        // 80 may be meant as 80万元 or as 80元.
        ("budget", Value::String(text)) if text.trim_end().ends_with(|c: char| c.is_numeric()) => {
            refuse("没有写单位", "带单位的金额，如 80万元、500000元；或改用 budget_fen")
        }
        (_, Value::Array(items)) if is_list => match items.iter().find(|item| !item.is_string()) {
            None => Ok(()),
            Some(item) => refuse(&format!("列表里有一项{}", found(item)), "由字符串组成的列表"),
        },
        (_, _) if is_list => refuse(&found(value), "由字符串组成的列表"),
        (_, Value::String(_)) => Ok(()),
        ("budget", _) => refuse(&found(value), "带单位的金额，如 \"80万元\"；或改用 budget_fen"),
        (_, _) => refuse(&found(value), "字符串"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(kind: Kind, body: &str) -> Option<String> {
        import_object(kind, body).err().and_then(|problem| problem.view().field)
    }

    #[test]
    fn values_of_the_wrong_sort_are_told_by_their_key() {
        let need = |body| code(Kind::Need, body);
        assert_eq!(need(r#"{"title": "a", "budget": "80万元", "maturity_wanted": 6}"#), None);
        assert_eq!(need(r#"{"title": "a", "budget": 80}"#).as_deref(), Some("budget"));
        assert_eq!(need(r#"{"title": "a", "budget": "80"}"#).as_deref(), Some("budget"));
        assert_eq!(need(r#"{"title": "a", "budget_fen": 1.5}"#).as_deref(), Some("budget_fen"));
        assert_eq!(need(r#"{"title": 5}"#).as_deref(), Some("title"));
        assert_eq!(need(r#"{"areas": "氢能"}"#).as_deref(), Some("areas"));
        assert_eq!(need(r#"{"areas": ["氢能", 1]}"#).as_deref(), Some("areas"));
        assert_eq!(need(r#"{"标题": "a"}"#).as_deref(), Some("标题"));
        let both = r#"{"budget": "1元", "budget_fen": 100}"#;
        assert_eq!(need(both).as_deref(), Some("budget_fen"));
    }

    #[test]
    fn line_ends_in_the_body_do_not_end_the_row() {
        let object =
            import_object(Kind::Lab, "{\n\"name\":\r\n\"实验室\", \"profile\": \"a\\nb\"}");
        assert_eq!(object.unwrap().lines().count(), 1);
    }
}
