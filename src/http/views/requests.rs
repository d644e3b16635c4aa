//! What clients send, for the description of the API. The reading is in the handlers, since
//! it tells every bad key in Chinese.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

/// 匹配请求: exactly one of `text` and `need`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct MatchBody {
    /// A need in the firm's own words; the first sentence counts as its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A need by id, external id or `source:external_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<String>,
    /// Labs wanted, 1 to 100; 10 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// Which labs; all if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filters: Option<MatchFilters>,
    /// Weights of policies, 0 to 1, by name: `own_park`, `985`, `211`, `double_first_class`,
    /// `major_institute`; 0 if absent. Of 0.5 a lab that one favours is worth half as much again
    /// as its texts have earned.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Option<BTreeMap<String, f64>>)]
    pub policy: BTreeMap<String, f64>,
    /// The day from which age and expiry are counted; today in China if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub today: Option<String>,
}

/// 反向匹配请求: exactly one of `lab` and `achievement`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct NeedsBody {
    /// A lab by id, external id or `source:external_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lab: Option<String>,
    /// An achievement by id, external id or `source:external_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub achievement: Option<String>,
    /// Needs wanted, 1 to 100; 10 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// Which needs; all open ones if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filters: Option<NeedFilters>,
    /// As of a match for a need.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Option<BTreeMap<String, f64>>)]
    pub policy: BTreeMap<String, f64>,
    /// As of a match for a need; needs due before it are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub today: Option<String>,
}

/// 需求筛选条件: a need must meet all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct NeedFilters {
    /// Code or name of an area; areas below it count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// Code or name of an industry; industries below it count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub industry: Option<String>,
    /// Province or city of its firm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Park of its firm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub park: Option<String>,
    /// Its firm by id, external id or `source:external_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enterprise: Option<String>,
}

/// 筛选条件: a lab must meet all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct MatchFilters {
    /// Province or city of one of its institutions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// `985`, `211`, `double_first_class` or `major_institute`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub institution_class: Option<String>,
    /// One of its institutions by id, external id or `source:external_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub institution: Option<String>,
    /// Code or name of an area; areas below it count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// `laboratory`, `team`, `centre`, `platform`; or `university`, `institute`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// 技术点请求: exactly one of `text` and `need`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct PointsBody {
    /// A need in the firm's own words; the first sentence counts as its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A need by id, external id or `source:external_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<String>,
    /// The points as a user has edited them, which are used as they are; found if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<Vec<GivenPoint>>,
}

/// 覆盖请求: exactly one of `text` and `need`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct CoverageBody {
    /// A need in the firm's own words; the first sentence counts as its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A need by id, external id or `source:external_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<String>,
    /// The points as a user has edited them; found if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<Vec<GivenPoint>>,
    /// Labs wanted, the best of the match, 1 to 20; 10 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// Most labs of the team, 1 to 5; 3 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team_size: Option<usize>,
    /// Which labs; all if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filters: Option<MatchFilters>,
}

/// 差距请求: exactly one of `text` and `need`, and a lab.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct WhyNotBody {
    /// A need in the firm's own words; the first sentence counts as its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A need by id, external id or `source:external_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<String>,
    /// The points as a user has edited them; found if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<Vec<GivenPoint>>,
    /// The lab by id, external id or `source:external_id`.
    pub lab: String,
    /// Place in the match of the lab that it is held against, 1 to 100; 10 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<usize>,
    /// Of the match with these filters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filters: Option<MatchFilters>,
}

/// 对比请求: exactly one of `text` and `need`, and two labs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct CompareBody {
    /// A need in the firm's own words; the first sentence counts as its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A need by id, external id or `source:external_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<String>,
    /// The points as a user has edited them; found if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<Vec<GivenPoint>>,
    /// Two labs by id, external id or `source:external_id`.
    pub labs: Vec<String>,
    /// Of the match with these filters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filters: Option<MatchFilters>,
}

/// 技术点: as a user has edited it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct GivenPoint {
    /// `material`, `method`, `effect`, `product`, `application` or `requirement`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its weight against the others, more than 0; 1 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
}

/// Defines the shape of a new record; the keys are the import columns of its kind.
macro_rules! new_record {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident: $type:ty,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
        pub struct $name {
            $($(#[$fmeta])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: $type,)+
            /// What every new record may have.
            #[serde(flatten)]
            pub common: NewCommon,
        }
    };
}

/// What every new record may have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct NewCommon {
    /// Id in its source; a new UUIDv7 if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Its source; `api` if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// `public`, `matched` or `private`; `public` if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<String>,
    /// Organisation that owns it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Address of the page or file that its facts are from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_url: Option<String>,
    /// The facts were true on this date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
}

new_record! {
    /// 新的高校院所. `name` is required.
    NewInstitution {
        /// Full name.
        #[schema(required = true)]
        name: Option<String>,
        /// `university` or `institute`; by the name if absent.
        kind: Option<String>,
        /// `985`, `211`, `double_first_class`, `major_institute`.
        classes: Option<Vec<String>>,
        /// Province.
        province: Option<String>,
        /// City.
        city: Option<String>,
        /// 统一社会信用代码
        credit_code: Option<String>,
        /// 学校代码
        school_code: Option<String>,
        /// Other names.
        aliases: Option<Vec<String>>,
        /// Address of its pages.
        website: Option<String>,
    }
}

new_record! {
    /// 新的实验室. `name` is required.
    NewLab {
        /// Its institutions by id, external id or `source:external_id`.
        institution_ids: Option<Vec<String>>,
        /// Name, without the institution's.
        #[schema(required = true)]
        name: Option<String>,
        /// `laboratory`, `team`, `centre` or `platform`; by the name if absent.
        kind: Option<String>,
        /// Areas by code or name.
        areas: Option<Vec<String>>,
        /// What it does and offers.
        profile: Option<String>,
        /// How to reach it.
        contact: Option<String>,
        /// The profile is to be renewed by this date.
        expires_on: Option<String>,
        /// Other names.
        aliases: Option<Vec<String>>,
    }
}

new_record! {
    /// 新的成果. `title` is required.
    NewAchievement {
        /// Its labs by id, external id or `source:external_id`.
        lab_ids: Option<Vec<String>>,
        /// Title.
        #[schema(required = true)]
        title: Option<String>,
        /// Abstract.
        #[serde(rename = "abstract")]
        summary: Option<String>,
        /// Keywords.
        keywords: Option<Vec<String>>,
        /// `paper`, `patent`, `project`, `product`, `software`, `standard` or `instrument`.
        kind: Option<String>,
        /// `2019`, `2019-12` or `2019-12-31`.
        date: Option<String>,
        /// Technology readiness level, 1-9.
        maturity: Option<u8>,
        /// Modes in which it is offered.
        modes: Option<Vec<String>>,
        /// State of its rights, in words.
        rights: Option<String>,
    }
}

new_record! {
    /// 新的企业. `name` is required.
    NewEnterprise {
        /// Full name.
        #[schema(required = true)]
        name: Option<String>,
        /// 统一社会信用代码
        credit_code: Option<String>,
        /// Its park.
        park: Option<String>,
        /// Industry by code (`GB/T 4754-2017:3841`) or name.
        industry: Option<String>,
        /// Province.
        province: Option<String>,
        /// City.
        city: Option<String>,
        /// How to reach it.
        contact: Option<String>,
        /// Other names.
        aliases: Option<Vec<String>>,
    }
}

new_record! {
    /// 新的技术需求. `title` is required; of `budget` and `budget_fen` one at most.
    NewNeed {
        /// Its firm by id, external id or `source:external_id`.
        enterprise_id: Option<String>,
        /// Title.
        #[schema(required = true)]
        title: Option<String>,
        /// Text.
        body: Option<String>,
        /// Industry by code (`GB/T 4754-2017:3841`) or name.
        industry: Option<String>,
        /// Areas by code or name.
        areas: Option<Vec<String>>,
        /// Money set aside, with its unit: `80万元`.
        budget: Option<String>,
        /// Money set aside, in fen (分, a hundredth of a yuan).
        budget_fen: Option<i64>,
        /// Modes of cooperation wanted.
        modes: Option<Vec<String>>,
        /// To be solved by this date.
        deadline: Option<String>,
        /// Least technology readiness level wanted, 1-9.
        maturity_wanted: Option<u8>,
    }
}
