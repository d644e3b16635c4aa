//! Research units.

use super::area::Area;
use super::date::CivilDate;
use super::id::RecordId;
use super::institution::Alias;
use super::text_field::{NAME_CHARS_MAX, PROSE_CHARS_MAX, Refusal, bounded, optional, required};

super::record::named_values! {
    /// 科研单元类别: what a lab calls itself.
    LabKind, "kind" {
        /// 实验室
        Laboratory = "laboratory", "实验室", ["重点实验室", "国家重点实验室"];
        /// 团队
        Team = "team", "团队", ["课题组", "研究团队", "创新团队"];
        /// 中心
        Centre = "centre", "中心", ["研究中心", "工程中心", "工程技术研究中心", "技术中心"];
        /// 平台
        Platform = "platform", "平台", ["创新平台", "公共平台", "中试平台"];
    }
}

/// 实验室（科研单元）: a research unit inside one or several institutions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lab {
    /// The institutions that host it; may be unknown.
    pub institution_ids: Vec<RecordId>,
    /// Name, without the institution's.
    pub name: String,
    /// What it calls itself.
    pub kind: LabKind,
    /// Technology areas it works in.
    pub areas: Vec<Area>,
    /// What it does and offers, as its people wrote it.
    pub profile: String,
    /// How to reach it. Personal data: shown and kept apart from the rest.
    pub contact: String,
    /// The profile is to be renewed by this date.
    pub expires_on: Option<CivilDate>,
    /// Other names, such as the one before the renaming of 2022.
    pub aliases: Vec<Alias>,
}

impl Lab {
    /// Checks the texts and lists.
    ///
    /// # Errors
    /// If the name is blank, or a text or list is too long.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.name = required("name", &self.name, NAME_CHARS_MAX)?;
        self.profile = optional("profile", &self.profile, PROSE_CHARS_MAX)?;
        self.contact = optional("contact", &self.contact, NAME_CHARS_MAX)?;
        self.institution_ids = bounded("institution_ids", self.institution_ids)?;
        self.areas = bounded("areas", self.areas)?;
        self.aliases = Alias::check_all(self.aliases)?;
        Ok(self)
    }
}
