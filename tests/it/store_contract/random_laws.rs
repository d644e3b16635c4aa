//! What holds for any legal record.

use duijie::model::{Body, Provenance, Visibility};
use duijie::store::Outcome;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::bodies::{self, References};
use super::world::{World, create, draft, enterprise, get, institution, lab};

pub async fn any_legal_body_is_read_back_as_it_was_written(world: &mut impl World) {
    let store = world.store();
    let mut references = References::default();
    for n in 0..3 {
        let key = format!("known{n}");
        references.institutions.push(create(store, &key, institution("甲大学")).await);
        references.labs.push(create(store, &key, lab("甲实验室", &[])).await);
        references.enterprises.push(create(store, &key, enterprise("甲公司", "")).await);
    }
    let bodies = bodies::one_of_each_kind(&references);
    let visibility = prop::sample::select(Visibility::ALL);
    let case = (bodies, visibility, bodies::text(), prop::option::of(bodies::date()));
    // Cases are tried on one store after another: later ones are updates of the first.
    let round_trip = async |(bodies, visibility, owner, as_of): &(Vec<Body>, _, String, _)| {
        let drafts: Vec<_> = bodies
            .iter()
            .map(|body| {
                let mut draft = draft("random", body.clone());
                draft.owner.clone_from(owner);
                draft.visibility = *visibility;
                draft.provenance = Provenance { source_url: String::new(), as_of: *as_of };
                draft
            })
            .collect();
        let outcomes = store.put(&drafts, "tester").await.unwrap();
        for (draft, (id, _)) in drafts.iter().zip(&outcomes) {
            let record = get(store, draft.body.kind(), *id).await.record;
            prop_assert_eq!(&record.body, &draft.body);
            prop_assert_eq!(&record.meta.owner, &draft.owner);
            prop_assert_eq!(record.meta.visibility, draft.visibility);
            prop_assert_eq!(&record.meta.provenance, &draft.provenance);
        }
        let again = store.put(&drafts, "tester").await.unwrap();
        prop_assert!(again.iter().all(|(_, outcome)| *outcome == Outcome::Unchanged));
        Ok::<(), TestCaseError>(())
    };
    let config = Config { cases: 256, failure_persistence: None, ..Config::default() };
    let runtime = tokio::runtime::Handle::current();
    tokio::task::block_in_place(|| {
        TestRunner::new(config).run(&case, |case| runtime.block_on(round_trip(&case))).unwrap();
    });
}
