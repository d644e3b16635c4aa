//! The files of a case and their columns, with the headers that offices write.

use super::sheet::Column;

/// Commissioners of a case at most.
pub const COMMISSIONERS_MAX: usize = 10_000;
/// Institutions of a case at most.
pub const INSTITUTIONS_MAX: usize = 10_000;
/// Batches of a case at most.
pub const BATCHES_MAX: usize = 64;
/// Rows of each other file at most: ties, clarifications, postings, exclusions.
pub const ROWS_MAX: usize = 50_000;

/// A file of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum File {
    Case,
    Batches,
    Commissioners,
    Institutions,
    Clarified,
    Ties,
    Postings,
    Exclusions,
}

impl File {
    /// All of them, with the names that they may have.
    pub const ALL: [(Self, &[&str]); 8] = [
        (Self::Case, &["case.toml", "案例.toml"]),
        (Self::Batches, &["batches.csv", "批次.csv"]),
        (Self::Commissioners, &["commissioners.csv", "专员.csv", "科技人才专员.csv"]),
        (Self::Institutions, &["institutions.csv", "高校院所.csv", "院校.csv"]),
        (Self::Clarified, &["clarified.csv", "核实.csv"]),
        (Self::Ties, &["ties.csv", "合作关系.csv"]),
        (Self::Postings, &["postings.csv", "派驻.csv"]),
        (Self::Exclusions, &["exclusions.csv", "排除.csv"]),
    ];

    /// Whether a case cannot do without it.
    pub fn required(self) -> bool {
        matches!(self, Self::Case | Self::Batches | Self::Commissioners | Self::Institutions)
    }
}

const fn required(name: &'static str, headers: &'static [&'static str]) -> Column {
    Column { name, headers, required: true }
}

const fn optional(name: &'static str, headers: &'static [&'static str]) -> Column {
    Column { name, headers, required: false }
}

const INSTITUTION: &[&str] = &["高校院所", "院校", "院所", "学校", "单位"];
const COMMISSIONER: &[&str] = &["专员编号", "专员", "科技人才专员"];
const DATE: &[&str] = &["日期", "时间"];
const SOURCE: &[&str] = &["来源", "出处"];
const NOTE: Column = optional("note", &["备注", "说明"]);

pub(super) const BATCHES: &[Column] = &[
    required("id", &["批次编号", "批次", "编号"]),
    optional("name", &["批次名称", "名称"]),
    required("start", &["开始日期", "开始时间", "开始"]),
    required("end", &["结束日期", "结束时间", "结束"]),
    optional("places", &["名额", "人数"]),
    NOTE,
];

pub(super) const COMMISSIONERS: &[Column] = &[
    required("id", &["专员编号", "编号", "专员"]),
    optional("district", &["区", "所在区", "板块"]),
    optional("park", &["园区", "所在园区"]),
    optional("batches", &["批次", "可派批次"]),
    optional("load", &["现有任务数", "任务数", "负担"]),
    NOTE,
];

pub(super) const INSTITUTIONS: &[Column] = &[
    required("name", INSTITUTION),
    required("classes", &["类别", "院校类别"]),
    required("city", &["城市", "所在城市"]),
    optional("sent", &["科技镇长团", "是否派出科技镇长团"]),
    optional("distance_km", &["距离（公里）", "距离(公里)", "距离"]),
    optional("disciplines", &["学科", "双一流学科", "“双一流”学科"]),
    optional("key_labs", &["国家重点实验室", "重点实验室"]),
    optional("richness", &["成果丰富度", "丰富度"]),
    NOTE,
];

pub(super) const CLARIFIED: &[Column] = &[
    required("institution", INSTITUTION),
    required("sent", &["科技镇长团", "是否派出科技镇长团"]),
    required("source", SOURCE),
    NOTE,
];

pub(super) const TIES: &[Column] = &[
    required("institution", INSTITUTION),
    required("kind", &["类型", "种类"]),
    required("date", DATE),
    required("text", &["内容", "事项"]),
    required("source", SOURCE),
    NOTE,
];

pub(super) const POSTINGS: &[Column] = &[
    required("kind", &["类型", "种类"]),
    optional("commissioner", COMMISSIONER),
    required("institution", INSTITUTION),
    optional("batch", &["批次"]),
    optional("renewed", &["续派批次", "续派"]),
    NOTE,
];

pub(super) const EXCLUSIONS: &[Column] =
    &[required("commissioner", COMMISSIONER), required("institution", INSTITUTION), NOTE];
