//! One user of each role for the demo, bound to records of the fictional sample.

use super::parks::CITY;
use super::secret::Secret;
use super::users::UserFields;
use crate::engine::{Engine, EngineError, Viewer};
use crate::model::{Kind, Role};

const SOURCE: &str = "sample";

/// Login, name, role; office, institution and firm.
type Row = (
    &'static str,
    &'static str,
    Role,
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
);

/// The commissioner comes from the park of the firm and is posted to the institution; a lab there answers a
/// need of the firm (need-07 and lab-013).
const USERS: [Row; 6] = [
    ("demo-office", "市主管部门（示例）", Role::Office, Some(CITY.0), None, None),
    (
        "demo-commissioner",
        "专员（示例）",
        Role::Commissioner,
        Some("jiangning-hitech"),
        Some("sample:inst-05"),
        None,
    ),
    ("demo-enterprise", "企业用户（示例）", Role::Enterprise, None, None, Some("sample:ent-05")),
    ("demo-institution", "高校用户（示例）", Role::Institution, None, Some("sample:inst-05"), None),
    ("demo-auditor", "审计（示例）", Role::Auditor, None, None, None),
    ("demo-admin", "管理员（示例）", Role::Admin, None, None, None),
];

/// A user of the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleUser {
    /// What they sign in as.
    pub login: &'static str,
    /// What they are.
    pub role: Role,
}

impl Engine {
    /// Makes one user of each role, with one password for all, drawn anew each time. Needs the
    /// sample and the parks.
    ///
    /// # Errors
    /// If sample or parks are missing, or the store fails.
    pub async fn sample_users(&self) -> Result<(Vec<SampleUser>, Secret), EngineError> {
        let (viewer, secret) = (Viewer::Local, Secret::one_time_password()?);
        let mut users = Vec::with_capacity(USERS.len());
        for (login, name, role, office, institution, enterprise) in USERS {
            match self.store.find(Kind::User, None, login).await?.pop() {
                None => {
                    let named = |name: Option<&str>| name.map(str::to_owned);
                    let fields = UserFields {
                        name: name.to_owned(),
                        role,
                        office: named(office),
                        institution: named(institution),
                        enterprise: named(enterprise),
                    };
                    let user = self.user_from(fields, None, false).await?;
                    self.add_user(SOURCE, login, user, &viewer.author()).await?;
                }
                Some(found) if found.record.meta.source == SOURCE => {}
                // Somebody's real one.
                Some(_) => continue,
            }
            self.give_password(viewer, login, secret.reveal().to_owned(), false).await?;
            users.push(SampleUser { login, role });
        }
        Ok((users, secret))
    }
}
