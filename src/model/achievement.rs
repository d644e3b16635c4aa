//! What labs have to show.

use super::date::CivilDate;
use super::id::RecordId;
use super::maturity::Maturity;
use super::mode::Mode;
use super::text_field::{
    NAME_CHARS_MAX, PROSE_CHARS_MAX, Refusal, bounded, names, optional, required,
};

super::record::named_values! {
    /// 成果类型: what sort of evidence an achievement is.
    AchievementKind, "kind" {
        /// 论文
        Paper = "paper", "论文", ["期刊论文", "学术论文", "会议论文"];
        /// 专利
        Patent = "patent", "专利", ["发明专利", "实用新型专利", "实用新型"];
        /// 项目
        Project = "project", "项目", ["科研项目", "课题", "新技术", "新工艺"];
        /// 产品
        Product = "product", "产品", ["新产品", "新材料", "新装备"];
        /// 软件
        Software = "software", "软件", ["软件著作权", "软著"];
        /// 标准
        Standard = "standard", "标准", ["国家标准", "行业标准", "团体标准"];
        /// 仪器
        Instrument = "instrument", "仪器", ["仪器设备", "大型仪器"];
    }
}

/// 成果: one piece of evidence of what a lab can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Achievement {
    /// The labs that made it; may be unknown.
    pub lab_ids: Vec<RecordId>,
    /// Title.
    pub title: String,
    /// Abstract.
    pub summary: String,
    /// Keywords.
    pub keywords: Vec<String>,
    /// Sort of evidence.
    pub kind: AchievementKind,
    /// When it was published, granted or finished.
    pub date: Option<CivilDate>,
    /// How far it has come.
    pub maturity: Option<Maturity>,
    /// Modes in which it is offered.
    pub modes: Vec<Mode>,
    /// State of its rights, in words.
    pub rights: String,
}

impl Achievement {
    /// Checks the texts and lists.
    ///
    /// # Errors
    /// If the title is blank, or a text or list is too long.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.title = required("title", &self.title, NAME_CHARS_MAX)?;
        self.summary = optional("abstract", &self.summary, PROSE_CHARS_MAX)?;
        self.rights = optional("rights", &self.rights, NAME_CHARS_MAX)?;
        self.keywords = names("keywords", self.keywords)?;
        self.lab_ids = bounded("lab_ids", self.lab_ids)?;
        self.modes = bounded("modes", self.modes)?;
        Ok(self)
    }
}
