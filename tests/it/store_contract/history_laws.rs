//! What the feed and the old revisions promise.

use duijie::model::{Body, Kind, Record};
use duijie::store::{Change, Outcome};

use super::world::{World, create, draft, enterprise, get, institution, need, put};

/// The record as its history has it: without the contact.
fn without_contact(mut record: Record) -> Record {
    match &mut record.body {
        Body::Lab(body) => body.contact.clear(),
        Body::Enterprise(body) => body.contact.clear(),
        _ => {}
    }
    record
}

pub async fn every_revision_stays_readable(world: &mut impl World) {
    let store = world.store();
    let mut seen = Vec::new();
    for title in ["一", "二", "三"] {
        let (id, _) = put(store, draft("n1", need(title, None))).await;
        seen.push(get(store, Kind::Need, id).await.record);
    }
    let id = seen[0].meta.id;
    store.delete(Kind::Need, id, None, "remover").await.unwrap();
    seen.push(get(store, Kind::Need, id).await.record);
    put(store, draft("n1", need("四", None))).await;
    seen.push(get(store, Kind::Need, id).await.record);
    for (n, record) in seen.iter().enumerate() {
        let revision = n as u64 + 1;
        assert_eq!(record.meta.revision, revision);
        let old = store.revision(Kind::Need, id, revision).await.unwrap();
        assert_eq!(old.as_ref(), Some(record));
    }
    for (kind, revision) in
        [(Kind::Need, 0), (Kind::Need, 6), (Kind::Need, u64::MAX), (Kind::Lab, 1)]
    {
        assert_eq!(store.revision(kind, id, revision).await.unwrap(), None);
    }
}

pub async fn the_feed_has_one_entry_per_change_in_order(world: &mut impl World) {
    let store = world.store();
    let start = store.position().await.unwrap();
    assert_eq!(start.seq, 0);
    let firm = create(store, "e1", enterprise("甲公司", "张三")).await;
    let batch = [
        draft("e1", enterprise("甲公司", "李四")),
        draft("n1", need("一", Some(firm))),
        draft("n1", need("一", Some(firm))),
        draft("e1", enterprise("甲公司", "李四")),
    ];
    let need_id = store.put(&batch, "tester").await.unwrap()[1].0;
    store.delete(Kind::Need, need_id, None, "tester").await.unwrap();
    put(store, draft("n1", need("一", Some(firm)))).await;
    assert_eq!(put(store, draft("n1", need("一", Some(firm)))).await.1, Outcome::Unchanged);

    let feed = store.changes(0, 100).await.unwrap();
    let told: Vec<_> = feed.iter().map(|entry| (entry.kind, entry.id, entry.revision)).collect();
    let want = [
        (Kind::Enterprise, firm, 1),
        (Kind::Enterprise, firm, 2),
        (Kind::Need, need_id, 1),
        (Kind::Need, need_id, 2),
        (Kind::Need, need_id, 3),
    ];
    assert_eq!(told, want);
    assert!(feed.is_sorted_by(|a, b| a.seq < b.seq));
    let end = store.position().await.unwrap();
    assert_eq!((end.epoch, end.seq), (start.epoch, feed[4].seq));

    // Each entry leads to a revision, the last of a record to the record as it is.
    for entry in &feed {
        let old = store.revision(entry.kind, entry.id, entry.revision).await.unwrap().unwrap();
        assert_eq!((old.meta.id, old.meta.revision), (entry.id, entry.revision));
        let now = get(store, entry.kind, entry.id).await;
        assert_eq!(entry.row, now.row);
        if now.record.meta.revision == entry.revision {
            assert_eq!(old, without_contact(now.record));
        }
    }
}

pub async fn the_feed_is_read_in_pages(world: &mut impl World) {
    let store = world.store();
    for n in 0..7 {
        create(store, &format!("n{n}"), need("一", None)).await;
    }
    let all = store.changes(0, 100).await.unwrap();
    let mut pages: Vec<Change> = Vec::new();
    let mut seq = 0;
    loop {
        let page = store.changes(seq, 3).await.unwrap();
        assert!(page.len() <= 3);
        let Some(last) = page.last() else { break };
        seq = last.seq;
        pages.extend(page);
    }
    assert_eq!(pages, all);
    assert_eq!(store.changes(0, 0).await.unwrap(), []);
    assert_eq!(store.changes(i64::MAX, 10).await.unwrap(), []);
}

pub async fn a_contact_is_kept_but_not_in_the_history(world: &mut impl World) {
    let store = world.store();
    let id = create(store, "e1", enterprise("甲公司", "张三 13800000000")).await;
    for contact in ["李四", ""] {
        assert_eq!(
            put(store, draft("e1", enterprise("甲公司", contact))).await,
            (id, Outcome::Updated)
        );
        let now = get(store, Kind::Enterprise, id).await.record;
        assert_eq!(now.body, enterprise("甲公司", contact));
    }
    for revision in 1..=3 {
        let old = store.revision(Kind::Enterprise, id, revision).await.unwrap().unwrap();
        assert_eq!(old.body, enterprise("甲公司", ""));
    }
}

pub async fn a_new_store_has_another_epoch<W: World>(world: &mut W) {
    let other = W::create().await;
    let (own, others) =
        (world.store().position().await.unwrap(), other.store().position().await.unwrap());
    assert_ne!(own.epoch, others.epoch);
    assert!(own.epoch > 0 && others.epoch > 0);
    create(world.store(), "i1", institution("甲大学")).await;
    assert_eq!(world.store().position().await.unwrap().epoch, own.epoch);
}
