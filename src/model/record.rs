//! What every record has, whatever it is about.

use super::text_field::{EXTERNAL_ID_CHARS_MAX, NAME_CHARS_MAX, optional, required};
use super::{
    Achievement, Activity, CivilDate, Dismissal, Enterprise, Event, Institution, Lab, Lead, Merge,
    Need, Office, Plan, Posting, RecordId, Refusal, Timestamp, Token, User,
};

/// Defines an enumeration whose values have a stable English name, a Chinese label and synonyms.
macro_rules! named_values {
    ($(#[$meta:meta])* $name:ident, $field:literal {
        $($(#[$vmeta:meta])* $variant:ident = $english:literal, $label:literal, [$($synonym:literal),*];)+
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant,)+ }

        impl $name {
            /// All values, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable English name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $english),+ }
            }

            /// The Chinese name.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::model::Refusal;

            /// Reads the English name, the Chinese name or a synonym.
            ///
            /// # Errors
            /// If the text is none of them; the refusal lists what would be right.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text.trim() {
                    $($english | $label $(| $synonym)* => Ok(Self::$variant),)+
                    other => Err($crate::model::Refusal::new(
                        $field,
                        format!("没有“{other}”这个取值"),
                        concat!("可用：" $(, $english, "（", $label, "） ")+),
                    )),
                }
            }
        }
    };
}
pub(super) use named_values;

named_values! {
    /// 记录种类: the five kinds of record that are imported, and those that come of daily work.
    Kind, "kind" {
        /// 高校院所
        Institution = "institution", "高校院所", ["institutions"];
        /// 实验室
        Lab = "lab", "实验室", ["labs"];
        /// 成果
        Achievement = "achievement", "成果", ["achievements"];
        /// 企业
        Enterprise = "enterprise", "企业", ["enterprises"];
        /// 技术需求
        Need = "need", "技术需求", ["needs"];
        /// 机构（市、区、园区）
        Office = "office", "机构", ["offices"];
        /// 用户
        User = "user", "用户", ["users"];
        /// 访问凭证
        Token = "token", "访问凭证", ["tokens"];
        /// 对接线索
        Lead = "lead", "对接线索", ["leads"];
        /// 活动
        Activity = "activity", "活动", ["activities"];
        /// 忽略的匹配
        Dismissal = "dismissal", "忽略的匹配", ["dismissals"];
        /// 计划
        Plan = "plan", "计划", ["plans"];
        /// 派驻
        Posting = "posting", "派驻", ["postings"];
        /// 合并
        Merge = "merge", "合并", ["merges"];
        /// 审计事件
        Event = "event", "审计事件", ["events"];
    }
}

impl Kind {
    /// The kinds that are imported from files.
    pub const IMPORTED: [Self; 5] =
        [Self::Institution, Self::Lab, Self::Achievement, Self::Enterprise, Self::Need];

    /// The plural used in paths and commands (`needs`).
    pub fn plural(self) -> &'static str {
        match self {
            Self::Institution => "institutions",
            Self::Lab => "labs",
            Self::Achievement => "achievements",
            Self::Enterprise => "enterprises",
            Self::Need => "needs",
            Self::Office => "offices",
            Self::User => "users",
            Self::Token => "tokens",
            Self::Lead => "leads",
            Self::Activity => "activities",
            Self::Dismissal => "dismissals",
            Self::Plan => "plans",
            Self::Posting => "postings",
            Self::Merge => "merges",
            Self::Event => "events",
        }
    }
}

named_values! {
    /// 可见范围: who may see a record beyond its owner.
    Visibility, "visibility" {
        /// 公开: everybody, in its public view.
        Public = "public", "公开", ["全公开"];
        /// 匹配可见: the parties of a lead.
        Matched = "matched", "匹配可见", ["匹配后可见", "定向公开"];
        /// 不公开: the owner and those in charge.
        Private = "private", "不公开", ["保密", "私有"];
    }
}

/// 来源: where a record's facts come from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// Address of the page or file; empty if unknown.
    pub source_url: String,
    /// The facts were true on this date.
    pub as_of: Option<CivilDate>,
}

/// The fields common to all records, kept by the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// Public id.
    pub id: RecordId,
    /// The system or file that the record comes from.
    pub source: String,
    /// Its id there; unique together with kind and source.
    pub external_id: String,
    /// Organisation that owns it; empty while there are no accounts.
    pub owner: String,
    /// Who may see it.
    pub visibility: Visibility,
    /// 1 for a new record, larger by 1 with every change.
    pub revision: u64,
    /// When it was created.
    pub created_at: Timestamp,
    /// Who created it.
    pub created_by: String,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Who changed it last.
    pub updated_by: String,
    /// When it was deleted; the record stays as a tombstone.
    pub deleted_at: Option<Timestamp>,
    /// The record that took its place.
    pub merged_into: Option<RecordId>,
    /// Where its facts come from.
    pub provenance: Provenance,
}

/// What a record says, by kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
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
    /// 机构（市、区、园区）
    Office(Office),
    /// 用户
    User(User),
    /// 访问凭证
    Token(Token),
    /// 对接线索
    Lead(Lead),
    /// 活动
    Activity(Activity),
    /// 忽略的匹配
    Dismissal(Dismissal),
    /// 计划
    Plan(Plan),
    /// 派驻
    Posting(Posting),
    /// 合并
    Merge(Merge),
    /// 审计事件
    Event(Event),
}

impl Body {
    /// The kind of record that has such a body.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Institution(_) => Kind::Institution,
            Self::Lab(_) => Kind::Lab,
            Self::Achievement(_) => Kind::Achievement,
            Self::Enterprise(_) => Kind::Enterprise,
            Self::Need(_) => Kind::Need,
            Self::Office(_) => Kind::Office,
            Self::User(_) => Kind::User,
            Self::Token(_) => Kind::Token,
            Self::Lead(_) => Kind::Lead,
            Self::Activity(_) => Kind::Activity,
            Self::Dismissal(_) => Kind::Dismissal,
            Self::Plan(_) => Kind::Plan,
            Self::Posting(_) => Kind::Posting,
            Self::Merge(_) => Kind::Merge,
            Self::Event(_) => Kind::Event,
        }
    }

    /// The name or title that people call it by; empty if it has none.
    pub fn title(&self) -> &str {
        match self {
            Self::Institution(body) => &body.name,
            Self::Lab(body) => &body.name,
            Self::Achievement(body) => &body.title,
            Self::Enterprise(body) => &body.name,
            Self::Need(body) => &body.title,
            Self::Office(body) => &body.name,
            Self::User(body) => &body.name,
            Self::Token(body) => &body.label,
            Self::Plan(body) => &body.name,
            Self::Posting(body) => &body.institution,
            Self::Lead(_)
            | Self::Activity(_)
            | Self::Dismissal(_)
            | Self::Merge(_)
            | Self::Event(_) => "",
        }
    }

    /// The records that this one names and that must be there: a lab's institutions, an
    /// achievement's labs, a need's enterprise …, with the kind each must be of.
    pub fn references(&self) -> Vec<(Kind, RecordId)> {
        let of = |kind: Kind| move |id: &RecordId| (kind, *id);
        match self {
            Self::Institution(_) | Self::Enterprise(_) | Self::Merge(_) | Self::Event(_) => {
                Vec::new()
            }
            Self::Lab(body) => body.institution_ids.iter().map(of(Kind::Institution)).collect(),
            Self::Achievement(body) => body.lab_ids.iter().map(of(Kind::Lab)).collect(),
            Self::Need(body) => body.enterprise_id.iter().map(of(Kind::Enterprise)).collect(),
            Self::Office(body) => body.parent_id.iter().map(of(Kind::Office)).collect(),
            Self::User(body) => {
                let office = body.office_id.iter().map(of(Kind::Office));
                let institution = body.institution_id.iter().map(of(Kind::Institution));
                let enterprise = body.enterprise_id.iter().map(of(Kind::Enterprise));
                office.chain(institution).chain(enterprise).collect()
            }
            Self::Token(body) => vec![(Kind::User, body.user_id)],
            Self::Lead(body) => {
                let owner = body.owner_id.iter().map(of(Kind::User));
                let parties = [(Kind::Need, body.need_id), (Kind::Lab, body.lab_id)];
                parties.into_iter().chain(owner).collect()
            }
            Self::Activity(body) => {
                let lead = body.lead_id.iter().map(of(Kind::Lead));
                lead.chain(body.posting_id.iter().map(of(Kind::Posting))).collect()
            }
            Self::Plan(body) => body.replaces.iter().map(of(Kind::Plan)).collect(),
            Self::Posting(body) => {
                let user = body.user_id.iter().map(of(Kind::User));
                let office = body.office_id.iter().map(of(Kind::Office));
                let institution = body.institution_id.iter().map(of(Kind::Institution));
                let plan = [(Kind::Plan, body.plan_id)];
                plan.into_iter().chain(user).chain(office).chain(institution).collect()
            }
            Self::Dismissal(body) => vec![
                (Kind::User, body.user_id),
                (Kind::Need, body.need_id),
                (Kind::Lab, body.lab_id),
            ],
        }
    }

    /// Checks the body as it is checked when it is built.
    ///
    /// # Errors
    /// If a field holds what it may not.
    pub fn checked(self) -> Result<Self, Refusal> {
        match self {
            Self::Institution(body) => body.checked().map(Self::Institution),
            Self::Lab(body) => body.checked().map(Self::Lab),
            Self::Achievement(body) => body.checked().map(Self::Achievement),
            Self::Enterprise(body) => body.checked().map(Self::Enterprise),
            Self::Need(body) => body.checked().map(Self::Need),
            Self::Office(body) => body.checked().map(Self::Office),
            Self::User(body) => body.checked().map(Self::User),
            Self::Token(body) => body.checked().map(Self::Token),
            Self::Lead(body) => body.checked().map(Self::Lead),
            Self::Activity(body) => body.checked().map(Self::Activity),
            Self::Dismissal(body) => body.checked().map(Self::Dismissal),
            Self::Plan(body) => body.checked().map(Self::Plan),
            Self::Posting(body) => body.checked().map(Self::Posting),
            Self::Merge(body) => body.checked().map(Self::Merge),
            Self::Event(body) => body.checked().map(Self::Event),
        }
    }
}

/// A record to be written, before the store gives it an id and a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The system or file that the record comes from.
    pub source: String,
    /// Its id there.
    pub external_id: String,
    /// Organisation that owns it; empty while there are no accounts.
    pub owner: String,
    /// Who may see it.
    pub visibility: Visibility,
    /// Where its facts come from.
    pub provenance: Provenance,
    /// What it says.
    pub body: Body,
}

impl Draft {
    /// Checks the identifying texts; the body was checked when it was built.
    ///
    /// # Errors
    /// If source or external id is blank or too long.
    pub fn checked(mut self) -> Result<Self, Refusal> {
        self.source = required("source", &self.source, EXTERNAL_ID_CHARS_MAX)?;
        if self.source.contains(':') {
            return Err(Refusal::new(
                "source",
                "不能含冒号",
                "冒号用来分隔来源与编号，请换一个名称",
            ));
        }
        self.external_id = required("external_id", &self.external_id, EXTERNAL_ID_CHARS_MAX)?;
        self.provenance.source_url =
            optional("source_url", &self.provenance.source_url, NAME_CHARS_MAX)?;
        Ok(self)
    }
}

/// A record as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The common fields.
    pub meta: Meta,
    /// What it says.
    pub body: Body,
}
