//! Plans of a programme and the postings that a published one makes.

use super::date::CivilDate;
use super::id::RecordId;
use super::text_field::{NAME_CHARS_MAX, Refusal, required};

/// Longest text of a plan, in bytes: room for the fit of about 450,000 pairs of home and
/// institution.
pub const PLAN_BYTES_MAX: usize = 64 << 20;
/// Characters of a SHA-256 in hexadecimal.
const DIGEST_CHARS: usize = 64;

super::record::named_values! {
    /// 计划状态
    PlanState, "state" {
        /// 草案: of the office alone.
        Draft = "draft", "草案", [];
        /// 已发布: its postings are in force.
        Published = "published", "已发布", [];
        /// 已被取代: was in force until another one took its place.
        Superseded = "superseded", "已被取代", [];
    }
}

/// 计划: who is posted where, with all that it was made from. What its text says is read by
/// `programmes`; nothing here depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What people call it.
    pub name: String,
    /// Draft, in force, or no more.
    pub state: PlanState,
    /// The plan whose place it takes when it is published.
    pub replaces: Option<RecordId>,
    /// SHA-256 of the text in hexadecimal: what a published plan is known by.
    pub digest: String,
    /// The plan's text.
    pub text: String,
}

impl Plan {
    /// Checks name, digest and length.
    ///
    /// # Errors
    /// If the name is blank or too long, the digest is none, or the text is too long.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.name = required("name", &self.name, NAME_CHARS_MAX)?;
        let is_digest = self.digest.len() == DIGEST_CHARS
            && self.digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !is_digest {
            let reason = format!("“{}”不是摘要", self.digest);
            return Err(Refusal::new("digest", reason, "应为64位十六进制"));
        }
        if self.text.len() > PLAN_BYTES_MAX {
            let reason = format!("计划有{}字节", self.text.len());
            return Err(Refusal::new("text", reason, format!("不能超过{PLAN_BYTES_MAX}字节")));
        }
        Ok(self)
    }
}

/// 派驻: a commissioner at an institution, by a published plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// The plan.
    pub plan_id: RecordId,
    /// How the plan names the commissioner.
    pub commissioner: String,
    /// Their account, if they have one.
    pub user_id: Option<RecordId>,
    /// The park or district that sends them, as the plan names it.
    pub home: String,
    /// Its office, if there is one.
    pub office_id: Option<RecordId>,
    /// The institution's name.
    pub institution: String,
    /// Its record, if there is one.
    pub institution_id: Option<RecordId>,
    /// Name of the batch.
    pub batch: String,
    /// First day.
    pub from: CivilDate,
    /// Last day.
    pub until: CivilDate,
}

impl Posting {
    /// Checks the names and the days.
    ///
    /// # Errors
    /// If a name is blank or too long, or the last day is before the first.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        for (field, text) in [
            ("commissioner", &mut self.commissioner),
            ("home", &mut self.home),
            ("institution", &mut self.institution),
            ("batch", &mut self.batch),
        ] {
            *text = required(field, text, NAME_CHARS_MAX)?;
        }
        if self.until.last_day() < self.from.last_day() {
            let reason = format!("{}早于{}", self.until, self.from);
            return Err(Refusal::new("until", reason, "结束日期不能早于开始日期"));
        }
        Ok(self)
    }
}
