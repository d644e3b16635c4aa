//! Notices: written with how far the feed was met, once, as long as what they say is so.

use duijie::model::{Kind, Timestamp};
use duijie::store::{
    Audience, Followed, Met, NOTICES_KEPT_MS, NewNotice, Notice, NoticeReason, RowId, Store,
    StoreError,
};

use super::world::{World, achievement, create, get, lab, need};

/// Rows of a need, a lab and an achievement.
async fn rows(store: &dyn Store) -> [RowId; 3] {
    let lab_id = create(store, "l", lab("实验室", &[])).await;
    let need_id = create(store, "n", need("需求", None)).await;
    let achievement_id = create(store, "a", achievement("成果", &[lab_id])).await;
    [
        get(store, Kind::Need, need_id).await.row,
        get(store, Kind::Lab, lab_id).await.row,
        get(store, Kind::Achievement, achievement_id).await.row,
    ]
}

fn notice([need, lab, document]: [RowId; 3], revision: u64) -> NewNotice {
    NewNotice {
        need,
        need_revision: revision,
        lab,
        document,
        document_revision: 1,
        audience: Audience::Everybody,
        grade: 1,
        score: 7.25,
        share: 0.5,
        reasons: vec![NoticeReason {
            kind: "text".into(),
            name: "膜\"电极".into(),
            field: "title".into(),
            value: 3.5,
        }],
    }
}

fn at(seq: i64) -> Followed {
    Followed { seq, backlog: Vec::new() }
}

fn met(kind: Kind, row: RowId, revision: u64, notices: Vec<NewNotice>) -> Met {
    Met { kind, row, revision, gone: false, notices }
}

async fn all(store: &dyn Store) -> Vec<Notice> {
    store.notices(0, usize::MAX).await.unwrap()
}

pub async fn notices_are_written_with_how_far_the_feed_was_met(world: &mut impl World) {
    let rows = rows(world.store()).await;
    let store = world.store();
    assert_eq!(store.followed().await.unwrap(), at(0));
    let first = notice(rows, 1);
    let step = vec![met(Kind::Need, rows[0], 1, vec![first.clone()])];
    let to = Followed { seq: 3, backlog: vec![(0, 1), (2, 3)] };
    store.take_notices(&at(0), &to, step.clone()).await.unwrap();
    world.reopen().await;
    let store = world.store();
    assert_eq!(store.followed().await.unwrap(), to);
    let told = all(store).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].met_kind, Kind::Need);
    assert_eq!(told[0].what, NewNotice { reasons: vec![], ..first.clone() });
    let reasons = store.notice_reasons(&[told[0].id, 999]).await.unwrap();
    assert_eq!(reasons.into_values().collect::<Vec<_>>(), [first.reasons]);
    assert_eq!(store.last_notice().await.unwrap(), told[0].id);
    // Whoever was overtaken writes nothing.
    for from in [at(0), at(3)] {
        let late = store.take_notices(&from, &at(9), step.clone()).await;
        assert!(matches!(late, Err(StoreError::Overtaken)), "{late:?}");
    }
    assert_eq!((all(store).await, store.followed().await.unwrap()), (told, to));
}

pub async fn a_notice_lives_as_long_as_what_it_says(world: &mut impl World) {
    let rows = rows(world.store()).await;
    let [need, lab, document] = rows;
    let store = world.store();
    let take = async |from: i64, step: Vec<Met>| {
        store.take_notices(&at(from), &at(from + 1), step).await.unwrap();
        all(store).await
    };
    let told = take(0, vec![met(Kind::Need, need, 1, vec![notice(rows, 1)])]).await;
    // Met again, it is not told again.
    assert_eq!(take(1, vec![met(Kind::Need, need, 1, vec![notice(rows, 1)])]).await, told);
    assert_eq!(
        take(2, vec![met(Kind::Achievement, document, 1, vec![notice(rows, 1)])]).await,
        told
    );
    let renewed = take(3, vec![met(Kind::Need, need, 2, vec![notice(rows, 2)])]).await;
    assert_eq!(renewed.len(), 1);
    assert!(renewed[0].id > told[0].id);
    assert_eq!(take(4, vec![met(Kind::Achievement, document, 2, vec![])]).await, []);
    let own = notice([need, lab, lab], 2);
    assert_eq!(take(5, vec![met(Kind::Lab, lab, 1, vec![own])]).await.len(), 1);
    let gone = Met { gone: true, ..met(Kind::Lab, lab, 2, vec![]) };
    assert_eq!(take(6, vec![gone]).await, []);
    let last = take(7, vec![met(Kind::Need, need, 2, vec![notice(rows, 2)])]).await;
    assert!(last[0].id > renewed[0].id, "no number is used twice");
    let gone = Met { gone: true, ..met(Kind::Need, need, 2, vec![]) };
    assert_eq!(take(8, vec![gone]).await, []);
}

pub async fn old_notices_go(world: &mut impl World) {
    let rows = rows(world.store()).await;
    let step = vec![met(Kind::Need, rows[0], 1, vec![notice(rows, 1)])];
    world.store().take_notices(&at(0), &at(1), step).await.unwrap();
    let Timestamp(written) = all(world.store()).await[0].at;
    world.move_clock(NOTICES_KEPT_MS - 60_000);
    world.store().take_notices(&at(1), &at(2), vec![]).await.unwrap();
    assert_eq!(all(world.store()).await[0].at, Timestamp(written));
    world.move_clock(120_000);
    world.store().take_notices(&at(2), &at(3), vec![]).await.unwrap();
    assert_eq!(all(world.store()).await, []);
}

pub async fn what_was_seen_stays_seen(world: &mut impl World) {
    assert_eq!(world.store().seen_notice("a").await.unwrap(), 0);
    for (until, seen) in [(5, 5), (3, 5), (8, 8)] {
        world.store().see_notices("a", until).await.unwrap();
        world.reopen().await;
        assert_eq!(world.store().seen_notice("a").await.unwrap(), seen);
    }
    assert_eq!(world.store().seen_notice("b").await.unwrap(), 0);
}
