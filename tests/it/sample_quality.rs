//! The sample as a whole: what its authors regard as good answers is found.

use std::collections::HashMap;

use duijie::engine::{CoverageRequest, Filters, MatchQuestion, MatchRequest, Preferences, Viewer};
use duijie::matching::CellLevel;
use duijie::text::Verdict;

use crate::support::sample_engine;

/// Labs by need, best first, as the authors of the sample judged them when they wrote it.
fn answers() -> Vec<(String, Vec<String>)> {
    include_str!("../../data/sample/answers.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .map(|line| {
            let (need, labs) = line.split_once('\t').expect("two cells");
            let labs = labs.split(';').filter(|l| !l.is_empty()).map(str::to_owned).collect();
            (need.to_owned(), labs)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_lab_is_first_for_most_needs_of_the_sample() {
    let engine = sample_engine().await;
    let mut ranks: HashMap<String, Option<usize>> = HashMap::new();
    for (need, labs) in answers().into_iter().filter(|(_, labs)| !labs.is_empty()) {
        let request = MatchRequest {
            question: MatchQuestion::Need(need.clone()),
            limit: 10,
            filters: Filters::default(),
            preferences: Preferences::default(),
        };
        let answer = engine.match_labs(Viewer::Local, request).await.unwrap();
        let rank = answer.matches.iter().position(|m| labs.contains(&m.lab.external_id));
        assert!(!answer.no_good_match || rank.is_none(), "{need} is answered but called hopeless");
        ranks.insert(need, rank);
    }
    let first = ranks.values().filter(|r| **r == Some(0)).count();
    let in_three = ranks.values().filter(|r| r.is_some_and(|r| r < 3)).count();
    assert_eq!(ranks.len(), 36);
    // 35 and 36 when this was written; a loss of more than a few is a loss of quality.
    assert!(first >= 32 && in_three >= 34, "{first} first, {in_three} in three: {ranks:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_offered_for_needs_that_nobody_answers() {
    let engine = sample_engine().await;
    for (need, _) in answers().into_iter().filter(|(_, labs)| labs.is_empty()) {
        let request = MatchRequest {
            question: MatchQuestion::Need(need.clone()),
            limit: 10,
            filters: Filters::default(),
            preferences: Preferences::default(),
        };
        let answer = engine.match_labs(Viewer::Local, request).await.unwrap();
        assert!(answer.no_good_match, "{need}: {:?}", answer.matches.first());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_lab_leads_the_team_for_most_needs_of_the_sample() {
    let engine = sample_engine().await;
    let (mut led, mut needs, mut covered, mut met) = (0, 0, 0, 0);
    for (need, labs) in answers().into_iter().filter(|(_, labs)| !labs.is_empty()) {
        let request = CoverageRequest {
            question: MatchQuestion::Need(need.clone()),
            points: None,
            limit: 10,
            team_size: 3,
            filters: Filters::default(),
        };
        let answer = engine.coverage(Viewer::Local, request).await.unwrap();
        needs += 1;
        // A need in everyday words may have a single point, which no lab covers: it counts as not led.
        let Some(lead) = answer.team.members.first() else { continue };
        let right = labs.contains(&answer.labs[lead.lab].lab.external_id);
        led += usize::from(right);
        let cells = || answer.labs[lead.lab].cells.iter();
        covered += usize::from(cells().any(|cell| cell.level == CellLevel::Covered));
        met += cells()
            .filter(|cell| cell.comparison.is_some_and(|c| c.verdict == Verdict::Satisfied))
            .count();
    }
    // As many as when this was written. Without the points that are not sure it is 27, 19 and 1.
    assert!(led >= 31 && covered >= 23 && met >= 3, "{led} {covered} {met} of {needs}");
}
