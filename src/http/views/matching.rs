//! Ranked labs, and ranked needs.

use serde::Serialize;
use utoipa::ToSchema;

use crate::engine;
use crate::model::Span;

/// 匹配结果: labs for a need, best first, with reasons.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MatchAnswer {
    /// Names question and state together: equal for equal answers.
    pub result_id: String,
    /// The need.
    pub need: NeedName,
    /// Statistics snapshot that the scores come from.
    pub statistics: String,
    /// Feed position of the index.
    pub position: i64,
    /// The day from which age and expiry are counted.
    pub today: String,
    /// Best first.
    pub matches: Vec<LabMatch>,
    /// Nothing is worth showing.
    pub no_good_match: bool,
}

/// The need of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NeedName {
    /// Id of the record; null for a text.
    pub id: Option<String>,
    /// Its id in its source; null for a text.
    pub external_id: Option<String>,
    /// Title.
    pub title: String,
}

/// 匹配: a lab with its score and what it is made of.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LabMatch {
    /// Place, from 1.
    pub rank: usize,
    /// Sum of the contributions' values, larger is better.
    pub score: f64,
    /// `strong`, `fair`, `weak` or `none`.
    pub band: &'static str,
    /// The band in Chinese.
    pub label: &'static str,
    /// The share that the texts' part of the score has of what a document with all words of
    /// the need would score; the band follows from it.
    pub share: f64,
    /// The lab.
    pub lab: LabName,
    /// What the score is the sum of, largest first.
    pub contributions: Vec<Contribution>,
    /// The sentences that earned it.
    pub evidence: Vec<Evidence>,
}

/// 反向匹配结果: open needs for a lab or an achievement, best first, with reasons.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NeedsAnswer {
    /// Names question and state together: equal for equal answers.
    pub result_id: String,
    /// The lab or achievement.
    pub subject: SubjectName,
    /// Statistics snapshot that the scores come from.
    pub statistics: String,
    /// Feed position of the index.
    pub position: i64,
    /// The day from which age and expiry are counted; needs due before it are left out.
    pub today: String,
    /// Best first.
    pub matches: Vec<NeedMatch>,
    /// Nothing is worth showing.
    pub no_good_match: bool,
}

/// What needs were asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SubjectName {
    /// `lab` or `achievement`.
    pub kind: &'static str,
    /// Id.
    pub id: String,
    /// Id in its source.
    pub external_id: String,
    /// Name or title.
    pub title: String,
}

/// 匹配的需求: a need with the score that the lab has for it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NeedMatch {
    /// Place, from 1: by band, then by what part of the need's potential the score is.
    pub rank: usize,
    /// Sum of the contributions' values, as if labs were asked for; comparable between labs
    /// for one need, not between needs.
    pub score: f64,
    /// `strong`, `fair`, `weak` or `none`.
    pub band: &'static str,
    /// The band in Chinese.
    pub label: &'static str,
    /// As of a lab's match; comparable between needs.
    pub share: f64,
    /// The need.
    pub need: NeedName,
    /// What the score is the sum of, largest first.
    pub contributions: Vec<Contribution>,
    /// The sentences of the lab or achievement that earned it.
    pub evidence: Vec<Evidence>,
}

/// The lab of a match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LabName {
    /// Id.
    pub id: String,
    /// Id in its source.
    pub external_id: String,
    /// Name.
    pub name: String,
    /// Its institutions.
    pub institutions: Vec<InstitutionName>,
}

/// An institution of a lab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct InstitutionName {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
}

/// 得分理由: a named part of a score.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Contribution {
    /// `text` (a word), `part` (pieces of words), `fit` (what need and lab say beside their
    /// texts) or `policy`.
    pub kind: &'static str,
    /// The need's word, or what else it is called.
    pub name: String,
    /// The Chinese name of a fit or a policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<&'static str>,
    /// False for a fit or a policy of which nothing is known: it adds nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<bool>,
    /// `title` or `text`: where the evidence has it; absent where that means nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
    /// What it adds to the score.
    pub value: f64,
    /// Places in `evidence` of the sentences' records that have it, from 0.
    pub evidence: Vec<usize>,
}

/// 依据: a sentence of an achievement, or of the lab's own profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Evidence {
    /// Id of the achievement; null if it is the lab's own profile.
    pub achievement: Option<String>,
    /// Its id in its source.
    pub achievement_external_id: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// The field of the record, as its import column is called.
    pub field: &'static str,
    /// The sentence.
    pub text: String,
    /// Where it begins in the field, in Unicode scalar values.
    pub offset: u32,
    /// What it shares with the need: half-open ranges `[start, end)` of Unicode scalar values
    /// in `text`.
    pub spans: Vec<[u32; 2]>,
    /// Date of the achievement, as precise as its source.
    pub date: Option<String>,
}

/// The answer as it is told.
pub fn match_answer(answer: &engine::MatchAnswer) -> MatchAnswer {
    MatchAnswer {
        result_id: answer.result_id.clone(),
        need: need_name(&answer.need),
        statistics: answer.statistics.clone(),
        position: answer.position,
        today: answer.today.to_string(),
        matches: answer.matches.iter().zip(1..).map(|(m, rank)| lab_match(m, rank)).collect(),
        no_good_match: answer.no_good_match,
    }
}

/// The answer for a lab or an achievement as it is told.
pub fn needs_answer(answer: &engine::NeedsAnswer) -> NeedsAnswer {
    let subject = &answer.subject;
    NeedsAnswer {
        result_id: answer.result_id.clone(),
        subject: SubjectName {
            kind: subject.kind.as_str(),
            id: subject.id.to_string(),
            external_id: subject.external_id.clone(),
            title: subject.title.clone(),
        },
        statistics: answer.statistics.clone(),
        position: answer.position,
        today: answer.today.to_string(),
        matches: answer.matches.iter().zip(1..).map(|(m, rank)| need_match(m, rank)).collect(),
        no_good_match: answer.no_good_match,
    }
}

fn need_match(found: &engine::NeedMatch, rank: usize) -> NeedMatch {
    NeedMatch {
        rank,
        score: found.score,
        band: found.band.as_str(),
        label: found.band.label(),
        share: found.share,
        need: need_name(&found.need),
        contributions: found.reasons.iter().map(contribution).collect(),
        evidence: found.evidence.iter().map(evidence).collect(),
    }
}

/// A need's name as it is told.
pub(super) fn need_name(need: &engine::NeedName) -> NeedName {
    let record = need.record.as_ref();
    NeedName {
        id: record.map(|(id, _)| id.to_string()),
        external_id: record.map(|(_, external_id)| external_id.clone()),
        title: need.title.clone(),
    }
}

/// A ranked lab as it is told.
pub(super) fn lab_match(found: &engine::LabMatch, rank: usize) -> LabMatch {
    LabMatch {
        rank,
        score: found.score,
        band: found.band.as_str(),
        label: found.band.label(),
        share: found.share,
        lab: lab_name(&found.lab, &found.institutions),
        contributions: found.reasons.iter().map(contribution).collect(),
        evidence: found.evidence.iter().map(evidence).collect(),
    }
}

/// A lab's name as it is told.
pub(super) fn lab_name(
    lab: &engine::LabEntry,
    institutions: &[engine::InstitutionEntry],
) -> LabName {
    let institutions = institutions.iter();
    LabName {
        id: lab.id.to_string(),
        external_id: lab.external_id.clone(),
        name: lab.name.clone(),
        institutions: institutions
            .map(|i| InstitutionName { id: i.id.to_string(), name: i.name.clone() })
            .collect(),
    }
}

fn contribution(reason: &engine::MatchReason) -> Contribution {
    Contribution {
        kind: reason.kind.as_str(),
        name: reason.name.clone(),
        label: reason.label,
        known: reason.label.map(|_| reason.known),
        field: (!reason.field.is_empty()).then_some(reason.field),
        value: reason.value,
        evidence: reason.evidence.clone(),
    }
}

/// A sentence as it is told.
pub(super) fn evidence(evidence: &engine::MatchEvidence) -> Evidence {
    let achievement = evidence.achievement.as_ref();
    Evidence {
        achievement: achievement.map(|(id, _, _)| id.to_string()),
        achievement_external_id: achievement.map(|(_, external_id, _)| external_id.clone()),
        title: achievement.map(|(_, _, title)| title.clone()),
        field: evidence.sentence.field,
        text: evidence.sentence.text.clone(),
        offset: evidence.sentence.offset,
        spans: spans(&evidence.sentence.spans),
        date: evidence.date.map(|date| date.to_string()),
    }
}

/// Spans as pairs.
pub(super) fn spans(spans: &[Span]) -> Vec<[u32; 2]> {
    spans.iter().map(|span| [span.start, span.end]).collect()
}
