//! A file as the body of a request: larger and slower than other bodies, within limits of its own.

use std::error::Error;

use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use http_body_util::LengthLimitError;

use crate::http::error::{Problem, ProblemCode};
use crate::http::limits::{UPLOAD_BYTES_MAX, UPLOAD_TIMEOUT};

/// Receives the body of a request that is said to be of one of these types.
pub(in crate::http) async fn upload(request: Request, types: &[&str]) -> Result<Vec<u8>, Problem> {
    let value = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    if !types.iter().any(|known| essence.eq_ignore_ascii_case(known)) {
        let detail = format!("请用 Content-Type: {} 发送", types.join(" 或 "));
        return Err(Problem::new(ProblemCode::UnsupportedMediaType, detail));
    }
    let body = axum::body::to_bytes(request.into_body(), UPLOAD_BYTES_MAX);
    match tokio::time::timeout(UPLOAD_TIMEOUT, body).await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(error)) if error.source().is_some_and(|cause| cause.is::<LengthLimitError>()) => {
            let mib = UPLOAD_BYTES_MAX >> 20;
            let detail = format!("文件超过上限 {UPLOAD_BYTES_MAX} 字节（{mib} MiB），请拆成几个");
            Err(Problem::new(ProblemCode::TooLarge, detail).field("body").limit(UPLOAD_BYTES_MAX))
        }
        Ok(Err(error)) => {
            tracing::debug!(%error, "the upload broke off");
            Err(Problem::new(ProblemCode::BadRequest, "文件没有发送完整，请重试"))
        }
        Err(_) => {
            let seconds = UPLOAD_TIMEOUT.as_secs();
            let detail = format!("文件在 {seconds} 秒内没有到齐，请拆小，或检查网络后重试");
            Err(Problem::new(ProblemCode::BodyTimeout, detail))
        }
    }
}
