//! The rules of the programmes, as they are in force.

use serde::Serialize;
use utoipa::ToSchema;

use crate::model::CivilDate;
use crate::programmes::rules;

/// 规则簿: all rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RuleBook {
    /// SHA-256 of all that decides, in hexadecimal digits.
    pub digest: String,
    /// The packs, in their order.
    pub packs: Vec<RulePack>,
    /// The rules of all packs, in the order of the files.
    pub rules: Vec<Rule>,
}

/// 规则包.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RulePack {
    /// Unique.
    pub id: String,
    /// In Chinese.
    pub name: String,
    /// Of the pack as a whole.
    pub version: String,
    /// `seed` (the programmes' own document) or `outside` (other public sources).
    pub kind: &'static str,
    /// The kind in Chinese.
    pub label: &'static str,
    /// The sources.
    pub source: String,
}

/// 规则.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Rule {
    /// Unique over all packs, such as `H1`.
    pub id: String,
    /// Id of its pack.
    pub pack: String,
    /// A few words.
    pub title: String,
    /// What it says.
    pub text: String,
    /// `must`, `should` or `may`.
    pub modality: &'static str,
    /// The modality in Chinese.
    pub label: &'static str,
    /// What becomes of somebody who does otherwise, in Chinese.
    pub effect: &'static str,
    /// Whether it is a choice of the product and not in the source.
    pub ours: bool,
    /// Where it is from.
    pub source: String,
    /// From when on it holds, as precise as the source; null if that is not said.
    pub from: Option<String>,
    /// Until when it holds, included; null if that is not said.
    pub until: Option<String>,
    /// Grows with every change of its wording.
    pub version: u32,
    /// Id of the rule whose place it takes.
    pub replaces: Option<String>,
    /// Id of the rule that it makes more precise.
    pub refines: Option<String>,
    /// Its numbers.
    pub parameters: Vec<RuleParameter>,
}

/// 参数: a number of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RuleParameter {
    /// Unique over all packs, such as `years`.
    pub key: String,
    /// The value: money in fen, shares in basis points.
    pub value: i64,
    /// The value with its unit, for people.
    pub shown: String,
    /// The unit in Chinese.
    pub unit: String,
    /// Smallest value that is taken.
    pub min: i64,
    /// Largest value that is taken.
    pub max: i64,
    /// What it is, in Chinese.
    pub text: String,
    /// Whether the value is a choice of the product and not in the source.
    pub ours: bool,
}

/// All rules of a book.
pub fn rule_book(book: &rules::RuleBook) -> RuleBook {
    let packs = book.packs().iter().map(|pack| RulePack {
        id: pack.id.clone(),
        name: pack.name.clone(),
        version: pack.version.clone(),
        kind: pack.kind.as_str(),
        label: pack.kind.label(),
        source: pack.source.clone(),
    });
    RuleBook {
        digest: book.digest(),
        packs: packs.collect(),
        rules: book.rules().map(|(pack, one)| rule(pack, one)).collect(),
    }
}

/// One rule of a pack.
pub fn rule(pack: &rules::Pack, rule: &rules::Rule) -> Rule {
    let date = |date: Option<CivilDate>| date.map(|date| date.to_string());
    let parameters = rule.parameters.iter().map(|parameter| RuleParameter {
        key: parameter.key.clone(),
        value: parameter.value,
        shown: parameter.shown(),
        unit: parameter.unit.clone(),
        min: parameter.min,
        max: parameter.max,
        text: parameter.text.clone(),
        ours: parameter.ours,
    });
    Rule {
        id: rule.id.clone(),
        pack: pack.id.clone(),
        title: rule.title.clone(),
        text: rule.text.clone(),
        modality: rule.modality.as_str(),
        label: rule.modality.label(),
        effect: rule.modality.effect(),
        ours: rule.ours,
        source: rule.source.clone(),
        from: date(rule.from),
        until: date(rule.until),
        version: rule.version,
        replaces: rule.replaces.clone(),
        refines: rule.refines.clone(),
        parameters: parameters.collect(),
    }
}
