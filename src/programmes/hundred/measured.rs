//! What was measured for a plan: how well each park fits each institution, and how rich each
//! institution is in what can be transferred. Numbers with their parts, so that a plan can be
//! explained; where they come from is the business of whoever measures.

use serde::{Deserialize, Serialize};

use std::collections::BTreeMap;

/// The best fit there is.
pub const FIT_MAX: u32 = 10_000;
/// The largest richness there is: sums of thousands stay far from the limits of their type.
pub const RICHNESS_MAX: u32 = 1_000_000_000;

/// What a part of a fit or a richness rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// 主导产业与学科
    Industry,
    /// 企业需求与实验室
    Needs,
    /// 可转化成果
    Achievements,
    /// 国家重点实验室
    KeyLabs,
    /// 双一流学科
    Disciplines,
    /// 案例中直接给出
    Given,
}

impl PartKind {
    /// Name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Industry => "industry",
            Self::Needs => "needs",
            Self::Achievements => "achievements",
            Self::KeyLabs => "key_labs",
            Self::Disciplines => "disciplines",
            Self::Given => "given",
        }
    }

    /// Name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Industry => "主导产业与学科",
            Self::Needs => "企业需求与实验室",
            Self::Achievements => "可转化成果",
            Self::KeyLabs => "国家重点实验室",
            Self::Disciplines => "双一流学科",
            Self::Given => "案例给出",
        }
    }
}

/// 得分构成: a part of a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it rests on.
    pub kind: PartKind,
    /// That in words: an industry and its discipline, a need and its lab, a sort of achievement.
    pub name: String,
    /// What it adds.
    pub value: u32,
}

/// A number and what it is made of: the parts sum to the value, or to more where it is capped.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Measure {
    /// The number.
    pub value: u32,
    /// Its parts, the largest first.
    pub parts: Vec<Part>,
}

impl Measure {
    /// The sum of parts, at most `max`; the largest part first, equal ones by kind and name.
    pub fn of(mut parts: Vec<Part>, max: u32) -> Self {
        parts.retain(|part| part.value > 0);
        parts.sort_by(|a, b| {
            b.value.cmp(&a.value).then_with(|| (a.kind, &a.name).cmp(&(b.kind, &b.name)))
        });
        let sum = parts.iter().fold(0_u32, |sum, part| sum.saturating_add(part.value));
        Self { value: sum.min(max), parts }
    }
}

/// 测度: fit and richness of a case.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Measured {
    /// 匹配度 0-[`FIT_MAX`] by home (park or district), then institution. What is not there
    /// could not be measured.
    pub fit: BTreeMap<String, BTreeMap<String, Measure>>,
    /// 成果丰富度 by institution. What is not there is 0.
    pub richness: BTreeMap<String, Measure>,
}

impl Measured {
    /// Fit of a home and an institution, if it is known.
    pub fn fit_of(&self, home: &str, institution: &str) -> Option<&Measure> {
        self.fit.get(home)?.get(institution)
    }

    /// Richness of an institution.
    pub fn richness_of(&self, institution: &str) -> u32 {
        self.richness.get(institution).map_or(0, |measure| measure.value)
    }
}
