//! What a form sends.

use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;

use crate::http::{BODY_BYTES_MAX, Params, Problem, ProblemCode};

/// 表单: the fields of a form as it was sent, not read yet.
pub(super) struct Form(String);

impl Form {
    /// The fields that the form may have.
    ///
    /// # Errors
    /// If there are others, or one is not UTF-8.
    pub fn read(&self, known: &[&str]) -> Result<Params, Problem> {
        Params::read(Some(&self.0), known)
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let sort = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !sort.is_some_and(|sort| sort.starts_with("application/x-www-form-urlencoded")) {
            let detail = "请用本系统的页面提交表单";
            return Err(Problem::new(ProblemCode::UnsupportedMediaType, detail));
        }
        let too_large = |_| {
            let detail = format!("表单内容超过上限 {BODY_BYTES_MAX} 字节，请缩短后再提交");
            Problem::new(ProblemCode::TooLarge, detail)
        };
        String::from_request(request, state).await.map(Self).map_err(too_large)
    }
}
