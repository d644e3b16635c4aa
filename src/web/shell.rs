//! What stands around every page: who is here, where they can go.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::assets;
use crate::engine::{Grant, SampleUser, Secret};
use crate::http::{App, Caller, Problem, SignedIn};
use crate::model::{Body, Role};

/// 演示: users whose eyes one can look with, without their passwords.
#[derive(Debug)]
pub struct Demo {
    /// Who.
    pub users: Vec<SampleUser>,
    /// The password of all.
    pub password: Secret,
}

/// 页框: what the layout shows on a page.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// Who has signed in: name and role.
    pub user: Option<(String, &'static str)>,
    /// Where they can go.
    pub places: Vec<Place>,
    /// Whose eyes one can look with.
    pub demo: Vec<DemoUser>,
    /// Addresses of style, script and picture.
    pub style: String,
    pub script: String,
    pub icon: String,
}

/// An entry of the navigation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub address: &'static str,
    pub label: &'static str,
    /// One is there.
    pub here: bool,
}

/// Somebody of the demo.
#[derive(Debug, Clone)]
pub(super) struct DemoUser {
    pub login: &'static str,
    pub role: &'static str,
}

const SEARCH: (&str, &str) = ("/search", "搜索");
const NEEDS: (&str, &str) = ("/needs", "需求");
const DESK: (&str, &str) = ("/desk", "工作台");
const LEADS: (&str, &str) = ("/leads", "线索");
const REPORT: (&str, &str) = ("/report", "报告");
const IMPORT: (&str, &str) = ("/import", "导入");
const PLANS: (&str, &str) = ("/plans", "计划");

/// What each role works with.
fn places(role: Option<Role>) -> &'static [(&'static str, &'static str)] {
    match role {
        None => &[SEARCH, NEEDS],
        Some(Role::Commissioner | Role::Office) => {
            &[DESK, LEADS, NEEDS, SEARCH, PLANS, REPORT, IMPORT]
        }
        Some(Role::Enterprise) => &[NEEDS, LEADS, DESK, SEARCH],
        Some(Role::Institution) => &[LEADS, NEEDS, DESK, SEARCH, PLANS, IMPORT],
        Some(Role::Auditor) => &[SEARCH, NEEDS, LEADS, PLANS, REPORT],
        Some(Role::Admin) => &[SEARCH, NEEDS, IMPORT],
    }
}

/// Where somebody begins.
pub(super) fn first_place(role: Option<Role>) -> &'static str {
    match role {
        Some(Role::Commissioner | Role::Office) => DESK.0,
        Some(Role::Enterprise) => NEEDS.0,
        Some(Role::Institution) => LEADS.0,
        _ => SEARCH.0,
    }
}

impl Frame {
    /// Whether somebody of the demo is who has signed in.
    pub fn is(&self, demo: &DemoUser) -> bool {
        self.user.as_ref().is_some_and(|(_, role)| *role == demo.role)
    }

    /// Around a page that knows of nobody.
    pub fn bare() -> Self {
        Self::new(None, None, "/", None)
    }

    fn new(
        user: Option<(String, &'static str)>,
        role: Option<Role>,
        here: &str,
        demo: Option<&Demo>,
    ) -> Self {
        let place = |&(address, label): &(&'static str, &'static str)| Place {
            address,
            label,
            here: here == address || here.strip_prefix(address).is_some_and(begins_below),
        };
        let users = demo.into_iter().flat_map(|demo| &demo.users);
        Self {
            user,
            places: places(role).iter().map(place).collect(),
            demo: users.map(|u| DemoUser { login: u.login, role: u.role.label() }).collect(),
            style: assets::style(),
            script: assets::script(),
            icon: assets::icon(),
        }
    }

    /// Around a page that anybody may see, whatever they show.
    async fn of(app: &App, grant: Option<Grant>, parts: &Parts) -> Result<Self, Problem> {
        let here = parts.uri.path_and_query().map_or("/", |whole| whole.as_str());
        let demo = parts.extensions.get::<Option<Arc<Demo>>>().cloned().flatten();
        let Some(grant) = grant else { return Ok(Self::new(None, None, here, demo.as_deref())) };
        let id = grant.identity.user.to_string();
        let user = app.engine.find_user(grant.viewer(), &id).await?;
        let name = match user.body {
            Body::User(user) => user.name,
            _ => String::new(),
        };
        let role = grant.identity.role;
        Ok(Self::new(Some((name, role.label())), Some(role), here, demo.as_deref()))
    }
}

/// Whether what follows an address is still below it.
fn begins_below(rest: &str) -> bool {
    rest.starts_with(['/', '?'])
}

/// 页面请求: on whose behalf a page asks, and what stands around it.
pub(super) struct Shell {
    pub caller: Caller,
    pub frame: Frame,
}

impl Shell {
    /// The role of who asks, if they have signed in.
    pub fn role(&self) -> Option<Role> {
        self.caller.grant.map(|grant| grant.identity.role)
    }
}

impl FromRequestParts<Arc<App>> for Shell {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let frame = Frame::of(app, caller.grant, parts).await?;
        Ok(Self { caller, frame })
    }
}

/// The same for somebody who has signed in, even with a password that is to be changed first.
pub(super) struct OwnShell {
    pub grant: Grant,
    pub frame: Frame,
}

impl FromRequestParts<Arc<App>> for OwnShell {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let SignedIn(grant) = SignedIn::from_request_parts(parts, app).await?;
        let frame = Frame::of(app, Some(grant), parts).await?;
        Ok(Self { grant, frame })
    }
}

/// What stands around a page that does not ask who is there: to sign in.
pub(super) struct OpenFrame(pub Frame);

impl FromRequestParts<Arc<App>> for OpenFrame {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Infallible> {
        let demo = parts.extensions.get::<Option<Arc<Demo>>>().cloned().flatten();
        Ok(Self(Frame::new(None, None, "/", demo.as_deref())))
    }
}
