//! Signing in and out, one's own account, and, in the demo, looking with others' eyes.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::header::{HeaderMap, HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};

use super::form::Form;
use super::page::{Page, page, page_of};
use super::shell::{Demo, Frame, OpenFrame, OwnShell, Shell, first_place};
use crate::engine::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, SESSION_HOURS, Session};
use crate::http::{App, ClientAddress, Params, Problem, ProblemCode, SESSION_COOKIE};

/// Why somebody is asked to sign in.
const OVER: &str = "over";
const NEEDED: &str = "needed";

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    login: String,
    next: String,
    /// Why they are here.
    notice: Option<&'static str>,
    /// Why it did not work.
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
    login: String,
    until: String,
    must_change: bool,
    chars_min: usize,
    chars_max: usize,
    problem: Option<String>,
}

/// Where to sign in, to come back to `next` then.
pub(super) fn sign_in_address(next: &str, why: ProblemCode) -> String {
    let why = if why == ProblemCode::BadToken { OVER } else { NEEDED };
    let encoded = askama::filters::urlencode_strict(next).map(|text| text.to_string());
    format!("/sign-in?why={why}&next={}", encoded.unwrap_or_default())
}

/// Has the browser forget its session.
pub(super) fn forget_session(headers: &mut HeaderMap) {
    let cookie = format!("{SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    headers.insert(SET_COOKIE, cookie.parse().unwrap_or(HeaderValue::from_static("")));
}

/// Where a page of ours is, not one of another site.
fn local(address: Option<String>) -> Option<String> {
    address.filter(|address| {
        let mut chars = address.chars();
        chars.next() == Some('/') && !matches!(chars.next(), Some('/' | '\\'))
    })
}

/// `/`: where somebody begins.
pub(super) async fn begin(shell: Shell) -> Redirect {
    Redirect::to(first_place(shell.role()))
}

/// The form to sign in.
pub(super) async fn sign_in_form(OpenFrame(frame): OpenFrame, RawQuery(query): RawQuery) -> Page {
    let params = Params::read(query.as_deref(), &["next", "why"])?;
    let notice = match params.one("why")?.as_deref() {
        Some(OVER) => Some("登录已过期或已在别处退出，请重新登录。"),
        Some(NEEDED) => Some("请先登录，再继续。"),
        _ => None,
    };
    let next = params.one("next")?.unwrap_or_default();
    page(&SignInPage { frame, login: String::new(), next, notice, problem: None })
}

/// Signs in.
pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    OpenFrame(frame): OpenFrame,
    ClientAddress(address): ClientAddress,
    form: Form,
) -> Page {
    let fields = form.read(&["login", "password", "next"])?;
    let login = fields.one("login")?.unwrap_or_default();
    let password = fields.one("password")?.unwrap_or_default();
    let next = fields.one("next")?;
    let problem = if login.trim().is_empty() || password.is_empty() {
        Problem::new(ProblemCode::InvalidValue, "请填写用户名和密码")
    } else {
        match app.engine.sign_in(&login, password, address).await {
            Ok(session) => return Ok(begun(&app, &session, local(next).as_deref())),
            Err(error) => error.into(),
        }
    };
    let told = Some(problem.view().detail);
    let next = next.unwrap_or_default();
    let again = SignInPage { frame, login, next, notice: None, problem: told };
    page_of(problem.code().status(), &again)
}

/// A session's cookie, and where to go with it.
fn begun(app: &App, session: &Session, next: Option<&str>) -> Response {
    let user = match &session.user.body {
        crate::model::Body::User(user) => Some(user),
        _ => None,
    };
    let to = match (user, next) {
        (Some(user), _) if user.must_change_password => "/account",
        (_, Some(next)) => next,
        (user, None) => first_place(user.map(|user| user.role)),
    };
    let secure = if app.speaks_tls() { "; Secure" } else { "" };
    let cookie = format!(
        "{SESSION_COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}",
        session.secret.reveal(),
        SESSION_HOURS * 3600
    );
    let mut response = Redirect::to(to).into_response();
    if let Ok(mut value) = HeaderValue::from_str(&cookie) {
        value.set_sensitive(true);
        response.headers_mut().insert(SET_COOKIE, value);
    }
    response
}

/// Signs out here.
pub(super) async fn sign_out(State(app): State<Arc<App>>, own: OwnShell) -> Page {
    app.engine.sign_out(&own.grant).await?;
    Ok(gone())
}

/// Signs out on every machine.
pub(super) async fn sign_out_everywhere(State(app): State<Arc<App>>, own: OwnShell) -> Page {
    app.engine.sign_out_everywhere(&own.grant).await?;
    Ok(gone())
}

fn gone() -> Response {
    let mut response = Redirect::to("/sign-in").into_response();
    forget_session(response.headers_mut());
    response
}

/// One's own account.
pub(super) async fn account(State(app): State<Arc<App>>, own: OwnShell) -> Page {
    page(&account_page(&app, own, None).await?)
}

async fn account_page(
    app: &App,
    own: OwnShell,
    problem: Option<String>,
) -> Result<AccountPage, Problem> {
    let OwnShell { grant, frame } = own;
    let id = grant.identity.user.to_string();
    let user = app.engine.find_user(grant.viewer(), &id).await?;
    Ok(AccountPage {
        frame,
        login: user.meta.external_id,
        until: grant.expires_at.in_china(),
        must_change: grant.must_change_password,
        chars_min: PASSWORD_CHARS_MIN,
        chars_max: PASSWORD_CHARS_MAX,
        problem,
    })
}

/// Changes one's own password.
pub(super) async fn change_password(
    State(app): State<Arc<App>>,
    own: OwnShell,
    ClientAddress(address): ClientAddress,
    form: Form,
) -> Page {
    let fields = form.read(&["current", "new", "again"])?;
    let field = |name: &str| Ok::<_, Problem>(fields.one(name)?.unwrap_or_default());
    let (current, new, again) = (field("current")?, field("new")?, field("again")?);
    let problem = if new == again {
        match app.engine.change_own_password(&own.grant, current, new, address).await {
            Ok(session) => return Ok(begun(&app, &session, None)),
            Err(error) => error.into(),
        }
    } else {
        Problem::new(ProblemCode::InvalidValue, "两次输入的新密码不一致，请重新输入")
    };
    let told = account_page(&app, own, Some(problem.view().detail)).await?;
    page_of(problem.code().status(), &told)
}

/// Looks with the eyes of somebody of the demo.
pub(super) async fn switch(
    State(app): State<Arc<App>>,
    Extension(demo): Extension<Option<Arc<Demo>>>,
    ClientAddress(address): ClientAddress,
    form: Form,
) -> Page {
    let login = form.read(&["login"])?.one("login")?.unwrap_or_default();
    let known = demo.filter(|demo| demo.users.iter().any(|user| user.login == login));
    let Some(demo) = known else {
        let detail = "只有演示中的示例用户可以切换，请从页面右上角选择";
        return Err(Problem::new(ProblemCode::Forbidden, detail));
    };
    let password = demo.password.reveal().to_owned();
    let session = app.engine.sign_in(&login, password, address).await?;
    Ok(begun(&app, &session, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_nobody_is_led_to_another_site() {
        let lead = |address: &str| local(Some(address.to_owned()));
        assert_eq!(lead("/needs?x=1").as_deref(), Some("/needs?x=1"));
        for elsewhere in ["", "//evil.example", "/\\evil.example", "https://evil.example", "x"] {
            assert_eq!(lead(elsewhere), None, "{elsewhere}");
        }
        assert_eq!(
            sign_in_address("/needs/1?a=b&c=膜", ProblemCode::NotSignedIn),
            "/sign-in?why=needed&next=%2Fneeds%2F1%3Fa%3Db%26c%3D%E8%86%9C"
        );
    }
}
