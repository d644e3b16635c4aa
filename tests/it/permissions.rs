//! No call on behalf of X returns what X may not see: random worlds, random callers, every
//! operation, and the matrix of roles written down a second time as the oracle.
//!
//! Every text of the world holds a mark of its own (`zq00017x`), and so is every id one. Whatever an
//! answer or an error holds is searched for marks. `DUIJIE_PERMISSION_CALLS` says how many calls are
//! made in all; 10,000 by default.

mod calls;
mod oracle;
mod world;

use std::collections::BTreeSet;

use calls::random_call;
use oracle::{Level, may_know};
use world::World;

const CALLS_DEFAULT: u64 = 10_000;
const WORLDS: u64 = 8;

fn calls() -> u64 {
    match std::env::var("DUIJIE_PERMISSION_CALLS") {
        Ok(text) => text.parse().expect("DUIJIE_PERMISSION_CALLS is a number"),
        Err(_) => CALLS_DEFAULT,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_comes_back_that_the_caller_may_not_see() {
    let (mut answers, mut told) = (0, 0);
    for seed in 0..WORLDS {
        let world = World::create(seed).await;
        let mut random = fastrand::Rng::with_seed(seed ^ 0xc0ffee);
        for _ in 0..calls() / WORLDS {
            let viewer = world.viewer(random.usize(..world.viewers()));
            let call = random_call(&world, &mut random);
            let said = call.make(&world, viewer).await;
            answers += u64::from(said.is_ok());
            let text = said.unwrap_or_else(|error| error);
            for mark in world.marks_in(&text) {
                // What was sent may come back.
                if call.names(mark) {
                    continue;
                }
                told += 1;
                assert!(
                    may_know(&world, viewer, mark),
                    "seed {seed}: {} was told {} by {call:?}: {text}",
                    world.describe(viewer),
                    world.mark(mark),
                );
            }
            call.check_found(&world, viewer, &text);
        }
    }
    // The law is not kept by saying nothing.
    assert!(answers > calls() / 2, "{answers} answers");
    assert!(told > 10 * calls(), "{told} marks told");
}

/// Of a record that is asked for by name exactly that comes back which its viewer may see.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_every_record_everybody_sees_exactly_what_the_matrix_says() {
    let world = World::create(77).await;
    let mut levels = BTreeSet::new();
    for viewer in (0..world.viewers()).map(|idx| world.viewer(idx)) {
        for (kind, id) in world.records() {
            let seen = world.engine.find_record(viewer, kind, &id.to_string()).await;
            assert_eq!(
                seen.is_ok(),
                oracle::sees(&world, viewer, id).0.is_some(),
                "{} and {kind:?} {id}",
                world.describe(viewer)
            );
            let seen = seen.map_or_else(
                |_| BTreeSet::new(),
                |record| world.marks_in(&format!("{:?}", record.body)).collect::<BTreeSet<_>>(),
            );
            let allowed = world.marks_of(id).filter(|mark| may_know(&world, viewer, *mark));
            let allowed: BTreeSet<usize> = allowed.collect();
            let own: BTreeSet<usize> = world.marks_of(id).filter(|m| seen.contains(m)).collect();
            assert_eq!(own, allowed, "{} and {kind:?} {id}", world.describe(viewer));
            levels.extend(allowed.iter().map(|mark| world.mark(*mark).level));
        }
    }
    assert_eq!(levels, [Level::Public, Level::Matched, Level::Full, Level::Contact].into());
}
