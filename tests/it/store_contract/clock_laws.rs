//! What holds although the machine's clock jumps: an hour back, a year forward, and back again.

use duijie::model::{Kind, RecordId, Timestamp};

use super::world::{World, create, draft, get, need, put};

const HOUR_MS: i64 = 3_600_000;
const YEAR_MS: i64 = 365 * 24 * HOUR_MS;
/// Each is one jump from where the clock stood before.
const JUMPS_MS: [i64; 5] = [0, -HOUR_MS, YEAR_MS, -YEAR_MS, 2 * HOUR_MS];

pub async fn order_does_not_come_from_the_clock(world: &mut impl World) {
    let (mut ids, mut revisions) = (Vec::new(), Vec::new());
    for (n, jump) in JUMPS_MS.into_iter().enumerate() {
        world.move_clock(jump);
        for part in ["a", "b"] {
            ids.push(create(world.store(), &format!("n{n}{part}"), need(part, None)).await);
            let title = format!("{n}{part}");
            let (id, _) = put(world.store(), draft("same", need(&title, None))).await;
            revisions.push((id, title));
            // A new process knows of the ids only what is in the store.
            world.reopen().await;
        }
    }
    let store = world.store();
    let same = revisions[0].0;
    let feed = store.changes(0, 100).await.unwrap();
    let want: Vec<RecordId> = ids.iter().flat_map(|id| [*id, same]).collect();
    assert_eq!(feed.iter().map(|change| change.id).collect::<Vec<_>>(), want);
    for (revision, (id, title)) in (1..).zip(&revisions) {
        let old = store.revision(Kind::Need, *id, revision).await.unwrap().unwrap();
        assert_eq!(old.body.title(), title, "revision {revision}");
    }
    ids.insert(1, same);
    let listed = store.list(Kind::Need, None, 100).await.unwrap();
    assert_eq!(listed.iter().map(|stored| stored.record.meta.id).collect::<Vec<_>>(), ids);
}

pub async fn pages_lose_and_repeat_nothing_while_the_clock_jumps(world: &mut impl World) {
    let mut there = Vec::new();
    for n in 0..10 {
        there.push(create(world.store(), &format!("n{n}"), need("一", None)).await);
    }
    let mut jumps = JUMPS_MS.iter().enumerate();
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = world.store().list(Kind::Need, after, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.record.meta.id);
        seen.extend(page.iter().map(|stored| stored.record.meta.id));
        if let Some((n, jump)) = jumps.next() {
            world.move_clock(*jump);
            there.push(create(world.store(), &format!("later{n}"), need("二", None)).await);
        }
    }
    // Also what came in meanwhile: its id is behind every page that was read before.
    assert_eq!(seen, there);
}

pub async fn nothing_is_changed_before_it_was_created(world: &mut impl World) {
    world.move_clock(YEAR_MS);
    let id = create(world.store(), "n1", need("一", None)).await;
    world.move_clock(-YEAR_MS - HOUR_MS);
    let store = world.store();
    put(store, draft("n1", need("二", None))).await;
    let meta = get(store, Kind::Need, id).await.record.meta;
    assert!(meta.updated_at >= meta.created_at, "{meta:?}");
    store.delete(Kind::Need, id, None, "tester").await.unwrap();
    let meta = get(store, Kind::Need, id).await.record.meta;
    assert!(meta.updated_at >= meta.created_at, "{meta:?}");
    assert_eq!(meta.deleted_at, Some(meta.updated_at));
    // Others are told the time that it is.
    let other = create(store, "n2", need("一", None)).await;
    assert!(get(store, Kind::Need, other).await.record.meta.created_at < meta.created_at);
}

pub async fn the_last_change_tells_its_instant(world: &mut impl World) {
    assert_eq!(world.store().last_change().await.unwrap(), None);
    world.move_clock(YEAR_MS);
    create(world.store(), "n1", need("一", None)).await;
    let (seq, at) = world.store().last_change().await.unwrap().unwrap();
    assert_eq!(seq, world.store().position().await.unwrap().seq);
    assert!(at > Timestamp(Timestamp::now().0 + YEAR_MS / 2), "a clock that was ahead is seen");
    world.move_clock(-YEAR_MS);
    create(world.store(), "n2", need("一", None)).await;
    let (last_seq, at) = world.store().last_change().await.unwrap().unwrap();
    assert!(last_seq > seq && at <= Timestamp::now());
}
