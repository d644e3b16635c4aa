//! Universities and institutes.

use super::code::{CreditCode, SchoolCode};
use super::date::CivilDate;
use super::region::RegionTable;
use super::text_field::{NAME_CHARS_MAX, Refusal, bounded, optional, required};

/// 别名: another name of an organisation, with the dates between which it was valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The other name.
    pub name: String,
    /// Valid from this date on; unknown if `None`.
    pub valid_from: Option<CivilDate>,
    /// Valid up to and including this date; still valid or unknown if `None`.
    pub valid_until: Option<CivilDate>,
}

impl Alias {
    /// An alias without known dates.
    pub fn undated(name: impl Into<String>) -> Self {
        Self { name: name.into(), valid_from: None, valid_until: None }
    }

    pub(super) fn check_all(aliases: Vec<Alias>) -> Result<Vec<Alias>, Refusal> {
        for alias in &aliases {
            required("aliases", &alias.name, NAME_CHARS_MAX)?;
        }
        bounded("aliases", aliases)
    }
}

super::record::named_values! {
    /// 院校类别: whether an institution teaches or only researches.
    InstitutionKind, "kind" {
        /// 高校
        University = "university", "高校", ["大学", "学院", "高等院校", "高等学校", "本科院校"];
        /// 科研院所
        Institute = "institute", "科研院所", ["研究院", "研究所", "院所", "研究机构", "大院大所"];
    }
}

super::record::named_values! {
    /// 建设层次: the lists an institution stands on.
    InstitutionClass, "classes" {
        /// 985 工程
        Project985 = "985", "985 工程", ["985工程", "985高校"];
        /// 211 工程
        Project211 = "211", "211 工程", ["211工程", "211高校"];
        /// 双一流
        DoubleFirstClass = "double_first_class", "双一流", ["双一流建设高校", "一流大学", "一流学科"];
        /// 大院大所
        MajorInstitute = "major_institute", "大院大所", ["中科院系统", "央企院所"];
    }
}

/// 高校院所: a university or an institute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Institution {
    /// Full name.
    pub name: String,
    /// University or institute.
    pub kind: InstitutionKind,
    /// Lists it stands on, in the order of the enumeration.
    pub classes: Vec<InstitutionClass>,
    /// Short name of its province (江苏); empty if unknown.
    pub province: String,
    /// Short name of its city (南京); empty if unknown.
    pub city: String,
    /// Unified social credit code, if known.
    pub credit_code: Option<CreditCode>,
    /// School code, if known.
    pub school_code: Option<SchoolCode>,
    /// Other names.
    pub aliases: Vec<Alias>,
    /// Address of its pages; empty if unknown.
    pub website: String,
}

impl Institution {
    /// Checks the texts, shortens the region names, sorts the classes.
    ///
    /// # Errors
    /// If the name is blank or a text is too long.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.name = required("name", &self.name, NAME_CHARS_MAX)?;
        self.province = region("province", &self.province)?;
        self.city = region("city", &self.city)?;
        self.website = optional("website", &self.website, NAME_CHARS_MAX)?;
        self.aliases = Alias::check_all(self.aliases)?;
        self.classes.sort_unstable();
        self.classes.dedup();
        Ok(self)
    }
}

/// Checks a region's name and shortens it.
pub(super) fn region(field: &'static str, name: &str) -> Result<String, Refusal> {
    Ok(RegionTable::short_name(&optional(field, name, NAME_CHARS_MAX)?).to_owned())
}
