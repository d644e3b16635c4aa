//! Records as a viewer may see them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::model::{self, Body, RecordId};

/// What every record has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Common {
    /// Id, a UUIDv7.
    pub id: String,
    /// The system or file that it comes from.
    pub source: String,
    /// Its id there.
    pub external_id: String,
    /// Organisation that owns it; empty while there are no accounts.
    pub owner: String,
    /// `public`, `matched` or `private`.
    pub visibility: &'static str,
    /// The visibility in Chinese.
    pub visibility_label: &'static str,
    /// When it was created, RFC 3339 in UTC.
    pub created_at: String,
    /// Who created it.
    pub created_by: String,
    /// When it was last changed, RFC 3339 in UTC.
    pub updated_at: String,
    /// Who changed it last.
    pub updated_by: String,
    /// 1 for a new record, larger by 1 with every change.
    pub revision: u64,
    /// When it was deleted.
    pub deleted_at: Option<String>,
    /// Id of the record that took its place.
    pub merged_into: Option<String>,
    /// Address of the page or file that its facts are from; empty if unknown.
    pub source_url: String,
    /// The facts were true on this date.
    pub as_of: Option<String>,
}

/// 别名: another name of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Alias {
    /// The other name.
    pub name: String,
    /// Valid from this date on, if known.
    pub valid_from: Option<String>,
    /// Valid up to and including this date, if known.
    pub valid_until: Option<String>,
}

/// 高校院所
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Institution {
    /// What every record has.
    #[serde(flatten)]
    pub common: Common,
    /// Full name.
    pub name: String,
    /// `university` or `institute`.
    pub kind: &'static str,
    /// The kind in Chinese.
    pub kind_label: &'static str,
    /// `985`, `211`, `double_first_class`, `major_institute`.
    pub classes: Vec<&'static str>,
    /// The classes in Chinese.
    pub class_labels: Vec<&'static str>,
    /// Short name of the province.
    pub province: String,
    /// Short name of the city.
    pub city: String,
    /// 统一社会信用代码
    pub credit_code: Option<String>,
    /// 学校代码
    pub school_code: Option<String>,
    /// Other names.
    pub aliases: Vec<Alias>,
    /// Address of its pages.
    pub website: String,
}

/// 实验室
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Lab {
    /// What every record has.
    #[serde(flatten)]
    pub common: Common,
    /// Ids of its institutions.
    pub institution_ids: Vec<String>,
    /// Name, without the institution's.
    pub name: String,
    /// `laboratory`, `team`, `centre` or `platform`.
    pub kind: &'static str,
    /// The kind in Chinese.
    pub kind_label: &'static str,
    /// Areas: code with edition (`NSFC:E02`), or words.
    pub areas: Vec<String>,
    /// The areas' names.
    pub area_labels: Vec<String>,
    /// What it does and offers.
    pub profile: String,
    /// How to reach it; empty if unknown or not for this viewer.
    pub contact: String,
    /// The profile is to be renewed by this date.
    pub expires_on: Option<String>,
    /// Other names.
    pub aliases: Vec<Alias>,
}

/// 成果
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Achievement {
    /// What every record has.
    #[serde(flatten)]
    pub common: Common,
    /// Ids of the labs that made it.
    pub lab_ids: Vec<String>,
    /// Title.
    pub title: String,
    /// Abstract.
    #[serde(rename = "abstract")]
    pub summary: String,
    /// Keywords.
    pub keywords: Vec<String>,
    /// `paper`, `patent`, `project`, `product`, `software`, `standard` or `instrument`.
    pub kind: &'static str,
    /// The kind in Chinese.
    pub kind_label: &'static str,
    /// Date, as precise as its source.
    pub date: Option<String>,
    /// Technology readiness level, 1-9.
    pub maturity: Option<u8>,
    /// Modes in which it is offered.
    pub modes: Vec<String>,
    /// The modes in Chinese.
    pub mode_labels: Vec<String>,
    /// State of its rights, in words.
    pub rights: String,
}

/// 企业
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Enterprise {
    /// What every record has.
    #[serde(flatten)]
    pub common: Common,
    /// Full name.
    pub name: String,
    /// 统一社会信用代码
    pub credit_code: Option<String>,
    /// Its park.
    pub park: String,
    /// Its industry: code with edition (`GB/T 4754-2017:3841`), or words.
    pub industry: Option<String>,
    /// The industry's name.
    pub industry_label: Option<String>,
    /// Short name of the province.
    pub province: String,
    /// Short name of the city.
    pub city: String,
    /// How to reach it; empty if unknown or not for this viewer.
    pub contact: String,
    /// Other names.
    pub aliases: Vec<Alias>,
}

/// 技术需求
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Need {
    /// What every record has.
    #[serde(flatten)]
    pub common: Common,
    /// Id of the firm that has it.
    pub enterprise_id: Option<String>,
    /// Title.
    pub title: String,
    /// Text.
    pub body: String,
    /// Its industry: code with edition (`GB/T 4754-2017:3841`), or words.
    pub industry: Option<String>,
    /// The industry's name.
    pub industry_label: Option<String>,
    /// Areas: code with edition (`NSFC:E02`), or words.
    pub areas: Vec<String>,
    /// The areas' names.
    pub area_labels: Vec<String>,
    /// Money set aside, in fen (分, a hundredth of a yuan).
    pub budget_fen: Option<i64>,
    /// The same as people write it: `80万元`.
    pub budget: Option<String>,
    /// Modes of cooperation wanted.
    pub modes: Vec<String>,
    /// The modes in Chinese.
    pub mode_labels: Vec<String>,
    /// To be solved by this date.
    pub deadline: Option<String>,
    /// Least technology readiness level wanted, 1-9.
    pub maturity_wanted: Option<u8>,
}

/// A record of any kind; its keys are those of its kind alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Record {
    /// 高校院所
    Institution(Institution),
    /// 实验室
    Lab(Lab),
    /// 成果
    Achievement(Achievement),
    /// 企业
    Enterprise(Enterprise),
    /// 技术需求
    Need(Need),
}

/// 一页记录: in the order of their ids, which is that of their creation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Page<T> {
    /// The records.
    pub items: Vec<T>,
    /// `after` of the next page; null if this is the last.
    pub next: Option<String>,
}

/// The record as it is told. What its viewer may see was decided by the engine.
/// `None` for kinds that have views of their own.
pub fn record(record: &model::Record) -> Option<Record> {
    let common = common(&record.meta);
    Some(match &record.body {
        Body::Institution(body) => Record::Institution(Institution {
            common,
            name: body.name.clone(),
            kind: body.kind.as_str(),
            kind_label: body.kind.label(),
            classes: body.classes.iter().map(|class| class.as_str()).collect(),
            class_labels: body.classes.iter().map(|class| class.label()).collect(),
            province: body.province.clone(),
            city: body.city.clone(),
            credit_code: body.credit_code.as_ref().map(ToString::to_string),
            school_code: body.school_code.as_ref().map(ToString::to_string),
            aliases: aliases(&body.aliases),
            website: body.website.clone(),
        }),
        Body::Lab(body) => Record::Lab(Lab {
            common,
            institution_ids: ids(&body.institution_ids),
            name: body.name.clone(),
            kind: body.kind.as_str(),
            kind_label: body.kind.label(),
            areas: body.areas.iter().map(model::Area::as_text).collect(),
            area_labels: body.areas.iter().map(|area| area.name.clone()).collect(),
            profile: body.profile.clone(),
            contact: body.contact.clone(),
            expires_on: body.expires_on.map(|date| date.to_string()),
            aliases: aliases(&body.aliases),
        }),
        Body::Achievement(body) => Record::Achievement(Achievement {
            common,
            lab_ids: ids(&body.lab_ids),
            title: body.title.clone(),
            summary: body.summary.clone(),
            keywords: body.keywords.clone(),
            kind: body.kind.as_str(),
            kind_label: body.kind.label(),
            date: body.date.map(|date| date.to_string()),
            maturity: body.maturity.map(model::Maturity::get),
            modes: body.modes.iter().map(|mode| mode.as_str().to_owned()).collect(),
            mode_labels: body.modes.iter().map(|mode| mode.label().to_owned()).collect(),
            rights: body.rights.clone(),
        }),
        Body::Enterprise(body) => Record::Enterprise(Enterprise {
            common,
            name: body.name.clone(),
            credit_code: body.credit_code.as_ref().map(ToString::to_string),
            park: body.park.clone(),
            industry: body.industry.as_ref().map(model::Industry::as_text),
            industry_label: body.industry.as_ref().map(|industry| industry.name.clone()),
            province: body.province.clone(),
            city: body.city.clone(),
            contact: body.contact.clone(),
            aliases: aliases(&body.aliases),
        }),
        Body::Need(body) => Record::Need(Need {
            common,
            enterprise_id: body.enterprise_id.map(|id| id.to_string()),
            title: body.title.clone(),
            body: body.body.clone(),
            industry: body.industry.as_ref().map(model::Industry::as_text),
            industry_label: body.industry.as_ref().map(|industry| industry.name.clone()),
            areas: body.areas.iter().map(model::Area::as_text).collect(),
            area_labels: body.areas.iter().map(|area| area.name.clone()).collect(),
            budget_fen: body.budget.map(model::Fen::get),
            budget: body.budget.map(|amount| amount.to_string()),
            modes: body.modes.iter().map(|mode| mode.as_str().to_owned()).collect(),
            mode_labels: body.modes.iter().map(|mode| mode.label().to_owned()).collect(),
            deadline: body.deadline.map(|date| date.to_string()),
            maturity_wanted: body.maturity_wanted.map(model::Maturity::get),
        }),
        _ => return None,
    })
}

pub(super) fn common(meta: &model::Meta) -> Common {
    Common {
        id: meta.id.to_string(),
        source: meta.source.clone(),
        external_id: meta.external_id.clone(),
        owner: meta.owner.clone(),
        visibility: meta.visibility.as_str(),
        visibility_label: meta.visibility.label(),
        created_at: meta.created_at.to_string(),
        created_by: meta.created_by.clone(),
        updated_at: meta.updated_at.to_string(),
        updated_by: meta.updated_by.clone(),
        revision: meta.revision,
        deleted_at: meta.deleted_at.map(|at| at.to_string()),
        merged_into: meta.merged_into.map(|id| id.to_string()),
        source_url: meta.provenance.source_url.clone(),
        as_of: meta.provenance.as_of.map(|date| date.to_string()),
    }
}

fn ids(ids: &[RecordId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

pub(super) fn aliases(aliases: &[model::Alias]) -> Vec<Alias> {
    let shown = aliases.iter().map(|alias| Alias {
        name: alias.name.clone(),
        valid_from: alias.valid_from.map(|date| date.to_string()),
        valid_until: alias.valid_until.map(|date| date.to_string()),
    });
    shown.collect()
}
