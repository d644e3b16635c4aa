//! What is added to what a lab's texts have earned: structured fit, and the policies that the
//! caller prefers.
//!
//! [`crate::matching`] knows what fits; which labs a policy favours is said here, by names that
//! the caller may weigh and that every answer tells.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::directory::{Directory, LabEntry};
use super::{Engine, EngineError, Viewer};
use crate::index::{Candidate, Facts, Score};
use crate::intake::Tables;
use crate::matching::{
    Fit, FitScore, FitWeights, Offer, Priority, RankedLab, Reason, ReasonKind, Wish,
};
use crate::model::{Area, CivilDate, InstitutionClass, Timestamp};

/// Name of the priority of labs that are tied to the caller's park.
const OWN_PARK: &str = "own_park";
/// Largest weight of a priority: it doubles what the texts of a good match have earned.
pub const PRIORITY_WEIGHT_MAX: f64 = 1.0;

/// 偏好: what the caller prefers beside what a need asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Preferences {
    /// Weights of priorities by name, 0 to [`PRIORITY_WEIGHT_MAX`]; 0 for those not named. Of
    /// 0.5 a lab that a policy favours is worth half as much again as its texts have earned,
    /// up to a good score.
    pub policy: BTreeMap<String, f64>,
    /// The day from which age and expiry are counted; today in China if `None`.
    pub today: Option<CivilDate>,
}

/// The names of all priorities with what people call them.
fn priorities() -> impl Iterator<Item = (&'static str, &'static str)> {
    let classes = InstitutionClass::ALL.iter().map(|class| (class.as_str(), class.label()));
    [(OWN_PARK, "本园区")].into_iter().chain(classes)
}

impl Preferences {
    /// Refuses names that are no priority and weights outside their range.
    ///
    /// # Errors
    /// [`EngineError::BadRequest`] under the field `policy`.
    pub(super) fn check(&self) -> Result<(), EngineError> {
        let refused = |reason| Err(EngineError::BadRequest { field: "policy", reason });
        for (name, weight) in &self.policy {
            if !priorities().any(|(known, _)| known == name) {
                let known: Vec<String> =
                    priorities().map(|(name, label)| format!("{name}（{label}）")).collect();
                return refused(format!("没有“{name}”这个优先项；可用：{}", known.join("、")));
            }
            if !(0.0..=PRIORITY_WEIGHT_MAX).contains(weight) {
                return refused(format!("“{name}”的权重应在 0 到 {PRIORITY_WEIGHT_MAX} 之间"));
            }
        }
        Ok(())
    }
}

/// 附加分: a named part of a score that does not come from the texts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Extra {
    pub kind: ReasonKind,
    pub name: &'static str,
    pub label: &'static str,
    /// Whether anything is known of it.
    pub known: bool,
    /// A whole number of steps.
    pub value: f64,
    /// Place of the document that earned it, among those of the ranking.
    pub document: Option<usize>,
}

impl Extra {
    /// As a reason beside those of the texts.
    pub fn reason(&self) -> Reason {
        let name = self.label.into();
        Reason { kind: self.kind, name, name_idx: usize::MAX, field: "", value: self.value }
    }
}

/// What to add for one need, whatever the lab.
#[derive(Clone)]
pub(super) struct Extras {
    pub wish: Wish,
    pub today: CivilDate,
    weights: FitWeights,
    policy: BTreeMap<String, f64>,
    tables: Arc<Tables>,
}

/// A lab on its way into the answer, with what is added to its texts' score.
pub(super) type WithExtras<'a> = (&'a RankedLab, &'a LabEntry, Vec<Extra>);

impl Engine {
    /// What to add for a need with these wishes.
    pub(super) fn extras(&self, wish: Wish, preferences: &Preferences) -> Extras {
        Extras {
            wish,
            today: preferences.today.unwrap_or_else(|| Timestamp::now().day_in_china()),
            weights: FitWeights::default(),
            policy: preferences.policy.clone(),
            tables: self.tables.clone(),
        }
    }
}

impl Extras {
    /// All that the extras of a lab depend on beside the lab.
    pub fn described(&self) -> String {
        format!("{:?} {} {:?} {:?}", self.wish, self.today, self.weights, self.policy)
    }

    /// The same for another need.
    pub fn with(&self, wish: Wish) -> Self {
        Self { wish, ..self.clone() }
    }

    /// The labs by what texts and extras together have earned, larger first, ties by row. Every
    /// document of a lab counts, not only those that its text score is the sum of: so another
    /// one never takes away what the fit has found.
    ///
    /// Linear in the number of documents times that of their labs.
    pub fn ordered<'a>(
        &self,
        viewer: Viewer,
        directory: &Directory,
        labs: impl Iterator<Item = (&'a RankedLab, &'a LabEntry)>,
        documents: &[Candidate],
        good_score: f64,
    ) -> Vec<WithExtras<'a>> {
        let mut of_labs: HashMap<i64, Vec<usize>> = HashMap::new();
        for (idx, document) in documents.iter().enumerate() {
            for lab in document.labs.iter().filter(|_| document.score > Score::default()) {
                of_labs.entry(*lab).or_default().push(idx);
            }
        }
        let fit = Fit::new(&self.wish, &self.weights, self.today, good_score);
        let mut ordered: Vec<(f64, WithExtras<'a>)> = labs
            .map(|(ranked, lab)| {
                let own = of_labs.get(&ranked.lab).map_or(&[][..], Vec::as_slice);
                // A lab that stands for a single document names it, whoever made it.
                let own = if own.is_empty() { &ranked.documents } else { own };
                let own =
                    own.iter().map(|idx| (*idx, documents[*idx].score, documents[*idx].facts));
                let own: Vec<(usize, Score, Facts)> = own.collect();
                let mut extras = self.fit(&fit, lab, ranked.score, &own);
                extras.extend(self.policy(&fit, viewer, directory, lab, ranked.score));
                let total = ranked.score + extras.iter().map(|extra| extra.value).sum::<f64>();
                (total, (ranked, lab, extras))
            })
            .collect();
        ordered.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.0.lab.cmp(&b.1.0.lab)));
        ordered.into_iter().map(|(_, lab)| lab).collect()
    }

    fn fit(
        &self,
        fit: &Fit<'_>,
        lab: &LabEntry,
        text_score: f64,
        documents: &[(usize, Score, Facts)],
    ) -> Vec<Extra> {
        // A lab may name among its areas the industries that it works for.
        let named = |area: &Area| self.tables.industries.resolve(&area.name);
        let offer = Offer {
            areas: lab.areas.clone(),
            industries: lab.areas.iter().filter_map(named).filter(|i| i.code.is_some()).collect(),
            expires_on: lab.expires_on,
        };
        let parts = fit.of_lab(&offer, text_score, documents);
        let extra = |part: FitScore| Extra {
            kind: ReasonKind::Fit,
            name: part.part.as_str(),
            label: part.part.label(),
            known: part.degree.is_some(),
            value: part.value,
            document: part.document,
        };
        parts.into_iter().map(extra).collect()
    }

    fn policy(
        &self,
        fit: &Fit<'_>,
        viewer: Viewer,
        directory: &Directory,
        lab: &LabEntry,
        text_score: f64,
    ) -> Vec<Extra> {
        let stands_on = |name: &str| {
            let mut institutions = directory.institutions_of(viewer, lab).peekable();
            institutions.peek()?;
            Some(institutions.any(|i| i.classes.iter().any(|class| class.as_str() == name)))
        };
        let named = priorities().map(|(name, label)| Priority {
            name,
            label,
            // No record ties a lab to a park yet.
            applies: if name == OWN_PARK { None } else { stands_on(name) },
            weight: self.policy.get(name).copied().unwrap_or_default(),
        });
        named
            .map(|priority| Extra {
                kind: ReasonKind::Policy,
                name: priority.name,
                label: priority.label,
                known: priority.applies.is_some(),
                value: fit.of_priority(&priority, text_score),
                document: None,
            })
            .collect()
    }
}
