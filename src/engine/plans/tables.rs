//! The shipped tables that plans are measured with, read once.

use std::collections::HashMap;

use crate::data::{Data, DataError};
use crate::programmes::hundred::{Affinities, Affinity};

const PARKS: &str = "reference/parks.tsv";
const SCHEMES: &str = "reference/park_industries.tsv";
const AFFINITIES: &str = "programmes/industry_disciplines.tsv";

/// 测度用表
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct PlanTables {
    /// Which disciplines serve an industry.
    pub affinities: Affinities,
    /// Leading industries by park or district.
    industries: HashMap<String, Vec<String>>,
}

impl PlanTables {
    /// Reads the tables.
    ///
    /// # Errors
    /// If one is missing.
    pub fn load(data: &Data) -> Result<Self, DataError> {
        let [parks, schemes, affinities] = [PARKS, SCHEMES, AFFINITIES].map(|path| data.text(path));
        let (parks, schemes, affinities) = (parks?, schemes?, affinities?);
        let affinities = rows(&affinities, ["industry", "disciplines", "lab_words"]);
        let affinities = affinities.map(|[industry, disciplines, words]| {
            let own = Affinity { disciplines: weights(disciplines), lab_words: weights(words) };
            (industry.to_owned(), own)
        });
        Ok(Self {
            affinities: Affinities(affinities.collect()),
            industries: leading_industries(&parks, &schemes),
        })
    }

    /// Leading industries of a park; if none are known of it, those of its district.
    pub fn industries_of(&self, home: &str, district: Option<&str>) -> &[String] {
        let of = |name: &str| self.industries.get(name).filter(|own| !own.is_empty());
        of(home).or_else(|| of(district?)).map_or(&[], Vec::as_slice)
    }
}

/// Parks by every name they have, districts by the newest scheme that is known of them.
fn leading_industries(parks: &str, schemes: &str) -> HashMap<String, Vec<String>> {
    let mut industries: HashMap<String, Vec<String>> = HashMap::new();
    let mut newest: HashMap<&str, (&str, &str)> = HashMap::new();
    for [scope, scheme, year, _] in rows(schemes, ["scope", "scheme", "year", "industry"]) {
        let entry = newest.entry(scope).or_insert((year, scheme));
        *entry = (*entry).max((year, scheme));
    }
    for [scope, scheme, year, industry] in rows(schemes, ["scope", "scheme", "year", "industry"]) {
        if newest.get(scope) == Some(&(year, scheme)) {
            let own = industries.entry(scope.to_owned()).or_default();
            if !own.iter().any(|known| known == industry) {
                own.push(industry.to_owned());
            }
        }
    }
    for [name, aliases, listed] in rows(parks, ["name", "aliases", "leading_industries"]) {
        let listed: Vec<String> = split(listed).map(str::to_owned).collect();
        for name in [name].into_iter().chain(split(aliases)) {
            if !listed.is_empty() {
                industries.insert(name.to_owned(), listed.clone());
            }
        }
    }
    industries
}

/// Entries as `NAME=WEIGHT`.
fn weights(cell: &str) -> Vec<(String, u32)> {
    let entries = split(cell).filter_map(|entry| entry.split_once('='));
    entries.filter_map(|(name, weight)| Some((name.to_owned(), weight.parse().ok()?))).collect()
}

fn split(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', '；']).map(str::trim).filter(|entry| !entry.is_empty())
}

/// The named columns of a shipped table, line by line; lines that lack one are left out (the
/// tables' own tests see to it that there are none).
fn rows<'a, const N: usize>(
    text: &'a str,
    columns: [&str; N],
) -> impl Iterator<Item = [&'a str; N]> + use<'a, N> {
    let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').map(str::trim).collect();
    let places = columns.map(|name| header.iter().position(|cell| *cell == name));
    lines.filter_map(move |line| {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let mut row = [""; N];
        for (cell, place) in row.iter_mut().zip(places) {
            *cell = cells.get(place?).copied().unwrap_or_default();
        }
        Some(row)
    })
}
