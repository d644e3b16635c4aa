//! What is wrong with a case by itself, place by place: names that are nobody's, dates that
//! contradict each other, more of something than there may be. What rules say is not asked here.
//! `reading` checks files by itself: it passes over bad rows, groups and sorts the rest, and tells
//! near names and earlier lines; mapping places back to rows would be more than the checks are.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::case::{Batch, Case, Commissioner, HostInstitution, Posting};
use super::change::Change;
use super::reading::{BATCHES_MAX, COMMISSIONERS_MAX, INSTITUTIONS_MAX, ROWS_MAX};
use crate::model::NAME_CHARS_MAX;

/// Pairs of a commissioner and an institution in a case at most: each of them is weighed.
pub const CASE_PAIRS_MAX: usize = 1_000_000;
/// Changes in one list at most.
pub const CHANGES_MAX: usize = 1_000;
/// Faults that are told; a case with so many is not looked at any further.
pub const CASE_FAULTS_MAX: usize = 20;

/// 案例错误: something wrong at one place of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFault {
    /// Where, such as `case.commissioners[3].batches`.
    pub place: String,
    /// What is wrong, one Chinese clause.
    pub found: String,
    /// What would be right, one Chinese clause.
    pub expected: String,
}

impl fmt::Display for CaseFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}：{}；应为：{}", self.place, self.found, self.expected)
    }
}

impl Case {
    /// Everything that is wrong with the case, in the order of its parts, [`CASE_FAULTS_MAX`] at
    /// most. Lists may stand in any order, so that places are those of whoever wrote them.
    pub fn faults(&self) -> Vec<CaseFault> {
        let mut faults = Told::default();
        faults.name("case.name", &self.name);
        faults.sizes(self);
        // Of lists that are too long the entries are not looked at.
        if !faults.0.is_empty() {
            return faults.0;
        }
        faults.batches(&self.batches);
        let known = Known::of(self);
        for (idx, own) in self.commissioners.iter().enumerate() {
            let place = format!("case.commissioners[{idx}]");
            faults.commissioner(&place, own);
            faults.known_batches(&format!("{place}.batches"), &own.batches, &known);
        }
        for (idx, own) in self.institutions.iter().enumerate() {
            faults.institution(&format!("case.institutions[{idx}]"), own);
        }
        faults.unique("case.commissioners", ".id", self.commissioners.iter().map(|own| &own.id));
        faults.unique("case.institutions", ".id", self.institutions.iter().map(|own| &own.id));
        faults.ties(self, &known);
        faults.postings("case.forced", &self.forced, &known, false);
        faults.postings("case.published", &self.published, &known, true);
        for (idx, (commissioner, institution)) in self.forbidden.iter().enumerate() {
            faults.pair(&format!("case.forbidden[{idx}]"), (commissioner, institution), &known);
        }
        for (idx, id) in self.required.iter().enumerate() {
            faults.known_institution(format!("case.required[{idx}]"), id, &known);
        }
        faults.0
    }

    /// The case with its lists in their order: batches by date, everything else by name.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.batches.sort_by_key(|own| own.start.begins_in_china());
        self.commissioners.sort_by(|a, b| a.id.cmp(&b.id));
        self.institutions.sort_by(|a, b| a.id.cmp(&b.id));
        self.ties.sort_by(|a, b| a.institution.cmp(&b.institution));
        for tie in &mut self.ties {
            tie.evidence.sort_by(|a, b| (a.date, a.kind, &a.text).cmp(&(b.date, b.kind, &b.text)));
        }
        self.forced.sort();
        self.published.sort();
        self.required.sort();
        self.required.dedup();
        self.forbidden.sort();
        self.forbidden.dedup();
        for own in &mut self.institutions {
            own.classes.sort();
            own.classes.dedup();
        }
        self
    }
}

/// What is wrong with changes by themselves; whether a case can take them is asked when they are
/// made. `place` stands before the places.
pub fn change_faults(place: &str, changes: &[Change]) -> Vec<CaseFault> {
    let mut faults = Told::default();
    if changes.len() > CHANGES_MAX {
        faults.add(
            place.to_owned(),
            format!("有{}项", changes.len()),
            format!("至多{CHANGES_MAX}项"),
        );
        return faults.0;
    }
    for (idx, change) in changes.iter().enumerate() {
        match change {
            Change::AddCommissioner(own) => {
                faults.commissioner(&format!("{place}[{idx}].commissioner"), own);
            }
            Change::AddInstitution(own) => {
                faults.institution(&format!("{place}[{idx}].institution"), own);
            }
            _ => {}
        }
    }
    faults.0
}

/// The names that there are, and where batches stand by date.
struct Known<'c> {
    batches: HashMap<&'c str, usize>,
    commissioners: HashSet<&'c str>,
    institutions: HashSet<&'c str>,
}

impl<'c> Known<'c> {
    fn of(case: &'c Case) -> Self {
        let mut batches: Vec<&Batch> = case.batches.iter().collect();
        batches.sort_by_key(|own| own.start.begins_in_china());
        Self {
            batches: batches.iter().zip(0..).map(|(own, idx)| (own.id.as_str(), idx)).collect(),
            commissioners: case.commissioners.iter().map(|own| own.id.as_str()).collect(),
            institutions: case.institutions.iter().map(|own| own.id.as_str()).collect(),
        }
    }
}

#[derive(Default)]
struct Told(Vec<CaseFault>);

impl Told {
    fn add(&mut self, place: String, found: String, expected: impl Into<String>) {
        if self.0.len() < CASE_FAULTS_MAX {
            self.0.push(CaseFault { place, found, expected: expected.into() });
        }
    }

    /// A name as records take it.
    fn name(&mut self, place: &str, name: &str) {
        let expected = || format!("1 到 {NAME_CHARS_MAX} 个字，首尾没有空格，没有控制字符");
        if name.trim().is_empty() {
            self.add(place.to_owned(), "没有填写".to_owned(), expected());
        } else if name.trim() != name
            || name.chars().any(char::is_control)
            || name.chars().count() > NAME_CHARS_MAX
        {
            self.add(place.to_owned(), "不能用作名称".to_owned(), expected());
        }
    }

    fn sizes(&mut self, case: &Case) {
        let pairs = case.commissioners.len().saturating_mul(case.institutions.len());
        for (list, count, least, most) in [
            ("batches", case.batches.len(), 1, BATCHES_MAX),
            ("commissioners", case.commissioners.len(), 1, COMMISSIONERS_MAX),
            ("institutions", case.institutions.len(), 1, INSTITUTIONS_MAX),
            ("ties", case.ties.len(), 0, ROWS_MAX),
            ("forced", case.forced.len(), 0, ROWS_MAX),
            ("published", case.published.len(), 0, ROWS_MAX),
            ("forbidden", case.forbidden.len(), 0, ROWS_MAX),
            ("required", case.required.len(), 0, ROWS_MAX),
        ] {
            if !(least..=most).contains(&count) {
                let expected = format!("{least} 到 {most} 项");
                self.add(format!("case.{list}"), format!("有 {count} 项"), expected);
            }
        }
        if pairs > CASE_PAIRS_MAX {
            let found = format!("专员与院校共 {pairs} 对");
            let expected = format!("至多 {CASE_PAIRS_MAX} 对，请按区或按类别拆成几个案例");
            self.add("case.institutions".to_owned(), found, expected);
        }
    }

    fn unique<'n>(&mut self, list: &str, key: &str, names: impl IntoIterator<Item = &'n String>) {
        let mut first: HashMap<&str, usize> = HashMap::new();
        for (idx, name) in names.into_iter().enumerate() {
            if let Some(earlier) = first.insert(name, idx) {
                let found = format!("“{name}”与 {list}[{earlier}] 重复");
                self.add(format!("{list}[{idx}]{key}"), found, "每个编号只用一次");
            }
        }
    }

    fn batches(&mut self, batches: &[Batch]) {
        for (idx, own) in batches.iter().enumerate() {
            self.name(&format!("case.batches[{idx}].id"), &own.id);
            self.name(&format!("case.batches[{idx}].name"), &own.name);
            if own.end.last_day() < own.start.last_day()
                || own.end.ends_in_china() <= own.start.begins_in_china()
            {
                let found = format!("{}早于开始日期 {}", own.end, own.start);
                self.add(format!("case.batches[{idx}].end"), found, "不早于开始日期");
            }
        }
        self.unique("case.batches", ".id", batches.iter().map(|own| &own.id));
        let mut by_date: Vec<(usize, &Batch)> = batches.iter().enumerate().collect();
        by_date.sort_by_key(|(_, own)| own.start.begins_in_china());
        for pair in by_date.windows(2) {
            let [(_, earlier), (idx, later)] = pair else { continue };
            if later.start.begins_in_china() < earlier.end.ends_in_china() {
                let found = format!(
                    "“{}”（{} 起）与“{}”（到 {}）重叠",
                    later.id, later.start, earlier.id, earlier.end
                );
                self.add(format!("case.batches[{idx}].start"), found, "各批次的日期不重叠");
            }
        }
    }

    fn commissioner(&mut self, place: &str, own: &Commissioner) {
        self.name(&format!("{place}.id"), &own.id);
        if own.district.is_none() && own.park.is_none() {
            let expected = "至少填一项；派出专员的区或园区";
            self.add(place.to_owned(), "district 与 park 都没有填写".to_owned(), expected);
        }
        for (key, name) in [("district", &own.district), ("park", &own.park)] {
            if let Some(name) = name {
                self.name(&format!("{place}.{key}"), name);
            }
        }
        self.unique(&format!("{place}.batches"), "", &own.batches);
    }

    fn institution(&mut self, place: &str, own: &HostInstitution) {
        self.name(&format!("{place}.id"), &own.id);
        self.unique(&format!("{place}.disciplines"), "", &own.disciplines);
        self.unique(&format!("{place}.key_labs"), "", &own.key_labs);
    }

    fn known_batches(&mut self, place: &str, ids: &[String], known: &Known<'_>) {
        for (idx, id) in ids.iter().enumerate() {
            self.known_batch(format!("{place}[{idx}]"), id, known);
        }
    }

    fn known_batch(&mut self, place: String, id: &str, known: &Known<'_>) {
        if !known.batches.contains_key(id) {
            self.add(place, format!("没有批次“{id}”"), "case.batches 中的编号");
        }
    }

    fn known_institution(&mut self, place: String, id: &str, known: &Known<'_>) {
        if !known.institutions.contains(id) {
            self.add(place, format!("没有高校院所“{id}”"), "case.institutions 中的编号");
        }
    }

    fn pair(&mut self, place: &str, (who, host): (&str, &str), known: &Known<'_>) {
        if !known.commissioners.contains(who) {
            let found = format!("没有专员“{who}”");
            self.add(format!("{place}.commissioner"), found, "case.commissioners 中的编号");
        }
        self.known_institution(format!("{place}.institution"), host, known);
    }

    fn ties(&mut self, case: &Case, known: &Known<'_>) {
        for (idx, tie) in case.ties.iter().enumerate() {
            let place = format!("case.ties[{idx}]");
            self.known_institution(format!("{place}.institution"), &tie.institution, known);
            if tie.evidence.is_empty() {
                let expected = "至少一条依据（合作框架、人员往来或合作项目）";
                self.add(format!("{place}.evidence"), "没有依据".to_owned(), expected);
            }
        }
        self.unique("case.ties", ".institution", case.ties.iter().map(|own| &own.institution));
    }

    fn postings(&mut self, list: &str, postings: &[Posting], known: &Known<'_>, dated: bool) {
        let mut pairs = HashSet::new();
        let mut terms: HashMap<&str, &str> = HashMap::new();
        for (idx, own) in postings.iter().enumerate() {
            let place = format!("{list}[{idx}]");
            self.pair(&place, (&own.commissioner, &own.institution), known);
            if !pairs.insert((&own.commissioner, &own.institution)) {
                let found = format!("“{} → {}”重复", own.commissioner, own.institution);
                self.add(place.clone(), found, "同一派驻只写一次；续派写在 renewed");
            }
            if own.batch.is_empty() {
                if dated || !own.renewed.is_empty() {
                    let expected = "已发布的和续派的派驻要写明批次";
                    self.add(format!("{place}.batch"), "没有填写".to_owned(), expected);
                }
                continue;
            }
            self.known_batch(format!("{place}.batch"), &own.batch, known);
            self.known_batches(&format!("{place}.renewed"), &own.renewed, known);
            let order = |id: &str| known.batches.get(id).copied();
            if let Some(first) = order(&own.batch)
                && let Some(id) =
                    own.renewed.iter().find(|id| order(id).is_some_and(|at| at <= first))
            {
                let found = format!("“{id}”不晚于“{}”", own.batch);
                self.add(format!("{place}.renewed"), found, "首次派驻之后的批次");
            }
            if let Some(other) = terms.insert(&own.commissioner, &own.batch)
                && other != own.batch
            {
                let found = format!("“{}”又派于“{other}”", own.commissioner);
                self.add(format!("{place}.batch"), found, "一人只在一个批次；续派写在 renewed");
            }
        }
    }
}

#[cfg(test)]
#[path = "faults_tests.rs"]
mod tests;
