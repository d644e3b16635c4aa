//! Whether the service lives, is ready, and how it does.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use super::app::App;
use super::error::{Problem, ProblemCode};
use super::limits::READY_LAG_MAX;
use super::views;
use crate::engine::IndexStatus;

/// The process lives.
#[utoipa::path(
    get, path = "/healthz", tag = "operations",
    responses((status = 200, description = "It lives", body = views::Health))
)]
pub(super) async fn healthz() -> Json<views::Health> {
    Json(views::Health { status: "ok" })
}

/// Whether answers are up to date: the index is this store's and at most 1,000 changes behind.
#[utoipa::path(
    get, path = "/readyz", tag = "operations",
    responses((status = 200, description = "It is ready", body = views::IndexStatus))
)]
pub(super) async fn readyz(
    State(app): State<Arc<App>>,
) -> Result<Json<views::IndexStatus>, Problem> {
    let status = app.engine.index_status().await?;
    readiness(&status)?;
    Ok(Json(views::index_status(&status)))
}

/// An empty store needs no index. A lag is judged as it is, not by its duration: one that is
/// small enough is taken over with the next look for changes.
fn readiness(status: &IndexStatus) -> Result<(), Problem> {
    if status.indexed_seq.is_none() && status.store_seq > 0 {
        let detail = "索引不是由此数据库建立的，请等待重建，或运行 duijie index rebuild";
        return Err(Problem::new(ProblemCode::NotReady, detail));
    }
    if status.lag() > READY_LAG_MAX {
        let detail = format!("索引落后 {} 条变更（上限 {READY_LAG_MAX}），请稍候", status.lag());
        let limit = usize::try_from(READY_LAG_MAX).unwrap_or_default();
        return Err(Problem::new(ProblemCode::NotReady, detail).limit(limit));
    }
    Ok(())
}

/// Counters in the text format of Prometheus.
#[utoipa::path(
    get, path = "/metrics", tag = "operations",
    responses((status = 200, description = "Counters", body = String, content_type = "text/plain"))
)]
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Problem> {
    let status = app.engine.index_status().await?;
    let content_type = "text/plain; version=0.0.4; charset=utf-8";
    Ok(([(CONTENT_TYPE, content_type)], app.metrics.render(&status)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(indexed_seq: Option<i64>, store_seq: i64) -> IndexStatus {
        IndexStatus {
            documents: 0,
            segments: 0,
            size_bytes: 0,
            statistics: String::new(),
            analyzer: String::new(),
            indexed_seq,
            store_seq,
        }
    }

    #[test]
    fn an_index_that_is_foreign_or_far_behind_is_not_ready() {
        assert!(readiness(&status(None, 0)).is_ok(), "an empty store");
        assert!(readiness(&status(None, 1)).is_err());
        assert!(readiness(&status(Some(5), 5 + READY_LAG_MAX)).is_ok());
        assert!(readiness(&status(Some(5), 6 + READY_LAG_MAX)).is_err());
    }
}
