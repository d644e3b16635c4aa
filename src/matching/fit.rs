//! Structured fit: what need and lab say of themselves beside their texts.
//!
//! Every part is a degree from 0 to 1 times its weight times what the texts have earned, up to
//! a [good score](super::Potential::good_score). So a lab is never lifted by its form alone,
//! parts are never negative, and all of them together are at most a tenth of what the texts
//! earned. What is not known counts 0, never a guess: nobody is worse off for telling. Of a
//! lab's evidence the best counts for each part, weighed by how well it answers the need, so
//! that another achievement never lowers a part.
//!
//! The weights have not been learned: there are no judgements of these parts. They are chosen
//! small enough to break ties and near-ties and nothing else.
//!
//! What a policy is, and which labs it favours, is left to the caller ([`Priority`]).

use crate::index::{Facts, Score};
use crate::model::{Area, CivilDate, Industry, Maturity, ModeSet, Need};

/// 契合项: one thing that a need asks for, or that any need is better off with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FitPart {
    /// 领域: the nearest of the need's and the lab's areas in the tree of areas.
    Area,
    /// 行业: the same in the tree of industries, if the lab names one among its areas.
    Industry,
    /// 成熟度: 1 if as mature as wanted, a third less for each level that is missing.
    Maturity,
    /// 合作方式: the share of the wanted modes that an achievement is offered in.
    Modes,
    /// 成果新近: halves with every [`FitWeights::half_life_months`].
    Freshness,
    /// 档案有效: the lab's profile is not to be renewed yet.
    Expiry,
    /// 期限: the profile holds until the need is to be solved.
    Period,
    /// 预算: named where the need has one. No record says what a lab's work costs, so nothing
    /// is compared and it is always unknown.
    Budget,
}

impl FitPart {
    /// All parts, in the order in which they are told.
    pub const ALL: [Self; 8] = [
        Self::Area,
        Self::Industry,
        Self::Maturity,
        Self::Modes,
        Self::Freshness,
        Self::Expiry,
        Self::Period,
        Self::Budget,
    ];

    /// The stable English name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::Industry => "industry",
            Self::Maturity => "maturity",
            Self::Modes => "modes",
            Self::Freshness => "freshness",
            Self::Expiry => "expiry",
            Self::Period => "period",
            Self::Budget => "budget",
        }
    }

    /// The Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Area => "领域",
            Self::Industry => "行业",
            Self::Maturity => "成熟度",
            Self::Modes => "合作方式",
            Self::Freshness => "成果新近",
            Self::Expiry => "档案有效",
            Self::Period => "期限",
            Self::Budget => "预算",
        }
    }
}

/// 契合权重: the share of a good score that each part is worth at most. Data; not learned.
#[derive(Debug, Clone, PartialEq)]
pub struct FitWeights {
    /// Of [`FitPart::Area`].
    pub area: f64,
    /// Of [`FitPart::Industry`].
    pub industry: f64,
    /// Of [`FitPart::Maturity`].
    pub maturity: f64,
    /// Of [`FitPart::Modes`].
    pub modes: f64,
    /// Of [`FitPart::Freshness`].
    pub freshness: f64,
    /// Of [`FitPart::Expiry`].
    pub expiry: f64,
    /// Of [`FitPart::Period`].
    pub period: f64,
    /// Months in which evidence loses half of its freshness; positive.
    pub half_life_months: f64,
}

impl Default for FitWeights {
    /// Together 0.1; five years for half of the freshness.
    fn default() -> Self {
        Self {
            area: 0.03,
            industry: 0.01,
            maturity: 0.02,
            modes: 0.015,
            freshness: 0.015,
            expiry: 0.005,
            period: 0.005,
            half_life_months: 60.0,
        }
    }
}

impl FitWeights {
    /// What a part is worth at most, as a share of a good score.
    pub fn of(&self, part: FitPart) -> f64 {
        match part {
            FitPart::Area => self.area,
            FitPart::Industry => self.industry,
            FitPart::Maturity => self.maturity,
            FitPart::Modes => self.modes,
            FitPart::Freshness => self.freshness,
            FitPart::Expiry => self.expiry,
            FitPart::Period => self.period,
            FitPart::Budget => 0.0,
        }
    }
}

/// 需求要素: what a need asks for beside its text. A bare text asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Areas it falls into.
    pub areas: Vec<Area>,
    /// Industry it arises in.
    pub industry: Option<Industry>,
    /// Least maturity wanted.
    pub maturity: Option<Maturity>,
    /// Modes wanted, as far as they are known ones.
    pub modes: ModeSet,
    /// To be solved by this date.
    pub deadline: Option<CivilDate>,
    /// Whether money is set aside for it.
    pub has_budget: bool,
}

impl From<&Need> for Wish {
    fn from(need: &Need) -> Self {
        Self {
            areas: need.areas.clone(),
            industry: need.industry.clone(),
            maturity: need.maturity_wanted,
            modes: need.modes.iter().collect(),
            deadline: need.deadline,
            has_budget: need.budget.is_some(),
        }
    }
}

/// 实验室要素: what a lab says of itself beside its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// Its areas.
    pub areas: Vec<Area>,
    /// Industries that it names among its areas.
    pub industries: Vec<Industry>,
    /// Its profile is to be renewed by this date.
    pub expires_on: Option<CivilDate>,
}

/// A part with what it adds to a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitScore {
    /// The part.
    pub part: FitPart,
    /// How well it fits, 0-1, weighed by how well the evidence answers the need; `None` if the
    /// lab's side of it is not known.
    pub degree: Option<f64>,
    /// What it adds: a whole number of [steps](Score::STEP), so that sums are exact.
    pub value: f64,
    /// Place, in the list given, of the document that earned it.
    pub document: Option<usize>,
}

/// 优先项: a policy that somebody else names, with what it adds to a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Priority {
    /// The stable English name.
    pub name: &'static str,
    /// The Chinese name.
    pub label: &'static str,
    /// Whether it favours the lab; `None` if that is not known, which counts as no.
    pub applies: Option<bool>,
    /// Share of what the texts earned, up to a good score, that it adds; not negative.
    pub weight: f64,
}

/// A need's wishes, ready to be held against labs.
#[derive(Debug, Clone, Copy)]
pub struct Fit<'a> {
    wish: &'a Wish,
    weights: &'a FitWeights,
    today: CivilDate,
    good_score: f64,
}

impl<'a> Fit<'a> {
    /// For a need whose texts earn a good lab `good_score`. What is fresh and what has expired
    /// is seen from `today`.
    pub fn new(wish: &'a Wish, weights: &'a FitWeights, today: CivilDate, good_score: f64) -> Self {
        Self { wish, weights, today, good_score }
    }

    /// What the need asks for, and what any need is better off with, in the order of the parts;
    /// named even where it adds nothing. `text_score` is what the lab's texts have earned,
    /// `documents` is its evidence: places of the caller's, scores and facts.
    ///
    /// Linear in the number of documents and in the product of both numbers of areas.
    pub fn of_lab(
        &self,
        offer: &Offer,
        text_score: f64,
        documents: &[(usize, Score, Facts)],
    ) -> Vec<FitScore> {
        let asked = FitPart::ALL.into_iter().filter(|part| self.is_asked(*part));
        asked
            .map(|part| {
                let of_lab = self
                    .of_offer(part, offer)
                    .map(|degree| (degree * self.relevance(text_score), None));
                let of_documents = documents.iter().filter_map(|(idx, score, facts)| {
                    let degree = self.of_facts(part, *facts)?;
                    Some((degree * self.relevance(score.value()), Some(*idx)))
                });
                let best = of_lab.into_iter().chain(of_documents);
                // The first of equals.
                let best = best.reduce(|best, next| if next.0 > best.0 { next } else { best });
                let degree = best.map(|(degree, _)| degree);
                let value = self.step(self.weights.of(part) * degree.unwrap_or_default());
                let document = best.and_then(|(_, idx)| idx).filter(|_| value > 0.0);
                FitScore { part, degree, value, document }
            })
            .collect()
    }

    /// What a policy adds to a lab whose texts have earned `text_score`.
    pub fn of_priority(&self, priority: &Priority, text_score: f64) -> f64 {
        let applies = priority.applies.unwrap_or_default();
        let weight = if applies { priority.weight } else { 0.0 };
        self.step(weight * self.relevance(text_score))
    }

    /// How far texts that have earned `score` answer the need, 0-1.
    fn relevance(&self, score: f64) -> f64 {
        if self.good_score > 0.0 { (score / self.good_score).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// A share of a good score in whole steps, rounded down so that no sum of parts is more
    /// than what they are a share of.
    fn step(&self, share: f64) -> f64 {
        let steps = 1.0 / Score::STEP.value();
        (share * self.good_score * steps).floor() / steps
    }

    fn is_asked(&self, part: FitPart) -> bool {
        let wish = self.wish;
        match part {
            FitPart::Area => !wish.areas.is_empty(),
            FitPart::Industry => wish.industry.is_some(),
            FitPart::Maturity => wish.maturity.is_some(),
            FitPart::Modes => !wish.modes.is_empty(),
            FitPart::Freshness | FitPart::Expiry => true,
            FitPart::Period => wish.deadline.is_some(),
            FitPart::Budget => wish.has_budget,
        }
    }

    /// How well a lab's own word fits; `None` if it says nothing.
    fn of_offer(&self, part: FitPart, offer: &Offer) -> Option<f64> {
        let holds = |until: CivilDate| {
            offer.expires_on.map(|end| f64::from(u8::from(end.last_day() >= until.last_day())))
        };
        match part {
            FitPart::Area => nearest(&self.wish.areas, &offer.areas, Area::nearness),
            FitPart::Industry => {
                nearest(self.wish.industry.as_slice(), &offer.industries, Industry::nearness)
            }
            FitPart::Expiry => holds(self.today),
            FitPart::Period => holds(self.wish.deadline?),
            FitPart::Maturity | FitPart::Modes | FitPart::Freshness | FitPart::Budget => None,
        }
    }

    /// How well a piece of evidence fits; `None` if it says nothing.
    fn of_facts(&self, part: FitPart, facts: Facts) -> Option<f64> {
        match part {
            FitPart::Maturity => {
                let missing = self.wish.maturity?.get().saturating_sub(facts.maturity?.get());
                let left = LEVELS_SHORT_MAX.saturating_sub(missing);
                Some(f64::from(left) / f64::from(LEVELS_SHORT_MAX))
            }
            FitPart::Modes => (!facts.modes.is_empty()).then(|| {
                let common = self.wish.modes.common(facts.modes).len();
                f64::from(common) / f64::from(self.wish.modes.len())
            }),
            FitPart::Freshness => {
                let age = Facts::month_of(self.today).saturating_sub(facts.month?);
                Some((-f64::from(age) / self.weights.half_life_months).exp2())
            }
            _ => None,
        }
    }
}

/// So many levels below what is wanted a maturity is worth nothing.
const LEVELS_SHORT_MAX: u8 = 3;

/// The nearness of the nearest two; `None` if there are none.
fn nearest<T>(wanted: &[T], offered: &[T], nearness: impl Fn(&T, &T) -> f64) -> Option<f64> {
    let pairs = wanted.iter().flat_map(|w| offered.iter().map(move |o| (w, o)));
    pairs.map(|(w, o)| nearness(w, o)).max_by(f64::total_cmp)
}
