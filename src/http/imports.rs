//! Files of records: rows as NDJSON, and tables as people have them. Both become jobs.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, Request, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderName, StatusCode};

use super::app::App;
use super::caller::Caller;
use super::error::Problem;
use super::extract::{Params, upload};
use super::views;
use crate::engine::ImportOrder;
use crate::intake::{Encoding, Format, Options};
use crate::model::Kind;

type Accepted = (StatusCode, [(HeaderName, String); 1], Json<views::Job>);

/// What a file is called in its report if nobody says.
const FILE: &str = "body";
/// Longest name of a file or a source, in characters.
const NAME_CHARS_MAX: usize = 200;

/// Defines the handlers of a kind.
macro_rules! handlers {
    ($kind:ident, $tag:tt, $bulk_path:tt, $import_path:tt, $bulk:ident, $import:ident) => {
        #[doc = concat!("Many ", $tag, ", one JSON object a line with import columns as keys. A record that is there")]
        #[doc = "(same source and external id) is changed, others are created; rows that you may not write and bad cells are in the report of the job that this begins."]
        #[utoipa::path(
            post, path = $bulk_path, tag = $tag, summary = "Many records as NDJSON",
            params(
                ("source" = Option<String>, Query, description = "Source of rows that name none; `import` if absent", example = "import"),
                ("dry_run" = Option<bool>, Query, description = "Write nothing, and report what would be written", example = true),
            ),
            request_body(content = String, content_type = "application/x-ndjson"),
            responses((
                status = 202, description = "The job", body = views::Job,
                headers(("Location" = String, description = "Its address")),
            ))
        )]
        pub(super) async fn $bulk(
            State(app): State<Arc<App>>,
            caller: Caller,
            RawQuery(query): RawQuery,
            request: Request,
        ) -> Result<Accepted, Problem> {
            bulk(&app, caller, Kind::$kind, query.as_deref(), request).await
        }

        #[doc = concat!("A file of ", $tag, ": csv, tsv or jsonl in any usual encoding, with Chinese headers or import columns.")]
        #[doc = "`dry_run` shows how columns are taken and every bad cell before anything is written."]
        #[utoipa::path(
            post, path = $import_path, tag = $tag, summary = "A file of records",
            params(
                ("file" = Option<String>, Query, description = "Name of the file; its ending tells the format", example = "records.csv"),
                ("encoding" = Option<String>, Query, description = "`utf-8`, `gb18030`, `utf-16le` or `utf-16be`; found if absent", example = "utf-8"),
                ("source" = Option<String>, Query, description = "Source of rows that name none; `import` if absent", example = "import"),
                ("dry_run" = Option<bool>, Query, description = "Write nothing, and report what would be written", example = true),
            ),
            request_body(content(
                (String = "text/csv"),
                (String = "application/octet-stream"),
            )),
            responses((
                status = 202, description = "The job", body = views::Job,
                headers(("Location" = String, description = "Its address")),
            ))
        )]
        pub(super) async fn $import(
            State(app): State<Arc<App>>,
            caller: Caller,
            RawQuery(query): RawQuery,
            request: Request,
        ) -> Result<Accepted, Problem> {
            import(&app, caller, Kind::$kind, query.as_deref(), request).await
        }
    };
}

handlers!(
    Institution,
    "institutions",
    "/api/v1/institutions/bulk",
    "/api/v1/institutions/import",
    bulk_institutions,
    import_institutions
);
handlers!(Lab, "labs", "/api/v1/labs/bulk", "/api/v1/labs/import", bulk_labs, import_labs);
handlers!(
    Achievement,
    "achievements",
    "/api/v1/achievements/bulk",
    "/api/v1/achievements/import",
    bulk_achievements,
    import_achievements
);
handlers!(
    Enterprise,
    "enterprises",
    "/api/v1/enterprises/bulk",
    "/api/v1/enterprises/import",
    bulk_enterprises,
    import_enterprises
);
handlers!(Need, "needs", "/api/v1/needs/bulk", "/api/v1/needs/import", bulk_needs, import_needs);

async fn bulk(
    app: &App,
    caller: Caller,
    kind: Kind,
    query: Option<&str>,
    request: Request,
) -> Result<Accepted, Problem> {
    let params = Params::read(query, &["source", "dry_run"])?;
    let mut options = options(&params, FILE.to_owned())?;
    (options.format, options.encoding) = (Some(Format::Jsonl), Some(Encoding::Utf8));
    let types = ["application/x-ndjson"];
    begin(app, caller, kind, options, dry_run(&params)?, request, &types).await
}

async fn import(
    app: &App,
    caller: Caller,
    kind: Kind,
    query: Option<&str>,
    request: Request,
) -> Result<Accepted, Problem> {
    let params = Params::read(query, &["file", "encoding", "source", "dry_run"])?;
    let file = name(&params, "file")?.unwrap_or_else(|| FILE.to_owned());
    let mut options = options(&params, file)?;
    if let Some(encoding) = params.one("encoding")? {
        let known = encoding.parse::<Encoding>();
        let right = "utf-8、gb18030（gbk）、utf-16le、utf-16be";
        let wrong = |_| Problem::invalid("encoding", &format!("是“{encoding}”"), right);
        options.encoding = Some(known.map_err(wrong)?);
    }
    let types = ["text/csv", "application/octet-stream"];
    begin(app, caller, kind, options, dry_run(&params)?, request, &types).await
}

/// Begins a job with the body of a request. Its place is taken before a byte is received.
async fn begin(
    app: &App,
    caller: Caller,
    kind: Kind,
    options: Options,
    dry_run: bool,
    request: Request,
    types: &[&str],
) -> Result<Accepted, Problem> {
    let place = app.engine.job_place(caller.viewer)?;
    let bytes = upload(request, types).await?;
    let status = place.import(ImportOrder { kind, bytes, options, dry_run });
    let location = format!("/api/v1/jobs/{}", status.id);
    Ok((StatusCode::ACCEPTED, [(LOCATION, location)], Json(views::job(&status))))
}

fn options(params: &Params, file: String) -> Result<Options, Problem> {
    let options = Options::new(file);
    let Some(source) = name(params, "source")? else { return Ok(options) };
    let bad = source.contains(':') || source.trim().is_empty();
    if bad || source.chars().any(char::is_control) {
        return Err(Problem::invalid("source", "不能用作来源名", "不含冒号与控制字符的名称"));
    }
    Ok(options.with_source(source))
}

fn name(params: &Params, key: &str) -> Result<Option<String>, Problem> {
    let name = params.one(key)?;
    match &name {
        Some(name) if name.chars().count() > NAME_CHARS_MAX => {
            let right = format!("至多 {NAME_CHARS_MAX} 个字符");
            Err(Problem::invalid(key, "过长", &right))
        }
        _ => Ok(name),
    }
}

fn dry_run(params: &Params) -> Result<bool, Problem> {
    match params.one("dry_run")?.as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => Err(Problem::invalid("dry_run", &format!("是“{other}”"), "true 或 false")),
    }
}
