//! The inbox: who is told of what, once, with reasons, whatever breaks off in between.

mod story;
mod world;

use std::collections::BTreeSet;

use duijie::engine::{
    InboxRequest, InboxRules, MatchQuestion, MatchRequest, NeedsRequest, Subject, Viewer,
};
use duijie::matching::Band;

use world::World;

/// Whatever is found is told, so that there is much to compare.
const EVERYTHING: InboxRules =
    InboxRules { labs_of_need: 5, needs_of_document: 5, band: Band::Weak, flood: 1_000 };

/// Needs and labs of what the inbox of the machine says, by external id.
async fn pairs(world: &World) -> BTreeSet<(String, String, String)> {
    let request = InboxRequest { since: Some(0), per_day: 100, ..InboxRequest::default() };
    let answer = world.engine().inbox(Viewer::Local, request).await.unwrap();
    assert!(answer.days.iter().all(|day| day.more == 0), "all of it");
    let items = answer.days.iter().flat_map(|day| &day.groups).flat_map(|group| &group.items);
    let told = items.map(|item| {
        let need = item.need.record.clone().unwrap().1;
        let document = item.achievement.clone().map_or(String::new(), |(_, id, _)| id);
        (need, item.lab.external_id.clone(), document)
    });
    told.collect()
}

/// A flood is put off and met piece by piece; a start anew in between, or a second process at
/// the same time, changes nothing of what is told.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_does_not_depend_on_how_it_was_met() {
    let mut told = Vec::new();
    for way in 0..3 {
        let mut world = World::create().await;
        world.fill().await;
        let rules = InboxRules { flood: if way == 0 { 1_000 } else { 3 }, ..EVERYTHING };
        match way {
            0 => world.meet(rules).await,
            1 => {
                while world.engine().meet_changes(rules).await.unwrap() {
                    world.reopen().await;
                }
            }
            _ => {
                let other = world.other().await;
                let all = async |engine: &duijie::engine::Engine| {
                    while engine.meet_changes(rules).await.unwrap() {}
                };
                tokio::join!(all(world.engine()), all(&other));
                other.close().await;
            }
        }
        let status = world.engine().inbox_status().await.unwrap();
        assert_eq!((status.lag, status.backlog), (0, 0));
        told.push(pairs(&world).await);
    }
    assert!(!told[0].is_empty());
    assert_eq!(told[0], told[1], "started anew");
    assert_eq!(told[0], told[2], "two at once");
}

/// The notices of a need are the labs of its match, those of an achievement the needs of its own.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_is_what_asking_would_answer() {
    let world = World::create().await;
    world.fill().await;
    world.meet(EVERYTHING).await;
    let told = pairs(&world).await;
    let good = |band: Band| band <= EVERYTHING.band;
    let mut asked = BTreeSet::new();
    for need in world.needs() {
        let request = MatchRequest {
            question: MatchQuestion::Need(need.clone()),
            limit: EVERYTHING.labs_of_need,
            filters: Default::default(),
            preferences: Default::default(),
        };
        let answer = world.engine().match_labs(Viewer::Local, request).await.unwrap();
        let labs = answer.matches.into_iter().filter(|found| good(found.band));
        asked.extend(labs.map(|found| (need.clone(), found.lab.external_id)));
    }
    let subjects =
        world.achievements().into_iter().map(|(id, lab)| (Subject::Achievement(id), lab));
    for (subject, lab) in subjects {
        let request = NeedsRequest {
            subject,
            limit: EVERYTHING.needs_of_document,
            filters: Default::default(),
            preferences: Default::default(),
        };
        let answer = world.engine().match_needs(Viewer::Local, request).await.unwrap();
        let needs = answer.matches.into_iter().filter(|found| good(found.band));
        asked.extend(needs.map(|found| (found.need.record.unwrap().1, lab.clone())));
    }
    let profiles: BTreeSet<_> = told.iter().filter(|(.., document)| document.is_empty()).collect();
    let told: BTreeSet<_> = told.iter().map(|(need, lab, _)| (need.clone(), lab.clone())).collect();
    assert!(asked.is_subset(&told), "{asked:?}\n{told:?}");
    let beyond = told.difference(&asked);
    // What a lab's profile says by itself is not asked for above.
    for (need, lab) in beyond {
        assert!(profiles.iter().any(|(n, l, _)| (n, l) == (need, lab)), "{need} {lab}");
    }
}
