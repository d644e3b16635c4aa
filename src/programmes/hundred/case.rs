//! The case: what a plan is made for, as its office has written it down. Checked by whoever reads
//! it; what the rules say about it is not asked here.

use serde::{Deserialize, Serialize};

use super::document;
use crate::model::CivilDate;

/// 院校类别: the classes whose full coverage is asked for, in the document's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    /// 985高校
    #[serde(rename = "985")]
    C985,
    /// 重点“双一流”高校
    #[serde(rename = "key_double_first_class")]
    KeyDoubleFirstClass,
    /// 大院大所
    #[serde(rename = "major_institute")]
    MajorInstitute,
}

impl Class {
    /// All of them, in the order of the document.
    pub const ALL: [Self; 3] = [Self::C985, Self::KeyDoubleFirstClass, Self::MajorInstitute];

    /// Name in files and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::C985 => "985",
            Self::KeyDoubleFirstClass => "key_double_first_class",
            Self::MajorInstitute => "major_institute",
        }
    }

    /// Name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::C985 => "985高校",
            Self::KeyDoubleFirstClass => "重点“双一流”高校",
            Self::MajorInstitute => "大院大所",
        }
    }

    /// Name for people where there is little room.
    pub fn short_label(self) -> &'static str {
        match self {
            Self::C985 => "985",
            Self::KeyDoubleFirstClass => "双一流",
            Self::MajorInstitute => "大院大所",
        }
    }
}

/// 科技镇长团: whether an institution had sent members to Nanjing by the first batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sent {
    /// It had.
    Yes,
    /// It had not.
    No,
    /// Nobody has found out yet.
    Unknown,
}

/// 批次: commissioners who are posted together. Batches do not overlap and stand in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// How the case names it.
    pub id: String,
    /// For people.
    pub name: String,
    /// First day.
    #[serde(with = "document::civil_date")]
    pub start: CivilDate,
    /// Last day, included.
    #[serde(with = "document::civil_date")]
    pub end: CivilDate,
    /// Postings at most, if there is a limit.
    pub places: Option<u32>,
}

/// 科技人才专员: a cadre who can be posted. Who they are is not in a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commissioner {
    /// How the case names them.
    pub id: String,
    /// 区: the district that sends them, if it is a district or known.
    pub district: Option<String>,
    /// 园区: the park that sends them; district or park is there.
    pub park: Option<String>,
    /// Ids of the batches they can be posted in; none said means any.
    pub batches: Vec<String>,
    /// 现有任务数: how many other duties they have.
    pub load: u32,
}

impl Commissioner {
    /// Who sends them: the park, else the district. What fit is measured for.
    pub fn home(&self) -> &str {
        self.park.as_deref().or(self.district.as_deref()).unwrap_or_default()
    }
}

/// 高校院所 of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostInstitution {
    /// Its name as it is known everywhere, and how the case names it.
    pub id: String,
    /// Classes, in their order.
    pub classes: Vec<Class>,
    /// City.
    pub city: String,
    /// 科技镇长团
    pub sent: Sent,
    /// Kilometres from Nanjing, if known.
    pub distance_km: Option<u32>,
    /// 双一流 disciplines of the list in force; a park's industries are held against them.
    pub disciplines: Vec<String>,
    /// 国家重点实验室 that it hosts, by name.
    pub key_labs: Vec<String>,
    /// Richness given with the case instead of being counted from the store.
    pub richness: Option<u32>,
}

/// What a tie rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieKind {
    /// 框架协议
    Framework,
    /// 人员
    People,
    /// 项目
    Project,
}

impl TieKind {
    /// Name in files and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Framework => "framework",
            Self::People => "people",
            Self::Project => "project",
        }
    }

    /// Name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Framework => "合作框架",
            Self::People => "人员往来",
            Self::Project => "合作项目",
        }
    }
}

/// One piece of evidence for a tie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is.
    pub kind: TieKind,
    /// Since when.
    #[serde(with = "document::civil_date")]
    pub date: CivilDate,
    /// What it is, in a sentence.
    pub text: String,
    /// Where that is told.
    pub source: String,
}

/// 合作关系: what ties an institution to Nanjing already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    /// Id of the institution.
    pub institution: String,
    /// What it rests on; at least one.
    pub evidence: Vec<Evidence>,
}

/// 派驻: a commissioner at an institution.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Posting {
    /// Id of the commissioner.
    pub commissioner: String,
    /// Id of the institution.
    pub institution: String,
    /// Id of the batch they are posted in.
    pub batch: String,
    /// 续派: ids of later batches that it was renewed for.
    pub renewed: Vec<String>,
}

/// 案例: all that a plan is made from, but for fit and richness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// What people call it.
    pub name: String,
    /// 计划启动时间
    #[serde(with = "document::civil_date")]
    pub start: CivilDate,
    /// Batches by date.
    pub batches: Vec<Batch>,
    /// Commissioners by id.
    pub commissioners: Vec<Commissioner>,
    /// Institutions by id.
    pub institutions: Vec<HostInstitution>,
    /// Ties by institution.
    pub ties: Vec<Tie>,
    /// 指定派驻: postings that there have to be (batch may be empty: any).
    pub forced: Vec<Posting>,
    /// 排除: pairs of commissioner and institution that there must not be.
    pub forbidden: Vec<(String, String)>,
    /// 必派: institutions that have to be posted to.
    pub required: Vec<String>,
    /// 已发布计划: the postings of the plan in force, which a new one stays close to.
    pub published: Vec<Posting>,
    /// Parameters of rules that this case sets otherwise: key, value.
    pub parameters: Vec<(String, i64)>,
}
