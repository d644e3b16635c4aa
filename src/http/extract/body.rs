//! A JSON body as text: within the limit, in time, in UTF-8, and said to be JSON.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;

use crate::http::app::App;
use crate::http::error::{Problem, ProblemCode};
use crate::http::limits::BODY_BYTES_MAX;

/// The body of a request, not parsed yet.
pub(in crate::http) struct JsonText(pub String);

impl FromRequest<Arc<App>> for JsonText {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        if !is_json(&request) {
            return Err(Problem::new(
                ProblemCode::UnsupportedMediaType,
                "请用 Content-Type: application/json 发送 JSON",
            ));
        }
        let reading = tokio::time::timeout(app.timeouts.body, Bytes::from_request(request, app));
        let bytes = match reading.await {
            Ok(Ok(bytes)) => bytes,
            Ok(Err(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                let detail =
                    format!("请求体超过上限 {BODY_BYTES_MAX} 字节（1 MiB），请减少内容后重试");
                let problem = Problem::new(ProblemCode::TooLarge, detail);
                return Err(problem.field("body").limit(BODY_BYTES_MAX));
            }
            Ok(Err(rejection)) => {
                tracing::debug!(%rejection, "the body broke off");
                return Err(Problem::new(ProblemCode::BadJson, "请求体没有发送完整，请重试"));
            }
            Err(_) => {
                let limit_ms = app.timeouts.body.as_millis();
                let detail = format!("请求体在 {limit_ms} 毫秒内没有到齐，请检查网络后重试");
                return Err(Problem::new(ProblemCode::BodyTimeout, detail));
            }
        };
        match String::from_utf8(bytes.into()) {
            Ok(text) => Ok(Self(text)),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let detail = format!("请求体第 {at} 个字节（从 0 数起）起不是合法的 UTF-8");
                Err(Problem::new(ProblemCode::BadJson, detail))
            }
        }
    }
}

fn is_json(request: &Request) -> bool {
    let value = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.is_some_and(|value| {
        let essence = value.split(';').next().unwrap_or_default();
        essence.trim().eq_ignore_ascii_case("application/json")
    })
}
