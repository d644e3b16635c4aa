//! Leading industries of parks and districts, held against the disciplines of institutions: the
//! part of a fit that needs no need.

use std::collections::BTreeMap;

use super::case::HostInstitution;
use super::measured::{Part, PartKind};

/// All of a share, in basis points.
const WHOLE: u64 = 10_000;
/// The largest weight of a row.
const WEIGHT_MAX: u64 = 100;

/// What serves an industry, with weights of 1 to 100.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Affinity {
    /// Disciplines by name.
    pub disciplines: Vec<(String, u32)>,
    /// Words in the names of laboratories.
    pub lab_words: Vec<(String, u32)>,
}

/// Which disciplines and laboratories serve which industry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Affinities(pub BTreeMap<String, Affinity>);

/// How much of a fit there is to earn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndustryShares {
    /// For industries whose disciplines the institution has, in basis points.
    pub industry: u32,
    /// Of that, for what is only told by the name of a laboratory, in basis points.
    pub inferred: u32,
}

impl Affinities {
    /// What an institution earns with these industries: each industry by the discipline or the
    /// laboratory that serves it best, all industries alike.
    pub fn parts(
        &self,
        industries: &[String],
        institution: &HostInstitution,
        shares: IndustryShares,
    ) -> Vec<Part> {
        let count = industries.len().max(1) as u64;
        let parts = industries.iter().filter_map(|industry| {
            let affinity = self.0.get(industry)?;
            let listed = affinity.disciplines.iter().filter_map(|(discipline, weight)| {
                let has = institution.disciplines.contains(discipline);
                has.then_some((u64::from(*weight) * WHOLE, discipline))
            });
            let told = affinity.lab_words.iter().filter_map(|(word, weight)| {
                let lab = institution.key_labs.iter().find(|lab| lab.contains(word.as_str()))?;
                Some((u64::from(*weight) * u64::from(shares.inferred), lab))
            });
            // Of equal ones the first by name.
            let best = listed.chain(told).max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(a.1)));
            let (earned, by) = best?;
            let value = earned * u64::from(shares.industry) / (count * WHOLE * WEIGHT_MAX);
            let value = u32::try_from(value).unwrap_or(u32::MAX);
            Some(Part { kind: PartKind::Industry, name: format!("{industry} ↔ {by}"), value })
        });
        parts.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programmes::hundred::Sent;

    fn institution(disciplines: &[&str], key_labs: &[&str]) -> HostInstitution {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        HostInstitution {
            id: "某研究所".to_owned(),
            classes: Vec::new(),
            city: "某市".to_owned(),
            sent: Sent::Unknown,
            distance_km: None,
            disciplines: owned(disciplines),
            key_labs: owned(key_labs),
            richness: None,
        }
    }

    fn earned(institution: &HostInstitution) -> Vec<(String, u32)> {
        let listed = |rows: &[(&str, u32)]| {
            rows.iter().map(|(name, weight)| ((*name).to_owned(), *weight)).collect()
        };
        let affinity = |disciplines, words| Affinity {
            disciplines: listed(disciplines),
            lab_words: listed(words),
        };
        let affinities = Affinities(BTreeMap::from([
            (
                "新材料".to_owned(),
                affinity(&[("材料科学与工程", 100), ("化学", 50)], &[("材料", 80)]),
            ),
            ("人工智能".to_owned(), affinity(&[("计算机科学与技术", 100)], &[("计算机", 60)])),
        ]));
        let industries = ["新材料".to_owned(), "人工智能".to_owned()];
        let shares = IndustryShares { industry: 6_000, inferred: 5_000 };
        let parts = affinities.parts(&industries, institution, shares);
        parts.into_iter().map(|part| (part.name, part.value)).collect()
    }

    #[test]
    fn each_industry_counts_by_what_serves_it_best() {
        let both = earned(&institution(&["化学", "材料科学与工程"], &["材料疲劳实验室"]));
        assert_eq!(both, [("新材料 ↔ 材料科学与工程".to_owned(), 3_000)]);
        assert_eq!(earned(&institution(&["化学"], &[])), [("新材料 ↔ 化学".to_owned(), 1_500)]);
        assert!(earned(&institution(&["法学"], &["湖泊实验室"])).is_empty());
    }

    #[test]
    fn what_only_a_laboratory_tells_counts_less() {
        let told = earned(&institution(&[], &["计算机体系结构实验室"]));
        assert_eq!(told, [("人工智能 ↔ 计算机体系结构实验室".to_owned(), 900)]);
    }
}
