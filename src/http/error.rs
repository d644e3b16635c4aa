//! The one mapping from what went wrong to what the client is told.

use std::fmt;

use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::limits::{CONNECTIONS_MAX, HEAD_BYTES_MAX, RATE_PER_S_DEFAULT, RETRY_AFTER_S};
use super::{request_id, views};
use crate::engine::{EngineError, whole_seconds};
use crate::index::IndexError;
use crate::model::RecordId;
use crate::store::{Obstacle, StoreError};

/// Defines the sorts of problem: status, stable name and Chinese title.
macro_rules! problem_codes {
    ($($(#[$meta:meta])* $code:ident = $status:ident, $name:literal, $title:literal;)+) => {
        /// The sorts of problem that a client may meet.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ProblemCode { $($(#[$meta])* $code,)+ }

        impl ProblemCode {
            /// All sorts.
            pub const ALL: &'static [Self] = &[$(Self::$code),+];

            /// The HTTP status.
            pub fn status(self) -> StatusCode {
                match self { $(Self::$code => StatusCode::$status),+ }
            }

            /// The stable English name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$code => $name),+ }
            }

            /// The Chinese title.
            pub fn title(self) -> &'static str {
                match self { $(Self::$code => $title),+ }
            }
        }
    };
}

problem_codes! {
    /// What was sent is no request of HTTP.
    BadRequest = BAD_REQUEST, "bad_request", "不是合法的 HTTP 请求";
    /// The port speaks TLS only.
    TlsNeeded = BAD_REQUEST, "tls_needed", "此端口只接受 HTTPS";
    /// The body is no JSON object.
    BadJson = BAD_REQUEST, "bad_json", "请求体不是合法的 JSON 对象";
    /// The path or the query cannot be decoded.
    BadUrl = BAD_REQUEST, "bad_url", "网址有误";
    /// A key or parameter that does not exist.
    UnknownField = BAD_REQUEST, "unknown_field", "没有这个字段或参数";
    /// A value that cannot be used.
    InvalidValue = BAD_REQUEST, "invalid_value", "取值有误";
    /// Nothing was shown, and something must be.
    NotSignedIn = UNAUTHORIZED, "not_signed_in", "尚未登录";
    /// What was shown is no good, or no longer.
    BadToken = UNAUTHORIZED, "bad_token", "令牌无效";
    /// Login or password are wrong.
    WrongLogin = UNAUTHORIZED, "wrong_login", "登录失败";
    /// Nothing is allowed before the password has been changed.
    PasswordChangeRequired = FORBIDDEN, "password_change_required", "须先修改密码";
    /// The viewer may not do that.
    Forbidden = FORBIDDEN, "forbidden", "没有权限";
    /// No such record, or none that the viewer may see.
    NotFound = NOT_FOUND, "not_found", "没有这条记录";
    /// No such address.
    NoSuchRoute = NOT_FOUND, "no_such_route", "没有这个地址";
    /// The address has no such method.
    MethodNotAllowed = METHOD_NOT_ALLOWED, "method_not_allowed", "该地址不支持此方法";
    /// The body did not come in time.
    BodyTimeout = REQUEST_TIMEOUT, "body_timeout", "请求体迟迟没有到齐";
    /// The head of the request did not come in time.
    HeadTimeout = REQUEST_TIMEOUT, "head_timeout", "请求头迟迟没有到齐";
    /// The name means several records.
    Ambiguous = CONFLICT, "ambiguous", "编号对应多条记录";
    /// There is such a record already.
    Exists = CONFLICT, "exists", "记录已存在";
    /// Something changed meanwhile.
    Conflict = CONFLICT, "conflict", "数据刚被更改";
    /// The key of another request was sent again.
    KeyReused = UNPROCESSABLE_ENTITY, "idempotency_key_reused", "幂等标识已用于另一个请求";
    /// The record does not go from where it is to where it is to go.
    IllegalStep = CONFLICT, "illegal_step", "当前状态不能这样做";
    /// The revision that is to be changed was not named.
    PreconditionRequired = PRECONDITION_REQUIRED, "precondition_required", "没有写明要更改的版本";
    /// The record is not at the revision that the client meant to change.
    RevisionConflict = PRECONDITION_FAILED, "revision_conflict", "记录已被他人更改";
    /// Larger than allowed.
    TooLarge = PAYLOAD_TOO_LARGE, "too_large", "超过上限";
    /// The body is not said to be JSON.
    UnsupportedMediaType = UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "请求体类型不受支持";
    /// Too many sign-ins have failed.
    LockedOut = TOO_MANY_REQUESTS, "locked_out", "登录失败次数过多";
    /// One caller has too many jobs under way.
    TooManyJobs = TOO_MANY_REQUESTS, "too_many_jobs", "未结束的任务过多";
    /// The request was sent to another host's name.
    ForeignHost = MISDIRECTED_REQUEST, "foreign_host", "主机名不是本机";
    /// Too many requests of one client.
    RateLimited = TOO_MANY_REQUESTS, "rate_limited", "请求过于频繁";
    /// Address and headers are too large, or too many.
    HeadTooLarge = REQUEST_HEADER_FIELDS_TOO_LARGE, "head_too_large", "请求头超过上限";
    /// Too many connections.
    TooManyConnections = SERVICE_UNAVAILABLE, "too_many_connections", "连接数已满";
    /// Too much work is waiting.
    Busy = SERVICE_UNAVAILABLE, "busy", "系统繁忙";
    /// The request took too long.
    Timeout = SERVICE_UNAVAILABLE, "timeout", "处理超时";
    /// The index is not up to date.
    NotReady = SERVICE_UNAVAILABLE, "not_ready", "尚未就绪";
    /// No room is left for what was to be written.
    StorageFull = INSUFFICIENT_STORAGE, "storage_full", "磁盘空间已满";
    /// The database may not be written.
    StorageReadOnly = SERVICE_UNAVAILABLE, "storage_read_only", "数据库不可写";
    /// Another program holds the database.
    StorageLocked = SERVICE_UNAVAILABLE, "storage_locked", "数据库被占用";
    /// The database cannot be read or written.
    StorageFailed = SERVICE_UNAVAILABLE, "storage_failed", "数据库无法读写";
    /// Our fault.
    Internal = INTERNAL_SERVER_ERROR, "internal", "系统内部错误";
}

/// Problems that pass by themselves.
const RETRY: [ProblemCode; 6] = [
    ProblemCode::TooManyJobs,
    ProblemCode::Busy,
    ProblemCode::NotReady,
    ProblemCode::StorageLocked,
    ProblemCode::RateLimited,
    ProblemCode::TooManyConnections,
];
/// Longest detail, in characters: what a client sent is not sent back at any length.
const DETAIL_CHARS_MAX: usize = 1_000;
/// Longest name of a field, in characters.
const FIELD_CHARS_MAX: usize = 200;
/// What clients are told of our own faults, whatever they are; the log has the cause.
const INTERNAL_DETAIL: &str = "系统内部错误，请稍后重试；若再次出现，请联系管理员查看日志";

/// 错误: a sort of problem with a sentence that can be acted on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    code: ProblemCode,
    detail: String,
    field: Option<String>,
    limit: Option<u64>,
    retry_after_s: Option<u64>,
    existing: Option<String>,
}

impl Problem {
    pub(crate) fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        let detail = shortened(detail.into(), DETAIL_CHARS_MAX);
        Self { code, detail, field: None, limit: None, retry_after_s: None, existing: None }
    }

    /// A problem of that sort, for the description of the API.
    pub(super) fn example(code: ProblemCode) -> Self {
        let detail = match code {
            ProblemCode::InvalidValue => "limit：至少为 1",
            ProblemCode::UnknownField => "没有“limti”这个字段；可用：text、need、limit、filters",
            ProblemCode::NotFound => "没有编号为“need-99”的技术需求，请核对编号",
            ProblemCode::Internal => INTERNAL_DETAIL,
            other => other.title(),
        };
        let field = match code {
            ProblemCode::InvalidValue => Some("limit"),
            ProblemCode::UnknownField => Some("limti"),
            ProblemCode::TooLarge => Some("text"),
            ProblemCode::Exists => Some("external_id"),
            _ => None,
        };
        let limit = match code {
            ProblemCode::TooLarge => Some(20_000),
            ProblemCode::RateLimited => Some(RATE_PER_S_DEFAULT.into()),
            ProblemCode::HeadTooLarge => Some(HEAD_BYTES_MAX as u64),
            ProblemCode::TooManyConnections => Some(CONNECTIONS_MAX as u64),
            _ => None,
        };
        Self { field: field.map(str::to_owned), limit, ..Self::new(code, detail) }
    }

    /// A value of `field` that cannot be used: what was found, what would be right.
    pub(crate) fn invalid(field: &str, found: &str, expected: &str) -> Self {
        let detail = format!("{field}：{found}；应为：{expected}");
        Self::new(ProblemCode::InvalidValue, detail).field(field)
    }

    /// A fault of ours: the cause goes to the log, a fixed sentence to the client.
    pub(crate) fn internal(cause: &dyn fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed by our own fault");
        Self::new(ProblemCode::Internal, INTERNAL_DETAIL)
    }

    /// A fault of ours whose cause was logged where it arose.
    pub(super) fn internal_logged() -> Self {
        Self::new(ProblemCode::Internal, INTERNAL_DETAIL)
    }

    pub(super) fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(shortened(field.into(), FIELD_CHARS_MAX));
        self
    }

    pub(super) fn limit(mut self, limit: usize) -> Self {
        self.limit = u64::try_from(limit).ok();
        self
    }

    /// When to try again, if that may help, instead of after [`RETRY_AFTER_S`] seconds.
    pub(super) fn retry_after_s(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// The id of the record that is in the way.
    pub(super) fn existing(mut self, id: RecordId) -> Self {
        self.existing = Some(id.to_string());
        self
    }

    /// Its sort.
    pub fn code(&self) -> ProblemCode {
        self.code
    }

    /// What is told to the client.
    pub fn view(&self) -> views::Problem {
        views::Problem {
            type_uri: format!("/problems/{}", self.code.as_str()),
            title: self.code.title(),
            status: self.code.status().as_u16(),
            code: self.code.as_str(),
            detail: self.detail.clone(),
            field: self.field.clone(),
            limit: self.limit,
            existing: self.existing.clone(),
        }
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        use ProblemCode as Code;
        let detail = error.message();
        match error {
            EngineError::BadRequest { field, .. } => {
                Self::new(Code::InvalidValue, detail).field(field)
            }
            EngineError::TooLarge { field, limit, .. } => {
                Self::new(Code::TooLarge, detail).field(field).limit(limit)
            }
            EngineError::NotFound { .. }
            | EngineError::NoSuchJob { .. }
            | EngineError::Store(StoreError::NotFound { .. }) => Self::new(Code::NotFound, detail),
            EngineError::Ambiguous { .. } => Self::new(Code::Ambiguous, detail),
            EngineError::Exists { .. } => Self::new(Code::Exists, detail).field("external_id"),
            EngineError::LeadExists { id } => Self::new(Code::Exists, detail).existing(id),
            EngineError::IllegalStep { .. } => Self::new(Code::IllegalStep, detail),
            EngineError::Store(StoreError::RequestReused { .. }) => {
                let detail = "Idempotency-Key 已用于内容不同的请求，请为新请求换一个标识";
                Self::new(Code::KeyReused, detail).field("Idempotency-Key")
            }
            EngineError::Refused(refusal) => {
                Self::new(Code::InvalidValue, detail).field(refusal.field)
            }
            EngineError::Cells(cells) => {
                let column = cells.into_iter().find_map(|cell| cell.column);
                Self { field: column, ..Self::new(Code::InvalidValue, detail) }
            }
            EngineError::Case(faults) => {
                let place = faults.into_iter().next().map(|fault| fault.place);
                Self { field: place, ..Self::new(Code::InvalidValue, detail) }
            }
            EngineError::Intake(_) | EngineError::Evaluation { .. } => {
                Self::new(Code::InvalidValue, detail)
            }
            EngineError::NotSignedIn => Self::new(Code::NotSignedIn, detail),
            EngineError::WrongLogin => Self::new(Code::WrongLogin, detail),
            EngineError::LockedOut { wait } => {
                let retry_after_s = Some(whole_seconds(wait));
                Self { retry_after_s, ..Self::new(Code::LockedOut, detail) }
            }
            EngineError::TooManyJobs { limit } => Self::new(Code::TooManyJobs, detail).limit(limit),
            EngineError::Busy { limit } => Self::new(Code::Busy, detail).limit(limit),
            EngineError::Forbidden { .. } => Self::new(Code::Forbidden, detail),
            EngineError::Store(StoreError::DanglingReference { .. }) => {
                Self::new(Code::Conflict, detail)
            }
            EngineError::Store(StoreError::RevisionConflict { .. }) => {
                Self::new(Code::RevisionConflict, detail).field("If-Match")
            }
            EngineError::Store(StoreError::IllegalDraft { refusal, .. }) => {
                Self::invalid(refusal.field, &refusal.reason, &refusal.expected)
            }
            EngineError::Store(StoreError::Obstacle { obstacle, reason }) => {
                tracing::error!(%obstacle, reason, "a request failed for the machine's fault");
                let code = match obstacle {
                    Obstacle::DiskFull => Code::StorageFull,
                    Obstacle::ReadOnly => Code::StorageReadOnly,
                    Obstacle::Locked => Code::StorageLocked,
                    Obstacle::Io => Code::StorageFailed,
                };
                Self::new(code, detail)
            }
            EngineError::Index(IndexError::Busy) => Self::new(Code::Busy, detail),
            EngineError::NoIndex { .. } => Self::new(Code::NotReady, detail),
            other => Self::internal(&other),
        }
    }
}

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        tracing::debug!(%rejection, "the path cannot be decoded");
        Self::new(ProblemCode::BadUrl, "网址路径不是合法的 UTF-8，请按 UTF-8 作百分号编码")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // A struct of texts and numbers always becomes JSON.
        let mut view = self.view();
        if self.code == ProblemCode::Internal
            && let Some(id) = request_id::current()
        {
            view.detail = format!("{}，并告知请求编号 {id}", view.detail);
        }
        let body = serde_json::to_vec(&view).unwrap_or_default();
        let mut response = (self.code.status(), Bytes::from(body)).into_response();
        // For `pages::show_problems`.
        response.extensions_mut().insert(Self { detail: view.detail, ..self.clone() });
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let retry = RETRY.contains(&self.code).then_some(RETRY_AFTER_S);
        if let Some(seconds) = self.retry_after_s.or(retry) {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        // RFC 6750: why a token that was shown did not do.
        let challenge = match self.code {
            ProblemCode::BadToken => Some("Bearer error=\"invalid_token\""),
            ProblemCode::NotSignedIn | ProblemCode::WrongLogin => Some("Bearer"),
            _ => None,
        };
        if let Some(challenge) = challenge {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

/// The text up to a number of characters, marked with `…` if cut.
fn shortened(mut text: String, chars_max: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(chars_max) {
        text.truncate(end);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_faults_tell_nothing_of_their_cause() {
        let problem = Problem::from(EngineError::Interrupted("/var/secret".to_owned()));
        assert_eq!(problem.code(), ProblemCode::Internal);
        assert_eq!(problem.view().detail, INTERNAL_DETAIL);
    }

    #[test]
    fn what_the_machine_denies_is_told_with_advice_and_without_the_databases_words() {
        for (obstacle, status, code, advice) in [
            (Obstacle::DiskFull, 507, "storage_full", "清理"),
            (Obstacle::ReadOnly, 503, "storage_read_only", "权限"),
            (Obstacle::Locked, 503, "storage_locked", "稍后重试"),
            (Obstacle::Io, 503, "storage_failed", "磁盘"),
        ] {
            let reason = "disk I/O error".to_owned();
            let error = EngineError::Store(StoreError::Obstacle { obstacle, reason });
            let problem = Problem::from(error).view();
            assert_eq!((problem.status, problem.code), (status, code));
            assert!(problem.detail.contains(advice), "{}", problem.detail);
            assert!(problem.detail.contains("已保存的数据不受影响"), "{}", problem.detail);
            assert!(!problem.detail.contains("disk"), "{}", problem.detail);
        }
    }

    #[test]
    fn names_of_problems_are_unique() {
        let mut names: Vec<_> = ProblemCode::ALL.iter().map(|code| code.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ProblemCode::ALL.len());
    }
}
