//! The page that says what went wrong and what to do next.

use askama::Template;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use super::account::{forget_session, sign_in_address};
use super::headers::secure;
use super::page::page_of;
use super::shell::Frame;
use crate::http::{Asked, Problem, ProblemCode, views};

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    problem: views::Problem,
    /// Whether signing in may help.
    sign_in: Option<String>,
}

/// The page of a problem. Who has to sign in first is led there, and back.
pub(super) fn show(problem: &Problem, asked: &Asked) -> Response {
    let code = problem.code();
    let here = asked.uri.path_and_query().map_or("/", |whole| whole.as_str());
    let back = if asked.method.is_safe() { here } else { "/" };
    if matches!(code, ProblemCode::NotSignedIn | ProblemCode::BadToken) {
        let mut response = Redirect::to(&sign_in_address(back, code)).into_response();
        if code == ProblemCode::BadToken {
            forget_session(response.headers_mut());
        }
        return response;
    }
    if code == ProblemCode::PasswordChangeRequired {
        return Redirect::to("/account").into_response();
    }
    let helps = matches!(code, ProblemCode::NotFound | ProblemCode::Forbidden);
    let told = ProblemPage {
        frame: Frame::bare(),
        problem: problem.view(),
        sign_in: helps.then(|| sign_in_address(back, code)),
    };
    let status = code.status();
    let mut response = page_of(status, &told).unwrap_or_else(|_| {
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        let headers = [(axum::http::header::CONTENT_TYPE, plain)];
        (StatusCode::INTERNAL_SERVER_ERROR, headers, "系统内部错误").into_response()
    });
    secure(response.headers_mut());
    response
}
