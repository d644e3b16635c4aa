//! How well each park fits each institution, and how rich each institution is: counted from the
//! case, the shipped tables and the store.
//!
//! What a plan says is read by people who may not read every need: parts name industries and
//! counts, never a need's words. Only public achievements count.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Measuring;
use super::open_needs::{is_in_area, newest_open};
use crate::engine::{
    Engine, EngineError, Filters, MatchQuestion, MatchRequest, Preferences, Viewer,
};
use crate::index::Facts;
use crate::matching::Band;
use crate::model::{AchievementKind, Body, CivilDate, Kind, RecordId, Timestamp, Visibility};
use crate::programmes::hundred::{
    Case, FIT_MAX, IndustryShares, Measure, Measured, Part, PartKind, RICHNESS_MAX,
};
use crate::programmes::rules::{Key, RuleBook};

/// Open needs of a home that are held against labs, the newest first.
const NEEDS_OF_HOME_MAX: usize = 30;
/// Labs that are looked at for each need.
const LABS_OF_NEED: usize = 100;
/// Achievements read at once.
const PAGE: usize = 2_000;
/// Parts of a measure that are kept, the largest.
const PARTS_MAX: usize = 6;
/// Richness is added up in thousandths, so that halving small weights loses little.
const THOUSANDTHS: u64 = 1_000;

impl Engine {
    /// Fit and richness of a case under a book of rules.
    ///
    /// Matches each home's newest needs once, and reads every achievement once.
    ///
    /// # Errors
    /// If index or store fail.
    pub(super) async fn measure_case(
        &self,
        case: &Case,
        book: &RuleBook,
        go_on: &(dyn Fn(Measuring) -> bool + Send + Sync),
    ) -> Result<Measured, EngineError> {
        let known = self.known_institutions(case);
        let needs = self.needs_part(case, book, &known, go_on).await?;
        let mut fit: BTreeMap<String, BTreeMap<String, Measure>> = BTreeMap::new();
        let shares = IndustryShares {
            industry: share(book, Key::FitIndustryShare),
            inferred: share(book, Key::FitInferredShare),
        };
        for commissioner in &case.commissioners {
            let home = commissioner.home();
            if fit.contains_key(home) {
                continue;
            }
            let tables = &self.plan_tables;
            let industries = tables.places.industries(home, commissioner.district.as_deref());
            let row = fit.entry(home.to_owned()).or_default();
            for institution in &case.institutions {
                let mut parts = tables.affinities.parts(industries, institution, shares);
                let known = needs.get(&(home.to_owned(), institution.id.clone()));
                parts.extend(known.cloned());
                // Of an institution of which nothing is known the fit is unknown, not zero.
                let told = !institution.disciplines.is_empty()
                    || !institution.key_labs.is_empty()
                    || known.is_some();
                if told {
                    row.insert(institution.id.clone(), kept(Measure::of(parts, FIT_MAX)));
                }
            }
        }
        let richness = self.richness(case, book, &known, go_on).await?;
        Ok(Measured { fit, richness })
    }

    /// The records of the case's institutions, by their ids.
    fn known_institutions(&self, case: &Case) -> HashMap<RecordId, String> {
        let directory = self.directory();
        let ids: BTreeSet<&str> = case.institutions.iter().map(|own| own.id.as_str()).collect();
        let known = directory.institutions().filter(|own| ids.contains(own.name.as_str()));
        known.map(|own| (own.id, own.name.clone())).collect()
    }

    /// What labs earn with the needs of each home's firms, by home and institution.
    async fn needs_part(
        &self,
        case: &Case,
        book: &RuleBook,
        known: &HashMap<RecordId, String>,
        go_on: &(dyn Fn(Measuring) -> bool + Send + Sync),
    ) -> Result<BTreeMap<(String, String), Part>, EngineError> {
        let mut parts = BTreeMap::new();
        if known.is_empty() {
            return Ok(parts);
        }
        let homes: BTreeSet<&str> = case.commissioners.iter().map(|own| own.home()).collect();
        let of_homes: Vec<_> = homes.iter().map(|home| (*home, self.open_needs_of(home))).collect();
        let total = of_homes.iter().map(|(_, needs)| needs.len()).sum();
        let (most, mut done) = (share(book, Key::FitNeedsShare), 0);
        for (home, needs) in of_homes {
            // Institutions with, for each need, the points of their best lab.
            let mut earned: BTreeMap<&str, (u64, usize)> = BTreeMap::new();
            let count = needs.len();
            for need in needs {
                for (institution, points) in self.points_of_need(need, known, book).await? {
                    let entry = earned.entry(institution).or_default();
                    entry.0 += points;
                    entry.1 += 1;
                }
                done += 1;
                told(go_on, Measuring { done, total })?;
            }
            for (institution, (points, fitting)) in earned {
                let value = points * u64::from(most) / (count as u64 * u64::from(FIT_MAX));
                let part = Part {
                    kind: PartKind::Needs,
                    name: format!("{count}项需求中{fitting}项有匹配的实验室"),
                    value: u32::try_from(value).unwrap_or(u32::MAX),
                };
                parts.insert((home.to_owned(), institution.to_owned()), part);
            }
        }
        Ok(parts)
    }

    /// Open needs of the firms in a park or district.
    fn open_needs_of(&self, home: &str) -> Vec<RecordId> {
        let directory = self.directory();
        let area = directory.places.named(home);
        let newest = newest_open(&directory, NEEDS_OF_HOME_MAX, |_, firm| {
            firm.park == home || area.is_some_and(|area| is_in_area(&directory, firm, area))
        });
        newest.into_iter().map(|(need, _)| need.id).collect()
    }

    /// The institutions that have a lab for a need, with the best lab's points of [`FIT_MAX`].
    async fn points_of_need<'a>(
        &self,
        need: RecordId,
        known: &'a HashMap<RecordId, String>,
        book: &RuleBook,
    ) -> Result<BTreeMap<&'a str, u64>, EngineError> {
        let request = MatchRequest {
            question: MatchQuestion::Need(need.to_string()),
            limit: LABS_OF_NEED,
            filters: Filters::default(),
            preferences: Preferences::default(),
        };
        let answer = self.match_labs(Viewer::Local, request).await?;
        let mut best: BTreeMap<&str, u64> = BTreeMap::new();
        for found in answer.matches {
            let points = match found.band {
                Band::Strong => FIT_MAX.into(),
                Band::Fair => book.parameter(Key::FitFairBand).unsigned_abs(),
                Band::Weak | Band::None => continue,
            };
            for id in &found.lab.institution_ids {
                if let Some(name) = known.get(id) {
                    let entry = best.entry(name).or_default();
                    *entry = points.max(*entry);
                }
            }
        }
        Ok(best)
    }

    /// 成果丰富度: public achievements by kind, halved with every half-life; key laboratories and
    /// disciplines of the case. What the case gives itself counts instead.
    async fn richness(
        &self,
        case: &Case,
        book: &RuleBook,
        known: &HashMap<RecordId, String>,
        go_on: &(dyn Fn(Measuring) -> bool + Send + Sync),
    ) -> Result<BTreeMap<String, Measure>, EngineError> {
        let counted = self.achievements_by_institution(book, known, go_on).await?;
        let measure = |own: &crate::programmes::hundred::HostInstitution| {
            if let Some(value) = own.richness {
                let name = "案例给出的数值".to_owned();
                return Measure::of(
                    vec![Part { kind: PartKind::Given, name, value }],
                    RICHNESS_MAX,
                );
            }
            let each = |kind, what: &str, count: usize, weight: Key| {
                let value = book.parameter(weight).unsigned_abs().saturating_mul(count as u64);
                let value = u32::try_from(value).unwrap_or(u32::MAX);
                Part { kind, name: format!("{what}{count}个"), value }
            };
            let mut parts = vec![
                each(PartKind::KeyLabs, "国家重点实验室", own.key_labs.len(), Key::RichKeyLab),
                each(
                    PartKind::Disciplines,
                    "双一流学科",
                    own.disciplines.len(),
                    Key::RichDiscipline,
                ),
            ];
            let achievements = counted.iter().filter(|((name, _), _)| *name == own.id);
            parts.extend(achievements.map(|((_, kind), (count, thousandths))| Part {
                kind: PartKind::Achievements,
                name: format!("{}{count}项", kind.label()),
                value: u32::try_from(thousandths / THOUSANDTHS).unwrap_or(u32::MAX),
            }));
            Measure::of(parts, RICHNESS_MAX)
        };
        Ok(case.institutions.iter().map(|own| (own.id.clone(), measure(own))).collect())
    }

    /// Public achievements of the case's institutions by kind: how many, and their weights in
    /// thousandths.
    async fn achievements_by_institution(
        &self,
        book: &RuleBook,
        known: &HashMap<RecordId, String>,
        go_on: &(dyn Fn(Measuring) -> bool + Send + Sync),
    ) -> Result<BTreeMap<(String, AchievementKind), (u64, u64)>, EngineError> {
        let mut counted: BTreeMap<(String, AchievementKind), (u64, u64)> = BTreeMap::new();
        if known.is_empty() {
            return Ok(counted);
        }
        let directory = self.directory();
        let today = Timestamp::now().day_in_china();
        let half_life = book.parameter(Key::RichHalfLifeYears).unsigned_abs();
        let total =
            usize::try_from(self.store.count(Kind::Achievement).await?).unwrap_or(usize::MAX);
        let (mut after, mut done) = (None, 0);
        loop {
            let page = self.store.list(Kind::Achievement, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.record.meta.id);
            done += page.len();
            for stored in &page {
                let Body::Achievement(body) = &stored.record.body else { continue };
                if stored.record.meta.visibility != Visibility::Public {
                    continue;
                }
                let labs = body.lab_ids.iter().filter_map(|id| directory.lab_of(*id));
                let of: BTreeSet<&String> = labs
                    .flat_map(|lab| &lab.institution_ids)
                    .filter_map(|id| known.get(id))
                    .collect();
                let weight = book.parameter(weight_of(body.kind)).unsigned_abs() * THOUSANDTHS;
                let weight = weight >> halvings(body.date, today, half_life).min(63);
                for name in of {
                    let entry = counted.entry((name.clone(), body.kind)).or_default();
                    entry.0 += 1;
                    entry.1 += weight;
                }
            }
            told(go_on, Measuring { done, total })?;
        }
        Ok(counted)
    }
}

/// Tells how far measuring has come.
///
/// # Errors
/// [`EngineError::Cancelled`] if it is to stop.
fn told(
    go_on: &(dyn Fn(Measuring) -> bool + Send + Sync),
    progress: Measuring,
) -> Result<(), EngineError> {
    if go_on(progress) { Ok(()) } else { Err(EngineError::Cancelled) }
}

/// Whole half-lives between a date and today; what has no date is as old as one.
fn halvings(date: Option<CivilDate>, today: CivilDate, half_life_years: u64) -> u64 {
    let Some(date) = date else { return 1 };
    let months = Facts::month_of(today).saturating_sub(Facts::month_of(date));
    u64::from(months) / (12 * half_life_years.max(1))
}

fn weight_of(kind: AchievementKind) -> Key {
    match kind {
        AchievementKind::Paper => Key::RichPaper,
        AchievementKind::Patent => Key::RichPatent,
        AchievementKind::Project => Key::RichProject,
        AchievementKind::Product => Key::RichProduct,
        AchievementKind::Software => Key::RichSoftware,
        AchievementKind::Standard => Key::RichStandard,
        AchievementKind::Instrument => Key::RichInstrument,
    }
}

fn share(book: &RuleBook, key: Key) -> u32 {
    u32::try_from(book.parameter(key)).unwrap_or(0)
}

/// The largest parts, the rest in one.
fn kept(mut measure: Measure) -> Measure {
    if measure.parts.len() > PARTS_MAX {
        let rest = measure.parts.split_off(PARTS_MAX - 1);
        let value = rest.iter().map(|part| part.value).sum();
        let name = format!("其他{}项", rest.len());
        measure.parts.push(Part { kind: rest[0].kind, name, value });
    }
    measure
}
