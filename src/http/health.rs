//! Whether the service lives, is ready, and how it does.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use super::app::App;
use super::error::{Problem, ProblemCode};
use super::limits::{READY_LAG_MAX, READY_WAITING_MAX};
use super::views;
use crate::engine::{IndexState, IndexStatus};

/// The process lives.
#[utoipa::path(
    get, path = "/healthz", tag = "operations",
    responses((status = 200, description = "It lives", body = views::Health))
)]
pub(super) async fn healthz() -> Json<views::Health> {
    Json(views::Health { status: "ok" })
}

/// Whether answers are up to date: the index is this store's, at most 1,000 changes behind, and
/// none of them waits for more than 60 seconds. A folder that is damaged or cannot be written
/// is told, but answers are right all the same.
#[utoipa::path(
    get, path = "/readyz", tag = "operations",
    responses((status = 200, description = "It is ready", body = views::Readiness))
)]
pub(super) async fn readyz(State(app): State<Arc<App>>) -> Result<Json<views::Readiness>, Problem> {
    let status = app.engine.index_status().await?;
    readiness(&status)?;
    Ok(Json(views::readiness(&status, app.engine.inbox_status().await?)))
}

/// An empty store needs no index.
fn readiness(status: &IndexStatus) -> Result<(), Problem> {
    let not_ready = |detail: String| Problem::new(ProblemCode::NotReady, detail);
    if status.state() == IndexState::Building {
        let detail = match status.rebuild {
            Some(p) if p.total > 0 => format!("索引正在建立（{}/{}），请稍候", p.done, p.total),
            _ => "还没有这个数据库的索引，请等待建立，或运行 duijie doctor 查看".to_owned(),
        };
        return Err(not_ready(detail));
    }
    if status.lag() > READY_LAG_MAX {
        let detail = format!("索引落后 {} 条变更（上限 {READY_LAG_MAX}），请稍候", status.lag());
        return Err(not_ready(detail).limit(usize::try_from(READY_LAG_MAX).unwrap_or_default()));
    }
    if status.waiting > READY_WAITING_MAX {
        let (seconds, limit) = (status.waiting.as_secs(), READY_WAITING_MAX.as_secs());
        let detail = format!(
            "有变更等待索引已 {seconds} 秒（上限 {limit} 秒），请稍候，或运行 duijie doctor 查看"
        );
        return Err(not_ready(detail).limit(usize::try_from(limit).unwrap_or_default()));
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
    let inbox = app.engine.inbox_status().await?;
    let content_type = "text/plain; version=0.0.4; charset=utf-8";
    Ok(([(CONTENT_TYPE, content_type)], app.metrics.render(&status, inbox)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::index::IndexFault;

    fn status(indexed_seq: Option<i64>, store_seq: i64) -> IndexStatus {
        IndexStatus {
            documents: 0,
            segments: 0,
            size_bytes: 0,
            statistics: String::new(),
            analyzer: String::new(),
            indexed_seq,
            store_seq,
            waiting: Duration::ZERO,
            fault: None,
            in_memory: false,
            rebuild: None,
        }
    }

    #[test]
    fn an_index_that_is_foreign_or_far_behind_is_not_ready() {
        assert!(readiness(&status(None, 0)).is_ok(), "an empty store");
        assert!(readiness(&status(None, 1)).is_err());
        assert!(readiness(&status(Some(5), 5 + READY_LAG_MAX)).is_ok());
        assert!(readiness(&status(Some(5), 6 + READY_LAG_MAX)).is_err());
        let waits = |waiting| IndexStatus { waiting, ..status(Some(5), 6) };
        assert!(readiness(&waits(READY_WAITING_MAX)).is_ok());
        assert!(readiness(&waits(READY_WAITING_MAX + Duration::from_millis(1))).is_err());
    }

    #[test]
    fn a_bad_folder_is_no_reason_not_to_answer() {
        let reason = "disk full".to_owned();
        let fault = Some(IndexFault::Unwritable { reason });
        assert!(readiness(&IndexStatus { fault, in_memory: true, ..status(Some(5), 5) }).is_ok());
    }
}
