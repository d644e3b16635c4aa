//! Those who sign in, and what they sign in with.

use super::date::Timestamp;
use super::id::RecordId;
use super::text_field::{NAME_CHARS_MAX, Refusal, required};

super::record::named_values! {
    /// 角色: what somebody is here. The permissions of each are a table in `engine`.
    Role, "role" {
        /// 主管部门: the programme office of a city, a district or a park.
        Office = "office", "主管部门", ["office_staff"];
        /// 科技人才专员
        Commissioner = "commissioner", "科技人才专员", ["专员"];
        /// 企业
        Enterprise = "enterprise", "企业", [];
        /// 高校院所
        Institution = "institution", "高校院所", [];
        /// 审计: reads everything, changes nothing.
        Auditor = "auditor", "审计", ["审计员"];
        /// 管理员
        Admin = "admin", "管理员", ["系统管理员"];
    }
}

/// 用户: somebody who signs in. The login is the record's external id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// What people call them. Personal data: logs keep ids.
    pub name: String,
    /// What they are here.
    pub role: Role,
    /// The office whose area is theirs (office), the park they come from (commissioner).
    pub office_id: Option<RecordId>,
    /// The institution they are posted to (commissioner) or belong to (institution).
    pub institution_id: Option<RecordId>,
    /// The firm they belong to (enterprise).
    pub enterprise_id: Option<RecordId>,
    /// Cannot sign in any more.
    pub disabled: bool,
    /// The password was given by somebody else and must be changed before anything else.
    pub must_change_password: bool,
    /// PHC string of the password; empty if none was set. Kept apart from the body, without
    /// history.
    pub password_hash: String,
}

impl User {
    /// Checks the name, and that the role has what it is bound to.
    ///
    /// # Errors
    /// If the name is blank or too long, or office, institution or enterprise are missing for
    /// the role, or given to one that has none.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.name = required("name", &self.name, NAME_CHARS_MAX)?;
        let (office, institution, enterprise) = match self.role {
            Role::Office => (true, false, false),
            Role::Commissioner => (true, true, false),
            Role::Enterprise => (false, false, true),
            Role::Institution => (false, true, false),
            Role::Auditor | Role::Admin => (false, false, false),
        };
        for (field, id, wanted) in [
            ("office_id", self.office_id, office),
            ("institution_id", self.institution_id, institution),
            ("enterprise_id", self.enterprise_id, enterprise),
        ] {
            let label = self.role.label();
            match (id, wanted) {
                (None, true) => {
                    let reason = format!("角色“{label}”必须有此项");
                    return Err(Refusal::new(field, reason, "请填写编号"));
                }
                (Some(_), false) => {
                    let reason = format!("角色“{label}”没有此项");
                    return Err(Refusal::new(field, reason, "请去掉该项"));
                }
                _ => {}
            }
        }
        Ok(self)
    }
}

super::record::named_values! {
    /// 凭证类别: what a token was made for.
    TokenKind, "kind" {
        /// A person's session, made by signing in.
        Session = "session", "会话", [];
        /// A program's access, made on request.
        Api = "api", "接口令牌", [];
    }
}

/// 访问凭证: what a caller shows instead of a password. The record's external id is the
/// SHA-256 of the secret in hexadecimal; the secret itself is stored nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Whose it is.
    pub user_id: RecordId,
    /// Session or API.
    pub kind: TokenKind,
    /// What its owner calls it.
    pub label: String,
    /// Good until then.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl Token {
    /// Checks the label.
    ///
    /// # Errors
    /// If it is blank or too long.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.label = required("label", &self.label, NAME_CHARS_MAX)?;
        Ok(self)
    }

    /// Whether it is neither expired nor revoked at that instant.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}
