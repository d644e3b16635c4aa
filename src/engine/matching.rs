//! From a need to ranked labs with reasons.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::directory::{InstitutionEntry, LabEntry};
use super::evidence::text_of;
use super::freshness::{Judged, Texts};
use super::ranking::{Found, Ranking};
use super::records::check_limit;
use super::veil::{Explained, Veil};
use super::{Engine, EngineError, Filters, Preferences, Viewer, blocking};
use crate::index::{Cursor, Snapshot};
use crate::matching::{Band, Evidence, Marks, Reason, ReasonKind, Weights, Wish};
use crate::model::{Body, CivilDate, Kind, RecordId};
use crate::store::Stored;
use crate::text::{Analyzer, sentences};

/// Most labs in one answer.
pub const LIMIT_MAX: usize = 100;
/// Longest need, in characters.
pub const TEXT_CHARS_MAX: usize = 20_000;
/// Sentences of one record that are shown.
const SENTENCES_OF_RECORD: usize = 2;
/// Longest first sentence that is taken for a title.
const TITLE_CHARS_MAX: usize = 80;

/// What is to be matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MatchQuestion {
    /// A text; its first sentence counts as its title.
    Text(String),
    /// A need by id, external id or `source:external_id`.
    Need(String),
}

/// A question for labs.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchRequest {
    /// What is to be matched.
    pub question: MatchQuestion,
    /// Labs wanted, 1 to [`LIMIT_MAX`].
    pub limit: usize,
    /// Which labs.
    pub filters: Filters,
    /// What counts beside the need.
    pub preferences: Preferences,
}

/// The need of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeedName {
    /// Its id and external id; `None` for a text.
    pub record: Option<(RecordId, String)>,
    /// Its title.
    pub title: String,
}

/// A reason of a lab's place.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchReason {
    /// What sort of reason.
    pub kind: ReasonKind,
    /// What it is called.
    pub name: String,
    /// The Chinese name, if the other one is for programs.
    pub label: Option<&'static str>,
    /// Whether anything is known of it; what is not known adds nothing.
    pub known: bool,
    /// Where the evidence has it.
    pub field: &'static str,
    /// What it adds.
    pub value: f64,
    /// Places among the evidence.
    pub evidence: Vec<usize>,
}

/// A sentence that earned the match, with the record it stands in.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchEvidence {
    /// Id, external id and title of the achievement; `None` if it is the lab's own profile.
    pub achievement: Option<(RecordId, String, String)>,
    /// Date of the achievement.
    pub date: Option<CivilDate>,
    /// The sentence.
    pub sentence: Evidence,
}

/// A lab that matches.
#[derive(Debug, Clone, PartialEq)]
pub struct LabMatch {
    /// Sum of the reasons' values.
    pub score: f64,
    /// How sure.
    pub band: Band,
    /// The share that the texts' part of the score has of what a document with all words of
    /// the need would score.
    pub share: f64,
    /// The lab.
    pub lab: LabEntry,
    /// Its institutions.
    pub institutions: Vec<InstitutionEntry>,
    /// Why it stands there, largest first.
    pub reasons: Vec<MatchReason>,
    /// The sentences that earned it.
    pub evidence: Vec<MatchEvidence>,
}

/// Ranked labs.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchAnswer {
    /// Names the question together with the state that answered it: equal for equal answers.
    pub result_id: String,
    /// The need.
    pub need: NeedName,
    /// Statistics snapshot that the scores come from.
    pub statistics: String,
    /// Feed position of the index.
    pub position: i64,
    /// The day from which age and expiry are counted.
    pub today: CivilDate,
    /// Best first, ties by row.
    pub matches: Vec<LabMatch>,
    /// Whether nothing is worth showing.
    pub no_good_match: bool,
}

/// A question, looked up.
struct Asked {
    name: NeedName,
    text: NeedText,
    wish: Wish,
    /// Its body may be matched by and not be shown.
    veiled: bool,
}

/// A need's text in its two sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NeedText {
    pub title: String,
    pub body: String,
}

impl Engine {
    /// Ranks the labs for a need and says why.
    ///
    /// # Errors
    /// If the question is blank or too long, names no need that the viewer may see, or a
    /// filter has an unknown value.
    pub async fn match_labs(
        &self,
        viewer: Viewer,
        request: MatchRequest,
    ) -> Result<MatchAnswer, EngineError> {
        check_limit(request.limit, LIMIT_MAX)?;
        request.preferences.check()?;
        let Asked { name, text: need, wish, veiled } =
            self.asked(viewer, &request.question).await?;
        let extras = self.extras(wish, &request.preferences);
        let today = extras.today;
        let labs = self.labs_that_pass(viewer, &request.filters).await?;
        let (labs, dismissed) = self.without_dismissed(viewer, &name, &need, labs).await?;
        let snapshot = self.snapshot()?;
        let asked = format!(
            "{:?} {:?} {need:?} {veiled} {} {dismissed:?}",
            request.filters,
            request.limit,
            extras.described()
        );
        let judged = self.judged(viewer, &snapshot, &need, labs, extras, request.limit).await?;
        let Judged { ranking, found, texts, moved } = judged;
        let result_id = result_id(viewer, &self.weights, &asked, &snapshot, &moved);
        let analyzer = self.analyzer.clone();
        let veil = Veil::new(veiled, &analyzer, &snapshot, &self.weights, &name.title)?;
        let matches = blocking(move || {
            let by = veil.over(&ranking.question);
            let explained = found.into_par_iter();
            let explained = explained.map(|found| explain(found, &ranking, &by, &texts, &analyzer));
            Ok::<Vec<LabMatch>, EngineError>(explained.collect())
        })
        .await?;
        Ok(MatchAnswer {
            result_id,
            need: name,
            statistics: snapshot.statistics().id().to_owned(),
            position: snapshot.cursor().map_or(0, |c| c.seq),
            today,
            no_good_match: matches.iter().all(|m| m.band == Band::None),
            matches,
        })
    }

    /// What a question says in words and beside them, as far as the viewer may see it.
    pub(super) async fn asked_openly(
        &self,
        viewer: Viewer,
        question: &MatchQuestion,
    ) -> Result<(NeedName, NeedText, Wish), EngineError> {
        let Asked { name, mut text, wish, veiled } = self.asked(viewer, question).await?;
        if veiled {
            text.body.clear();
        }
        Ok((name, text, wish))
    }

    /// What a question says in words and beside them.
    async fn asked(&self, viewer: Viewer, question: &MatchQuestion) -> Result<Asked, EngineError> {
        match question {
            MatchQuestion::Text(text) => {
                let chars = text.chars().count();
                if chars > TEXT_CHARS_MAX {
                    return Err(EngineError::TooLarge {
                        field: "text",
                        found: chars,
                        limit: TEXT_CHARS_MAX,
                    });
                }
                if text.trim().is_empty() {
                    return Err(EngineError::BadRequest {
                        field: "text",
                        reason: "请写下要解决的技术问题".to_owned(),
                    });
                }
                let need = NeedText::of_text(text);
                let name = NeedName { record: None, title: need.title.clone() };
                Ok(Asked { name, text: need, wish: Wish::default(), veiled: false })
            }
            MatchQuestion::Need(name) => {
                let record = self.named(viewer, Kind::Need, name).await?.record;
                let veiled = self.sight_of(viewer, &record).hides_text();
                let Body::Need(need) = record.body else {
                    return Err(EngineError::NotFound { kind: Kind::Need, name: name.clone() });
                };
                let wish = Wish::from(&need);
                let text = NeedText { title: need.title.clone(), body: need.body };
                let record = Some((record.meta.id, record.meta.external_id));
                let name = NeedName { record, title: need.title };
                Ok(Asked { name, text, wish, veiled })
            }
        }
    }
}

impl NeedText {
    /// The first sentence of a text, if it is short enough to be a title, and the rest.
    pub fn of_text(text: &str) -> Self {
        let first = sentences(text).into_iter().next();
        match first {
            Some(first) if first.text.chars().count() <= TITLE_CHARS_MAX => {
                let body = text.chars().skip(first.span.end as usize).collect();
                Self { title: first.text, body }
            }
            _ => {
                let title = text.trim().chars().take(TITLE_CHARS_MAX).collect();
                Self { title, body: text.to_owned() }
            }
        }
    }
}

pub(super) fn explain(
    found: Found,
    ranking: &Ranking,
    by: &Explained<'_>,
    texts: &Texts,
    analyzer: &Arc<Analyzer>,
) -> LabMatch {
    let documents = found.ranked.documents.iter().map(|idx| &ranking.documents[*idx]);
    let records = documents.filter_map(|document| texts.get(document.row));
    let evidence: Vec<MatchEvidence> =
        records.flat_map(|stored| evidence_of(stored, &by.marks, analyzer)).collect();
    // A reason points at the sentences that have it, so that it can be checked by eye.
    let has = |sentence: &Evidence, reason: &Reason| {
        sentence.term_idxs.iter().any(|idx| by.reasons.name_of(*idx) == Some(reason.name_idx))
    };
    let mut reasons: Vec<MatchReason> = by
        .told(found.reasons)
        .into_iter()
        .map(|reason| {
            let shown = evidence.iter().enumerate().filter(|(_, e)| has(&e.sentence, &reason));
            let places = shown.map(|(place, _)| place).collect();
            MatchReason {
                kind: reason.kind,
                name: reason.name.to_string(),
                label: None,
                known: true,
                field: reason.field,
                value: reason.value,
                evidence: places,
            }
        })
        .collect();
    reasons.extend(found.extras.into_iter().map(|extra| MatchReason {
        kind: extra.kind,
        name: extra.name.to_owned(),
        label: Some(extra.label),
        known: extra.known,
        field: "",
        value: extra.value,
        evidence: Vec::new(),
    }));
    // Stable: what adds nothing stays in its order.
    reasons.sort_by(|a, b| b.value.total_cmp(&a.value));
    LabMatch {
        score: reasons.iter().map(|r| r.value).sum(),
        band: found.band,
        share: found.share,
        lab: found.lab,
        institutions: found.institutions,
        reasons,
        evidence,
    }
}

/// The sentences of a record that share most with the need: prose before keywords and titles,
/// which are shown anyway.
fn evidence_of(stored: &Stored, marks: &Marks<'_>, analyzer: &Analyzer) -> Vec<MatchEvidence> {
    let Some(text) = text_of(stored) else { return Vec::new() };
    let fields = text.fields.into_iter().chain([text.title]);
    let shown = fields
        .map(|(field, text)| marks.best_sentences(analyzer, field, text, SENTENCES_OF_RECORD))
        .find(|sentences| sentences.iter().any(|s| !s.spans.is_empty()));
    let evidence = shown.into_iter().flatten().filter(|s| !s.spans.is_empty());
    evidence.map(|sentence| MatchEvidence::of(stored, sentence)).collect()
}

/// A digest of everything that an answer depends on: who asks, what was `asked`, and the state.
/// `moved` are the records that were judged by a later revision than the indexed one.
pub(super) fn result_id(
    viewer: Viewer,
    weights: &Weights,
    asked: &str,
    snapshot: &Snapshot,
    moved: &BTreeMap<i64, Option<u64>>,
) -> String {
    let Cursor { epoch, seq } = snapshot.cursor().unwrap_or(Cursor { epoch: 0, seq: 0 });
    let mut digest = Sha256::new();
    let described = format!(
        "{viewer:?}\n{weights:?}\n{}\n{epoch} {seq} {moved:?}\n{asked}",
        snapshot.statistics().id()
    );
    digest.update(described);
    digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
